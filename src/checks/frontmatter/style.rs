//! `style`: how values are written, their meaning aside.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::select::{Found, Keys};
use super::support::{document, is_template_value};
use crate::finding::Safety;
use crate::frontmatter::{
    Data, Node, Path, Style as Written, Syntax, Tree, is_plain_safe, write_string,
};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Aspect {
    /// `true` and `false` in small letters.
    Boolean,
    /// Quotes of one kind.
    Quotes,
    /// Lists of one form.
    Lists,
    /// No blanks inside brackets.
    Brackets,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Prefer {
    Double,
    Single,
    Plain,
    Block,
    Flow,
}

/// How values are written, their meaning aside.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// What is looked at.
    aspect: Aspect,
    /// The keys whose values are looked at.
    #[serde(default = "every")]
    keys: Keys,
    /// What is wanted: `double`, `single` or `plain` quotes, `block` or `flow` lists.
    #[serde(default)]
    prefer: Option<Prefer>,
    /// Forms of the lists of some keys, `block`, `flow` or `any`; `*` stands for all other keys.
    /// In place of `keys` and `prefer`.
    #[serde(default)]
    forms: BTreeMap<String, Form>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Form {
    Block,
    Flow,
    Any,
}

fn every() -> Keys {
    Keys::from(vec!["*".to_owned()])
}

struct Style(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Style(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Style {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        if tree.syntax() != Syntax::Yaml || tree.has_odd_lines() {
            return;
        }
        match self.0.aspect {
            Aspect::Boolean => {
                for found in self.0.keys.scalars(tree) {
                    reports.extend(boolean(&found));
                }
            }
            Aspect::Quotes => {
                for found in self.0.keys.scalars(tree) {
                    reports.extend(self.quotes(tree, &found));
                }
            }
            Aspect::Lists if !self.0.forms.is_empty() => {
                for entry in tree.root().entries() {
                    let (name, node) = (entry.name(), &entry.value);
                    if is_template_value(tree, node) || node.properties.is_some() {
                        continue;
                    }
                    let form = self.0.forms.get(name).or_else(|| self.0.forms.get("*"));
                    let path = Path::key(name);
                    reports.extend(match form {
                        Some(Form::Block) => to_block(tree, &path, node),
                        Some(Form::Flow) => to_flow(tree, &path, node),
                        Some(Form::Any) | None => None,
                    });
                }
            }
            Aspect::Lists | Aspect::Brackets => {
                for (path, node, _) in self.0.keys.values(tree) {
                    if is_template_value(tree, node) || node.properties.is_some() {
                        continue;
                    }
                    reports.extend(match (self.0.aspect, self.0.prefer) {
                        (Aspect::Brackets, _) => brackets(tree, &path.path(), node),
                        (_, Some(Prefer::Block)) => to_block(tree, &path.path(), node),
                        _ => to_flow(tree, &path.path(), node),
                    });
                }
            }
        }
    }
}

fn offer(report: Report, title: &str, edits: Vec<Edit>) -> Report {
    report.propose(Proposal::Edits {
        title: title.to_owned(),
        safety: Safety::Safe,
        edits,
        claim: Claim::Layout,
    })
}

fn boolean(found: &Found<'_>) -> Option<Report> {
    let text = found
        .node
        .text()
        .filter(|_| found.node.style == Written::Plain)?;
    let lower = text.to_lowercase();
    let odd = matches!(lower.as_str(), "true" | "false")
        && matches!(text, "True" | "TRUE" | "False" | "FALSE")
        && found.node.properties.is_none();
    odd.then(|| {
        offer(
            Report::at(found.node.span).message(format!("`{}` is written `{text}`", found.name)),
            "Write it in small letters",
            vec![Edit::replace(found.node.span, lower)],
        )
    })
}

impl Style {
    fn quotes(&self, tree: &Tree, found: &Found<'_>) -> Option<Report> {
        let node = found.node;
        let text = node.text()?;
        let source = tree.source(node.span);
        if source.contains('\n') || node.properties.is_some() {
            return None;
        }
        let single = || {
            (!text.chars().any(char::is_control)).then(|| format!("'{}'", text.replace('\'', "''")))
        };
        let (wanted, written) = match (self.0.prefer?, node.style) {
            // Quotes that save escapes stay.
            (Prefer::Double, Written::Single) if !text.contains(['"', '\\']) => {
                ("double quotes", Some(format!("\"{text}\"")))
            }
            (Prefer::Single, Written::Double) if !source.contains('\\') && !text.contains('\'') => {
                ("single quotes", single())
            }
            (Prefer::Plain, Written::Single | Written::Double)
                if is_plain_safe(text, found.in_flow) =>
            {
                ("no quotes", Some(text.to_owned()))
            }
            _ => return None,
        };
        Some(offer(
            Report::at(node.span).message(format!("`{}` needs {wanted}", found.name)),
            "Change the quotes",
            vec![Edit::replace(node.span, written?)],
        ))
    }
}

fn simple_items(tree: &Tree, node: &Node) -> bool {
    let items = node.items();
    let comments = tree
        .comments()
        .iter()
        .any(|comment| node.span.start <= comment.start && comment.start <= node.span.end + 1);
    !items.is_empty()
        && !comments
        && items.iter().all(|item| {
            item.properties.is_none()
                && matches!(item.data, Data::Scalar { .. })
                && !tree.source(item.span).contains('\n')
                && !item.span.is_empty()
        })
}

fn to_block(tree: &Tree, path: &Path, node: &Node) -> Option<Report> {
    if node.style != Written::Flow || node.items().is_empty() || path.0.len() > 1 {
        return None;
    }
    let report = Report::at(node.span).message(format!("`{path}` is written in brackets"));
    let line = tree.source(Span::new(node.span.end, tree.content().end));
    let rest = line.lines().next().unwrap_or("").trim();
    if !simple_items(tree, node) || !rest.is_empty() || tree.root().style == Written::Flow {
        return Some(report);
    }
    let before = tree.source(Span::new(tree.content().start, node.span.start));
    let start = node.span.start - (before.len() - before.trim_end_matches([' ', '\t']).len());
    let eol = tree.line_ending_at(node.span.start).as_str();
    let text: String = node
        .items()
        .iter()
        .map(|item| format!("{eol}  - {}", tree.source(item.span)))
        .collect();
    Some(offer(
        report,
        "Write one item a line",
        vec![Edit::replace(Span::new(start, node.span.end), text)],
    ))
}

fn to_flow(tree: &Tree, path: &Path, node: &Node) -> Option<Report> {
    if node.style != Written::Block || node.items().is_empty() {
        return None;
    }
    let report = Report::at(node.span).message(format!("`{path}` is written over lines"));
    if !simple_items(tree, node) {
        return Some(report);
    }
    let items: Vec<String> = node
        .items()
        .iter()
        .map(|item| {
            let source = tree.source(item.span);
            let text = item.text().unwrap_or("");
            // What a plain scalar means is kept: a number stays one.
            let keeps = !source.contains([',', '[', ']', '{', '}', ':']);
            if item.style != Written::Plain || keeps {
                source.to_owned()
            } else {
                write_string(Syntax::Yaml, text, true)
            }
        })
        .collect();
    let before = tree.source(Span::new(tree.content().start, node.span.start));
    let start = node.span.start - (before.len() - before.trim_end().len());
    Some(offer(
        report,
        "Write the list in brackets",
        vec![Edit::replace(
            Span::new(start, node.span.end),
            format!(" [{}]", items.join(", ")),
        )],
    ))
}

/// What YAML takes for a blank.
const BLANK: [char; 2] = [' ', '\t'];

fn brackets(tree: &Tree, path: &Path, node: &Node) -> Option<Report> {
    let source = tree.source(node.span);
    if node.style != Written::Flow || source.contains('\n') || source.len() < 2 {
        return None;
    }
    let inner = source.get(1..source.len() - 1)?;
    if inner.trim_matches(BLANK).is_empty()
        || inner == inner.trim_matches(BLANK)
        || inner.trim_end_matches(BLANK).ends_with(',')
    {
        return None;
    }
    let lead = inner.len() - inner.trim_start_matches(BLANK).len();
    let tail = inner.len() - inner.trim_end_matches(BLANK).len();
    let mut edits = Vec::new();
    if lead > 0 {
        edits.push(Edit::delete(Span::new(
            node.span.start + 1,
            node.span.start + 1 + lead,
        )));
    }
    if tail > 0 {
        edits.push(Edit::delete(Span::new(
            node.span.end - 1 - tail,
            node.span.end - 1,
        )));
    }
    Some(offer(
        Report::at(node.span).message(format!("there are blanks inside the brackets of `{path}`")),
        "Delete the blanks",
        edits,
    ))
}
