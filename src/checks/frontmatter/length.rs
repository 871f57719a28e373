//! `length`: texts and lists that are too short or too long.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use unicode_width::UnicodeWidthStr;

use super::select::Keys;
use super::support::{document, is_template_value, trimmed};
use crate::frontmatter::Data;
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};

/// Texts and lists that are too short or too long.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The keys whose values are measured.
    keys: Keys,
    /// At least so many display columns of a text (a CJK character is two), or items of a list.
    #[serde(default)]
    min: usize,
    /// At most so many.
    #[serde(default = "no_limit")]
    max: usize,
}

fn no_limit() -> usize {
    usize::MAX
}

struct Length(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Length(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Length {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for (path, node, _) in self.0.keys.values(tree) {
            let (size, unit) = match &node.data {
                Data::Scalar { text, .. } if !node.is_null() => {
                    (text.trim_end().width(), "columns")
                }
                Data::List(items) => (items.len(), "items"),
                _ => continue,
            };
            if is_template_value(tree, node) {
                continue;
            }
            let limit = if size < self.0.min {
                format!("at least {}", self.0.min)
            } else if size > self.0.max {
                format!("at most {}", self.0.max)
            } else {
                continue;
            };
            reports.push(
                Report::at(trimmed(node.span, node))
                    .message(format!("`{path}` has {size} {unit}, and may have {limit}")),
            );
        }
    }
}
