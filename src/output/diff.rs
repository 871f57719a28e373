use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use super::look::{Look, Paint};
use crate::workspace::{FileReport, Sink, Totals};

/// What the fixes change, as a unified diff that `git apply` and `patch -p1` take.
pub struct Diff<W> {
    out: W,
    look: Look,
    back: bool,
}

impl<W: Write> Diff<W> {
    /// Writes to `out`.
    pub fn new(out: W, look: Look) -> Self {
        Self {
            out,
            look,
            back: false,
        }
    }

    /// Writes to `out` what undoes the fixes that were applied.
    pub fn back(out: W) -> Self {
        Self {
            out,
            look: Look::plain(100),
            back: true,
        }
    }

    fn line(&mut self, sign: u8, line: &[u8]) -> io::Result<()> {
        let paint = match sign {
            b'+' => Some("32"),
            b'-' => Some("31"),
            _ => None,
        };
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        match paint.filter(|_| self.look.color) {
            Some(code) => {
                write!(self.out, "\u{1b}[{code}m")?;
                self.out.write_all(&[sign])?;
                self.out.write_all(text)?;
                self.out.write_all(b"\x1b[0m\n")?;
            }
            None => {
                self.out.write_all(&[sign])?;
                self.out.write_all(text)?;
                self.out.write_all(b"\n")?;
            }
        }
        if !line.ends_with(b"\n") {
            self.out.write_all(b"\\ No newline at end of file\n")?;
        }
        Ok(())
    }
}

/// A path as it stands after `---`: quoted as git quotes where it holds what would break the line.
fn header(prefix: &str, path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.contains(['"', '\\', '\n', '\t', '\r']) {
        format!("{:?}", format!("{prefix}/{path}"))
    } else {
        // A tab ends the name, which matters where the name holds blanks.
        let end = if path.contains(' ') { "\t" } else { "" };
        format!("{prefix}/{path}{end}")
    }
}

/// The lines that end with `\n`, as diffs know them; a lone `\r` ends none.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

impl<W: Write> Sink for Diff<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let other = if self.back {
            &report.before
        } else {
            &report.fixed
        };
        let Some(fixed) = other else {
            return Ok(());
        };
        let look = self.look;
        let (old, new) = (lines(&report.bytes), lines(fixed));
        writeln!(
            self.out,
            "{}",
            look.paint(Paint::Strong, format!("--- {}", header("a", &report.path)))
        )?;
        writeln!(
            self.out,
            "{}",
            look.paint(Paint::Strong, format!("+++ {}", header("b", &report.path)))
        )?;
        let diff = TextDiff::from_slices(&old, &new);
        for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
            writeln!(self.out, "{}", look.paint(Paint::Term, hunk.header()))?;
            for change in hunk.iter_changes() {
                let sign = match change.tag() {
                    ChangeTag::Equal => b' ',
                    ChangeTag::Delete => b'-',
                    ChangeTag::Insert => b'+',
                };
                self.line(sign, change.value())?;
            }
        }
        if self.back {
            // Whatever happens next, the way back from what was written is there.
            self.out.flush()?;
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_text_and_missing_line_ends_go_through() {
        let report = FileReport {
            path: "文 章/a.md".into(),
            bytes: b"one\r\n\xFF two\nthree".to_vec(),
            fixed: Some(b"one\r\n\xFF 2\nthree".to_vec()),
            ..FileReport::default()
        };
        let mut out = Vec::new();
        Diff::new(&mut out, Look::plain(80)).file(&report).unwrap();
        let expected = [
            "--- a/文 章/a.md\t\n+++ b/文 章/a.md\t\n@@ -1,3 +1,3 @@\n one\r\n".as_bytes(),
            b"-\xFF two\n+\xFF 2\n three\n\\ No newline at end of file\n",
        ]
        .concat();
        assert_eq!(
            String::from_utf8_lossy(&out),
            String::from_utf8_lossy(&expected)
        );
        assert_eq!(out, expected);
    }
}
