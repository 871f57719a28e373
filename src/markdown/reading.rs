use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::source::Span;

/// A hard line break among words.
const LINE_BREAK: char = '\u{2}';

/// What Markdown makes of a text: enough to tell whether two texts render to the same page, or at
/// least say the same.
#[derive(Debug, Default)]
pub struct Reading {
    /// Blocks, inline marks and words in order.
    whole: String,
    /// Letters and digits alone, runs of them apart; each `\n` is the end of a block, and
    /// [`LINE_BREAK`] that of a line.
    words: String,
    /// The content of indented code.
    indented: String,
    /// Letters and digits in code, and in raw HTML.
    code: usize,
    raw: usize,
    /// How many `<` there are in raw HTML.
    tags: usize,
    /// How many fences nothing closes.
    open_fences: usize,
}

impl Reading {
    /// Reads `text`, white space between words aside. The bytes of `removed` (sorted, in bytes of
    /// `text`) are left out of what is said, not out of the reading: they still end paragraphs.
    ///
    /// `ends_paragraph` says of a tag's name whether it ends an open paragraph in HTML.
    pub fn of(text: &str, removed: &[Span], ends_paragraph: fn(&str) -> bool) -> Self {
        let mut reader = Reader {
            ends_paragraph,
            reading: Self::default(),
            pending: String::new(),
            in_code: false,
            in_indented: false,
            links: Vec::new(),
            apart: false,
        };
        let is_gone = |start: usize, end: usize| {
            removed
                .iter()
                .any(|span| span.start <= start && end <= span.end)
        };
        let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
        let mut definitions: Vec<Range<usize>> = parser
            .reference_definitions()
            .iter()
            .map(|(_, definition)| definition.span.clone())
            .collect();
        definitions.sort_unstable_by_key(|span| span.start);
        let mut definitions = definitions.into_iter().peekable();
        // Whether each open tag was left out, so that its end is too.
        let mut open: Vec<bool> = Vec::new();
        for (event, range) in parser.into_offset_iter() {
            // A definition is not said, but written: it must not be lost either.
            while let Some(span) = definitions.next_if(|span| span.start <= range.start) {
                if !is_gone(span.start, span.end) {
                    reader.definition(text.get(span).unwrap_or(""));
                }
            }
            let part = text.get(range.clone()).unwrap_or("");
            let gone =
                !range.is_empty() && is_gone(range.start, range.start + part.trim_end().len());
            match event {
                Event::Start(tag) => {
                    open.push(gone);
                    if let Tag::CodeBlock(CodeBlockKind::Fenced(_)) = tag {
                        let last = part.trim_end().rsplit('\n').next().unwrap_or("");
                        let closed =
                            part.trim_end().contains('\n') && last.trim_end().ends_with(['`', '~']);
                        reader.reading.open_fences += usize::from(!gone && !closed);
                    }
                    if !gone {
                        reader.start(&tag);
                    }
                    if tag == Tag::Item && !gone {
                        // The number of an item is written too.
                        let number = part.bytes().take_while(u8::is_ascii_digit).count();
                        reader.text(part.get(..number).unwrap_or(""));
                        reader.flush();
                    }
                }
                Event::End(tag) => {
                    if open.pop() != Some(true) {
                        reader.end(tag);
                    }
                }
                Event::Html(_) | Event::InlineHtml(_) => {
                    if gone {
                        reader.gap(part);
                    }
                    let mut at = range.start;
                    for span in removed {
                        if span.end <= at || range.end <= span.start {
                            continue;
                        }
                        reader.raw(text.get(at..span.start.max(at)).unwrap_or(""));
                        at = span.end.min(range.end);
                    }
                    reader.raw(text.get(at..range.end).unwrap_or(""));
                }
                _ if gone => {}
                Event::Text(words) if reader.in_code => reader.code(&words),
                // As it is written, so that a reference is the same in raw HTML and in a paragraph.
                Event::Text(_) => reader.text(part),
                Event::Code(code) => {
                    reader.mark("`");
                    reader.code(&code);
                    reader.mark("`");
                }
                Event::SoftBreak => reader.text(" "),
                Event::HardBreak => {
                    reader.mark("\\");
                    reader.reading.words.push(LINE_BREAK);
                }
                Event::Rule => {
                    reader.end_block();
                    reader.mark("---");
                }
                other => reader.mark(&format!("{other:?}")),
            }
        }
        for span in definitions {
            reader.definition(text.get(span).unwrap_or(""));
        }
        reader.flush();
        reader.end_block();
        reader.reading
    }

    /// Whether both render to the same page.
    pub fn is_same(&self, other: &Self) -> bool {
        self.whole == other.whole
    }

