//! `duplicate-key`: a key that stands twice in one mapping.

use rustc_hash::FxHashMap;

use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::{Data, Entry, Node, Path, Segment, Style, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::LineIndex;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Whether `Title` and `title` are the same key.
    #[serde(default)]
    ignore_case: bool,
}

struct DuplicateKey(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(DuplicateKey(options.parse()?))
}

impl DocumentCheck for DuplicateKey {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let lines = context.document.lines();
        self.visit(tree, tree.root(), &Path::default(), lines, reports);
    }
}

impl DuplicateKey {
    fn visit(
        &self,
        tree: &Tree,
        node: &Node,
        path: &Path,
        lines: &LineIndex,
        reports: &mut Vec<Report>,
    ) {
        match &node.data {
            Data::Map(entries) => {
                let mut seen: FxHashMap<String, usize> = FxHashMap::default();
                for (index, entry) in entries.iter().enumerate() {
                    let mut inner = path.clone();
                    inner.0.push(Segment::Key(entry.name().to_owned()));
                    // `<<` merges, and may stand more than once; a key that is not written is no slip.
                    if let Some(name) = entry
                        .key
                        .text()
                        .filter(|name| *name != "<<" && entry.key.style != Style::Empty)
                    {
                        let identity = if self.0.ignore_case {
                            name.to_lowercase()
                        } else {
                            name.to_owned()
                        };
                        let first = *seen.entry(identity).or_insert(index);
                        if let Some(original) = entries.get(first).filter(|_| first != index) {
                            let lines = (
                                lines.line_of(original.key.span.start) + 1,
                                lines.line_of(entry.key.span.start) + 1,
                            );
                            reports.push(report(tree, node, index, original, entry, &inner, lines));
                        }
                    }
                    self.visit(tree, &entry.value, &inner, lines, reports);
                }
            }
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.visit(tree, item, &path.clone().item(index), lines, reports);
                }
            }
            Data::Scalar { .. } | Data::Alias(_) => {}
        }
    }
}

fn report(
    tree: &Tree,
    map: &Node,
    index: usize,
    first: &Entry,
    again: &Entry,
    path: &Path,
    (first_line, line): (usize, usize),
) -> Report {
    let name = again.name();
    let equal = same(&first.value, &again.value);
    let message = if equal {
        format!(
            "the key `{name}` stands twice, with the same value (lines {first_line} and {line})"
        )
    } else {
        format!(
            "the key `{name}` stands twice, with different values (lines {first_line} and {line})"
        )
    };
    let report = Report::at(again.key.span)
        .message(message)
        .label(first.key.span, format!("first here, on line {first_line}"));
    if !equal {
        return report.propose(Proposal::Withheld(
            "the two values differ, and only you know which one is meant".to_owned(),
        ));
    }
    match tree.remove_entry(map, index) {
        Some(removal) if !removal.loses_comment => report.propose(Proposal::Edits {
            title: format!("Remove the second `{name}`"),
            safety: Safety::Safe,
            edits: vec![removal.edit],
            claim: Claim::Data(vec![path.clone()]),
        }),
        Some(_) => report.propose(Proposal::Withheld(
            "a comment would be lost with the second one".to_owned(),
        )),
        None => report.propose(Proposal::Withheld(
            "the second one cannot be cut out without touching what is around it".to_owned(),
        )),
    }
}

/// Whether two values say the same; anything with an anchor or an alias does not.
fn same(one: &Node, two: &Node) -> bool {
    if one.properties.is_some() || two.properties.is_some() {
        return false;
    }
    match (&one.data, &two.data) {
        (Data::List(a), Data::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Data::Map(a), Data::Map(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| same(&a.key, &b.key) && same(&a.value, &b.value))
        }
        (Data::Scalar { .. }, Data::Scalar { .. }) => [
            crate::frontmatter::Dialect::V1_1,
            crate::frontmatter::Dialect::V1_2,
        ]
        .into_iter()
        .all(
            |dialect| match (one.resolve(dialect), two.resolve(dialect)) {
                (Some(a), Some(b)) => a.same(&b),
                _ => false,
            },
        ),
        _ => false,
    }
}
