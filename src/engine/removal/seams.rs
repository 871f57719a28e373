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
    /// As `Tight`, and a line end comes in its place: what stood apart stays apart.
    Break,
    /// All white space up to the next word.
    Join,
    /// As `Join`, with a line end in its place.
    JoinBreak,
}

/// The edits that take `wanted` out, with the white space that `seam` says. `gone` are the spans
/// of all that goes at the same time, sorted: together they may leave a line blank that no one of
/// them does.
pub(super) fn edits(document: &Document, wanted: &Wanted, seam: Seam, gone: &[Span]) -> Vec<Edit> {
    let element = document.arena().element(wanted.element);
    match (wanted.kind, element.end) {
        (Kind::Unwrap, Some(end)) => vec![
            Edit::delete(around(document, element.start, seam, &[])),
            Edit::delete(around(document, end, seam, &[])),
        ],
        _ => {
            let span = around(document, element.whole(), seam, gone);
            let end = document
                .lines()
                .ending_at(document.bytes(), element.start.start);
            vec![match seam {
                Seam::Break | Seam::JoinBreak => Edit::replace(span, end.as_str()),
                _ => Edit::delete(span),
            }]
        }
    }
}

fn around(document: &Document, span: Span, seam: Seam, gone: &[Span]) -> Span {
    if seam == Seam::Bare {
        return span;
    }
    let line = Line {
        bytes: document.bytes(),
        body: document.body(),
        gone,
    };
    if matches!(seam, Seam::Tight | Seam::Break) {
        return Span::new(span.start, line.after(span.end).0);
    }
    if matches!(seam, Seam::Join | Seam::JoinBreak) {
        let rest = Span::new(span.end, document.body().end).slice(document.bytes());
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
        return Span::new(span.start, span.end + blank.count());
    }
    let (left, starts_line) = line.before(span.start);
    let (right, ends_line) = line.after(span.end);
    // What goes beside this on the same line takes its own share of the blanks.
    let neighbour_left = line.gone_at(left.saturating_sub(1)).is_some();
    let neighbour_right = line.gone_at(right).is_some();
    let clear_left = starts_line || neighbour_left && line.reaches_start(left);
    let clear_right = ends_line || neighbour_right && line.reaches_end(right);
    match (clear_left, clear_right) {
        (true, true) if seam == Seam::Line => {
            let start = if starts_line { left } else { span.start };
            let end = if ends_line {
                line.past_end(right)
            } else {
                right
            };
            let end = if ends_line && document.format() != Format::Html {
                line.one_blank_line_less(start, end)
            } else {
                end
            };
            Span::new(start, end)
        }
        (true, true) => Span::new(if starts_line { left } else { span.start }, right),
        // At the end of a line the blanks before go too.
        (false, true) => Span::new(if neighbour_left { span.start } else { left }, right),
        // At its start the indentation stays and the blanks after go.
        (true, false) => Span::new(span.start, right),
        (false, false) => span,
    }
}

struct Line<'a> {
    bytes: &'a [u8],
    body: Span,
    gone: &'a [Span],
}

impl Line<'_> {
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

    /// The outermost span of `gone` that holds the byte at `at`.
    fn gone_at(&self, at: usize) -> Option<Span> {
        let after = self.gone.partition_point(|span| span.start <= at);
        self.gone
            .get(..after)?
            .iter()
            .rev()
            .take(64)
            .rfind(|span| span.contains(at))
            .copied()
    }

    fn reaches_start(&self, mut at: usize) -> bool {
        while let Some(span) = at.checked_sub(1).and_then(|at| self.gone_at(at)) {
            let (left, starts) = self.before(span.start);
            if starts {
                return true;
            }
            at = left;
        }
        false
    }

    fn reaches_end(&self, mut at: usize) -> bool {
        while let Some(span) = self.gone_at(at) {
            let (right, ends) = self.after(span.end);
            if ends {
                return true;
            }
            at = right;
        }
        false
    }

    /// Past the line end at `at`.
    fn past_end(&self, at: usize) -> usize {
        match (self.byte(at), self.byte(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => at + 2,
            (Some(_), _) => at + 1,
            (None, _) => at,
        }
    }

    /// Where blank lines (or the body's start) before `start` and blank lines from `end` on would
    /// meet, takes the first of those after along.
    fn one_blank_line_less(&self, start: usize, end: usize) -> usize {
        let (next, blank_after) = self.after(end);
        if !blank_after || next >= self.body.end {
            return end;
        }
        let before = start <= self.body.start || {
            let line_end = match (
                start.checked_sub(2).and_then(|at| self.byte(at)),
                self.byte(start - 1),
            ) {
                (Some(b'\r'), Some(b'\n')) => start - 2,
                _ => start - 1,
            };
            self.before(line_end).1
        };
        if before { self.past_end(next) } else { end }
    }
}
