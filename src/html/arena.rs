use crate::source::{Mask, Span};

/// An element of an [`Arena`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub u32);

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
}

/// The elements of a body, in the order of their start tags.
#[derive(Debug, Default)]
pub struct Arena {}

impl Arena {
    /// Parses the bytes `body` of `source`, masked regions taken as text.
    pub fn parse(_source: &[u8], _body: Span, _mask: &Mask) -> Self {
        Self {}
    }

    /// The start tag at which the nesting passed the limit; the arena is empty then.
    pub fn nesting_too_deep(&self) -> Option<Span> {
        None
    }

    /// The comments of the body, in file order, delimiters included.
    pub fn comments(&self) -> &[Span] {
        &[]
    }
}
