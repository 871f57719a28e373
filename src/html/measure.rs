//! How much the elements of a page show, measured once for all of them.

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

    /// The display columns of what `span`, which starts right after a tag, shows; `None` where that
    /// is not the same as its share of what the page shows.
    fn columns(&self, span: Span) -> Option<usize> {
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
            return Some(0);
        }
        let whole = span.covers(self.runs.get(first)?.join(*self.runs.get(last - 1)?));
        whole.then_some(self.before.get(last)? - self.before.get(first)?)
    }
}

impl Arena {
    /// The display columns of [`text`](Self::text): CJK characters count two, blanks nothing.
    pub fn columns(&self, source: &[u8], mask: &Mask, id: ElementId) -> usize {
        if text::is_hidden_content(self.name(id)) {
            return 0;
        }
        let content = self.element(id).content;
        self.measure
            .get_or_init(|| Measure::new(self, source, mask))
            .columns(content)
            .unwrap_or_else(|| text::columns(&self.text_in(source, mask, content)))
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
                let read = text::columns(&arena.text(source, &mask, id));
                let name = arena.name(id);
                assert_eq!(arena.columns(source, &mask, id), read, "{name} in {page}");
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
