//! Where the lines between two delimiters stop looking like front matter.

use crate::frontmatter::delimiter;
use crate::source::Span;

/// From where on the content of a YAML block may be the text of a page; its very start where a
/// line is plain prose, because then none of the lines can be trusted.
pub(super) fn begins(text: &str, content: Span) -> Option<usize> {
    let mut after_blank = false;
    let mut ends_blank = false;
    let mut keys = 0usize;
    let mut found = None;
    for line in delimiter::lines(text, content) {
        let source = line.span.text(text);
        let trimmed = source.trim();
        if trimmed.is_empty() {
            after_blank = true;
            ends_blank = true;
            continue;
        }
        ends_blank = false;
        let margin = !source.starts_with([' ', '\t']);
        if !margin || trimmed.starts_with('#') {
            continue;
        }
        let is_key = delimiter::is_key(source);
        if is_ruler(trimmed) || (is_key && after_blank && is_sentence(source)) {
            found.get_or_insert(line.span.start);
        } else if !is_key && is_prose(trimmed) {
            return Some(content.start);
        }
        keys += usize::from(is_key);
        after_blank = false;
    }
    // `Note: an aside.` and a blank line, between two thematic breaks.
    if ends_blank && keys < 2 {
        return Some(content.start);
    }
    found
}

/// `----`: a delimiter with a hyphen too many, or a heading's underline.
fn is_ruler(line: &str) -> bool {
    line.len() > 1
        && line
            .bytes()
            .all(|byte| matches!(byte, b'-' | b' ' | b'*' | b'_'))
        && !line.contains("- -")
        || line.starts_with("- - -")
}

/// `Some prose: and more`: words before the colon and after it.
fn is_sentence(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(name, value)| name.trim().contains(' ') && !value.trim().is_empty())
}

/// Whether a line that is no key is no slip of one either (`title：a`, `title:a`, `title = a`), no
/// list item, and no part of a value in brackets or quotes.
fn is_prose(line: &str) -> bool {
    if line.starts_with(|c: char| !c.is_alphanumeric()) || line.ends_with([',', ']', '}']) {
        return line.starts_with(['*', '_', '+', '!', '“', '‘', '「', '(']) && !line.contains(": ");
    }
    let name = line
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
        .and_then(|end| line.get(end..));
    !name.is_some_and(|rest| rest.trim_start().starts_with([':', '：', '=']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(content: &str) -> Option<&str> {
        begins(content, Span::new(0, content.len())).map(|end| &content[..end])
    }

    #[test]
    fn text_is_told_from_front_matter() {
        for (content, front) in [
            ("title: 标题\n\nSome prose: and: more.\n", "title: 标题\n\n"),
            ("title: a\r\n----\r\nBody: x: y\r\n", "title: a\r\n"),
            ("Note: this is: prose.\n\n更多的话。\n", ""),
            ("Note: this is: prose.\n\n", ""),
            ("title: a\na line without a key\nb: c: d\n", ""),
            ("title: a\n** bold ** words\n", ""),
        ] {
            assert_eq!(kept(content), Some(front), "{content:?}");
        }
        for content in [
            "title: a: b\n\n# 关于日期\ndate: x\n",
            "title：标题\ndate:x\nlayout = post\n",
            "tags:\n- a: b: c\n-d\n- - e\n",
            "list: [\n\"a\", b\n]\n",
            "text: |\n  Some prose.\n\n  More: prose: here.\ntitle: a: b\n",
            "<!-- a comment -->\ntitle: a\n",
        ] {
            assert_eq!(kept(content), None, "{content:?}");
        }
    }
}
