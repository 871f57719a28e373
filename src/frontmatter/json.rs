//! JSON into nodes with spans.

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseError;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use super::node::{Data, Entry, Node, Style};
use super::scalar::Native;
use crate::source::Span;

/// Why a block is no JSON: the parser's reason and its place in the file.
pub(super) struct Failure {
    /// `None` for a control character in a text, which the parser lets pass.
    pub error: Option<ParseError>,
    pub span: Span,
}

/// Reads `text[span]`, an object with or without its braces, as JSON. Spans are those of `text`.
///
/// # Errors
/// The first thing that is not JSON.
pub(super) fn parse(text: &str, span: Span) -> Result<Node, Failure> {
    let source = span.text(text);
    let braced = source.trim_start().starts_with('{');
    let wrapped;
    let (source, shift) = if braced {
        (source, 0)
    } else {
        wrapped = format!("{{{source}}}");
        (wrapped.as_str(), 1)
    };
    let place = |range: Range| {
        let at = |offset: usize| (span.start + offset.saturating_sub(shift)).min(span.end);
        let (mut start, mut end) = (at(range.start), at(range.end));
        // The parser ends some of its places within a character.
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(start, end)
    };
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let collect = CollectOptions {
        comments: CommentCollectionStrategy::Off,
        tokens: false,
    };
    let result = parse_to_ast(source, &collect, &strict).map_err(|error| Failure {
        span: place(error.range()),
        error: Some(error),
    })?;
    let mut root = match &result.value {
        Some(value) => node(value, source, &place),
        None => Node::scalar(span, Style::Empty, "", None),
    };
    if !braced {
        root.span = span;
    }
    if let Some(span) = raw_control(text, &root) {
        return Err(Failure { error: None, span });
    }
    Ok(root)
}

/// The first control character within a text or a key.
fn raw_control(text: &str, node: &Node) -> Option<Span> {
    let own = |node: &Node| {
        let source = node.span.text(text);
        let at = source.find(|c: char| c < ' ')?;
        let start = node.span.start + at;
        Some(Span::new(start, start + 1))
    };
    match &node.data {
        Data::Scalar { .. } => own(node),
        Data::List(items) => items.iter().find_map(|item| raw_control(text, item)),
        Data::Map(entries) => entries
            .iter()
            .find_map(|entry| own(&entry.key).or_else(|| raw_control(text, &entry.value))),
        Data::Alias(_) => None,
    }
}

fn node(value: &Value<'_>, source: &str, place: &impl Fn(Range) -> Span) -> Node {
    let span = place(value.range());
    let written = || {
        source
            .get(value.range().start..value.range().end)
            .unwrap_or("")
    };
    let plain = |native| Node::scalar(span, Style::Plain, written(), Some(native));
    match value {
        Value::StringLit(text) => {
            Node::scalar(span, Style::Double, &text.value, Some(Native::String))
        }
        Value::NumberLit(number) if number.value.contains(['.', 'e', 'E']) => plain(Native::Float),
        Value::NumberLit(_) => plain(Native::Integer),
        Value::BooleanLit(_) => plain(Native::Boolean),
        Value::NullKeyword(_) => plain(Native::Null),
        Value::Array(array) => Node {
            span,
            style: Style::Flow,
            data: Data::List(
                array
                    .elements
                    .iter()
                    .map(|item| node(item, source, place))
                    .collect(),
            ),
            properties: None,
        },
        Value::Object(object) => Node {
            span,
            style: Style::Flow,
            data: Data::Map(
                object
                    .properties
                    .iter()
                    .map(|member| Entry {
                        key: key(&member.name, place),
                        value: node(&member.value, source, place),
                    })
                    .collect(),
            ),
            properties: None,
        },
    }
}

fn key(name: &ObjectPropName<'_>, place: &impl Fn(Range) -> Span) -> Node {
    let range = match name {
        ObjectPropName::String(text) => text.range(),
        ObjectPropName::Word(word) => word.range(),
    };
    Node::scalar(
        place(range),
        Style::Double,
        name.as_str(),
        Some(Native::String),
    )
}
