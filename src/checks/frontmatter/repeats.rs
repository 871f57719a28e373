//! `repeats`: items of a list that say what another key says.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::{Node, Path, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

/// Items of a list that say what another key says.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Top-level keys with lists.
    lists: Vec<String>,
    /// Top-level keys whose text, or whose items, must not stand in them; letter case aside.
    of: Vec<String>,
}

struct Repeats(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Repeats(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Repeats {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let said: Vec<(&str, &Node, String)> = self
            .0
            .of
            .iter()
            .filter_map(|key| tree.key(key).map(|value| (key.as_str(), value)))
            .flat_map(|(key, value)| {
                let own = std::iter::once(value).chain(value.items());
                own.filter_map(move |node| Some((key, node, plain(node)?)))
            })
            .collect();
        if said.is_empty() {
            return;
        }
        for key in &self.0.lists {
            let Some(list) = tree.key(key) else { continue };
            for (index, item) in list.items().iter().enumerate() {
                let Some(text) = plain(item) else { continue };
                let same = said.iter().find(|(_, _, said)| *said == text);
                if let Some((of, node, _)) = same {
                    reports.push(report(tree, (key, list), (index, item), (of, node)));
                }
            }
        }
    }
}

/// The text of a scalar that has one, in small letters.
fn plain(node: &Node) -> Option<String> {
    let text = node.text()?.trim().to_lowercase();
    (!text.is_empty()).then_some(text)
}

fn report(
    tree: &Tree,
    (key, list): (&str, &Node),
    (index, item): (usize, &Node),
    (of, node): (&str, &Node),
) -> Report {
    let report = Report::at(item.span)
        .message(format!("`{key}[{index}]` repeats `{of}`"))
        .label(node.span, format!("`{of}`"));
    match tree.remove_item(list, index) {
        Some(removal) if !removal.loses_comment => report.propose(Proposal::Edits {
            title: "Remove the item".to_owned(),
            safety: Safety::Safe,
            edits: vec![removal.edit],
            claim: Claim::Data(vec![Path::key(key)]),
        }),
        Some(_) => report.propose(Proposal::Withheld(
            "a comment would be lost with it".to_owned(),
        )),
        None => report.propose(Proposal::Withheld(
            "it cannot be cut out without touching what is around it".to_owned(),
        )),
    }
}
