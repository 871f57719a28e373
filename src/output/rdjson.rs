use std::io::{self, Write};

use serde_json::{Value, json};

use crate::finding::Severity;
use crate::source::Span;
use crate::workspace::{FileReport, Sink, Totals};

/// The Reviewdog Diagnostic Format, as one JSON object.
pub struct Rdjson<W> {
    out: W,
    diagnostics: Vec<Value>,
}

impl<W: Write> Rdjson<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            diagnostics: Vec::new(),
        }
    }
}

/// The format counts columns in bytes of UTF-8, from 1.
fn range(report: &FileReport, span: Span) -> Value {
    let place = |offset: usize| {
        let lines = report.lines();
        let line = lines.line_of(offset.min(report.bytes.len()));
        json!({"line": line + 1, "column": offset - lines.line(line).start.min(offset) + 1})
    };
    json!({"start": place(span.start), "end": place(span.end)})
}

impl<W: Write> Sink for Rdjson<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        for finding in &report.findings {
            let mut diagnostic = json!({
                "message": format!("{}\n{}", finding.message, finding.help),
                "location": {"path": &*report.path, "range": range(report, finding.span)},
                "severity": match finding.severity {
                    Severity::Error => "ERROR",
                    Severity::Warning => "WARNING",
                    Severity::Info => "INFO",
                },
                "code": {"value": &*finding.rule},
            });
            // Suggestions are taken one by one, so only a fix of one edit can be one.
            if let Some([edit]) = finding.fix.as_ref().map(|fix| fix.edits.as_slice()) {
                diagnostic["suggestions"] =
                    json!([{"range": range(report, edit.span), "text": edit.text}]);
            }
            self.diagnostics.push(diagnostic);
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        let log = json!({
            "source": {"name": "copydesk"},
            "diagnostics": std::mem::take(&mut self.diagnostics),
        });
        serde_json::to_writer_pretty(&mut self.out, &log)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}
