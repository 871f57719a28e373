//! `noscript` fallbacks of images.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::promote_attribute::is_placeholder;
use super::query;
use crate::document::Document;
use crate::finding::Safety;
use crate::html::{
    ElementId, looks_like_url, parse_srcset, percent_decoded, same_url, same_url_but_query,
    url_without_query,
};
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `noscript-duplicate`: what a fallback holds shows beside it already.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Duplicate {
    /// Parameters of a query, lower case, that say in what form a picture comes, and not which.
    #[serde(default)]
    forms: Vec<String>,
    /// Those of them that say in numbers how large or how good it is.
    #[serde(default)]
    measures: Vec<String>,
    /// Those of them with which a picture is not shown as it is.
    #[serde(default)]
    spoils: Vec<String>,
    /// What a program may have left of a separator.
    #[serde(default)]
    broken_separators: Vec<String>,
}

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
    /// What must stand beside it; anything that shows no picture unless given.
    beside: Option<Beside>,
}

/// What stands beside a fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Beside {
    /// An image that has no picture: the one that the fallback is for.
    Blank,
    /// No image.
    Nothing,
}

pub(super) fn duplicate(options: &Options) -> Result<Built, OptionError> {
    Ok(Built::Element(Box::new(options.parse::<Duplicate>()?)))
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
            .any(|beside| self.shows(document, beside, &fallback));
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
        let Some((_, fallback)) = only_image(document, element) else {
            return;
        };
        if !looks_like_url(&fallback) || is_placeholder(&fallback, &self.placeholders, false) {
            return;
        }
        let pixel = arena
            .children(element)
            .any(|image| is_tiny(document, image) || is_hidden(document, image));
        let images: Vec<ElementId> = neighbours(document, element)
            .into_iter()
            .flat_map(|beside| arena.media(beside))
            .map(|media| media.element)
            .collect();
        let wanted = self
            .beside
            .is_none_or(|beside| (beside == Beside::Nothing) == images.is_empty());
        // An image beside it, whatever it shows: one of the two is enough.
        let beside = images
            .iter()
            .any(|&image| !self.shows_nothing(document, image));
        // What stands in a `noscript`, this one or another, shows nothing.
        let shown = arena
            .shown(|| all_shown(document))
            .contains(&*url_without_query(&fallback));
        if pixel || beside || shown || !wanted {
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

impl Duplicate {
    /// Whether `beside` is, or holds, a live image or frame that shows what `fallback` does.
    fn shows(
        &self,
        document: &Document,
        beside: ElementId,
        (fallback, url): &(ElementId, String),
    ) -> bool {
        let arena = document.arena();
        let source = document.bytes();
        let says = |id: ElementId, name: &str| {
            arena
                .value(source, id, name)
                .is_some_and(|text| !text.trim().is_empty())
        };
        let described = std::iter::once(beside)
            .chain(arena.descendants(beside))
            .any(|id| says(id, "alt"));
        if says(*fallback, "alt") && !described {
            return false;
        }
        let mut found = false;
        each_shown(document, beside, &mut |live, own| {
            found = found
                || self.is_as_good(own, url)
                    && (!is_tiny(document, live) || is_tiny(document, *fallback))
                    && !is_out_of_sight(document, live, beside);
        });
        found
    }

    /// Whether the picture at `live` is the one at `url`, and not a smaller or a blurred copy.
    fn is_as_good(&self, live: &str, url: &str) -> bool {
        if same_url(live, url) {
            return true;
        }
        if !same_url_but_query(live, url) {
            return false;
        }
        let (live, url) = (self.mended(live), self.mended(url));
        let fragment = |url: &str| url.split_once('#').map(|(_, end)| end.to_owned());
        let (has, wants) = (parameters(&live), parameters(&url));
        let value = |of: &[(String, String)], name: &str| {
            of.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        };
        let makes_no_difference = |name: &str| {
            let (own, other) = (value(&has, name), value(&wants, name));
            own == other
                || self.forms.iter().any(|form| form == name)
                || self.measures.iter().any(|measure| measure == name)
                    && match (&own, &other) {
                        (None, _) => true,
                        (Some(own), Some(other)) => is_no_less(own, other),
                        // How large the picture is that nothing is said of is not known.
                        (Some(_), None) => false,
                    }
                || self.spoils.iter().any(|spoils| spoils == name) && own.is_none()
        };
        fragment(&live) == fragment(&url)
            && has
                .iter()
                .chain(&wants)
                .all(|(name, _)| makes_no_difference(name))
    }

    /// `url` with the separators that a program broke as they were.
    fn mended(&self, url: &str) -> String {
        let url = url.trim().replace("&amp;", "&").replace("&#038;", "&");
        self.broken_separators
            .iter()
            .fold(url, |url, broken| url.replace(broken.as_str(), "&"))
    }
}

/// The parameters in the query of `url`, their names in lower case.
fn parameters(url: &str) -> Vec<(String, String)> {
    let Some((start, end)) = query::query(url.as_bytes()) else {
        return Vec::new();
    };
    url.get(start + 1..end)
        .unwrap_or("")
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect()
}

/// Whether `a` has as many numbers as `b` (`600,400` has two), and none that is less.
fn is_no_less(a: &str, b: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<f64>> {
        percent_decoded(text)
            .split([',', 'x', ':'])
            .map(|part| part.trim().trim_end_matches("px").parse().ok())
            .collect()
    };
    match (numbers(a), numbers(b)) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a >= b),
        _ => false,
    }
}

