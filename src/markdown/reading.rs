use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::flow::RawText;
use super::{Flow, Standing};
use crate::source::Span;

/// Starts and ends a mark; raw HTML between two of its own.
const MARK: u8 = 1;
const RAW_START: u8 = 2;
const RAW_END: u8 = 3;
/// Where a block was left out of raw HTML: without and with something to hold apart.
const LEFT_OUT: u8 = 4;
const APART: u8 = 5;
/// Where lines were left out of code.
const CUT: u8 = 7;
/// Between text and raw HTML in an item of a tight list, where text is in no paragraph of its own.
const BESIDE: u8 = 6;

const PARAGRAPH: &[u8] = b"\x01Paragraph\x01";
const PARAGRAPH_END: &[u8] = b"\x01/Paragraph\x01";

/// What a Markdown parser makes of a text, once with and once without the widespread extensions:
/// enough to tell whether two texts render to the same page.
#[derive(Debug)]
pub struct Reading {
    dialects: Vec<Vec<u8>>,
}

impl Reading {
    /// Reads `text`, runs of white space taken as one blank. The bytes of `removed` (sorted, in
    /// bytes of `text`) are left out of what is said, not out of the reading: they still end
    /// paragraphs and start blocks.
    pub fn of(text: &str, removed: &[Span], standing: fn(&str) -> Standing) -> Self {
        let outer = outermost(removed);
        let extensions = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_STRIKETHROUGH;
        let mut dialects = vec![read(text, &outer, standing, extensions)];
        let extended = text.bytes().any(|byte| matches!(byte, b'|' | b'~'))
            || ["[^", "[ ]", "[x]", "[X]"]
                .iter()
                .any(|sign| text.contains(sign));
        if extended {
            dialects.push(read(text, &outer, standing, Options::empty()));
        }
        Self { dialects }
    }

    /// Whether `after` renders to the same page. Lines that a tag at their start made raw HTML may
    /// be a paragraph there, and the other way round, as long as it is of the same words and nothing
    /// else.
    pub fn is_kept_by(&self, after: &Self) -> bool {
        let same = |(before, after): (&Vec<u8>, &Vec<u8>)| same(before, after);
        let other = |place: usize| self.dialects.get(place).or(self.dialects.first());
        after
            .dialects
            .iter()
            .enumerate()
            .all(|(place, after)| other(place).is_some_and(|before| same((before, after))))
            && (self.dialects.len() <= after.dialects.len()
                || self
                    .dialects
                    .last()
                    .zip(after.dialects.first())
                    .is_some_and(same))
    }
}

/// Compares two readings byte by byte.
fn same(before: &[u8], after: &[u8]) -> bool {
    let (mut b, mut a) = (0, 0);
    // Whether raw HTML is being read before, and whether a paragraph that is new there is open.
    let (mut raw, mut new) = (false, false);
    // The same the other way round: a tag alone on its line is raw HTML.
    let (mut raw_after, mut lost) = (false, false);
    loop {
        while let Some(sign @ (RAW_START | RAW_END | LEFT_OUT)) = before.get(b).copied() {
            if sign == RAW_END && new && !rest(after, a).starts_with(PARAGRAPH_END) {
                return false;
            }
            raw = match sign {
                RAW_START => true,
                RAW_END => false,
                _ => raw,
            };
            b += 1;
        }
        while let Some(sign @ (RAW_START | RAW_END | LEFT_OUT)) = after.get(a).copied() {
            if sign == RAW_END && lost && !rest(before, b).starts_with(PARAGRAPH_END) {
                return false;
            }
            raw_after = match sign {
                RAW_START => true,
                RAW_END => false,
                _ => raw_after,
            };
            a += 1;
        }
        if before.get(b) == Some(&CUT) {
            // The lines on its two sides are still two.
            let blank = blank_lines(rest(after, a));
            let ends = after.get(a + blank) == Some(&MARK);
            let starts = a.checked_sub(1).and_then(|at| after.get(at)) == Some(&MARK);
            if blank == 0 && !ends && !starts {
                return false;
            }
            (b, a) = (b + 1, a + blank);
            continue;
        }
        let (left, right) = (rest(before, b), rest(after, a));
        let new_start = raw && !new && right.starts_with(PARAGRAPH) && !left.starts_with(PARAGRAPH);
        let new_end = new && right.starts_with(PARAGRAPH_END);
        if new_start || new_end {
            // A paragraph needs no blank or end of a block beside it.
            b += usize::from(left.first() == Some(&b' '));
            if new_end && before.get(b) == Some(&APART) {
                b += 1;
                b += usize::from(before.get(b) == Some(&b' '));
            }
            a += if new_start {
                PARAGRAPH.len()
            } else {
                PARAGRAPH_END.len()
            };
            new = new_start;
            continue;
        }
        let lost_start =
            raw_after && !lost && left.starts_with(PARAGRAPH) && !right.starts_with(PARAGRAPH);
        if lost_start || lost && left.starts_with(PARAGRAPH_END) {
            b += if lost_start {
                PARAGRAPH.len()
            } else {
                PARAGRAPH_END.len()
            };
            lost = lost_start;
            continue;
        }
        match (left.first(), right.first()) {
            (None, None) => return !new && !lost,
            (Some(x), Some(y)) if x == y => {
                b += 1;
                a += 1;
            }
            _ => return false,
        }
    }
}

