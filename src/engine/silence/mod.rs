//! Writes directives into a document so that its findings are no longer reported.
//!
//! A directive changes nothing that a reader or a generator sees. Each one is tried on a scratch copy:
//! the page must read the same but for the comment, the front matter must say the same, and the
//! finding must be gone. Where a line has no such place, a directive for the file is tried; what cannot be
//! hidden is left.

mod place;
mod proof;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::lint::heard;
use super::suppress::Directives;
use super::{Settings, lint};
use crate::document::Document;
use crate::finding::Finding;
use crate::source::{Edit, Span, apply};

use place::{Form, Place, places_for_file, places_for_line};
use proof::{Added, is_harmless};

/// What the checks say is hidden in the first round, what follows from it in the others.
const MAX_ROUNDS: usize = 10;

/// What became of a document.
#[derive(Debug)]
pub struct Silenced {
    /// The bytes with the directives.
    pub bytes: Vec<u8>,
    /// How many findings of each rule are hidden now.
    pub hidden: BTreeMap<Arc<str>, usize>,
    /// What is still reported of `bytes`.
    pub left: Vec<Finding>,
}

/// Why `reason` cannot stand in a directive; `None` if it can.
pub fn reason_problem(reason: &str) -> Option<&'static str> {
    if reason.contains("-->") || reason.contains("--!>") || reason.contains("*/") {
        Some("it would end the comment it stands in (`-->`, `*/`)")
    } else if reason.chars().any(char::is_control) {
        Some("it has to fit on one line")
    } else {
        None
    }
}

/// Hides the findings of `document` by directives that give `reason` (may be empty).
///
/// A document that is not UTF-8 is left as it is.
pub fn silence(document: &Document, settings: &Settings, reason: &str) -> Silenced {
    let mut done = document.with_bytes(document.bytes().to_vec());
    let mut left = lint(document, settings);
    let before = by_rule(&left);
    if document.text().is_some() {
        for _ in 0..MAX_ROUNDS {
            let mut round = Round {
                old: done,
                settings,
                reason,
                taken: Vec::new(),
                new: None,
            };
            let mut found = heard(&round.old, settings);
            if found.is_empty() {
                let starts = left.iter().map(|it| (it.rule.clone(), it.span.start));
                found.extend(starts);
            }
            round.all(found);
            let progress = round.new.is_some();
            done = round.new.unwrap_or(round.old);
            if !progress {
                break;
            }
            left = lint(&done, settings);
            if left.is_empty() {
                break;
            }
        }
    }
    let after = by_rule(&left);
    let hidden = before.into_iter().filter_map(|(rule, number)| {
        let number = number.saturating_sub(after.get(&rule).copied().unwrap_or(0));
        (number > 0).then_some((rule, number))
    });
    Silenced {
        hidden: hidden.collect(),
        bytes: done.into_bytes(),
        left,
    }
}

fn by_rule(findings: &[Finding]) -> BTreeMap<Arc<str>, usize> {
    let mut numbers = BTreeMap::new();
    for finding in findings {
        *numbers.entry(finding.rule.clone()).or_default() += 1;
    }
    numbers
}

/// Findings that are hidden together, and where a directive for them may stand, best first.
#[derive(Debug, Clone)]
struct Group {
    /// Rule and start of each.
    found: Vec<(Arc<str>, usize)>,
    places: Vec<Place>,
    /// Which of `places` is tried.
    tried: usize,
}

impl Group {
    fn place(&self) -> Option<&Place> {
        self.places.get(self.tried)
    }
}

struct Round<'a> {
    old: Document,
    settings: &'a Settings,
    reason: &'a str,
    /// Groups whose directives hold.
    taken: Vec<Group>,
    /// The document with them.
    new: Option<Document>,
}

