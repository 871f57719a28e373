use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::flow::RawText;
use super::reading::left_of;
use super::tags::tags;
use super::{Flow, Standing};
use crate::source::Span;

/// What a Markdown parser takes a character for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Shown as it is.
    Text,
    /// Shown, but in raw HTML, where Markdown's marks are shown too.
    Raw,
    /// Part of a tag, a comment, a script or a style.
    Tag,
    InlineCode,
    Fenced,
    Indented,
    /// Part of a link definition, which is not shown.
    Definition,
    /// A mark, or what belongs to it: the `#` of a heading, the destination of a link.
    Structure,
}

/// A character that is no white space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub(super) class: Class,
    /// The innermost node that holds it; [`ROOT`] at least.
    pub(super) node: usize,
    pub(super) sign: char,
    /// Where it is, in bytes of the text.
    pub(super) at: usize,
    /// Whether a line break that is shown stands before it.
    pub(super) after_break: bool,
}

impl Glyph {
    /// Whether it is a letter or a digit.
    pub(super) fn is_word(&self) -> bool {
        self.sign.is_alphanumeric()
    }

    /// Whether nothing is between it and `next`.
    pub(super) fn touches(&self, next: &Self) -> bool {
        self.at + self.sign.len_utf8() == next.at
    }
}

/// What a node is. All but [`Kind::Mark`] and [`Kind::Link`] are blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    List {
        ordered: bool,
    },
    Item {
        number: Option<u64>,
    },
    Quote,
    /// A table, a footnote, a row …
    Other(String),
    /// A block of text: a paragraph, a heading, a cell.
    Text(String),
    Html,
    Code {
        fenced: bool,
        closed: bool,
    },
    Rule,
    Mark(&'static str),
    /// A link or a picture; one that a definition resolves is a reference.
    Link {
        image: bool,
        reference: bool,
    },
}

impl Kind {
    pub(super) fn is_inline(&self) -> bool {
        matches!(self, Self::Mark(_) | Self::Link { .. })
    }
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) parent: Option<usize>,
    /// Its glyphs.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its bytes.
    bytes: Range<usize>,
}

pub(super) const ROOT: usize = 0;

/// A block that a removed element starts or ends in.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// How many glyphs are before the element.
    pub(super) at: usize,
    /// The glyphs of the block.
    pub(super) own: Range<usize>,
    /// Whether the element made raw HTML of the block: nothing is before it there.
    pub(super) opened: bool,
    /// Whether it is text, not raw HTML.
    pub(super) inline: bool,
}

/// A code block.
#[derive(Debug, Clone)]
pub(super) struct Code {
    /// Its first glyph.
    pub(super) start: usize,
    pub(super) fenced: bool,
    /// What it says, without what is removed.
    pub(super) said: String,
    /// Whether lines of it are removed.
    pub(super) cut: bool,
}

impl Code {
    /// Whether `other` is the same; what blank lines are beside removed ones makes no difference.
    pub(super) fn is(&self, other: &Self) -> bool {
        let lines = |code: &Self| -> Vec<String> {
            let lines = code.said.lines().filter(|line| !line.trim().is_empty());
            lines.map(str::to_owned).collect()
        };
        (self.start, self.fenced) == (other.start, other.fenced)
            && (self.said == other.said || self.cut && lines(self) == lines(other))
    }
}

/// A text, glyph by glyph, as a Markdown parser reads it. Two texts that differ by removed elements
/// and white space have the same glyphs.
#[derive(Debug)]
pub(super) struct Trace {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) nodes: Vec<Node>,
    /// What is one sign to a reader, in glyphs: tags, links, pictures, definitions.
    pub(super) constructs: Vec<Range<usize>>,
    pub(super) code: Vec<Code>,
    /// The first glyphs of blocks of text that leave a script or its like open, and of items and
    /// quotations that leave a block open or end one: it ends, or starts, with them.
    pub(super) unfinished: Vec<usize>,
    /// Where removed blocks held words of raw HTML apart: how many glyphs are before them.
    pub(super) held_apart: Vec<usize>,
}

impl Trace {
    /// Reads `text` without the characters of `removed`, which are sorted and apart.
    pub(super) fn of(
        text: &str,
        removed: &[Span],
        standing: fn(&str) -> Standing,
        options: Options,
    ) -> Self {
        Tracer::new(text, removed, standing).run(options)
    }

    /// The nodes around a glyph, the innermost first.
    pub(super) fn around(&self, glyph: &Glyph) -> impl Iterator<Item = &Node> {
        let mut at = Some(glyph.node);
        std::iter::from_fn(move || {
            let node = self.nodes.get(at?)?;
            at = node.parent;
            Some(node)
        })
    }

