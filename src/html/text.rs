//! The text of an element as a reader sees it.

use unicode_width::UnicodeWidthChar;

use super::arena::{Arena, ElementId};
use super::entities;
use crate::source::{Mask, Span};

/// Whether `c` shows nothing: white space, no-break spaces, and characters without width.
fn is_blank_char(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
                | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{180e}' | '\u{3164}' | '\u{2800}'
        )
}

/// Whether `text` shows nothing.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_blank_char)
}

/// The display columns of what `text` shows: CJK characters count two, blanks nothing.
pub fn columns(text: &str) -> usize {
    text.chars()
        .filter(|&c| !is_blank_char(c))
        .map(|c| c.width().unwrap_or(0))
        .sum()
}

/// The words of `text` in lower case; every CJK character is one.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            // An apostrophe belongs to its word.
            open = open && matches!(c, '\'' | '’');
            continue;
        }
        let wide = c.width() == Some(2);
        match words.last_mut() {
            Some(word) if open && !wide => word.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
        open = !wide;
    }
    words
}

/// Whether elements of this name stand within a line of text.
pub fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "i"
            | "em"
            | "strong"
            | "span"
            | "font"
            | "u"
            | "s"
            | "small"
            | "big"
            | "sub"
            | "sup"
            | "code"
            | "mark"
            | "abbr"
            | "q"
            | "cite"
            | "wbr"
            | "time"
            | "kbd"
            | "samp"
            | "var"
            | "bdi"
            | "bdo"
            | "ins"
            | "del"
            | "strike"
            | "tt"
            | "label"
            | "ruby"
            | "dfn"
            | "data"
            | "acronym"
            | "nobr"
    )
}

/// Whether what stands before and after an element of this name (its tags, for one with content) is
/// set on different lines.
pub fn breaks_line(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "td"
            | "th"
            | "tr"
            | "ul"
    )
}

/// Whether the content of elements of this name is no visible text: the standard's raw text
/// elements, and those a browser with scripts does not render.
pub(super) fn is_hidden_content(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "noscript"
            | "iframe"
            | "noembed"
            | "noframes"
            | "title"
            | "head"
            | "select"
            | "datalist"
            | "svg"
            | "math"
            | "object"
            | "audio"
            | "video"
            | "canvas"
    )
}

impl Arena {
    /// The runs of visible text in `span`, as they stand in the file: what is between the tags
    /// and comments, scripts and the like left out.
    pub fn text_runs(&self, source: &[u8], span: Span) -> Vec<Span> {
        let mut runs = Vec::new();
        let mut at = span.start;
        let first = self
            .pieces
            .partition_point(|piece| piece.span.end <= span.start);
        for piece in self.pieces.get(first..).unwrap_or(&[]) {
            if piece.span.start >= span.end {
                break;
            }
            if piece.span.start < at {
                // Inside what was skipped.
                continue;
            }
            push_run(&mut runs, source, Span::new(at, piece.span.start));
            at = piece.span.end;
            if piece.starts != u32::MAX {
                let id = ElementId(piece.starts);
                if is_hidden_content(self.name(id)) {
                    at = at.max(self.element(id).whole().end);
                }
            }
        }
        push_run(&mut runs, source, Span::new(at, span.end));
        runs
    }

    /// The visible text in `span`.
    ///
    /// What Markdown takes for indented code may be the pretty-printed inside of a box: there,
    /// what looks like tags is left out. (To a reader of the rendered page those would be text, and
    /// so would the box; whoever asks wants to know what the author wrote.)
    pub fn text_in(&self, source: &[u8], mask: &Mask, span: Span) -> String {
        self.text_of(source, mask, &self.text_runs(source, span))
    }

    /// The text of `runs`, which [`text_runs`](Self::text_runs) found.
    pub(super) fn text_of(&self, source: &[u8], mask: &Mask, runs: &[Span]) -> String {
        let mut out = String::new();
        for &run in runs {
            if !out.is_empty() && self.is_set_off(run, source) {
                out.push(' ');
            }
            let indented = mask
                .within(run)
                .iter()
                .any(|region| region.kind.is_indented());
            let bytes = run.slice(source);
            if indented && bytes.contains(&b'<') {
                out.push_str(&entities::decode_bytes(&without_tags(bytes)));
            } else {
                out.push_str(&entities::decode_bytes(bytes));
            }
        }
        out
    }

    /// Whether a block starts or ends right before `run`.
    fn is_set_off(&self, run: Span, source: &[u8]) -> bool {
        let before = self
            .pieces
            .partition_point(|piece| piece.span.end <= run.start)
            .checked_sub(1)
            .and_then(|place| self.pieces.get(place));
        before.is_some_and(|piece| {
            let tag = piece.span.slice(source);
            let name = tag
                .get(1..)
                .unwrap_or(&[])
                .iter()
                .skip_while(|&&b| b == b'/')
                .take_while(|b| b.is_ascii_alphanumeric())
                .map(|b| char::from(b.to_ascii_lowercase()))
                .collect::<String>();
            !name.is_empty() && !is_inline(&name)
        })
    }
}

fn push_run(runs: &mut Vec<Span>, source: &[u8], span: Span) {
    // End tags that match nothing are no text, and the tokenizer does not tell of them.
    let mut at = span.start;
    let bytes = span.slice(source);
    let mut from = 0;
    while let Some(found) = bytes
        .get(from..)
        .and_then(|rest| memchr::memmem::find(rest, b"</"))
    {
        let tag = from + found;
        from = tag + 2;
        let named = bytes.get(tag + 2).is_some_and(u8::is_ascii_alphabetic);
        // Without a `>` after this one there is none after any other either.
        let Some(end) = bytes.get(tag..).and_then(|rest| memchr::memchr(b'>', rest)) else {
            break;
        };
        if named {
            if at < span.start + tag {
                runs.push(Span::new(at, span.start + tag));
            }
            from = tag + end + 1;
            at = span.start + from;
        }
    }
    if at < span.end {
        runs.push(Span::new(at, span.end));
    }
}

fn without_tags(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(start) = memchr::memchr(b'<', rest) {
        let (text, tail) = rest.split_at(start);
        out.extend_from_slice(text);
        let tag = tail
            .get(1)
            .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!'));
        match memchr::memchr(b'>', tail) {
            Some(end) if tag => {
                out.push(b' ');
                rest = tail.get(end + 1..).unwrap_or(&[]);
            }
            _ => {
                out.push(b'<');
                rest = tail.get(1..).unwrap_or(&[]);
            }
        }
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        let arena = Arena::parse(html.as_bytes(), Span::new(0, html.len()), &Mask::default());
        arena.text_in(html.as_bytes(), &Mask::default(), Span::new(0, html.len()))
    }

    #[test]
    fn tags_comments_and_scripts_are_no_text() {
        assert_eq!(
            text("a<b>b</b><!-- c --><script>d</script><noscript><p>e</p></noscript></p>f"),
            "ab f"
        );
        assert_eq!(text("<p>a</p><p>b</p>"), "a b");
        assert_eq!(text("1 < 2 &amp; <iframe>x</iframe>3"), "1 < 2 &  3");
    }

    #[test]
    fn blanks_have_no_columns_and_cjk_has_two() {
        assert_eq!(columns("a 文\u{a0}\u{200b}\n"), 3);
        assert!(is_blank(" \u{a0}\u{3000}\u{200b}\u{feff}\t"));
        assert!(!is_blank("·"));
    }
}
