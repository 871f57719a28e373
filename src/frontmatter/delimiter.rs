//! Finds the lines that open and close a block.

use super::{Block, Syntax};
use crate::source::Span;

const BOM: char = '\u{feff}';

/// A line of a text: its bytes without the line end, and where the next one starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub span: Span,
    pub next: usize,
}

/// The line that starts at `from`; `None` at the end of `text`.
pub(super) fn line_at(text: &str, from: usize) -> Option<Line> {
    if from >= text.len() {
        return None;
    }
    let bytes = text.as_bytes();
    let (end, next) = match memchr::memchr(b'\n', &bytes[from..]) {
        Some(at) => (from + at, from + at + 1),
        None => (text.len(), text.len()),
    };
    let cr = end > from && bytes[end - 1] == b'\r';
    Some(Line {
        span: Span::new(from, end - usize::from(cr)),
        next,
    })
}

/// The lines of `text[span]`.
pub(super) fn lines(text: &str, span: Span) -> impl Iterator<Item = Line> + '_ {
    let mut at = span.start;
    std::iter::from_fn(move || {
        if at >= span.end {
            return None;
        }
        let line = line_at(text, at)?;
        at = line.next;
        Some(line)
    })
}

/// What the head of a file looks like.
pub(super) enum Found {
    /// No front matter.
    Absent,
    /// A block in a language that we read.
    Block(Block),
    /// A block in another language (`---js`).
    Foreign(Block),
}

/// Finds the block at the head of `text`.
pub(super) fn find(text: &str) -> Found {
    let start = if text.starts_with(BOM) {
        BOM.len_utf8()
    } else {
        0
    };
    let Some(first) = line_at(text, start) else {
        return Found::Absent;
    };
    let head = first.span.text(text).trim_end_matches([' ', '\t']);
    match head {
        "---" => yaml(text, first).map_or(Found::Absent, Found::Block),
        "+++" => toml(text, first).map_or(Found::Absent, Found::Block),
        ";;;" => closed_by(text, first, Syntax::Json, &[";;;"]).map_or(Found::Absent, Found::Block),
        _ if head.starts_with('{') => json(text, start).map_or(Found::Absent, Found::Block),
        _ if head.starts_with('"') => hexo(text, start).map_or(Found::Absent, Found::Block),
        _ => match head.strip_prefix("---").map(str::trim) {
            Some("yaml" | "yml") => fenced(text, first, Syntax::Yaml),
            Some("toml") => fenced(text, first, Syntax::Toml),
            Some("json") => fenced(text, first, Syntax::Json),
            Some(word) if is_language(word) => {
                match closed_by(text, first, Syntax::Yaml, &["---"]) {
                    Some(block) if block.closer.is_some() => Found::Foreign(block),
                    _ => Found::Absent,
                }
            }
            _ => Found::Absent,
        },
    }
}

