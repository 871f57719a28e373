//! `enum`: values that have to be one of a list.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::select::Keys;
use super::support::{document, is_template_in, trimmed};
use crate::finding::Safety;
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

/// Values that have to be one of a list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The keys whose values, or whose lists' items, are looked at.
    keys: Keys,
    /// What they may be.
    values: Vec<String>,
}

struct OneOf(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(OneOf(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for OneOf {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for found in self.0.keys.scalars(tree) {
            let Some(text) = found.node.text() else {
                continue;
            };
            if found.node.is_null()
                || is_template_in(tree, text)
                || self.0.values.iter().any(|value| value == text)
            {
                continue;
            }
            let report = Report::at(trimmed(found.node.span, found.node));
            let near = self
                .0
                .values
                .iter()
                .map(|value| {
                    (
                        strsim::osa_distance(&value.to_lowercase(), &text.to_lowercase()),
                        value,
                    )
                })
                .filter(|(distance, value)| *distance <= 2 && *distance < value.chars().count())
                .min_by_key(|(distance, _)| *distance)
                .map(|(_, value)| value);
            let report = match near {
                Some(value) => report.message(format!(
                    "`{}` cannot be `{text}`; perhaps `{value}` was meant",
                    found.name
                )),
                None => report.message(format!("`{}` cannot be `{text}`", found.name)),
            };
            let edit = near.and_then(|value| tree.set_text(found.node, value, found.in_flow));
            reports.push(match (near, edit) {
                (Some(value), Some(edit)) => report.propose(Proposal::Edits {
                    title: format!("Write `{value}`"),
                    safety: Safety::Unsafe,
                    edits: vec![edit],
                    claim: Claim::Data(vec![found.name.path()]),
                }),
                _ => report,
            });
        }
    }
}
