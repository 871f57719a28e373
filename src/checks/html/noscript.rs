//! `noscript` fallbacks of images.

use serde::Deserialize;

use super::promote_attribute::is_placeholder;
use crate::document::Document;
use crate::finding::Safety;
use crate::html::{ElementId, looks_like_url, parse_srcset, same_url_but_query};
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `noscript-duplicate`: what a fallback holds shows beside it already. No options.
struct Duplicate;

/// `noscript-unwrap`: what a fallback holds shows nowhere else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Unwrap {
    /// Names of files that stand for an image.
    #[serde(default)]
    placeholders: Vec<String>,
}

pub(super) fn duplicate(_options: &Options) -> Result<Built, OptionError> {
    Ok(Built::Element(Box::new(Duplicate)))
}

pub(super) fn unwrap(options: &Options) -> Result<Built, OptionError> {
    Ok(Built::Element(Box::new(options.parse::<Unwrap>()?)))
}

impl ElementCheck for Duplicate {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let Some(fallback) = only_image(document, element) else {
            return;
        };
        let shown = neighbours(document, element)
            .into_iter()
            .any(|beside| shows(document, beside, &fallback));
        if shown {
            let at = document.arena().element(element).start;
            reports.push(Report::at(at).propose(Proposal::Remove {
                element,
                safety: Safety::Safe,
            }));
        }
    }
}

impl ElementCheck for Unwrap {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let source = document.bytes();
        let Some(fallback) = only_image(document, element) else {
            return;
        };
        if !looks_like_url(&fallback) || is_placeholder(&fallback, &self.placeholders, false) {
            return;
        }
        let pixel = arena.children(element).any(|image| {
            ["width", "height"].iter().any(|name| {
                arena
                    .value(source, image, name)
                    .is_some_and(|size| matches!(size.trim(), "0" | "1" | "0px" | "1px"))
            }) || arena
                .value(source, image, "style")
                .is_some_and(|style| style.replace(' ', "").contains("display:none"))
        });
        // An image beside it, whatever it shows: one of the two is enough.
        let beside = neighbours(document, element)
            .into_iter()
            .any(|beside| arena.media(beside).next().is_some());
        let shown = arena.ids().any(|other| {
            !arena.is_inside(other, element)
                && matches!(arena.name(other), "img" | "source" | "amp-img")
                && shows(document, other, &fallback)
        });
        if pixel || beside || shown {
            return;
        }
        let at = arena.element(element).start;
        reports.push(Report::at(at).propose(Proposal::Unwrap {
            element,
            safety: Safety::Safe,
        }));
    }
}

/// The address of the one image or frame in `noscript`, if there is nothing else in it.
fn only_image(document: &Document, noscript: ElementId) -> Option<String> {
    let arena = document.arena();
    let source = document.bytes();
    let content = arena.element(noscript).content;
    let text = arena.text_in(source, document.mask(), content);
    if !crate::html::is_blank(&text) {
        return None;
    }
    let mut children = arena.children(noscript);
    let only = children.next().filter(|_| children.next().is_none())?;
    let image = match arena.name(only) {
        "img" | "iframe" => only,
        "picture" => arena
            .descendants(only)
            .find(|&inner| arena.name(inner) == "img")?,
        _ => return None,
    };
    let src = arena.value(source, image, "src")?;
    (!src.trim().is_empty()).then(|| src.into_owned())
}

/// The elements right before and after, those that only hold a place aside.
fn neighbours(document: &Document, element: ElementId) -> Vec<ElementId> {
    let arena = document.arena();
    let mut beside: Vec<ElementId> = arena.element(element).previous.into_iter().collect();
    beside.extend(arena.next_sibling(element));
    beside
}

/// Whether `element` is, or holds, a live image or frame with the address `url`, the query aside.
fn shows(document: &Document, element: ElementId, url: &str) -> bool {
    let arena = document.arena();
    let source = document.bytes();
    std::iter::once(element)
        .chain(arena.descendants(element))
        .filter(|&id| arena.name(id) != "noscript")
        .filter(|&id| !arena.ancestors(id).any(|up| arena.name(up) == "noscript"))
        .any(|id| {
            let hidden_by_placeholder = arena
                .value(source, id, "srcset")
                .is_some_and(|set| is_placeholder(&set, &[], true));
            let src = arena
                .value(source, id, "src")
                .is_some_and(|src| !hidden_by_placeholder && same_url_but_query(&src, url));
            let set = arena.value(source, id, "srcset").is_some_and(|set| {
                parse_srcset(&set).is_some_and(|list| {
                    list.iter().any(|candidate| {
                        set.get(candidate.url.clone())
                            .is_some_and(|one| same_url_but_query(one, url))
                    })
                })
            });
            src || set
        })
}
