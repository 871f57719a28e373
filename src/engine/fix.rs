use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Settings;
use super::lint::lint;
use crate::document::Document;
use crate::finding::{Finding, Safety};
use crate::registry::Kind;
use crate::rule::{EngineCheck, Phase};
use crate::source::{Edit, apply};

/// More passes than any sound set of rules needs.
const MAX_PASSES: usize = 10;

/// What became of a document.
#[derive(Debug)]
pub struct Fixed {
    /// The bytes after all fixes; the original ones where the run was stopped.
    pub bytes: Vec<u8>,
    /// How many fixes of each rule were applied.
    pub applied: BTreeMap<Arc<str>, usize>,
    /// What is left to say about `bytes`.
    pub remaining: Vec<Finding>,
    /// Why nothing was changed, if the fixes did not get along.
    pub stopped: Option<Stop>,
}

/// Why fixes were given up; the document is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The fixes of these rules undo each other.
    Cycle(Vec<Arc<str>>),
    /// After ten passes these rules still had fixes.
    NoConvergence(Vec<Arc<str>>),
    /// The front matter parsed before and not after the fixes of these rules.
    BrokeFrontMatter(Vec<Arc<str>>),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cycle(rules) => {
                let names = rules.iter().chain(rules.first());
                let names: Vec<&str> = names.map(AsRef::as_ref).collect();
                write!(
                    f,
                    "the fixes of these rules undo each other: {}",
                    names.join(" -> ")
                )
            }
            Self::NoConvergence(rules) => write!(
                f,
                "after {MAX_PASSES} passes these rules still had fixes: {}",
                rules.join(", ")
            ),
            Self::BrokeFrontMatter(rules) => write!(
                f,
                "the front matter would not parse after the fixes of {}",
                rules.join(", ")
            ),
        }
    }
}

/// Applies the fixes up to `allowed`, phase by phase, until none is left.
///
/// The first pass works on the findings of [`lint`](super::lint), so what `check` reports as
/// fixable is what is fixed.
pub fn fix(document: &Document, settings: &Settings, allowed: Safety) -> Fixed {
    fix_part(document, settings, allowed, 0)
}

