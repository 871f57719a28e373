use std::io::{self, Write};

use super::excerpt::printable;
use super::look::{Look, Paint, count};
use crate::engine::Stop;
use crate::finding::{Safety, Severity};
use crate::workspace::{FileReport, Mode, Sink, Totals};

/// A blank at which no line is broken.
const TIED: &str = "\u{a0}";

/// What goes to the screen beside the findings: files that failed, notes, and the summary.
pub struct Console<W> {
    out: W,
    look: Look,
    mode: Mode,
    quiet: bool,
    failed: bool,
}

impl<W: Write> Console<W> {
    /// Writes to `out`; `quiet` leaves out all but errors.
    pub fn new(out: W, look: Look, mode: Mode, quiet: bool) -> Self {
        Self {
            out,
            look,
            mode,
            quiet,
            failed: false,
        }
    }

    fn line(&mut self, paint: Paint, head: &str, path: &str, text: &str) -> io::Result<()> {
        let (look, path) = (self.look, printable(path));
        writeln!(self.out, "{} {path}: {text}", look.paint(paint, head))
    }

    /// A sentence, broken at the width of the screen; colours take no room, and commands stay on one
    /// line.
    fn say(&mut self, text: &str) -> io::Result<()> {
        let filled = textwrap::fill(text, self.look.width);
        writeln!(self.out, "{}", filled.replace(TIED, " "))
    }

    fn code(&self, command: &str) -> String {
        let command = command.replace(' ', TIED);
        self.look.paint(Paint::Strong, command).to_string()
    }

    fn summary(&mut self, totals: &Totals) -> io::Result<()> {
        let look = self.look;
        let files = count(totals.files, "file", "files");
        let changed = count(totals.files_changed, "file", "files");
        let fixes = count(totals.fixes(), "fix", "fixes");
        match self.mode {
            Mode::Write { .. } if totals.fixes() > 0 => {
                let text = format!("Applied {fixes} in {changed}.");
                self.say(&format!("{}", look.paint(Paint::Good, text)))?;
            }
            Mode::Suppress if totals.fixes() > 0 => {
                let findings = count(totals.fixes(), "finding", "findings");
                let text = format!("Hid {findings} by directives in {changed}.");
                self.say(&format!("{}", look.paint(Paint::Good, text)))?;
            }
            Mode::Preview(_) if totals.fixes() > 0 => self.say(&format!(
                "{} in {changed} would be applied by `copydesk fix --write`.",
                look.paint(Paint::Good, fixes)
            ))?,
            _ => {}
        }
        // Silence would be taken for praise.
        let nothing = totals.files == 0 && totals.left == 0 && !self.failed;
        if nothing && self.mode != Mode::Suppress {
            let why = self.code("--files");
            self.say(&format!("No file was looked at; {why} tells why."))?;
        }
        if totals.findings() == 0 {
            if totals.fixes() == 0 && totals.errors == 0 && totals.files > 0 {
                let new = if totals.known > 0 {
                    "Nothing new found"
                } else {
                    "Nothing found"
                };
                let good = look.paint(Paint::Good, new);
                self.say(&format!("{good} in {files}."))?;
            }
            return self.errors(totals);
        }
        let sum = count(totals.findings(), "finding", "findings");
        let parts: Vec<String> = [
            (Severity::Error, "error", "errors"),
            (Severity::Warning, "warning", "warnings"),
            (Severity::Info, "info", "infos"),
        ]
        .into_iter()
        .filter_map(|(severity, one, many)| {
            let number = totals.by_severity.get(&severity).copied().unwrap_or(0);
            let text = count(number, one, many);
            (number > 0).then(|| look.paint(Look::of_severity(severity), text).to_string())
        })
        .collect();
        let sum = look.paint(Paint::Strong, sum);
        let with = totals.files_with_findings;
        let place = match (with, with == totals.files) {
            (_, true) => format!("in {files}"),
            _ => format!("in {} of {files}", count(with, "", "").trim_end()),
        };
        let parts = parts.join(", ");
        match (totals.fixes() > 0, totals.findings()) {
            (false, _) => self.say(&format!("Found {sum} {place}: {parts}."))?,
            (true, _) if self.mode == Mode::Suppress => self.say(&format!(
                "{sum} {place} could not be hidden: {parts}. `ignore` in copydesk.yaml can do it for a rule, `exclude` for a file."
            ))?,
            (true, 1) => self.say(&format!("{sum} remains {place}: {parts}."))?,
            (true, _) => self.say(&format!("{sum} remain {place}: {parts}."))?,
        }
        self.fixable(totals)?;
        self.errors(totals)
    }

