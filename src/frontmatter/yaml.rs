//! YAML events from `granit-parser` into nodes with exact spans.

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, StructureStyle, options};

use super::node::{Data, Entry, Node, Properties, Style};
use crate::source::Span;

/// What was read from one YAML document.
pub(super) struct Document {
    pub root: Node,
    pub comments: Vec<Span>,
    /// Whether anything has an anchor or a tag.
    pub properties: bool,
}

/// Why a block is no YAML: the parser's reason and its place in the file.
pub(super) struct Failure {
    pub error: ScanError,
    pub at: usize,
}

fn strict() -> Options {
    options! { strict_indentation: true, emit_anchor_events: true, flow_nesting_limit: 512, block_nesting_limit: 512 }
}

fn lenient() -> Options {
    options! { strict_indentation: false, emit_anchor_events: true, flow_nesting_limit: 512, block_nesting_limit: 512 }
}

/// Reads `text[span]`, which may start with a line `---`, as one YAML document. Spans are those
/// of `text`.
///
/// # Errors
/// The first thing that is not YAML.
pub(super) fn parse(text: &str, span: Span) -> Result<Document, Failure> {
    match parse_with(text, span, strict()) {
        Ok(document) => Ok(document),
        // YAML wants every line of a flow collection indented deeper than its key. Nearly all
        // parsers let the closing bracket stand at the key's own depth, and authors write it so.
        Err(failure) if closes_flow(text, failure.at) => match parse_with(text, span, lenient()) {
            Ok(document) if flow_is_indented(text, &document.root, true) => Ok(document),
            _ => Err(failure),
        },
        Err(failure) => Err(failure),
    }
}

fn closes_flow(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("").trim_start();
    rest.starts_with([']', '}'])
}

/// Whether within flow collections of block mappings only closing brackets stand at column 0.
fn flow_is_indented(text: &str, node: &Node, root: bool) -> bool {
    if node.style == Style::Flow && !root {
        return text
            .get(node.span.start..node.span.end)
            .unwrap_or("")
            .lines()
            .skip(1)
            .all(|line| line.starts_with([' ', '\t', ']', '}']) || line.is_empty());
    }
    match &node.data {
        Data::List(items) => items.iter().all(|item| flow_is_indented(text, item, false)),
        Data::Map(entries) => entries.iter().all(|entry| {
            entry.key.style != Style::Flow && flow_is_indented(text, &entry.value, false)
        }),
        _ => true,
    }
}

struct Frame {
    node: Node,
    flow: bool,
    /// The key that waits for its value.
    key: Option<Node>,
}

struct Builder<'t> {
    text: &'t str,
    /// Where the block ends.
    end: usize,
    stack: Vec<Frame>,
    root: Option<Node>,
    comments: Vec<Span>,
    /// Just past the last token seen.
    cursor: usize,
    anchors: Vec<(usize, Box<str>)>,
    properties: bool,
}

