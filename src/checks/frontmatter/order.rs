//! `order`: keys, or items of a list, in an agreed order.

use std::cmp::Ordering;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::select::Keys;
use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::{Data, Entry, Node, Path, Style, Syntax, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

/// Keys, or items of a list, in an agreed order.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Top-level keys in the order in which they have to stand; others follow as they are.
    #[serde(default)]
    keys: Vec<String>,
    /// The order of the other keys: as they are, or by their letters.
    #[serde(default)]
    rest: Rest,
    /// Lists whose items have to stand in the order of their letters.
    #[serde(default)]
    lists: Keys,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Rest {
    #[default]
    Keep,
    Ascending,
    Descending,
}

struct Order(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Order(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Order {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        reports.extend(self.keys(tree));
        for (path, node, _) in self.0.lists.values(tree) {
            reports.extend(items(tree, path.path(), node));
        }
    }
}

impl Order {
    fn compare(&self, one: &Entry, two: &Entry) -> Ordering {
        let rank = |entry: &Entry| {
            let place = self.0.keys.iter().position(|key| key == entry.name());
            place.unwrap_or(self.0.keys.len())
        };
        let letters = || one.name().to_lowercase().cmp(&two.name().to_lowercase());
        rank(one).cmp(&rank(two)).then_with(|| {
            match (self.0.rest, rank(one) == self.0.keys.len()) {
                (Rest::Ascending, true) => letters(),
                (Rest::Descending, true) => letters().reverse(),
                _ => Ordering::Equal,
            }
        })
    }

    fn keys(&self, tree: &Tree) -> Option<Report> {
        let all = tree.root().entries();
        // In TOML a table takes everything up to the next header with it.
        let count = all
            .iter()
            .position(|entry| tree.syntax() == Syntax::Toml && entry.value.style == Style::Block)
            .unwrap_or(all.len());
        let entries = all.get(..count)?;
        let late = entries.windows(2).find_map(|pair| match pair {
            [a, b] if self.compare(a, b) == Ordering::Greater => Some((a, b)),
            _ => None,
        });
        let (before, late) = late?;
        let report = Report::at(late.key.span).message(format!(
            "`{}` stands after `{}`, and belongs before it",
            late.name(),
            before.name()
        ));
        let has_alias = tree
            .values()
            .iter()
            .any(|(_, node)| matches!(node.data, Data::Alias(_)));
        if has_alias {
            return Some(report.propose(Proposal::Withheld(
                "an anchor has to stand before what refers to it".to_owned(),
            )));
        }
        let Some(chunks) = chunks(tree, entries) else {
            return Some(report.propose(Proposal::Withheld(
                "the keys do not stand on lines of their own".to_owned(),
            )));
        };
        let whole = chunks.iter().copied().reduce(Span::join)?;
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by(|&a, &b| match (entries.get(a), entries.get(b)) {
            (Some(a), Some(b)) => self.compare(a, b),
            _ => Ordering::Equal,
        });
        let text: String = order
            .iter()
            .filter_map(|&at| chunks.get(at))
            .map(|chunk| tree.source(*chunk))
            .collect();
        Some(report.propose(Proposal::Edits {
            title: "Put the keys in order".to_owned(),
            safety: Safety::Safe,
            edits: vec![Edit::replace(whole, text)],
            claim: Claim::Layout,
        }))
    }
}

/// The lines of each entry with the comments above it; together they leave no gap. `None` where
/// entries share lines.
fn chunks(tree: &Tree, entries: &[Entry]) -> Option<Vec<Span>> {
    if tree.root().style == Style::Flow || tree.has_odd_lines() {
        return None;
    }
    let content = tree.content();
    let mut chunks = Vec::with_capacity(entries.len());
    // A comment that a blank line parts from the first key is the block's, not the key's.
    let first = entries.first()?.key.outer().start;
    let head = tree.source(Span::new(content.start, first));
    let own = ["\n\n", "\n\r\n"]
        .iter()
        .filter_map(|gap| head.rfind(gap).map(|at| at + gap.len()))
        .max()
        .unwrap_or(0);
    let mut start = content.start + own;
    for entry in entries {
        let from = entry.key.outer().start;
        let line_start = tree
            .source(Span::new(content.start, from))
            .rfind('\n')
            .map_or(content.start, |eol| content.start + eol + 1);
        if line_start < start || !tree.source(Span::new(line_start, from)).trim().is_empty() {
            return None;
        }
        let value_end = entry.value.span.end.max(entry.key.span.end);
        let ended = value_end > from && tree.source(Span::new(value_end - 1, value_end)) == "\n";
        let end = if ended {
            value_end
        } else {
            let rest = tree.source(Span::new(value_end, content.end));
            let line = rest.find('\n')?;
            let tail = rest.get(..line)?.trim().trim_start_matches(':').trim();
            if !(tail.is_empty() || tail.starts_with('#')) {
                return None;
            }
            value_end + line + 1
        };
        chunks.push(Span::new(start, end));
        start = end;
    }
    Some(chunks)
}

fn items(tree: &Tree, path: Path, list: &Node) -> Option<Report> {
    let items = list.items();
    let text = |node: &Node| node.text().map(str::to_lowercase);
    let late = items.windows(2).find_map(|pair| match pair {
        [a, b] if text(a)? > text(b)? => Some(b),
        _ => None,
    })?;
    let report = Report::at(late.span).message(format!("the items of `{path}` are not in order"));
    let simple = items.iter().all(|item| {
        item.properties.is_none()
            && item.text().is_some()
            && !tree.source(item.span).contains('\n')
            && !item.span.is_empty()
    });
    let comments = tree
        .comments()
        .iter()
        .any(|comment| list.span.start <= comment.start && comment.start <= list.span.end + 1);
    if !simple || comments {
        return Some(report.propose(Proposal::Withheld(
            "comments or nested values stand between the items".to_owned(),
        )));
    }
    let mut order: Vec<&Node> = items.iter().collect();
    order.sort_by_key(|item| text(item));
    let edits = items
        .iter()
        .zip(&order)
        .filter(|(old, new)| old.span != new.span)
        .map(|(old, new)| Edit::replace(old.span, tree.source(new.span)))
        .collect();
    Some(report.propose(Proposal::Edits {
        title: "Sort the items".to_owned(),
        safety: Safety::Unsafe,
        edits,
        claim: Claim::Data(vec![path]),
    }))
}
