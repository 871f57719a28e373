//! Runs the examples of rules and holds every rule to the laws: a fix converges, is idempotent,
//! breaks no front matter, stays on its side of the file, and keeps line ends and byte order mark.

use std::fmt;
use std::sync::Arc;

use super::{Settings, fix, lint};
use crate::document::Document;
use crate::finding::{Finding, Safety};
use crate::registry::{Registry, RuleEntry, Selection};
use crate::rule::{Activation, Example, FixKind, Profile};

/// An example that does not do what it says, or a law that a rule breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleFailure {
    /// The rule.
    pub rule: Arc<str>,
    /// Which example, from 1; 0 where the rule's set of examples is incomplete.
    pub example: usize,
    /// What went wrong.
    pub message: String,
    /// What was expected and what came, where there are two texts to compare.
    pub difference: Option<(String, String)>,
}

impl fmt::Display for ExampleFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule)?;
        if self.example > 0 {
            write!(f, ", example {}", self.example)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some((expected, actual)) = &self.difference {
            write!(f, "\n  expected: {expected:?}\n    actual: {actual:?}")?;
        }
        Ok(())
    }
}

/// Runs every example of `entry`, a rule of `registry`.
pub fn test_rule(registry: &Registry, entry: &RuleEntry) -> Vec<ExampleFailure> {
    let mut tester = Tester {
        registry,
        entry,
        example: 0,
        failures: Vec::new(),
    };
    tester.check_completeness();
    for (number, example) in entry.rule.examples.iter().enumerate() {
        tester.example = number + 1;
        tester.run(example);
    }
    tester.failures
}

struct Tester<'a> {
    registry: &'a Registry,
    entry: &'a RuleEntry,
    example: usize,
    failures: Vec<ExampleFailure>,
}

/// The same example as other people's editors would have saved it.
const VARIANTS: [(&str, Transform); 3] = [
    ("as written", str::to_owned),
    ("with CRLF", with_crlf),
    ("with a byte order mark", with_bom),
];

type Transform = fn(&str) -> String;

fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

