use crate::document::Document;
use crate::html::{ElementId, columns, is_blank_data_image};
use crate::rule::{CommentLimit, MediaLimit, When};

/// Whether the conditions of a rule on the rest of the page hold: a matter of the page, to be asked
/// once for all elements.
pub fn page_holds(document: &Document, when: &When) -> bool {
    let arena = document.arena();
    let without = when.page.as_ref().and_then(|page| page.without.as_ref());
    !without.is_some_and(|selector| {
        arena
            .ids()
            .any(|id| selector.selector().matches(arena, document.bytes(), id))
    })
}

/// Whether the conditions of a rule on an element itself hold for `element`.
pub fn holds(document: &Document, element: ElementId, when: &When) -> bool {
    let arena = document.arena();
    let source = document.bytes();
    if let Some(max) = when.text.and_then(|text| text.max) {
        let text = arena.text(source, document.mask(), element);
        if columns(&text) > max {
            return false;
        }
    }
    if when.media == Some(MediaLimit::None) {
        let shows = arena.media(element).any(|media| {
            media.element != element
                && !arena
                    .value(source, media.element, "src")
                    .is_some_and(|src| is_blank_data_image(&src))
        });
        if shows {
            return false;
        }
    }
    if when.comments == Some(CommentLimit::None)
        && !arena.comments_in(arena.element(element).content).is_empty()
    {
        return false;
    }
    true
}
