use rustc_hash::FxHashSet;

use crate::html::{self, Arena, ElementId};
use crate::markdown::{self, Format};
use crate::registry::{CompiledRule, Ruleset};
use crate::rule::FixKind;
use crate::source::Span;

/// A start tag that stands for the sibling before the cut is left out when it is longer than this.
const LONGEST_SHELL: usize = 4096;

/// Where a window can end.
pub(super) struct Cut {
    /// Offset in the text, past the context.
    pub(super) at: usize,
    /// What the next window stands in.
    pub(super) context: Vec<u8>,
}

/// The last place of `text`, past its first `context` bytes, at which a window can end.
///
/// It is before a start tag and the white space that leads to it, where no element is open that a
/// rule may remove or that removals may empty, and where neither the element that starts nor the
/// one before it is any rule's business. `relaxed` makes do with less where there is no such place:
/// first with white space that a removal may leave behind, then with an element that stays because
/// it is open.
pub(super) fn find(text: &[u8], context: usize, rules: &Ruleset, relaxed: bool) -> Option<Cut> {
    let whole = Span::new(0, text.len());
    let arena = Arena::parse(text, whole, &markdown::mask(text, whole, Format::Html));
    let mut matched = FxHashSet::default();
    let mut removable = FxHashSet::default();
    if rules.has_element_rules() {
        for (element, selector) in rules.index().matches(&arena, text) {
            matched.insert(element);
            if rules
                .by_selector(selector)
                .is_some_and(|(_, rule)| may_remove(rule))
            {
                removable.insert(element);
            }
        }
    }
    let survey = Survey {
        text,
        context,
        arena: &arena,
        leaves: leaves_with_text(&arena, text, &matched),
        matched,
        removable,
    };
    let place = survey.last_place(Demand::All).or_else(|| {
        let less = || survey.last_place(Demand::NothingOpen);
        relaxed.then(|| less().or_else(|| survey.last_place(Demand::Nothing)))?
    })?;
    Some(Cut {
        at: place.0,
        context: survey.context_at(place.0, place.1),
    })
}

fn may_remove(rule: &CompiledRule) -> bool {
    matches!(
        rule.entry.rule.fix,
        FixKind::Remove | FixKind::Unwrap | FixKind::Check
    )
}

/// What a place has to fulfil.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    All,
    NothingOpen,
    Nothing,
}

struct Survey<'a> {
    text: &'a [u8],
    context: usize,
    arena: &'a Arena,
    /// Where elements start that hold text, no elements, and are no rule's business.
    leaves: Vec<usize>,
    matched: FxHashSet<ElementId>,
    removable: FxHashSet<ElementId>,
}

impl Survey<'_> {
    /// The offset of the cut, and the element before which it is.
    fn last_place(&self, demand: Demand) -> Option<(usize, ElementId)> {
        self.arena.ids().rev().find_map(|id| {
            let start = self.arena.element(id).start.start;
            let lead = self.text.get(self.context..start)?;
            let at = self.context + lead.trim_ascii_end().len();
            let fits = at > self.context
                && self
                    .arena
                    .ancestors(id)
                    .all(|up| self.may_stay_open(up, start, demand))
                && (demand != Demand::All
                    || self.is_quiet(id) && !self.text[..at].ends_with(b"-->"));
            fits.then_some((at, id))
        })
    }

    /// Whether a cut at `at` inside `id` decides nothing about it.
    fn may_stay_open(&self, id: ElementId, at: usize, demand: Demand) -> bool {
        // What is in these is read in another way, or as a whole.
        let name = self.arena.name(id);
        if matches!(
            name,
            "noscript"
                | "template"
                | "svg"
                | "math"
                | "select"
                | "picture"
                | "video"
                | "audio"
                | "object"
                | "pre"
        ) {
            return false;
        }
        let never_emptied = matches!(name, "html" | "body" | "main" | "article" | "head");
        if never_emptied || demand == Demand::Nothing {
            return true;
        }
        let start = self.arena.element(id).start.start;
        if start < self.context {
            return true;
        }
        let after = self.leaves.partition_point(|&leaf| leaf <= start);
        let holds_text = self.leaves.get(after).is_some_and(|&leaf| leaf < at);
        holds_text && !self.removable.contains(&id)
    }

    /// Whether neither `id` nor the element before it, nor anything in that, is a rule's business.
    fn is_quiet(&self, id: ElementId) -> bool {
        let quiet = |id: ElementId| {
            !self.matched.contains(&id)
                && !self
                    .arena
                    .descendants(id)
                    .any(|inner| self.matched.contains(&inner))
        };
        let before = self.arena.element(id).previous;
        quiet(id) && before.is_none_or(quiet)
    }

    /// The start tags of the elements around `id`, the element before `id` without its content, and a
    /// letter where text stands right before the cut.
    fn context_at(&self, at: usize, id: ElementId) -> Vec<u8> {
        let mut around: Vec<ElementId> = self.arena.ancestors(id).collect();
        around.reverse();
        let mut context = Vec::new();
        for up in around {
            context.extend_from_slice(self.arena.element(up).start.slice(self.text));
        }
        if let Some(before) = self.arena.element(id).previous {
            let element = self.arena.element(before);
            if element.start.len() <= LONGEST_SHELL {
                context.extend_from_slice(element.start.slice(self.text));
                if !element.void {
                    context.extend_from_slice(format!("</{}>", self.arena.name(before)).as_bytes());
                }
            }
        }
        if self.text[..at].last().is_some_and(|&byte| byte != b'>') {
            context.push(b'x');
        }
        context
    }
}

fn leaves_with_text(arena: &Arena, text: &[u8], matched: &FxHashSet<ElementId>) -> Vec<usize> {
    arena
        .ids()
        .filter(|&id| {
            let element = arena.element(id);
            element.is_closed()
                && !element.void
                && !matched.contains(&id)
                && !matches!(
                    arena.name(id),
                    "script" | "style" | "title" | "textarea" | "noscript" | "iframe"
                )
                && arena.descendants(id).next().is_none()
                && !html::is_blank(&html::decode(&String::from_utf8_lossy(
                    element.content.slice(text),
                )))
                && !arena.ancestors(id).any(|up| matched.contains(&up))
        })
        .map(|id| arena.element(id).start.start)
        .collect()
}
