//! Habits of other languages in a line of TOML: their quotes, commas and comments.

use super::toml_brackets::{hyphens, list, table};
use super::toml_pair::{Pair, is_value, pair};
use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::scalar::{self, Dialect, Scalar};
use crate::frontmatter::{Problem, ProblemKind, Syntax};
use crate::source::{Edit, Span, line_ending_at};

/// What an author who thinks of another language may have done to the line at which the parser
/// stopped at `failed`.
pub(super) fn slip(text: &str, line: Span, content: Span, failed: Span) -> Option<Problem> {
    if let Some(problem) = odd_character(text, line) {
        return Some(problem);
    }
    let pair = pair(text, line)?;
    // Where a text over lines ends nobody can tell.
    if ["\"\"\"", "'''"]
        .iter()
        .any(|quotes| pair.value.contains(quotes))
    {
        return None;
    }
    key(&pair)
        .or_else(|| after_value(&pair))
        .or_else(|| second_pair(text, &pair))
        .or_else(|| list(&pair, failed))
        .or_else(|| table(text, &pair, content))
        .or_else(|| hyphens(text, &pair, line, content))
        .or_else(|| word(&pair, line))
        .or_else(|| number(&pair))
}

/// A control character, or a blank that TOML does not know.
fn odd_character(text: &str, line: Span) -> Option<Problem> {
    let source = line.text(text);
    let mut quoted = false;
    for (at, c) in source.char_indices() {
        quoted ^= matches!(c, '"' | '\'');
        let span = Span::new(line.start + at, line.start + at + c.len_utf8());
        if c.is_control() && c != '\t' {
            return Some(
                Problem::new(
                    ProblemKind::ControlCharacter,
                    span,
                    format!(
                        "the control character U+{:04X} stands in the text",
                        u32::from(c)
                    ),
                )
                .fix(
                    Safety::Unsafe,
                    "Delete the control character",
                    vec![Edit::delete(span)],
                ),
            );
        }
        if !quoted && c.is_whitespace() && !c.is_ascii() {
            return Some(
                Problem::new(
                    ProblemKind::ControlCharacter,
                    span,
                    format!(
                        "the blank here is U+{:04X}; TOML knows the plain one only",
                        u32::from(c)
                    ),
                )
                .fix(
                    Safety::Safe,
                    "Write a plain blank",
                    vec![Edit::replace(span, " ")],
                ),
            );
        }
        if c == '#' && !quoted {
            break;
        }
    }
    None
}

/// A key with blanks, a line without a key, `==`.
fn key(pair: &Pair<'_>) -> Option<Problem> {
    if pair.name.is_empty() {
        return Some(
            Problem::new(
                ProblemKind::Other,
                Span::new(pair.sign, pair.sign + 1),
                "there is no key before this `=`",
            )
            .help("Write the key, or delete the line."),
        );
    }
    if let Some(rest) = pair.value.strip_prefix('=') {
        let value = rest.trim_start();
        let end = pair.value_span.start + 1;
        return is_value(value).then(|| {
            Problem::new(
                ProblemKind::Other,
                Span::new(pair.sign, end),
                format!("`{}` is followed by `=` twice", pair.name),
            )
            .fix(
                Safety::Safe,
                "Delete the second one",
                vec![Edit::delete(Span::new(end - 1, end))],
            )
        });
    }
    let words = (pair.name.contains(' ') || !pair.name.is_ascii())
        && pair
            .name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    (words && is_value(pair.value)).then(|| {
        Problem::new(
            ProblemKind::Other,
            pair.name_span,
            format!(
                "the key `{}` has {} in it, and TOML wants such a key in quotes",
                pair.name,
                match pair.name.contains(' ') {
                    true => "a blank",
                    false => "a letter beyond ASCII",
                }
            ),
        )
        .fix(
            Safety::Safe,
            "Put the key in quotes",
            vec![Edit::replace(
                pair.name_span,
                double_quoted(Syntax::Toml, pair.name),
            )],
        )
    })
}

