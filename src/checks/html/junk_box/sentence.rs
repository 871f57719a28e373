//! Whether what looks like a box is a part of a sentence.

use super::JunkBox;
use super::surroundings::{first_empty_line, last_empty_line, link_around, says_anything};
use crate::document::Document;
use crate::html::{self, ElementId, Run};
use crate::markdown::Format;
use crate::source::Span;

impl JunkBox {
    /// Whether `element` says something within a line that says more. What it says may be no more
    /// than a label: `the year <span class="ad">AD</span> 79`.
    pub(super) fn is_part_of_a_sentence(&self, document: &Document, element: ElementId) -> bool {
        let arena = document.arena();
        let name = arena.name(element);
        // A button may be shown in a sentence that tells what it does.
        let in_line = html::is_inline(name) || name == "button";
        if !in_line || !says_anything(document, element) {
            return false;
        }
        let source = document.bytes();
        let prose = arena.prose(source, document.mask());
        let own = arena.element(element).whole();
        let line = prose.line(own);
        // In Markdown an empty line ends one as a tag does.
        let empty_lines = document.format() == Format::Markdown;
        let is_said = |word: &String| !self.is_label(word);
        let is_said_in = |span: Span| {
            html::words(&arena.text_in(source, document.mask(), span))
                .iter()
                .any(is_said)
        };
        let says = |run: &&Run| run.words.iter().any(is_said);
        // What an empty line cuts off from the element is farther away.
        let ends_near = |run: &Run| {
            let near = Span::new(run.span.start, own.start);
            match last_empty_line(near.slice(source)).filter(|_| empty_lines) {
                None => true,
                Some(end) => {
                    let start = near.start + end;
                    start < run.span.end && is_said_in(Span::new(start, run.span.end))
                }
            }
        };
        let starts_near = |run: &Run| {
            let near = Span::new(own.end, run.span.end);
            match first_empty_line(near.slice(source)).filter(|_| empty_lines) {
                None => true,
                Some(start) => {
                    let end = near.start + start;
                    run.span.start < end && is_said_in(Span::new(run.span.start, end))
                }
            }
        };
        let before = Span::new(line.start, own.start);
        let after = Span::new(own.end, line.end);
        // The nearest run that says anything decides, among those outside links and among those of
        // the link that the element is in.
        let link = link_around(arena, element).map(|link| arena.element(link).content.join(own));
        let beside = |run: Option<&Run>, is_near: &dyn Fn(&Run) -> bool| run.is_some_and(is_near);
        let in_link = link.is_some_and(|link| {
            let before = Span::new(before.start.max(link.start), own.start);
            let after = Span::new(own.end, after.end.min(link.end));
            beside(prose.runs(before).rev().find(says), &ends_near)
                || beside(prose.runs(after).find(says), &starts_near)
        });
        in_link
            || beside(prose.plain_runs(before).rev().find(says), &ends_near)
            || beside(prose.plain_runs(after).find(says), &starts_near)
    }
}
