use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::checks;
use crate::document::Document;
use crate::html::{self, Arena, EarlierCode, ElementId};
use crate::registry::{CompiledRule, Kind, Ruleset};
use crate::rule::FixKind;

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
///
/// What the scripts and style sheets of `document` say is added to `code`.
pub(super) fn find(
    document: &Document,
    context: usize,
    rules: &Ruleset,
    relaxed: bool,
    code: &mut EarlierCode,
) -> Option<Cut> {
    let (arena, text) = (document.arena(), document.bytes());
    code.learn(arena, text, &asked_of_scripts(rules));
    let mut met: FxHashMap<ElementId, Vec<&CompiledRule>> = FxHashMap::default();
    if rules.has_element_rules() {
        for (element, selector) in rules.index().matches(arena, text) {
            if let Some((_, rule)) = rules.by_selector(selector) {
                met.entry(element).or_default().push(rule);
            }
        }
    }
    let survey = Survey {
        document,
        text,
        context,
        arena,
        met,
        known: RefCell::default(),
        first_leaf: RefCell::default(),
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

/// What the conditions of rules ask of the page's scripts.
fn asked_of_scripts(rules: &Ruleset) -> FxHashSet<&str> {
    let limits = rules.rules().iter().filter_map(|rule| match &rule.kind {
        Kind::Element { when, .. } => when.as_ref()?.page.as_ref(),
        Kind::Document(_) | Kind::Engine(_) => None,
    });
    limits
        .flat_map(|page| &page.scripts_without)
        .map(String::as_str)
        .collect()
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
    document: &'a Document,
    text: &'a [u8],
    context: usize,
    arena: &'a Arena,
    /// The rules whose selectors match an element.
    met: FxHashMap<ElementId, Vec<&'a CompiledRule>>,
    /// What was found out: whether an element is a rule's business.
    known: RefCell<FxHashMap<ElementId, bool>>,
    /// The same of where its first leaf with text starts.
    first_leaf: RefCell<FxHashMap<ElementId, Option<usize>>>,
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
        ) {
            return false;
        }
        // A sample is read as a whole unless it is too long for that: nothing in it goes anyway.
        if name == "pre" && demand == Demand::All {
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
        let holds_text = self.first_leaf(id).is_some_and(|leaf| leaf < at);
        let removable = || {
            let rules = self.met.get(&id).map_or(&[][..], Vec::as_slice);
            rules.iter().any(|rule| may_remove(rule))
        };
        holds_text && !removable()
    }

    /// Whether a rule may have to do with `id`. Of an element that is open at the end of the window it
    /// is not known what else it holds, so that there the selector is enough.
    fn is_business(&self, id: ElementId) -> bool {
        let Some(rules) = self.met.get(&id) else {
            return false;
        };
        if !self.arena.element(id).is_closed() {
            return true;
        }
        let known = self.known.borrow().get(&id).copied();
        known.unwrap_or_else(|| {
            let answer = rules.iter().any(|rule| match &rule.kind {
                Kind::Element { when, .. } => when
                    .as_ref()
                    .is_none_or(|when| checks::html::holds_on_any_page(self.document, id, when)),
                Kind::Document(_) | Kind::Engine(_) => true,
            });
            self.known.borrow_mut().insert(id, answer);
            answer
        })
    }

    /// Where the first element in `id` starts that holds text, no elements, and is no rule's business.
    fn first_leaf(&self, id: ElementId) -> Option<usize> {
        let known = self.first_leaf.borrow().get(&id).copied();
        known.unwrap_or_else(|| {
            let leaf = self
                .arena
                .descendants(id)
                .find(|&inner| self.is_leaf_with_text(inner))
                .map(|inner| self.arena.element(inner).start.start);
            self.first_leaf.borrow_mut().insert(id, leaf);
            leaf
        })
    }

    fn is_leaf_with_text(&self, id: ElementId) -> bool {
        let arena = self.arena;
        let element = arena.element(id);
        element.is_closed()
            && !element.void
            && !matches!(
                arena.name(id),
                "script" | "style" | "title" | "textarea" | "noscript" | "iframe"
            )
            && arena.descendants(id).next().is_none()
            && !html::is_blank(&html::decode(&String::from_utf8_lossy(
                element.content.slice(self.text),
            )))
            && !self.is_business(id)
            && !arena.ancestors(id).any(|up| self.is_business(up))
    }

    /// Whether neither `id` nor the element before it, nor anything in that, is a rule's business.
    fn is_quiet(&self, id: ElementId) -> bool {
        let quiet = |id: ElementId| {
            !self.is_business(id)
                && !self
                    .arena
                    .descendants(id)
                    .any(|inner| self.is_business(inner))
        };
        let before = self.arena.element(id).previous;
        quiet(id) && before.is_none_or(quiet)
    }

    /// The start tags of the elements around `id`, a shell that stands for the element before `id`, and
    /// a letter where text stands right before the cut.
    fn context_at(&self, at: usize, id: ElementId) -> Vec<u8> {
        let mut around: Vec<ElementId> = self.arena.ancestors(id).collect();
        around.reverse();
        let mut context = Vec::new();
        for up in around {
            context.extend_from_slice(self.arena.element(up).start.slice(self.text));
        }
        if let Some(before) = self.arena.element(id).previous {
            self.push_shell(before, &mut context);
        }
        if self.text[..at].last().is_some_and(|&byte| byte != b'>') {
            context.push(b'x');
        }
        context
    }
}

impl Survey<'_> {
    /// Adds the element with something in it where it has something. What a rule has dealt with goes
    /// without its attributes, so that no rule deals with it again.
    fn push_shell(&self, id: ElementId, context: &mut Vec<u8>) {
        let element = self.arena.element(id);
        let name = self.arena.name(id);
        let is_done = self.is_business(id);
        if is_done {
            context.extend_from_slice(format!("<{name}>").as_bytes());
        } else if element.start.len() <= LONGEST_SHELL {
            context.extend_from_slice(element.start.slice(self.text));
        } else {
            return;
        }
        if element.void {
            return;
        }
        let is_code = matches!(name, "script" | "style");
        if is_done || !element.content.slice(self.text).trim_ascii().is_empty() {
            // A letter in a script would be a name that the page uses.
            context.extend_from_slice(if is_code { b"/**/" } else { b"x" });
        }
        context.extend_from_slice(format!("</{name}>").as_bytes());
    }
}