/// Of spans inside each other the outer one; `spans` are sorted.
pub(super) fn outermost(spans: &[Span]) -> Vec<Span> {
    let mut outer: Vec<Span> = Vec::with_capacity(spans.len());
    for &span in spans {
        match outer.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => outer.push(span),
        }
    }
    outer
}

/// The length of the white space that `text` starts with, up to its last line end.
fn blank_lines(text: &[u8]) -> usize {
    let blank = text.len() - text.trim_ascii_start().len();
    text.get(..blank)
        .and_then(|blank| blank.iter().rposition(|byte| *byte == b'\n'))
        .map_or(0, |at| at + 1)
}

/// What the spans of `removed`, which are sorted and apart, leave of `range`; none if they leave it all.
pub(super) fn left_of(text: &str, range: Range<usize>, removed: &[Span]) -> Option<String> {
    let first = removed.partition_point(|span| span.end <= range.start);
    let cuts = removed.get(first..).unwrap_or(&[]);
    let mut left: Option<String> = None;
    let mut at = range.start;
    for span in cuts.iter().take_while(|span| span.start < range.end) {
        let kept = text.get(at..span.start).unwrap_or("");
        left.get_or_insert_default().push_str(kept);
        at = span.end.min(range.end);
    }
    if let Some(left) = &mut left {
        left.push_str(text.get(at..range.end).unwrap_or(""));
    }
    left
}

fn rest(text: &[u8], at: usize) -> &[u8] {
    text.get(at..).unwrap_or(&[])
}

fn read(text: &str, removed: &[Span], standing: fn(&str) -> Standing, options: Options) -> Vec<u8> {
    let mut reader = Reader {
        out: Vec::with_capacity(text.len()),
        flow: Flow::new(standing),
        in_line: RawText::default(),
        standing,
        blank: false,
        fresh: true,
        in_item: false,
        bare: false,
        beside: false,
        glued: None,
        code: None,
    };
    let from = |at: usize| removed.partition_point(|span| span.end <= at);
    let is_gone = |start: usize, end: usize| {
        removed
            .get(from(start))
            .is_some_and(|span| span.start <= start && end <= span.end)
    };
    let parser = Parser::new_ext(text, options);
    let mut definitions: Vec<Range<usize>> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| definition.span.clone())
        .collect();
    definitions.sort_unstable_by_key(|span| span.start);
    let mut definitions = definitions.into_iter().peekable();
    // Whether each open tag was left out, so that its end is too.
    let mut open: Vec<bool> = Vec::new();
    let mut in_raw = false;
    for (event, range) in parser.into_offset_iter() {
        // A definition is not said, but written: it must not be lost either.
        while let Some(span) = definitions.next_if(|span| span.start <= range.start) {
            if !is_gone(span.start, span.end) {
                reader.definition(text.get(span).unwrap_or(""));
            }
        }
        let part = text.get(range.clone()).unwrap_or("");
        let gone = !range.is_empty() && is_gone(range.start, range.start + part.trim_end().len());
        match event {
            Event::Start(Tag::HtmlBlock) => {
                in_raw = true;
                open.push(false);
                reader.blank = true;
                reader.beside = reader.bare;
                reader.out.push(RAW_START);
            }
            Event::End(TagEnd::HtmlBlock) => {
                in_raw = false;
                open.pop();
                reader.blank = true;
                reader.beside = reader.bare;
                reader.out.push(RAW_END);
            }
            Event::Start(tag) => {
                open.push(gone);
                if !gone {
                    reader.start(&tag, part);
                }
            }
            Event::End(tag) => {
                if open.pop() != Some(true) {
                    reader.end(tag);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                let mut at = range.start;
                for span in removed.get(from(range.start)..).unwrap_or(&[]) {
                    if range.end <= span.start {
                        break;
                    }
                    if at < span.start {
                        reader.raw(text.get(at..span.start).unwrap_or(""), in_raw);
                    }
                    if range.start <= span.start {
                        reader.left_out(text.get(span.start..).unwrap_or(""), in_raw);
                    }
                    at = span.end.min(range.end);
                }
                reader.raw(text.get(at..range.end).unwrap_or(""), in_raw);
            }
            Event::Text(words) if reader.code.is_some() => match left_of(text, range, removed) {
                Some(left) => reader.cut_code(&left),
                None => reader.code(&words),
            },
            _ if gone => {}
            // As it is written, so that a reference is the same in raw HTML and in a paragraph.
            // A `<` is one here; in raw HTML a browser may take it for a tag.
            Event::Text(_) => {
                for (place, run) in part.split('<').enumerate() {
                    if place > 0 {
                        reader.inline("<");
                    }
                    reader.text(run);
                }
                reader.bare = reader.in_item;
            }
            Event::Code(code) => {
                reader.inline("`");
                reader.out.extend(code.bytes());
                reader.inline("/`");
                reader.bare = reader.in_item;
            }
            Event::SoftBreak => reader.text(" "),
            Event::HardBreak => {
                reader.block("break");
            }
            Event::Rule => reader.block("rule"),
            other => reader.inline(&format!("{other:?}")),
        }
    }
    for span in definitions {
        if !is_gone(span.start, span.end) {
            reader.definition(text.get(span).unwrap_or(""));
        }
    }
    reader.out
}

