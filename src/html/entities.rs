//! Character references, as far as they matter for comparing values and measuring text.

use std::borrow::Cow;

/// The references that occur in URLs and blank text; others stay as they are written, which is
/// right for comparing and visible when measuring. (HTML standard, 13.5.)
fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "nbsp" | "NonBreakingSpace" => '\u{a0}',
        "Tab" => '\t',
        "NewLine" => '\n',
        "ensp" => '\u{2002}',
        "emsp" => '\u{2003}',
        "thinsp" | "ThinSpace" => '\u{2009}',
        "hairsp" => '\u{200a}',
        "ZeroWidthSpace" => '\u{200b}',
        "zwnj" => '\u{200c}',
        "zwj" => '\u{200d}',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        "shy" => '\u{ad}',
        "colon" => ':',
        "sol" => '/',
        "period" => '.',
        "comma" => ',',
        "lpar" => '(',
        "rpar" => ')',
        "hellip" => '…',
        "mdash" => '—',
        "ndash" => '–',
        "copy" => '©',
        "laquo" => '«',
        "raquo" => '»',
        "times" => '×',
        "middot" => '·',
        "bull" => '•',
        _ => return None,
    })
}

/// Decodes the character references of `text`.
///
/// As the standard has it for attribute values, a reference without its semicolon counts only
/// where no letter, digit or `=` follows (`?a=1&lt=2` is a parameter).
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        match reference(tail) {
            Some((c, len)) => {
                out.push(c);
                rest = tail.get(len..).unwrap_or("");
            }
            None => {
                out.push('&');
                rest = tail.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Decodes bytes that may not be UTF-8; what is not becomes U+FFFD, so use it for reading only.
pub(super) fn decode_bytes(bytes: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => decode(text),
        Cow::Owned(text) => Cow::Owned(decode(&text).into_owned()),
    }
}

/// The character that `tail`, which starts with `&`, stands for, and the length of the reference.
fn reference(tail: &str) -> Option<(char, usize)> {
    let bytes = tail.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        let hex = matches!(bytes.get(2), Some(b'x' | b'X'));
        let start = if hex { 3 } else { 2 };
        let digits = bytes.get(start..)?;
        let count = digits
            .iter()
            .take_while(|b| {
                if hex {
                    b.is_ascii_hexdigit()
                } else {
                    b.is_ascii_digit()
                }
            })
            .count();
        let number = tail.get(start..start + count)?;
        let code = u32::from_str_radix(number, if hex { 16 } else { 10 }).ok()?;
        let c = match code {
            0 | 0xD800..=0xDFFF | 0x11_0000.. => '\u{fffd}',
            code => char::from_u32(code)?,
        };
        let semicolon = usize::from(bytes.get(start + count) == Some(&b';'));
        return Some((c, start + count + semicolon));
    }
    let count = bytes
        .get(1..)?
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let name = tail.get(1..1 + count)?;
    let c = named(name)?;
    match bytes.get(1 + count) {
        Some(b';') => Some((c, count + 2)),
        Some(b'=') => None,
        // Only the oldest references may go without a semicolon.
        _ if matches!(name, "amp" | "lt" | "gt" | "quot" | "nbsp" | "copy" | "shy") => {
            Some((c, count + 1))
        }
        _ => None,
    }
}

/// `value` as it is written between the quotes `quote` of an attribute.
pub fn escape_attribute(value: &str, quote: char) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '"' if quote == '"' => out.push_str("&quot;"),
            '\'' if quote == '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_and_parameters_are_not() {
        assert_eq!(decode("a?x=1&amp;y=2&#038;z=3&#x26;w"), "a?x=1&y=2&z=3&w");
        assert_eq!(decode("?a=1&lt=2&copy=3&foo=4"), "?a=1&lt=2&copy=3&foo=4");
        assert_eq!(decode("&nbsp;&#160;\u{a0}"), "\u{a0}\u{a0}\u{a0}");
        assert_eq!(decode("&;&#;&#x;&"), "&;&#;&#x;&");
        assert_eq!(decode("文&amp;字"), "文&字");
        assert_eq!(decode("&#1114112;&#xD800;"), "\u{fffd}\u{fffd}");
    }

    #[test]
    fn escaping_comes_back() {
        let value = "a\"b'c&d";
        assert_eq!(decode(&escape_attribute(value, '"')), value);
        assert_eq!(decode(&escape_attribute(value, '\'')), value);
    }
}
