//! The removal plan: which of the elements that rules want gone may go, what goes with them, and the
//! edits that leave no trace of them.

mod cascade;
mod guards;
mod seams;
mod trial;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Document;
use crate::finding::{Fix, Safety};
use crate::html::ElementId;
use crate::source::Span;

/// What is to be done to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It goes with all it holds.
    Remove,
    /// Its tags go.
    Unwrap,
}

/// An element that a rule wants gone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Removal {
    pub(super) element: ElementId,
    pub(super) kind: Kind,
    /// How safe it is before the guards have looked.
    pub(super) safety: Safety,
    /// Whether the rule says that embedded things may go with the element.
    pub(super) media: bool,
}

pub(super) type Candidate = Removal;

/// What the guards say of a candidate.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It may go.
    Fix(Fix),
    /// It stays, for this reason.
    Withheld(String),
    /// It is the same element as, or lies in, another candidate that goes and needs no finding of
    /// its own.
    Swallowed,
}

/// All removals of a document, planned together.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// One for each candidate, in their order.
    pub(super) outcomes: Vec<Outcome>,
    /// Wrappers that are empty afterwards: their start tags and the fix that removes them with all
    /// they held.
    pub(super) wrappers: Vec<(Span, Fix)>,
    /// The body is over its budget: where to say so, and how much would go.
    pub(super) over_budget: Option<(Span, String)>,
}

/// The share of a body's visible text that removals may take, in percent, and the display columns
/// that they may take whatever the share: past both, an article is being eaten.
const BUDGET_PERCENT: usize = 40;
const BUDGET_FREE: usize = 2_000;

/// Plans the removal of `candidates`. A wrapper that becomes empty goes too if `wrapper_goes`
/// (asked with its start tag) says so.
pub(super) fn plan(
    document: &Document,
    candidates: &[Candidate],
    wrapper_goes: &dyn Fn(ElementId, Span) -> bool,
) -> Plan {
    let mut planner = Planner {
        document,
        candidates,
        verdicts: guards::judge(document, candidates),
        wrappers: Vec::new(),
    };
    planner.merge_duplicates();
    let over_budget = planner.keep_to_the_budget();
    planner.climb(wrapper_goes);
    let mut plan = planner.finish();
    plan.over_budget = over_budget;
    plan
}

/// What is known of a candidate so far.
#[derive(Debug, Clone)]
enum Verdict {
    Goes(Safety),
    Stays(String),
    Swallowed,
}

struct Planner<'a> {
    document: &'a Document,
    candidates: &'a [Candidate],
    verdicts: Vec<Verdict>,
    wrappers: Vec<(ElementId, Safety)>,
}

