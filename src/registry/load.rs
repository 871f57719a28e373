use std::sync::Arc;

use super::{Registry, RuleEntry};
use crate::html::Selector;
use crate::rule::{Pack, Preset};
use crate::source::Span;

/// The text of a pack or preset file.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its path as it is printed.
    pub path: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// Something wrong in a pack or preset file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackProblem {
    /// The file.
    pub path: Arc<str>,
    /// Where in it, in bytes.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Source<'_> {
    pub(super) fn problem(
        self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> PackProblem {
        PackProblem {
            path: self.path.into(),
            span,
            message: message.into(),
            help: help.into(),
        }
    }

    fn syntax(self, error: &serde_yaml::Error) -> PackProblem {
        let at = error
            .location()
            .map_or(0, |location| location.index().min(self.text.len()));
        let word = self.text.get(at..).map_or(1, |rest| {
            rest.chars()
                .take_while(|c| !c.is_whitespace())
                .map(char::len_utf8)
                .sum()
        });
        self.problem(
            Span::new(at, (at + word).min(self.text.len())),
            error.to_string(),
            "See the rule format in the documentation of packs.",
        )
    }

    /// Where `needle` stands as a value after `id: OF`; the start of the file if it does not.
    pub(super) fn find_in_rule(self, id: &str, needle: &str) -> Span {
        let rule = self.text.find(&format!("id: {id}")).unwrap_or(0);
        let tail = self.text.get(rule..).unwrap_or("");
        let first = needle.lines().next().unwrap_or(needle);
        tail.find(first).map_or(Span::empty(rule), |at| {
            Span::new(rule + at, rule + at + first.len())
        })
    }
}

impl Registry {
    /// Adds the rules of a pack. A rule with the id of one that is there already takes its place.
    ///
    /// # Errors
    /// Every problem found; nothing is added then.
    pub fn add_pack(&mut self, source: Source<'_>) -> Result<(), Vec<PackProblem>> {
        let pack: Pack =
            serde_yaml::from_str(source.text).map_err(|error| vec![source.syntax(&error)])?;
        let mut problems = Vec::new();
        for rule in &pack.rules {
            check_rule(rule, source, &mut problems);
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

    pub(super) fn insert_pack(&mut self, path: &str, pack: Pack, built_in: bool) {
        let group: Arc<str> = pack.group.into();
        let path: Arc<str> = path.into();
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
}
