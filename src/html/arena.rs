use std::borrow::Cow;
use std::cell::OnceCell;

use super::measure::Measure;
use super::page::PageCache;
use super::{Prose, entities};
use crate::source::{Mask, Region, Span};

/// An element of an [`Arena`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub u32);

impl ElementId {
    pub(super) const fn place(self) -> usize {
        self.0 as usize
    }
}

/// An attribute of a start tag.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The name as written.
    pub name: Span,
    /// The value without its quotes; `None` when there is no `=`.
    pub value: Option<Span>,
    /// Name, `=`, quotes and value.
    pub whole: Span,
}

/// One element.
#[derive(Debug, Clone)]
pub struct Element {
    /// The start tag.
    pub start: Span,
    /// The end tag, only if its name is the element's own.
    pub end: Option<Span>,
    /// The element it lies in.
    pub parent: Option<ElementId>,
    /// What is between the tags; up to where something else ended the element when it has no end
    /// tag, and empty for void elements.
    pub content: Span,
    /// The element before it in the same parent.
    pub previous: Option<ElementId>,
    /// The open element that this start tag ended by implication, as `<div>` ends a `<p>`.
    pub closes: Option<ElementId>,
    /// Whether nothing inside reaches over its end tag: `<div><b></div></b>` is not balanced.
    pub balanced: bool,
    /// Whether it has no content by definition, or by `/>` in SVG and MathML.
    pub void: bool,
    pub(super) name: u32,
    pub(super) attributes: (u32, u32),
    pub(super) subtree_end: u32,
}

impl Element {
    /// From the start tag to the end tag; to the end of the content where there is no end tag.
    pub fn whole(&self) -> Span {
        let end = self.end.map_or(self.content.end, |end| end.end);
        Span::new(self.start.start, end.max(self.start.end))
    }

    /// Whether its end is certain: void, or closed by its own end tag.
    pub fn is_closed(&self) -> bool {
        self.void || self.end.is_some()
    }
}

/// A tag or comment in file order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub span: Span,
    /// The element this starts; `u32::MAX` for end tags and comments.
    pub starts: u32,
}

/// The elements of a body, in the order of their start tags.
#[derive(Debug, Default)]
pub struct Arena {
    pub(super) elements: Vec<Element>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) names: Vec<String>,
    pub(super) pieces: Vec<Piece>,
    pub(super) comments: Vec<Span>,
    pub(super) body: Span,
    pub(super) too_deep: Option<Span>,
    pub(super) prose: OnceCell<Prose>,
    pub(super) measure: OnceCell<Measure>,
    pub(super) page: PageCache,
    /// For each element, whether it lies in a sample.
    pub(super) in_sample: OnceCell<Vec<bool>>,
}

impl Arena {
    /// Parses the bytes `body` of `source`, masked regions taken as text.
    ///
    /// Indented code that starts with a tag, inside an element, is most often the pretty-printed
    /// rest of a box that holds blank lines. Its tags are read, so that those around them find
    /// their partners; whoever edits asks the mask whether a tag lies in code.
    pub fn parse(source: &[u8], body: Span, mask: &Mask) -> Self {
        let arena = Self::parse_masked(source, body, mask);
        let is_markup = |region: &Region| {
            region.kind.is_indented()
                && region
                    .span
                    .slice(source)
                    .trim_ascii_start()
                    .starts_with(b"<")
                && arena.at(region.span.start).is_some()
        };
        if !mask.regions().iter().any(is_markup) {
            return arena;
        }
        let rest = mask
            .regions()
            .iter()
            .filter(|region| !is_markup(region))
            .copied()
            .collect();
        Self::parse_masked(source, body, &Mask::new(rest))
    }

    /// The arena of a body without tags and comments.
    pub fn without_elements(body: Span) -> Self {
        Self {
            body,
            ..Self::default()
        }
    }

    fn parse_masked(source: &[u8], body: Span, mask: &Mask) -> Self {
        let mut builder = super::Builder::new(body.start);
        let fed = if mask.is_empty() {
            builder.feed(body.slice(source))
        } else {
            // A letter, so that masked bytes are text and no white space, name end or quote.
            let filled = mask.fill(source, b'x');
            builder.feed(body.slice(&filled))
        };
        // Past the depth limit there is nothing more to read.
        let _ = fed;
        builder.finish(source)
    }

    /// The comments of the body, in file order, delimiters included.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// The comments that lie in `span`.
    pub fn comments_in(&self, span: Span) -> &[Span] {
        let first = self
            .comments
            .partition_point(|comment| comment.start < span.start);
        let rest = self.comments.get(first..).unwrap_or(&[]);
        let count = rest.partition_point(|comment| comment.end <= span.end);
        rest.get(..count).unwrap_or(&[])
    }

    /// The element after `id` in the same parent.
    pub fn next_sibling(&self, id: ElementId) -> Option<ElementId> {
        let next = ElementId(self.element(id).subtree_end);
        let there = self.elements.get(next.place())?;
        (there.parent == self.element(id).parent).then_some(next)
    }