impl Planner<'_> {
    /// Of several candidates for one element, or for an element and one inside it, the outer and
    /// safer one speaks for all.
    fn merge_duplicates(&mut self) {
        let arena = self.document.arena();
        let mut best: FxHashMap<ElementId, (Safety, usize)> = FxHashMap::default();
        for (place, candidate) in self.candidates.iter().enumerate() {
            if let (Some(Verdict::Goes(safety)), Kind::Remove) =
                (self.verdicts.get(place), candidate.kind)
            {
                let entry = best.entry(candidate.element).or_insert((*safety, place));
                if (*safety, place) < *entry {
                    *entry = (*safety, place);
                }
            }
        }
        for (place, candidate) in self.candidates.iter().enumerate() {
            let Some(verdict) = self.verdicts.get_mut(place) else {
                continue;
            };
            let own = match verdict {
                Verdict::Goes(safety) => *safety,
                // What goes with an outer element, or by another rule, needs no excuse.
                Verdict::Stays(_) => Safety::Unsafe,
                Verdict::Swallowed => continue,
            };
            let same = best
                .get(&candidate.element)
                .is_some_and(|&(safety, first)| first != place && safety <= own);
            let around = arena
                .ancestors(candidate.element)
                .any(|outer| best.get(&outer).is_some_and(|&(safety, _)| safety <= own));
            if same || around {
                *verdict = Verdict::Swallowed;
            }
        }
    }

    /// Takes back every removal that costs text when together they cost too much of it.
    fn keep_to_the_budget(&mut self) -> Option<(Span, String)> {
        let arena = self.document.arena();
        let source = self.document.bytes();
        let mask = self.document.mask();
        let columns = |span: Span| crate::html::columns(&arena.text_in(source, mask, span));
        let costs: Vec<usize> = self
            .candidates
            .iter()
            .zip(&self.verdicts)
            .map(|(candidate, verdict)| match (verdict, candidate.kind) {
                (Verdict::Goes(_), Kind::Remove) => {
                    crate::html::columns(&arena.text(source, mask, candidate.element))
                }
                _ => 0,
            })
            .collect();
        let cost: usize = costs.iter().sum();
        if cost <= BUDGET_FREE {
            return None;
        }
        let all = columns(self.document.body());
        if cost * 100 <= all * BUDGET_PERCENT {
            return None;
        }
        let percent = (cost * 100).checked_div(all).unwrap_or(100).min(100);
        let mut at = None;
        for ((candidate, verdict), cost) in
            self.candidates.iter().zip(&mut self.verdicts).zip(costs)
        {
            if cost > 0 {
                at.get_or_insert(arena.element(candidate.element).start);
                *verdict = Verdict::Stays(format!(
                    "all removals together would take {percent} % of the text"
                ));
            }
        }
        at.map(|at| {
            (
                at,
                format!(
                    "The removals would take {percent} % of the visible text, more than the {BUDGET_PERCENT} % that are allowed"
                ),
            )
        })
    }

    /// Adds the wrappers that become empty.
    fn climb(&mut self, wrapper_goes: &dyn Fn(ElementId, Span) -> bool) {
        let arena = self.document.arena();
        for level in [Safety::Safe, Safety::Unsafe] {
            let wrappers: FxHashSet<ElementId> =
                self.wrappers.iter().map(|(element, _)| *element).collect();
            let gone: FxHashSet<ElementId> = self
                .candidates
                .iter()
                .zip(&self.verdicts)
                .filter(|(candidate, verdict)| {
                    candidate.kind == Kind::Remove
                        && matches!(verdict, Verdict::Goes(safety) if *safety <= level)
                })
                .map(|(candidate, _)| candidate.element)
                .filter(|&element| !arena.ancestors(element).any(|up| wrappers.contains(&up)))
                .chain(self.wrappers.iter().map(|(element, _)| *element))
                .collect();
            for element in cascade::emptied(self.document, gone, wrapper_goes) {
                self.wrappers.push((element, level));
            }
        }
    }

    /// Makes the edits.
    fn finish(self) -> Plan {
        let arena = self.document.arena();
        let mut wanted: Vec<seams::Wanted> = Vec::new();
        for (place, (candidate, verdict)) in self.candidates.iter().zip(&self.verdicts).enumerate()
        {
            if let Verdict::Goes(safety) = verdict {
                wanted.push(seams::Wanted {
                    owner: seams::Owner::Candidate(place),
                    element: candidate.element,
                    kind: candidate.kind,
                    safety: *safety,
                });
            }
        }
        for (place, (element, safety)) in self.wrappers.iter().enumerate() {
            wanted.push(seams::Wanted {
                owner: seams::Owner::Wrapper(place),
                element: *element,
                kind: Kind::Remove,
                safety: *safety,
            });
        }
        let mut outcomes: Vec<Outcome> = self
            .verdicts
            .into_iter()
            .map(|verdict| match verdict {
                Verdict::Swallowed => Outcome::Swallowed,
                Verdict::Stays(reason) => Outcome::Withheld(reason),
                Verdict::Goes(_) => Outcome::Withheld(String::new()),
            })
            .collect();
        let mut wrappers = Vec::new();
        for (wanted, result) in trial::edits(self.document, wanted) {
            let outcome = match result {
                Ok((safety, edits)) => Outcome::Fix(Fix {
                    safety,
                    title: match wanted.kind {
                        Kind::Remove => format!("Remove `<{}>`", arena.name(wanted.element)),
                        Kind::Unwrap => format!("Unwrap `<{}>`", arena.name(wanted.element)),
                    },
                    edits,
                }),
                Err(reason) => Outcome::Withheld(reason),
            };
            match (wanted.owner, outcome) {
                (seams::Owner::Candidate(place), outcome) => {
                    if let Some(slot) = outcomes.get_mut(place) {
                        *slot = outcome;
                    }
                }
                (seams::Owner::Wrapper(_), Outcome::Fix(fix)) => {
                    wrappers.push((arena.element(wanted.element).start, fix));
                }
                // The inner removals stand; a wrapper that cannot go stays as it is.
                (seams::Owner::Wrapper(_), _) => {}
            }
        }
        Plan {
            outcomes,
            wrappers,
            over_budget: None,
        }
    }
}

#[cfg(test)]
mod tests;
