use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::source::Span;

/// What Markdown makes of `text`, white space between words aside, with the bytes of `removed`
/// (sorted, in bytes of `text`) left out of the result but not of the reading: two texts with equal
/// outlines render to the same page.
pub fn outline(text: &str, removed: &[Span]) -> String {
    let mut out = Outline::default();
    let is_gone = |start: usize, end: usize| {
        removed
            .iter()
            .any(|span| span.start <= start && end <= span.end)
    };
    // The openings that were left out, so that their ends are too.
    let mut open: Vec<bool> = Vec::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let gone = !range.is_empty() && is_gone(range.start, trim_end(text, range.clone()));
        match event {
            Event::Start(tag) => {
                open.push(gone);
                if !gone {
                    out.start(&tag);
                }
            }
            Event::End(tag) => {
                if open.pop() != Some(true) {
                    out.end(tag);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                let mut at = range.start;
                for span in removed {
                    if span.end <= at || range.end <= span.start {
                        continue;
                    }
                    out.text(text.get(at..span.start.max(at)).unwrap_or(""));
                    at = span.end.min(range.end);
                }
                out.text(text.get(at..range.end).unwrap_or(""));
            }
            _ if gone => {}
            Event::Text(words) if out.verbatim => out.raw(&words),
            Event::Text(words) => {
                // A removed span may take blanks off the end of a run of words.
                let _ = &words;
                out.text(&words);
            }
            Event::Code(code) => {
                out.mark("`");
                out.raw(&code);
                out.mark("`");
            }
            Event::SoftBreak => out.text(" "),
            Event::HardBreak => out.mark("\\"),
            Event::Rule => out.mark("---"),
            other => out.mark(&format!("{other:?}")),
        }
    }
    out.flush();
    out.done
}

fn trim_end(text: &str, range: std::ops::Range<usize>) -> usize {
    let part = text.get(range.clone()).unwrap_or("");
    range.start + part.trim_end().len()
}

#[derive(Default)]
struct Outline {
    done: String,
    words: String,
    verbatim: bool,
}

impl Outline {
    fn text(&mut self, text: &str) {
        self.words.push_str(text);
    }

    fn raw(&mut self, text: &str) {
        self.flush();
        self.done.push_str(text);
    }

    fn flush(&mut self) {
        for word in self.words.split_ascii_whitespace() {
            self.done.push_str(word);
            self.done.push(' ');
        }
        self.words.clear();
    }

    fn mark(&mut self, mark: &str) {
        self.flush();
        self.done.push('\u{1}');
        self.done.push_str(mark);
        self.done.push('\n');
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::HtmlBlock => return,
            Tag::CodeBlock(kind) => {
                self.verbatim = true;
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.as_ref(),
                    CodeBlockKind::Indented => "",
                };
                return self.mark(&format!("code {info}"));
            }
            _ => {}
        }
        self.mark(&format!("{tag:?}"));
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::HtmlBlock => return,
            TagEnd::CodeBlock => self.verbatim = false,
            TagEnd::Paragraph => {
                self.flush();
                // A paragraph in which nothing is left is none.
                let opening = "\u{1}Paragraph\n";
                if self.done.ends_with(opening) {
                    self.done.truncate(self.done.len() - opening.len());
                    return;
                }
            }
            _ => {}
        }
        self.mark(&format!("/{tag:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether taking `what` out of `text` leaves the rest as it reads.
    fn unchanged(text: &str, what: &str) -> bool {
        let at = text.find(what).unwrap();
        let span = Span::new(at, at + what.len());
        outline(text, &[span]) == outline(&text.replacen(what, "", 1), &[])
    }

    #[test]
    fn a_line_between_paragraphs_can_go() {
        assert!(unchanged("a\n\n<div></div>\n\nb\n", "<div></div>\n\n"));
        assert!(unchanged("a <i></i> b\n", "<i></i>"));
        assert!(unchanged("> a\n>\n> <div></div>\n", "<div></div>"));
    }

    #[test]
    fn what_changes_the_reading_is_seen() {
        // Two paragraphs become one.
        assert!(!unchanged("a\n<div></div>\n\nb\n", "<div></div>\n\n"));
        // What was raw after the tag becomes a paragraph.
        assert!(!unchanged("<div></div>\n*b*\n", "<div></div>\n"));
        // Text becomes indented code.
        assert!(!unchanged("<i></i>    a\n", "<i></i>"));
        // A heading loses its underline's line.
        assert!(!unchanged("a\n\n<i></i>\n---\n", "<i></i>"));
    }
}
