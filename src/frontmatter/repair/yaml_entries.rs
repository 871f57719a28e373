//! The lines of a YAML block, and what each is inside of.

use super::line;
use crate::frontmatter::delimiter::{self, Line};
use crate::source::Span;

/// The lines of the content with what each is inside of.
pub(super) struct Lines {
    pub lines: Vec<Line>,
    /// Whether the line belongs to a block scalar.
    pub literal: Vec<bool>,
}

impl Lines {
    pub fn read(text: &str, content: Span) -> Self {
        let lines: Vec<Line> = delimiter::lines(text, content).collect();
        let mut literal = Vec::with_capacity(lines.len());
        let mut scalar: Option<usize> = None;
        for line in &lines {
            let source = line.span.text(text);
            let blank = source.trim().is_empty();
            let indent = source.len() - source.trim_start_matches(' ').len();
            if let Some(parent) = scalar {
                if blank || indent > parent {
                    literal.push(true);
                    continue;
                }
                scalar = None;
            }
            literal.push(false);
            let parts = line::parts(text, line.span);
            let mut value = parts.value.text(text);
            while let Some(rest) = value.strip_prefix(['&', '!']) {
                value = rest
                    .split_once(' ')
                    .map_or("", |(_, rest)| rest.trim_start());
            }
            if is_header(value) {
                scalar = Some(parts.key.map_or(indent, |key| {
                    if parts.item {
                        key.start - line.span.start
                    } else {
                        indent
                    }
                }));
            }
        }
        Self { lines, literal }
    }

    pub fn number(&self, at: usize) -> usize {
        self.lines
            .partition_point(|line| line.span.start <= at)
            .saturating_sub(1)
    }
}

/// The line that holds `at`, without its line end.
pub(super) fn line_around(text: &str, content: Span, at: usize) -> Span {
    let lines: Vec<Line> = delimiter::lines(text, content).collect();
    let mut number = lines
        .partition_point(|line| line.span.start <= at)
        .saturating_sub(1);
    // A place behind the last line, or on an empty one, means the line before.
    while number > 0
        && lines
            .get(number)
            .is_some_and(|line| line.span.text(text).trim().is_empty())
    {
        number -= 1;
    }
    lines.get(number).map_or(Span::empty(at), |line| line.span)
}

/// The lines of the entry around `at`: its first line and those indented deeper.
pub(super) fn entry_around(text: &str, content: Span, at: usize) -> Span {
    let lines: Vec<Line> = delimiter::lines(text, content).collect();
    let number = lines
        .partition_point(|line| line.span.start <= at)
        .saturating_sub(1);
    let indent = |line: &Line| {
        let source = line.span.text(text);
        source.len() - source.trim_start().len()
    };
    let Some(first) = lines.get(number) else {
        return Span::empty(at);
    };
    let own = indent(first);
    let mut end = first.next;
    for line in lines.get(number + 1..).unwrap_or(&[]) {
        let blank = line.span.text(text).trim().is_empty();
        if !blank && indent(line) <= own {
            break;
        }
        end = line.next;
    }
    Span::new(first.span.start, end.min(content.end))
}

/// Whether a value is the head of a text that starts on the next line.
pub(super) fn is_header(value: &str) -> bool {
    value.strip_prefix(['|', '>']).is_some_and(|rest| {
        rest.bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-'))
    })
}
