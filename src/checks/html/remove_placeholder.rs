use serde::Deserialize;

use super::attribute;
use super::promote_attribute::is_placeholder;
use crate::finding::Safety;
use crate::html::ElementId;
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `remove-placeholder`: an attribute goes whose value stands for an image that is not there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RemovePlaceholder {
    /// The attribute; `srcset` is read as a list.
    attribute: String,
    /// Names of files that stand for an image.
    #[serde(default)]
    placeholders: Vec<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    Ok(Built::Element(Box::new(
        options.parse::<RemovePlaceholder>()?,
    )))
}

impl ElementCheck for RemovePlaceholder {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let source = document.bytes();
        let Some(attribute) = document.arena().attribute(source, element, &self.attribute) else {
            return;
        };
        let list = self.attribute == "srcset";
        if !is_placeholder(&attribute.text(source), &self.placeholders, list) {
            return;
        }
        let proposal = match attribute::reason_to_keep(document, element) {
            Some(reason) => Proposal::Withheld(reason.to_owned()),
            None => Proposal::Edits {
                title: format!("Remove `{}`", self.attribute),
                safety: Safety::Safe,
                edits: vec![attribute::removal(document, attribute)],
                claim: Claim::Attributes(element),
            },
        };
        reports.push(Report::at(attribute.whole).propose(proposal));
    }
}
