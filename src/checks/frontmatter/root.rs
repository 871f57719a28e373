//! `root`: front matter that holds no keys.

use serde::Deserialize;

use super::support::document;
use crate::frontmatter::{Data, Node};
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};
use crate::source::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {}

struct Root;

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let Config {} = options.parse()?;
    document(Root)
}

impl DocumentCheck for Root {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let root = tree.root();
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
        reports.push(
            Report::at(first_line(root, tree.source(root.span)))
                .message(format!("the front matter has no keys: it is {what}")),
        );
    }
}

/// `title` of `title:foo`.
fn glued_key(text: &str) -> Option<&str> {
    let (key, rest) = text.split_once(':')?;
    let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (!key.is_empty() && key.chars().all(name) && !rest.starts_with("//")).then_some(key)
}

fn first_line(root: &Node, source: &str) -> Span {
    let length = source.lines().next().map_or(0, str::len);
    Span::new(root.span.start, root.span.start + length)
}