struct Reader {
    out: Vec<u8>,
    /// The raw HTML of blocks.
    flow: Flow,
    /// The tags of the paragraph that is being read.
    in_line: RawText,
    standing: fn(&str) -> Standing,
    /// White space was read and nothing after it.
    blank: bool,
    /// Nothing stands in this block yet.
    fresh: bool,
    /// This block is an item of a list.
    in_item: bool,
    /// It holds text without a paragraph of its own.
    bare: bool,
    /// Raw HTML started or ended after that text.
    beside: bool,
    /// A block was left out of a line here, with no blank before it.
    glued: Option<usize>,
    /// Where what is said of the code block that is open starts, its mark aside.
    code: Option<usize>,
}

impl Reader {
    fn text(&mut self, text: &str) {
        for byte in text.bytes() {
            if byte.is_ascii_whitespace() {
                self.blank = true;
                self.glued = None;
                continue;
            }
            self.settle();
            self.out.push(byte);
            self.fresh = false;
        }
    }

    /// Writes the blank that is before what comes next.
    fn settle(&mut self) {
        if let Some(slot) = self.glued.take().and_then(|at| self.out.get_mut(at)) {
            *slot = APART;
        }
        if self.blank && !self.fresh {
            self.out.push(b' ');
        }
        if std::mem::take(&mut self.beside) {
            self.out.push(BESIDE);
        }
        self.blank = false;
    }

    /// A part of a code block.
    fn code(&mut self, words: &str) {
        let blank_line = words.contains('\n') && words.trim().is_empty();
        if !(blank_line && self.out.last() == Some(&CUT)) {
            self.out.extend(words.bytes());
        }
    }

    /// A part of a code block of which something is left out: lines, if nothing is left but blanks,
    /// with the blank lines around them.
    fn cut_code(&mut self, left: &str) {
        if !left.trim().is_empty() {
            return self.out.extend(left.bytes());
        }
        let said = self.out.trim_ascii_end().len();
        let lines = self.out.get(said..).unwrap_or(&[]);
        if let Some(end) = lines.iter().position(|byte| *byte == b'\n') {
            self.out.truncate(said + end);
        }
        if self.out.last() != Some(&CUT) {
            self.out.push(CUT);
        }
    }

    /// Takes the start of a code block back of which nothing is left; the block ends here.
    fn code_is_empty(&mut self) -> bool {
        let start = self.code.take();
        let empty = self.out.ends_with(&[MARK, CUT]);
        if let Some(start) = start.filter(|_| empty) {
            self.out.truncate(start);
            (self.blank, self.fresh, self.glued) = (false, true, None);
        }
        empty
    }

