use crate::source::Span;

/// Why a YAML file of the user's cannot be read, in words, with its place and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlSlip {
    /// Where it is, in bytes.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// The usual slips that make a file no YAML, for an `error` of reading `text`; `None` where it is
/// another one.
pub fn yaml_slip(text: &str, error: &serde_yaml::Error) -> Option<YamlSlip> {
    let at = error.location().map_or(0, |place| place.index());
    let rest = text.get(at..).unwrap_or("");
    let raw = error.to_string();
    // Whatever the parser makes of these, they are the cause.
    if let Some(span) = line_that(text, |line| line.starts_with("<<<<<<< ")) {
        return slip(span, "a merge was not finished here", "Take either side.");
    }
    if let Some(at) = text.find('\0') {
        let span = Span::new(at, at + 1);
        return slip(span, "a NUL byte stands here", "Delete it.");
    }
    if raw.contains("more than one document") {
        let mut seen = false;
        let span = line_that(text, |line| {
            let begins = line.trim_end() == "---" && seen;
            seen |= !line.trim().is_empty() && !line.starts_with('#');
            begins
        });
        return slip(
            span.unwrap_or(Span::empty(0)),
            "a second document begins here",
            "Keep one of the two, without a line of `---` between.",
        );
    }
    if raw.contains("duplicate entry") || raw.contains("duplicate field") {
        let key = raw.split(['"', '`']).nth(1).unwrap_or_default();
        // The parser names the start of the mapping; the second key is further down.
        let below = second_key(rest, key).map(|span| Span::new(span.start + at, span.end + at));
        let span = below.or_else(|| second_key(text, key));
        let span = span.unwrap_or(Span::empty(at.min(text.len())));
        let message = format!("the key `{key}` stands here twice");
        return slip(span, &message, "Keep one of the two.");
    }
    if raw.contains("mapping values are not allowed") {
        return slip(
            word(text, at),
            "a colon stands where no key can be",
            "Put a text that holds `: ` in quotes, and check the indentation.",
        );
    }
    if raw.contains("tab") || raw.contains("cannot start any token") && rest.starts_with('\t') {
        let span = match rest.starts_with('\t') {
            true => word(text, at),
            false => line_that(text, |line| line.trim_start_matches(' ').starts_with('\t'))?,
        };
        return slip(
            span,
            "this line is indented with a tab",
            "Indent with spaces.",
        );
    }
    None
}

#[allow(clippy::unnecessary_wraps, reason = "each branch ends with it")]
fn slip(span: Span, message: &str, help: &'static str) -> Option<YamlSlip> {
    Some(YamlSlip {
        span,
        message: message.to_owned(),
        help,
    })
}

/// The word at `at`, or the character.
pub fn word(text: &str, at: usize) -> Span {
    let at = (0..=at.min(text.len())).rev();
    let at = at.into_iter().find(|at| text.is_char_boundary(*at));
    let at = at.unwrap_or(0);
    let rest = text.get(at..).unwrap_or("");
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    Span::new(at, at + length.max(first))
}

/// The first line that is one.
fn line_that(text: &str, mut is_one: impl FnMut(&str) -> bool) -> Option<Span> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is_one(line) {
            return Some(Span::new(at, at + line.trim_end().len()));
        }
        at += line.len();
    }
    None
}

/// The second line that starts with `key:` in one mapping of block style.
fn second_key(text: &str, key: &str) -> Option<Span> {
    let mut at = 0;
    let mut found: Vec<usize> = Vec::new();
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        let rest = line.get(indent..)?;
        if !rest.trim().is_empty() {
            // What is indented further than this line, or its dash, has ended.
            let start = line.len() - line.trim_start_matches(' ').len();
            found.retain(|other| *other <= start);
        }
        if rest
            .strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(':'))
        {
            if found.contains(&indent) {
                return Some(Span::new(at + indent, at + indent + key.len()));
            }
            found.push(indent);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_named_at_their_places() {
        for (text, at, message) in [
            (
                "a: 1\n<<<<<<< 我们\nb: 2\n=======\nb: 3\n>>>>>>> x\n",
                "<<<",
                "a merge",
            ),
            ("标: 一\0\n", "\0", "a NUL byte"),
            (
                "# 注\n---\na: 1\n---\nb: 2\n",
                "---\nb",
                "a second document",
            ),
            ("a: 一\r\nb: 2\r\na: 3\r\n", "a: 3", "`a` stands here twice"),
            (
                "x:\n  - p: 1\n  - p: 1\n    q: 2\n    p: 3\n",
                "p: 3",
                "`p` stands here twice",
            ),
            ("a: b: c\n", ": c", "a colon"),
            ("a:\n\t- 文\n", "\t-", "a tab"),
            ("a: 文\n\tb: 1\n", "\tb", "a tab"),
        ] {
            let error = serde_yaml::from_str::<serde_yaml::Value>(text).unwrap_err();
            let slip = yaml_slip(text, &error).unwrap_or_else(|| panic!("{text:?}: {error}"));
            assert!(slip.message.contains(message), "{text:?}: {slip:?}");
            assert!(
                text[slip.span.start..].starts_with(at),
                "{text:?}: {slip:?}"
            );
        }
        for text in ["a: [b\n", "a: \"b\n", "a: *b\n", "- a\nb: c\n"] {
            let error = serde_yaml::from_str::<serde_yaml::Value>(text).unwrap_err();
            assert_eq!(yaml_slip(text, &error), None, "{text:?}");
        }
    }
}
