//! The removal plan: which of the elements that rules want gone may go, what goes with them, and the
//! edits that leave no trace of them.

mod cascade;
mod comments;
mod guards;
mod links;
mod seams;
mod trial;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Document;
use crate::finding::{Fix, Safety};
use crate::html::ElementId;
use crate::rule::{Budget, Marks};
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
    /// Whether it is somebody else's, such as an advertisement, and no mere trace of an editor.
    pub(super) foreign: bool,
    /// Whether it may go from HTML that CommonMark shows as code.
    pub(super) continued: bool,
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
    /// Where more would go than the budget allows, and how much.
    pub(super) over_budget: Vec<(Span, String)>,
}

/// What holds for all removals.
#[derive(Debug, Clone, Copy)]
pub(super) struct Policy<'a> {
    /// How much may go; none for a part of a page, whose share says nothing.
    pub(super) budget: Option<Budget>,
    /// The comments that programs read.
    pub(super) marks: &'a Marks,
}

/// Whether the wrapper of this start tag may go, given whether anything foreign was in it.
pub(super) type WrapperGoes<'a> = dyn Fn(ElementId, Span, bool) -> bool + 'a;

/// Plans the removal of `candidates`. A wrapper that becomes empty goes too if `wrapper_goes`
/// (asked with its start tag, and whether anything foreign was in it) says so.
pub(super) fn plan(
    document: &Document,
    candidates: &[Candidate],
    policy: Policy<'_>,
    wrapper_goes: &WrapperGoes<'_>,
) -> Plan {
    let mut planner = Planner {
        document,
        candidates,
        verdicts: guards::judge(document, policy.marks, candidates),
        wrappers: Vec::new(),
    };
    let mut over_budget = Vec::new();
    let costs = policy.budget.map(|_| planner.costs());
    if let (Some(budget), Some(costs)) = (policy.budget, &costs) {
        // Before what lies in it is swallowed: that may go alone.
        planner.keep_each_to(budget, costs, &mut over_budget);
    }
    planner.merge_duplicates();
    if let (Some(budget), Some(costs)) = (policy.budget, &costs) {
        planner.keep_all_to(budget, costs, &mut over_budget);
    }
    planner.climb(policy.marks, wrapper_goes);
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

    /// The display columns that each removal takes.
    fn costs(&self) -> Vec<usize> {
        let arena = self.document.arena();
        let (source, mask) = (self.document.bytes(), self.document.mask());
        self.candidates
            .iter()
            .zip(&self.verdicts)
            .map(|(candidate, verdict)| match (verdict, candidate.kind) {
                (Verdict::Goes(_), Kind::Remove) => arena.columns(source, mask, candidate.element),
                _ => 0,
            })
            .collect()
    }

    /// The display columns of the whole body.
    fn columns(&self) -> usize {
        let (source, mask) = (self.document.bytes(), self.document.mask());
        let arena = self.document.arena();
        crate::html::columns(&arena.text_in(source, mask, self.document.body()))
    }

    /// Takes back each removal that alone costs too much text.
    fn keep_each_to(&mut self, budget: Budget, costs: &[usize], over: &mut Vec<(Span, String)>) {
        if costs.iter().all(|&cost| cost <= budget.free) {
            return;
        }
        let all = self.columns();
        let mut said = FxHashSet::default();
        for ((candidate, verdict), &cost) in
            self.candidates.iter().zip(&mut self.verdicts).zip(costs)
        {
            let Some(percent) = budget.excess(cost, all, budget.finding) else {
                continue;
            };
            *verdict = Verdict::Stays(format!("it would take {percent} % of the text"));
            if said.insert(candidate.element) {
                over.push((
                    self.document.arena().element(candidate.element).start,
                    format!(
                        "This removal would take {percent} % of the visible text, more than the {} % that one may take",
                        budget.finding
                    ),
                ));
            }
        }
    }

    /// Takes back every removal that costs text when together they cost too much of it: the safe ones,
    /// and the others when they do together with those.
    fn keep_all_to(&mut self, budget: Budget, costs: &[usize], over: &mut Vec<(Span, String)>) {
        if costs.iter().sum::<usize>() <= budget.free {
            return;
        }
        let all = self.columns();
        let arena = self.document.arena();
        for level in [Safety::Safe, Safety::Unsafe] {
            let going: FxHashMap<ElementId, usize> = self
                .candidates
                .iter()
                .zip(&self.verdicts)
                .zip(costs)
                .filter(|((_, verdict), _)| {
                    matches!(verdict, Verdict::Goes(safety) if *safety <= level)
                })
                .map(|((candidate, _), &cost)| (candidate.element, cost))
                .collect();
            let cost: usize = going
                .iter()
                .filter(|&(&id, _)| !arena.ancestors(id).any(|up| going.contains_key(&up)))
                .map(|(_, cost)| cost)
                .sum();
            let Some(percent) = budget.excess(cost, all, budget.file) else {
                continue;
            };
            let mut at = None;
            for ((candidate, verdict), &cost) in
                self.candidates.iter().zip(&mut self.verdicts).zip(costs)
            {
                if cost > 0 && matches!(verdict, Verdict::Goes(safety) if *safety == level) {
                    at.get_or_insert(arena.element(candidate.element).start);
                    *verdict = Verdict::Stays(format!(
                        "all removals together would take {percent} % of the text"
                    ));
                }
            }
            over.extend(at.map(|at| {
                (
                    at,
                    format!(
                        "The removals would take {percent} % of the visible text, more than the {} % that are allowed",
                        budget.file
                    ),
                )
            }));
        }
    }

    /// Adds the wrappers that become empty.
    fn climb(&mut self, marks: &Marks, wrapper_goes: &WrapperGoes<'_>) {
        let arena = self.document.arena();
        let foreign: FxHashSet<ElementId> = self
            .candidates
            .iter()
            .zip(&self.verdicts)
            .filter(|(candidate, verdict)| {
                candidate.foreign
                    && candidate.kind == Kind::Remove
                    && !matches!(verdict, Verdict::Stays(_))
            })
            .flat_map(|(candidate, _)| {
                std::iter::once(candidate.element).chain(arena.ancestors(candidate.element))
            })
            .collect();
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
            for element in cascade::emptied(self.document, marks, gone, &|element, start| {
                wrapper_goes(element, start, foreign.contains(&element))
            }) {
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
            over_budget: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
