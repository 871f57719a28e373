//! Tries removals out: what is left must read as it did before.

use super::seams::{self, Seam, Wanted};
use crate::document::Document;
use crate::finding::Safety;
use crate::html::ends_at_start_of;
use crate::markdown::{Format, Reading};
use crate::source::{Edit, MaskKind, Span, apply};

/// How many bytes may be read for trials of one document, so that a page with thousands of
/// removals does not cost the square of its size.
const TRIAL_BYTES: usize = 64 << 20;

/// How to close the gap, the best way first.
const SEAMS: [Seam; 7] = [
    Seam::Line,
    Seam::Blanks,
    Seam::Bare,
    Seam::Tight,
    Seam::Break,
    Seam::Join,
    Seam::JoinBreak,
];

type Result = std::result::Result<(Safety, Vec<Edit>), String>;

/// The edits of every removal, or why it stays.
pub(super) fn edits(document: &Document, wanted: Vec<Wanted>) -> Vec<(Wanted, Result)> {
    let trial = Trial::new(document, &wanted);
    wanted
        .into_iter()
        .map(|wanted| {
            let result = trial.edits(&wanted);
            (wanted, result)
        })
        .collect()
}

struct Trial<'a> {
    document: &'a Document,
    /// What goes when only safe fixes are applied, and what goes when all are; sorted.
    gone: [Vec<Span>; 2],
    /// Whether there is anything to try, and means to try it one by one.
    mode: Mode,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Lines mean nothing in HTML.
    Lines,
    /// Markdown, each on its own.
    Each,
    /// Markdown, too much of it to try each.
    Untried,
}

impl<'a> Trial<'a> {
    fn new(document: &'a Document, wanted: &[Wanted]) -> Self {
        let arena = document.arena();
        let spans = |level: Safety| {
            let mut spans: Vec<Span> = wanted
                .iter()
                .filter(|wanted| wanted.safety <= level && wanted.kind == super::Kind::Remove)
                .map(|wanted| arena.element(wanted.element).whole())
                .collect();
            spans.sort_unstable();
            spans
        };
        let is_text = std::str::from_utf8(document.body().slice(document.bytes())).is_ok();
        let mode = if document.format() == Format::Html || !is_text {
            Mode::Lines
        } else if wanted.len().saturating_mul(document.body().len()) > TRIAL_BYTES / 4 {
            Mode::Untried
        } else {
            Mode::Each
        };
        Self {
            document,
            gone: [spans(Safety::Safe), spans(Safety::Unsafe)],
            mode,
        }
    }

    fn edits(&self, wanted: &Wanted) -> Result {
        let [safe, all] = &self.gone;
        let gone = match wanted.safety {
            Safety::Safe => safe,
            Safety::Unsafe => all,
        };
        let with = |seam| seams::edits(self.document, wanted, seam, gone);
        match self.mode {
            Mode::Lines => Ok((wanted.safety, with(Seam::Line))),
            Mode::Untried => Ok((Safety::Unsafe, with(Seam::Blanks))),
            Mode::Each => {
                let mut readings = Vec::new();
                let after_unfinished_tag = self.follows_an_unfinished_tag(wanted);
                for seam in SEAMS {
                    if after_unfinished_tag && seam != Seam::Blanks {
                        // Only a blank line keeps what follows out of that tag.
                        continue;
                    }
                    let edits = with(seam);
                    let (before, after) = self.readings(&edits);
                    if before.is_same(&after) {
                        return Ok((wanted.safety, edits));
                    }
                    readings.push((edits, before, after));
                }
                // Nothing leaves every block as it was: a tag that starts a line makes a block of
                // it. Then the words stay, nothing is joined, and nothing becomes code.
                for (edits, before, after) in readings {
                    if before.says_the_same(&after) {
                        return Ok((wanted.safety, edits));
                    }
                }
                Err("Markdown would read the lines around it differently".to_owned())
            }
        }
    }

    /// Whether a tag that was never finished stands before the element: `<div class` and a line
    /// end.
    fn follows_an_unfinished_tag(&self, wanted: &Wanted) -> bool {
        let start = self.document.arena().element(wanted.element).start.start;
        let body = self.document.body();
        let source = self.document.bytes();
        let before = Span::new(body.start, start);
        let Some(last) = self.document.mask().within(before).last() else {
            return false;
        };
        let between = Span::new(last.span.start, start).slice(source);
        last.kind == MaskKind::Literal
            && between.get(1).is_some_and(u8::is_ascii_alphabetic)
            && !between.contains(&b'>')
    }

    /// What Markdown makes of the body before and after `edits`, what they remove left out.
    fn readings(&self, edits: &[Edit]) -> (Reading, Reading) {
        let body = self.document.body();
        let before = body.slice(self.document.bytes());
        let within: Vec<Edit> = edits
            .iter()
            .map(|edit| Edit {
                span: Span::new(
                    edit.span.start.saturating_sub(body.start),
                    edit.span.end.saturating_sub(body.start),
                ),
                text: edit.text.clone(),
            })
            .collect();
        let removed: Vec<Span> = within.iter().map(|edit| edit.span).collect();
        let after = apply(before, &within);
        let (before, after) = (
            std::str::from_utf8(before).unwrap_or_default(),
            std::str::from_utf8(&after).unwrap_or_default(),
        );
        let ends_paragraph = |name: &str| ends_at_start_of("p", name);
        (
            Reading::of(before, &removed, ends_paragraph),
            Reading::of(after, &[], ends_paragraph),
        )
    }
}
