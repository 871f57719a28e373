//! Which lines a directive speaks of that has a line of its own.

use memchr::memmem;

use crate::document::Document;
use crate::source::Span;

pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty()
}

/// The next line after `line` that is not blank.
fn next_line(document: &Document, line: usize) -> usize {
    let lines = document.lines();
    (line + 1..lines.count())
        .find(|&number| !is_blank(lines.line(number).slice(document.bytes())))
        .unwrap_or(lines.count())
}

/// Comments that follow each other, as they were last read: where many directives stand below each
/// other, what comes after them is looked for once.
#[derive(Debug, Default)]
pub(super) struct CommentRun {
    /// Where each of them starts, and what comes after them.
    starts: Vec<usize>,
    /// Where the line ends that holds what comes after them.
    end: usize,
}

/// The next line of the body after `line` that holds more than comments, and the comments before it,
/// so that directives can stand below each other.
pub(super) fn line_after(document: &Document, line: usize, comments: &mut CommentRun) -> Span {
    let (bytes, lines) = (document.bytes(), document.lines());
    let first = next_line(document, line);
    let start = lines.line(first).start;
    let mut end = lines.line(first).end;
    let mut at = start;
    let mut starts = Vec::new();
    // A comment may end on a later line than it starts on.
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let text = rest.trim_ascii_start();
        at += rest.len() - text.len();
        if comments.starts.binary_search(&at).is_ok() {
            return Span::new(start, comments.end);
        }
        starts.push(at);
        let last = at.min(bytes.len().saturating_sub(1));
        end = lines.line(lines.line_of(last)).end;
        match comment_at(text) {
            Some(length) => at += length,
            None => break,
        }
    }
    *comments = CommentRun { starts, end };
    Span::new(start, end)
}

/// How long the comment is that `text` starts with.
fn comment_at(text: &[u8]) -> Option<usize> {
    [(&b"<!--"[..], &b"-->"[..]), (b"{/*", b"*/}")]
        .into_iter()
        .find_map(|(open, close)| {
            let inner = text.strip_prefix(open)?;
            Some(open.len() + memmem::find(inner, close)? + close.len())
        })
}

/// Whether `text` holds nothing but comments and white space.
pub(super) fn only_comments(text: &[u8]) -> bool {
    let mut rest = text.trim_ascii_start();
    while let Some(length) = comment_at(rest) {
        rest = rest.get(length..).unwrap_or(&[]).trim_ascii_start();
    }
    rest.is_empty()
}

/// The lines of the front-matter entry that follows `line`: its own, and those that are indented
/// deeper or start with a dash at its indentation. Further directives in between are skipped.
pub(super) fn entry_after(document: &Document, line: usize) -> Span {
    let lines = document.lines();
    let bytes = document.bytes();
    let content = |number: usize| lines.line_content(bytes, number).slice(bytes);
    let mut first = next_line(document, line);
    while content(first).trim_ascii_start().starts_with(b"#") {
        first = next_line(document, first);
    }
    let indent = |text: &[u8]| text.len() - text.trim_ascii_start().len();
    let own = indent(content(first));
    let mut end = first + 1;
    while end < lines.count() {
        let text = content(end);
        let dash = text.trim_ascii_start().starts_with(b"- ");
        if !is_blank(text) && (indent(text) > own || indent(text) == own && dash) {
            end += 1;
        } else {
            break;
        }
    }
    Span::new(lines.line(first).start, lines.line(end - 1).end)
}
