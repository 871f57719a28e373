//! `forbid`: keys that must not be there.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::Path;
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

/// Keys that must not be there.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Top-level keys.
    keys: Vec<String>,
    /// Only where the value is this.
    #[serde(default)]
    value: Option<String>,
    /// Only where there is no value.
    #[serde(default)]
    empty: bool,
}

struct Forbid(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Forbid(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Forbid {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for (index, entry) in tree.root().entries().iter().enumerate() {
            let name = entry.name();
            let named = self.0.keys.iter().any(|key| key == name || key == "*");
            let other = self
                .0
                .value
                .as_deref()
                .is_some_and(|value| entry.value.text() != Some(value));
            if !named || other || (self.0.empty && !entry.value.is_null()) {
                continue;
            }
            let message = if self.0.empty {
                format!("`{name}` has no value")
            } else if let Some(value) = &self.0.value {
                format!("`{name}: {value}` says what holds without it")
            } else {
                format!("the key `{name}` is not wanted here")
            };
            let report = Report::at(entry.key.span).message(message);
            reports.push(match tree.remove_entry(tree.root(), index) {
                Some(removal) if !removal.loses_comment => report.propose(Proposal::Edits {
                    title: format!("Remove `{name}`"),
                    safety: Safety::Safe,
                    edits: vec![removal.edit],
                    claim: Claim::Data(vec![Path::key(name)]),
                }),
                Some(_) => report.propose(Proposal::Withheld(
                    "a comment would be lost with it".to_owned(),
                )),
                None => report.propose(Proposal::Withheld(
                    "it cannot be cut out without touching what is around it".to_owned(),
                )),
            });
        }
    }
}
