//! HTML: a flat arena of elements with byte spans, and selectors matched over it.

mod arena;
mod selector;

pub use arena::{Arena, Attribute, Element, ElementId};
pub use selector::{Index, Selector, SelectorError};
