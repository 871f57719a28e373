use std::borrow::Cow;

use serde::Deserialize;

use super::{attribute, query};
use crate::finding::Safety;
use crate::html::{ElementId, parse_srcset, same_url, same_url_but_query};
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `redundant-attribute`: an attribute that says what the live one says already.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RedundantAttribute {
    /// The names of the attributes that may repeat it.
    attributes: Vec<String>,
    /// The live attribute.
    #[serde(default = "src")]
    of: String,
    /// Whether a different query makes no difference.
    #[serde(default)]
    but_query: bool,
    /// Parameters of the query that make no difference, lower case.
    #[serde(default)]
    ignoring: Vec<String>,
    /// What a program may have left of the separator after one of these parameters.
    #[serde(default)]
    broken_separators: Vec<String>,
}

fn src() -> String {
    "src".to_owned()
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let check: RedundantAttribute = options.parse()?;
    if check.attributes.is_empty() {
        return Err(OptionError("`attributes` names none".to_owned()));
    }
    Ok(Built::Element(Box::new(check)))
}

impl ElementCheck for RedundantAttribute {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let source = document.bytes();
        let Some(live) = arena.value(source, element, &self.of) else {
            return;
        };
        if live.trim().is_empty() {
            return;
        }
        for attribute in arena.attributes(element) {
            let name = attribute.name.slice(source);
            let Some(name) = self
                .attributes
                .iter()
                .find(|wanted| name.eq_ignore_ascii_case(wanted.as_bytes()))
            else {
                continue;
            };
            let value = attribute.text(source);
            let same = same_url(&value, &live)
                || same_url(&self.without_ignored(&value), &self.without_ignored(&live))
                || self.but_query && same_url_but_query(&value, &live)
                || same_srcset(&value, &live);
            if !same {
                continue;
            }
            let proposal = match attribute::reason_to_keep(document, element) {
                Some(reason) => Proposal::Withheld(reason.to_owned()),
                None => Proposal::Edits {
                    title: format!("Remove `{name}`"),
                    safety: Safety::Safe,
                    edits: vec![attribute::removal(document, attribute)],
                    claim: Claim::Attributes(element),
                },
            };
            reports.push(
                Report::at(attribute.whole)
                    .message(format!("`{name}` repeats `{}`", self.of))
                    .propose(proposal),
            );
        }
    }
}

impl RedundantAttribute {
    fn without_ignored<'a>(&self, url: &'a str) -> Cow<'a, str> {
        if self.ignoring.is_empty() {
            return Cow::Borrowed(url);
        }
        let ignored = |parameter: query::Parameter<'_>| {
            self.ignoring
                .iter()
                .any(|name| parameter.name.eq_ignore_ascii_case(name.as_bytes()))
        };
        Cow::Owned(query::without(url, &self.broken_separators, ignored))
    }
}

/// Whether both are lists of the same images.
fn same_srcset(a: &str, b: &str) -> bool {
    let (Some(list_a), Some(list_b)) = (parse_srcset(a), parse_srcset(b)) else {
        return false;
    };
    let part = |text: &str, range: &std::ops::Range<usize>| {
        text.get(range.clone()).unwrap_or("").to_owned()
    };
    list_a.len() == list_b.len()
        && list_a.iter().zip(&list_b).all(|(one, other)| {
            same_url(&part(a, &one.url), &part(b, &other.url))
                && part(a, &one.descriptor) == part(b, &other.descriptor)
        })
}