    /// Whether `after` has the same words, nothing that was apart here is joined there, and nothing
    /// has become indented code. What Markdown could not see in raw HTML (a fence, a definition, a
    /// quotation) it may see.
    pub fn says_the_same(&self, after: &Self) -> bool {
        let new_code = after.code.saturating_sub(self.code);
        if self.indented != after.indented
            || after.open_fences > self.open_fences
            // A fence may show only what was raw text before it, never a tag or a paragraph.
            || new_code > self.raw.saturating_sub(after.raw)
            || after.code != self.code && after.tags != self.tags
        {
            return false;
        }
        // Block ends may be added (what was raw HTML is a paragraph now), not lost.
        let mut there = after.words.chars().peekable();
        for c in self.words.chars() {
            if !matches!(c, '\n' | LINE_BREAK) {
                while there
                    .next_if(|there| matches!(there, '\n' | &LINE_BREAK))
                    .is_some()
                {}
            }
            if there.next_if_eq(&c).is_none() {
                return false;
            }
        }
        there.all(|c| matches!(c, '\n' | LINE_BREAK))
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

struct Reader {
    ends_paragraph: fn(&str) -> bool,
    reading: Reading,
    pending: String,
    in_code: bool,
    in_indented: bool,
    /// Where links lead, by the open links.
    links: Vec<String>,
    /// A block-level tag was left out in the paragraph that is open: what follows stands apart.
    apart: bool,
}

impl Reader {
    fn text(&mut self, text: &str) {
        if self.apart && !text.trim().is_empty() {
            self.apart = false;
            self.mark("apart");
        }
        self.pending.push_str(text);
    }

    /// A tag inside a paragraph is left out. One of a block ends the paragraph in a browser.
    fn gap(&mut self, tag: &str) {
        let name: String = tag
            .chars()
            .skip(1)
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let said =
            self.pending.trim().is_empty() && self.reading.whole.ends_with("\u{1}Paragraph\n");
        if (self.ends_paragraph)(&name) && !said {
            self.apart = true;
        }
    }

    fn raw(&mut self, text: &str) {
        self.reading.raw += letters(text);
        self.reading.tags += text.matches('<').count();
        self.text(text);
    }

    fn code(&mut self, text: &str) {
        self.flush();
        self.reading.code += letters(text);
        self.reading.whole.push_str(text);
        let runs = text.split(|c: char| !c.is_alphanumeric());
        self.reading.words.extend(runs);
        if self.in_indented {
            self.reading.indented.push_str(text);
        }
    }

    fn definition(&mut self, text: &str) {
        self.flush();
        self.end_block();
        self.mark("definition");
        self.pending.push_str(text);
        self.flush();
        self.end_block();
    }

    fn flush(&mut self) {
        for word in self.pending.split_ascii_whitespace() {
            self.reading.whole.push_str(word);
            self.reading.whole.push(' ');
        }
        let runs = self.pending.split(|c: char| !c.is_alphanumeric());
        self.reading.words.extend(runs);
        self.pending.clear();
    }

    fn end_block(&mut self) {
        self.apart = false;
        if !self.reading.words.is_empty() && !self.reading.words.ends_with('\n') {
            self.reading.words.push('\n');
        }
    }

    fn mark(&mut self, mark: &str) {
        self.flush();
        self.reading.whole.push('\u{1}');
        self.reading.whole.push_str(mark);
        self.reading.whole.push('\n');
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let inline = matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        );
        if !inline {
            self.flush();
            self.end_block();
        }
        match tag {
            Tag::HtmlBlock => return,
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }
            | Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            } => self.links.push(match link_type {
                LinkType::Inline => format!("{dest_url} {title}"),
                LinkType::Reference | LinkType::ReferenceUnknown => id.to_string(),
                _ => String::new(),
            }),
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.as_ref(),
                    CodeBlockKind::Indented => {
                        self.in_indented = true;
                        ""
                    }
                };
                self.pending.push_str(info);
                self.flush();
                return self.mark(&format!("code {info}"));
            }
            _ => {}
        }
        self.mark(&format!("{tag:?}"));
    }

    fn end(&mut self, tag: TagEnd) {
        let inline = matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
        );
        if !inline {
            self.flush();
            self.end_block();
        }
        match tag {
            TagEnd::HtmlBlock => return,
            TagEnd::CodeBlock => (self.in_code, self.in_indented) = (false, false),
            TagEnd::Link | TagEnd::Image => {
                let target = self.links.pop().unwrap_or_default();
                self.mark("target");
                self.pending.push_str(&target);
                self.flush();
            }
            TagEnd::Paragraph => {
                // A paragraph in which nothing is left is none.
                let opening = "\u{1}Paragraph\n";
                if self.reading.whole.ends_with(opening) {
                    let length = self.reading.whole.len() - opening.len();
                    self.reading.whole.truncate(length);
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

    /// Whether taking `what` out of `text` leaves the same page, and whether it says the same.
    fn without(text: &str, what: &str) -> (bool, bool) {
        let at = text.find(what).unwrap();
        let span = Span::new(at, at + what.len());
        let is_block = |name: &str| name == "div";
        let before = Reading::of(text, &[span], is_block);
        let after = Reading::of(&text.replacen(what, "", 1), &[], is_block);
        (before.is_same(&after), before.says_the_same(&after))
    }

    #[test]
    fn a_line_between_paragraphs_can_go() {
        assert_eq!(
            without("a\n\n<div></div>\n\nb\n", "<div></div>\n\n"),
            (true, true)
        );
        assert_eq!(without("a <i></i> b\n", "<i></i>"), (true, true));
        assert_eq!(
            without("> a\n>\n> <div></div>\n", "<div></div>"),
            (true, true)
        );
        assert_eq!(without("a <div></div>\n", " <div></div>"), (true, true));
    }

    #[test]
    fn raw_text_may_become_a_paragraph() {
        assert_eq!(
            without("<div></div>\n*b*\n", "<div></div>\n"),
            (false, true)
        );
        assert_eq!(without("a\n<div></div>\nb\n", "<div></div>"), (false, true));
    }

    #[test]
    fn nothing_is_joined_and_nothing_becomes_code() {
        assert_eq!(
            without("a\n<div></div>\n\nb\n", "<div></div>\n\n"),
            (false, false)
        );
        assert_eq!(
            without("a\n<div></div>\nb\n", "<div></div>\n"),
            (false, false)
        );
        assert_eq!(without("<i></i>    a\n", "<i></i>"), (false, false));
        assert_eq!(
            without("<div></div>\n    a\n", "<div></div>\n"),
            (false, false)
        );
        assert_eq!(without("a <div></div> b\n", "<div></div>"), (false, true));
    }
}
