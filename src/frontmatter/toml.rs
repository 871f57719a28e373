//! TOML into nodes with spans.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::node::{Data, Entry, Node, Style};
use super::scalar::Native;
use super::toml_version;
use crate::source::Span;

/// What is wrong at one place, in the parser's words.
pub(super) struct Failure {
    pub message: String,
    /// Our own words, where the reason is ours.
    pub words: Option<&'static str>,
    pub span: Span,
}

/// Reads `text[span]` as TOML. Spans are those of `text`.
///
/// # Errors
/// Everything that is not TOML, in file order.
pub(super) fn parse(text: &str, span: Span) -> Result<(Node, Vec<Span>), Vec<Failure>> {
    let source = span.text(text);
    let (table, errors) = DeTable::parse_recoverable(source);
    if !errors.is_empty() {
        let mut failures: Vec<Failure> = errors
            .iter()
            .map(|error| {
                let range = error.span().unwrap_or(0..0);
                Failure {
                    message: error.message().to_owned(),
                    words: None,
                    span: Span::new(
                        (span.start + range.start).min(span.end),
                        (span.start + range.end).min(span.end),
                    ),
                }
            })
            .collect();
        failures.sort_by_key(|failure| failure.span);
        return Err(failures);
    }
    let reader = Reader {
        source,
        base: span.start,
    };
    let mut root = reader.table(table.get_ref(), span);
    root.span = span;
    root.style = if root.entries().is_empty() {
        Style::Empty
    } else {
        Style::Block
    };
    let newer = toml_version::newer(text, &root);
    if !newer.is_empty() {
        let failure = |(span, words)| Failure {
            message: String::new(),
            words: Some(words),
            span,
        };
        return Err(newer.into_iter().map(failure).collect());
    }
    let comments = comments(text, span, &root);
    Ok((root, comments))
}

struct Reader<'t> {
    source: &'t str,
    base: usize,
}

impl Reader<'_> {
    fn span<T>(&self, spanned: &Spanned<T>) -> Span {
        let range = spanned.span();
        Span::new(self.base + range.start, self.base + range.end)
    }

    fn table(&self, table: &DeTable<'_>, span: Span) -> Node {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| {
                let span = self.span(key);
                let style = self.style(span);
                Entry {
                    key: Node::scalar(span, style, key.get_ref(), Some(Native::String)),
                    value: self.value(value),
                }
            })
            .collect();
        // The parser sorts by name.
        entries.sort_by_key(|entry| entry.key.span.start);
        Node {
            span,
            style: Style::Block,
            data: Data::Map(entries),
            properties: None,
        }
    }

    fn value(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let span = self.span(value);
        let source = self.source.get(value.span()).unwrap_or("");
        match value.get_ref() {
            DeValue::String(text) => {
                Node::scalar(span, self.style(span), text, Some(Native::String))
            }
            DeValue::Integer(_) => Node::scalar(span, Style::Plain, source, Some(Native::Integer)),
            DeValue::Float(_) => Node::scalar(span, Style::Plain, source, Some(Native::Float)),
            DeValue::Boolean(_) => Node::scalar(span, Style::Plain, source, Some(Native::Boolean)),
            DeValue::Datetime(_) => Node::scalar(span, Style::Plain, source, Some(Native::Date)),
            DeValue::Array(items) => Node {
                span,
                style: if source.starts_with("[[") && !source.contains(['\n', ',']) {
                    Style::Block
                } else {
                    Style::Flow
                },
                data: Data::List(items.iter().map(|item| self.value(item)).collect()),
                properties: None,
            },
            DeValue::Table(table) => {
                let mut node = self.table(table, span);
                if source.starts_with('{') {
                    node.style = Style::Flow;
                }
                node
            }
        }
    }

    fn style(&self, span: Span) -> Style {
        let source = self
            .source
            .get(span.start - self.base..span.end - self.base)
            .unwrap_or("");
        if source.starts_with("\"\"\"") {
            Style::MultilineDouble
        } else if source.starts_with("'''") {
            Style::MultilineSingle
        } else if source.starts_with('"') {
            Style::Double
        } else if source.starts_with('\'') {
            Style::Single
        } else {
            Style::Plain
        }
    }
}

/// `#` to the end of the line, wherever no string holds it.
fn comments(text: &str, span: Span, root: &Node) -> Vec<Span> {
    let mut strings = Vec::new();
    leaves(root, &mut strings);
    strings.sort_unstable();
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = span.start;
    let mut next = 0;
    while at < span.end {
        while strings
            .get(next)
            .is_some_and(|string: &Span| string.end <= at)
        {
            next += 1;
        }
        if let Some(string) = strings.get(next).filter(|string| string.contains(at)) {
            at = string.end;
            continue;
        }
        if bytes.get(at) == Some(&b'#') {
            let end = memchr::memchr(b'\n', &bytes[at..span.end]).map_or(span.end, |eol| at + eol);
            let cr = usize::from(bytes.get(end - 1) == Some(&b'\r'));
            found.push(Span::new(at, end - cr));
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

fn leaves(node: &Node, found: &mut Vec<Span>) {
    match &node.data {
        Data::Scalar { .. } => found.push(node.span),
        Data::List(items) => items.iter().for_each(|item| leaves(item, found)),
        Data::Map(entries) => {
            for entry in entries {
                found.push(entry.key.span);
                leaves(&entry.value, found);
            }
        }
        Data::Alias(_) => {}
    }
}
