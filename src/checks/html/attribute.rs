//! Edits on attributes that never write a value anew.

use crate::document::Document;
use crate::html::{Attribute, ElementId, looks_like_url};
use crate::markdown::Format;
use crate::source::{Edit, Span};

/// Takes `attribute` out, with the white space before it.
pub(super) fn removal(document: &Document, attribute: &Attribute) -> Edit {
    let source = document.bytes();
    let before = Span::new(0, attribute.whole.start).slice(source);
    let blanks = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_whitespace())
        .count();
    let next = source.get(attribute.whole.end);
    // Before a `/` the blanks stay: it would become part of an unquoted value.
    let apart = next.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == b'>');
    // `a="1"data-src='2'b=3`: nothing but the removed attribute may hold its neighbours apart.
    let previous = attribute
        .whole
        .start
        .checked_sub(1)
        .and_then(|at| source.get(at));
    let quoted_before = matches!(previous, Some(b'"' | b'\''));
    let start = if apart {
        attribute.whole.start - blanks
    } else {
        attribute.whole.start
    };
    let edit = Edit::delete(Span::new(start, attribute.whole.end));
    if !apart && blanks == 0 && !quoted_before && next != Some(&b'/') {
        Edit::replace(edit.span, " ")
    } else {
        edit
    }
}

/// Whether an attribute's `value` is something to load or to read, as an address, a list of them, a
/// template of one or JSON is, and not the mere name of a state.
pub(super) fn holds_content(value: &str) -> bool {
    value.contains(['/', '{', '[', '<']) || looks_like_url(value)
}

/// Why attributes of `element` are not to be edited, if they are not.
pub(super) fn reason_to_keep(document: &Document, element: ElementId) -> Option<&'static str> {
    let start = document.arena().element(element).start;
    if document.format() == Format::Mdx {
        return Some("in MDX elements are JSX, which is reported only");
    }
    let mut regions = document.mask().within(start).iter();
    regions.next().map(|region| {
        if region.kind.is_code() {
            "its tag reaches into code"
        } else {
            "a template stands in its tag"
        }
    })
}
