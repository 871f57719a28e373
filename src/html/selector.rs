use super::{Arena, ElementId};

/// A parsed selector list.
#[derive(Debug, Clone)]
pub struct Selector {}

/// Why a selector is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorError {
    /// Byte offset in the selector.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

impl Selector {
    /// Parses a selector list of Selectors Level 4.
    ///
    /// # Errors
    /// The first place that is not one.
    pub fn parse(_text: &str) -> Result<Self, SelectorError> {
        Ok(Self {})
    }
}

/// The selectors of many rules, arranged so that an element meets only those that can match it.
#[derive(Debug, Default)]
pub struct Index {}

impl Index {
    /// Arranges `selectors`; the number of each is its place in the iterator.
    pub fn new<'a>(_selectors: impl IntoIterator<Item = &'a Selector>) -> Self {
        Self {}
    }

    /// Every (element, selector number) that matches, in the order of the elements.
    pub fn matches(&self, _arena: &Arena, _source: &[u8]) -> Vec<(ElementId, usize)> {
        Vec::new()
    }
}
