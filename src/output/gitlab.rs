use std::io::{self, Write};

use serde_json::{Value, json};

use super::checkout::Checkout;
use crate::finding::Severity;
use crate::workspace::{FileReport, Sink, Totals, fingerprints};

/// GitLab's Code Quality report.
pub struct Gitlab<W> {
    out: W,
    checkout: Checkout,
    entries: Vec<Value>,
}

impl<W: Write> Gitlab<W> {
    /// Writes to `out`; paths count from the top of `checkout`.
    pub fn new(out: W, checkout: Checkout) -> Self {
        Self {
            out,
            checkout,
            entries: Vec::new(),
        }
    }
}

impl<W: Write> Sink for Gitlab<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let path = self.checkout.path(&report.path);
        for (finding, fingerprint) in report.findings.iter().zip(fingerprints(report, &path)) {
            let (start, end) = report.positions(finding.span);
            self.entries.push(json!({
                "description": finding.message,
                "check_name": &*finding.rule,
                "fingerprint": fingerprint,
                "severity": match finding.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                "location": {
                    "path": &*path,
                    "lines": {"begin": start.line, "end": end.line},
                },
            }));
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.out, &self.entries)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}