    fn raw(&mut self, text: &str, in_block: bool) {
        if in_block {
            self.flow.feed(text.as_bytes());
            for at in self.flow.held() {
                if let Some(slot) = self.out.get_mut(at) {
                    *slot = APART;
                }
            }
        } else {
            self.in_line.read(text);
        }
        self.text(text);
    }

    /// An element that starts with the tag at the start of `rest` is left out.
    fn left_out(&mut self, rest: &str, in_block: bool) {
        let name: String = rest
            .chars()
            .skip_while(|c| matches!(c, '<' | '/'))
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let at = self.out.len();
        if in_block {
            self.out.push(LEFT_OUT);
            self.flow.left_out(&name, at);
        } else if !self.blank && !self.fresh && (self.standing)(&name) == Standing::Block {
            // Markdown says what is one paragraph; words must not become one word.
            self.out.push(LEFT_OUT);
            self.glued = Some(at);
        }
    }

    fn definition(&mut self, text: &str) {
        self.block("definition");
        self.text(text);
        self.block("/definition");
    }

    fn mark(&mut self, mark: &str) {
        self.out.push(MARK);
        self.out.extend(mark.bytes());
        self.out.push(MARK);
    }

    fn block(&mut self, mark: &str) {
        self.flow.boundary();
        (self.blank, self.fresh, self.glued) = (false, true, None);
        (self.bare, self.beside) = (false, false);
        self.in_item = mark.starts_with("Item");
        self.mark(mark);
    }

    fn inline(&mut self, mark: &str) {
        self.settle();
        self.mark(mark);
        self.fresh = false;
    }

