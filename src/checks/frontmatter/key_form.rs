//! `key-form`: keys that are no texts, and keys with characters that nobody sees.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::{dialect, document, is_template_value};
use crate::finding::Safety;
use crate::frontmatter::{Data, Dialect, Entry, Node, Path, Scalar, Segment, Style, Syntax, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Aspect {
    /// Keys that are empty, lists, mappings, or true or false to the reader.
    Type,
    /// Blanks of other scripts and invisible characters at the ends of a key.
    Spelling,
}

/// Keys that are no texts, and keys with characters that nobody sees.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// What is looked at.
    aspect: Aspect,
}

struct KeyForm(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(KeyForm(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for KeyForm {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let aspect = self.0.aspect;
        // Nearly no file has such a character.
        let source = tree.source(tree.content());
        if aspect == Aspect::Spelling && source.is_ascii() && !source.contains("\\u") {
            return;
        }
        let mut trail = Vec::new();
        walk(
            tree,
            tree.root(),
            &mut trail,
            &mut |trail, entry, before| {
                reports.extend(match aspect {
                    Aspect::Type => kind(tree, dialect(context), trail, entry),
                    Aspect::Spelling => spelling(tree, trail, entry, before.last()),
                });
            },
        );
    }
}

/// A step into the tree, spelt out only when somebody asks.
#[derive(Clone, Copy)]
enum Step<'t> {
    Key(&'t str),
    Index(usize),
}

/// Every entry under `node` of `tree` with the way to its mapping and the entries before it.
fn walk<'t>(
    tree: &'t Tree,
    node: &'t Node,
    trail: &mut Vec<Step<'t>>,
    visit: &mut impl FnMut(&[Step<'t>], &'t Entry, &'t [Entry]),
) {
    match &node.data {
        Data::Map(entries) => {
            for (at, entry) in entries.iter().enumerate() {
                visit(trail, entry, entries.get(..at).unwrap_or(&[]));
                // The braces of a template are no mapping.
                if entry.value.text().is_none() && !is_template_value(tree, &entry.value) {
                    trail.push(Step::Key(entry.name()));
                    walk(tree, &entry.value, trail, visit);
                    trail.pop();
                }
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                trail.push(Step::Index(index));
                walk(tree, item, trail, visit);
                trail.pop();
            }
        }
        Data::Scalar { .. } | Data::Alias(_) => {}
    }
}

fn child(trail: &[Step<'_>], key: &str) -> Path {
    let last = Step::Key(key);
    let steps = trail.iter().chain(std::iter::once(&last));
    Path(
        steps
            .map(|step| match step {
                Step::Key(name) => Segment::Key((*name).to_owned()),
                Step::Index(index) => Segment::Index(*index),
            })
            .collect(),
    )
}

fn kind(tree: &Tree, dialect: Dialect, path: &[Step<'_>], entry: &Entry) -> Option<Report> {
    let key = &entry.key;
    if tree.syntax() != Syntax::Yaml || key.properties.is_some() {
        return None;
    }
    let what = match (&key.data, key.resolve(dialect)) {
        (Data::List(_), _) => "this key is a list".to_owned(),
        (Data::Map(_), _) => "this key is a mapping".to_owned(),
        (_, Some(Scalar::Null)) if key.span.is_empty() => "this key has no name".to_owned(),
        (_, Some(Scalar::Null)) => {
            format!(
                "the key `{}` is nothing to the reader",
                tree.source(key.span)
            )
        }
        (_, Some(Scalar::Boolean(value))) if key.text() != Some("<<") => {
            format!(
                "the key `{}` is {value} to the reader, and no text",
                tree.source(key.span)
            )
        }
        _ => return None,
    };
    let span = if key.span.is_empty() {
        let content = tree.content();
        let before = tree.source(Span::new(content.start, entry.value.span.start));
        let colon = content.start + before.rfind(':')?;
        Span::new(colon, colon + 1)
    } else {
        key.span
    };
    let report = Report::at(span).message(what);
    // Two keys that mean `true` are one key to the reader: which is which cannot be told.
    let twins = tree
        .root()
        .entries()
        .iter()
        .filter(|entry| matches!(entry.key.resolve(Dialect::V1_1), Some(Scalar::Boolean(_))));
    let alone = twins.count() < 2;
    Some(
        match tree.quote(key).filter(|_| alone && !key.span.is_empty()) {
            Some(edit) => report.propose(Proposal::Edits {
                title: "Put the key in quotes".to_owned(),
                safety: Safety::Safe,
                edits: vec![edit],
                claim: Claim::Data(vec![child(path, key.text().unwrap_or(""))]),
            }),
            None => report,
        },
    )
}

/// White space of other scripts, and characters without a form.
fn is_odd(c: char) -> bool {
    (c.is_whitespace() && !c.is_ascii())
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

fn spelling(
    tree: &Tree,
    path: &[Step<'_>],
    entry: &Entry,
    previous: Option<&Entry>,
) -> Option<Report> {
    let name = entry.name();
    if name.is_ascii() {
        return None;
    }
    let bare = name.trim_matches(|c: char| is_odd(c) || c == ' ');
    let odd = name.chars().find(|c| is_odd(*c)).filter(|_| bare != name)?;
    let report = Report::at(entry.key.span).message(format!(
        "the key `{bare}` {} with U+{:04X}, which nobody sees",
        if name.starts_with(|c: char| is_odd(c)) {
            "starts"
        } else {
            "ends"
        },
        u32::from(odd)
    ));
    if bare.is_empty() {
        return Some(report);
    }
    let lead: String = name
        .chars()
        .take_while(|c| is_odd(*c) || *c == ' ')
        .collect();
    let blanks = lead.chars().filter(|c| c.is_whitespace()).count();
    // Blanks under a key without a value were meant as indentation.
    let parent = previous.filter(|previous| {
        previous.value.style == Style::Empty && entry.key.style == Style::Plain && blanks > 0
    });
    let proposal = match parent {
        Some(parent) => Proposal::Edits {
            title: "Indent with plain blanks".to_owned(),
            safety: Safety::Unsafe,
            edits: vec![Edit::replace(
                Span::new(entry.key.span.start, entry.key.span.start + lead.len()),
                " ".repeat(blanks.max(2)),
            )],
            claim: Claim::Data(vec![child(path, name), child(path, parent.name())]),
        },
        None => Proposal::Edits {
            title: "Delete what nobody sees".to_owned(),
            safety: Safety::Unsafe,
            edits: vec![tree.rename_key(entry, bare, tree.root().style == Style::Flow)],
            claim: Claim::Data(vec![child(path, name), child(path, bare)]),
        },
    };
    Some(report.propose(proposal))
}
