use super::scalar::{self, Dialect, Native, Scalar};
use crate::source::Span;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
    /// `'''…'''` (TOML).
    MultilineSingle,
    /// `"""…"""` (TOML).
    MultilineDouble,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// `[…]` or `{…}`.
    Flow,
    /// A list or mapping over lines.
    Block,
    /// Nothing is written: the value of `key:`.
    Empty,
    /// `*name`.
    Alias,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// A scalar: its text with quotes and escapes undone.
    Scalar {
        /// The text.
        text: Box<str>,
        /// Its type, where the syntax gives one.
        native: Option<Native>,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file; keys may occur twice.
    Map(Vec<Entry>),
    /// The name of an anchor. Never followed.
    Alias(Box<str>),
}

/// `&anchor` and `!tag` before a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Properties {
    /// The anchor's name.
    pub anchor: Option<Box<str>>,
    /// The tag, resolved (`tag:yaml.org,2002:str`).
    pub tag: Option<Box<str>>,
    /// Both, in bytes of the file.
    pub span: Span,
}

/// A value or a key with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its bytes in the file: quotes, brackets and the `|` of a block scalar included, anchor and
    /// tag not. A block scalar ends after its last line end, a block collection with its last
    /// child, a missing value is the empty span after `:` or `-`.
    pub span: Span,
    /// How it is written.
    pub style: Style,
    /// What it holds.
    pub data: Data,
    /// Anchor and tag.
    pub properties: Option<Box<Properties>>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// Its value.
    pub value: Node,
}

impl Entry {
    /// The key as text; empty for a key that is no scalar.
    pub fn name(&self) -> &str {
        self.key.text().unwrap_or("")
    }
}

impl Node {
    /// A scalar without properties.
    pub(super) fn scalar(span: Span, style: Style, text: &str, native: Option<Native>) -> Self {
        Self {
            span,
            style,
            data: Data::Scalar {
                text: text.into(),
                native,
            },
            properties: None,
        }
    }

    /// Its bytes with anchor and tag.
    pub fn outer(&self) -> Span {
        match &self.properties {
            Some(properties) => properties.span.join(self.span),
            None => self.span,
        }
    }

    /// The text of a scalar, quotes and escapes undone; `None` for lists, mappings and aliases.
    pub fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of the first key called `name`.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries()
            .iter()
            .find(|entry| entry.key.text() == Some(name))
    }

    /// The value of the first key called `name`.
    pub fn key(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// The item at `index`, from 0.
    pub fn item(&self, index: usize) -> Option<&Node> {
        self.items().get(index)
    }

    /// Whether it is written with quotes, or as a block scalar.
    pub fn is_quoted(&self) -> bool {
        !matches!(
            self.style,
            Style::Plain | Style::Empty | Style::Flow | Style::Block | Style::Alias
        )
    }

    /// What a scalar means to a reader of `dialect`; `None` for lists, mappings and aliases.
    pub fn resolve(&self, dialect: Dialect) -> Option<Scalar<'_>> {
        let Data::Scalar { text, native } = &self.data else {
            return None;
        };
        if let Some(native) = native {
            return Some(scalar::from_native(text, *native));
        }
        let tag = self.properties.as_ref().and_then(|p| p.tag.as_deref());
        Some(match tag {
            Some(tag) if tag.ends_with(":str") || tag == "!" => Scalar::String(text),
            Some(tag) if tag.starts_with('!') => Scalar::String(text),
            _ if self.is_quoted() => Scalar::String(text),
            _ => scalar::resolve(text, dialect),
        })
    }

    /// Whether there is no value: nothing written, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.resolve(Dialect::V1_2), Some(Scalar::Null))
    }
}
