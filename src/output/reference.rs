//! The reference of the rules, as Markdown, from the rules themselves.

use std::fmt::Write;

use crate::registry::{Registry, RuleEntry};
use crate::rule::{Activation, Example, FixKind};

/// The reference of all rules of `registry`, which must have their examples.
pub fn reference(registry: &Registry) -> String {
    let mut out = String::from(
        "# Rules\n\nWritten by `copydesk rules --markdown` from the packs under `rules/`; do not edit by hand.\n\n",
    );
    for group in registry.groups() {
        let _ = writeln!(out, "- [{group}](#{group})");
    }
    for group in registry.groups() {
        let of_group = || registry.rules().iter().filter(|entry| entry.group == group);
        let _ = writeln!(out, "\n## {group}\n");
        out.push_str(
            "| rule | what is wrong | severity | default | fix |\n|---|---|---|---|---|\n",
        );
        for entry in of_group() {
            let _ = writeln!(
                out,
                "| [{0}](#{0}) | {1} | {2} | {3} | {4} |",
                entry.id,
                cell(&entry.rule.summary),
                entry.rule.severity,
                default_in_words(&entry.rule.default),
                fix(entry)
            );
        }
        for entry in of_group() {
            rule(&mut out, entry);
        }
    }
    out
}

/// Where a rule runs when nothing is configured.
pub fn default_in_words(activation: &Activation) -> String {
    match activation {
        Activation::On => "on".to_owned(),
        Activation::Off => "off".to_owned(),
        Activation::In(profiles) => {
            let names: Vec<_> = profiles.iter().map(|profile| profile.as_str()).collect();
            format!("on in {}", names.join(", "))
        }
    }
}

fn fix(entry: &RuleEntry) -> &'static str {
    match entry.rule.fix {
        FixKind::None => "none",
        _ => entry.rule.safety.as_str(),
    }
}

fn rule(out: &mut String, entry: &RuleEntry) {
    let rule = &entry.rule;
    let _ = writeln!(
        out,
        "\n### {}\n\n{}.\n\n**Why it matters.** {}\n\n**What to do.** {}",
        entry.id,
        text(&rule.summary),
        text(&rule.why),
        text(&rule.help)
    );
    for (profile, change) in &rule.profile {
        let mut changes = Vec::new();
        changes.extend(change.severity.map(|severity| severity.to_string()));
        changes.extend(
            change
                .safety
                .map(|safety| format!("its fix is {}", safety.as_str())),
        );
        let _ = writeln!(
            out,
            "\nIn the profile `{}`: {}.",
            profile.as_str(),
            changes.join(", ")
        );
    }
    if !rule.hosts.is_empty() {
        let _ = writeln!(out, "\nOnly for pages from {}.", rule.hosts.join(", "));
    }
    if !rule.redirects.is_empty() {
        let _ = writeln!(out, "\nWas called {}.", rule.redirects.join(", "));
    }
    if !rule.with.is_null() {
        let options = serde_yaml::to_string(&rule.with).unwrap_or_default();
        block(out, "Options", "yaml", &options);
    }
    let found = rule
        .examples
        .iter()
        .find(|example| example.before.is_some());
    if let Some(example) = found {
        note(out, example);
        block(
            out,
            "Found",
            "",
            example.before.as_deref().unwrap_or_default(),
        );
        if let Some(after) = &example.after {
            block(out, "Fixed", "", after);
        }
    }
    if let Some(example) = rule.examples.iter().find(|example| example.keep.is_some()) {
        note(out, example);
        block(
            out,
            "Left alone",
            "",
            example.keep.as_deref().unwrap_or_default(),
        );
    }
    if !rule.sources.is_empty() {
        out.push_str("\n<details><summary>Sources</summary>\n\n");
        for source in &rule.sources {
            let _ = writeln!(out, "- {}", text(source));
        }
        out.push_str("\n</details>\n");
    }
}

fn note(out: &mut String, example: &Example) {
    if let Some(note) = &example.note {
        let _ = writeln!(out, "\n{}", text(note));
    }
}

/// A code block whose fence is longer than any in it.
fn block(out: &mut String, title: &str, language: &str, content: &str) {
    let longest = content
        .lines()
        .map(|line| line.trim_start().chars().take_while(|c| *c == '`').count())
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let visible = content
        .trim_end_matches(['\r', '\n'])
        .replace(['\r', '\u{feff}'], "")
        .replace('\0', "␀");
    let _ = writeln!(out, "\n{title}:\n\n{fence}{language}\n{visible}\n{fence}");
}

/// Prose on one line in which no `<` can be taken for a tag.
fn text(text: &str) -> String {
    let mut out = String::new();
    let mut code = false;
    for c in text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
    {
        code ^= c == '`';
        match c {
            '<' if !code => out.push_str("&lt;"),
            c => out.push(c),
        }
    }
    out.trim_end_matches('.').to_owned()
        + if text.trim_end().ends_with('.') {
            "."
        } else {
            ""
        }
}

fn cell(text_of_cell: &str) -> String {
    text(text_of_cell).replace('|', "\\|")
}