    /// The blocks that the element at `span` starts and ends in.
    pub(super) fn places(&self, span: Span) -> Option<Vec<Place>> {
        let place = |at: usize| {
            let leaf = self.nodes.iter().rev().find(|node| {
                matches!(node.kind, Kind::Html | Kind::Text(_)) && node.bytes.contains(&at)
            })?;
            let before = self.glyphs.partition_point(|glyph| glyph.at < at);
            let inline = leaf.kind != Kind::Html;
            Some(Place {
                at: before,
                own: leaf.start..leaf.end,
                opened: !inline && before <= leaf.start,
                inline,
            })
        };
        let first = place(span.start)?;
        let last = place(span.end.saturating_sub(1))?;
        Some(if first.own == last.own {
            vec![first]
        } else {
            vec![first, last]
        })
    }
}

struct Tracer<'t> {
    text: &'t str,
    removed: &'t [Span],
    standing: fn(&str) -> Standing,
    trace: Trace,
    stack: Vec<usize>,
    /// How far the text is read.
    at: usize,
    after_break: bool,
    cell: usize,
    /// The tags of the block of text that is being read.
    in_line: RawText,
    /// How many more tags that start a block than such that end one were read, and how many it were
    /// at the start of each node of the stack.
    open: i64,
    open_before: Vec<i64>,
}

impl<'t> Tracer<'t> {
    fn new(text: &'t str, removed: &'t [Span], standing: fn(&str) -> Standing) -> Self {
        let root = Node {
            kind: Kind::Other("page".to_owned()),
            parent: None,
            start: 0,
            end: 0,
            bytes: 0..text.len(),
        };
        Self {
            text,
            removed,
            standing,
            trace: Trace {
                glyphs: Vec::new(),
                nodes: vec![root],
                constructs: Vec::new(),
                code: Vec::new(),
                unfinished: Vec::new(),
                held_apart: Vec::new(),
            },
            stack: vec![ROOT],
            at: 0,
            after_break: false,
            cell: 0,
            in_line: RawText::default(),
            open: 0,
            open_before: vec![0],
        }
    }

