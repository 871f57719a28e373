//! What an element says and shows, and what stands around it: the link it is in, the empty lines
//! beside it, the text it interrupts.

use crate::document::Document;
use crate::html::{self, Arena, ElementId};

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

/// Whether `element` is a picture, a drawing, a player or a field that a reader can see.
pub(super) fn shows_by_itself(arena: &Arena, source: &[u8], element: ElementId) -> bool {
    let name = arena.name(element);
    if !matches!(
        name,
        "img"
            | "amp-img"
            | "picture"
            | "svg"
            | "canvas"
            | "video"
            | "audio"
            | "input"
            | "textarea"
            | "select"
            | "meter"
            | "progress"
    ) {
        return false;
    }
    let value = |name: &str| arena.value(source, element, name).unwrap_or_default();
    let dot = |name: &str| matches!(value(name).trim().trim_end_matches("px"), "0" | "1");
    let src = value("src");
    let waits = || {
        arena
            .attributes(element)
            .iter()
            .filter(|attribute| !attribute.name.slice(source).eq_ignore_ascii_case(b"src"))
            .any(|attribute| html::looks_like_url(&attribute.text(source)))
    };
    let is_nothing = dot("width") && dot("height")
        || matches!(name, "img" | "amp-img")
            && (src.trim().is_empty() || html::is_blank_data_image(&src))
            && !waits();
    !is_nothing
}

/// Whether `style`, as of an attribute, puts a picture behind the element.
pub(super) fn paints_a_picture(style: &str) -> bool {
    let lower = style.to_ascii_lowercase();
    lower.contains("background") && lower.contains("url(")
}
