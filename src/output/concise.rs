use std::io::{self, Write};

use super::excerpt::printable;
use super::look::{Look, Paint};
use crate::workspace::{FileReport, Sink, Totals};

/// One line for each finding: `path:line:column: severity[rule] message`.
pub struct Concise<W> {
    out: W,
    look: Look,
}

impl<W: Write> Concise<W> {
    /// Writes to `out`.
    pub fn new(out: W, look: Look) -> Self {
        Self { out, look }
    }
}

impl<W: Write> Sink for Concise<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let look = self.look;
        for finding in &report.findings {
            let (start, _) = report.positions(finding.span);
            let place = format!(
                "{}:{}:{}",
                printable(&report.path),
                start.line,
                start.column
            );
            let name = format!("{}[{}]", finding.severity, finding.rule);
            // Painted after the lines are broken, so that colours take no room.
            let head = format!("{place}: {name} ");
            let line = look.line(&format!("{head}{}", printable(&finding.message)), "  ");
            let Some(rest) = line.strip_prefix(&head) else {
                writeln!(self.out, "{line}")?;
                continue;
            };
            writeln!(
                self.out,
                "{}: {} {rest}",
                look.paint(Paint::Strong, place),
                look.paint(Look::of_severity(finding.severity), name),
            )?;
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}
