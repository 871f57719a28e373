use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::Path;

use anstream::ColorChoice;

use super::Exit;
use super::args::BaselineArgs;
use super::configs::{configs, report_problems};
use super::files::usual;
use super::known::{folder, from_here, no_pipe, read};
use super::screen::{look_err, look_out, stderr, stdout, usage_errors};
use crate::config::{Configs, Resolved, io_in_words};
use crate::output::{Concise, Console, Full, Many, count};
use crate::workspace::{
    BASELINE_NAME, Baseline, Change, FileReport, Mode, Run, Sink, Task, Totals, WriteError, walk,
    write,
};

/// `copydesk baseline`
pub fn baseline(args: &BaselineArgs, color: ColorChoice) -> io::Result<Exit> {
    let mut configs = configs(&args.selection)?;
    let (tasks, mut errors) = tasks(args, &mut configs);
    let mut problems = configs.problems();
    let path = match &args.baseline {
        Some(path) => path.clone(),
        None => configs.root(Path::new(".")).join(BASELINE_NAME),
    };
    let mut baseline = Baseline::new(folder(&path)?);
    if let (None, Err(error)) = (&args.add_ignore, no_pipe(&path)) {
        let words = io_in_words(&error);
        errors.push(format!("`{}` cannot be read: {words}", from_here(&path)?));
    } else if args.add_ignore.is_none() && path.is_file() {
        match read(&path)? {
            Ok(old) => baseline = old,
            Err(problem) => problems.push(problem),
        }
    } else if args.prune {
        errors.push(format!(
            "there is no baseline at `{}` to prune",
            from_here(&path)?
        ));
    }
    if !errors.is_empty() || !problems.is_empty() {
        report_problems(problems, &mut Full::new(stdout(), look_out(color), true))?;
        usage_errors(&errors, color)?;
        return Ok(Exit::Failed);
    }
    let jobs = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let run = Run {
        mode: Mode::Check,
        jobs,
        baseline: None,
        stop: None,
        with_fixes: false,
        way_back: false,
        reason: "",
    };
    if let Some(reason) = &args.add_ignore {
        let mode = Mode::Suppress;
        return add_ignore(
            Run {
                mode,
                way_back: false,
                reason,
                ..run
            },
            &tasks,
            color,
        );
    }
    let before = baseline.len();
    let missing = match args.prune {
        true => baseline.missing().map(str::to_owned).collect(),
        false => Vec::new(),
    };
    let mut recorder = Recorder {
        baseline,
        missing,
        tasks: tasks.iter(),
        prune: args.prune,
        failed: Vec::new(),
    };
    run.run(&tasks, &mut recorder)?;
    let Recorder {
        mut baseline,
        failed,
        ..
    } = recorder;
    baseline.drop_missing();
    if let Err(error) = save(&path, &baseline.to_text()) {
        let name = from_here(&path)?;
        let error = match error {
            WriteError::Io(error) => format!("`{name}` cannot be written: {}", io_in_words(&error)),
            error => format!("`{name}`: {error}"),
        };
        usage_errors(&[error], color)?;
        return Ok(Exit::Failed);
    }
    let mut out = stdout();
    let shown = from_here(&path)?;
    let findings = count(baseline.len(), "finding", "findings");
    if args.prune {
        let gone = count(before.saturating_sub(baseline.len()), "entry", "entries");
        let text = format!("Took {gone} out of {shown}; {findings} left.");
        writeln!(out, "{}", look_out(color).line(&text, ""))?;
    } else {
        let text = format!(
            "Recorded {findings} in {shown}. From now on `copydesk check` reports what is new."
        );
        writeln!(out, "{}", look_out(color).line(&text, ""))?;
    }
    out.flush()?;
    usage_errors(&failed, color)?;
    Ok(if failed.is_empty() {
        Exit::Clean
    } else {
        Exit::Failed
    })
}

/// The files of the arguments with their settings, and what is wrong with the arguments.
fn tasks(args: &BaselineArgs, configs: &mut Configs) -> (Vec<Task>, Vec<String>) {
    let found = match args.paths.as_slice() {
        [] => walk(&usual(configs), false),
        paths => walk(paths, false),
    };
    let mut errors: Vec<String> = found
        .failures
        .iter()
        .map(|(path, message)| format!("{path}: {message}"))
        .collect();
    let mut tasks = Vec::new();
    for input in found.inputs {
        if let Resolved::Settings(settings) = configs.resolve(&input.path) {
            tasks.push(Task { input, settings });
        }
    }
    errors.extend(configs.usage_errors().iter().cloned());
    (tasks, errors)
}

/// Writes a baseline; where there is one it is replaced all at once, so that on a full disk the old one
/// stays.
fn save(path: &Path, text: &str) -> Result<(), WriteError> {
    if !path.is_file() {
        return Ok(fs::write(path, text)?);
    }
    let path = path.canonicalize()?;
    let old = fs::read(&path)?;
    let change = Change {
        path: &path,
        root: path.parent().unwrap_or(&path),
        old: &old,
        new: text.as_bytes(),
        durable: false,
    };
    write(change).map(|_| ())
}

/// `--add-ignore`: writes directives, and lists what they could not hide.
fn add_ignore(run: Run<'_>, tasks: &[Task], color: ColorChoice) -> io::Result<Exit> {
    let mut out = Many::default();
    out.add(Concise::new(stdout(), look_out(color)));
    out.add(Console::new(stderr(), look_err(color), run.mode, false));
    let totals = run.run(tasks, &mut out)?;
    Ok(match (totals.errors, totals.findings()) {
        (0, 0) => Exit::Clean,
        (0, _) => Exit::Findings,
        _ => Exit::Failed,
    })
}

/// Takes what a run finds into a baseline.
struct Recorder<'a> {
    baseline: Baseline,
    /// Files that have entries and are no longer there.
    missing: Vec<String>,
    // The reports come in the order of the tasks.
    tasks: std::slice::Iter<'a, Task>,
    prune: bool,
    failed: Vec<String>,
}

impl Sink for Recorder<'_> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let Some(task) = self.tasks.next() else {
            return Ok(());
        };
        if let Some(error) = &report.error {
            self.failed.push(format!("{}: {error}", report.path));
        } else if self.prune {
            self.baseline
                .prune(report, &task.input.path, &task.settings, &self.missing);
        } else {
            self.baseline
                .record(report, &task.input.path, &task.settings);
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        Ok(())
    }
}