fn with_bom(text: &str) -> String {
    format!("\u{feff}{}", text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// `text` as a file in another encoding: UTF-16 with its mark, anything else without one. The
/// encoder of `encoding_rs` writes UTF-8 where it is asked for UTF-16.
fn encoded(text: &str, label: &str) -> Vec<u8> {
    let units = || std::iter::once(0xFEFF).chain(text.encode_utf16());
    match encoding_rs::Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding == encoding_rs::UTF_16LE => {
            units().flat_map(u16::to_le_bytes).collect()
        }
        Some(encoding) if encoding == encoding_rs::UTF_16BE => {
            units().flat_map(u16::to_be_bytes).collect()
        }
        Some(encoding) => encoding.encode(text).0.into_owned(),
        None => text.as_bytes().to_vec(),
    }
}

impl Tester<'_> {
    fn fail(&mut self, message: impl Into<String>, difference: Option<(String, String)>) {
        self.failures.push(ExampleFailure {
            rule: self.entry.id.clone(),
            example: self.example,
            message: message.into(),
            difference,
        });
    }

    fn check_completeness(&mut self) {
        let examples = &self.entry.rule.examples;
        if !examples.iter().any(|example| example.before.is_some()) {
            self.fail("no example on which it fires (`before`)", None);
        }
        if !examples.iter().any(|example| example.keep.is_some()) {
            self.fail("no example on which it stays silent (`keep`)", None);
        }
        let fixes = self.entry.rule.fix != FixKind::None;
        if fixes && !examples.iter().any(|example| example.after.is_some()) {
            self.fail("it has a fix and no example of one (`after`)", None);
        }
    }

    fn run(&mut self, example: &Example) {
        let settings = match self.settings(example) {
            Ok(settings) => settings,
            Err(message) => return self.fail(message, None),
        };
        let whole = |text: &str| text.repeat(example.repeat.unwrap_or(1));
        let variants = if example.verbatim { 1 } else { VARIANTS.len() };
        for (name, transform) in VARIANTS.into_iter().take(variants) {
            match (&example.before, &example.keep) {
                (Some(before), None) => {
                    let after = example
                        .after
                        .as_deref()
                        .map(|after| transform(&whole(after)));
                    self.fires(
                        example,
                        &settings,
                        name,
                        &transform(&whole(before)),
                        after.as_deref(),
                    );
                }
                (None, Some(keep)) if example.after.is_none() => {
                    self.stays_silent(example, &settings, name, &transform(&whole(keep)));
                }
                _ => {
                    return self.fail(
                        "it has to have either `before` or `keep`, and `after` goes with `before`",
                        None,
                    );
                }
            }
        }
    }

    fn settings(&self, example: &Example) -> Result<Settings, String> {
        let profile = example.profile.unwrap_or(match &self.entry.rule.default {
            Activation::In(profiles) => profiles.first().copied().unwrap_or_default(),
            Activation::On | Activation::Off => Profile::default(),
        });
        let preset = example.preset.as_deref().unwrap_or("generic");
        let preset = self
            .registry
            .preset(preset)
            .ok_or_else(|| format!("there is no preset called `{preset}`"))?;
        let mut selection = Selection::new(profile, preset.clone());
        selection.select = vec![self.entry.id.to_string()];
        selection.select.extend(example.also.iter().cloned());
        if let Some(with) = &example.with {
            selection
                .options
                .insert(self.entry.id.to_string(), with.clone());
        }
        match self.registry.compile(&selection) {
            Ok(rules) => Ok(Settings {
                rules: Arc::new(rules),
                source_keys: vec!["from".to_owned()],
            }),
            Err(problems) => Err(problems
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ")),
        }
    }

    fn document(example: &Example, text: &str) -> Document {
        let path = example.path.as_deref().unwrap_or("example.md");
        let bytes = match example.encoding.as_deref() {
            None => text.as_bytes().to_vec(),
            Some(label) => encoded(text, label),
        };
        Document::new(path, bytes)
    }

    fn own(&self, findings: Vec<Finding>) -> Vec<Finding> {
        findings
            .into_iter()
            .filter(|finding| finding.rule == self.entry.id)
            .collect()
    }

    fn stays_silent(&mut self, example: &Example, settings: &Settings, variant: &str, text: &str) {
        let findings = self.own(lint(&Self::document(example, text), settings));
        if let Some(finding) = findings.first() {
            let place = finding.span.text(text).to_owned();
            self.fail(
                format!(
                    "it fires on what it has to leave alone ({variant}): {} at {place:?}",
                    finding.message
                ),
                None,
            );
        }
    }

    fn fires(
        &mut self,
        example: &Example,
        settings: &Settings,
        variant: &str,
        text: &str,
        after: Option<&str>,
    ) {
        let document = Self::document(example, text);
        let findings = self.own(lint(&document, settings));
        if findings.is_empty() {
            return self.fail(format!("it does not fire ({variant})"), None);
        }
        if let Some(part) = &example.message
            && !findings
                .iter()
                .any(|finding| finding.message.contains(part.as_str()))
        {
            let said = findings
                .iter()
                .map(|f| f.message.as_str())
                .collect::<Vec<_>>()
                .join(" | ");
            self.fail(
                format!("no message has the expected part ({variant})"),
                Some((part.clone(), said)),
            );
        }
        let ceiling = settings
            .rules
            .rules()
            .iter()
            .find(|rule| rule.entry.id == self.entry.id)
            .map_or(Safety::Unsafe, |rule| rule.safety);
        let expected = example.safety.unwrap_or(ceiling);
        for finding in &findings {
            match (&finding.fix, after) {
                (Some(fix), None) => {
                    let title = fix.title.clone();
                    self.fail(
                        format!("a fix is offered though there is no `after` ({variant}): {title}"),
                        None,
                    );
                }
                (Some(fix), Some(_)) if fix.safety != expected => {
                    let safety = fix.safety.as_str();
                    self.fail(format!("its fix is {safety} ({variant})"), None);
                }
                _ => {}
            }
        }
        if let Some(after) = after {
            if findings.iter().all(|finding| finding.fix.is_none()) {
                let reason = findings[0].withheld.clone().unwrap_or_default();
                let reason = match (reason.is_empty(), self.entry.rule.fix) {
                    (true, crate::rule::FixKind::None) => {
                        "because the rule says `fix: none`; `fix: check` offers those of its check"
                            .to_owned()
                    }
                    _ => reason,
                };
                return self.fail(format!("no fix is offered ({variant}) {reason}"), None);
            }
            self.obeys_the_laws(&document, settings, variant, after);
        }
    }

    fn obeys_the_laws(
        &mut self,
        document: &Document,
        settings: &Settings,
        variant: &str,
        after: &str,
    ) {
        let fixed = fix(document, settings, Safety::Unsafe);
        if let Some(stop) = &fixed.stopped {
            return self.fail(format!("its fixes were given up ({variant}): {stop}"), None);
        }
        let result = document.with_bytes(fixed.bytes);
        if result.bytes() != after.as_bytes() {
            let actual = String::from_utf8_lossy(result.bytes()).into_owned();
            return self.fail(
                format!("the fix makes something else ({variant})"),
                Some((after.to_owned(), actual)),
            );
        }
        let again = fix(&result, settings, Safety::Unsafe);
        if again.bytes != result.bytes() {
            let actual = String::from_utf8_lossy(&again.bytes).into_owned();
            self.fail(
                format!("a second run changes something ({variant})"),
                Some((after.to_owned(), actual)),
            );
        }
        if document.front_matter().tree().is_some() && result.front_matter().tree().is_none() {
            self.fail(format!("the fix breaks the front matter ({variant})"), None);
        }
        if self.entry.rule.selector.is_some() {
            let head = |document: &Document| document.bytes()[..document.body().start].to_vec();
            if head(document) != head(&result) {
                self.fail(
                    format!("a fix of the body changes the front matter ({variant})"),
                    None,
                );
            }
        }
    }
}
