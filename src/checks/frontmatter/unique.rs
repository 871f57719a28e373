//! `unique`: a term that stands twice in a list.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::{dialect, document};
use crate::finding::Safety;
use crate::frontmatter::{Node, Path, Scalar, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

/// A term that stands twice in a list.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Top-level keys that hold lists.
    keys: Vec<String>,
    /// Whether terms that differ only in letter case are the same.
    #[serde(default)]
    ignore_case: bool,
}

struct Unique(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Unique(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Unique {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for key in &self.0.keys {
            let Some(list) = tree.key(key) else { continue };
            let mut seen: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
            for (index, item) in list.items().iter().enumerate() {
                let text = match item.resolve(dialect(context)) {
                    Some(Scalar::String(text)) => text.trim(),
                    Some(Scalar::Null) | None => continue,
                    Some(_) => item.text().unwrap_or("").trim(),
                };
                let identity = if self.0.ignore_case {
                    Cow::Owned(text.to_lowercase())
                } else {
                    Cow::Borrowed(text)
                };
                let first = *seen.entry(identity).or_insert(index);
                if let Some(original) = list.item(first).filter(|_| first != index) {
                    reports.push(report(tree, key, list, (index, item), original, text));
                }
            }
        }
    }
}

fn report(
    tree: &Tree,
    key: &str,
    list: &Node,
    (index, item): (usize, &Node),
    first: &Node,
    text: &str,
) -> Report {
    let report = Report::at(item.span)
        .message(format!("`{text}` stands twice in `{key}`"))
        .label(first.span, "first here");
    if item.properties.is_some() {
        return report.propose(Proposal::Withheld(
            "the second one has an anchor or a tag".to_owned(),
        ));
    }
    match tree.remove_item(list, index) {
        Some(removal) if !removal.loses_comment => report.propose(Proposal::Edits {
            title: format!("Remove the second `{text}`"),
            safety: Safety::Safe,
            edits: vec![removal.edit],
            claim: Claim::Data(vec![Path::key(key)]),
        }),
        Some(_) => report.propose(Proposal::Withheld(
            "a comment would be lost with the second one".to_owned(),
        )),
        None => report.propose(Proposal::Withheld(
            "the second one cannot be cut out without touching what is around it".to_owned(),
        )),
    }
}
