use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use super::baseline::{Baseline, Orphans};
use super::sink::{FileReport, Sink, Totals};
use super::walk::Input;
use super::write::{Change, write};
use crate::config::io_in_words;
use crate::document::Document;
use crate::engine::{self, Settings};
use crate::finding::{Finding, Safety};

/// What to do with each file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Report.
    Check,
    /// Report what fixes up to this safety leave, and give the fixed content; write nothing.
    Preview(Safety),
    /// Apply fixes up to this safety.
    Write {
        /// Which fixes.
        allowed: Safety,
        /// Whether to wait until each file is on the disk.
        durable: bool,
    },
    /// Write directives that hide what is found.
    Suppress,
}

/// One file with the settings that hold for it.
#[derive(Clone)]
pub struct Task {
    /// The file.
    pub input: Input,
    /// The rules.
    pub settings: Arc<Settings>,
}

/// A run over many files.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// What to do.
    pub mode: Mode,
    /// Threads; at least one is used.
    pub jobs: usize,
    /// Findings that are known and not to be told again.
    pub baseline: Option<&'a Baseline>,
    /// Set when the user wants the run to end after the files at hand.
    pub stop: Option<&'a AtomicBool>,
    /// Whether [`Mode::Check`] gives the content after the safe fixes too.
    pub with_fixes: bool,
    /// Whether [`Sink::before_write`] is asked before a file is written, file by file in the order of
    /// their paths.
    pub way_back: bool,
    /// What the directives of [`Mode::Suppress`] give as their reason; may be empty.
    pub reason: &'a str,
}