/// Whether `image` is said to be no larger than a pixel.
fn is_tiny(document: &Document, image: ElementId) -> bool {
    ["width", "height"].iter().any(|name| {
        document
            .arena()
            .value(document.bytes(), image, name)
            .is_some_and(|size| matches!(size.trim(), "0" | "1" | "0px" | "1px"))
    })
}

/// Whether `element` itself is made not to show.
fn is_hidden(document: &Document, element: ElementId) -> bool {
    let arena = document.arena();
    let source = document.bytes();
    let style = arena.value(source, element, "style").unwrap_or_default();
    let style = style.to_ascii_lowercase();
    arena.attribute(source, element, "hidden").is_some()
        || style.split(';').any(|declaration| {
            let (property, value) = declaration.split_once(':').unwrap_or((declaration, ""));
            let value = value.trim_end_matches("!important").trim();
            match property.trim() {
                "display" => value == "none",
                "visibility" => matches!(value, "hidden" | "collapse"),
                "opacity" => value.parse::<f64>().is_ok_and(|opacity| opacity <= 0.0),
                _ => false,
            }
        })
}

/// Whether `image`, or something around it up to `top`, is made not to show.
fn is_out_of_sight(document: &Document, image: ElementId, top: ElementId) -> bool {
    let arena = document.arena();
    std::iter::once(image)
        .chain(arena.ancestors(image))
        .take_while(|&up| up == top || arena.is_inside(up, top))
        .any(|up| arena.name(up) == "template" || is_hidden(document, up))
}

/// The one image or frame in `noscript` and its address, if there is nothing else in it.
fn only_image(document: &Document, noscript: ElementId) -> Option<(ElementId, String)> {
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
    (!src.trim().is_empty()).then(|| (image, src.into_owned()))
}

/// The elements right before and after, those that only hold a place aside.
pub(super) fn neighbours(document: &Document, element: ElementId) -> Vec<ElementId> {
    let arena = document.arena();
    let mut beside: Vec<ElementId> = arena.element(element).previous.into_iter().collect();
    beside.extend(arena.next_sibling(element));
    beside
}

/// The addresses of all live images of the page, the queries left out.
fn all_shown(document: &Document) -> FxHashSet<String> {
    let arena = document.arena();
    let mut all = FxHashSet::default();
    for id in arena.ids() {
        if matches!(arena.name(id), "img" | "source" | "amp-img") {
            each_shown(document, id, &mut |_, url| {
                let url = url_without_query(url);
                if !url.is_empty() && !all.contains(&*url) {
                    all.insert(url.into_owned());
                }
            });
        }
    }
    all
}

