//! `duplicate-key`: a key that stands twice in one mapping.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use schemars::{JsonSchema, Schema, schema_for};

use super::support::document;
use crate::document::Document;
use crate::finding::Safety;
use crate::frontmatter::{Data, Entry, KeySet, Node, Path, Segment, Style, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

/// A key that stands twice in one mapping.
#[derive(serde::Deserialize, JsonSchema)]
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

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for DuplicateKey {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let mut visit = Visit {
            tree,
            document: context.document,
            ignore_case: self.0.ignore_case,
            trail: Vec::new(),
            reports,
        };
        visit.node(tree.root());
    }
}

/// One step down, spelt out only for a report.
#[derive(Clone, Copy)]
enum Step<'t> {
    Key(&'t str),
    Index(usize),
}

struct Visit<'t, 'r> {
    tree: &'t Tree,
    document: &'t Document,
    ignore_case: bool,
    trail: Vec<Step<'t>>,
    reports: &'r mut Vec<Report>,
}

/// Up to so many keys are held against each other without an index.
const FEW: usize = 24;

impl<'t> Visit<'t, '_> {
    fn node(&mut self, node: &'t Node) {
        match &node.data {
            Data::Map(entries) => {
                let mut index: FxHashMap<Cow<'t, str>, usize> = FxHashMap::default();
                let mut seen = KeySet::default();
                for (at, entry) in entries.iter().enumerate() {
                    self.trail.push(Step::Key(entry.name()));
                    let may_be_second = self.ignore_case || seen.may_hold(entry.name());
                    seen.insert(entry.name());
                    let first = if entries.len() <= FEW && !may_be_second {
                        None
                    } else if entries.len() > FEW {
                        self.identity(entry)
                            .map(|name| *index.entry(name).or_insert(at))
                    } else {
                        self.identity(entry).and_then(|name| {
                            entries
                                .iter()
                                .take(at)
                                .position(|other| self.identity(other).as_ref() == Some(&name))
                        })
                    };
                    if let Some(original) = first.filter(|first| *first != at) {
                        self.report(node, at, original);
                    }
                    self.node(&entry.value);
                    self.trail.pop();
                }
            }
            Data::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.trail.push(Step::Index(index));
                    self.node(item);
                    self.trail.pop();
                }
            }
            Data::Scalar { .. } | Data::Alias(_) => {}
        }
    }

    /// What a key is compared by. `<<` merges, and may stand more than once; a key that is not
    /// written is no slip.
    fn identity(&self, entry: &'t Entry) -> Option<Cow<'t, str>> {
        let name = entry
            .key
            .text()
            .filter(|name| *name != "<<" && entry.key.style != Style::Empty)?;
        Some(if self.ignore_case {
            Cow::Owned(name.to_lowercase())
        } else {
            Cow::Borrowed(name)
        })
    }

    fn report(&mut self, map: &'t Node, at: usize, original: usize) {
        let entries = map.entries();
        let (Some(first), Some(again)) = (entries.get(original), entries.get(at)) else {
            return;
        };
        let steps = self.trail.iter().map(|step| match step {
            Step::Key(name) => Segment::Key((*name).to_owned()),
            Step::Index(index) => Segment::Index(*index),
        });
        let path = Path(steps.collect());
        // Only now: the lines are those of the whole file.
        let lines = self.document.lines();
        let lines = (
            lines.line_of(first.key.span.start) + 1,
            lines.line_of(again.key.span.start) + 1,
        );
        let report = report(self.tree, map, at, first, again, &path, lines);
        self.reports.push(report);
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
