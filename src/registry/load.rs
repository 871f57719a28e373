use std::sync::Arc;

use super::pack_source::{PackProblem, Source};
use super::slip::slip_in_words;
use super::{Registry, RuleEntry, ruleset};
use crate::html::Selector;
use crate::rule::{Pack, Preset};
use crate::source::Span;

impl Registry {
    /// Adds the rules of a pack.
    ///
    /// # Errors
    /// Every problem found; nothing is added then.
    pub fn add_pack(&mut self, source: Source<'_>) -> Result<(), Vec<PackProblem>> {
        let pack: Pack =
            serde_yaml::from_str(source.text).map_err(|error| vec![source.syntax(&error)])?;
        let mut problems = Vec::new();
        for (at, rule) in pack.rules.iter().enumerate() {
            check_rule(rule, source, &mut problems);
            let earlier = pack.rules.get(..at).unwrap_or(&[]);
            let twins = earlier.iter().filter(|other| other.id == rule.id).count();
            self.check_name(rule, twins, source, &mut problems);
            if let Err(misfit) = ruleset::fits(rule) {
                let span = source.rule_span(&rule.id, twins);
                problems.push(options_problem(source, span, rule, &misfit));
            }
        }
        if let Some(rule) = self.rule(&pack.group) {
            let at = source.text.find(&pack.group).unwrap_or(0);
            problems.push(source.problem(
                Span::new(at, at + pack.group.len()),
                format!("the group `{}` has the name of a rule", pack.group),
                format!(
                    "Choose another name: `--select {}` would mean the rule of the group `{}`.",
                    pack.group, rule.group
                ),
            ));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        self.insert_pack(source.path, pack, false);
        Ok(())
    }

    /// Adds a preset. One with the name of another takes its place.
    ///
    /// # Errors
    /// The first problem found.
    pub fn add_preset(&mut self, source: Source<'_>) -> Result<(), Vec<PackProblem>> {
        let preset: Preset =
            serde_yaml::from_str(source.text).map_err(|error| vec![source.syntax(&error)])?;
        self.insert_preset(preset);
        Ok(())
    }

    /// A rule's id has to be its own.
    fn check_name(
        &self,
        rule: &crate::rule::Rule,
        twins: usize,
        source: Source<'_>,
        problems: &mut Vec<PackProblem>,
    ) {
        let span = || {
            let rule_span = source.rule_span(&rule.id, twins);
            let at = rule_span.text(source.text).find(&rule.id).unwrap_or(0);
            Span::new(rule_span.start + at, rule_span.start + at + rule.id.len())
        };
        if twins > 0 {
            problems.push(source.problem(
                span(),
                format!("two rules of this pack are called `{}`", rule.id),
                "Give each rule an id of its own.",
            ));
        } else if let Some(other) = self.rule(&rule.id) {
            problems.push(source.problem(
                span(),
                format!("a rule called `{}` is there already, from {}", rule.id, other.pack),
                "Choose another id. To change a rule that ships, use `options`, `severity` or `ignore` in the configuration.",
            ));
        } else if matches!(rule.id.as_str(), "all" | "default")
            || self.groups().iter().any(|group| **group == *rule.id)
        {
            problems.push(source.problem(
                span(),
                format!("`{}` is the name of a group of rules", rule.id),
                "Choose another id.",
            ));
        }
    }

    pub(super) fn insert_pack(&mut self, path: &str, pack: Pack, built_in: bool) {
        let group: Arc<str> = pack.group.into();
        let path: Arc<str> = path.into();
        self.marks.add(pack.marks);
        for rule in pack.rules {
            let entry = Arc::new(RuleEntry {
                id: rule.id.as_str().into(),
                group: group.clone(),
                pack: path.clone(),
                built_in,
                rule,
            });
            match self.rules.iter_mut().find(|old| old.id == entry.id) {
                Some(old) => *old = entry,
                None => self.rules.push(entry),
            }
        }
    }

    pub(super) fn insert_preset(&mut self, preset: Preset) {
        let preset = Arc::new(preset);
        match self
            .presets
            .iter_mut()
            .find(|old| old.preset == preset.preset)
        {
            Some(old) => *old = preset,
            None => self.presets.push(preset),
        }
    }
}

/// The problem that the check or its options are.
fn options_problem(
    source: Source<'_>,
    rule_span: Span,
    rule: &crate::rule::Rule,
    misfit: &str,
) -> PackProblem {
    if let Some((option, reason)) = misfit.split_once(": no regular expression: ") {
        let reason = reason.trim_start_matches("error: ");
        return source.problem(
            source.word_in(rule_span, &rule.id, &[option]),
            format!(
                "`{option}` of the rule `{}` is no regular expression: {reason}",
                rule.id
            ),
            "Correct the expression; a sign that stands for itself needs a backslash before it.",
        );
    }
    let (words, help) = slip_in_words(misfit);
    let (words, help) = match words.split_once("; did you mean ") {
        Some((words, near)) => (words.to_owned(), Some(format!("Did you mean {near}"))),
        None => (words, help),
    };
    // What is quoted in the message stands in the file, but for the names that are allowed.
    let mut quoted: Vec<&str> = words.split('`').skip(1).step_by(2).take(1).collect();
    quoted.extend(words.split('"').skip(1).step_by(2).take(1));
    quoted.extend(words.split('\'').skip(1).step_by(2).take(1));
    quoted.push("with:");
    let help = match (&rule.check, help) {
        (_, Some(help)) => help,
        (Some(_), None) if words.starts_with("there is no check") => {
            "docs/checks.md lists the checks over front matter.".to_owned()
        }
        (Some(check), None) => format!("docs/checks.md says what options `{check}` has."),
        (None, None) => "Correct the rule.".to_owned(),
    };
    source.problem(
        source.word_in(rule_span, &rule.id, &quoted),
        format!("the rule `{}` cannot run: {words}", rule.id),
        help,
    )
}

fn check_rule(rule: &crate::rule::Rule, source: Source<'_>, problems: &mut Vec<PackProblem>) {
    let kebab = !rule.id.is_empty()
        && rule
            .id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !rule.id.starts_with('-')
        && !rule.id.ends_with('-');
    if !kebab {
        problems.push(source.problem(
            source.find_in_rule(&rule.id, &rule.id),
            format!("the id `{}` is not in kebab-case", rule.id),
            "Use lower-case letters, digits and single hyphens: `my-rule`.",
        ));
    }
    if let Some(selector) = &rule.selector
        && let Err(error) = Selector::parse(selector)
    {
        let start = source.find_in_rule(&rule.id, selector);
        let span = if start.is_empty() || selector.contains('\n') {
            start
        } else {
            Span::new((start.start + error.at).min(start.end), start.end)
        };
        problems.push(source.problem(
            span,
            format!(
                "the selector of `{}` does not parse: {}",
                rule.id, error.message
            ),
            "Write a selector list as CSS knows it, such as `div.ad, [id^=\"ad-\"]`.",
        ));
    }
    if rule.selector.is_none() && rule.check.is_none() {
        problems.push(source.problem(
            source.find_in_rule(&rule.id, &rule.id),
            format!("the rule `{}` has neither `match` nor `check`", rule.id),
            "Say which elements it is about with `match`, or name a check with `check`.",
        ));
    }
    for (what, missing) in [
        ("summary", rule.summary.trim().is_empty()),
        ("why", rule.why.trim().is_empty()),
        ("help", rule.help.trim().is_empty()),
    ] {
        if missing {
            problems.push(source.problem(
                source.find_in_rule(&rule.id, &rule.id),
                format!("the rule `{}` has an empty `{what}`", rule.id),
                "A message says what is wrong, why it matters and what to do.",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<PackProblem> {
        Registry::default()
            .add_pack(Source {
                path: "house.yaml",
                text,
            })
            .expect_err("the pack is wrong")
    }

    const HEAD: &str = "group: house\nrules:\n";

    #[test]
    fn a_wrong_field_is_named_at_its_place() {
        let text = format!(
            "{HEAD}  - id: a\n    summary: s\n    why: w\n    help: h\n    severity: loud\n    check: x\n    examples: []\n"
        );
        let found = problems(&text);
        assert!(found[0].message.contains("loud"), "{found:?}");
        assert_eq!(found[0].span.text(&text), "loud");
    }

    #[test]
    fn ids_are_kebab_case_and_a_rule_says_what_it_is_about() {
        let text = format!(
            "{HEAD}  - id: My_Rule\n    summary: s\n    why: w\n    help: ' '\n    examples: []\n"
        );
        let found = problems(&text);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert_eq!(found[0].span.text(&text), "My_Rule");
    }

    #[test]
    fn every_slip_is_told_at_its_place_with_a_remedy() {
        let rule = |id: &str, rest: &str| {
            format!("  - id: {id}\n    summary: s\n    why: w\n    help: h\n{rest}")
        };
        let one = |rest: &str| format!("{HEAD}{}", rule("a-rule", rest));
        let cases = [
            (
                one("    check: requred\n    with: { keys: [b] }\n"),
                "requred",
                "no check called",
                "`required`",
            ),
            (
                one("    check: required\n    with: { keys: b }\n"),
                "b",
                "another kind of value",
                "[a, b]",
            ),
            (
                one("    check: required\n    with: { key: [b] }\n"),
                "key",
                "no key called `key`",
                "`keys`",
            ),
            (
                one("    check: pattern\n    with: { keys: [a], require: '(a' }\n"),
                "require",
                "unclosed group",
                "Correct",
            ),
            (
                one("    check: pattern\n"),
                "a-rule",
                "`keys` is missing",
                "`keys:`",
            ),
            (
                one("    check: type\n    with: { keys: { a: [int] } }\n"),
                "int",
                "`int` is no value",
                "`integer`",
            ),
            (
                one("    check: required\n    phase: last\n"),
                "last",
                "no value of `phase`",
                "`layout`",
            ),
            (
                one("    check: required\n    severity: fatal\n"),
                "fatal",
                "no value of `severity`",
                "`error`",
            ),
            (
                one("    chek: required\n"),
                "chek",
                "no key called `chek`",
                "`check`",
            ),
            (
                one("    check: required\n    paths: ['[a']\n"),
                "[a",
                "glob",
                "docs/checks.md",
            ),
            (
                one("    match: div\n    check: required\n"),
                "required",
                "cannot have `match`",
                "docs/checks.md",
            ),
            (
                one("    fix: none\n"),
                "a-rule",
                "neither `match` nor `check`",
                "`match`",
            ),
            (
                format!("{HEAD}{0}{0}", rule("a-rule", "    check: root\n")),
                "a-rule",
                "two rules",
                "an id of its own",
            ),
            (
                "[]\n".to_owned(),
                "[",
                "a list, where another kind",
                "`key: value`",
            ),
            (
                "rules: []\n".to_owned(),
                "rules",
                "`group` is missing",
                "`group:`",
            ),
            (one("    summary: 一: 二\n"), "summary", "twice", "Keep one"),
            (one("    match: 一: 二\n"), ":", "a colon", "in quotes"),
        ];
        for (text, marked, message, help) in cases {
            let found = problems(&text);
            let problem = &found[0];
            assert!(problem.message.contains(message), "{text}{found:#?}");
            assert!(problem.help.contains(help), "{text}{found:#?}");
            if marked != " " {
                assert_eq!(problem.span.text(&text), marked, "{text}{found:#?}");
            }
        }
    }

    #[test]
    fn names_that_are_taken_are_refused() {
        for (id, group, marked, message) in [
            ("required-key", "house", "required-key", "there already"),
            ("syntax", "house", "syntax", "group of rules"),
            (
                "my-rule",
                "required-key",
                "required-key",
                "the name of a rule",
            ),
        ] {
            let text = format!(
                "group: {group}\nrules:\n  - id: {id}\n    summary: s\n    why: w\n    help: h\n    check: root\n"
            );
            let found = Registry::documented()
                .clone()
                .add_pack(Source {
                    path: "house.yaml",
                    text: &text,
                })
                .expect_err("the name is taken");
            assert!(found[0].message.contains(message), "{found:#?}");
            assert_eq!(found[0].span.text(&text), marked, "{found:#?}");
        }
    }
}