    fn fixable(&mut self, totals: &Totals) -> io::Result<()> {
        let (safe, not_safe) = totals.fixable();
        let with_unsafe = match self.mode {
            Mode::Check | Mode::Suppress => false,
            Mode::Preview(allowed) | Mode::Write { allowed, .. } => allowed == Safety::Unsafe,
        };
        let (fix, write) = (self.code("copydesk fix"), self.code("copydesk fix --write"));
        let (fix_unsafe, flag) = (self.code("copydesk fix --unsafe"), self.code("--unsafe"));
        match (self.mode, safe, not_safe) {
            (_, 0, 0) => Ok(()),
            (Mode::Check, safe, 0) => self.say(&format!("{} can be fixed: see them with {}, apply them with {}.",
                count(safe, "", "").trim_end(),
                fix,
                write)),
            (Mode::Check, 0, not_safe) => self.say(&format!("{} can be fixed after a look: {}.",
                count(not_safe, "", "").trim_end(),
                fix_unsafe)),
            (Mode::Check, safe, not_safe) => self.say(&format!("{} can be fixed: see them with {}, apply them with {}; {} more after a look, with {}.",
                count(safe, "", "").trim_end(),
                fix,
                write,
                count(not_safe, "", "").trim_end(),
                flag)),
            (_, _, not_safe) if !with_unsafe && not_safe > 0 => self.say(&format!("{} can be fixed after a look, with {}.",
                count(not_safe, "", "").trim_end(),
                flag)),
            _ => Ok(()),
        }
    }

    fn errors(&mut self, totals: &Totals) -> io::Result<()> {
        if totals.left > 0 {
            let files = count(totals.left, "file was", "files were");
            let stopped = self.look.paint(Paint::Warning, "Stopped:");
            self.say(&format!(
                "{stopped} {files} not looked at; those that were written are whole."
            ))?;
        }
        if totals.known > 0 {
            let known = count(totals.known, "known finding is", "known findings are");
            self.say(&format!("{known} in the baseline and not shown."))?;
        }
        if totals.stale > 0 && self.mode == Mode::Check {
            let stale = match totals.stale {
                1 => "1 entry of the baseline no longer occurs: take it out".to_owned(),
                number => {
                    let entries = count(number, "entries", "entries");
                    format!("{entries} of the baseline no longer occur: take them out")
                }
            };
            let command = self.code("copydesk baseline --prune");
            self.say(&format!("{stale} with {command}."))?;
        }
        if totals.errors > 0 {
            let text = format!("{} failed.", count(totals.errors, "file", "files"));
            self.say(&format!("{}", self.look.paint(Paint::Error, text)))?;
        }
        Ok(())
    }
}

/// Why the fixes of a file were given up.
fn in_words(stop: &Stop) -> String {
    let names = |rules: &[std::sync::Arc<str>], by: &str| {
        rules
            .iter()
            .map(|rule| &**rule)
            .collect::<Vec<_>>()
            .join(by)
    };
    let reason = match stop {
        Stop::Cycle(rules) => format!("these rules undo each other: {}", names(rules, " -> ")),
        Stop::NoConvergence(rules) => {
            format!(
                "after ten passes these rules still had fixes: {}",
                names(rules, ", ")
            )
        }
        Stop::BrokeFrontMatter(rules) => format!(
            "the front matter would no longer parse after the fixes of {}",
            names(rules, ", ")
        ),
    };
    format!("left as it is, because {reason}; this is a bug in a rule")
}

impl<W: Write> Sink for Console<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        if let Some(error) = &report.error {
            self.failed = true;
            self.line(Paint::Error, "error:", &report.path, error)?;
        }
        if let Some(stop) = &report.stopped {
            self.line(Paint::Error, "error:", &report.path, &in_words(stop))?;
        }
        if !self.quiet {
            for note in &report.notes {
                self.line(Paint::Info, "note:", &report.path, note)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        if !self.quiet {
            self.summary(totals)?;
        }
        self.out.flush()
    }
}
