use std::io::{self, Write};

use similar::{ChangeTag, InlineChangeMode, InlineChangeOptions, TextDiff};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::excerpt::printable;
use super::look::{Look, Paint};
use crate::workspace::{FileReport, Sink, Totals};

/// What the fixes change, as a unified diff that `git apply` and `patch -p1` take.
pub struct Diff<W> {
    out: W,
    look: Look,
    /// Of the lines that go in the change at hand, what stands before their first difference.
    kept: Vec<String>,
}

impl<W: Write> Diff<W> {
    /// Writes to `out`.
    pub fn new(out: W, look: Look) -> Self {
        Self {
            out,
            look,
            kept: Vec::new(),
        }
    }

    fn line(&mut self, sign: u8, line: &[u8]) -> io::Result<()> {
        self.out.write_all(&[sign])?;
        self.out.write_all(line)?;
        if !line.ends_with(b"\n") {
            self.out.write_all(b"\n\\ No newline at end of file\n")?;
        }
        Ok(())
    }

    /// A line in colours, where what changed within it stands out. No program reads it, so what stays
    /// the same in a long line may be cut short.
    fn for_eyes(&mut self, tag: ChangeTag, parts: &[(bool, &[u8])]) -> io::Result<()> {
        let parts: Vec<(bool, String)> = parts
            .iter()
            .map(|(changed, bytes)| {
                let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
                let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
                (*changed, printable(&String::from_utf8_lossy(bytes)))
            })
            .collect();
        let (sign, start, end) = match tag {
            ChangeTag::Equal => (' ', "", ""),
            ChangeTag::Delete => ('-', "\u{1b}[31m", "\u{1b}[0m"),
            ChangeTag::Insert => ('+', "\u{1b}[32m", "\u{1b}[0m"),
        };
        let width: usize = parts.iter().map(|(_, text)| text.width()).sum();
        let fits = width < self.look.width;
        let marked = parts.iter().any(|(changed, _)| *changed);
        write!(self.out, "{start}{sign}")?;
        if tag == ChangeTag::Delete && marked {
            let kept = parts.iter().take_while(|(changed, _)| !changed);
            self.kept
                .push(kept.map(|(_, text)| text.as_str()).collect());
        }
        if !fits && !marked {
            let whole: String = parts.iter().map(|(_, text)| text.as_str()).collect();
            let room = self.look.width.saturating_sub(2);
            // Where something was taken out of a line, what is left is shown around that place.
            let kept = self.kept.iter().filter(|_| tag == ChangeTag::Insert);
            let kept = kept.filter_map(|kept| Some((kept, whole.strip_prefix(kept.as_str())?)));
            let (head, rest) = match kept.max_by_key(|(kept, _)| kept.len()) {
                Some((kept, rest)) => (cut(kept, 0, *AROUND.end()), rest),
                None => (String::new(), whole.as_str()),
            };
            let room = room.saturating_sub(head.width());
            return writeln!(self.out, "{head}{}{end}", cut(rest, room, 0));
        }
        let around = around(&parts, self.look.width.saturating_sub(1));
        for (number, (changed, text)) in parts.iter().enumerate() {
            if *changed {
                write!(self.out, "\u{1b}[7m{text}\u{1b}[27m")?;
            } else if fits {
                self.out.write_all(text.as_bytes())?;
            } else {
                let head = if number > 0 { around } else { 0 };
                let tail = if number + 1 < parts.len() { around } else { 0 };
                self.out.write_all(cut(text, head, tail).as_bytes())?;
            }
        }
        writeln!(self.out, "{end}")
    }
}

/// So many columns of what stays the same are shown at least and at most beside what changes.
const AROUND: std::ops::RangeInclusive<usize> = 8..=24;

/// How many columns of what stays the same are shown beside what changes, so that the line fits into
/// `room` columns if it can. What changes is shown whole.
fn around(parts: &[(bool, String)], room: usize) -> usize {
    let width = |around: usize| -> usize {
        let last = parts.len().saturating_sub(1);
        let parts = parts.iter().enumerate().map(|(number, (changed, text))| {
            let sides = usize::from(number > 0) + usize::from(number < last);
            let whole = text.width();
            match changed {
                true => whole,
                // The mark of what is left out takes a column.
                false => whole.min(sides * around + 1),
            }
        });
        parts.sum()
    };
    let (least, most) = (*AROUND.start(), *AROUND.end());
    (least..=most)
        .rev()
        .find(|around| width(*around) <= room)
        .unwrap_or(least)
}

/// The first `head` and the last `tail` columns of `text`.
fn cut(text: &str, head: usize, tail: usize) -> String {
    if text.width() <= head + tail + 1 {
        return text.to_owned();
    }
    let taken = |chars: &mut dyn Iterator<Item = char>, room: usize| -> Vec<char> {
        let mut used = 0;
        chars
            .take_while(|c| {
                used += c.width().unwrap_or(0);
                used <= room
            })
            .collect()
    };
    let start: String = taken(&mut text.chars(), head).into_iter().collect();
    let end: String = taken(&mut text.chars().rev(), tail)
        .into_iter()
        .rev()
        .collect();
    format!("{start}…{end}")
}