    fn start(&mut self, tag: &Tag<'_>, part: &str) {
        let mark = match tag {
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. } => return self.inline(&format!("{tag:?}")),
            Tag::Paragraph => "Paragraph".to_owned(),
            // The number of an item is written too.
            Tag::Item => {
                let number = part.bytes().take_while(u8::is_ascii_digit).count();
                format!("Item {}", part.get(..number).unwrap_or(""))
            }
            Tag::CodeBlock(kind) => {
                self.code = Some(self.out.len());
                let closed = match kind {
                    CodeBlockKind::Fenced(_) => {
                        let text = part.trim_end();
                        let last = text.rsplit('\n').next().unwrap_or("");
                        text.contains('\n') && last.ends_with(['`', '~'])
                    }
                    CodeBlockKind::Indented => true,
                };
                format!("{kind:?} {closed}")
            }
            _ => format!("{tag:?}"),
        };
        self.block(&mark);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image => {
                // A blank before the end of a mark is one after it.
                return self.inline(&format!("/{tag:?}"));
            }
            TagEnd::CodeBlock if self.code_is_empty() => return,
            TagEnd::CodeBlock => {}
            TagEnd::Paragraph if self.paragraph_is_empty() => return,
            TagEnd::Paragraph if self.in_line.end() => self.mark("unfinished"),
            _ => {}
        }
        self.block(&format!("/{tag:?}"));
    }

    /// Takes the start of a paragraph back in which nothing is left.
    fn paragraph_is_empty(&mut self) -> bool {
        while self.out.last() == Some(&LEFT_OUT) {
            self.out.pop();
        }
        let empty = self.out.ends_with(PARAGRAPH);
        if empty {
            self.out.truncate(self.out.len() - PARAGRAPH.len());
            (self.blank, self.fresh, self.glued) = (false, true, None);
        }
        empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether taking `gap`, which holds the element `what`, out of `text` leaves the same page.
    fn without(text: &str, what: &str, gap: &str) -> bool {
        let at = text.find(what).unwrap();
        let span = Span::new(at, at + what.len());
        let standing = |name: &str| match name {
            "div" | "p" => Standing::Block,
            _ => Standing::Line,
        };
        let before = Reading::of(text, &[span], standing);
        let after = Reading::of(&text.replacen(gap, "", 1), &[], standing);
        before.is_kept_by(&after)
    }

    const SLOT: &str = "<div></div>";

    #[test]
    fn lines_of_code_may_go_and_the_others_stay() {
        let code = "<td>\n    a\n\n      <p>b</p>\n\n      <div></div>\n\n    </td>\n";
        for (gap, kept) in [
            ("      <div></div>\n\n", true),
            ("\n      <div></div>\n", true),
            ("      <div></div>\n", true),
            ("      <div></div>", true),
            ("\n\n      <div></div>\n", true),
            // The lines beside it are one line, or lines of another depth.
            ("\n\n      <div></div>\n\n", false),
            ("      <div></div>\n\n  ", false),
            ("      <div></div>\n\n    </td>", false),
        ] {
            assert_eq!(without(code, SLOT, gap), kept, "{gap:?}");
            let windows = code.replace('\n', "\r\n");
            assert_eq!(
                without(&windows, SLOT, &gap.replace('\n', "\r\n")),
                kept,
                "{gap:?}"
            );
        }
        // The first and the last lines of it, and all of it.
        let line = "     <div></div>\n";
        assert!(without("<i>\n\n     <div></div>\n    b\n", SLOT, line));
        assert!(!without(
            "<i>\n\n     <div></div>\n      b\n",
            SLOT,
            "     <div></div>\n  "
        ));
        assert!(without("<i>\n\n    b\n     <div></div>\n", SLOT, line));
        assert!(without(
            "<i>\n\n    b\n     <div></div>",
            SLOT,
            "\n     <div></div>"
        ));
        assert!(without("<i>\n\n     <div></div>\n\nb\n", SLOT, line));
        // In a line with something.
        assert!(!without("<i>\n\n    b <div></div>\n", SLOT, " <div></div>"));
        assert!(without("<i>\n\n    b <div></div>\n", SLOT, SLOT));
    }

    #[test]
    fn a_line_between_paragraphs_can_go() {
        assert!(without("a\n\n<div></div>\n\nb\n", SLOT, "<div></div>\n\n"));
        assert!(without("a <i></i> b\n", "<i></i>", "<i></i>"));
        assert!(without("> a\n>\n> <div></div>\n", SLOT, SLOT));
        assert!(without("a <div></div>\n", SLOT, " <div></div>"));
        assert!(without("a <div></div> b\n", SLOT, SLOT));
        assert!(without("a <i></i> *b*\n", "<i></i>", "<i></i>"));
        assert!(!without("a <i></i>*b*\n", "<i></i>", " <i></i>"));
    }

    #[test]
    fn raw_text_may_become_a_paragraph_and_nothing_else() {
        let line = "<div></div>\n";
        assert!(without("<div></div>\nb\nc\n", SLOT, line));
        assert!(without("a\n<div></div>\nb\n", SLOT, SLOT));
        assert!(without("<i></i><b>\n", "<i></i>", "<i></i>"));
        assert!(without("<div></div>\nb <i>c</i>\n<p>d</p>\n", SLOT, line));
        for after in [
            "*b*",
            "5*3*2",
            "[a](b)",
            "# b",
            "- b",
            "1. b",
            "> b",
            "a\\*b",
            "`b`",
            "a  \nb",
            "b\n---",
            "b\n==",
            "a|b\n-|-",
            "```\nb\n```",
            "    b",
            "[a]: b",
            "~~a~~",
        ] {
            assert!(
                !without(&format!("<div></div>\n{after}\n"), SLOT, line),
                "{after}"
            );
        }
    }

    #[test]
    fn nothing_is_joined_and_nothing_becomes_code() {
        assert!(!without("a\n<div></div>\n\nb\n", SLOT, "<div></div>\n\n"));
        assert!(!without("a\n<div></div>\nb\n", SLOT, "<div></div>\n"));
        assert!(!without("<i></i>    a\n", "<i></i>", "<i></i>"));
        assert!(!without("a<div></div>b\n", SLOT, SLOT));
        let line = "  <div></div>\n";
        assert!(!without("- a\n  <div></div>\n      b\n", SLOT, line));
        assert!(!without("- `a`\n  <div></div>\n  b\n", SLOT, line));
        assert!(without("- a\n  <div></div>\n  <p>b</p>\n- c\n", SLOT, line));
        assert!(without("- a\n  <div></div>\n- b\n", SLOT, line));
        assert!(!without(
            "<div>a\n<p></p>\nb</div>\n",
            "<p></p>",
            "<p></p>\n"
        ));
        assert!(!without("<div>a<p></p>b</div>\n", "<p></p>", "<p></p>"));
        assert!(without("<div>a<br><p></p></div>\n", "<p></p>", "<p></p>"));
        assert!(!without(
            "1. a\n\n<p></p>\n\n1. b\n",
            "<p></p>",
            "<p></p>\n\n"
        ));
        assert!(!without(
            "- a\n\n<p></p>\n\n- b\n",
            "<p></p>",
            "<p></p>\n\n"
        ));
    }
}
