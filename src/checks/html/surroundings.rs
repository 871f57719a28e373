//! What stands around an element: the link it is in, the line it is set on, the text it
//! interrupts.

use crate::document::Document;
use crate::html::{self, Arena, ElementId};
use crate::markdown::Format;
use crate::source::Span;

/// The link that `element` is in.
pub(super) fn link_around(arena: &Arena, element: ElementId) -> Option<ElementId> {
    arena.ancestors(element).find(|&up| arena.name(up) == "a")
}

/// The link that the text at `offset`, in bytes, is in.
pub(super) fn link_at(arena: &Arena, offset: usize) -> Option<ElementId> {
    let inner = arena.at(offset)?;
    if arena.name(inner) == "a" {
        return Some(inner);
    }
    link_around(arena, inner)
}

/// Whether there is a word in `element`, in a link or out of one.
pub(super) fn says_anything(document: &Document, element: ElementId) -> bool {
    let arena = document.arena();
    let prose = arena.prose(document.bytes(), document.mask());
    let said = prose.words_in(arena.element(element).whole(), |_| false);
    said.plain + said.linked > 0
}

/// What is set on one line, or in one paragraph, with `element`: from the tag or the empty line
/// before it that ends a line to the next one after it.
pub(super) fn line_around(document: &Document, element: ElementId) -> Span {
    let arena = document.arena();
    let source = document.bytes();
    let own = arena.element(element).whole();
    let block = arena
        .ancestors(element)
        .find(|&up| html::breaks_line(arena.name(up)));
    let mut line = block.map_or(arena.body(), |block| arena.element(block).content);
    // Where tags overlap, a block may end before what lies in it.
    line = line.join(own);
    if document.format() == Format::Markdown {
        let before = Span::new(line.start, own.start).slice(source);
        let after = Span::new(own.end, line.end).slice(source);
        line.start += last_empty_line(before).unwrap_or(0);
        line.end = own.end + first_empty_line(after).unwrap_or(after.len());
    }
    let breaks = |id: &ElementId| html::breaks_line(arena.name(*id));
    let within = |id: &ElementId| arena.element(*id).start.start < line.end;
    let first = block.map_or(0, |block| block.0 + 1);
    let before = (first..element.0)
        .rev()
        .map(ElementId)
        .take_while(|&id| arena.element(id).start.start >= line.start)
        .find(breaks);
    let after = arena
        .ids_from(own.end)
        .take_while(within)
        .find(breaks)
        .map(|id| arena.element(id).start.start);
    if let Some(before) = before {
        let end = arena.element(before).whole().end;
        line.start = line.start.max(end.min(own.start));
    }
    line.end = after.unwrap_or(line.end).min(line.end);
    line
}

/// Where the first line of `text` that holds nothing but blanks starts, in bytes.
fn first_empty_line(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', text).find_map(|feed| {
        let rest = text.get(feed + 1..)?;
        let line = rest.split(|&byte| byte == b'\n').next()?;
        (line.len() < rest.len() && line.trim_ascii().is_empty()).then_some(feed + 1)
    })
}

/// The same for the last such line.
fn last_empty_line(text: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(b'\n', text).find_map(|feed| {
        let before = text.get(..feed)?;
        let start = memchr::memrchr(b'\n', before)? + 1;
        before
            .get(start..)?
            .trim_ascii()
            .is_empty()
            .then_some(start)
    })
}

/// Whether `element` stands between the paragraphs of an article: one of its six nearest ancestors
/// has three children that hold a paragraph.
pub(super) fn in_flow(arena: &Arena, document: &Document, element: ElementId) -> bool {
    let prose = arena.prose(document.bytes(), document.mask());
    arena
        .ancestors(element)
        .take(6)
        .any(|up| prose.paragraph_children(up) >= 3)
}
