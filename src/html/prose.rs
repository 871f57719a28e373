//! Where the running text of a page is, in words.

use super::arena::{Arena, ElementId};
use super::text;
use crate::source::{Mask, Span};

/// A paragraph has at least so many words.
const PARAGRAPH_WORDS: usize = 20;

/// The text of a page, by element and block.
#[derive(Debug, Default)]
pub struct Prose {
    runs: Vec<Run>,
    /// The runs outside links, by place.
    plain: Vec<usize>,
    /// Where lines end and start: the edges of all elements that break one.
    breaks: Vec<usize>,
    holds_paragraph: Vec<bool>,
    paragraph_children: Vec<u32>,
}

/// A run of visible text.
#[derive(Debug, Clone)]
pub struct Run {
    /// From tag to tag.
    pub span: Span,
    /// Its words in lower case.
    pub words: Vec<String>,
    in_link: bool,
    block: u32,
}

/// How much an element says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Words {
    /// Words outside links.
    pub plain: usize,
    /// The most words outside links in one block.
    pub per_block: usize,
    /// Words in links.
    pub linked: usize,
}

impl Prose {
    /// Reads the text of `arena` once.
    pub fn new(arena: &Arena, source: &[u8], mask: &Mask) -> Self {
        let count = arena.len();
        let mut prose = Self {
            runs: Vec::new(),
            plain: Vec::new(),
            breaks: Vec::new(),
            holds_paragraph: vec![false; count],
            paragraph_children: vec![0; count],
        };
        let mut block_words: Vec<usize> = vec![0; count];
        for span in arena.text_runs(source, arena.body()) {
            let said = arena.text_in(source, mask, span);
            let words = text::words(&said);
            if words.is_empty() {
                continue;
            }
            let owner = arena.at(span.start);
            let mut in_link = false;
            let mut block = u32::MAX;
            for up in owner
                .into_iter()
                .chain(owner.into_iter().flat_map(|id| arena.ancestors(id)))
            {
                in_link |= arena.name(up) == "a";
                if block == u32::MAX && !text::is_inline(arena.name(up)) {
                    block = up.0;
                }
            }
            if let Some(total) = block_words.get_mut(block as usize) {
                *total += words.len();
            }
            if !in_link {
                prose.plain.push(prose.runs.len());
            }
            prose.runs.push(Run {
                span,
                words,
                in_link,
                block,
            });
        }
        for id in arena.ids() {
            if text::breaks_line(arena.name(id)) {
                let whole = arena.element(id).whole();
                prose.breaks.extend([whole.start, whole.end]);
            }
        }
        prose.breaks.sort_unstable();
        for id in arena.ids().rev() {
            let long = block_words.get(id.place()).copied().unwrap_or(0) >= PARAGRAPH_WORDS;
            if long && let Some(slot) = prose.holds_paragraph.get_mut(id.place()) {
                *slot = true;
            }
            if prose.holds_paragraph.get(id.place()) == Some(&true)
                && let Some(parent) = arena.element(id).parent
            {
                if let Some(slot) = prose.holds_paragraph.get_mut(parent.place()) {
                    *slot = true;
                }
                if let Some(slot) = prose.paragraph_children.get_mut(parent.place()) {
                    *slot += 1;
                }
            }
        }
        prose
    }

    /// How many children of `id` hold a paragraph, however deep.
    pub fn paragraph_children(&self, id: ElementId) -> usize {
        self.paragraph_children
            .get(id.place())
            .map_or(0, |&count| count as usize)
    }

    /// What is set on one line with `span`, empty lines of Markdown aside: from the tag before it that
    /// ends a line to the next one after it, or to the ends of the file.
    pub fn line(&self, span: Span) -> Span {
        let before = self.breaks.partition_point(|&at| at <= span.start);
        let after = self.breaks.partition_point(|&at| at < span.end);
        let start = before.checked_sub(1).and_then(|at| self.breaks.get(at));
        Span::new(
            start.copied().unwrap_or(0),
            self.breaks.get(after).copied().unwrap_or(usize::MAX),
        )
    }

    /// The runs of text in `span` that lie outside links and have words, in file order. `span` starts
    /// and ends at a tag.
    pub fn plain_runs(&self, span: Span) -> impl DoubleEndedIterator<Item = &Run> {
        let run = |place: &usize| self.runs.get(*place);
        let is_before =
            |place: &usize, at: usize| run(place).is_some_and(|run| run.span.start < at);
        let first = self.plain.partition_point(|at| is_before(at, span.start));
        let last = self.plain.partition_point(|at| is_before(at, span.end));
        let places = self.plain.get(first..last).unwrap_or(&[]);
        places.iter().filter_map(run)
    }

    /// The runs of text in `span` that have words, in file order. `span` starts and ends at a tag.
    pub fn runs(&self, span: Span) -> impl DoubleEndedIterator<Item = &Run> {
        let first = self.runs.partition_point(|run| run.span.start < span.start);
        let last = self.runs.partition_point(|run| run.span.start < span.end);
        self.runs.get(first..last).unwrap_or(&[]).iter()
    }

    /// How much is said in `span`, the words that `skip` names left out.
    pub fn words_in(&self, span: Span, skip: impl Fn(&str) -> bool) -> Words {
        let mut words = Words::default();
        let first = self.runs.partition_point(|run| run.span.end <= span.start);
        let mut blocks: Vec<(u32, usize)> = Vec::new();
        for run in self.runs.get(first..).unwrap_or(&[]) {
            if run.span.start >= span.end {
                break;
            }
            let count = run.words.iter().filter(|word| !skip(word)).count();
            if run.in_link {
                words.linked += count;
                continue;
            }
            words.plain += count;
            match blocks.last_mut() {
                Some((block, total)) if *block == run.block => *total += count,
                _ => blocks.push((run.block, count)),
            }
        }
        words.per_block = blocks.iter().map(|(_, total)| *total).max().unwrap_or(0);
        words
    }
}