/// Whether the word after `---` names a language, as gray-matter (Eleventy) takes one.
fn is_language(word: &str) -> bool {
    (2..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn fenced(text: &str, first: Line, syntax: Syntax) -> Found {
    match closed_by(text, first, syntax, &["---"]) {
        Some(block) if block.closer.is_some() => Found::Block(block),
        _ => Found::Absent,
    }
}

fn is_delimiter(line: &str, delimiters: &[&str]) -> bool {
    delimiters.iter().any(|delimiter| {
        line.strip_prefix(delimiter)
            .is_some_and(|rest| rest.bytes().all(|byte| matches!(byte, b' ' | b'\t')))
    })
}

/// The block from `first`, its opening line, to the next line that is one of `closers`, or an
/// unclosed one to the end of the text.
fn closed_by(text: &str, first: Line, syntax: Syntax, closers: &[&str]) -> Option<Block> {
    let from = first.next;
    let rest = Span::new(from, text.len());
    for line in lines(text, rest) {
        if is_delimiter(line.span.text(text), closers) {
            return Some(Block {
                syntax,
                opener: first.span,
                content: Span::new(from, line.span.start),
                closer: Some(line.span),
                body_start: line.next,
            });
        }
    }
    Some(Block {
        syntax,
        opener: first.span,
        content: rest,
        closer: None,
        body_start: text.len(),
    })
}

/// A `---` may be a thematic break: then no key follows.
fn yaml(text: &str, first: Line) -> Option<Block> {
    let mut block = closed_by(text, first, Syntax::Yaml, &["---", "..."])?;
    let second = line_at(text, first.next);
    let blank_second =
        second.is_none_or(|line| line.span.text(text).trim_matches([' ', '\t']).is_empty());
    if block.closer.is_some() {
        // As Pandoc has it: front matter does not start with a blank line, unless it has keys.
        let has_key =
            !blank_second || lines(text, block.content).any(|l| is_key(l.span.text(text)));
        return has_key.then_some(block);
    }
    let end = likely_end(text, block.content)?;
    block.content.end = end;
    block.body_start = end;
    Some(block)
}

fn toml(text: &str, first: Line) -> Option<Block> {
    let mut block = closed_by(text, first, Syntax::Toml, &["+++"])?;
    if block.closer.is_some() {
        return Some(block);
    }
    let mut end = None;
    for line in lines(text, block.content) {
        let content = line.span.text(text).trim();
        let looks = content.contains('=') || content.starts_with(['[', ']', '#', '"', '\'']);
        if content.is_empty() {
            continue;
        }
        if !looks {
            break;
        }
        end = Some(line.next);
    }
    block.content.end = end?;
    block.body_start = block.content.end;
    Some(block)
}

/// Where the front matter of an unclosed YAML block evidently stops: after the last line that
/// looks like front matter before the first that does not. `None` where no key is found at all.
pub(super) fn likely_end(text: &str, content: Span) -> Option<usize> {
    let mut end = None;
    let mut after_blank = false;
    for line in lines(text, content) {
        let content = line.span.text(text);
        let trimmed = content.trim();
        if trimmed.is_empty() {
            after_blank = true;
            continue;
        }
        // A delimiter that is indented or has too many hyphens.
        if trimmed.len() > 1 && trimmed.bytes().all(|byte| byte == b'-') {
            break;
        }
        let indented = content.starts_with([' ', '\t']);
        let inner = indented || trimmed == "-" || content.starts_with("- ");
        // A comment belongs to the block if a key follows; else it may be a heading.
        if trimmed.starts_with('#') {
            continue;
        }
        let key = is_key(content) && !(after_blank && looks_like_prose(content));
        if !(key || (end.is_some() && ((inner && !after_blank) || trimmed == "]"))) {
            break;
        }
        end = Some(line.next);
        after_blank = false;
    }
    end
}

/// Whether a line starts with a key at the left margin: a name of letters, digits, blanks, `_`,
/// `-`, `.` or a quoted one, then a colon that ends the line or is followed by a blank.
pub(super) fn is_key(line: &str) -> bool {
    key_end(line).is_some()
}

/// Where the colon of the key that starts `line` is.
pub(super) fn key_end(line: &str) -> Option<usize> {
    let quoted = line.starts_with('"') || line.starts_with('\'');
    let colon = if quoted {
        let quote = &line[..1];
        let close = 1 + line.get(1..)?.find(quote)?;
        close
            + 1
            + line.get(close + 1..)?.find(':').filter(|&gap| {
                line.get(close + 1..close + 1 + gap)
                    .is_some_and(|blank| blank.trim().is_empty())
            })?
    } else {
        let colon = line
            .match_indices(':')
            .find(|(at, _)| {
                line.get(at + 1..)
                    .is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
            })?
            .0;
        let name = line.get(..colon)?.trim_end();
        let plain = name.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | '@' | '$' | ' ')
        });
        if name.is_empty()
            || !plain
            || name.starts_with([' ', '-', '@'])
            || name.chars().count() > 60
        {
            return None;
        }
        colon
    };
    line.get(colon + 1..)
        .is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
        .then_some(colon)
}

