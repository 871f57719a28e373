//! One line of YAML, as an author reads it.

use crate::frontmatter::delimiter;
use crate::source::Span;

/// The parts of a line; offsets are those of the text it was cut from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    /// The line without its line end.
    pub line: Span,
    /// Blanks before anything else.
    pub indent: Span,
    /// Whether a `- ` precedes key or value.
    pub item: bool,
    /// The key as written.
    pub key: Option<Span>,
    /// What stands after the colon, or the whole line where there is no key; without blanks at
    /// either end and without a comment.
    pub value: Span,
}

/// Takes the line `span` of `text` apart.
pub(super) fn parts(text: &str, span: Span) -> Parts {
    let line = span.text(text);
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut at = indent;
    let mut item = false;
    while line.get(at..).is_some_and(|rest| rest.starts_with("- ")) {
        item = true;
        let rest = line.get(at + 1..).unwrap_or("");
        at += 1 + rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }
    let rest = line.get(at..).unwrap_or("");
    let (key, from) = match delimiter::key_end(rest) {
        Some(colon) => {
            let name = rest.get(..colon).unwrap_or("").trim_end();
            (Some(Span::new(at, at + name.len())), at + colon + 1)
        }
        None => (None, at),
    };
    let value = line.get(from..).unwrap_or("");
    let lead = value.len() - value.trim_start_matches([' ', '\t']).len();
    let end = from + comment_start(value).unwrap_or(value.len());
    let value = line.get(from + lead..end).unwrap_or("");
    let value_start = from + lead;
    let value_end = value_start + value.trim_end_matches([' ', '\t']).len();
    let shift = |part: Span| Span::new(span.start + part.start, span.start + part.end);
    Parts {
        line: span,
        indent: shift(Span::new(0, indent)),
        item,
        key: key.map(shift),
        value: shift(Span::new(value_start, value_end)),
    }
}

/// Where ` #` starts a comment outside quotes that open the value.
fn comment_start(value: &str) -> Option<usize> {
    let trimmed = value.trim_start();
    let offset = value.len() - trimmed.len();
    if trimmed.starts_with('#') && offset > 0 {
        return Some(offset);
    }
    let from = match trimmed.chars().next() {
        Some(quote @ ('"' | '\'')) => trimmed.rfind(quote).unwrap_or(0) + offset,
        _ => offset,
    };
    let rest = value.get(from..)?;
    [" #", "\t#"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
        .map(|at| from + at)
}

/// Where the quoted scalar that opens `value` closes: the offset of its closing quote.
pub(super) fn closing_quote(value: &str) -> Option<usize> {
    let quote = value.chars().next()?;
    let bytes = value.as_bytes();
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            ('"', b'\\') => at += 1,
            ('"', b'"') => return Some(at),
            ('\'', b'\'') if bytes.get(at + 1) == Some(&b'\'') => at += 1,
            ('\'', b'\'') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Just past the bracket that closes the flow collection opening `value`; `Err` with the
/// brackets still open where none does, and with none where a quote inside is never closed.
pub(super) fn closing_bracket(value: &str) -> Result<usize, Vec<char>> {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(rest) = value.get(at..) {
        let Some(c) = rest.chars().next() else { break };
        match c {
            '[' => open.push(']'),
            '{' => open.push('}'),
            ']' | '}' => {
                if open.last() == Some(&c) {
                    open.pop();
                }
                if open.is_empty() {
                    return Ok(at + 1);
                }
            }
            '"' | '\'' => {
                let before = value.get(..at).unwrap_or("").trim_end();
                if before.ends_with(['[', '{', ',', ':']) {
                    match closing_quote(rest) {
                        Some(close) => at += close,
                        None => return Err(Vec::new()),
                    }
                }
            }
            _ => {}
        }
        at += value
            .get(at..)
            .and_then(|r| r.chars().next())
            .map_or(1, char::len_utf8);
    }
    open.reverse();
    Err(open)
}

/// The items of `"a", "b"`: two or more texts in quotes with commas between them and nothing else.
pub(super) fn list_without_brackets(value: &str) -> Option<Vec<&str>> {
    let mut items = Vec::new();
    let mut rest = value.trim();
    loop {
        if !rest.starts_with(['"', '\'']) {
            return None;
        }
        let (item, after) = rest.split_at_checked(closing_quote(rest)? + 1)?;
        items.push(item);
        rest = match after.trim_start() {
            "" => break,
            after => after.strip_prefix(',')?.trim_start(),
        };
    }
    (items.len() > 1).then_some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> (Option<&str>, &str) {
        let parts = parts(line, Span::new(0, line.len()));
        (parts.key.map(|key| key.text(line)), parts.value.text(line))
    }

    #[test]
    fn lines_come_apart() {
        assert_eq!(cut("title: Foo: bar # note"), (Some("title"), "Foo: bar"));
        assert_eq!(cut("  - 标题: \"a # b\"  "), (Some("标题"), "\"a # b\""));
        assert_eq!(cut("- a b"), (None, "a b"));
        assert_eq!(cut("title:foo"), (None, "title:foo"));
        assert_eq!(cut("\"a b\" : c"), (Some("\"a b\""), "c"));
        assert_eq!(cut("x:"), (Some("x"), ""));
    }

    #[test]
    fn closers_are_found() {
        assert_eq!(closing_quote(r#""a\"b" c"#), Some(5));
        assert_eq!(closing_quote("'it''s'"), Some(6));
        assert_eq!(closing_bracket("[a, \"]\"] b"), Ok(8));
        assert_eq!(closing_bracket("[a, {b"), Err(vec!['}', ']']));
    }
}
