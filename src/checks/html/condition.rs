use super::names;
use crate::document::Document;
use crate::html::{ElementId, is_blank_data_image};
use crate::rule::{CommentLimit, HoldLimit, MediaLimit, PageLimit, Unless, When};
use crate::source::Span;

/// Whether the conditions of a rule hold for `element`. Those on the rest of the page come last:
/// few elements get that far.
pub fn holds(document: &Document, element: ElementId, when: &When) -> bool {
    let page = when.page.as_ref();
    holds_on_any_page(document, element, when)
        && page.is_none_or(|page| page_fits(document, element, page))
}

/// As [`holds`], the conditions on the rest of the page aside.
pub fn holds_on_any_page(document: &Document, element: ElementId, when: &When) -> bool {
    let arena = document.arena();
    let source = document.bytes();
    if !is_such_an_element(document, element, when) {
        return false;
    }
    if let Some(max) = when.text.and_then(|text| text.max)
        && arena.columns(source, document.mask(), element) > max
    {
        return false;
    }
    if when.media == Some(MediaLimit::None) {
        let shows = arena.media(element).any(|media| {
            !arena
                .value(source, media.element, "src")
                .is_some_and(|src| is_blank_data_image(&src))
        });
        if shows {
            return false;
        }
    }
    if let Some(limit) = &when.holds
        && !holds_only(document, element, limit)
    {
        return false;
    }
    if let Some(allowed) = &when.style
        && !arena
            .descendants(element)
            .all(|inner| is_styled_only_with(document, inner, allowed))
    {
        return false;
    }
    if let Some(limit) = &when.comments
        && !comments_fit(document, element, limit, |_| true)
    {
        return false;
    }
    let unless = when.unless.as_ref();
    unless.is_none_or(|unless| !is_excepted(document, element, unless))
}

/// Whether the conditions hold for `element` without what it holds, which goes anyway.
pub fn holds_of_frame(document: &Document, element: ElementId, when: &When) -> bool {
    let arena = document.arena();
    let source = document.bytes();
    let unnamed = when.page.as_ref().is_some_and(|page| page.unnamed);
    let own = |comment: Span| arena.at(comment.start) == Some(element);
    is_such_an_element(document, element, when)
        && when
            .comments
            .as_ref()
            .is_none_or(|limit| comments_fit(document, element, limit, own))
        && !(unnamed && arena.names_element(source, element))
}

/// Whether name, attributes and style of `element` are such as the rule wants.
fn is_such_an_element(document: &Document, element: ElementId, when: &When) -> bool {
    let name = document.arena().name(element);
    let attributes = when.attributes.as_ref();
    let style = when.style.as_ref();
    (when.elements.is_empty() || when.elements.iter().any(|wanted| wanted == name))
        && attributes.is_none_or(|allowed| has_only(document, element, allowed))
        && style.is_none_or(|allowed| is_styled_only_with(document, element, allowed))
}

/// Whether `name` is one of `wanted`, in which `data-*` stands for all that start so.
pub(super) fn is_one_of(name: &str, wanted: &[String]) -> bool {
    wanted.iter().any(|wanted| match wanted.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == wanted,
    })
}

fn has_only(document: &Document, element: ElementId, allowed: &[String]) -> bool {
    let source = document.bytes();
    document
        .arena()
        .attributes(element)
        .iter()
        .all(|attribute| {
            // Asked of every element in every box: nothing is copied.
            let name = attribute.name.slice(source);
            allowed
                .iter()
                .any(|allowed| match allowed.strip_suffix('*') {
                    Some(start) => name
                        .get(..start.len())
                        .is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes())),
                    None => name.eq_ignore_ascii_case(allowed.as_bytes()),
                })
        })
}

fn holds_only(document: &Document, element: ElementId, limit: &HoldLimit) -> bool {
    let arena = document.arena();
    arena.descendants(element).all(|inner| {
        limit.elements.iter().any(|name| name == arena.name(inner))
            && has_only(document, inner, &limit.attributes)
    })
}

fn is_styled_only_with(document: &Document, element: ElementId, allowed: &[String]) -> bool {
    let style = document.arena().value(document.bytes(), element, "style");
    style.is_none_or(|style| {
        style.split(';').all(|declaration| {
            let property = declaration.split(':').next().unwrap_or("").trim();
            property.is_empty() || is_one_of(&property.to_ascii_lowercase(), allowed)
        })
    })
}

fn comments_fit(
    document: &Document,
    element: ElementId,
    limit: &CommentLimit,
    counts: impl Fn(Span) -> bool,
) -> bool {
    let arena = document.arena();
    let mut comments = arena
        .comments_in(arena.element(element).content)
        .iter()
        .filter(|comment| counts(**comment));
    match limit {
        CommentLimit::None => comments.next().is_none(),
        CommentLimit::Any => true,
        CommentLimit::With { words } => comments.all(|comment| {
            let text = String::from_utf8_lossy(comment.slice(document.bytes())).into_owned();
            // `<!--[if IE]>` has content for some readers.
            let has_content = text.contains("[if ");
            !has_content && names::split(&text).iter().any(|word| words.contains(word))
        }),
    }
}

fn is_excepted(document: &Document, element: ElementId, unless: &Unless) -> bool {
    let arena = document.arena();
    let source = document.bytes();
    std::iter::once(element)
        .chain(arena.ancestors(element))
        .take_while(|&up| !matches!(arena.name(up), "body" | "html"))
        .any(|up| {
            arena.attributes(up).iter().any(|attribute| {
                let name = String::from_utf8_lossy(attribute.name.slice(source));
                let name = name.to_ascii_lowercase();
                is_one_of(&name, &unless.attributes)
                    || matches!(name.as_str(), "class" | "id")
                        && attribute
                            .text(source)
                            .split_ascii_whitespace()
                            .any(|name| has_word(name, &unless.words))
            })
        })
}

/// Whether `name` is made with one of `wanted`, in which `two-click` stands for both words in a row.
fn has_word(name: &str, wanted: &[String]) -> bool {
    let words = names::split(name);
    wanted.iter().any(|wanted| {
        let parts: Vec<&str> = wanted.split('-').collect();
        words
            .windows(parts.len())
            .any(|words| words.iter().zip(&parts).all(|(word, part)| word == part))
    })
}

fn page_fits(document: &Document, element: ElementId, page: &PageLimit) -> bool {
    let arena = document.arena();
    let source = document.bytes();
    let has = page.without.as_ref().is_some_and(|without| {
        arena.answer(without.as_str(), || {
            arena
                .ids()
                .any(|id| without.selector().matches(arena, source, id))
        })
    });
    let loaded =
        !page.scripts_without.is_empty() && arena.has_script(source, &page.scripts_without);
    let named = page.unnamed && arena.is_in_use(source, element);
    !(has || loaded || named)
}
