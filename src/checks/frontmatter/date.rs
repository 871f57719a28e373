//! `date`: values that have to be dates.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::{dialect, document, is_template_value, place};
use crate::frontmatter::{Data, Entry, Scalar, Style, Tree};
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};
use crate::source::Span;

/// Values that have to be dates.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Top-level keys.
    keys: Vec<String>,
    /// Words that stand for a date.
    #[serde(default)]
    words: Vec<String>,
}

struct DateCheck(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(DateCheck(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for DateCheck {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for entry in tree.root().entries() {
            if self.0.keys.iter().any(|key| key == entry.name()) {
                self.value(context, tree, entry, reports);
            }
        }
    }
}

impl DateCheck {
    fn value(&self, context: Context<'_>, tree: &Tree, entry: &Entry, reports: &mut Vec<Report>) {
        let value = &entry.value;
        if is_template_value(tree, value) {
            return;
        }
        let name = entry.name();
        let text = match (&value.data, value.resolve(dialect(context))) {
            // Nothing written, or a structure (`date: {created: …}`), is another rule's business.
            (_, Some(Scalar::Null)) | (Data::Map(_) | Data::Alias(_), _) => return,
            (Data::List(_), _) => {
                reports.push(
                    Report::at(place(entry)).message(format!("`{name}` is a list, not a date")),
                );
                return;
            }
            (_, Some(Scalar::Boolean(_))) => {
                reports.push(
                    Report::at(place(entry)).message(format!("`{name}` is a boolean, not a date")),
                );
                return;
            }
            (Data::Scalar { text, .. }, _) => text,
        };
        if text.trim().is_empty()
            || self
                .0
                .words
                .iter()
                .any(|word| word.eq_ignore_ascii_case(text))
        {
            return;
        }
        let Err(problem) = tree.date(value) else {
            return;
        };
        let span = match value.style {
            Style::Plain => value.span,
            Style::Single | Style::Double => Span::new(value.span.start + 1, value.span.end - 1),
            _ => place(entry),
        };
        let same_length = span.len() == text.len() && !problem.at.is_empty();
        let span = if same_length {
            Span::new(span.start + problem.at.start, span.start + problem.at.end)
        } else {
            span
        };
        reports
            .push(Report::at(span).message(format!("`{text}` is not a date: {}", problem.reason)));
    }
}
