//! `not-empty`: a key that is there and says nothing.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::lost_text::taken_for_comment;
use super::support::{document, place};
use crate::frontmatter::{Data, Node};
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};

/// A key that is there and says nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Top-level keys.
    keys: Vec<String>,
    /// Whether a key with nothing after its colon (or `~`, or `null`) counts.
    #[serde(default = "yes")]
    null: bool,
    /// Whether an empty list or mapping counts.
    #[serde(default)]
    collections: bool,
}

fn yes() -> bool {
    true
}

struct NotEmpty(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(NotEmpty(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for NotEmpty {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for entry in tree.root().entries() {
            let name = entry.name();
            // What stands behind an anchor, a tag or a `#` is the business of another rule.
            if entry.value.properties.is_none()
                && !taken_for_comment(tree, &entry.value)
                && self.0.keys.iter().any(|key| key == name)
                && self.is_empty(&entry.value)
            {
                reports.push(Report::at(place(entry)).message(format!("`{name}` is empty")));
            }
        }
    }
}

impl NotEmpty {
    fn is_empty(&self, value: &Node) -> bool {
        match &value.data {
            _ if value.is_null() => self.0.null,
            Data::Scalar { text, .. } => text.chars().all(is_blank),
            Data::List(items) => self.0.collections && items.is_empty(),
            Data::Map(entries) => self.0.collections && entries.is_empty(),
            Data::Alias(_) => false,
        }
    }
}

/// White space, and characters that nobody sees.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
        )
}
