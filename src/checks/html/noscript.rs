//! `noscript` fallbacks of images.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::promote_attribute::is_placeholder;
use crate::document::Document;
use crate::finding::Safety;
use crate::html::{ElementId, looks_like_url, parse_srcset, same_url_but_query, url_without_query};
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
    /// Attributes in which an image waits that another rule makes live.
    #[serde(default)]
    waiting: Vec<String>,
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
            .flat_map(|beside| arena.media(beside))
            .any(|media| !self.shows_nothing(document, media.element));
        // What stands in a `noscript`, this one or another, shows nothing.
        let shown = arena
            .shown(|| all_shown(document))
            .contains(&*url_without_query(&fallback));
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

impl Unwrap {
    /// Whether `image` is one that has no picture and will get none.
    fn shows_nothing(&self, document: &Document, image: ElementId) -> bool {
        let arena = document.arena();
        let source = document.bytes();
        let blank = |name: &str, list: bool| {
            arena
                .value(source, image, name)
                .is_none_or(|value| is_placeholder(&value, &self.placeholders, list))
        };
        let waits = || {
            self.waiting
                .iter()
                .any(|name| arena.attribute(source, image, name).is_some())
        };
        arena.name(image) == "img" && blank("src", false) && blank("srcset", true) && !waits()
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
pub(super) fn neighbours(document: &Document, element: ElementId) -> Vec<ElementId> {
    let arena = document.arena();
    let mut beside: Vec<ElementId> = arena.element(element).previous.into_iter().collect();
    beside.extend(arena.next_sibling(element));
    beside
}

/// Whether `element` is, or holds, a live image or frame with the address `url`, the query aside.
fn shows(document: &Document, element: ElementId, url: &str) -> bool {
    let mut found = false;
    each_shown(document, element, &mut |own| {
        found |= same_url_but_query(own, url);
    });
    found
}

/// The addresses of all live images of the page, the queries left out.
fn all_shown(document: &Document) -> FxHashSet<String> {
    let arena = document.arena();
    let mut all = FxHashSet::default();
    for id in arena.ids() {
        if matches!(arena.name(id), "img" | "source" | "amp-img") {
            each_shown(document, id, &mut |url| {
                let url = url_without_query(url);
                if !url.is_empty() && !all.contains(&*url) {
                    all.insert(url.into_owned());
                }
            });
        }
    }
    all
}

/// Hands the addresses of the live images and frames that `element` is or holds to `each`.
fn each_shown(document: &Document, element: ElementId, each: &mut dyn FnMut(&str)) {
    let arena = document.arena();
    let source = document.bytes();
    let live = std::iter::once(element)
        .chain(arena.descendants(element))
        .filter(|&id| arena.name(id) != "noscript")
        .filter(|&id| !arena.ancestors(id).any(|up| arena.name(up) == "noscript"));
    for id in live {
        let set = arena.value(source, id, "srcset");
        let hidden_by_placeholder = set
            .as_ref()
            .is_some_and(|set| is_placeholder(set, &[], true));
        if let Some(src) = arena.value(source, id, "src")
            && !hidden_by_placeholder
        {
            each(&src);
        }
        let Some(set) = set else { continue };
        for candidate in parse_srcset(&set).into_iter().flatten() {
            if let Some(url) = set.get(candidate.url) {
                each(url);
            }
        }
    }
}
