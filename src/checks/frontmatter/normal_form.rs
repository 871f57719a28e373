//! `normal-form`: texts whose accents and marks are written apart from their letters.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::select::Keys;
use super::support::{document, is_template_in, trimmed};
use crate::finding::Safety;
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

/// Texts whose accents and marks are written apart from their letters.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The keys whose texts are looked at.
    keys: Keys,
}

struct NormalForm(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(NormalForm(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for NormalForm {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for found in self.0.keys.scalars(tree) {
            let Some(text) = found.node.text().filter(|text| !text.is_ascii()) else {
                continue;
            };
            if is_nfc_quick(text.chars()) == IsNormalized::Yes || is_template_in(tree, text) {
                continue;
            }
            let normal: String = text.nfc().collect();
            if normal == text {
                continue;
            }
            let report = Report::at(trimmed(found.node.span, found.node)).message(format!(
                "`{}` has marks that are written apart from their letters",
                found.name
            ));
            reports.push(match tree.set_text(found.node, &normal, found.in_flow) {
                Some(edit) => report.propose(Proposal::Edits {
                    title: "Write each letter with its mark as one character".to_owned(),
                    safety: Safety::Safe,
                    edits: vec![edit],
                    claim: Claim::Data(vec![found.name.path()]),
                }),
                None => report,
            });
        }
    }
}
