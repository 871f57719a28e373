use std::io::{self, Write};
use std::path::Path;

use anstream::ColorChoice;

use super::Exit;
use super::args::{ExplainArgs, SelectionArgs};
use super::configs::configs;
use super::screen::{look_out, stdout, usage_errors};
use crate::output::{Diff, Look, Paint, default_in_words};
use crate::registry::RuleEntry;
use crate::rule::{Example, FixKind};
use crate::workspace::{FileReport, Sink};

/// `copydesk explain`
pub fn explain(args: &ExplainArgs, color: ColorChoice) -> io::Result<Exit> {
    let selection = SelectionArgs {
        select: Vec::new(),
        ignore: Vec::new(),
        profile: None,
        preset: None,
        now: None,
        config: args.config.clone(),
        isolated: false,
    };
    // Problems of the configuration are the business of `check`: the built-in rules can be
    // explained whatever it says.
    let registry = configs(&selection)?.documented(Path::new("."));
    let look = look_out(color);
    let mut out = stdout();
    if let Some(entry) = registry.rule(&args.name) {
        if *entry.id != *args.name {
            writeln!(out, "{} is now called {}.\n", args.name, entry.id)?;
        }
        rule(&mut out, look, entry)?;
        out.flush()?;
        return Ok(Exit::Clean);
    }
    let of_group: Vec<_> = registry
        .rules()
        .iter()
        .filter(|entry| *entry.group == *args.name)
        .collect();
    if of_group.is_empty() {
        let help = match registry.suggest(&args.name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`copydesk rules` lists them".to_owned(),
        };
        let error = format!("no rule or group is called `{}`; {help}", args.name);
        usage_errors(&[error], color)?;
        return Ok(Exit::Failed);
    }
    writeln!(
        out,
        "{} is a group of rules:\n",
        look.paint(Paint::Strong, &args.name)
    )?;
    let names = of_group
        .iter()
        .map(|entry| entry.id.len())
        .max()
        .unwrap_or(0);
    for entry in of_group {
        let id = format!("{:names$}", entry.id);
        writeln!(
            out,
            "  {}  {}",
            look.paint(Paint::Term, id),
            entry.rule.summary
        )?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn rule(out: &mut impl Write, look: Look, entry: &RuleEntry) -> io::Result<()> {
    let rule = &entry.rule;
    let id = look.paint(Look::of_severity(rule.severity), &entry.id);
    writeln!(out, "{id}: {}\n", rule.summary.trim())?;
    let fix = match rule.fix {
        FixKind::None => "none".to_owned(),
        _ => format!("{} at most", rule.safety.as_str()),
    };
    let facts = [
        ("group", entry.group.to_string()),
        ("severity", rule.severity.to_string()),
        ("default", default_in_words(&rule.default)),
        ("fix", fix),
    ];
    for (term, text) in facts {
        writeln!(
            out,
            "  {}{text}",
            look.paint(Paint::Term, format_args!("{term:10}"))
        )?;
    }
    for (profile, change) in &rule.profile {
        let mut changes = Vec::new();
        changes.extend(
            change
                .safety
                .map(|safety| format!("{} fix", safety.as_str())),
        );
        changes.extend(change.severity.map(|severity| severity.to_string()));
        let term = format!("{:10}", profile.as_str());
        writeln!(
            out,
            "  {}{}",
            look.paint(Paint::Term, term),
            changes.join(", ")
        )?;
    }
    section(out, look, "Why it matters", &rule.why)?;
    section(out, look, "What to do", &rule.help)?;
    if !rule.with.is_null() {
        let options = serde_yaml::to_string(&rule.with).unwrap_or_default();
        heading(out, look, "Options")?;
        for line in options.lines() {
            writeln!(out, "  {line}")?;
        }
    }
    let before: Vec<_> = rule
        .examples
        .iter()
        .filter(|it| it.before.is_some())
        .collect();
    let keep: Vec<_> = rule
        .examples
        .iter()
        .filter(|it| it.keep.is_some())
        .collect();
    if !before.is_empty() {
        heading(out, look, "Found")?;
        for (number, example) in before.iter().take(3).enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            found(out, look, example)?;
        }
    }
    if !keep.is_empty() {
        heading(out, look, "Left alone")?;
        for (number, example) in keep.iter().take(3).enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            note(out, look, example)?;
            text(out, example.keep.as_deref().unwrap_or_default())?;
        }
    }
    if !rule.sources.is_empty() {
        heading(out, look, "Sources")?;
        for source in &rule.sources {
            writeln!(out, "  {source}")?;
        }
    }
    Ok(())
}

fn heading(out: &mut impl Write, look: Look, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", look.paint(Paint::Strong, text))
}

fn section(out: &mut impl Write, look: Look, name: &str, text: &str) -> io::Result<()> {
    heading(out, look, name)?;
    let options = look
        .wrapping()
        .width(look.width.min(90))
        .initial_indent("  ")
        .subsequent_indent("  ");
    writeln!(out, "{}", textwrap::fill(text.trim(), options))
}

fn note(out: &mut impl Write, look: Look, example: &Example) -> io::Result<()> {
    match &example.note {
        Some(note) => writeln!(
            out,
            "  {}",
            look.paint(Paint::Faint, format_args!("# {note}"))
        ),
        None => Ok(()),
    }
}

/// An example as a diff of its fix, or as it is.
fn found(out: &mut impl Write, look: Look, example: &Example) -> io::Result<()> {
    note(out, look, example)?;
    let before = example.before.as_deref().unwrap_or_default();
    let Some(after) = example.after.as_deref() else {
        return text(out, before);
    };
    let report = FileReport {
        bytes: before.as_bytes().to_vec(),
        fixed: Some(after.as_bytes().to_vec()),
        ..FileReport::default()
    };
    let mut diff = Vec::new();
    Diff::new(&mut diff, look).file(&report)?;
    // The names of the files and the place mean nothing here.
    for line in String::from_utf8_lossy(&diff).lines().skip(3) {
        if !line.starts_with('\\') {
            writeln!(out, "  {}", line.trim_end_matches('\r'))?;
        }
    }
    Ok(())
}

fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    for line in text.lines() {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}
