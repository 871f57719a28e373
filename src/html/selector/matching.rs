use super::{Combinator, Complex, Nth, Operator, Selector, Simple};
use crate::html::arena::{Arena, ElementId};
use crate::source::Span;

/// An arena and its bytes.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub arena: &'a Arena,
    pub source: &'a [u8],
}

impl Selector {
    /// Whether `element` is among those the selector is about.
    pub fn matches(&self, arena: &Arena, source: &[u8], element: ElementId) -> bool {
        let page = Page { arena, source };
        self.list
            .iter()
            .any(|complex| page.complex(complex, element))
    }
}

impl Page<'_> {
    pub(super) fn complex(self, complex: &Complex, element: ElementId) -> bool {
        let Some(((combinator, last), before)) = complex.parts.split_last() else {
            return false;
        };
        self.compound(last, element) && self.left_of(before, *combinator, element)
    }

    /// Whether `parts` match to the left of `element`, the nearest of them by `combinator`.
    fn left_of(
        self,
        parts: &[(Combinator, Vec<Simple>)],
        combinator: Combinator,
        element: ElementId,
    ) -> bool {
        let Some(((next, compound), rest)) = parts.split_last() else {
            return true;
        };
        let fits = |id: ElementId| self.compound(compound, id) && self.left_of(rest, *next, id);
        let arena = self.arena;
        match combinator {
            Combinator::Descendant => arena.ancestors(element).any(fits),
            Combinator::Child => arena.element(element).parent.is_some_and(fits),
            Combinator::Next => arena.element(element).previous.is_some_and(fits),
            Combinator::Later => std::iter::successors(arena.element(element).previous, |&id| {
                arena.element(id).previous
            })
            .any(fits),
        }
    }

    fn compound(self, simples: &[Simple], element: ElementId) -> bool {
        simples.iter().all(|simple| self.simple(simple, element))
    }

    fn simple(self, simple: &Simple, id: ElementId) -> bool {
        let Self { arena, source } = self;
        match simple {
            Simple::Universal => true,
            Simple::Type(name) => arena.name(id) == name,
            Simple::Id(wanted) => arena
                .value(source, id, "id")
                .is_some_and(|own| own == *wanted),
            Simple::Class(wanted) => arena
                .value(source, id, "class")
                .is_some_and(|own| own.split_ascii_whitespace().any(|token| token == wanted)),
            Simple::Attribute {
                name,
                test,
                ignore_case,
            } => arena.value(source, id, name).is_some_and(|own| match test {
                None => true,
                Some((operator, wanted)) if *ignore_case => holds(
                    *operator,
                    &own.to_ascii_lowercase(),
                    &wanted.to_ascii_lowercase(),
                ),
                Some((operator, wanted)) => holds(*operator, &own, wanted),
            }),
            Simple::Not(list) => !list.iter().any(|complex| self.complex(complex, id)),
            Simple::Is(list) => list.iter().any(|complex| self.complex(complex, id)),
            Simple::Has(list) => list.iter().any(|complex| self.has(complex, id)),
            Simple::Empty => self.is_empty(id),
            Simple::Root => arena.name(id) == "html",
            Simple::Nth(nth) => self.nth(*nth, id),
        }
    }

    /// Whether something relative to `anchor` matches.
    fn has(self, complex: &Complex, anchor: ElementId) -> bool {
        let Some(((_, last), before)) = complex.parts.split_last() else {
            return false;
        };
        let arena = self.arena;
        let first = complex
            .parts
            .first()
            .map_or(Combinator::Descendant, |part| part.0);
        let fits = |id: ElementId| {
            self.compound(last, id) && self.relative(before, complex, id, anchor, first)
        };
        match first {
            Combinator::Descendant | Combinator::Child => arena.descendants(anchor).any(fits),
            Combinator::Next | Combinator::Later => self
                .later_siblings(anchor)
                .any(|sibling| fits(sibling) || arena.descendants(sibling).any(fits)),
        }
    }

    /// Whether the compounds `before` the last lead from `id` back to `anchor`.
    fn relative(
        self,
        before: &[(Combinator, Vec<Simple>)],
        complex: &Complex,
        id: ElementId,
        anchor: ElementId,
        first: Combinator,
    ) -> bool {
        let combinator = complex
            .parts
            .get(before.len())
            .map_or(Combinator::Descendant, |part| part.0);
        let arena = self.arena;
        let Some(((_, compound), rest)) = before.split_last() else {
            return match first {
                Combinator::Descendant => arena.is_inside(id, anchor),
                Combinator::Child => arena.element(id).parent == Some(anchor),
                Combinator::Next => arena.element(id).previous == Some(anchor),
                Combinator::Later => self.later_siblings(anchor).any(|sibling| sibling == id),
            };
        };
        let fits = |left: ElementId| {
            self.compound(compound, left) && self.relative(rest, complex, left, anchor, first)
        };
        match combinator {
            Combinator::Descendant => arena.ancestors(id).any(fits),
            Combinator::Child => arena.element(id).parent.is_some_and(fits),
            Combinator::Next => arena.element(id).previous.is_some_and(fits),
            Combinator::Later => std::iter::successors(arena.element(id).previous, |&left| {
                arena.element(left).previous
            })
            .any(fits),
        }
    }

    fn siblings(self, id: ElementId) -> Box<dyn Iterator<Item = ElementId> + 'static> {
        let arena = self.arena;
        let all: Vec<ElementId> = match arena.element(id).parent {
            Some(parent) => arena.children(parent).collect(),
            None => arena
                .ids()
                .filter(|&id| arena.element(id).parent.is_none())
                .collect(),
        };
        Box::new(all.into_iter())
    }

    fn later_siblings(self, id: ElementId) -> impl Iterator<Item = ElementId> {
        self.siblings(id).filter(move |&sibling| sibling > id)
    }

    /// No element and no text but white space inside (Selectors 4; comments do not count).
    fn is_empty(self, id: ElementId) -> bool {
        let element = self.arena.element(id);
        self.arena.children(id).next().is_none()
            && self
                .gaps(element.content)
                .all(|span| span.slice(self.source).iter().all(u8::is_ascii_whitespace))
    }

    fn gaps(self, span: Span) -> impl Iterator<Item = Span> {
        let comments: Vec<Span> = self
            .arena
            .comments()
            .iter()
            .copied()
            .filter(|comment| span.covers(*comment))
            .collect();
        let mut at = span.start;
        let mut gaps = Vec::new();
        for comment in comments {
            gaps.push(Span::new(at, comment.start));
            at = comment.end;
        }
        gaps.push(Span::new(at, span.end));
        gaps.into_iter()
    }

    fn nth(self, nth: Nth, id: ElementId) -> bool {
        let name = self.arena.name(id);
        let before = self
            .siblings(id)
            .filter(|&sibling| !nth.of_type || self.arena.name(sibling) == name)
            .filter(|&sibling| {
                if nth.from_end {
                    sibling > id
                } else {
                    sibling < id
                }
            })
            .count();
        let offset = before as i64 + 1 - nth.b;
        match nth.a {
            0 => offset == 0,
            a => offset % a == 0 && offset / a >= 0,
        }
    }
}