    /// The bytes that were parsed.
    pub fn body(&self) -> Span {
        self.body
    }

    /// The start tag at which elements were nested deeper than [`super::MAX_DEPTH`]; there are no
    /// elements then.
    pub fn nesting_too_deep(&self) -> Option<Span> {
        self.too_deep
    }

    /// Where the running text is, read when it is first asked for.
    pub fn prose(&self, source: &[u8], mask: &Mask) -> &Prose {
        self.prose.get_or_init(|| Prose::new(self, source, mask))
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Every element, in the order of the start tags.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = ElementId> + use<> {
        (0..self.elements.len() as u32).map(ElementId)
    }

    /// The elements whose start tags begin at `offset` or later.
    pub fn ids_from(&self, offset: usize) -> impl DoubleEndedIterator<Item = ElementId> + use<> {
        let first = self
            .elements
            .partition_point(|element| element.start.start < offset);
        (first as u32..self.elements.len() as u32).map(ElementId)
    }

    /// The element of this arena with this id.
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.place()]
    }

    /// The lower-case name.
    pub fn name(&self, id: ElementId) -> &str {
        &self.names[self.element(id).name as usize]
    }

    /// The attributes in file order, duplicates included.
    pub fn attributes(&self, id: ElementId) -> &[Attribute] {
        let (start, end) = self.element(id).attributes;
        &self.attributes[start as usize..end as usize]
    }

    /// The first attribute of this name (lower case); the first of duplicates counts in HTML.
    pub fn attribute(&self, source: &[u8], id: ElementId, name: &str) -> Option<&Attribute> {
        self.attributes(id).iter().find(|attribute| {
            attribute
                .name
                .slice(source)
                .eq_ignore_ascii_case(name.as_bytes())
        })
    }

    /// The value of an attribute as HTML reads it, character references decoded; empty when there
    /// is no value.
    pub fn value<'s>(&self, source: &'s [u8], id: ElementId, name: &str) -> Option<Cow<'s, str>> {
        self.attribute(source, id, name)
            .map(|attribute| value_of(source, attribute))
    }

    /// The elements directly inside `id`.
    pub fn children(&self, id: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        let end = self.element(id).subtree_end;
        let mut next = id.0 + 1;
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let child = ElementId(next);
            next = self.element(child).subtree_end.max(next + 1);
            Some(child)
        })
    }

    /// The elements inside `id`, however deep.
    pub fn descendants(&self, id: ElementId) -> impl Iterator<Item = ElementId> + use<> {
        (id.0 + 1..self.element(id).subtree_end).map(ElementId)
    }

    /// The elements around `id`, the nearest first.
    pub fn ancestors(&self, id: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        std::iter::successors(self.element(id).parent, |&up| self.element(up).parent)
    }

    /// Whether `inner` lies inside `outer` (an element does not lie in itself).
    pub fn is_inside(&self, inner: ElementId, outer: ElementId) -> bool {
        outer.0 < inner.0 && inner.0 < self.element(outer).subtree_end
    }

    /// Whether `id` lies in a sample: `pre`, `code` and their kin, whose content is shown as it is
    /// and is nobody's page.
    pub fn is_preformatted(&self, id: ElementId) -> bool {
        let all = self.in_sample.get_or_init(|| {
            let mut all: Vec<bool> = Vec::with_capacity(self.elements.len());
            // An element comes after the one it lies in.
            for element in &self.elements {
                let inside = element.parent.is_some_and(|up| {
                    is_sample(self.name(up)) || all.get(up.place()) == Some(&true)
                });
                all.push(inside);
            }
            all
        });
        all.get(id.place()) == Some(&true)
    }

    /// The innermost element whose start tag, content or end tag holds the byte at `offset`.
    pub fn at(&self, offset: usize) -> Option<ElementId> {
        let after = self
            .elements
            .partition_point(|element| element.start.start <= offset);
        let mut here = after.checked_sub(1).map(|place| ElementId(place as u32));
        while let Some(id) = here {
            if self.element(id).whole().contains(offset) {
                return Some(id);
            }
            here = self.element(id).parent;
        }
        None
    }
}

/// Whether elements of this name show their content as it is.
fn is_sample(name: &str) -> bool {
    matches!(
        name,
        "pre" | "code" | "kbd" | "samp" | "textarea" | "xmp" | "listing" | "plaintext"
    )
}

/// The value of `attribute` as HTML reads it: character references decoded.
pub(super) fn value_of<'s>(source: &'s [u8], attribute: &Attribute) -> Cow<'s, str> {
    match attribute.value {
        Some(span) => entities::decode_bytes(span.slice(source)),
        None => Cow::Borrowed(""),
    }
}

impl Attribute {
    /// The value as HTML reads it, character references decoded; empty when there is none.
    pub fn text<'s>(&self, source: &'s [u8]) -> Cow<'s, str> {
        value_of(source, self)
    }
}
