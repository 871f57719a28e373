use super::Kind;
use crate::document::Document;
use crate::finding::Safety;
use crate::html::ElementId;
use crate::markdown::Format;
use crate::source::{Edit, Span};

/// Whose removal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A candidate's, by its place.
    Candidate(usize),
    /// An emptied wrapper's, by its place.
    Wrapper(usize),
}

/// A removal that the guards allow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) owner: Owner,
    pub(super) element: ElementId,
    pub(super) kind: Kind,
    pub(super) safety: Safety,
}

/// How much of the white space around an element goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seam {
    /// The line that it leaves blank, and in Markdown one of two blank lines that meet.
    Line,
    /// The blanks that it leaves at the end or the start of a line.
    Blanks,
    /// None.
    Bare,
    /// The blanks after it, wherever it stands.
    Tight,
    /// The blanks before it, wherever it stands.
    Ahead,
    /// The blanks around it, and a line end comes in its place: with what is before it on other lines
    /// and after it on its own, a blank line holds the two apart.
    Break,
    /// All white space up to the next word.
    Join,
}

/// What goes at the same time, and the white space that it shares: together elements may leave a
/// line blank that no one of them does.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// Sorted; of elements inside each other the outermost.
    spans: Vec<Span>,
    /// For each of them its chain.
    chain_of: Vec<usize>,
    chains: Vec<Chain>,
    /// From this chain on there is nothing else to the end of the body.
    tail: usize,
}

/// Elements with nothing but blanks between them, on one line (as far as they are on one).
#[derive(Debug, Clone, Copy)]
struct Chain {
    /// Where the blanks before it start, and where those after it end.
    left: usize,
    right: usize,
    starts_line: bool,
    ends_line: bool,
    /// A blank line (or the body's start) is before it, or before the lines before it that go too.
    after_blank: bool,
}

impl Gone {
    /// `spans` need not be sorted.
    pub(super) fn new(document: &Document, mut spans: Vec<Span>) -> Self {
        spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut end = 0;
        spans.retain(|span| {
            let outer = span.start >= end;
            end = end.max(span.end);
            outer
        });
        let line = Line::of(document);
        let mut gone = Self {
            chain_of: Vec::with_capacity(spans.len()),
            ..Self::default()
        };
        for span in &spans {
            let (left, starts_line) = line.before(span.start);
            let (right, ends_line) = line.after(span.end);
            match gone.chains.last_mut() {
                Some(chain) if chain.right == span.start => {
                    (chain.right, chain.ends_line) = (right, ends_line);
                }
                last => {
                    let follows = last.is_some_and(|last| {
                        last.starts_line
                            && last.ends_line
                            && last.after_blank
                            && line.past_end(last.right) == left
                    });
                    gone.chains.push(Chain {
                        left,
                        right,
                        starts_line,
                        ends_line,
                        after_blank: starts_line && (follows || line.is_after_blank(left)),
                    });
                }
            }
            gone.chain_of.push(gone.chains.len() - 1);
        }
        gone.spans = spans;
        gone.tail = gone.chains.len();
        let mut next = line.body.end;
        for chain in gone.chains.iter().rev() {
            if !(chain.starts_line && chain.ends_line && line.past_blank(chain.right) >= next) {
                break;
            }
            gone.tail -= 1;
            next = chain.left;
        }
        gone
    }

    fn place(&self, span: Span) -> Option<usize> {
        let place = self.spans.partition_point(|other| other.start < span.start);
        (self.spans.get(place) == Some(&span)).then_some(place)
    }
}

/// The edits that take `wanted` out, with the white space that `seam` says, when all of `gone` goes.
pub(super) fn edits(document: &Document, wanted: &Wanted, seam: Seam, gone: &Gone) -> Vec<Edit> {
    let element = document.arena().element(wanted.element);
    let alone = Gone::default();
    match (wanted.kind, element.end) {
        (Kind::Unwrap, Some(end)) => vec![
            Edit::delete(around(document, element.start, seam, &alone)),
            Edit::delete(around(document, end, seam, &alone)),
        ],
        _ if seam == Seam::Break => vec![Edit::replace(
            around(document, element.whole(), seam, gone),
            Line::of(document).end(element.whole().start),
        )],
        _ => vec![Edit::delete(around(document, element.whole(), seam, gone))],
    }
}

/// Whether the element starts a line, blanks aside, and something follows it there.
pub(super) fn can_break(document: &Document, wanted: &Wanted) -> bool {
    let line = Line::of(document);
    let whole = document.arena().element(wanted.element).whole();
    let (left, starts_line) = line.before(whole.start);
    wanted.kind == Kind::Remove && starts_line && left > line.body.start && !line.after(whole.end).1
}

/// Whether nothing but blanks is beside `span` on its lines.
pub(super) fn stands_on_its_lines(document: &Document, span: Span) -> bool {
    let line = Line::of(document);
    line.before(span.start).1 && line.after(span.end).1
}

