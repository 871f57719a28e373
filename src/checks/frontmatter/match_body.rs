//! `match-body`: a title that has to be, or must not be, the heading that opens the body.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::pattern::Pattern;
use super::support::{document, head_of_body, is_template_value, pattern, place, without_links};
use crate::finding::Safety;
use crate::frontmatter::{Path, Style};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::Span;

/// A title that has to be, or must not be, the heading that opens the body.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// A top-level key.
    key: String,
    /// A regular expression over the head of the body; the first of its groups that takes part is
    /// the text that is held against the value.
    pattern: String,
    /// Whether the two must differ instead of agree.
    #[serde(default)]
    differ: bool,
}

struct MatchBody {
    config: Config,
    pattern: Pattern,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    document(MatchBody {
        pattern: pattern(options, "pattern", &config.pattern)?,
        config,
    })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

/// How much of the body is the head of it, in bytes.
const HEAD: usize = 4096;

impl DocumentCheck for MatchBody {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let front_matter = context.document.front_matter();
        let (Some(tree), Some(block), Some(text)) = (
            front_matter.tree(),
            front_matter.block(),
            context.document.text(),
        ) else {
            return;
        };
        let key = self.config.key.as_str();
        let Some(entry) = tree.entry(key) else { return };
        let Some(value) = entry.value.text().filter(|value| !value.trim().is_empty()) else {
            return;
        };
        let (start, head) = head_of_body(text, block, HEAD);
        let found = self.pattern.captures(head);
        let Some(heading) = found.and_then(|found| found.iter().skip(1).flatten().next()) else {
            return;
        };
        let wanted = without_links(heading.as_str().trim());
        let equal = normal(value) == normal(&wanted);
        if is_template_value(tree, &entry.value) || equal != self.config.differ {
            return;
        }
        let span = Span::new(start + heading.start(), start + heading.end());
        let message = if self.config.differ {
            format!("the body repeats `{key}` as its first heading")
        } else {
            format!("`{key}` and the first heading differ")
        };
        let report = Report::at(place(entry))
            .message(message)
            .label(span, "the heading");
        if self.config.differ {
            reports.push(report);
            return;
        }
        let in_flow = tree.root().style == Style::Flow;
        let edit = tree.set_text(&entry.value, &wanted, in_flow);
        reports.push(match edit.filter(|_| !wanted.is_empty()) {
            Some(edit) => report.propose(Proposal::Edits {
                title: format!("Take `{key}` from the heading"),
                safety: Safety::Unsafe,
                edits: vec![edit],
                claim: Claim::Data(vec![Path::key(key)]),
            }),
            None => report,
        });
    }
}

/// The letters and digits of a text, in small letters: what is left when quotes, punctuation,
/// escapes and blanks are spelt one way.
fn normal(text: &str) -> String {
    text.replace("&amp;", "&")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
