use std::io::{self, Write};

use super::xml::Xml;
use crate::finding::Severity;
use crate::workspace::{FileReport, Sink, Totals};

/// JUnit's XML: a suite for each file that was looked at, a failed case for each finding above
/// `info`, a passed one for a file without.
pub struct Junit<W> {
    out: W,
    suites: Vec<u8>,
    tests: usize,
    failures: usize,
    errors: usize,
}

impl<W: Write> Junit<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            suites: Vec::new(),
            tests: 0,
            failures: 0,
            errors: 0,
        }
    }
}

impl<W: Write> Sink for Junit<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let out = &mut self.suites;
        let failed = |severity| severity > Severity::Info;
        let failures = report
            .findings
            .iter()
            .filter(|it| failed(it.severity))
            .count();
        let errors = usize::from(report.error.is_some());
        let tests = report.findings.len().max(1);
        let path = Xml(&report.path);
        writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\" time=\"0\">"
        )?;
        for finding in &report.findings {
            let (start, _) = report.positions(finding.span);
            let name = format!("{} ({}:{})", finding.rule, start.line, start.column);
            write!(
                out,
                "    <testcase name=\"{}\" classname=\"{path}\" time=\"0\"",
                Xml(&name)
            )?;
            let text = format!(
                "{}:{}:{}: {}\n{}",
                report.path, start.line, start.column, finding.message, finding.help
            );
            if failed(finding.severity) {
                writeln!(
                    out,
                    ">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>",
                    finding.severity,
                    Xml(&finding.message),
                    Xml(&text)
                )?;
            } else {
                writeln!(
                    out,
                    ">\n      <system-out>{}</system-out>\n    </testcase>",
                    Xml(&text)
                )?;
            }
        }
        if report.findings.is_empty() {
            write!(
                out,
                "    <testcase name=\"copydesk\" classname=\"{path}\" time=\"0\""
            )?;
            match &report.error {
                Some(error) => writeln!(
                    out,
                    ">\n      <error type=\"unreadable\" message=\"{}\"/>\n    </testcase>",
                    Xml(error)
                )?,
                None => writeln!(out, "/>")?,
            }
        }
        writeln!(out, "  </testsuite>")?;
        self.tests += tests;
        self.failures += failures;
        self.errors += errors;
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        writeln!(
            self.out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"copydesk\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">",
            self.tests, self.failures, self.errors
        )?;
        self.out.write_all(&self.suites)?;
        writeln!(self.out, "</testsuites>")?;
        self.out.flush()
    }
}
