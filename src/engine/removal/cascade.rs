use rustc_hash::{FxHashMap, FxHashSet};

use super::comments::is_condition;
use super::guards::Guards;
use crate::document::Document;
use crate::html::ElementId;
use crate::rule::Marks;
use crate::source::Span;

/// Wrappers that hold nothing once `gone` has gone: of wrappers inside each other, the outermost.
pub(super) fn emptied(
    document: &Document,
    marks: &Marks,
    mut gone: FxHashSet<ElementId>,
    wrapper_goes: &dyn Fn(ElementId, Span) -> bool,
) -> Vec<ElementId> {
    let arena = document.arena();
    let guards = Guards::of_wrappers(document, marks);
    // How many children that show something each wrapper still has.
    let mut left: FxHashMap<ElementId, usize> = FxHashMap::default();
    let mut wrappers: FxHashSet<ElementId> = FxHashSet::default();
    let mut queue: Vec<ElementId> = gone.iter().copied().collect();
    // In file order, so that the result does not depend on the hash.
    queue.sort_unstable();
    while let Some(element) = queue.pop() {
        let Some(parent) = arena.element(element).parent else {
            continue;
        };
        if gone.contains(&parent) {
            continue;
        }
        let count = left.entry(parent).or_insert_with(|| {
            arena
                .children(parent)
                .filter(|&child| arena.name(child) != "br")
                .count()
        });
        *count = count.saturating_sub(1);
        if *count == 0
            && may_be_emptied(arena.name(parent))
            && !is_numbered(document, parent)
            && shows_nothing_itself(document, marks, parent)
            && guards.wrapper_may_go(parent)
            && wrapper_goes(parent, arena.element(parent).start)
        {
            gone.insert(parent);
            wrappers.insert(parent);
            queue.push(parent);
        }
    }
    let mut outermost: Vec<ElementId> = wrappers
        .iter()
        .copied()
        .filter(|&wrapper| !arena.ancestors(wrapper).any(|up| wrappers.contains(&up)))
        .collect();
    outermost.sort_unstable();
    outermost
}

/// Whether it is an item of a list that shows numbers: those of the items after it would change.
fn is_numbered(document: &Document, wrapper: ElementId) -> bool {
    let arena = document.arena();
    let list = arena.ancestors(wrapper).next();
    arena.name(wrapper) == "li" && list.is_some_and(|list| arena.name(list) == "ol")
}

/// Elements that hold a place of their own, or that mean something when empty.
fn may_be_emptied(name: &str) -> bool {
    !matches!(
        name,
        "html"
            | "head"
            | "body"
            | "main"
            | "article"
            | "table"
            | "tbody"
            | "thead"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "colgroup"
            | "template"
            | "form"
            | "fieldset"
            | "select"
            | "button"
            | "textarea"
            | "iframe"
            | "object"
            | "video"
            | "audio"
            | "canvas"
            | "svg"
            | "math"
            | "dl"
            | "dt"
            | "dd"
            | "picture"
            | "pre"
            | "code"
            | "details"
            | "summary"
            | "dialog"
            | "map"
            | "slot"
    )
}

/// Whether there is nothing in the wrapper besides its child elements: no text, no mark in a
/// comment.
fn shows_nothing_itself(document: &Document, marks: &Marks, wrapper: ElementId) -> bool {
    let arena = document.arena();
    let source = document.bytes();
    let content = arena.element(wrapper).content;
    let children: Vec<Span> = arena
        .children(wrapper)
        .map(|child| arena.element(child).whole())
        .collect();
    let comments = arena.comments();
    let first = comments.partition_point(|comment| comment.end <= content.start);
    let mut inside = children.iter().peekable();
    let mut covered = content.start;
    let own_comments: Vec<Span> = comments
        .get(first..)
        .unwrap_or(&[])
        .iter()
        .take_while(|comment| comment.start < content.end)
        .filter(|comment| {
            // Both are in file order.
            while let Some(child) = inside.next_if(|child| child.start <= comment.start) {
                covered = covered.max(child.end);
            }
            covered < comment.end
        })
        .copied()
        .collect();
    if own_comments.iter().any(|comment| {
        let comment = comment.slice(source);
        marks.has(comment) || is_condition(comment)
    }) {
        return false;
    }
    let mut parts = children;
    parts.extend(own_comments);
    parts.sort_unstable();
    let mut at = content.start;
    for part in parts {
        if !is_blank(document, Span::new(at, part.start)) {
            return false;
        }
        at = at.max(part.end);
    }
    is_blank(document, Span::new(at, content.end))
}

fn is_blank(document: &Document, span: Span) -> bool {
    let text = document
        .arena()
        .text_in(document.bytes(), document.mask(), span);
    crate::html::is_blank(&text)
}
