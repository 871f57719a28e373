//! A regular expression that is compiled when it is first needed: most rules find nothing to look
//! at, and compiling costs more than checking a page.

use std::sync::OnceLock;

use regex::{Captures, Regex};

/// A regular expression that is known to be one.
pub(super) struct Pattern {
    text: String,
    /// Whether nothing that it matches is all ASCII.
    needs_wide: bool,
    /// `None` inside where it cannot be compiled after all; it matches nothing then.
    pub(super) regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The pattern `text`.
    pub(super) fn new(text: &str) -> Self {
        Self {
            needs_wide: is_wide_class(text),
            text: text.to_owned(),
            regex: OnceLock::new(),
        }
    }

    /// The same, given that nothing that it matches is all ASCII.
    pub(super) fn wide(mut self) -> Self {
        self.needs_wide = true;
        self
    }

    /// The regular expression, if there can be anything in `text` that it matches.
    pub(super) fn for_text(&self, text: &str) -> Option<&Regex> {
        if self.needs_wide && text.is_ascii() {
            return None;
        }
        self.regex
            .get_or_init(|| Regex::new(&self.text).ok())
            .as_ref()
    }

    /// Whether it matches in `text`.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.for_text(text)
            .is_some_and(|regex| regex.is_match(text))
    }

    /// The groups of the first match in `text`.
    pub(super) fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.for_text(text)?.captures(text)
    }
}

/// Whether the pattern is one character or class, perhaps repeated, that names characters beyond
/// ASCII only. Of any other pattern it is not said.
fn is_wide_class(pattern: &str) -> bool {
    let Some(pattern) = unescaped(pattern) else {
        return false;
    };
    let one = pattern.strip_suffix('+').unwrap_or(&pattern);
    let inner = one.strip_prefix('[').and_then(|one| one.strip_suffix(']'));
    if inner.is_none() && one.chars().count() != 1 {
        return false;
    }
    let inner = inner.unwrap_or(one);
    // A hyphen is one of the characters unless it stands between two.
    let mut wide_before = false;
    let mut rest = inner.chars().peekable();
    while let Some(c) = rest.next() {
        let is_range = c == '-' && wide_before && rest.peek().is_some_and(|next| !next.is_ascii());
        if c.is_ascii() && !is_range {
            return false;
        }
        wide_before = !c.is_ascii();
    }
    !inner.is_empty()
}

/// The pattern with `\u00AD` as the character it stands for; `None` with any other escape.
fn unescaped(pattern: &str) -> Option<String> {
    let mut parts = pattern.split('\\');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let digits = part.strip_prefix('u')?.get(..4)?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        out.push(char::from_u32(code)?);
        out.push_str(part.get(5..)?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_beyond_ascii_is_told() {
        for wide in [r"[\u00AD\u200B-\u200f]", "[文]+", r"\uFFFD+", "文"] {
            assert!(is_wide_class(wide), "{wide}");
        }
        for other in [
            "[^文]",
            "[文-]",
            "[-文]",
            "[a文]",
            "文*",
            "文字*",
            "[文]*",
            "[]",
            "",
            "[文]|a",
            r"[\x{ad}]",
            r"[\u002D文]",
            r"\u0041",
            r"\d",
        ] {
            assert!(!is_wide_class(other), "{other}");
        }
    }

    #[test]
    fn it_is_compiled_only_where_it_can_match() {
        let pattern = Pattern::new("[文字]");
        assert!(!pattern.is_match("text"));
        assert!(pattern.regex.get().is_none());
        assert!(pattern.is_match("a文"));
        assert!(pattern.regex.get().is_some());
        assert!(pattern.captures("字").is_some());
    }
}
