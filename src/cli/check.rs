use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::ColorChoice;
use clap::ValueEnum;

use super::Exit;
use super::args::{CheckArgs, Common, FixArgs, Format};
use super::checkout::checkout;
use super::configs::{configs, report_problems};
use super::known::known;
use super::reports::Report;
use super::screen::{look_err, look_out, sink, stderr, stdout, usage_errors};
use super::stream;
use super::{files, reports};
use crate::config::{Configs, Problems, Resolved, io_in_words};
use crate::document::Document;
use crate::engine::Settings;
use crate::finding::{Safety, Severity};
use crate::markdown;
use crate::output::{
    Console, Diff, Github, Look, Many, Progress, Statistics, StatisticsJson, WayBack,
};
use crate::registry::Registry;
use crate::workspace::{FileReport, Mode, Run, Sink, Task, Totals, shown};

/// How much of the standard input is looked at to tell its format, in bytes.
const SNIFFED: u64 = 4096;

/// `copydesk check`
pub fn check(args: &CheckArgs, color: ColorChoice) -> io::Result<Exit> {
    Job {
        common: &args.common,
        mode: Mode::Check,
        fail_on_fix: false,
        save_patch: None,
        color,
    }
    .run()
}

/// `copydesk fix`
pub fn fix(args: &FixArgs, color: ColorChoice) -> io::Result<Exit> {
    let allowed = if args.r#unsafe {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let write = Mode::Write {
        allowed,
        durable: args.durable,
    };
    Job {
        common: &args.common,
        mode: if args.write {
            write
        } else {
            Mode::Preview(allowed)
        },
        fail_on_fix: args.exit_non_zero_on_fix || !args.write,
        save_patch: args.save_patch.as_deref(),
        color,
    }
    .run()
}

struct Job<'a> {
    common: &'a Common,
    mode: Mode,
    fail_on_fix: bool,
    save_patch: Option<&'a Path>,
    color: ColorChoice,
}