/// `a = 1 b = 2`: two pairs on one line.
fn second_pair(text: &str, pair: &Pair<'_>) -> Option<Problem> {
    let (at, _) = pair.value.match_indices(' ').find(|(at, _)| {
        let rest = pair.value.get(at + 1..).unwrap_or("").trim_start();
        let name = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
            .unwrap_or(0);
        let value = rest
            .get(name..)
            .and_then(|rest| rest.trim_start().strip_prefix('='));
        name > 0
            && value.is_some_and(|value| is_value(value.trim()))
            && pair
                .value
                .get(..*at)
                .is_some_and(|first| is_value(first.trim_end()))
    })?;
    let gap = pair.value_span.start + pair.value.get(..at)?.trim_end().len();
    let rest = pair.value.get(at..)?;
    let eol = line_ending_at(text.as_bytes(), gap).as_str();
    let start = pair.value_span.start + at + (rest.len() - rest.trim_start().len());
    Some(
        Problem::new(
            ProblemKind::Other,
            Span::new(start, pair.value_span.end),
            format!(
                "a second key follows the value of `{}`; TOML wants each on a line of its own",
                pair.name
            ),
        )
        .fix(
            Safety::Safe,
            "Start a new line",
            vec![Edit::replace(Span::new(gap, start), eol)],
        ),
    )
}

/// `,`, `;` or a comment of another language after a value.
fn after_value(pair: &Pair<'_>) -> Option<Problem> {
    let value = pair.value.trim_end_matches([',', ';']);
    let start = pair.value_span.start;
    if value.len() < pair.value.len() && is_value(value.trim_end()) {
        let span = Span::new(start + value.len(), pair.value_span.end);
        let sign = pair.value.get(value.len()..).unwrap_or("");
        return Some(
            Problem::new(
                ProblemKind::Other,
                span,
                format!(
                    "`{sign}` follows the value of `{}`; in TOML nothing does",
                    pair.name
                ),
            )
            .fix(
                Safety::Safe,
                format!("Delete `{sign}`"),
                vec![Edit::delete(span)],
            ),
        );
    }
    let (at, _) = pair.value.match_indices("//").find(|(at, _)| {
        pair.value
            .get(..*at)
            .is_some_and(|value| is_value(value.trim_end()))
    })?;
    let span = Span::new(start + at, start + at + 2);
    Some(
        Problem::new(
            ProblemKind::Other,
            span,
            "`//` starts no comment in TOML; `#` does",
        )
        .fix(Safety::Safe, "Write `#`", vec![Edit::replace(span, "#")]),
    )
}

/// A word that is true, false or nothing elsewhere.
fn word(pair: &Pair<'_>, line: Span) -> Option<Problem> {
    let plain = pair
        .value
        .chars()
        .all(|c| c.is_ascii_alphabetic() || c == '~');
    if !plain || is_value(pair.value) {
        return None;
    }
    match scalar::resolve(pair.value, Dialect::V1_1) {
        Scalar::Boolean(yes) if !pair.value.eq_ignore_ascii_case(&yes.to_string()) => Some(
            Problem::new(
                ProblemKind::Other,
                pair.value_span,
                format!("`{}` is not true or false to TOML", pair.value),
            )
            .fix(
                Safety::Unsafe,
                format!("Write `{yes}`"),
                vec![Edit::replace(pair.value_span, yes.to_string())],
            ),
        ),
        Scalar::Null if !pair.value.is_empty() => Some(
            Problem::new(
                ProblemKind::Other,
                pair.value_span,
                format!(
                    "TOML has no value for nothing, as `{}` is elsewhere",
                    pair.value
                ),
            )
            .help("Leave the key out.")
            .fix(
                Safety::Unsafe,
                "Make the line a comment",
                vec![Edit::insert(line.start, "# ")],
            ),
        ),
        _ => None,
    }
}

/// A number with a zero before it, or a time without its seconds.
fn number(pair: &Pair<'_>) -> Option<Problem> {
    let value = pair.value;
    let problem = |message: String| Problem::new(ProblemKind::Other, pair.value_span, message);
    let name = pair.name;
    if value.len() > 1 && value.starts_with('0') && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(
            problem(format!(
                "the value of `{name}` starts with a zero, which no number of TOML does"
            ))
            .help("Delete the zero if it is a number, or put it in quotes if it is a text."),
        );
    }
    let timed = format!("{value}:00");
    let is_time = value.contains(':') && value.starts_with(|c: char| c.is_ascii_digit());
    (is_time && is_value(&timed)).then(|| {
        problem(format!("the seconds are missing in the time of `{name}`")).fix(
            Safety::Safe,
            "Write the seconds",
            vec![Edit::insert(pair.value_span.end, ":00")],
        )
    })
}
