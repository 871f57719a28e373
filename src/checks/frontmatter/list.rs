//! `list`: values that have to be lists, and items that say nothing.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::select::Keys;
use super::support::{dialect, document, is_template_value, trimmed};
use crate::finding::Safety;
use crate::frontmatter::{Data, Node, Path, Scalar, Segment, Style, Syntax, Tree, write_string};
use crate::rule::{
    Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report, ValueType,
};
use crate::source::Edit;

/// Values that have to be lists, and items that say nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The keys whose values are looked at.
    keys: Keys,
    /// A text is no list where one of these characters parts it.
    #[serde(default)]
    separators: String,
    /// The keys whose values are terms to every reader; of others a text may be meant.
    #[serde(default)]
    certain: Vec<String>,
    /// Whether a text without a separator is no list either.
    #[serde(default)]
    any_text: bool,
    /// Whether a key without a value is no list either.
    #[serde(default)]
    null: bool,
    /// Whether empty items are looked for instead.
    #[serde(default)]
    empty_items: bool,
}

struct ListCheck(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(ListCheck(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for ListCheck {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for (path, node, _) in self.0.keys.values(tree) {
            if is_template_value(tree, node) {
                continue;
            }
            match &node.data {
                Data::List(items) if self.0.empty_items => {
                    for (index, item) in items.iter().enumerate() {
                        let empty = item.is_null()
                            || item.text().is_some_and(|text| text.trim().is_empty());
                        if empty && item.properties.is_none() {
                            reports.push(empty_item(tree, &path.path(), node, index));
                        }
                    }
                }
                Data::Scalar { .. }
                    if self.0.null && node.is_null() && node.properties.is_none() =>
                {
                    let span = if node.span.is_empty() {
                        crate::source::Span::new(node.span.start.saturating_sub(1), node.span.start)
                    } else {
                        node.span
                    };
                    reports.push(
                        Report::at(span)
                            .message(format!("`{path}` is empty and not a list"))
                            .propose(Proposal::Edits {
                                title: "Write an empty list".to_owned(),
                                safety: Safety::Safe,
                                edits: vec![tree.replace_value(node, "[]")],
                                claim: Claim::Data(vec![path.path()]),
                            }),
                    );
                }
                Data::Scalar { .. } if !self.0.empty_items && node.properties.is_none() => {
                    if let Some(Scalar::String(text)) = node.resolve(dialect(context)) {
                        reports.extend(self.text(context, tree, path.path(), node, text));
                    }
                }
                _ => {}
            }
        }
    }
}

impl ListCheck {
    /// Whether a text can only be a list: the key holds terms, no quotes say that the separators
    /// belong to the text, and simple words stand between them.
    fn is_certain(
        &self,
        context: Context<'_>,
        tree: &Tree,
        path: &Path,
        node: &Node,
        text: &str,
    ) -> bool {
        let [Segment::Key(key)] = path.0.as_slice() else {
            return false;
        };
        let spec = context.preset.keys.get(key);
        let term = self.0.certain.contains(key)
            && spec.is_none_or(|spec| spec.types.contains(&ValueType::List));
        let plain = node.style == Style::Plain || tree.syntax() != Syntax::Yaml;
        let separators: Vec<char> = self.0.separators.chars().collect();
        let mut kinds: Vec<char> = text.chars().filter(|c| separators.contains(c)).collect();
        kinds.dedup();
        let parted = text.char_indices().all(|(at, c)| {
            let after = text.get(at + c.len_utf8()..).unwrap_or("");
            !separators.contains(&c) || !c.is_ascii() || after.starts_with([' ', '\t'])
        });
        term && plain
            && kinds.len() < 2
            && parted
            && text.split(|c| separators.contains(&c)).all(is_simple)
    }

    fn text(
        &self,
        context: Context<'_>,
        tree: &Tree,
        path: Path,
        node: &Node,
        text: &str,
    ) -> Option<Report> {
        let separators: Vec<char> = self.0.separators.chars().collect();
        let parts: Vec<&str> = text
            .split(|c| separators.contains(&c))
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() || (parts.len() < 2 && !self.0.any_text) {
            return None;
        }
        let report = Report::at(trimmed(node.span, node)).message(format!(
            "`{path}` is a text and not a list: `{}`",
            text.chars().take(60).collect::<String>()
        ));
        if matches!(node.style, Style::Literal | Style::Folded) {
            return Some(report);
        }
        // A list in quotes, or half a bracket: where its items start and end the brackets say.
        let parts = match unbracketed(text) {
            Some(inner) => inner
                .split(|c| separators.contains(&c))
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect(),
            None if text.contains(['[', ']', '{', '}']) => return Some(report),
            None => parts,
        };
        let items: Vec<String> = parts
            .iter()
            .map(|part| write_string(tree.syntax(), part, true))
            .collect();
        let written = match tree.syntax() {
            Syntax::Yaml | Syntax::Toml | Syntax::Json => format!("[{}]", items.join(", ")),
        };
        let safety = if self.is_certain(context, tree, &path, node, text) {
            Safety::Safe
        } else {
            Safety::Unsafe
        };
        Some(report.propose(Proposal::Edits {
            title: "Write a list".to_owned(),
            safety,
            edits: vec![Edit::replace(node.span, written)],
            claim: Claim::Data(vec![path]),
        }))
    }
}

fn empty_item(tree: &Tree, path: &Path, list: &Node, index: usize) -> Report {
    let item = list.item(index).map_or(list.span, |item| item.span);
    let span = if item.is_empty() && list.style == Style::Block && item.start > 0 {
        crate::source::Span::new(item.start - 1, item.start)
    } else {
        item
    };
    let report = Report::at(span).message(format!("`{path}` has an item that says nothing"));
    match tree.remove_item(list, index) {
        Some(removal) if !removal.loses_comment => report.propose(Proposal::Edits {
            title: "Remove the empty item".to_owned(),
            safety: Safety::Safe,
            edits: vec![removal.edit],
            claim: Claim::Data(vec![path.clone()]),
        }),
        Some(_) => report.propose(Proposal::Withheld(
            "a comment would be lost with it".to_owned(),
        )),
        None => report.propose(Proposal::Withheld(
            "it cannot be cut out without touching what is around it".to_owned(),
        )),
    }
}

/// What stands between the brackets of a list of plain words that is written as a text.
fn unbracketed(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    (!inner.contains(['[', ']', '{', '}', '"', '\''])).then_some(inner)
}

/// Whether a part of a text is a term by itself: a few words without punctuation.
fn is_simple(part: &str) -> bool {
    let part = part.trim();
    !part.is_empty()
        && part.split_whitespace().count() <= 3
        && part.starts_with(char::is_alphanumeric)
        && !part.ends_with('.')
        && part.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '+' | '#' | '/' | '&')
        })
}
