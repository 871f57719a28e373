use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crate::engine::Stop;
use crate::finding::{Finding, Label, Safety, Severity};
use crate::source::{LineIndex, Position, Span};

/// What a run has to say about one file.
#[derive(Debug, Default)]
pub struct FileReport {
    /// The file, as it is printed.
    pub path: Arc<str>,
    /// The content the findings' spans point into.
    pub bytes: Vec<u8>,
    /// What is wrong, sorted by place.
    pub findings: Vec<Finding>,
    /// The content after the fixes, where they change anything and were not written.
    pub fixed: Option<Vec<u8>>,
    /// The content before the fixes, where the file was written.
    pub before: Option<Vec<u8>>,
    /// How many fixes of each rule were applied.
    pub applied: BTreeMap<Arc<str>, usize>,
    /// Whether the file was written.
    pub written: bool,
    /// Why the fixes were given up, if they did not get along.
    pub stopped: Option<Stop>,
    /// How many findings were left out because the baseline knows them.
    pub known: usize,
    /// How many entries of the baseline no longer occur in the file.
    pub stale: usize,
    /// What the user should know besides: "a hard link was replaced".
    pub notes: Vec<String>,
    /// Why the file could not be read or written.
    pub error: Option<String>,
    /// Where the lines of `bytes` are, once somebody asks.
    pub lines: OnceCell<LineIndex>,
}

impl FileReport {
    /// A report that only says why the file could not be read.
    pub fn unreadable(path: Arc<str>, error: String) -> Self {
        Self {
            path,
            error: Some(error),
            ..Self::default()
        }
    }

    /// Where the lines of the content are.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.bytes))
    }

    /// The places of the first byte of `span` and of the first byte after it.
    pub fn positions(&self, span: Span) -> (Position, Position) {
        let lines = self.lines();
        (
            lines.position(&self.bytes, span.start),
            lines.position(&self.bytes, span.end),
        )
    }

    /// As [`positions`](Self::positions) for a label; `None` where it lies in another file that
    /// cannot be read any more.
    pub fn label_positions(&self, label: &Label) -> Option<(Position, Position)> {
        match &label.path {
            None => Some(self.positions(label.span)),
            Some(path) => {
                let bytes = std::fs::read(&**path).ok()?;
                let lines = LineIndex::new(&bytes);
                Some((
                    lines.position(&bytes, label.span.start),
                    lines.position(&bytes, label.span.end),
                ))
            }
        }
    }
}

/// How often a rule had something to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleCount {
    /// Its findings.
    pub findings: usize,
    /// Those with a safe fix.
    pub safe: usize,
    /// Those with an unsafe fix.
    pub unsafe_: usize,
}

/// The sums of a run.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Files that were looked at.
    pub files: usize,
    /// Files with at least one finding.
    pub files_with_findings: usize,
    /// Files that the fixes change, written or not.
    pub files_changed: usize,
    /// Files that could not be read or written.
    pub errors: usize,
    /// Findings by severity, as they are printed.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Findings by rule.
    pub by_rule: BTreeMap<Arc<str>, RuleCount>,
    /// Fixes that were applied, by rule.
    pub applied: BTreeMap<Arc<str>, usize>,
    /// Findings that were left out because the baseline knows them.
    pub known: usize,
    /// Entries of the baseline that no longer occur.
    pub stale: usize,
    /// Files that were not looked at because the user stopped the run.
    pub left: usize,
    /// Whether no file was looked at, because the configuration or the baseline cannot be used: what is
    /// reported is why.
    pub refused: bool,
}

impl Totals {
    /// Adds one file.
    pub fn add(&mut self, report: &FileReport) {
        self.files += 1;
        self.known += report.known;
        self.stale += report.stale;
        self.errors += usize::from(report.error.is_some());
        self.files_with_findings += usize::from(!report.findings.is_empty());
        self.files_changed += usize::from(report.fixed.is_some() || report.written);
        for finding in &report.findings {
            *self.by_severity.entry(finding.severity).or_default() += 1;
            let count = self.by_rule.entry(finding.rule.clone()).or_default();
            count.findings += 1;
            match finding.fix.as_ref().map(|fix| fix.safety) {
                Some(Safety::Safe) => count.safe += 1,
                Some(Safety::Unsafe) => count.unsafe_ += 1,
                None => {}
            }
        }
        for (rule, count) in &report.applied {
            *self.applied.entry(rule.clone()).or_default() += count;
        }
    }

    /// All findings.
    pub fn findings(&self) -> usize {
        self.by_severity.values().sum()
    }

    /// Findings of at least this weight.
    pub fn at_least(&self, severity: Severity) -> usize {
        self.by_severity.range(severity..).map(|(_, n)| n).sum()
    }

    /// Findings with a safe fix, and those with an unsafe one.
    pub fn fixable(&self) -> (usize, usize) {
        self.by_rule.values().fold((0, 0), |sums, count| {
            (sums.0 + count.safe, sums.1 + count.unsafe_)
        })
    }

    /// All fixes that were applied.
    pub fn fixes(&self) -> usize {
        self.applied.values().sum()
    }
}

/// Takes what a run has to say, file by file in the order of their paths.
pub trait Sink {
    /// One file; also those without a finding.
    ///
    /// # Errors
    /// The output cannot be written.
    fn file(&mut self, report: &FileReport) -> io::Result<()>;

    /// A file that is about to be written, with its fixed content; asked before the file is touched
    /// where [`Run::way_back`](super::Run::way_back) is set.
    ///
    /// # Errors
    /// What undoes the fixes cannot be kept, so that the file must stay as it is.
    fn before_write(&mut self, _report: &FileReport) -> io::Result<()> {
        Ok(())
    }

    /// The file of the last [`before_write`](Self::before_write) stayed as it was after all.
    ///
    /// # Errors
    /// What was kept for it cannot be taken out again.
    fn not_written(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The end of the run.
    ///
    /// # Errors
    /// The output cannot be written.
    fn finish(&mut self, totals: &Totals) -> io::Result<()>;
}
