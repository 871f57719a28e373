use std::io::{self, Write};

use super::checkout::Checkout;
use super::excerpt::printable;
use crate::finding::Severity;
use crate::workspace::{FileReport, Sink, Totals};

/// Workflow commands that GitHub Actions shows as annotations.
pub struct Github<W> {
    out: W,
    checkout: Checkout,
}

impl<W: Write> Github<W> {
    /// Writes to `out`; paths count from the top of `checkout`.
    pub fn new(out: W, checkout: Checkout) -> Self {
        Self { out, checkout }
    }
}

/// The runner reads one line and undoes these, and no others.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl<W: Write> Sink for Github<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let path = property(&self.checkout.path(&report.path));
        for finding in &report.findings {
            let (start, end) = report.positions(finding.span);
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            // The runner takes columns only where both lie in one line.
            let columns = if start.line == end.line {
                format!(",col={},endColumn={}", start.column, end.column)
            } else {
                String::new()
            };
            writeln!(
                self.out,
                "::{command} file={},line={},endLine={}{columns},title={}::{}",
                path,
                start.line,
                end.line,
                property(&format!("copydesk {}", finding.rule)),
                data(&format!(
                    "{}\n{}",
                    printable(&finding.message),
                    finding.help
                ))
            )?;
        }
        if let Some(error) = &report.error {
            let error = data(&printable(error));
            writeln!(self.out, "::error file={path},title=copydesk::{error}")?;
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
    fn what_the_runner_would_misread_is_escaped() {
        assert_eq!(data("50%\r\n标题: a, b"), "50%25%0D%0A标题: a, b");
        assert_eq!(property("文, 章: 1%.md"), "文%2C 章%3A 1%25.md");
    }
}