fn holds(operator: Operator, own: &str, wanted: &str) -> bool {
    match operator {
        Operator::Equals => own == wanted,
        Operator::Includes => {
            !wanted.is_empty() && own.split_ascii_whitespace().any(|token| token == wanted)
        }
        Operator::Dash => own
            .strip_prefix(wanted)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
        Operator::Prefix => !wanted.is_empty() && own.starts_with(wanted),
        Operator::Suffix => !wanted.is_empty() && own.ends_with(wanted),
        Operator::Contains => !wanted.is_empty() && own.contains(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::Index;
    use crate::source::Mask;

    /// The start tags that `selector` matches, found one by one and through an index.
    fn found(html: &str, selector: &str) -> Vec<String> {
        let arena = Arena::parse(html.as_bytes(), Span::new(0, html.len()), &Mask::default());
        let selector = Selector::parse(selector).unwrap();
        let one_by_one: Vec<ElementId> = arena
            .ids()
            .filter(|&id| selector.matches(&arena, html.as_bytes(), id))
            .collect();
        let by_index: Vec<ElementId> = Index::new([&selector])
            .matches(&arena, html.as_bytes())
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(one_by_one, by_index);
        by_index
            .into_iter()
            .map(|id| arena.element(id).start.text(html).to_owned())
            .collect()
    }

    #[test]
    fn attributes() {
        let html =
            "<a id=x-1 class='b ad' href='?a&amp;b'><a id=X-1 data-n='En-us' class=Ad class=ad>";
        assert_eq!(found(html, ".ad").len(), 1);
        assert_eq!(found(html, "[class=ad i]").len(), 1);
        assert_eq!(found(html, "#x-1, #X-1").len(), 2);
        assert_eq!(found(html, "[id^=x-]").len(), 1);
        assert_eq!(found(html, "[id^=x- i]").len(), 2);
        assert_eq!(found(html, "[href='?a&b']").len(), 1);
        assert_eq!(found(html, "[href*='a&']").len(), 1);
        assert_eq!(found(html, "[data-n|=en i]").len(), 1);
        assert_eq!(found(html, "[id$='-1']").len(), 2);
        assert_eq!(found(html, "[class~=ad]").len(), 1);
        assert_eq!(found(html, "[id^='']").len(), 0);
    }

    #[test]
    fn structure() {
        let html = "<ul><li><b></b><li class=c><i>x</i><li> <!-- --> </ul><p></p><p>y</p>";
        assert_eq!(found(html, "ul > li").len(), 3);
        assert_eq!(found(html, "li + li"), ["<li class=c>", "<li>"]);
        assert_eq!(found(html, "li ~ .c"), ["<li class=c>"]);
        assert_eq!(found(html, "li:has(> i)"), ["<li class=c>"]);
        assert_eq!(found(html, "li:has(+ li)").len(), 2);
        assert_eq!(found(html, "ul:has(li b, nothing)"), ["<ul>"]);
        assert_eq!(found(html, ":empty").len(), 3);
        assert_eq!(found(html, "li:not(:has(*))"), ["<li>"]);
        assert_eq!(found(html, "li:nth-child(odd)").len(), 2);
        assert_eq!(found(html, "li:nth-last-child(-n+2)").len(), 2);
        assert_eq!(found(html, "b:only-child, i:first-of-type").len(), 2);
        assert_eq!(found(html, "li:last-child"), ["<li>"]);
        assert_eq!(found(html, "ul + p + p"), ["<p>"]);
        assert_eq!(found(html, ":is(ul, p):not(:empty)").len(), 2);
        assert_eq!(found(html, "ul b, ul i").len(), 2);
    }
}
