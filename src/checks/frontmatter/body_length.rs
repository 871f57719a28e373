//! `body-length`: pages with front matter and hardly any text.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::html::columns;
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};
use crate::source::Span;

/// Pages with front matter and hardly any text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// At least so many display columns of text, tags, comments and scripts aside; a CJK character
    /// is two.
    min: usize,
}

struct BodyLength(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(BodyLength(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for BodyLength {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let document = context.document;
        let Some(block) = document.front_matter().block() else {
            return;
        };
        if document.front_matter().tree().is_none() {
            return;
        }
        let text = document
            .arena()
            .text_in(document.bytes(), document.mask(), document.body());
        let size = columns(text.trim());
        if size >= self.0.min {
            return;
        }
        let place = match block.closer.filter(|closer| !closer.is_empty()) {
            Some(closer) => closer,
            None => Span::new(block.content.start, block.content.start + 1),
        };
        reports.push(Report::at(place).message(match size {
            0 => "the page has no text".to_owned(),
            size => format!(
                "the page has {size} columns of text, and less than {} is hardly a page",
                self.0.min
            ),
        }));
    }
}
