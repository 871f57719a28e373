//! Writes text as a scalar of a syntax.

use super::scalar::{self, Dialect, Scalar};
use super::{Style, Syntax};

/// `text` as a scalar that reads back as exactly this text: plain where YAML allows it and no
/// reader of YAML 1.1 or 1.2 would take it for something else, in double quotes otherwise.
/// `in_flow` says that it will stand between brackets or braces.
pub fn write_string(syntax: Syntax, text: &str, in_flow: bool) -> String {
    if syntax == Syntax::Yaml && is_plain_safe(text, in_flow) {
        text.to_owned()
    } else {
        double_quoted(syntax, text)
    }
}

/// `text` in the quotes of `style` where these can hold it, in double quotes otherwise.
pub(crate) fn write_like(syntax: Syntax, style: Style, text: &str, in_flow: bool) -> String {
    let simple = !text.chars().any(|c| c.is_control() || is_special(c));
    match (syntax, style) {
        (Syntax::Yaml, Style::Single) if simple => format!("'{}'", text.replace('\'', "''")),
        (Syntax::Toml, Style::Single) if simple && !text.contains('\'') => format!("'{text}'"),
        (Syntax::Yaml, Style::Plain | Style::Empty) => write_string(syntax, text, in_flow),
        _ => double_quoted(syntax, text),
    }
}

/// `text` in double quotes, escaped as the syntax asks.
pub(crate) fn double_quoted(syntax: Syntax, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_special(c) => match syntax {
                Syntax::Yaml if c.is_ascii() => out.push_str(&format!("\\x{:02X}", u32::from(c))),
                _ => {
                    let mut units = [0; 2];
                    if u32::from(c) > 0xFFFF {
                        match syntax {
                            Syntax::Json => {
                                for unit in c.encode_utf16(&mut units) {
                                    out.push_str(&format!("\\u{unit:04X}"));
                                }
                            }
                            _ => out.push_str(&format!("\\U{:08X}", u32::from(c))),
                        }
                    } else {
                        out.push_str(&format!("\\u{:04X}", u32::from(c)));
                    }
                }
            },
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Line separators, byte order marks and what Unicode reserves.
fn is_special(c: char) -> bool {
    matches!(
        c,
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// Whether YAML reads `text` without quotes as this very text.
pub fn is_plain_safe(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let blank = |c: char| matches!(c, ' ' | '\t');
    if text.starts_with(blank)
        || text.ends_with(blank)
        || text.chars().any(|c| c.is_control() || is_special(c))
        || text.contains(": ")
        || text.contains(":\t")
        || text.contains(" #")
        || text.contains("\t#")
        || text.ends_with(':')
        || text == "---"
        || text == "..."
        || text.starts_with("--- ")
        || text.starts_with("... ")
        || text == "="
        || text == "<<"
    {
        return false;
    }
    if matches!(
        first,
        ',' | '['
            | ']'
            | '{'
            | '}'
            | '#'
            | '&'
            | '*'
            | '!'
            | '|'
            | '>'
            | '\''
            | '"'
            | '%'
            | '@'
            | '`'
    ) {
        return false;
    }
    if matches!(first, '-' | '?' | ':')
        && text[1..].chars().next().is_none_or(|c| blank(c) || in_flow)
    {
        return false;
    }
    if in_flow && text.contains([',', '[', ']', '{', '}']) {
        return false;
    }
    if in_flow && (text.contains(':') || text.starts_with('?')) {
        return false;
    }
    [Dialect::V1_1, Dialect::V1_2]
        .iter()
        .all(|&dialect| matches!(scalar::resolve(text, dialect), Scalar::String(_)))
        && !matches!(text, "y" | "Y" | "n" | "N")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_reads_as_something_else_is_quoted() {
        for text in [
            "",
            "yes",
            "012",
            "12:30",
            "1.5",
            "null",
            "~",
            "a: b",
            "a #b",
            "@a",
            "- a",
            "x:",
            " a",
            "2022-07-09",
            "[x",
            "y",
            "a\nb",
            "%",
            "=",
        ] {
            let written = write_string(Syntax::Yaml, text, false);
            assert!(written.starts_with('"'), "{text} -> {written}");
        }
        for text in [
            "标题",
            "a:b",
            "-a",
            "C#",
            "a, b",
            "it's",
            "http://example.com/#a",
        ] {
            assert_eq!(write_string(Syntax::Yaml, text, false), text);
        }
        assert_eq!(write_string(Syntax::Yaml, "a, b", true), "\"a, b\"");
    }

    #[test]
    fn escapes_are_those_of_the_syntax() {
        assert_eq!(
            double_quoted(Syntax::Yaml, "a\"\\\u{1}\u{85}"),
            r#""a\"\\\x01\u0085""#
        );
        assert_eq!(double_quoted(Syntax::Json, "a\u{1}"), "\"a\\u0001\"");
        assert_eq!(
            write_like(Syntax::Yaml, Style::Single, "it's", false),
            "'it''s'"
        );
        assert_eq!(
            write_like(Syntax::Toml, Style::Single, "it's", false),
            "\"it's\""
        );
    }
}
