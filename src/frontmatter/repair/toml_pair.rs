//! A line of TOML as a name and a value.

use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Syntax, toml};
use crate::source::Span;

/// A line `name = value`.
pub(super) struct Pair<'t> {
    pub name: &'t str,
    pub name_span: Span,
    /// Where the first `=` is.
    pub sign: usize,
    pub value: &'t str,
    pub value_span: Span,
}

pub(super) fn pair(text: &str, line: Span) -> Option<Pair<'_>> {
    let source = line.text(text);
    let (name, rest) = source.split_once('=')?;
    let value = rest.trim();
    let lead = rest.len() - rest.trim_start().len();
    let sign = line.start + name.len();
    let indent = name.len() - name.trim_start().len();
    let start = sign + 1 + lead;
    Some(Pair {
        name: name.trim(),
        name_span: Span::new(line.start + indent, line.start + name.trim_end().len()),
        sign,
        value,
        value_span: Span::new(start, start + value.len()),
    })
}

/// `[a, b]` of YAML with its words in quotes; `None` for anything else in brackets.
pub(super) fn list_of_words(value: &str) -> Option<String> {
    let inner = value.strip_prefix('[')?.strip_suffix(']')?;
    let items: Option<Vec<String>> = inner
        .split(',')
        .map(str::trim)
        .map(|item| {
            let word = !item.is_empty() && !item.contains(['[', ']', '{', '}', '"', '\'', '#']);
            let plain = is_value(item);
            match (plain, word) {
                (true, _) => Some(item.to_owned()),
                (false, true) => Some(double_quoted(Syntax::Toml, item)),
                (false, false) => None,
            }
        })
        .collect();
    let written = format!("[{}]", items?.join(", "));
    is_value(&written).then_some(written)
}

/// Whether `value` alone is a value of TOML.
pub(super) fn is_value(value: &str) -> bool {
    let line = format!("a = {value}");
    !value.contains('\n') && toml::parse(&line, Span::new(0, line.len())).is_ok()
}
