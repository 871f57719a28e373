//! Reads one directive.

use std::cell::Cell;

use memchr::memmem;

use super::reach::{CommentRun, entry_after, is_blank, line_after, only_comments};
use super::{Directive, MARK, Name, Role};
use crate::document::Document;
use crate::frontmatter::Syntax;
use crate::source::Span;

/// The directive whose mark is at `at`, in bytes, if that is one. `comments` are those that were read
/// for the directive before it.
pub(super) fn directive(
    document: &Document,
    at: usize,
    comments: &mut CommentRun,
) -> Option<Directive> {
    let bytes = document.bytes();
    let lines = document.lines();
    let block = document.front_matter().block();
    let in_front_matter = block.is_some_and(|block| at < block.body_start);
    let (span, inner) = if in_front_matter {
        if block.is_some_and(|block| block.syntax == Syntax::Json) {
            return None;
        }
        // Where the block parses, its comments are known; text in a block scalar is none.
        if let Some(tree) = document.front_matter().tree()
            && !tree.comments().iter().any(|comment| comment.contains(at))
        {
            return None;
        }
        hash_comment(document, at)?
    } else {
        if document
            .mask()
            .at(at)
            .is_some_and(|region| region.kind.is_code())
        {
            return None;
        }
        delimited(bytes, at, b"<!--", b"-->").or_else(|| delimited(bytes, at, b"{/*", b"*/}"))?
    };
    let text = std::str::from_utf8(inner.slice(bytes)).ok()?;
    let rest = &text[MARK.len()..];
    let word_end = rest
        .find(|c: char| c == ':' || c.is_whitespace())
        .unwrap_or(rest.len());
    let role = match &rest[..word_end] {
        "" => Role::Next,
        "-file" => Role::File,
        "-start" => Role::Start,
        "-end" => Role::End,
        _ => Role::Unknown,
    };
    let rest = rest[word_end..].trim_start();
    let no_colon = !rest.is_empty() && !rest.starts_with([':', '-']);
    let list = rest.strip_prefix(':').unwrap_or("");
    let list = list.split_once(" -- ").map_or(list, |(names, _)| names);
    let list_start = inner.start + (list.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let names = if list.is_empty() {
        Vec::new()
    } else {
        names(list, list_start)
    };

    let line = lines.line_of(span.start);
    let last = lines.line_of(span.end.saturating_sub(1));
    let before = Span::new(lines.line(line).start, span.start).slice(bytes);
    let after = Span::new(span.end, lines.line(last).end).slice(bytes);
    let before = before.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(before);
    let own_line = is_blank(before) && is_blank(after);
    let reach = match role {
        Role::File => Span::new(0, bytes.len()),
        Role::Next if own_line && in_front_matter => entry_after(document, last),
        Role::Next if !in_front_matter && only_comments(before) && only_comments(after) => {
            line_after(document, last, comments)
        }
        Role::Next => Span::new(lines.line(line).start, lines.line(last).end),
        Role::Start => Span::new(span.end, bytes.len()),
        Role::End | Role::Unknown => Span::empty(span.end),
    };
    Some(Directive {
        span,
        names,
        reach,
        own_line,
        paired: false,
        role,
        no_colon,
    })
}

fn names(list: &str, offset: usize) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = 0;
    for part in list.split(',') {
        let lead = part.len() - part.trim_start().len();
        let text = part.trim();
        if !text.is_empty() {
            let start = offset + at + lead;
            names.push(Name {
                text: text.to_owned(),
                span: Span::new(start, start + text.len()),
                used: Cell::new(false),
            });
        }
        at += part.len() + 1;
    }
    names
}

/// The comment around `at` that starts with `open`, white space and the mark, and what is in it
/// from the mark on, trailing white space left out.
fn delimited(bytes: &[u8], at: usize, open: &[u8], close: &[u8]) -> Option<(Span, Span)> {
    let lead = bytes[..at].trim_ascii_end();
    let start = lead.len().checked_sub(open.len())?;
    if !lead.ends_with(open) {
        return None;
    }
    let length = memmem::find(&bytes[at..], close)?;
    let inner = bytes[at..at + length].trim_ascii_end().len();
    Some((
        Span::new(start, at + length + close.len()),
        Span::new(at, at + inner),
    ))
}

/// The `#` comment around `at`, if there is one and the `#` is not inside a quoted scalar.
fn hash_comment(document: &Document, at: usize) -> Option<(Span, Span)> {
    let bytes = document.bytes();
    let lines = document.lines();
    let line = lines.line_content(bytes, lines.line_of(at));
    let before = Span::new(line.start, at).slice(bytes).trim_ascii_end();
    let hash = before.len().checked_sub(1)?;
    if before[hash] != b'#' {
        return None;
    }
    let lead = &before[..hash];
    let apart = lead.is_empty() || lead.ends_with(b" ") || lead.ends_with(b"\t");
    if !apart || ends_in_quotes(lead) {
        return None;
    }
    let inner = Span::new(at, line.end).slice(bytes).trim_ascii_end().len();
    Some((
        Span::new(line.start + hash, at + inner),
        Span::new(at, at + inner),
    ))
}

/// Whether the start of a YAML or TOML line leaves a quoted scalar open: a quote opens one only
/// where a scalar can start, so that an apostrophe inside a plain scalar does not.
fn ends_in_quotes(line: &[u8]) -> bool {
    let mut open = None;
    let mut fresh = true;
    let mut bytes = line.iter().copied();
    while let Some(byte) = bytes.next() {
        match open {
            Some(b'"') if byte == b'\\' => {
                bytes.next();
            }
            Some(quote) if byte == quote => open = None,
            Some(_) => {}
            None => match byte {
                b'"' | b'\'' if fresh => open = Some(byte),
                b' ' | b'\t' => {}
                _ => fresh = matches!(byte, b':' | b'-' | b'[' | b'{' | b',' | b'='),
            },
        }
    }
    open.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_hash_is_no_comment() {
        assert!(ends_in_quotes(b"title: 'a "));
        assert!(ends_in_quotes(br#"title: "a \" "#));
        assert!(!ends_in_quotes(b"title: it's "));
        assert!(!ends_in_quotes(b"title: 'a' "));
        assert!(ends_in_quotes(b"tags: [a, \"b "));
    }
}
