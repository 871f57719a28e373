//! `conflict`: keys that contradict each other.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};

/// Keys that contradict each other.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Sets of keys that must not stand together; `null` for any value, else the value they must
    /// not have together.
    sets: Vec<BTreeMap<String, Option<String>>>,
}

struct Conflict(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Conflict(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Conflict {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for set in &self.0.sets {
            let mut entries = Vec::new();
            for (key, value) in set {
                let Some(entry) = tree.entry(key) else { break };
                let fits = value.as_deref().is_none_or(|value| {
                    entry
                        .value
                        .text()
                        .is_some_and(|text| text.eq_ignore_ascii_case(value))
                });
                if !fits {
                    break;
                }
                entries.push((entry, value));
            }
            if entries.len() < set.len() || entries.len() < 2 {
                continue;
            }
            entries.sort_by_key(|(entry, _)| entry.key.span.start);
            let names: Vec<String> = entries
                .iter()
                .map(|(entry, value)| match value {
                    Some(value) => format!("`{}: {value}`", entry.name()),
                    None => format!("`{}`", entry.name()),
                })
                .collect();
            let Some(((last, _), rest)) = entries.split_last() else {
                continue;
            };
            let mut report = Report::at(last.key.span)
                .message(format!("{} contradict each other", names.join(" and ")));
            for (entry, _) in rest {
                report = report.label(entry.key.span, "and this");
            }
            reports.push(report);
        }
    }
}
