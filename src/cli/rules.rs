use std::io::{self, Write};
use std::path::Path;

use anstream::ColorChoice;
use serde::Serialize;

use super::Exit;
use super::args::{RulesArgs, TestArgs};
use super::configs::{configs, report_problems};
use super::screen::{look_err, look_out, stderr, stdout, usage_errors};
use crate::config::{Resolved, registry_with_packs};
use crate::engine::test_rule;
use crate::finding::Severity;
use crate::output::{Full, Look, Paint, checks_reference, count, default_in_words, reference};
use crate::registry::RuleEntry;
use crate::rule::FixKind;

/// `copydesk rules`: the rules there are, and which of them run here.
pub fn list(args: &RulesArgs, color: ColorChoice) -> io::Result<Exit> {
    if args.checks {
        let mut out = stdout();
        out.write_all(checks_reference().as_bytes())?;
        out.flush()?;
        return Ok(Exit::Clean);
    }
    let mut configs = configs(&args.selection)?;
    let resolved = configs.resolve(Path::new("example.md"));
    let problems = configs.problems();
    if !problems.is_empty() || !configs.usage_errors().is_empty() {
        report_problems(problems, &mut Full::new(stdout(), look_out(color), true))?;
        usage_errors(configs.usage_errors(), color)?;
        return Ok(Exit::Failed);
    }
    let registry = configs.documented(Path::new("."));
    let runs = |entry: &RuleEntry| match &resolved {
        Resolved::Settings(settings) => settings.rules.runs(&entry.id),
        _ => false,
    };
    let mut out = stdout();
    if args.markdown {
        out.write_all(reference(&registry).as_bytes())?;
        out.flush()?;
        return Ok(Exit::Clean);
    }
    if args.json {
        let records: Vec<_> = registry
            .rules()
            .iter()
            .map(|entry| Record::new(entry, runs(entry)))
            .collect();
        serde_json::to_writer_pretty(&mut out, &records)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(Exit::Clean);
    }
    let look = look_out(color);
    let names = registry
        .rules()
        .iter()
        .map(|entry| entry.id.len())
        .max()
        .unwrap_or(0);
    for (number, group) in registry.groups().iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", look.paint(Paint::Strong, group))?;
        for entry in registry
            .rules()
            .iter()
            .filter(|entry| entry.group == *group)
        {
            row(&mut out, look, entry, runs(entry), names)?;
        }
    }
    out.flush()?;
    let mut err = stderr();
    let look = look_err(color);
    let text = format!(
        "{}, {} of them on here. {} says what one is about.",
        count(registry.rules().len(), "rule", "rules"),
        registry.rules().iter().filter(|entry| runs(entry)).count(),
        look.paint(Paint::Strong, "copydesk explain ID")
    );
    writeln!(err, "\n{}", look.line(&text, ""))?;
    err.flush()?;
    Ok(Exit::Clean)
}

/// How narrow a column of summaries may be.
const NARROWEST: usize = 24;

fn row(
    out: &mut impl Write,
    look: Look,
    entry: &RuleEntry,
    on: bool,
    names: usize,
) -> io::Result<()> {
    let rule = &entry.rule;
    let fix = match rule.fix {
        FixKind::None => "",
        _ => rule.safety.as_str(),
    };
    // Where the columns leave no room for it, the summary has lines of its own.
    let beside = names + 30;
    let fits = beside + NARROWEST <= look.width;
    let margin = " ".repeat(if fits { beside } else { 6 });
    let options = look
        .wrapping()
        .initial_indent(&margin)
        .subsequent_indent(&margin);
    let summary = textwrap::fill(&rule.summary, options);
    let (gap, summary) = match fits {
        true => ("  ", summary.trim_start()),
        false => ("\n", summary.as_str()),
    };
    let id = format!("{:names$}", entry.id);
    let id = match on {
        true => look.paint(Paint::Term, id),
        false => look.paint(Paint::Faint, id),
    };
    writeln!(
        out,
        "  {id}  {:7}  {:10}  {}{gap}{summary}",
        look.paint(
            Look::of_severity(rule.severity),
            format_args!("{:7}", rule.severity)
        ),
        match fix {
            "" => String::new(),
            fix => format!("{fix} fix"),
        },
        match (on, fits) {
            (true, true) => "on ",
            (true, false) => "on",
            (false, _) => "off",
        }
    )
}

#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    group: &'a str,
    summary: &'a str,
    why: &'a str,
    help: &'a str,
    severity: Severity,
    on: bool,
    default: String,
    fix: FixKind,
    safety: Option<&'static str>,
    pack: &'a str,
    redirects: &'a [String],
    sources: &'a [String],
}

impl<'a> Record<'a> {
    fn new(entry: &'a RuleEntry, on: bool) -> Self {
        let rule = &entry.rule;
        Self {
            id: &entry.id,
            group: &entry.group,
            summary: &rule.summary,
            why: rule.why.trim(),
            help: rule.help.trim(),
            severity: rule.severity,
            on,
            default: default_in_words(&rule.default),
            fix: rule.fix,
            safety: (rule.fix != FixKind::None).then(|| rule.safety.as_str()),
            pack: &entry.pack,
            redirects: &rule.redirects,
            sources: &rule.sources,
        }
    }
}

/// `copydesk rules test`: the examples of the user's packs.
pub fn test(args: &TestArgs, color: ColorChoice) -> io::Result<Exit> {
    let (registry, packs, problems, errors) = registry_with_packs(&args.packs);
    let look = look_out(color);
    if !errors.is_empty() || !problems.is_empty() {
        report_problems(problems, &mut Full::new(stdout(), look, true))?;
        usage_errors(&errors, color)?;
        return Ok(Exit::Failed);
    }
    let mut out = stdout();
    let (mut rules, mut examples, mut failed) = (0, 0, 0);
    for entry in registry
        .rules()
        .iter()
        .filter(|entry| packs.contains(&entry.pack))
    {
        let failures = test_rule(&registry, entry);
        rules += 1;
        examples += entry.rule.examples.len();
        if failures.is_empty() {
            let good = look.paint(Paint::Good, "ok");
            writeln!(out, "{good}    {}", entry.id)?;
            continue;
        }
        failed += 1;
        writeln!(out, "{}  {}", look.paint(Paint::Error, "FAIL"), entry.id)?;
        for failure in failures {
            let place = match failure.example {
                0 => String::new(),
                number => format!("example {number}: "),
            };
            writeln!(out, "      {place}{}", failure.message)?;
            if let Some((expected, actual)) = &failure.difference {
                writeln!(out, "        expected: {expected:?}")?;
                writeln!(out, "        came out: {actual:?}")?;
            }
        }
    }
    out.flush()?;
    let mut err = stderr();
    writeln!(
        err,
        "\n{}, {}: {}.",
        count(rules, "rule", "rules"),
        count(examples, "example", "examples"),
        match failed {
            0 => "all good".to_owned(),
            failed => format!("{failed} failed"),
        }
    )?;
    err.flush()?;
    Ok(if failed > 0 {
        Exit::Findings
    } else {
        Exit::Clean
    })
}
