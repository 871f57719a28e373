use serde::Deserialize;

use super::address;
use crate::finding::Safety;
use crate::html::{self, ElementId};
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `only-links`: an element goes that holds links to certain addresses and next to nothing besides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct OnlyLinks {
    /// How the addresses start, without scheme and `www.`; lower case. One `*` stands for the rest
    /// of a part of the path.
    addresses: Vec<String>,
    /// How whole addresses start, with their scheme, that may stand among them but prove nothing.
    #[serde(default)]
    beside: Vec<String>,
    /// How many links to the addresses there have to be.
    at_least: usize,
    /// How many words there may be outside the links.
    words: usize,
    /// How many words a link may have.
    words_in_link: usize,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let check: OnlyLinks = options.parse()?;
    if check.addresses.is_empty() || check.at_least == 0 {
        return Err(OptionError(
            "`addresses` and `at-least` have to say something".to_owned(),
        ));
    }
    Ok(Built::Element(Box::new(check)))
}

impl ElementCheck for OnlyLinks {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let source = document.bytes();
        let mut found = 0;
        for inner in arena.descendants(element) {
            if arena.name(inner) != "a" {
                continue;
            }
            let Some(href) = arena.value(source, inner, "href") else {
                continue;
            };
            if self.leads_there(&href) {
                found += 1;
            } else if !self
                .beside
                .iter()
                .any(|start| href.trim().starts_with(start.as_str()))
            {
                return;
            }
        }
        if found < self.at_least {
            return;
        }
        let prose = arena.prose(source, document.mask());
        let words = prose.words_in(arena.element(element).whole(), |_| false);
        if words.plain > self.words || words.linked > self.words_in_link * found {
            return;
        }
        let report = Report::at(arena.element(element).start);
        reports.push(report.propose(Proposal::Remove {
            element,
            safety: Safety::Safe,
        }));
    }
}

impl OnlyLinks {
    fn leads_there(&self, href: &str) -> bool {
        if html::host(href).is_none() {
            return false;
        }
        let lower = href.trim().to_lowercase();
        address::starts_with_any(&lower, &self.addresses)
    }
}