/// Hands the live images and frames that `element` is or holds to `each`, with their addresses.
fn each_shown(document: &Document, element: ElementId, each: &mut dyn FnMut(ElementId, &str)) {
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
            each(id, &src);
        }
        let Some(set) = set else { continue };
        for candidate in parse_srcset(&set).into_iter().flatten() {
            if let Some(url) = set.get(candidate.url) {
                each(id, url);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    const DUPLICATE: &str = "
forms: [ssl, v]
measures: [w, resize]
spoils: [blur]
broken-separators: ['#038;']
";
    const UNWRAP: &str = "
placeholders: [blank]
waiting: [data-src]
";

    fn repeats(beside: &str, fallback: &str) -> bool {
        let after = format!("<p>文{beside}<noscript>{fallback}</noscript></p>");
        let before = format!("<p>文<noscript>{fallback}</noscript>\r\n{beside}</p>");
        let [one, other] = [after, before]
            .map(|page| found(super::duplicate, DUPLICATE, "a.html", &page).len() == 1);
        assert_eq!(one, other, "{fallback} before and after {beside}");
        one
    }

    #[test]
    fn a_fallback_repeats_what_shows_beside_it() {
        for (beside, fallback) in [
            ("<img src=图.jpg>", "<img src=\"图.jpg\">"),
            ("<img src=a.jpg?w=900>", "<img src=a.jpg?w=300>"),
            ("<img src=a.jpg?v=1>", "<img src=a.jpg?v=2>"),
            (
                "<img src=\"a.jpg?b=1#038;ssl=1\">",
                "<img src=\"a.jpg?b=1\">",
            ),
            ("<a href=b><img src=a.jpg></a>", "<img src=a.jpg>"),
            ("<img srcset=\"b.jpg 1x, a.jpg 2x\">", "<img src=a.jpg>"),
            ("<img src=a.jpg alt=字>", "<img src=a.jpg alt=文>"),
            (
                "<iframe src=//e.com/v></iframe>",
                "<iframe src=//e.com/v></iframe>",
            ),
            (
                "<img src=a.jpg>",
                "<picture><source srcset=b.webp><img src=a.jpg></picture>",
            ),
        ] {
            assert!(repeats(beside, fallback), "{beside} and {fallback}");
        }
    }

    #[test]
    fn a_fallback_that_shows_more_is_no_repetition() {
        for (beside, fallback) in [
            ("<img src=b.jpg>", "<img src=a.jpg>"),
            ("<img src=a.jpg?w=20>", "<img src=a.jpg?w=900>"),
            ("<img src=a.jpg?w=900>", "<img src=a.jpg>"),
            ("<img src=a.jpg?blur=9>", "<img src=a.jpg>"),
            ("<img src=a.php?id=1>", "<img src=a.php?id=2>"),
            ("<img src=a.svg#x>", "<img src=a.svg#y>"),
            ("<img src=a.jpg>", "<img src=a.jpg alt=文>"),
            ("<img src=a.jpg>", "<img src=a.jpg>文"),
            ("<img src=a.jpg>", "<img src=a.jpg><img src=b.jpg>"),
            ("<img src=a.jpg>", "<img src=\" \">"),
            ("<img src=a.jpg hidden>", "<img src=a.jpg>"),
            (
                "<b style='Display : none'><img src=a.jpg></b>",
                "<img src=a.jpg>",
            ),
            ("<img src=a.jpg width=1>", "<img src=a.jpg width=600>"),
            ("<img data-src=a.jpg>", "<img src=a.jpg>"),
            ("<noscript><img src=a.jpg></noscript>", "<img src=a.jpg>"),
            ("<i>字</i>", "<img src=a.jpg>"),
        ] {
            assert!(!repeats(beside, fallback), "{beside} and {fallback}");
        }
    }

    #[test]
    fn a_picture_that_shows_nowhere_else_comes_out() {
        let comes_out = |page: &str| !found(super::unwrap, UNWRAP, "a.html", page).is_empty();
        for page in [
            "<p>文<noscript><img src=图.jpg></noscript></p>",
            "<img src=\"\"><noscript><img src=a.jpg></noscript>",
            "<img src=/blank.gif><noscript><img src=a.jpg></noscript>",
            "<img src=b.jpg><p></p><noscript><img src=a.jpg></noscript>",
        ] {
            assert!(comes_out(page), "{page}");
        }
        for page in [
            "<img src=b.jpg><noscript><img src=a.jpg></noscript>",
            "<img data-src=b.jpg><noscript><img src=a.jpg></noscript>",
            "<img src=a.jpg?w=2><p>文</p><noscript><img src=a.jpg></noscript>",
            "<noscript><img src=a.gif width=1 height=1></noscript>",
            "<noscript><img src=a.gif style=display:none></noscript>",
            "<noscript><img src=blank.gif></noscript>",
            "<noscript><img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\"></noscript>",
            "<noscript><img src=a.jpg>文</noscript>",
            "<noscript>文</noscript>",
        ] {
            assert!(!comes_out(page), "{page}");
        }
    }
}