impl Job<'_> {
    fn run(&self) -> io::Result<Exit> {
        if let Some(error) = unfit(self.common) {
            usage_errors(&[error], self.color)?;
            return Ok(Exit::Failed);
        }
        let mut configs = configs(&self.common.selection)?;
        if self.common.paths.iter().any(|path| path == Path::new("-")) {
            return self.standard_input(&mut configs);
        }
        let found = match files::wanted(self.common, &mut configs) {
            Ok(found) => found,
            Err(error) => {
                usage_errors(&[error], self.color)?;
                return Ok(Exit::Failed);
            }
        };
        if self.common.files {
            let json = self.common.format.and_then(as_json);
            files::print(&found, &mut configs, json, self.color)?;
            return Ok(self.broken(&mut configs)?.unwrap_or(Exit::Clean));
        }
        let errors = reports::misplaced(self.common, self.save_patch, &found.inputs);
        if !errors.is_empty() {
            usage_errors(&errors, self.color)?;
            return Ok(Exit::Failed);
        }
        let (mut tasks, mut excluded, mut explicit_only) = (Vec::new(), 0, true);
        for input in found.inputs {
            match configs.resolve(&input.path) {
                Resolved::Excluded => {
                    excluded += 1;
                    explicit_only &= input.explicit;
                }
                Resolved::Settings(settings) => tasks.push(Task { input, settings }),
                Resolved::Broken => {}
            }
        }
        if let Some(exit) = self.broken(&mut configs)? {
            return Ok(exit);
        }
        let baseline = match known(self.common, &mut configs)? {
            Ok(baseline) => baseline,
            Err(problems) if problems.bytes.is_empty() => {
                // A file that is not there has nothing to show.
                let errors: Vec<String> = problems
                    .findings
                    .iter()
                    .map(|finding| {
                        let (path, what) = (&problems.path, &finding.message);
                        format!("{path}: {what}. {}", finding.help)
                    })
                    .collect();
                usage_errors(&errors, self.color)?;
                return Ok(Exit::Failed);
            }
            Err(problems) => return self.unusable(&mut configs, vec![problems]),
        };
        let mut failures = found.failures;
        if tasks.is_empty() && excluded > 0 && !explicit_only {
            let message = "the configuration excludes every file of it".to_owned();
            failures.push((self.asked_for().into(), message));
        }
        let Some(mut out) = self.sinks(&configs.registry(Path::new(".")), tasks.len())? else {
            return Ok(Exit::Failed);
        };
        for (path, message) in &failures {
            out.file(&FileReport::unreadable(path.clone(), message.clone()))?;
        }
        let jobs = self
            .common
            .jobs
            .or_else(|| std::thread::available_parallelism().ok());
        let run = Run {
            mode: self.mode,
            jobs: jobs.map_or(1, NonZeroUsize::get),
            baseline: baseline.as_ref(),
            stop: self.stop_flag(),
            with_fixes: self.shows_fixes(),
            way_back: self.save_patch.is_some(),
            reason: "",
        };
        let totals = run.run(&tasks, &mut out)?;
        let failed = Exit::Failed;
        Ok(if failures.is_empty() {
            self.exit(&totals)
        } else {
            failed
        })
    }

    fn shows_fixes(&self) -> bool {
        let reports = self.common.output.iter().map(|report| report.format);
        let formats = self.common.format.into_iter().chain(reports);
        formats.into_iter().any(|format| format == Format::Diff)
    }

    fn asked_for(&self) -> String {
        if self.common.paths.is_empty() {
            return "this folder".to_owned();
        }
        let paths: Vec<_> = self
            .common
            .paths
            .iter()
            .map(|path| shown(path).to_string())
            .collect();
        paths.join(" ")
    }

    fn standard_input(&self, configs: &mut Configs) -> io::Result<Exit> {
        if self.common.paths.len() > 1 {
            usage_errors(
                &["`-` stands alone: other paths cannot be given with it".to_owned()],
                self.color,
            )?;
            return Ok(Exit::Failed);
        }
        let errors = reports::misplaced(self.common, self.save_patch, &[]);
        if !errors.is_empty() {
            usage_errors(&errors, self.color)?;
            return Ok(Exit::Failed);
        }
        let (mut input, mut bytes) = (io::stdin().lock(), Vec::new());
        let path = match &self.common.stdin_filename {
            Some(path) => path.clone(),
            None => {
                (&mut input).take(SNIFFED).read_to_end(&mut bytes)?;
                PathBuf::from(match Document::format_by_start(&bytes) {
                    markdown::Format::Html => "stdin.html",
                    _ => "stdin.md",
                })
            }
        };
        let resolved = configs.resolve(&path);
        if let Some(exit) = self.broken(configs)? {
            return Ok(exit);
        }
        if let (
            Mode::Preview(allowed) | Mode::Write { allowed, .. },
            Resolved::Settings(settings),
        ) = (self.mode, &resolved)
        {
            let html = Document::format_of(&shown(&path)) == markdown::Format::Html;
            let limits = configs.limits(&path);
            if html && stream::read_head(&mut input, &mut bytes, limits)? {
                let (settings, quiet) = (Settings::clone(settings), self.common.quiet);
                let (input, color) = (&mut input, self.color);
                return stream::clean(&bytes, input, settings, limits, allowed, quiet, color);
            }
        }
        input.read_to_end(&mut bytes)?;
        let settings = match resolved {
            Resolved::Settings(settings) => settings,
            Resolved::Excluded | Resolved::Broken => {
                if self.mode != Mode::Check {
                    let mut out = stdout();
                    out.write_all(&bytes)?;
                    out.flush()?;
                }
                return Ok(Exit::Clean);
            }
        };
        // The fixed text is what is asked for, so that what is left is about it, as with --write.
        let mode = match self.mode {
            Mode::Preview(allowed) => Mode::Write {
                allowed,
                durable: false,
            },
            mode => mode,
        };
        let run = Run {
            mode,
            jobs: 1,
            baseline: None,
            stop: None,
            with_fixes: self.shows_fixes(),
            way_back: false,
            reason: "",
        };
        let mut report = run.content(shown(&path), bytes, &settings);
        if mode != Mode::Check {
            if let Some(fixed) = report.fixed.take() {
                report.set_bytes(fixed);
                report.written = true;
            }
            let mut out = stdout();
            out.write_all(&report.bytes)?;
            out.flush()?;
        }
        let mut totals = Totals::default();
        totals.add(&report);
        let job = Job { mode, ..*self };
        let Some(mut out) = job.sinks(&configs.registry(Path::new(".")), 0)? else {
            return Ok(Exit::Failed);
        };
        out.file(&report)?;
        out.finish(&totals)?;
        Ok(Job {
            fail_on_fix: false,
            ..*self
        }
        .exit(&totals))
    }

    /// Findings go to the standard output, and beside a diff or a fixed text to the standard error.
    /// `None` where a file for a report cannot be written.
    fn sinks(&self, registry: &Arc<Registry>, files: usize) -> io::Result<Option<Many<'static>>> {
        let mut sinks = Many::default();
        let (common, color) = (self.common, self.color);
        if io::stderr().is_terminal() && !common.quiet {
            let gives_way = io::stdout().is_terminal() || self.mode != Mode::Check;
            sinks.add(Progress::new(files, gives_way));
        }
        if let Some(path) = self.save_patch {
            match way_back(path) {
                Ok(file) => sinks.add(WayBack::new(file, shown(path).to_string())),
                Err(error) => {
                    usage_errors(&[format!("--save-patch: {error}")], color)?;
                    return Ok(None);
                }
            }
        }
        if let Mode::Preview(_) = self.mode {
            sinks.add(Diff::new(stdout(), look_out(color)));
        }
        let format = common.format.unwrap_or_default();
        let all = common.show_all;
        match (self.mode, common.statistics) {
            (Mode::Check, true) => match as_json(format) {
                Some(lines) => sinks.add(StatisticsJson::new(stdout(), lines)),
                None => sinks.add(Statistics::new(stdout(), look_out(color))),
            },
            (_, true) => match as_json(format) {
                Some(lines) => sinks.add(StatisticsJson::new(stderr(), lines)),
                None => sinks.add(Statistics::new(stderr(), look_err(color))),
            },
            (Mode::Check, false) => {
                let look = look_out(color);
                sinks.add_boxed(sink(format, stdout(), look, all, registry, &checkout()));
            }
            // It is on the standard output.
            (Mode::Preview(_), false) if format == Format::Diff => {}
            (_, false) => {
                let look = look_err(color);
                sinks.add_boxed(sink(format, stderr(), look, all, registry, &checkout()));
            }
        }
        if !self.add_reports(&mut sinks, registry)? {
            return Ok(None);
        }
        sinks.add(Console::new(
            stderr(),
            look_err(color),
            self.mode,
            common.quiet,
        ));
        Ok(Some(sinks))
    }

    /// What goes to others than who sits before the screen: annotations, and the files of `--output`.
    /// `false` where a file cannot be written.
    fn add_reports(&self, sinks: &mut Many<'static>, registry: &Arc<Registry>) -> io::Result<bool> {
        let (common, checkout) = (self.common, checkout());
        // On a runner of GitHub the findings appear beside the lines without being asked for.
        let on_github = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        if on_github && common.format.is_none() && self.mode == Mode::Check {
            sinks.add(Github::new(stdout(), checkout.clone()));
        }
        for report in &common.output {
            match File::create(&report.path) {
                Ok(file) => {
                    let (format, out) = (report.format, Report::new(file, &report.path));
                    let look = Look::plain(100);
                    sinks.add_boxed(sink(
                        format,
                        out,
                        look,
                        common.show_all,
                        registry,
                        &checkout,
                    ));
                }
                Err(error) => {
                    let folder = report.path.parent().filter(|it| !it.as_os_str().is_empty());
                    let reason = match folder.filter(|folder| !folder.exists()) {
                        Some(folder) => format!("there is no folder `{}`", shown(folder)),
                        None => io_in_words(&error),
                    };
                    let path = report.path.display();
                    let error = format!("--output: `{path}` cannot be written: {reason}");
                    usage_errors(&[error], self.color)?;
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Prints what is wrong with the command line and the configuration, if anything is.
    fn broken(&self, configs: &mut Configs) -> io::Result<Option<Exit>> {
        let problems = configs.problems();
        if problems.is_empty() && configs.usage_errors().is_empty() {
            return Ok(None);
        }
        self.unusable(configs, problems).map(Some)
    }

    fn unusable(&self, configs: &mut Configs, problems: Vec<Problems>) -> io::Result<Exit> {
        let out: Box<dyn Write> = match self.mode {
            Mode::Check => Box::new(stdout()),
            _ => Box::new(stderr()),
        };
        let look = match self.mode {
            Mode::Check => look_out(self.color),
            _ => look_err(self.color),
        };
        let format = self.common.format.unwrap_or_default();
        let registry = configs.registry(Path::new("."));
        let all = self.common.show_all;
        let mut sinks = Many::default();
        sinks.add_boxed(sink(format, out, look, all, &registry, &checkout()));
        // Who reads the reports and not the screen learns it too, and takes no old one for new.
        if !self.common.files && !self.add_reports(&mut sinks, &registry)? {
            return Ok(Exit::Failed);
        }
        report_problems(problems, &mut sinks)?;
        let mut errors = configs.usage_errors().to_vec();
        if errors.is_empty() {
            errors.push("the configuration cannot be used; no file was looked at".to_owned());
        }
        usage_errors(&errors, self.color)?;
        Ok(Exit::Failed)
    }

    /// While files are written, the first Ctrl-C ends the run after those at hand; the next one ends
    /// it at once, which leaves each file old or new all the same.
    fn stop_flag(&self) -> Option<&'static AtomicBool> {
        static STOP: AtomicBool = AtomicBool::new(false);
        if !matches!(self.mode, Mode::Write { .. }) {
            return None;
        }
        let set = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
        set.is_ok().then_some(&STOP)
    }

    fn exit(&self, totals: &Totals) -> Exit {
        if totals.left > 0 {
            return Exit::Interrupted;
        }
        if totals.errors > 0 {
            return Exit::Failed;
        }
        let severity = Severity::from(self.common.fail_on);
        let found = totals.at_least(severity) > 0;
        let changed = self.fail_on_fix && totals.files_changed > 0;
        if (found || changed) && !self.common.exit_zero {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }
}

/// Whether a list is written as JSON, and whether one object a line.
pub fn as_json(format: Format) -> Option<bool> {
    match format {
        Format::Json => Some(false),
        Format::Jsonl => Some(true),
        _ => None,
    }
}

/// Why `--statistics` or `--files` cannot be written in the format that is asked for.
fn unfit(common: &Common) -> Option<String> {
    let flag = match (common.files, common.statistics) {
        (true, _) => "--files",
        (_, true) => "--statistics",
        _ => return None,
    };
    let format = common.format?;
    match format {
        Format::Full | Format::Concise | Format::Grouped | Format::Json | Format::Jsonl => None,
        _ => {
            let name = format.to_possible_value()?.get_name().to_owned();
            Some(format!(
                "{flag} cannot be written as {name}, which is for findings; leave --format out, or write json or jsonl"
            ))
        }
    }
}

/// The file for a patch. One that holds a patch already is not overwritten: it may be the only way back
/// from an earlier run.
fn way_back(path: &Path) -> Result<File, String> {
    if path.metadata().is_ok_and(|old| old.len() > 0) {
        return Err(format!(
            "`{}` is there already and may be the way back from an earlier run; name another file, or move it away",
            shown(path)
        ));
    }
    File::create(path).map_err(|error| {
        format!(
            "`{}` cannot be written: {}",
            shown(path),
            io_in_words(&error)
        )
    })
}
