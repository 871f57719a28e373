//! A copy of a block to repair, with the way back to the file.

use crate::frontmatter::{Block, Problem};
use crate::source::{Edit, Span};

/// A copy of the block in which problems are repaired one after the other, with the way back to
/// the offsets of the file.
pub(super) struct Scratch {
    pub text: String,
    /// The opening delimiter and the content.
    pub block: Span,
    /// Where the content starts.
    pub content: usize,
    /// `(at, by)`: from `at` on, offsets are `by` more than in the file.
    shifts: Vec<(usize, isize)>,
    /// Text that is not in the file.
    inserted: Vec<Span>,
}

impl Scratch {
    pub fn new(text: &str, block: &Block) -> Self {
        let start = if block.opener.text(text).trim_end() == "---" {
            block.opener.start
        } else {
            block.content.start
        };
        Self {
            text: text.get(..block.content.end).unwrap_or("").to_owned(),
            block: Span::new(start, block.content.end),
            content: block.content.start,
            shifts: Vec::new(),
            inserted: Vec::new(),
        }
    }

    pub fn content(&self) -> Span {
        Span::new(self.content, self.block.end)
    }

    /// The offset of the file that `at` stands for.
    pub fn original(&self, at: usize) -> usize {
        let mut by = 0;
        for (from, shift) in &self.shifts {
            if at >= *from {
                by += shift;
            }
        }
        at.saturating_add_signed(-by)
    }

    pub fn original_span(&self, span: Span) -> Span {
        Span::new(self.original(span.start), self.original(span.end))
    }

    /// The same with `edits` applied, if they touch only text of the file.
    pub fn with(&self, edits: &[Edit]) -> Option<Self> {
        let touches = |span: Span| {
            self.inserted
                .iter()
                .any(|own| own.overlaps(span) || own.contains(span.start))
        };
        if edits.iter().any(|edit| touches(edit.span)) {
            return None;
        }
        let mut next = Self {
            text: self.text.clone(),
            block: self.block,
            content: self.content,
            shifts: self.shifts.clone(),
            inserted: self.inserted.clone(),
        };
        for edit in edits.iter().rev() {
            next.apply(edit);
        }
        Some(next)
    }

    fn apply(&mut self, edit: &Edit) {
        let Some(old) = self.text.get(edit.span.start..edit.span.end) else {
            return;
        };
        let grown = edit.text.len() as isize - old.len() as isize;
        self.text
            .replace_range(edit.span.start..edit.span.end, &edit.text);
        for (at, _) in &mut self.shifts {
            if *at > edit.span.start {
                *at = at.saturating_add_signed(grown);
            }
        }
        for own in &mut self.inserted {
            if own.start >= edit.span.end {
                *own = Span::new(
                    own.start.saturating_add_signed(grown),
                    own.end.saturating_add_signed(grown),
                );
            }
        }
        let end = edit.span.start + edit.text.len();
        self.shifts.push((end, grown));
        if !edit.text.is_empty() {
            self.inserted.push(Span::new(edit.span.start, end));
        }
        self.block.end = self.block.end.saturating_add_signed(grown);
    }

    /// `problem` with the places of the file in place of those of the scratch.
    pub fn translate(&self, mut problem: Problem) -> Problem {
        problem.span = self.original_span(problem.span);
        for (span, _) in &mut problem.labels {
            *span = self.original_span(*span);
        }
        if let Some(fix) = &mut problem.fix {
            for edit in &mut fix.edits {
                edit.span = self.original_span(edit.span);
            }
        }
        problem
    }

    /// Blanks the lines at `span` out, so that what follows can be read.
    pub fn blank(&mut self, span: Span) {
        let Some(old) = self.text.get(span.start..span.end) else {
            return;
        };
        let blank: String = old
            .bytes()
            .map(|byte| match byte {
                b'\n' => '\n',
                b'\r' => '\r',
                _ => ' ',
            })
            .collect();
        self.text.replace_range(span.start..span.end, &blank);
    }
}