/// `Note: this is a sentence` after a blank line: more than one word before the colon.
fn looks_like_prose(line: &str) -> bool {
    line.split(':')
        .next()
        .is_some_and(|name| name.trim().contains(' '))
}

/// `{` then a quoted key or `}`: other braces at the head of a file are templates and attributes.
fn json(text: &str, start: usize) -> Option<Block> {
    let bytes = text.as_bytes();
    let next = bytes
        .iter()
        .skip(start + 1)
        .find(|byte| !byte.is_ascii_whitespace())?;
    // Keys in other quotes or none, or a comment before the first: JSON of an author who thinks
    // of another language, if the brace is closed.
    let loose = *next != b'"' && *next != b'}';
    if loose && !opens_object(text, start) {
        return None;
    }
    let mut depth = 0usize;
    let mut at = start;
    let mut end = None;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at += 1;
                while let Some(&inner) = bytes.get(at) {
                    match inner {
                        b'\\' => at += 1,
                        b'"' => break,
                        // A string that is not closed ends with its line, so that one missing
                        // quote does not hide the closing brace.
                        b'\n' => break,
                        _ => {}
                    }
                    at += 1;
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                // The brace at the margin closes the object, whatever is missing inside.
                let margin = at > start && bytes.get(at - 1) == Some(&b'\n');
                if byte == b'}' && (depth == 0 || margin) {
                    end = Some(at + 1);
                    break;
                }
            }
            _ => {}
        }
        at += 1;
    }
    let opener = Span::empty(start);
    if end.is_none() && loose {
        return None;
    }
    let Some(mut end) = end else {
        // Without a closing brace: up to the first blank line.
        let stop = lines(text, Span::new(start, text.len()))
            .take_while(|line| !line.span.text(text).trim().is_empty())
            .last()?
            .next;
        return Some(Block {
            syntax: Syntax::Json,
            opener,
            content: Span::new(start, stop),
            closer: None,
            body_start: stop,
        });
    };
    // A bracket too many is a slip, and not text.
    let surplus = line_at(text, end).map_or("", |line| line.span.text(text).trim());
    if !surplus.is_empty() && surplus.bytes().all(|byte| matches!(byte, b'}' | b']')) {
        end += surplus.len()
            + text
                .get(end..)
                .and_then(|rest| rest.find(surplus))
                .unwrap_or(0);
    }
    let after = line_at(text, end);
    if after.is_some_and(|line| !line.span.text(text).trim().is_empty()) {
        // Text after the brace on its line: an attribute list or an expression, no front matter.
        return None;
    }
    let body_start = after.map_or(text.len(), |line| line.next);
    let semicolons =
        line_at(text, body_start).filter(|line| is_delimiter(line.span.text(text), &[";;;"]));
    Some(Block {
        syntax: Syntax::Json,
        opener,
        content: Span::new(start, end),
        closer: Some(semicolons.map_or(Span::empty(end), |line| line.span)),
        body_start: semicolons.map_or(body_start, |line| line.next),
    })
}

/// Whether the brace at `start` is followed by a key with its colon, after any comments.
fn opens_object(text: &str, start: usize) -> bool {
    let mut rest = text.get(start + 1..).unwrap_or("").trim_start();
    let mut commented = false;
    loop {
        let after = match rest.strip_prefix("/*") {
            Some(comment) => comment.split_once("*/"),
            None => rest
                .strip_prefix("//")
                .and_then(|comment| comment.split_once('\n')),
        };
        let Some((_, after)) = after else { break };
        rest = after.trim_start();
        commented = true;
    }
    let quote = rest.starts_with(['\'', '"', '“', '”']);
    let name = rest.trim_start_matches(['\'', '"', '“', '”']);
    let end = name
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
        .unwrap_or(name.len());
    let (name, after) = name.split_at(end);
    let after = after.trim_start_matches(['\'', '"', '“', '”']).trim_start();
    // `{a: b}` on one line may be an expression or attributes; a value of JSON tells.
    let value = after.trim_start_matches([':', '：']).trim_start();
    let own_line = quote
        || commented
        || text.get(start + 1..).is_some_and(|rest| {
            rest.trim_start_matches([' ', '\t'])
                .starts_with(['\r', '\n'])
        })
        || value.starts_with(['"', '\'', '[', '{'])
        || value.starts_with(|c: char| c.is_ascii_digit());
    !name.is_empty() && own_line && after.starts_with([':', '：']) && !after.starts_with("::")
}

