//! `root`: front matter that holds no keys.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::{Data, Node, Path, Style, Syntax, Tree, read};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

/// Front matter that holds no keys.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {}

struct Root;

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let Config {} = options.parse()?;
    document(Root)
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Root {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let root = tree.root();
        if let Some(report) = in_toml(tree) {
            reports.push(report);
            return;
        }
        let what = match &root.data {
            Data::Map(_) => return,
            Data::Scalar { text, .. } if text.is_empty() => return,
            Data::List(_) => "a list".to_owned(),
            Data::Alias(_) => "a reference to an anchor".to_owned(),
            Data::Scalar { text, .. } => match glued_key(text) {
                Some(key) => format!("a text: `{key}:` has no blank after its colon"),
                None => "a text".to_owned(),
            },
        };
        let report = Report::at(first_line(root, tree.source(root.span)))
            .message(format!("the front matter has no keys: it is {what}"));
        reports.push(match unglued(tree) {
            Some(edit) => report.propose(Proposal::Edits {
                title: "Insert the blank".to_owned(),
                safety: Safety::Unsafe,
                edits: vec![edit],
                claim: Claim::Data(vec![Path::default()]),
            }),
            None => report,
        });
    }
}

/// Pairs of TOML between the lines that enclose YAML.
fn in_toml(tree: &Tree) -> Option<Report> {
    let Data::Scalar { text, .. } = &tree.root().data else {
        return None;
    };
    if !text.contains('=') || tree.syntax() != Syntax::Yaml {
        return None;
    }
    let content = tree.content();
    let source = tree.source(content);
    let as_toml = read(&format!("+++\n{source}+++\n"));
    let is_toml = as_toml
        .tree()
        .is_some_and(|tree| !tree.root().entries().is_empty());
    is_toml.then(|| {
        Report::at(first_line(tree.root(), tree.source(tree.root().span)))
            .message("these are pairs of TOML between the `---` lines of YAML")
            .help("Enclose them in `+++` lines, or write a colon in place of each `=`.")
    })
}

/// The blank that is missing in a single `title:foo` or `title：foo`.
fn unglued(tree: &Tree) -> Option<Edit> {
    let root = tree.root();
    let source = tree.source(root.span);
    let at = source.find([':', '：'])?;
    let (name, rest) = source.split_at(at);
    let colon = rest.chars().next()?;
    let value = rest.get(colon.len_utf8()..)?;
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let plain = root.style == Style::Plain && !source.contains('\n') && !value.starts_with("//");
    let start = root.span.start + at;
    let end = start + colon.len_utf8() + (value.len() - value.trim_start().len());
    (is_name && plain && !value.is_empty()).then(|| Edit::replace(Span::new(start, end), ": "))
}

/// `title` of `title:foo`.
fn glued_key(text: &str) -> Option<&str> {
    let (key, rest) = text.split_once([':', '：'])?;
    let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (!key.is_empty() && key.chars().all(name) && !rest.starts_with("//")).then_some(key)
}

fn first_line(root: &Node, source: &str) -> Span {
    let length = source.lines().next().map_or(0, str::len);
    Span::new(root.span.start, root.span.start + length)
}