impl Round<'_> {
    fn all(&mut self, found: Vec<(Arc<str>, usize)>) {
        let directives = Directives::read(&self.old);
        let mut by_line: BTreeMap<usize, Vec<(Arc<str>, usize)>> = BTreeMap::new();
        for found in found {
            let line = self.old.lines().line_of(found.1);
            by_line.entry(line).or_default().push(found);
        }
        let groups = by_line
            .into_iter()
            .map(|(line, found)| Group {
                places: places_for_line(&self.old, &directives, line, &found),
                found,
                tried: 0,
            })
            .collect();
        let mut by_rule: BTreeMap<Arc<str>, Vec<(Arc<str>, usize)>> = BTreeMap::new();
        for found in self
            .settle(groups)
            .into_iter()
            .flat_map(|group| group.found)
        {
            by_rule.entry(found.0.clone()).or_default().push(found);
        }
        let places = places_for_file(&self.old, &directives);
        let groups = by_rule
            .into_values()
            .map(|found| Group {
                found,
                places: places.clone(),
                tried: 0,
            })
            .collect();
        self.settle(groups);
    }

    /// Takes those of `groups` that have a place, and gives the others back. They are tried together;
    /// only a set that fails is halved, so that a page with many findings costs a few readings.
    fn settle(&mut self, mut groups: Vec<Group>) -> Vec<Group> {
        let mut given_up: Vec<Group> = Vec::new();
        groups.retain(|group| {
            let any = group.place().is_some();
            if !any {
                given_up.push(group.clone());
            }
            any
        });
        if groups.is_empty() {
            return given_up;
        }
        if let Some(new) = self.trial(&groups) {
            self.new = Some(new);
            self.taken.append(&mut groups);
            return given_up;
        }
        if let [group] = groups.as_mut_slice() {
            group.tried += 1;
            given_up.extend(self.settle(groups));
            return given_up;
        }
        let right = groups.split_off(groups.len() / 2);
        given_up.extend(self.settle(groups));
        given_up.extend(self.settle(right));
        given_up
    }

    /// The document with the directives of those that are taken and of `more`, if they do what they
    /// should and nothing else.
    fn trial(&self, more: &[Group]) -> Option<Document> {
        let old = self.old.bytes();
        let mut rules: BTreeMap<&Place, BTreeSet<&Arc<str>>> = BTreeMap::new();
        for group in self.taken.iter().chain(more) {
            let names = rules.entry(group.place()?).or_default();
            names.extend(group.found.iter().map(|(rule, _)| rule));
        }
        let (mut edits, mut added, mut longer) = (Vec::new(), Vec::new(), 0);
        for (place, names) in rules {
            let names: Vec<&str> = names.into_iter().map(|name| &**name).collect();
            let (text, comment) = place.text(&names, self.reason);
            let start = place.at + longer;
            added.push(Added {
                old_at: place.at,
                own_line: place.form == Form::Line,
                span: Span::new(start, start + text.len()),
                comment: comment.map(|range| Span::new(start + range.start, start + range.end)),
            });
            longer += text.len();
            edits.push(Edit::insert(place.at, text));
        }
        let new = self.old.with_bytes(apply(old, &edits));
        if !is_harmless(&self.old, &new, &added) {
            return None;
        }
        let moved = |at: usize| {
            let before = added.iter().take_while(|added| added.old_at <= at);
            at + before.map(|added| added.span.len()).sum::<usize>()
        };
        let mut stay: BTreeSet<(Arc<str>, usize)> =
            heard(&new, self.settings).into_iter().collect();
        let findings = lint(&new, self.settings).into_iter();
        stay.extend(findings.map(|finding| (finding.rule, finding.span.start)));
        let hides = |group: &Group| {
            let mut found = group.found.iter();
            found.all(|(rule, at)| !stay.contains(&(rule.clone(), moved(*at))))
        };
        let complains = stay.iter().any(|(_, at)| {
            let spans = added.iter().map(|added| added.span);
            spans.into_iter().any(|span| span.contains(*at))
        });
        let good = !complains && self.taken.iter().chain(more).all(hides);
        good.then_some(new)
    }
}

#[cfg(test)]
mod tests;
