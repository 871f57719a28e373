use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::{Finding, Fix, Label, Safety, Severity};
use crate::source::{Position, Span};
use crate::workspace::{FileReport, Sink, Totals};

/// One array of all findings.
pub struct Json<W> {
    out: W,
    any: bool,
}

/// One finding a line.
pub struct JsonLines<W> {
    out: W,
}

/// A finding as it is written for programs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Record<'a> {
    /// Id of the rule.
    rule: &'a str,
    /// Name of the rule's group.
    group: &'a str,
    /// Weight; `info` never fails a run.
    severity: Severity,
    /// What is wrong.
    message: &'a str,
    /// Why it matters.
    why: &'a str,
    /// What to do.
    help: &'a str,
    /// The file, with `/` on every system.
    path: &'a str,
    /// Where, in bytes of the file.
    span: Span,
    /// The place of the first byte.
    start: Place,
    /// The place of the first byte after it.
    end: Place,
    /// Further places.
    labels: Vec<LabelRecord<'a>>,
    /// The change that repairs it.
    fix: Option<FixRecord<'a>>,
    /// Why a fix that the rule has is not offered here.
    withheld: Option<&'a str>,
}

/// A place, both numbers from 1; columns in characters.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
struct Place {
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LabelRecord<'a> {
    /// Another file; absent where it is the finding's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    span: Span,
    start: Option<Place>,
    end: Option<Place>,
    message: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FixRecord<'a> {
    /// Whether `fix` applies it without `--unsafe`.
    safety: Safety,
    /// What it does.
    title: &'a str,
    /// Sorted by start; they do not overlap, and are taken together or not at all.
    edits: Vec<EditRecord<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct EditRecord<'a> {
    /// First byte that is replaced.
    start: usize,
    /// First byte after it.
    end: usize,
    /// What stands there afterwards.
    text: &'a str,
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        Self {
            line: position.line,
            column: position.column,
        }
    }
}

impl<'a> Record<'a> {
    /// `finding`, one of `report`.
    pub fn new(report: &'a FileReport, finding: &'a Finding) -> Self {
        let (start, end) = report.positions(finding.span);
        Self {
            rule: &finding.rule,
            group: &finding.group,
            severity: finding.severity,
            message: &finding.message,
            why: &finding.why,
            help: &finding.help,
            path: &report.path,
            span: finding.span,
            start: start.into(),
            end: end.into(),
            labels: finding.labels.iter().map(|it| label(report, it)).collect(),
            fix: finding.fix.as_ref().map(fix),
            withheld: finding.withheld.as_deref(),
        }
    }
}

fn label<'a>(report: &FileReport, label: &'a Label) -> LabelRecord<'a> {
    let places = report.label_positions(label);
    LabelRecord {
        path: label.path.as_deref(),
        span: label.span,
        start: places.map(|(start, _)| start.into()),
        end: places.map(|(_, end)| end.into()),
        message: &label.message,
    }
}

fn fix(fix: &Fix) -> FixRecord<'_> {
    FixRecord {
        safety: fix.safety,
        title: &fix.title,
        edits: fix
            .edits
            .iter()
            .map(|edit| EditRecord {
                start: edit.span.start,
                end: edit.span.end,
                text: &edit.text,
            })
            .collect(),
    }
}

impl<W: Write> Json<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, any: false }
    }
}

impl<W: Write> Sink for Json<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        for finding in &report.findings {
            self.out.write_all(if self.any { b",\n" } else { b"[\n" })?;
            self.any = true;
            serde_json::to_writer(&mut self.out, &Record::new(report, finding))?;
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.out
            .write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}

impl<W: Write> JsonLines<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Sink for JsonLines<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        for finding in &report.findings {
            serde_json::to_writer(&mut self.out, &Record::new(report, finding))?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}