fn around(document: &Document, span: Span, seam: Seam, gone: &Gone) -> Span {
    let line = Line::of(document);
    match seam {
        Seam::Bare => return span,
        Seam::Tight => return Span::new(span.start, line.after(span.end).0),
        Seam::Ahead => return Span::new(line.before(span.start).0, span.end),
        Seam::Break => return Span::new(line.before(span.start).0, line.after(span.end).0),
        Seam::Join => return Span::new(span.start, line.past_blank(span.end)),
        Seam::Line | Seam::Blanks => {}
    }
    let (left, starts_line) = line.before(span.start);
    let (right, ends_line) = line.after(span.end);
    let place = gone.place(span);
    let at = place.and_then(|place| gone.chain_of.get(place)).copied();
    let alone = Chain {
        left,
        right,
        starts_line,
        ends_line,
        after_blank: starts_line && line.is_after_blank(left),
    };
    let chain = at
        .and_then(|at| gone.chains.get(at))
        .copied()
        .unwrap_or(alone);
    // What goes beside this on the same line takes its own share of the blanks.
    let is_first = starts_line || chain.left == left;
    let is_last = ends_line || chain.right == right;
    let clear_left = starts_line || !is_first && chain.starts_line;
    let clear_right = ends_line || !is_last && chain.ends_line;
    match (clear_left, clear_right) {
        (true, true) if seam == Seam::Line => {
            let markdown = document.format() != Format::Html;
            let start = match at {
                Some(at) if markdown && starts_line && at == gone.tail => line.last_end(left),
                _ if starts_line => left,
                _ => span.start,
            };
            if !ends_line {
                return Span::new(start, right);
            }
            let end = line.past_end(right);
            if !markdown {
                return Span::new(start, end);
            }
            match at {
                Some(at) if at >= gone.tail => {
                    let next = gone.chains.get(at + 1);
                    let end = next.map_or(line.body.end, |next| next.left);
                    Span::new(start, end)
                }
                _ if chain.after_blank => Span::new(start, line.past_blank_line(end)),
                _ => Span::new(start, end),
            }
        }
        (true, true) => Span::new(if starts_line { left } else { span.start }, right),
        // At the end of a line the blanks before go too.
        (false, true) => Span::new(if is_first { left } else { span.start }, right),
        // At its start the indentation stays and the blanks after go.
        (true, false) => Span::new(span.start, right),
        (false, false) => span,
    }
}

struct Line<'a> {
    bytes: &'a [u8],
    body: Span,
}

impl<'a> Line<'a> {
    fn of(document: &'a Document) -> Self {
        Self {
            bytes: document.bytes(),
            body: document.body(),
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        if self.body.contains(at) {
            self.bytes.get(at).copied()
        } else {
            None
        }
    }

    fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte(at), Some(b' ' | b'\t'))
    }

    fn is_line_end(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b'\n' | b'\r'))
    }

    /// Where the blanks before `at` start, and whether a line starts there.
    fn before(&self, mut at: usize) -> (usize, bool) {
        while at > self.body.start && self.is_blank(at - 1) {
            at -= 1;
        }
        (at, at <= self.body.start || self.is_line_end(at - 1))
    }

    /// Where the blanks after `at` end, and whether a line ends there.
    fn after(&self, mut at: usize) -> (usize, bool) {
        while self.is_blank(at) {
            at += 1;
        }
        (at, self.is_line_end(at))
    }

    /// The line end of the line before the one at `at`.
    fn end(&self, at: usize) -> &'static str {
        let before = Span::new(self.body.start, self.before(at).0).slice(self.bytes);
        if before.ends_with(b"\r\n") {
            "\r\n"
        } else {
            "\n"
        }
    }

    /// Past the line end at `at`.
    fn past_end(&self, at: usize) -> usize {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => at + 2,
            (Some(_), _) => at + 1,
            (None, _) => at,
        }
    }

    /// Past all white space from `at` on.
    fn past_blank(&self, at: usize) -> usize {
        let rest = Span::new(at, self.body.end).slice(self.bytes);
        at + rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count()
    }

    /// Past the line that starts at `at` if it is blank and not the body's last.
    fn past_blank_line(&self, at: usize) -> usize {
        let (next, is_blank) = self.after(at);
        if is_blank && next < self.body.end {
            self.past_end(next)
        } else {
            at
        }
    }

    /// Whether the line that starts at `at` is the body's first or follows a blank one.
    fn is_after_blank(&self, at: usize) -> bool {
        if at <= self.body.start {
            return true;
        }
        let crlf = at >= self.body.start + 2
            && self.byte(at - 1) == Some(b'\n')
            && self.byte(at - 2) == Some(b'\r');
        self.before(at - if crlf { 2 } else { 1 }).1
    }

    /// The end of the last line before `at` that is not blank, past its line end.
    fn last_end(&self, at: usize) -> usize {
        let head = Span::new(self.body.start, at).slice(self.bytes);
        let said = head.trim_ascii_end().len();
        if said == 0 {
            return self.body.start;
        }
        // The blanks at the end of that line are its own.
        let (right, _) = self.after(self.body.start + said);
        self.past_end(right)
    }
}
