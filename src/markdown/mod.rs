//! Where a body's code and templates are, as a [`Mask`].

use crate::source::{Mask, Span};

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// CommonMark with HTML in it.
    Markdown,
    /// MDX: JSX and expressions instead of HTML.
    Mdx,
    /// HTML.
    Html,
}

/// The regions of `body` in `source` that are code or template.
pub fn mask(_source: &[u8], _body: Span, _format: Format) -> Mask {
    Mask::default()
}