fn parse_with(text: &str, span: Span, options: Options) -> Result<Document, Failure> {
    let source = span.text(text);
    let base = span.start;
    let mut builder = Builder {
        text,
        end: span.end,
        stack: Vec::new(),
        root: None,
        comments: Vec::new(),
        cursor: span.start,
        anchors: Vec::new(),
        properties: false,
    };
    for next in Parser::new_from_str_with_options(source, options) {
        match next {
            Ok((event, at)) => {
                let range = at.byte_range().unwrap_or(0..0);
                let tag = at.tag_span().and_then(|tag| tag.byte_range());
                builder.event(
                    event,
                    Span::new(base + range.start, base + range.end),
                    tag.map(|tag| Span::new(base + tag.start, base + tag.end)),
                );
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                return Err(Failure {
                    at: (base + at).min(span.end),
                    error,
                });
            }
        }
    }
    let root = builder.root.take().unwrap_or_else(|| {
        Node::scalar(
            Span::empty(builder.cursor.min(span.end)),
            Style::Empty,
            "",
            None,
        )
    });
    Ok(Document {
        root,
        comments: builder.comments,
        properties: builder.properties,
    })
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span, tag_span: Option<Span>) {
        let starts_node = matches!(
            event,
            Event::Scalar(..)
                | Event::Alias(_)
                | Event::UnresolvedAlias(_)
                | Event::SequenceStart(..)
                | Event::MappingStart(..)
        );
        self.properties |=
            tag_span.is_some() || matches!(event, Event::Anchor(..) | Event::Alias(_));
        if starts_node {
            self.enter_item();
        }
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(..) => self.cursor = self.cursor.max(span.end),
            Event::Comment(..) => self.comments.push(span),
            Event::Anchor(id, name) => self.anchor(id, &name, span),
            Event::Alias(id) => {
                // Ids rise, so the list is sorted.
                let found = self
                    .anchors
                    .binary_search_by_key(&id, |(anchor, _)| *anchor);
                let name: Box<str> = match found.ok().and_then(|at| self.anchors.get(at)) {
                    Some((_, name)) => name.clone(),
                    None => span.text(self.text).trim_start_matches('*').into(),
                };
                self.leaf(Node {
                    span,
                    style: Style::Alias,
                    data: Data::Alias(name),
                    properties: None,
                });
            }
            Event::UnresolvedAlias(name) => self.leaf(Node {
                span,
                style: Style::Alias,
                data: Data::Alias(name.into()),
                properties: None,
            }),
            Event::Scalar(text, style, _, tag) => {
                let properties = properties(tag.map(|tag| tag.to_string()), tag_span);
                let from = properties.as_ref().map_or(self.cursor, |p| p.span.end);
                let (span, style, empty) = match style {
                    ScalarStyle::Plain if span.is_empty() => {
                        (Span::empty(self.empty_place(from)), Style::Empty, true)
                    }
                    ScalarStyle::Plain => (span, Style::Plain, false),
                    ScalarStyle::SingleQuoted => (span, Style::Single, false),
                    ScalarStyle::DoubleQuoted => (span, Style::Double, false),
                    ScalarStyle::Literal => (self.block_scalar(from, span), Style::Literal, false),
                    ScalarStyle::Folded => (self.block_scalar(from, span), Style::Folded, false),
                };
                let mut node = Node::scalar(span, style, if empty { "" } else { &text }, None);
                node.properties = properties;
                self.leaf(node);
            }
            Event::SequenceStart(style, _, tag) => {
                self.open(
                    Data::List(Vec::new()),
                    style,
                    span,
                    tag.map(|t| t.to_string()),
                    tag_span,
                );
            }
            Event::MappingStart(style, _, tag) => {
                self.open(
                    Data::Map(Vec::new()),
                    style,
                    span,
                    tag.map(|t| t.to_string()),
                    tag_span,
                );
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            #[allow(unreachable_patterns)]
            _ => {}
        }
    }

    /// Goes past the hyphen of the item that starts, if one does.
    fn enter_item(&mut self) {
        let in_list = self
            .stack
            .last()
            .is_some_and(|frame| !frame.flow && matches!(frame.node.data, Data::List(_)));
        if !in_list {
            return;
        }
        let Some(hyphen) = self.next_hyphen() else {
            return;
        };
        self.cursor = hyphen + 1;
        if let Some(frame) = self.stack.last_mut()
            && frame.node.items().is_empty()
        {
            // The parser's place is behind a comment that follows the hyphen.
            frame.node.span = Span::empty(hyphen);
        }
    }

    /// The next `-` after what may stand before it: blanks, comments, the colon of the list's key
    /// and the list's own anchor and tag.
    fn next_hyphen(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.cursor;
        loop {
            at = self.skip_blank(at, false);
            match bytes.get(at).filter(|_| at < self.end)? {
                b'-' => return Some(at),
                b':' | b'?' => at += 1,
                b'&' | b'!' => {
                    while at < self.end && !bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                        at += 1;
                    }
                }
                _ => return None,
            }
        }
    }

    /// The anchor belongs to the node just added or opened.
    fn anchor(&mut self, id: usize, name: &str, span: Span) {
        self.anchors.push((id, name.into()));
        let Some(node) = self.last_node() else {
            return;
        };
        let mut properties = node.properties.take().map_or_else(
            || Properties {
                anchor: None,
                tag: None,
                span,
            },
            |properties| *properties,
        );
        properties.anchor = Some(name.into());
        properties.span = properties.span.join(span);
        if node.style == Style::Empty && node.span.start < properties.span.end {
            node.span = Span::empty(properties.span.end);
        }
        node.properties = Some(Box::new(properties));
    }

    fn last_node(&mut self) -> Option<&mut Node> {
        let Some(frame) = self.stack.last_mut() else {
            return self.root.as_mut();
        };
        if frame.key.is_some() {
            return frame.key.as_mut();
        }
        let empty = match &frame.node.data {
            Data::List(items) => items.is_empty(),
            Data::Map(entries) => entries.is_empty(),
            _ => true,
        };
        if empty {
            return Some(&mut frame.node);
        }
        match &mut frame.node.data {
            Data::List(items) => items.last_mut(),
            Data::Map(entries) => entries.last_mut().map(|entry| &mut entry.value),
            _ => None,
        }
    }

    fn open(
        &mut self,
        data: Data,
        style: StructureStyle,
        span: Span,
        tag: Option<String>,
        tag_span: Option<Span>,
    ) {
        let flow = matches!(style, StructureStyle::Flow);
        if flow {
            self.cursor = self.cursor.max(span.end);
        }
        self.stack.push(Frame {
            node: Node {
                span: Span::new(span.start, span.start),
                style: if flow { Style::Flow } else { Style::Block },
                data,
                properties: properties(tag, tag_span),
            },
            flow,
            key: None,
        });
    }

    fn close(&mut self, span: Span) {
        let Some(mut frame) = self.stack.pop() else {
            return;
        };
        if let Some(key) = frame.key.take() {
            let value = Node::scalar(Span::empty(key.span.end), Style::Empty, "", None);
            if let Data::Map(entries) = &mut frame.node.data {
                entries.push(Entry { key, value });
            }
        }
        let children = match &frame.node.data {
            Data::List(items) => items.first().zip(items.last()),
            Data::Map(entries) => entries
                .first()
                .map(|entry| &entry.key)
                .zip(entries.last().map(|entry| &entry.value)),
            _ => None,
        }
        .map(|(first, last)| (first.outer().start, last.span.end));
        let mut node = frame.node;
        // The implicit mapping of `[a: b]` is flow, and has no braces.
        let braced = frame.flow && span.text(self.text).ends_with([']', '}']);
        node.span = match (braced, children) {
            (true, _) => Span::new(node.span.start, span.end),
            (false, Some((start, end))) => {
                let start = match node.data {
                    Data::Map(_) => start,
                    _ => node.span.start.min(start),
                };
                Span::new(start, end)
            }
            (false, None) => node.span,
        };
        self.leaf(node);
    }

    fn leaf(&mut self, node: Node) {
        self.cursor = self.cursor.max(node.span.end);
        let Some(frame) = self.stack.last_mut() else {
            self.root.get_or_insert(node);
            return;
        };
        match &mut frame.node.data {
            Data::List(items) => items.push(node),
            Data::Map(entries) => match frame.key.take() {
                Some(key) => entries.push(Entry { key, value: node }),
                None => frame.key = Some(node),
            },
            _ => {}
        }
    }

    /// Where a value that is not written would stand: just after the `:`, `-` or `?` that follows
    /// `from`.
    fn empty_place(&self, from: usize) -> usize {
        // The hyphen of an item is behind us already.
        let Some(frame) = self.stack.last() else {
            return from;
        };
        if !matches!(frame.node.data, Data::Map(_)) {
            return from;
        }
        let at = self.skip_blank(from, false);
        match self.text.as_bytes().get(at).filter(|_| at < self.end) {
            Some(b'?') if frame.key.is_none() => at + 1,
            Some(b':') if frame.key.is_some() => at + 1,
            _ => from,
        }
    }

    /// A block scalar from its `|` or `>` to the end of its last line.
    fn block_scalar(&self, from: usize, content: Span) -> Span {
        let mut at = self.skip_blank(from, true);
        let bytes = self.text.as_bytes();
        // Anchors come after the scalar's event, so they may lie between.
        while matches!(bytes.get(at), Some(b'&' | b'!')) {
            while at < self.end && !bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            at = self.skip_blank(at, true);
        }
        if !matches!(bytes.get(at), Some(b'|' | b'>')) {
            return content;
        }
        let header_end = self.text[at..self.end]
            .find('\n')
            .map_or(self.end, |eol| at + eol + 1);
        Span::new(at, content.end.max(header_end).min(self.end))
    }

    /// Past blanks, line ends and comments; past `:`, `-`, `?` and `,` too if `indicators`.
    fn skip_blank(&self, from: usize, indicators: bool) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < self.end {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => at += 1,
                Some(b'#') => {
                    while at < self.end && bytes.get(at) != Some(&b'\n') {
                        at += 1;
                    }
                }
                Some(b':' | b'-' | b'?' | b',') if indicators => at += 1,
                _ => break,
            }
        }
        at
    }
}

fn properties(tag: Option<String>, span: Option<Span>) -> Option<Box<Properties>> {
    let tag = tag?;
    Some(Box::new(Properties {
        anchor: None,
        tag: Some(tag.into()),
        span: span?,
    }))
}
