//! What stands around an element: the link it is in, the empty lines beside it, the text it
//! interrupts.

use crate::document::Document;
use crate::html::{Arena, ElementId};

/// The link that `element` is in.
pub(super) fn link_around(arena: &Arena, element: ElementId) -> Option<ElementId> {
    arena.ancestors(element).find(|&up| arena.name(up) == "a")
}

/// Whether there is a word in `element`, in a link or out of one.
pub(super) fn says_anything(document: &Document, element: ElementId) -> bool {
    let arena = document.arena();
    let prose = arena.prose(document.bytes(), document.mask());
    let said = prose.words_in(arena.element(element).whole(), |_| false);
    said.plain + said.linked > 0
}

/// Where the first line of `text` that holds nothing but blanks starts, in bytes.
pub(super) fn first_empty_line(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', text).find_map(|feed| {
        let rest = text.get(feed + 1..)?;
        let line = rest.split(|&byte| byte == b'\n').next()?;
        (line.len() < rest.len() && line.trim_ascii().is_empty()).then_some(feed + 1)
    })
}

/// The same for the last such line.
pub(super) fn last_empty_line(text: &[u8]) -> Option<usize> {
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