    fn run(mut self, options: Options) -> Trace {
        let parser = Parser::new_ext(self.text, options);
        let definitions: Vec<Range<usize>> = parser
            .reference_definitions()
            .iter()
            .map(|(_, definition)| definition.span.clone())
            .collect();
        let mut raw = Raw::new(self.standing);
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(tag) => self.start(&tag, range, &mut raw),
                Event::End(tag) => self.end(tag, range.end, &mut raw),
                Event::Html(_) => {
                    self.advance(range.start, Class::Structure);
                    self.count_blocks(&range);
                    self.raw(range, &mut raw);
                }
                Event::InlineHtml(_) => {
                    self.count_blocks(&range);
                    if !self.is_removed(range.start) {
                        self.in_line
                            .read(self.text.get(range.clone()).unwrap_or(""));
                    }
                    let start = self.leaf(range, Class::Tag);
                    self.construct(start);
                }
                Event::Text(words) => {
                    let kind = self.top().map(|node| node.kind.clone());
                    if let Some(Kind::Code { fenced, .. }) = kind {
                        let class = if fenced {
                            Class::Fenced
                        } else {
                            Class::Indented
                        };
                        self.advance(range.start, Class::Structure);
                        self.advance(range.end, class);
                        let left = left_of(self.text, range, self.removed);
                        if let Some(code) = self.trace.code.last_mut() {
                            code.cut |= left.is_some();
                            code.said.push_str(left.as_deref().unwrap_or(&words));
                        }
                    } else {
                        self.leaf(range, Class::Text);
                    }
                }
                Event::Code(_) => {
                    self.leaf(range, Class::InlineCode);
                }
                Event::HardBreak => {
                    self.leaf(range, Class::Structure);
                    self.after_break = true;
                }
                Event::Rule => {
                    self.leave_bare_text();
                    self.advance(range.start, Class::Structure);
                    self.push(Kind::Rule, range.clone());
                    self.pop(range.end);
                }
                Event::SoftBreak
                | Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::FootnoteReference(_)
                | Event::TaskListMarker(_) => {
                    self.leaf(range, Class::Structure);
                }
            }
        }
        self.leave_bare_text();
        self.pop(self.text.len());
        let trace = &mut self.trace;
        for span in definitions {
            let start = trace.glyphs.partition_point(|glyph| glyph.at < span.start);
            let end = trace.glyphs.partition_point(|glyph| glyph.at < span.end);
            for glyph in trace.glyphs.get_mut(start..end).unwrap_or(&mut []) {
                glyph.class = Class::Definition;
            }
            trace.constructs.push(start..end);
        }
        self.trace
    }

    fn top(&self) -> Option<&Node> {
        self.trace.nodes.get(*self.stack.last()?)
    }

    /// Writes the glyphs up to `to`.
    fn advance(&mut self, to: usize, class: Class) {
        let Some(part) = self.text.get(self.at..to) else {
            return;
        };
        let from = self.at;
        for (offset, c) in part.char_indices() {
            self.glyph(from + offset, c, class);
        }
        self.at = to;
    }

    fn glyph(&mut self, at: usize, c: char, class: Class) {
        if c.is_whitespace() || self.is_removed(at) {
            return;
        }
        self.trace.glyphs.push(Glyph {
            class,
            node: self.stack.last().copied().unwrap_or(ROOT),
            sign: c,
            at,
            after_break: std::mem::take(&mut self.after_break),
        });
    }

    fn is_removed(&self, at: usize) -> bool {
        let place = self.removed.partition_point(|span| span.end <= at);
        self.removed
            .get(place)
            .is_some_and(|span| span.contains(at))
    }

    /// Counts the tags of blocks in `range`.
    fn count_blocks(&mut self, range: &Range<usize>) {
        let left = left_of(self.text, range.clone(), self.removed);
        let part = self.text.get(range.clone()).unwrap_or("");
        for (name, is_end) in tags(left.as_deref().unwrap_or(part)) {
            if (self.standing)(&name) == Standing::Block {
                self.open += if is_end { -1 } else { 1 };
            }
        }
    }

    fn push(&mut self, kind: Kind, bytes: Range<usize>) {
        let start = self.trace.glyphs.len();
        let parent = self.stack.last().copied();
        self.stack.push(self.trace.nodes.len());
        self.open_before.push(self.open);
        self.trace.nodes.push(Node {
            kind,
            parent,
            start,
            end: start,
            bytes,
        });
    }

    fn pop(&mut self, to: usize) {
        self.advance(to, Class::Structure);
        let end = self.trace.glyphs.len();
        let at = self.at;
        let is_balanced = self.open_before.pop() == Some(self.open);
        if let Some(node) = self
            .stack
            .pop()
            .and_then(|place| self.trace.nodes.get_mut(place))
        {
            node.end = end;
            if matches!(node.kind, Kind::Text(_)) && self.in_line.end() {
                self.trace.unfinished.push(node.start);
            }
            if matches!(node.kind, Kind::Item { .. } | Kind::Quote) && !is_balanced {
                self.trace.unfinished.push(node.start);
            }
            node.bytes.end = node.bytes.end.max(at);
        }
    }

    /// The text of an item in a tight list has no paragraph of its own; here it has.
    fn enter_bare_text(&mut self, bytes: &Range<usize>) {
        let is_bare = self.top().is_some_and(|node| {
            matches!(
                node.kind,
                Kind::List { .. } | Kind::Item { .. } | Kind::Quote | Kind::Other(_)
            )
        });
        if is_bare {
            self.advance(bytes.start, Class::Structure);
            self.push(paragraph(), bytes.clone());
        }
    }

    fn leave_bare_text(&mut self) {
        let is_bare = self.top().is_some_and(|node| {
            node.kind == paragraph()
                && node.parent.is_some_and(|parent| {
                    self.trace
                        .nodes
                        .get(parent)
                        .is_some_and(|parent| matches!(parent.kind, Kind::Item { .. }))
                })
        });
        if is_bare {
            self.pop(self.at);
        }
    }

    /// A piece of a line; where its glyphs start.
    fn leaf(&mut self, range: Range<usize>, class: Class) -> usize {
        self.enter_bare_text(&range);
        self.advance(range.start, Class::Structure);
        let start = self.trace.glyphs.len();
        self.advance(range.end, class);
        start
    }

    fn construct(&mut self, start: usize) {
        let end = self.trace.glyphs.len();
        self.trace.constructs.push(start..end);
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>, raw: &mut Raw) {
        let reference = |kind: &LinkType| {
            !matches!(
                kind,
                LinkType::Inline | LinkType::Autolink | LinkType::Email
            )
        };
        let kind = match tag {
            Tag::Emphasis => Kind::Mark("emphasis"),
            Tag::Strong => Kind::Mark("strong"),
            Tag::Strikethrough => Kind::Mark("strikethrough"),
            Tag::Superscript => Kind::Mark("superscript"),
            Tag::Subscript => Kind::Mark("subscript"),
            Tag::Link { link_type, .. } => Kind::Link {
                image: false,
                reference: reference(link_type),
            },
            Tag::Image { link_type, .. } => Kind::Link {
                image: true,
                reference: reference(link_type),
            },
            Tag::List(start) => Kind::List {
                ordered: start.is_some(),
            },
            Tag::Item => Kind::Item {
                number: self.next_number(&range),
            },
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::HtmlBlock => Kind::Html,
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code {
                fenced: false,
                closed: true,
            },
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                let part = self.text.get(range.clone()).unwrap_or("").trim_end();
                let last = part.rsplit('\n').next().unwrap_or("");
                Kind::Code {
                    fenced: true,
                    closed: part.contains('\n') && last.ends_with(['`', '~']),
                }
            }
            Tag::TableCell => {
                self.cell += 1;
                Kind::Text(format!("cell {}", self.cell))
            }
            Tag::TableHead | Tag::TableRow => {
                self.cell = 0;
                Kind::Other("row".to_owned())
            }
            Tag::Heading { level, .. } => Kind::Text(format!("heading {level}")),
            Tag::Paragraph => paragraph(),
            other => Kind::Other(format!("{other:?}")),
        };
        if kind.is_inline() {
            self.enter_bare_text(&range);
        } else {
            self.leave_bare_text();
        }
        self.advance(range.start, Class::Structure);
        match &kind {
            Kind::Html => raw.boundary(),
            Kind::Code { fenced, .. } => {
                let start = self.trace.glyphs.len();
                self.trace.code.push(Code {
                    start,
                    fenced: *fenced,
                    said: String::new(),
                    cut: false,
                });
            }
            _ => {}
        }
        self.push(kind, range);
    }

    /// The number that a reader sees before an item of an ordered list.
    fn next_number(&self, item: &Range<usize>) -> Option<u64> {
        let list = *self.stack.last()?;
        if !matches!(
            self.trace.nodes.get(list)?.kind,
            Kind::List { ordered: true }
        ) {
            return None;
        }
        let last = self.trace.nodes.iter().rev().take_while(|node| {
            node.start >= self.trace.nodes.get(list).map_or(0, |list| list.start)
        });
        for node in last {
            if node.parent == Some(list)
                && let Kind::Item { number } = node.kind
            {
                return number.map(|number| number.saturating_add(1));
            }
        }
        let text = self.text.get(item.clone())?.trim_start();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        text.get(..digits)?.parse().ok()
    }

    fn end(&mut self, tag: TagEnd, end: usize, raw: &mut Raw) {
        let inline = matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Superscript
                | TagEnd::Subscript
                | TagEnd::Link
                | TagEnd::Image
        );
        if !inline && tag != TagEnd::Paragraph {
            self.leave_bare_text();
        }
        let start = self.top().map_or(0, |node| node.start);
        self.pop(end);
        match tag {
            TagEnd::Link | TagEnd::Image => self.construct(start),
            TagEnd::HtmlBlock => raw.boundary(),
            _ => {}
        }
    }

    /// Raw HTML, told apart by what a browser shows of it.
    fn raw(&mut self, range: Range<usize>, raw: &mut Raw) {
        let Some(part) = self.text.get(range.clone()) else {
            return;
        };
        let mut was_removed = false;
        for (offset, c) in part.char_indices() {
            let at = range.start + offset;
            let removed = self.is_removed(at);
            if removed && !was_removed {
                let glyphs = self.trace.glyphs.len();
                raw.words.left_out(&name_at(part, offset), glyphs);
            }
            was_removed = removed;
            let (mut shown, before) = (true, raw.in_text);
            for byte in offset..offset + c.len_utf8() {
                shown &= raw.tags.step(part.as_bytes(), byte);
                raw.in_text = raw.tags.is_in_text();
                if !removed {
                    raw.words.step(part.as_bytes(), byte);
                }
            }
            if before && !raw.in_text {
                raw.start = Some(self.trace.glyphs.len());
            }
            self.glyph(at, c, if shown { Class::Raw } else { Class::Tag });
            if !before
                && raw.in_text
                && let Some(start) = raw.start.take()
            {
                self.construct(start);
            }
        }
        self.trace.held_apart.extend(raw.words.held());
        self.at = range.end;
    }
}

/// What is read of raw HTML so far.
struct Raw {
    /// Reads all of it.
    tags: Flow,
    /// Reads it without what is removed.
    words: Flow,
    in_text: bool,
    /// The first glyph of the tag that is open.
    start: Option<usize>,
}

impl Raw {
    fn new(standing: fn(&str) -> Standing) -> Self {
        Self {
            tags: Flow::new(standing),
            words: Flow::of_words(standing),
            in_text: true,
            start: None,
        }
    }

    fn boundary(&mut self) {
        self.tags.boundary();
        self.words.boundary();
        (self.in_text, self.start) = (true, None);
    }
}

pub(super) fn paragraph() -> Kind {
    Kind::Text("paragraph".to_owned())
}

/// The name in the tag at `at`, in lower case.
fn name_at(text: &str, at: usize) -> String {
    text.get(at..)
        .unwrap_or("")
        .chars()
        .skip_while(|c| matches!(c, '<' | '/'))
        .take_while(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
