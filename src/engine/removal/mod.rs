//! The removal plan. (Face used by `engine::lint`; the bodies are the HTML half's.)

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

/// Plans the removal of `candidates`. A wrapper that becomes empty goes too if `wrapper_goes`
/// (asked with its start tag) says so.
pub(super) fn plan(
    _document: &Document,
    candidates: &[Candidate],
    _wrapper_goes: &dyn Fn(ElementId, Span) -> bool,
) -> Plan {
    Plan {
        outcomes: candidates
            .iter()
            .map(|_| Outcome::Withheld(String::new()))
            .collect(),
        ..Plan::default()
    }
}
