//! `lost-text`: text that YAML silently takes for a comment, an anchor or a tag.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::{Data, Entry, Node, Path, Segment, Style, Syntax, Tree, write_string};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// `color: #fff`, `title: C #1`
    Comment,
    /// `title: &foo bar`
    Anchor,
    /// `title: !important news`
    Tag,
    /// List items that are read as one text: `-a`, or an item that is indented too deep.
    Items,
    /// A key between braces with its value: `{src:a}`.
    FlowKey,
    /// Anchors and aliases of any kind.
    AnyAnchor,
}

/// Text that YAML silently takes for a comment, an anchor or a tag.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// What it is taken for.
    kind: Kind,
}

struct LostText(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(LostText(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for LostText {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        if tree.syntax() != Syntax::Yaml {
            return;
        }
        match self.0.kind {
            Kind::Comment => {
                if !tree
                    .comments()
                    .iter()
                    .any(|at| words_of(tree, *at).is_some())
                {
                    return;
                }
                for (path, node) in tree.values() {
                    reports.extend(comment(tree, path, node));
                }
            }
            Kind::FlowKey => {
                if !has_flow_key(tree.root()) {
                    return;
                }
                for (path, node) in tree.values() {
                    if node.style == Style::Flow {
                        reports.extend(flow_keys(tree, &path, node));
                    }
                }
            }
            Kind::Items => {
                for entry in tree.root().entries() {
                    reports.extend(items(tree, entry));
                }
            }
            kind => {
                if !tree.has_properties() {
                    return;
                }
                let values = tree.values();
                let aliases: Vec<&str> = values
                    .iter()
                    .filter_map(|(_, node)| match &node.data {
                        Data::Alias(name) => Some(&**name),
                        _ => None,
                    })
                    .collect();
                for (path, node) in &values {
                    reports.extend(property(tree, kind, &aliases, path, node));
                }
            }
        }
    }
}

/// Whether what stands behind a key is more likely its value than a comment: `title: #fff`.
pub(super) fn taken_for_comment(tree: &Tree, value: &Node) -> bool {
    tree.syntax() == Syntax::Yaml && comment(tree, Path(Vec::new()), value).is_some()
}

/// A comment right behind a plain value, a key or a hyphen, whose `#` no blank follows.
fn comment(tree: &Tree, path: Path, value: &Node) -> Option<Report> {
    if !matches!(value.style, Style::Plain | Style::Empty) || value.properties.is_some() {
        return None;
    }
    let comments = tree.comments();
    let next = comments.partition_point(|comment| comment.start < value.span.end);
    let comment = *comments.get(next)?;
    let between = tree.source(Span::new(value.span.end, comment.start));
    let words = words_of(tree, comment)?;
    if !between.trim_matches([' ', '\t']).is_empty() {
        return None;
    }
    let whole = Span::new(
        if value.span.is_empty() {
            comment.start
        } else {
            value.span.start
        },
        comment.end,
    );
    let text = tree.source(whole).trim_end();
    let shown: String = words.chars().take(40).collect();
    Some(
        Report::at(comment)
            .message(format!(
                "`#{shown}` is a comment to YAML and no part of `{path}`"
            ))
            .propose(Proposal::Edits {
                title: "Put the whole value in quotes".to_owned(),
                safety: Safety::Unsafe,
                edits: vec![Edit::replace(
                    Span::new(whole.start, whole.start + text.len()),
                    write_string(Syntax::Yaml, text, true),
                )],
                claim: Claim::Data(vec![path]),
            }),
    )
}

/// What a comment says, if no blank and no ornament follows its `#`.
fn words_of(tree: &Tree, comment: Span) -> Option<&str> {
    let words = tree.source(comment).strip_prefix('#')?;
    let ornament = words.starts_with([' ', '\t', '#', '!', '-', '=']);
    (!words.is_empty() && !ornament).then_some(words)
}

/// Lines that start with a hyphen within one plain text.
fn items(tree: &Tree, entry: &Entry) -> Option<Report> {
    let value = &entry.value;
    let mut nodes = std::iter::once(value).chain(value.items());
    let node = nodes.find(|node| {
        if node.style != Style::Plain {
            return false;
        }
        let source = tree.source(node.span);
        if !source.starts_with('-') && memchr::memchr(b'\n', source.as_bytes()).is_none() {
            return false;
        }
        let own_line = || {
            let lead = Span::new(entry.key.span.end, node.span.start);
            tree.source(lead).contains('\n')
        };
        let glued = |line: &str| {
            line.strip_prefix('-')
                .is_some_and(|rest| rest.starts_with(char::is_alphabetic))
        };
        std::ptr::eq(*node, value) && glued(source) && own_line()
            || source
                .lines()
                .skip(1)
                .any(|line| line.trim_start().starts_with("- ") || glued(line.trim_start()))
    })?;
    let report = Report::at(node.span).message(format!(
        "the items of `{}` are one text to YAML: {}",
        entry.name(),
        if tree.source(node.span).starts_with('-') {
            "a blank has to follow each hyphen"
        } else {
            "all hyphens have to stand in one column"
        }
    ));
    let edits = hyphens(tree, entry, node);
    Some(match edits.is_empty() {
        true => report,
        false => report.propose(Proposal::Edits {
            title: "Write them as items".to_owned(),
            safety: Safety::Unsafe,
            edits,
            claim: Claim::Data(vec![Path::key(entry.name())]),
        }),
    })
}

/// What makes items of the lines of `node`: hyphens in the column of the first, a blank after each.
/// None where a line is no item.
fn hyphens(tree: &Tree, entry: &Entry, node: &Node) -> Vec<Edit> {
    let content = tree.content().start;
    let first_start = match entry.value.items().first() {
        Some(item) => item.span.start,
        None => node.span.start,
    };
    let head = tree.source(Span::new(content, first_start));
    let column = head
        .rfind('\n')
        .map_or(head, |eol| head.get(eol + 1..).unwrap_or(""));
    let indent: String = column.chars().take_while(|c| *c == ' ').collect();
    let mut edits = Vec::new();
    let mut at = node.span.start;
    for (number, line) in tree.source(node.span).split_inclusive('\n').enumerate() {
        let trimmed = line.trim_start();
        let start = at + line.len() - trimmed.len();
        let item = trimmed.strip_prefix('-');
        match item {
            // The text of the first item stands behind its hyphen already.
            None if number == 0 && !entry.value.items().is_empty() => {}
            None => return Vec::new(),
            Some(rest) => {
                if number > 0 && line.get(..line.len() - trimmed.len()) != Some(indent.as_str()) {
                    edits.push(Edit::replace(Span::new(at, start), indent.clone()));
                }
                if !rest.starts_with(' ') {
                    edits.push(Edit::insert(start + 1, " "));
                }
            }
        }
        at += line.len();
    }
    edits
}

/// Whether a key without a value stands between braces anywhere under `node`.
fn has_flow_key(node: &Node) -> bool {
    match &node.data {
        Data::Map(entries) => entries.iter().any(|entry| {
            (node.style == Style::Flow && entry.value.style == Style::Empty)
                || has_flow_key(&entry.value)
        }),
        Data::List(items) => items.iter().any(has_flow_key),
        Data::Scalar { .. } | Data::Alias(_) => false,
    }
}

/// Keys without a value that hold a colon, between braces.
fn flow_keys(tree: &Tree, path: &Path, map: &Node) -> Vec<Report> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut found = Vec::new();
    for entry in map.entries() {
        let source = tree.source(entry.key.span);
        let Some((name, value)) = source.split_once(':') else {
            continue;
        };
        let glued = entry.key.style == Style::Plain
            && entry.value.style == Style::Empty
            && !name.is_empty()
            && name.chars().all(is_name)
            && !value.is_empty()
            && !value.starts_with("//");
        if !glued {
            continue;
        }
        let at = entry.key.span.start + name.len() + 1;
        found.push(
            Report::at(entry.key.span)
                .message(format!(
                    "`{source}` is a key without a value to YAML, because no blank follows its colon"
                ))
                .propose(Proposal::Edits {
                    title: "Insert the blank".to_owned(),
                    safety: Safety::Unsafe,
                    edits: vec![Edit::insert(at, " ")],
                    claim: Claim::Data(vec![
                        child(path, entry.name()),
                        child(path, name),
                    ]),
                }),
        );
    }
    found
}

fn child(path: &Path, key: &str) -> Path {
    let mut path = path.clone();
    path.0.push(Segment::Key(key.to_owned()));
    path
}

fn property(tree: &Tree, kind: Kind, aliases: &[&str], path: &Path, node: &Node) -> Option<Report> {
    if kind == Kind::AnyAnchor {
        return match (&node.data, &node.properties) {
            (Data::Alias(name), _) => Some(
                Report::at(node.span).message(format!("`{path}` refers to the anchor `{name}`")),
            ),
            (_, Some(properties)) if properties.anchor.is_some() => {
                Some(Report::at(properties.span).message(format!("`{path}` has an anchor")))
            }
            _ => None,
        };
    }
    let properties = node.properties.as_ref()?;
    let scalar = matches!(node.style, Style::Plain | Style::Empty);
    let (what, name) = match (kind, &properties.anchor, &properties.tag) {
        (Kind::Anchor, Some(anchor), _) if scalar && !aliases.contains(&&**anchor) => {
            ("an anchor that nothing refers to", format!("&{anchor}"))
        }
        (Kind::Tag, None, Some(tag))
            if scalar && tag.starts_with('!') && (tag.len() > 1 || node.span.is_empty()) =>
        {
            ("a tag", tag.to_string())
        }
        _ => return None,
    };
    let report = Report::at(properties.span).message(format!(
        "to YAML `{name}` is {what}, and no part of `{path}`"
    ));
    let whole = properties.span.join(node.span);
    let text = tree.source(whole).trim_end();
    if text.contains('\n') || (properties.anchor.is_some() && properties.tag.is_some()) {
        return Some(report);
    }
    let span = Span::new(whole.start, whole.start + text.len());
    Some(report.propose(Proposal::Edits {
        title: "Put the whole value in quotes".to_owned(),
        safety: Safety::Unsafe,
        edits: vec![Edit::replace(span, write_string(Syntax::Yaml, text, true))],
        claim: Claim::Data(vec![path.clone()]),
    }))
}
