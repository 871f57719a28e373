use super::Span;

/// Replaces the bytes of `span` by `text`; an insertion has an empty span, a deletion empty text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// What is replaced, in bytes of the original file.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    /// Removes `span`.
    pub fn delete(span: Span) -> Self {
        Self {
            span,
            text: String::new(),
        }
    }

    /// Inserts `text` before the byte at `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self {
            span: Span::empty(at),
            text: text.into(),
        }
    }

    /// Puts `text` in the place of `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }

    /// Whether this edit only takes away.
    pub fn is_deletion(&self) -> bool {
        self.text.is_empty() && !self.span.is_empty()
    }
}

/// Applies `edits`, sorted by start and not overlapping, to `source`.
///
/// Bytes that no edit covers are copied as they are. An edit that starts before the end of the one
/// before it, or reaches past the end of `source`, is left out: the caller has sorted such
/// conflicts out, and losing an edit is better than losing content.
pub fn apply(source: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len());
    let mut done = 0;
    for edit in edits {
        if edit.span.start < done || edit.span.end > source.len() {
            debug_assert!(false, "edits overlap or leave the file: {edit:?}");
            continue;
        }
        out.extend_from_slice(&source[done..edit.span.start]);
        out.extend_from_slice(edit.text.as_bytes());
        done = edit.span.end;
    }
    out.extend_from_slice(&source[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_bytes_survive_even_where_they_are_not_utf8() {
        let source = b"\xEF\xBB\xBFa\r\n\xFF<b>x</b>\r\n";
        let edits = [
            Edit::insert(3, "文"),
            Edit::delete(Span::new(7, 10)),
            Edit::replace(Span::new(10, 11), "yy"),
        ];
        assert_eq!(
            apply(source, &edits),
            b"\xEF\xBB\xBF\xE6\x96\x87a\r\n\xFFyy</b>\r\n"
        );
    }
}
