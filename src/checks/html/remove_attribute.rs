use regex::Regex;
use serde::Deserialize;

use super::attribute;
use crate::finding::Safety;
use crate::html::{ElementId, same_url};
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `remove-attribute`: attributes go from the matched element.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Their names; one that ends in `*` stands for all names that start so.
    attributes: Vec<String>,
    /// What their whole value has to be, as a regular expression; without it, anything.
    value: Option<String>,
    /// Whether it has to be a mere state: what holds an address or JSON stays, unless `src` has the
    /// same.
    #[serde(default)]
    state: bool,
}

struct RemoveAttribute {
    attributes: Vec<String>,
    value: Option<Regex>,
    state: bool,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    if config.attributes.is_empty() {
        return Err(OptionError("`attributes` names none".to_owned()));
    }
    let value = config
        .value
        .map(|value| Regex::new(&format!("^(?:{value})$")))
        .transpose()
        .map_err(|error| OptionError(format!("`value`: {error}")))?;
    Ok(Built::Element(Box::new(RemoveAttribute {
        attributes: config.attributes,
        value,
        state: config.state,
    })))
}

impl ElementCheck for RemoveAttribute {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        for attribute in document.arena().attributes(element) {
            let name = attribute.name.slice(document.bytes());
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            let named = self
                .attributes
                .iter()
                .any(|wanted| match wanted.strip_suffix('*') {
                    Some(prefix) => name.starts_with(prefix),
                    None => name == *wanted,
                });
            let fits = || {
                let value = self.value.as_ref();
                value.is_none_or(|value| value.is_match(attribute.text(document.bytes()).trim()))
            };
            let is_content = || {
                let value = attribute.text(document.bytes());
                let live = document.arena().value(document.bytes(), element, "src");
                self.state
                    && attribute::holds_content(&value)
                    && live.is_none_or(|live| !same_url(&live, &value))
            };
            if !named || !fits() || is_content() {
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
            reports.push(Report::at(attribute.whole).propose(proposal));
        }
    }
}