/// As [`fix`], for what may be a part of a page. The `frozen` bytes at the start only say what the rest
/// stands in: nothing is reported or changed in them. With any, the rest is not the head of the page,
/// and only the rules over elements run.
pub(super) fn fix_part(
    document: &Document,
    settings: &Settings,
    allowed: Safety,
    frozen: usize,
) -> Fixed {
    let lint = |document: &Document| {
        let mut findings = lint(document, settings);
        if document.is_part() {
            findings.retain(|finding| is_of_part(finding, settings, frozen));
        }
        findings
    };
    let mut current = document.with_bytes(document.bytes().to_vec());
    let mut applied: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    let mut seen = vec![digest(current.bytes())];
    let mut rules_of_pass: Vec<Vec<Arc<str>>> = Vec::new();
    let mut findings = lint(&current);
    let stop = loop {
        let taken = take(&findings, settings, allowed);
        if taken.edits.is_empty() {
            break None;
        }
        let rules = taken.rules();
        if rules_of_pass.len() == MAX_PASSES {
            break Some(Stop::NoConvergence(rules));
        }
        let bytes = apply(current.bytes(), &taken.edits);
        let next = current.with_bytes(bytes);
        if current.front_matter().tree().is_some() && next.front_matter().tree().is_none() {
            break Some(Stop::BrokeFrontMatter(rules));
        }
        let digest = digest(next.bytes());
        rules_of_pass.push(rules);
        if let Some(start) = seen.iter().position(|old| *old == digest) {
            let mut names: Vec<Arc<str>> = Vec::new();
            for name in rules_of_pass[start..].iter().flatten() {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            break Some(Stop::Cycle(names));
        }
        seen.push(digest);
        // Of a large page with many of them two passes are not held at a time.
        drop(findings);
        for (rule, count) in taken.counts {
            *applied.entry(rule).or_default() += count;
        }
        current = next;
        findings = lint(&current);
    };
    match stop {
        None => Fixed {
            bytes: current.into_bytes(),
            applied,
            remaining: findings,
            stopped: None,
        },
        Some(stop) => Fixed {
            bytes: document.bytes().to_vec(),
            applied: BTreeMap::new(),
            remaining: lint(document),
            stopped: Some(stop),
        },
    }
}

fn is_of_part(finding: &Finding, settings: &Settings, frozen: usize) -> bool {
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let can_tell = settings.rules.rules().iter().any(|rule| {
        rule.entry.id == finding.rule
            && match rule.kind {
                Kind::Element { .. } | Kind::Engine(EngineCheck::EmptiedWrapper) => true,
                Kind::Document(_) => frozen == 0,
                Kind::Engine(_) => false,
            }
    });
    can_tell
        && finding.span.start >= frozen
        && edits
            .map(|edit| edit.span.start)
            .all(|start| start >= frozen)
}

/// The fixes that go together in one pass.
struct Taken {
    /// Sorted by start, not overlapping.
    edits: Vec<Edit>,
    counts: BTreeMap<Arc<str>, usize>,
}

impl Taken {
    fn rules(&self) -> Vec<Arc<str>> {
        self.counts.keys().cloned().collect()
    }
}

/// Picks, in file order, the fixes of the earliest phase that do not get into each other's way.
///
/// A fix is taken whole or not at all: if one of its edits overlaps an edit that is taken, or
/// inserts where another one inserts, the whole fix waits for the next pass. Deletions may touch.
/// A fix that lies within deletions already taken is done with them.
fn take(findings: &[Finding], settings: &Settings, allowed: Safety) -> Taken {
    let phases: FxHashMap<&str, Phase> = settings
        .rules
        .rules()
        .iter()
        .map(|rule| (&*rule.entry.id, rule.phase))
        .collect();
    let phase_of = |finding: &Finding| phases.get(&*finding.rule).copied().unwrap_or_default();
    let mut fixable: Vec<(Phase, &Finding, &[Edit])> = findings
        .iter()
        .filter_map(|finding| {
            let fix = finding.fix.as_ref().filter(|fix| fix.safety <= allowed)?;
            (!fix.edits.is_empty()).then(|| (phase_of(finding), finding, fix.edits.as_slice()))
        })
        .collect();
    let earliest = fixable.iter().map(|(phase, ..)| *phase).min();
    fixable.retain(|(phase, ..)| Some(*phase) == earliest);
    // Of two that start together the one that reaches further goes first: a wrapper swallows what
    // it holds.
    fixable.sort_by_key(|(_, _, edits)| {
        let start = edits.first().map_or(0, |edit| edit.span.start);
        let end = edits.last().map_or(0, |edit| edit.span.end);
        (start, std::cmp::Reverse(end))
    });
    let mut edits_taken = EditSet::default();
    let mut counts: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for (_, finding, edits) in fixable {
        if !edits.iter().all(|edit| edits_taken.swallows(edit)) {
            if edits.iter().any(|edit| edits_taken.is_in_the_way_of(edit)) {
                continue;
            }
            edits_taken.extend(edits);
        }
        *counts.entry(finding.rule.clone()).or_default() += 1;
    }
    Taken {
        edits: edits_taken.0.into_values().collect(),
        counts,
    }
}

/// Edits that do not overlap, by start and end.
#[derive(Default)]
struct EditSet(BTreeMap<(usize, usize), Edit>);

impl EditSet {
    fn extend(&mut self, edits: &[Edit]) {
        for edit in edits {
            self.0
                .insert((edit.span.start, edit.span.end), edit.clone());
        }
    }

    /// The edits that overlap or touch `edit`, last first: since none overlaps another, those that
    /// start before its end are in the order of their ends too.
    fn near<'a>(&'a self, edit: &'a Edit) -> impl Iterator<Item = &'a Edit> {
        self.0
            .range(..=(edit.span.end, usize::MAX))
            .rev()
            .map(|(_, done)| done)
            .take_while(|done| done.span.end >= edit.span.start)
    }

    /// Whether a deletion already takes away what `edit` changes.
    fn swallows(&self, edit: &Edit) -> bool {
        !edit.span.is_empty()
            && self
                .near(edit)
                .any(|done| done.is_deletion() && done.span.covers(edit.span))
    }

    fn is_in_the_way_of(&self, edit: &Edit) -> bool {
        self.near(edit).any(|done| in_the_way(done, edit))
    }
}

fn in_the_way(done: &Edit, edit: &Edit) -> bool {
    if done.span.overlaps(edit.span) {
        return true;
    }
    let touches = done.span.end == edit.span.start
        || edit.span.end == done.span.start
        || done.span.start == edit.span.start;
    touches && !(done.is_deletion() && edit.is_deletion())
}

fn digest(bytes: &[u8]) -> u64 {
    rustc_hash::FxBuildHasher.hash_one(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Ruleset;
    use crate::rule::{Claim, Context, DocumentCheck, Proposal, Report};
    use crate::source::Span;

    /// Wherever `from` stands, offers to put `to` there.
    struct Swap {
        from: &'static str,
        to: &'static str,
    }

    impl DocumentCheck for Swap {
        fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
            let text = context.document.text().unwrap_or("");
            for (at, _) in text.match_indices(self.from) {
                let span = Span::new(at, at + self.from.len());
                reports.push(Report::at(span).propose(Proposal::Edits {
                    title: "Swap".into(),
                    safety: Safety::Safe,
                    edits: vec![Edit::replace(span, self.to)],
                    claim: Claim::Syntax,
                }));
            }
        }
    }

    fn run(text: &str, swaps: &[(&'static str, &'static str, &'static str)]) -> Fixed {
        let checks = swaps
            .iter()
            .map(|&(id, from, to)| (id, Box::new(Swap { from, to }) as Box<dyn DocumentCheck>))
            .collect();
        let settings = Settings {
            rules: Arc::new(Ruleset::of_checks(checks)),
            source_keys: Vec::new(),
        };
        let document = Document::new("a.md", text.as_bytes().to_vec());
        fix(&document, &settings, Safety::Safe)
    }

    #[test]
    fn fixes_of_several_passes_add_up() {
        let fixed = run("文a a", &[("one", "a", "b"), ("two", "b", "c")]);
        assert_eq!(fixed.bytes, "文c c".as_bytes());
        assert_eq!(fixed.applied.values().sum::<usize>(), 4);
        assert_eq!(fixed.stopped, None);
    }

    #[test]
    fn rules_that_undo_each_other_are_named_and_nothing_is_changed() {
        let fixed = run("x a", &[("one", "a", "b"), ("two", "b", "a")]);
        assert_eq!(
            fixed.stopped,
            Some(Stop::Cycle(vec!["one".into(), "two".into()]))
        );
        assert_eq!(fixed.bytes, b"x a");
        assert!(fixed.applied.is_empty());
        let said = fixed.stopped.map(|stop| stop.to_string());
        assert!(said.is_some_and(|said| said.ends_with("one -> two -> one")));
    }

    #[test]
    fn a_rule_that_never_ends_is_stopped() {
        let fixed = run("a", &[("grow", "a", "aa")]);
        assert_eq!(
            fixed.stopped,
            Some(Stop::NoConvergence(vec!["grow".into()]))
        );
        assert_eq!(fixed.bytes, b"a");
    }

    #[test]
    fn front_matter_that_parsed_is_never_broken() {
        let text = "---\ntitle: \"a\"\n---\n";
        let fixed = run(text, &[("break", "\"a\"", "\"a")]);
        assert_eq!(
            fixed.stopped,
            Some(Stop::BrokeFrontMatter(vec!["break".into()]))
        );
        assert_eq!(fixed.bytes, text.as_bytes());
    }

    #[test]
    fn deletions_may_touch_and_insertions_at_one_place_may_not() {
        let mut set = EditSet::default();
        set.extend(&[Edit::delete(Span::new(2, 5)), Edit::insert(9, "x")]);
        assert!(!set.is_in_the_way_of(&Edit::delete(Span::new(5, 7))));
        assert!(!set.is_in_the_way_of(&Edit::delete(Span::new(0, 2))));
        assert!(set.is_in_the_way_of(&Edit::delete(Span::new(4, 7))));
        assert!(set.is_in_the_way_of(&Edit::insert(9, "y")));
        assert!(set.is_in_the_way_of(&Edit::insert(2, "y")));
        assert!(set.swallows(&Edit::replace(Span::new(3, 4), "z")));
        assert!(!set.swallows(&Edit::replace(Span::new(3, 6), "z")));
    }
}
