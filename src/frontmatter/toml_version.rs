//! What TOML 1.0, the version that site generators read, does not have, though the parser accepts
//! it: the additions of TOML 1.1.

use super::node::{Data, Node, Style};
use super::scalar::Native;
use crate::source::Span;

/// A place that only TOML 1.1 knows, and what is wrong with it.
pub(super) type Newer = (Span, &'static str);

/// The places in `root`, read from `text`, that only TOML 1.1 knows, in the order of the file.
pub(super) fn newer(text: &str, root: &Node) -> Vec<Newer> {
    let mut found = Vec::new();
    visit(text, root, &mut found);
    found.sort_by_key(|(span, _)| *span);
    found
}

fn visit(text: &str, node: &Node, found: &mut Vec<Newer>) {
    match &node.data {
        Data::Scalar { native, .. } => scalar(text, node, *native, found),
        Data::List(items) => items.iter().for_each(|item| visit(text, item, found)),
        Data::Map(entries) => {
            for entry in entries {
                scalar(text, &entry.key, Some(Native::String), found);
                visit(text, &entry.value, found);
            }
            if node.style == Style::Flow {
                inline_table(text, node, found);
            }
        }
        Data::Alias(_) => {}
    }
}

fn scalar(text: &str, node: &Node, native: Option<Native>, found: &mut Vec<Newer>) {
    let source = node.span.text(text);
    match native {
        Some(Native::Date) => {
            let time = source.find(':').and_then(|at| source.get(at + 1..));
            let seconds = time.is_none_or(|rest| rest.as_bytes().get(2) == Some(&b':'));
            if !seconds {
                found.push((node.span, "the seconds are missing in this time"));
            }
        }
        Some(Native::Integer | Native::Float) if !source.is_ascii() => {
            found.push((node.span, "a number is written with the digits 0 to 9"));
        }
        Some(Native::String) if matches!(node.style, Style::Double | Style::MultilineDouble) => {
            let mut at = 0;
            let bytes = source.as_bytes();
            while let Some(&byte) = bytes.get(at) {
                if byte == b'\\' {
                    if matches!(bytes.get(at + 1), Some(b'x' | b'e')) {
                        let start = node.span.start + at;
                        found.push((
                            Span::new(start, start + 2),
                            "this is no escape of TOML 1.0; write `\\u` and four digits",
                        ));
                    }
                    at += 1;
                }
                at += 1;
            }
        }
        _ => {}
    }
}

/// An inline table stands on one line and ends without a comma; only its values may do otherwise.
fn inline_table(text: &str, node: &Node, found: &mut Vec<Newer>) {
    let mut at = node.span.start + 1;
    let end = node.span.end.saturating_sub(1);
    let mut last_comma = None;
    let gap = |from: usize, to: usize| text.get(from..to).unwrap_or("");
    let mut newline = None;
    for entry in node.entries() {
        for child in [&entry.key, &entry.value] {
            if child.span.start < at {
                continue;
            }
            let between = gap(at, child.span.start);
            newline = newline.or_else(|| between.find('\n').map(|eol| at + eol));
            at = child.span.end;
        }
    }
    let tail = gap(at, end);
    newline = newline.or_else(|| tail.find('\n').map(|eol| at + eol));
    if tail.trim_start().starts_with(',') {
        last_comma = tail.find(',').map(|comma| at + comma);
    }
    if let Some(comma) = last_comma {
        found.push((
            Span::new(comma, comma + 1),
            "a comma follows the last pair of an inline table",
        ));
    }
    if newline.is_some() {
        found.push((
            Span::new(node.span.start, node.span.start + 1),
            "an inline table has to stand on one line",
        ));
    }
}
