use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets into the original file.
///
/// Spans are always absolute: a finding in the body counts from the first byte of the file (the
/// byte order mark included), never from the start of the body.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte; never below `start`.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to `end`. An `end` below `start` gives an empty span at `start`.
    pub const fn new(start: usize, end: usize) -> Self {
        let end = if end < start { start } else { end };
        Self { start, end }
    }

    /// The empty span at `at`, for insertions.
    pub const fn empty(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span covers no byte.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the byte at `offset` is inside.
    pub const fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether every byte of `other` is inside; an empty span is covered where it touches.
    pub const fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that covers both.
    pub fn join(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The bytes of `source` under this span; what lies past the end of `source` is left out.
    pub fn slice(self, source: &[u8]) -> &[u8] {
        let end = self.end.min(source.len());
        &source[self.start.min(end)..end]
    }

    /// The text of `source` under this span, or `""` where the span does not fall on character
    /// boundaries.
    pub fn text(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or("")
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_never_panic() {
        assert_eq!(Span::new(2, 9).slice(b"abcd"), b"cd");
        assert_eq!(Span::new(7, 9).slice(b"abcd"), b"");
        assert_eq!(Span::new(1, 2).text("文"), "");
    }

    #[test]
    fn touching_spans_do_not_overlap() {
        assert!(!Span::new(0, 3).overlaps(Span::new(3, 5)));
        assert!(Span::new(0, 4).overlaps(Span::new(3, 5)));
        assert!(Span::new(0, 4).covers(Span::empty(4)));
    }
}
