//! `whitespace`: blanks and line ends of a block.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::{Block, Data, Node, Syntax, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Aspect {
    /// Blanks at the end of a line.
    Trailing,
    /// Tabs at the end of a line.
    TrailingTab,
    /// Blank lines between keys.
    BlankLines,
    /// A blank line between front matter and body.
    BlankLineAfter,
    /// Line ends of two kinds.
    LineEndings,
}

/// Blanks and line ends of a block.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// What is looked at.
    aspect: Aspect,
}

struct Whitespace(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Whitespace(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Whitespace {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let document = context.document;
        let (Some(tree), Some(block), Some(text)) = (
            document.front_matter().tree(),
            document.front_matter().block(),
            document.text(),
        ) else {
            return;
        };
        if tree.has_odd_lines() {
            return;
        }
        match self.0.aspect {
            Aspect::Trailing => trailing(tree, block, text, &[' ', '\t'], reports),
            Aspect::TrailingTab => trailing(tree, block, text, &['\t'], reports),
            Aspect::BlankLines => blank_lines(tree, block, text, reports),
            Aspect::BlankLineAfter => blank_line_after(tree, block, text, reports),
            Aspect::LineEndings => line_endings(block, text, reports),
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

/// Scalars over several lines, whose blanks are theirs.
fn protected(node: &Node, text: &str, found: &mut Vec<Span>) {
    match &node.data {
        Data::Scalar { .. } => {
            if node.span.text(text).contains('\n') {
                found.push(node.span);
            }
        }
        Data::List(items) => items.iter().for_each(|item| protected(item, text, found)),
        Data::Map(entries) => {
            for entry in entries {
                protected(&entry.key, text, found);
                protected(&entry.value, text, found);
            }
        }
        Data::Alias(_) => {}
    }
}

/// The lines of the content, without line ends.
fn lines(block: &Block, text: &str) -> Vec<Span> {
    let mut at = block.content.start;
    block
        .content
        .text(text)
        .split_inclusive('\n')
        .map(|line| {
            let start = at;
            at += line.len();
            Span::new(start, start + line.trim_end_matches(['\n', '\r']).len())
        })
        .collect()
}

fn trailing(tree: &Tree, block: &Block, text: &str, blanks: &[char], reports: &mut Vec<Report>) {
    if !block.content.text(text).contains(blanks) {
        return;
    }
    let mut own = Vec::new();
    protected(tree.root(), text, &mut own);
    for line in lines(block, text) {
        let source = line.text(text);
        let kept = source.trim_end_matches([' ', '\t']).len();
        let span = Span::new(line.start + kept, line.end);
        if span.is_empty()
            || !source.ends_with(blanks)
            || !span.text(text).contains(blanks)
            || own
                .iter()
                .any(|own| own.start < span.end && span.start < own.end)
        {
            continue;
        }
        let message = match blanks {
            ['\t'] => "a tab stands at the end of this line",
            _ => "blanks stand at the end of this line",
        };
        reports.push(offer(
            Report::at(span).message(message),
            "Delete the blanks",
            vec![Edit::delete(span)],
        ));
    }
}

fn blank_lines(tree: &Tree, block: &Block, text: &str, reports: &mut Vec<Report>) {
    let mut own = Vec::new();
    protected(tree.root(), text, &mut own);
    let lines = lines(block, text);
    for (at, line) in lines.iter().enumerate() {
        let blank = line.text(text).trim().is_empty();
        let inside = own
            .iter()
            .any(|own| own.start < line.start && line.start < own.end);
        if !blank || inside {
            continue;
        }
        let end = lines
            .get(at + 1)
            .map_or(block.content.end, |next| next.start);
        let gone = Span::new(line.start, end);
        reports.push(offer(
            Report::at(gone).message("a blank line stands between the keys"),
            "Delete the blank line",
            vec![Edit::delete(gone)],
        ));
    }
}

fn blank_line_after(tree: &Tree, block: &Block, text: &str, reports: &mut Vec<Report>) {
    let rest = text.get(block.body_start..).unwrap_or("");
    let first = rest.lines().next().unwrap_or("");
    if rest.is_empty() || first.trim().is_empty() {
        return;
    }
    let span = block
        .closer
        .filter(|closer| !closer.is_empty())
        .unwrap_or(Span::empty(block.body_start));
    let report =
        Report::at(span).message("no blank line stands between the front matter and the text");
    reports.push(if tree.syntax() == Syntax::Json {
        report
    } else {
        offer(
            report,
            "Insert a blank line",
            vec![Edit::insert(
                block.body_start,
                tree.line_ending_at(block.body_start.saturating_sub(1))
                    .as_str(),
            )],
        )
    });
}

fn line_endings(block: &Block, text: &str, reports: &mut Vec<Report>) {
    let head = text.get(..block.body_start).unwrap_or("");
    let crlf = head.matches("\r\n").count();
    let lf = head.matches('\n').count() - crlf;
    if crlf == 0 || lf == 0 {
        return;
    }
    let (odd, words) = if crlf >= lf {
        ("\n", "LF among CRLF")
    } else {
        ("\r\n", "CRLF among LF")
    };
    let place = head
        .match_indices('\n')
        .map(|(at, _)| at)
        .find(|at| (odd == "\n") != head.get(..*at).is_some_and(|before| before.ends_with('\r')));
    let Some(place) = place else { return };
    reports.push(Report::at(Span::new(place, place + 1)).message(format!(
        "line ends are mixed: {words}, {} of {}",
        crlf.min(lf),
        crlf + lf
    )));
}
