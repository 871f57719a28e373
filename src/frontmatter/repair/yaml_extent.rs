//! How far a value goes that YAML cannot read, and how to put it into quotes.

use super::line::{self, Parts};
use super::yaml_suspect::{Suspect, certain};
use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Problem, ProblemKind, Syntax, delimiter};
use crate::source::{Edit, Span};

const QUOTE: &str = "Put the value in quotes";

/// The `sign` of another language after the end of a value, at `stray` with the blanks before it.
pub(super) fn stray_sign(sign: &str, stray: Span, whose: &str) -> Suspect {
    let words = format!("`{sign}` follows {whose}; in YAML nothing does");
    certain(Problem::new(ProblemKind::Other, stray, words).fix(
        Safety::Safe,
        format!("Delete `{sign}`"),
        vec![Edit::delete(stray)],
    ))
}

/// `problem` with the repair of putting the whole value into double quotes, at most as safe as
/// `safety`; without one where it is not certain how far the value goes.
pub(super) fn quoted(text: &str, parts: &Parts, problem: Problem, safety: Safety) -> Problem {
    let edit = |span: Span| {
        // Line ends stay, so that YAML folds the lines as it folds those of a plain text.
        let inner = span.text(text);
        if inner.contains('\n') {
            let inner = inner.replace('\\', "\\\\").replace('"', "\\\"");
            vec![Edit::replace(span, format!("\"{inner}\""))]
        } else {
            vec![Edit::replace(span, double_quoted(Syntax::Yaml, inner))]
        }
    };
    match extent(text, parts) {
        Extent::Line => problem.fix(safety, QUOTE, edit(parts.value)),
        Extent::Wider(span) => problem.fix(Safety::Unsafe, QUOTE, edit(span)),
        Extent::Unknown => problem,
    }
}

/// How far a value that starts on a line goes.
pub(super) enum Extent {
    /// To the end of its line, but for a comment.
    Line,
    /// Over deeper lines too, or over what YAML would take for a comment.
    Wider(Span),
    /// Deeper lines follow that may or may not belong to it.
    Unknown,
}

pub(super) fn extent(text: &str, parts: &Parts) -> Extent {
    let mut whole = parts.value;
    let line_end = parts.line.start + parts.line.text(text).trim_end().len();
    let tail = text.get(whole.end..line_end).unwrap_or("").trim_start();
    if is_no_comment(tail) {
        whole.end = line_end;
    }
    let commented = whole.end < line_end;
    let depth = parts.indent.len() + if parts.item { 2 } else { 0 };
    let mut gap = false;
    let after = text.get(parts.line.end..).unwrap_or("");
    let eol = after.find('\n').map_or(after.len(), |at| at + 1);
    for line in delimiter::lines(text, Span::new(parts.line.end + eol, text.len())) {
        let source = line.span.text(text);
        let trimmed = source.trim();
        if trimmed.is_empty() {
            gap = true;
            continue;
        }
        let next = line::parts(text, line.span);
        if next.indent.len() <= depth {
            break;
        }
        // A comment alone on its line ends a text.
        if trimmed.starts_with('#') {
            gap = true;
            continue;
        }
        let end = line.span.start + source.trim_end().len();
        if commented || gap || next.key.is_some() || next.item || next.value.end != end {
            return Extent::Unknown;
        }
        whole.end = end;
    }
    if whole == parts.value {
        Extent::Line
    } else {
        Extent::Wider(whole)
    }
}

/// Whether `tail`, which YAML would take for a comment, is more likely a part of the text: `#1`,
/// `#tag`, but not `# why`.
fn is_no_comment(tail: &str) -> bool {
    tail.strip_prefix('#').is_some_and(|rest| {
        !rest.starts_with([' ', '\t', '#']) && !rest.is_empty()
            || rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
    })
}
