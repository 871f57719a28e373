//! Images that nobody sees.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::address;
use crate::document::Document;
use crate::finding::Safety;
use crate::html::{self, ElementId};
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `pixel-size`: an image goes that is one pixel wide and high, or less, and that says nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PixelConfig {
    /// Alternative texts that say no more than what the image is for, or that it is one.
    #[serde(default)]
    says_nothing: Vec<String>,
    /// Attributes with another address of the image, or several: its size is that of a picture that
    /// waits, or states proportions. An address with a question in it counts readers all the same.
    #[serde(default)]
    waiting: Vec<String>,
}

struct PixelSize {
    /// The words of each text.
    says_nothing: FxHashSet<Vec<String>>,
    /// See `PixelConfig`.
    waiting: Vec<String>,
}

/// `pixel-address`: an image goes that comes from certain places.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PixelAddress {
    /// The places, lower case: a host, which stands for its subdomains and may end in `*` for every
    /// host that starts so, and how the path starts.
    addresses: Vec<String>,
}

pub(super) fn size(options: &Options) -> Result<Built, OptionError> {
    let config: PixelConfig = options.parse()?;
    Ok(Built::Element(Box::new(PixelSize {
        says_nothing: config
            .says_nothing
            .iter()
            .map(|text| html::words(text))
            .collect(),
        waiting: config.waiting,
    })))
}

pub(super) fn address(options: &Options) -> Result<Built, OptionError> {
    let check: PixelAddress = options.parse()?;
    if check.addresses.is_empty() {
        return Err(OptionError("`addresses` names none".to_owned()));
    }
    Ok(Built::Element(Box::new(check)))
}

impl ElementCheck for PixelSize {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let source = document.bytes();
        // Who can see the image or not gets its words; a `picture` is nothing without its image, and
        // nobody puts a counter into a `figure`.
        let speaks = arena.value(source, element, "alt").is_some_and(|alt| {
            !alt.trim().is_empty() && !self.says_nothing.contains(&html::words(&alt))
        });
        let of_picture = arena
            .ancestors(element)
            .any(|up| matches!(arena.name(up), "picture" | "figure"));
        let waits = self.waiting.iter().any(|name| {
            arena
                .value(source, element, name)
                .is_some_and(|url| !url.trim().is_empty() && !url.contains('?'))
        });
        if !speaks && !of_picture && !waits && is_dot(document, element) {
            remove(document, element, reports);
        }
    }
}

impl ElementCheck for PixelAddress {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let src = document.arena().value(document.bytes(), element, "src");
        let there = src.is_some_and(|src| {
            self.addresses
                .iter()
                .any(|place| address::leads_to(&src, place))
        });
        if there {
            remove(document, element, reports);
        }
    }
}

fn remove(document: &Document, element: ElementId, reports: &mut Vec<Report>) {
    let report = Report::at(document.arena().element(element).start);
    reports.push(report.propose(Proposal::Remove {
        element,
        safety: Safety::Safe,
    }));
}

/// Whether attributes and style make the image a dot: a width and a height in its style overrule
/// the attributes, which may state no more than proportions.
fn is_dot(document: &Document, element: ElementId) -> bool {
    let value = |name: &str| document.arena().value(document.bytes(), element, name);
    let style = value("style").unwrap_or_default();
    ["width", "height"].into_iter().all(|side| {
        let stated = value(side).is_some_and(|size| {
            let size = size.trim();
            matches!(size.strip_suffix("px").unwrap_or(size), "0" | "1")
        });
        let styled = match declared(&style, side).as_deref() {
            Some("1px") => true,
            Some("0" | "0px") | None => stated,
            Some(_) => false,
        };
        let least = declared(&style, &format!("min-{side}"));
        styled && matches!(least.as_deref(), None | Some("0" | "0px" | "1px"))
    })
}

/// What `style` says of `property` last, lower case.
fn declared(style: &str, property: &str) -> Option<String> {
    style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case(property))
        .map(|(_, value)| {
            let value = value.trim().to_ascii_lowercase();
            let plain = value.strip_suffix("!important").unwrap_or(&value);
            plain.trim_end().to_owned()
        })
        .next_back()
}

#[cfg(test)]
mod tests {
    use super::declared;

    #[test]
    fn the_last_declaration_of_the_very_property_counts() {
        let style = "min-width:1px; WIDTH: 5px;width : 1PX !important;line-height:2";
        assert_eq!(declared(style, "width").as_deref(), Some("1px"));
        assert_eq!(declared(style, "min-width").as_deref(), Some("1px"));
        assert_eq!(declared(style, "height"), None);
    }
}
