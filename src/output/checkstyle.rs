use std::io::{self, Write};

use super::xml::Xml;
use crate::workspace::{FileReport, Sink, Totals};

/// Checkstyle's XML.
pub struct Checkstyle<W> {
    out: W,
    begun: bool,
}

impl<W: Write> Checkstyle<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            self.out.write_all(
                b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n",
            )?;
        }
        Ok(())
    }
}

impl<W: Write> Sink for Checkstyle<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        self.begin()?;
        if report.findings.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "  <file name=\"{}\">", Xml(&report.path))?;
        for finding in &report.findings {
            let (start, _) = report.positions(finding.span);
            writeln!(
                self.out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"copydesk.{}\"/>",
                start.line,
                start.column,
                finding.severity,
                Xml(&finding.message),
                Xml(&finding.rule)
            )?;
        }
        writeln!(self.out, "  </file>")
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.begin()?;
        self.out.write_all(b"</checkstyle>\n")?;
        self.out.flush()
    }
}
