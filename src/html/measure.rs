//! How much the elements of a page show, measured once for all of them.

use std::ops::Range;

use super::arena::{Arena, ElementId};
use super::text;
use crate::source::{Mask, Span};

/// The visible text of a page, by place. Rules ask how much an element says for every element on
/// the page, and elements lie in elements: reading the text again for each of them would read a
/// deep page hundreds of times.
#[derive(Debug, Default)]
pub(super) struct Measure {
    /// The runs of visible text, in file order.
    runs: Vec<Span>,
    /// The display columns before each run, and after the last one.
    before: Vec<usize>,
    /// What shows nothing, in file order: scripts and the like.
    hidden: Vec<Span>,
}

impl Measure {
    fn new(arena: &Arena, source: &[u8], mask: &Mask) -> Self {
        let runs = arena.text_runs(source, arena.body());
        let mut before = Vec::with_capacity(runs.len() + 1);
        let mut all = 0;
        before.push(all);
        for run in &runs {
            all += text::columns(&arena.text_in(source, mask, *run));
            before.push(all);
        }
        let mut hidden: Vec<Span> = Vec::new();
        for id in arena.ids() {
            let whole = arena.element(id).whole();
            let is_first = hidden.last().is_none_or(|last| last.end <= whole.start);
            if is_first && text::is_hidden_content(arena.name(id)) {
                hidden.push(whole);
            }
        }
        Self {
            runs,
            before,
            hidden,
        }
    }

    /// The runs of text in `span`, which starts right after a tag, by place; `None` where they are
    /// not those that the page shows there.
    fn places(&self, span: Span) -> Option<Range<usize>> {
        let place = self.hidden.partition_point(|part| part.end <= span.start);
        if self
            .hidden
            .get(place)
            .is_some_and(|part| part.start < span.start)
        {
            // The page does not show it, but it is asked what it would show.
            return None;
        }
        let first = self.runs.partition_point(|run| run.end <= span.start);
        let last = self.runs.partition_point(|run| run.start < span.end);
        if first >= last {
            return Some(0..0);
        }
        let whole = span.covers(self.runs.get(first)?.join(*self.runs.get(last - 1)?));
        whole.then_some(first..last)
    }
}

impl Arena {
    fn measure(&self, source: &[u8], mask: &Mask) -> &Measure {
        self.measure
            .get_or_init(|| Measure::new(self, source, mask))
    }

    /// The visible text of `id`, character references decoded; blocks are set off by a space.
    pub fn text(&self, source: &[u8], mask: &Mask, id: ElementId) -> String {
        if text::is_hidden_content(self.name(id)) {
            return String::new();
        }
        let content = self.element(id).content;
        let measure = self.measure(source, mask);
        let runs = measure
            .places(content)
            .and_then(|places| measure.runs.get(places));
        match runs {
            Some(runs) => self.text_of(source, mask, runs),
            None => self.text_in(source, mask, content),
        }
    }

    /// The display columns of [`text`](Self::text): CJK characters count two, blanks nothing.
    pub fn columns(&self, source: &[u8], mask: &Mask, id: ElementId) -> usize {
        if text::is_hidden_content(self.name(id)) {
            return 0;
        }
        let content = self.element(id).content;
        let measure = self.measure(source, mask);
        let before = |place: usize| measure.before.get(place).copied().unwrap_or(0);
        match measure.places(content) {
            Some(places) => before(places.end) - before(places.start),
            None => text::columns(&self.text_in(source, mask, content)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_the_page_is_what_the_element_shows() {
        for page in [
            "<div>文 a<p>b&nbsp;&amp;</p><script>c</script>d</div>e",
            "<noscript><p>a<b>文</b></p></noscript><template><p>b</p><style>c</style></template>",
            "<p>a</b>文</i x>c<p>b<ul><li>1<li>二</ul>",
            "<b><p>a</b>b</p>c<svg><text>d</text></svg>",
            "<div><object><p>文</p></div><p>a</p></object>b",
            "a<div>&am<!-- x -->p;</div><p></p>",
        ] {
            let (source, mask) = (page.as_bytes(), Mask::default());
            let arena = Arena::parse(source, Span::new(0, page.len()), &mask);
            for id in arena.ids() {
                let name = arena.name(id);
                let read = match text::is_hidden_content(name) {
                    true => String::new(),
                    false => arena.text_in(source, &mask, arena.element(id).content),
                };
                assert_eq!(arena.text(source, &mask, id), read, "{name} in {page}");
                let columns = text::columns(&read);
                assert_eq!(
                    arena.columns(source, &mask, id),
                    columns,
                    "{name} in {page}"
                );
            }
        }
    }

    #[test]
    fn what_is_hidden_is_asked_of_itself() {
        let page = "<template><p>文</p></template><p>a</p>";
        let (source, mask) = (page.as_bytes(), Mask::default());
        let arena = Arena::parse(source, Span::new(0, page.len()), &mask);
        let columns: Vec<usize> = arena
            .ids()
            .map(|id| arena.columns(source, &mask, id))
            .collect();
        assert_eq!(columns, [0, 2, 1]);
    }
}
