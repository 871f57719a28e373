//! Selectors Level 4 over an arena, and many of them at once.

mod index;
mod matching;
mod parse;

pub use index::Index;

/// A parsed selector list.
#[derive(Debug, Clone)]
pub struct Selector {
    pub(super) list: Vec<Complex>,
}

/// Why a selector is not one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectorError {
    /// Byte offset in the selector.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

impl Selector {
    /// Parses a selector list of Selectors Level 4: type, `*`, id, class, attributes with every
    /// operator and the `i` and `s` flags, descendant, `>`, `+`, `~`, `:not()`, `:is()`,
    /// `:where()`, `:has()`, `:empty`, `:root`, `:nth-*()`, `:first-*`, `:last-*` and `:only-*`.
    ///
    /// # Errors
    /// The first place that is not one.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        parse::parse(text)
    }
}

/// How a compound relates to the one on its left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Combinator {
    Descendant,
    Child,
    Next,
    Later,
}

/// Compounds from left to right; the combinator of the first means something in `:has()` only.
#[derive(Debug, Clone)]
pub(super) struct Complex {
    pub parts: Vec<(Combinator, Vec<Simple>)>,
}

#[derive(Debug, Clone)]
pub(super) enum Simple {
    Universal,
    Type(String),
    Id(String),
    Class(String),
    Attribute {
        name: String,
        test: Option<(Operator, String)>,
        ignore_case: bool,
    },
    Not(Vec<Complex>),
    Is(Vec<Complex>),
    Has(Vec<Complex>),
    Empty,
    Root,
    Nth(Nth),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equals,
    Includes,
    Dash,
    Prefix,
    Suffix,
    Contains,
}

/// `an + b`, counted from the start or the end, among all siblings or those of the same type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nth {
    pub a: i64,
    pub b: i64,
    pub from_end: bool,
    pub of_type: bool,
}