impl Run<'_> {
    /// Does the work and hands the reports to `sink` in the order of `tasks`, whatever the number
    /// of threads.
    ///
    /// # Errors
    /// The sink cannot write. Files that were written by then stay written.
    pub fn run(&self, tasks: &[Task], sink: &mut dyn Sink) -> io::Result<Totals> {
        let mut totals = Totals::default();
        let orphans = self.baseline.map(Baseline::orphans);
        // Whether files are gone is asked where folders are looked at, not for a file or two.
        let whole = tasks.iter().any(|task| !task.input.explicit);
        let gone = |orphans: &Option<Orphans<'_>>| match orphans {
            Some(orphans) if whole => orphans.left(),
            _ => 0,
        };
        if let [task] = tasks {
            // A hook runs the tool on single files again and again: no threads for that.
            let report = match self.way_back {
                true => self.after_asking(task, self.looked_at(task), orphans.as_ref(), sink)?,
                false => self.file(task, orphans.as_ref()),
            };
            totals.add(&report);
            totals.stale += gone(&orphans);
            sink.file(&report)?;
            sink.finish(&totals)?;
            return Ok(totals);
        }
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let (send, receive) = mpsc::channel();
        let result = std::thread::scope(|scope| {
            for _ in 0..self.jobs.clamp(1, tasks.len().max(1)) {
                let send = send.clone();
                let (next, stop, orphans) = (&next, &stop, orphans.as_ref());
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) && !self.is_stopped() {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some(task) = tasks.get(number) else { break };
                        let report = match self.way_back {
                            true => self.looked_at(task),
                            false => self.file(task, orphans),
                        };
                        if send.send((number, (task, report))).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            let result = in_order(receive, |(task, report)| {
                if self.way_back && self.is_stopped() {
                    // It counts as left.
                    return Ok(());
                }
                let report = match self.way_back {
                    true => self.after_asking(task, report, orphans.as_ref(), sink)?,
                    false => report,
                };
                totals.add(&report);
                sink.file(&report)
            });
            stop.store(true, Ordering::Relaxed);
            result
        });
        result?;
        totals.stale += gone(&orphans);
        totals.left = tasks.len() - totals.files.min(tasks.len());
        sink.finish(&totals)?;
        Ok(totals)
    }

    fn is_stopped(&self) -> bool {
        self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }

    /// Does the work on one file of the disk.
    fn file(&self, task: &Task, orphans: Option<&Orphans<'_>>) -> FileReport {
        let report = self.written(task, self.looked_at(task));
        self.known_left_out(task, report, orphans)
    }

    /// As [`file`](Self::file) for a file that was looked at, where `sink` has the first word.
    fn after_asking(
        &self,
        task: &Task,
        mut report: FileReport,
        orphans: Option<&Orphans<'_>>,
        sink: &mut dyn Sink,
    ) -> io::Result<FileReport> {
        if report.fixed.is_some() && task.input.path.to_str().is_none() {
            let reason = "not written: its name is not UTF-8, and a patch could not name it";
            self.as_it_was(task, &mut report, reason.to_owned());
        } else if report.fixed.is_some() {
            sink.before_write(&report)?;
            report = self.written(task, report);
            if !report.written {
                sink.not_written()?;
            }
        }
        Ok(self.known_left_out(task, report, orphans))
    }

    fn known_left_out(
        &self,
        task: &Task,
        mut report: FileReport,
        orphans: Option<&Orphans<'_>>,
    ) -> FileReport {
        if let Some((baseline, orphans)) = self.baseline.zip(orphans) {
            baseline.filter(&mut report, &task.input.path, &task.settings, orphans);
        }
        report
    }

    /// Looks at a file of the disk; where it is to be written, its report has the fixed content.
    fn looked_at(&self, task: &Task) -> FileReport {
        let path = task.input.shown.clone();
        let bytes = match std::fs::read(&task.input.path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("cannot be read: {}", io_in_words(&error));
                return FileReport::unreadable(path, message);
            }
        };
        self.content(path, bytes, &task.settings)
    }

    /// Writes a file that was looked at, where the mode writes and there is something to write.
    fn written(&self, task: &Task, mut report: FileReport) -> FileReport {
        let durable = match self.mode {
            Mode::Check | Mode::Preview(_) => return report,
            Mode::Write { durable, .. } => durable,
            Mode::Suppress => false,
        };
        let Some(new) = report.fixed.take() else {
            return report;
        };
        let written = write(Change {
            path: &task.input.path,
            root: &task.input.root,
            old: &report.bytes,
            new: &new,
            durable,
        });
        match written {
            Ok(written) => {
                report.written = true;
                let before = std::mem::take(&mut report.bytes);
                report.before = Some(before);
                report.set_bytes(new);
                if written.was_hard_link {
                    report.notes.push(
                        "the file had other hard links; they keep the old content".to_owned(),
                    );
                }
            }
            Err(error) => self.as_it_was(task, &mut report, error.to_string()),
        }
        report
    }

    /// Makes `report` one of a file that was not written, for this reason.
    fn as_it_was(&self, task: &Task, report: &mut FileReport, reason: String) {
        let document = Document::new(report.path.clone(), report.bytes.clone());
        report.findings = engine::lint(&document, &task.settings);
        report.fixed = None;
        report.applied = BTreeMap::new();
        report.error = Some(reason);
    }

    /// Does the work on content in memory. With a mode that fixes, the findings of the report are
    /// those that stay; where the mode writes they point into [`FileReport::fixed`] if there is one.
    pub fn content(&self, path: Arc<str>, bytes: Vec<u8>, settings: &Settings) -> FileReport {
        let document = Document::new(path.clone(), bytes);
        let done = catch_unwind(AssertUnwindSafe(|| self.document(&document, settings)));
        let mut report = done.unwrap_or_else(|_| {
            FileReport::unreadable(
                path,
                "Copydesk failed on this file, which is a bug; the file was left as it is"
                    .to_owned(),
            )
        });
        report.bytes = document.into_bytes();
        report
    }

    fn document(&self, document: &Document, settings: &Settings) -> FileReport {
        let mut report = FileReport {
            path: document.path().clone(),
            findings: engine::lint(document, settings),
            ..FileReport::default()
        };
        let (allowed, write) = match self.mode {
            Mode::Check => {
                let fixable = |finding: &Finding| finding.is_fixable(false);
                if self.with_fixes && report.findings.iter().any(fixable) {
                    let fixed = engine::fix(document, settings, Safety::Safe);
                    report.stopped = fixed.stopped;
                    report.fixed = (fixed.bytes != document.bytes()).then_some(fixed.bytes);
                }
                return report;
            }
            Mode::Preview(allowed) => (allowed, false),
            Mode::Write { allowed, .. } => (allowed, true),
            Mode::Suppress if report.findings.is_empty() => return report,
            Mode::Suppress => {
                let silenced = engine::silence(document, settings, self.reason);
                if silenced.bytes != document.bytes() {
                    report.applied = silenced.hidden;
                    report.findings = silenced.left;
                    report.fixed = Some(silenced.bytes);
                }
                return report;
            }
        };
        let unsafe_too = allowed == Safety::Unsafe;
        if !report
            .findings
            .iter()
            .any(|finding| finding.is_fixable(unsafe_too))
        {
            return report;
        }
        let fixed = engine::fix(document, settings, allowed);
        report.stopped = fixed.stopped;
        if fixed.bytes != document.bytes() {
            report.applied = fixed.applied;
            if write {
                report.findings = fixed.remaining;
            } else {
                report
                    .findings
                    .retain(|finding| !finding.is_fixable(unsafe_too));
            }
            report.fixed = Some(fixed.bytes);
        }
        report
    }
}

impl FileReport {
    /// Replaces the content that the findings point into.
    pub fn set_bytes(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
        self.lines.take();
    }
}

/// Hands over what arrives in any order in the order of the numbers.
fn in_order<T>(
    receive: mpsc::Receiver<(usize, T)>,
    mut each: impl FnMut(T) -> io::Result<()>,
) -> io::Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, item) in receive {
        waiting.insert(number, item);
        while let Some(item) = waiting.remove(&next) {
            each(item)?;
            next += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arrives_in_disorder_leaves_in_order() {
        let (send, receive) = mpsc::channel();
        for number in [2, 0, 3, 1, 4] {
            send.send((number, number)).unwrap();
        }
        drop(send);
        let mut seen = Vec::new();
        in_order(receive, |number| {
            seen.push(number);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }
}