/// A path as it stands after `---`: quoted as git quotes where it holds what would break the line.
fn header(prefix: &str, path: &str) -> String {
    let path = path.trim_start_matches('/');
    let breaks = |c: char| matches!(c, '"' | '\\') || c.is_ascii_control();
    if !path.contains(breaks) {
        // A tab ends the name, which matters where the name holds blanks.
        let end = if path.contains(' ') { "\t" } else { "" };
        return format!("{prefix}/{path}{end}");
    }
    let mut quoted = format!("\"{prefix}/");
    for c in path.chars() {
        match c {
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\{:03o}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The lines that end with `\n`, as diffs know them; a lone `\r` ends none.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

impl<W: Write> Sink for Diff<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let (old, new) = match (&report.before, &report.fixed) {
            (Some(before), _) => (before, &report.bytes),
            (None, Some(fixed)) => (&report.bytes, fixed),
            (None, None) => return Ok(()),
        };
        self.between(&report.path, old, new)
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W: Write> Diff<W> {
    /// What makes the content `new` of the file `path` out of `old`.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn between(&mut self, path: &str, old: &[u8], new: &[u8]) -> io::Result<()> {
        let look = self.look;
        let (old, new) = (lines(old), lines(new));
        writeln!(
            self.out,
            "{}",
            look.paint(Paint::Strong, format!("--- {}", header("a", path)))
        )?;
        writeln!(
            self.out,
            "{}",
            look.paint(Paint::Strong, format!("+++ {}", header("b", path)))
        )?;
        let diff = TextDiff::from_slices(&old, &new);
        for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
            writeln!(self.out, "{}", look.paint(Paint::Term, hunk.header()))?;
            if look.color {
                // By characters: text without blanks between its words would be one word.
                let mut options = InlineChangeOptions::new();
                options.mode(InlineChangeMode::Chars).semantic_cleanup(true);
                for op in hunk.ops() {
                    self.kept.clear();
                    for change in diff.iter_inline_changes_with_options(op, options) {
                        self.for_eyes(change.tag(), change.values())?;
                    }
                }
                continue;
            }
            for change in hunk.iter_changes() {
                let sign = match change.tag() {
                    ChangeTag::Equal => b' ',
                    ChangeTag::Delete => b'-',
                    ChangeTag::Insert => b'+',
                };
                self.line(sign, change.value())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_colours_a_long_line_shows_what_changes() {
        let long =
            |middle: &str| format!("{}{middle}{}\n", "前文，".repeat(200), "后文。".repeat(200));
        let report = FileReport {
            path: "a.md".into(),
            bytes: long("<p class=\"lazyload wide\">").into_bytes(),
            fixed: Some(long("<p class=\"wide\">").into_bytes()),
            ..FileReport::default()
        };
        let mut out = Vec::new();
        let look = Look {
            color: true,
            width: 80,
            screen: true,
        };
        Diff::new(&mut out, look).file(&report).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.len() < 1000, "{out}");
        assert!(
            out.contains("lazyload") && out.contains("\u{1b}[7m"),
            "{out}"
        );
        // The line that takes its place is shown where the other one differs.
        assert!(out.contains("前文，<p class=\"wide\">后文。"), "{out}");
        for line in anstream::adapter::strip_str(&out).to_string().lines() {
            assert!(line.width() <= 80, "{line}");
        }
        let mut plain = Vec::new();
        Diff::new(&mut plain, Look::plain(80))
            .file(&report)
            .unwrap();
        assert!(plain.len() > 2 * report.bytes.len(), "a patch is whole");
    }

    #[test]
    fn what_stays_gives_way_to_what_changes() {
        let same = |text: &str| (false, text.repeat(60));
        let changed = |text: &str| (true, text.repeat(10));
        let fits = |parts: &[(bool, String)], room| {
            let around = around(parts, room);
            assert!(AROUND.contains(&around));
            around
        };
        assert_eq!(fits(&[same("a"), changed("b"), same("文")], 78), 24);
        assert_eq!(fits(&[same("a"), changed("文文"), same("文")], 78), 18);
        assert_eq!(fits(&[same("a"), changed("文文文文"), same("文")], 78), 8);
        assert_eq!(
            fits(&[(false, "short".into()), changed("文文"), same("a")], 78),
            24
        );
    }

    #[test]
    fn names_are_quoted_as_git_quotes() {
        assert_eq!(header("a", "文 章.md"), "a/文 章.md\t");
        let name = "é\u{301}\u{1b}[1m\n\"q\"\\.md";
        assert_eq!(
            header("b", name),
            "\"b/é\u{301}\\033[1m\\n\\\"q\\\"\\\\.md\""
        );
    }

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(cut("abcdef", 2, 2), "ab…ef");
        assert_eq!(cut("中文中文中文", 5, 3), "中文…文");
        assert_eq!(cut("abc", 2, 2), "abc");
    }

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
