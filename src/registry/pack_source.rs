//! The text of a pack, and where in it something is wrong.

use std::sync::Arc;

use super::slip::slip_in_words;
use super::yaml_slip;
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

    pub(super) fn syntax(self, error: &serde_yaml::Error) -> PackProblem {
        if let Some(slip) = yaml_slip(self.text, error) {
            return self.problem(slip.span, slip.message, slip.help);
        }
        let at = error
            .location()
            .map_or(0, |location| location.index().min(self.text.len()));
        let word = self.text.get(at..).map_or(1, |rest| {
            rest.chars()
                .take_while(|c| !c.is_whitespace() && !matches!(c, ':' | ',' | ']' | '}'))
                .map(char::len_utf8)
                .sum()
        });
        let (message, help) = slip_in_words(&error.to_string());
        let message = match message.strip_prefix("it is ") {
            Some(rest) => format!("the file is {rest}"),
            None => message,
        };
        self.problem(
            Span::new(at, (at + word).min(self.text.len())),
            message,
            help.unwrap_or_else(|| "Correct the YAML of the pack.".to_owned()),
        )
    }

    /// The lines of the `number`-th rule called `id`, from 0.
    pub(super) fn rule_span(self, id: &str, number: usize) -> Span {
        let line = |line: &str| {
            let rest = line.trim_start().trim_start_matches("- ");
            let rest = rest.strip_prefix("id:").map(str::trim);
            rest.map(|rest| rest.trim_matches(['"', '\'']))
                .and_then(|rest| rest.split([' ', '\t', '#']).next())
                .map(str::to_owned)
        };
        let mut at = 0;
        let mut seen = 0;
        let mut start = None;
        for text in self.text.split_inclusive('\n') {
            match line(text) {
                Some(name) if start.is_none() && name == id => {
                    if seen == number {
                        start = Some(at);
                    }
                    seen += 1;
                }
                Some(_) => {
                    if let Some(start) = start {
                        return Span::new(start, at);
                    }
                }
                None => {}
            }
            at += text.len();
        }
        Span::new(start.unwrap_or(0), self.text.len())
    }

    /// Where one of `words` stands in the rule: as a value, a key or a part of one. The rule's id
    /// where none does.
    pub(super) fn word_in(self, rule: Span, id: &str, words: &[&str]) -> Span {
        let text = rule.text(self.text);
        let with = ["\n    with:", "\n    check:", "\n    paths:"]
            .iter()
            .filter_map(|key| text.find(key))
            .min()
            .unwrap_or(0);
        words
            .iter()
            .filter(|word| !word.is_empty())
            .find_map(|word| {
                let at = with + text.get(with..)?.find(word)?;
                Some(Span::new(rule.start + at, rule.start + at + word.len()))
            })
            .or_else(|| {
                let at = rule.start + text.find(id)?;
                Some(Span::new(at, at + id.len()))
            })
            .unwrap_or(Span::empty(rule.start))
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