/// Hexo's form without braces: members, then a line `;;;`.
fn hexo(text: &str, start: usize) -> Option<Block> {
    let first = line_at(text, start)?;
    key_end(first.span.text(text)).or_else(|| first.span.text(text).find("\":"))?;
    let before = Line {
        span: Span::empty(start),
        next: start,
    };
    closed_by(text, before, Syntax::Json, &[";;;"]).filter(|block| block.closer.is_some())
}

/// Whether a line looks like `key: value` at the left margin.
pub fn looks_like_key(line: &str) -> bool {
    is_key(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Option<(Syntax, &str, bool, &str)> {
        match find(text) {
            Found::Block(block) => Some((
                block.syntax,
                block.content.text(text),
                block.closer.is_some(),
                text.get(block.body_start..).unwrap_or(""),
            )),
            Found::Absent | Found::Foreign(_) => None,
        }
    }

    #[test]
    fn blocks_of_each_syntax_are_found() {
        let cases = [
            ("---\na: 1\n---\nb", Syntax::Yaml, "a: 1\n", "b"),
            (
                "\u{feff}--- \r\na: 1\r\n...\t\r\nb",
                Syntax::Yaml,
                "a: 1\r\n",
                "b",
            ),
            ("---\n---\n", Syntax::Yaml, "", ""),
            ("+++\na = 1\n+++", Syntax::Toml, "a = 1\n", ""),
            (
                "{\n \"a\": \"}\"\n}\n\nb",
                Syntax::Json,
                "{\n \"a\": \"}\"\n}",
                "\nb",
            ),
            ("{\"a\": 1}\n;;;\nb", Syntax::Json, "{\"a\": 1}", "b"),
            ("\"a\": 1\n;;;\nb", Syntax::Json, "\"a\": 1\n", "b"),
            (
                "---json\n{\"a\": 1}\n---\nb",
                Syntax::Json,
                "{\"a\": 1}\n",
                "b",
            ),
        ];
        for (text, syntax, content, body) in cases {
            assert_eq!(block(text), Some((syntax, content, true, body)), "{text:?}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for text in [
            "",
            "---",
            "---\n",
            "---\nSome text.\n",
            "---\n\nSome text.\n\n---\n",
            "----\na: 1\n----\n",
            " ---\na: 1\n---\n",
            "{% include a %}\n",
            "{{ a }}\n",
            "{: .class }\n",
            "{\"a\": 1} text\n",
            "\"Quoted\" text: more\n",
            "标题\n---\n",
        ] {
            assert_eq!(block(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_unclosed_block_ends_where_the_keys_do() {
        let text = "---\ntitle: 标题\ntags:\n- a\n  - b\n\n正文: 不是\n更多。\n";
        let found = block(text).map(|(_, content, closed, body)| (content, closed, body));
        assert_eq!(
            found,
            Some((
                "title: 标题\ntags:\n- a\n  - b\n\n正文: 不是\n",
                false,
                "更多。\n"
            ))
        );
        let text = "---\ntitle: a\n# Heading\nText.\n";
        assert_eq!(block(text).map(|found| found.1), Some("title: a\n"));
    }

    #[test]
    fn keys_are_told_from_text() {
        for line in [
            "title: a",
            "标题:",
            "a b : c",
            "\"q: k\": v",
            "override:tags: x",
            "x:\r",
        ] {
            assert!(is_key(line), "{line:?}");
        }
        for line in [
            "title:a",
            "no colon",
            "- a: b",
            " a: b",
            "http://a.b/",
            "(a): b",
            "“a: b",
        ] {
            assert!(!is_key(line), "{line:?}");
        }
    }
}
