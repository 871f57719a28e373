//! What an author may have done to a line that TOML cannot read.

use super::line::list_without_brackets;
use super::toml_pair::{is_value, list_of_words};
use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Date, Problem, ProblemKind, Syntax};
use crate::source::{Edit, Span};

/// What an author may have done to the line.
pub(super) fn suspect(text: &str, line: Span) -> Option<Problem> {
    let source = line.text(text);
    let header = source.trim_end();
    let half = header.starts_with("[[")
        && header.ends_with(']')
        && header.matches(']').count() == 1
        && !header.contains(['=', '#', ',', '"', '\'']);
    if half || (header.starts_with('[') && !header.contains([']', '=', '#'])) {
        let closers = if header.starts_with("[[") && !half {
            "]]"
        } else {
            "]"
        };
        return Some(
            Problem::new(
                ProblemKind::UnclosedBracket,
                Span::new(line.start, line.start + header.len()),
                "the name of this table has no closing bracket",
            )
            .fix(
                Safety::Safe,
                "Close the bracket",
                vec![Edit::insert(line.start + header.len(), closers)],
            ),
        );
    }
    let name_end = source
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'')))
        .filter(|at| *at > 0)?;
    let name = source.get(..name_end)?;
    let rest = source.get(name_end..)?;
    let blanks = rest.len() - rest.trim_start().len();
    let sign = name_end + blanks;
    let after = source.get(sign + 1..)?;
    let value_start = sign + 1 + (after.len() - after.trim_start().len());
    let value = source.get(value_start..)?.trim_end();
    let span = |from: usize, to: usize| Span::new(line.start + from, line.start + to);
    let value_span = span(value_start, value_start + value.len());
    match rest.trim_start().as_bytes().first()? {
        b':' => {
            let written = if is_value(value) {
                Some(value.to_owned())
            } else if value.starts_with(['[', '{']) {
                list_of_words(value)
            } else {
                Some(double_quoted(Syntax::Toml, value.trim_matches(['\'', '"'])))
            };
            let problem = Problem::new(
                ProblemKind::Other,
                span(sign, sign + 1),
                format!("`{name}` is followed by a colon; between `+++` lines `=` follows a key"),
            );
            let Some(written) = written else {
                return Some(problem);
            };
            let place = span(name_end, value_start + value.len());
            Some(problem.fix(
                Safety::Unsafe,
                "Write `=`",
                vec![Edit::replace(place, format!(" = {written}"))],
            ))
        }
        b'=' if value.is_empty() => Some(
            Problem::new(
                ProblemKind::Other,
                span(0, name_end),
                format!("`{name}` has no value, and TOML wants one"),
            )
            .fix(
                Safety::Unsafe,
                "Write an empty text",
                vec![Edit::insert(value_span.start, " \"\"")],
            ),
        ),
        b'=' if value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false") => Some(
            Problem::new(
                ProblemKind::Other,
                value_span,
                format!(
                    "TOML writes `{}` in small letters",
                    value.to_ascii_lowercase()
                ),
            )
            .fix(
                Safety::Safe,
                "Write it in small letters",
                vec![Edit::replace(value_span, value.to_ascii_lowercase())],
            ),
        ),
        b'=' if loose_day(value).is_some() => {
            let day = loose_day(value)?;
            Some(
                Problem::new(
                    ProblemKind::Other,
                    value_span,
                    format!("TOML writes this date as {day}"),
                )
                .fix(
                    Safety::Safe,
                    "Write the date in full",
                    vec![Edit::replace(value_span, day.to_string())],
                ),
            )
        }
        b'=' => quoting(text, name, value_span),
        b'"' | b'\'' => {
            let span = span(name_end, sign);
            Some(
                Problem::new(
                    ProblemKind::Other,
                    span,
                    format!("`=` is missing between `{name}` and its value"),
                )
                .fix(Safety::Safe, "Insert `=`", vec![Edit::replace(span, " = ")]),
            )
        }
        _ => None,
    }
}

/// The day that `2022-7-9` or `2022/07/09` means.
fn loose_day(value: &str) -> Option<jiff::civil::Date> {
    let plain = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'/'));
    let date = Date::parse(value).ok()?;
    (plain && value.len() < 11 && value != date.day.to_string()).then_some(date.day)
}

/// A text without quotes, with typographic ones, or without the closing one.
fn quoting(text: &str, name: &str, span: Span) -> Option<Problem> {
    let value = span.text(text);
    let first = value.chars().next()?;
    let typographic = value
        .strip_prefix(['“', '”', '„', '‘', '’', '「'])
        .map(|inner| {
            inner
                .strip_suffix(['“', '”', '‘', '’', '」'])
                .unwrap_or(inner)
        });
    if let Some(inner) = typographic {
        return Some(
            Problem::new(
                ProblemKind::UnbalancedQuote,
                span,
                format!("the value of `{name}` is in typographic quotes, which TOML does not know"),
            )
            .fix(
                Safety::Safe,
                "Write plain quotes",
                vec![Edit::replace(span, double_quoted(Syntax::Toml, inner))],
            ),
        );
    }
    // A text over lines that is never closed: where it should end nobody can tell.
    if value.starts_with("\"\"\"") || value.starts_with("'''") {
        return None;
    }
    if let Some(items) = list_without_brackets(value) {
        return Some(
            Problem::new(
                ProblemKind::Other,
                span,
                format!("the value of `{name}` is a list, and TOML wants it in brackets"),
            )
            .fix(
                Safety::Unsafe,
                "Write it in brackets",
                vec![Edit::replace(span, format!("[{}]", items.join(", ")))],
            ),
        );
    }
    if matches!(first, '"' | '\'') {
        let closes = value.len() > 1 && value.ends_with(first);
        let inner = value.get(1..value.len() - usize::from(closes))?;
        if closes && inner.contains(first) {
            return Some(
                Problem::new(
                    ProblemKind::UnbalancedQuote,
                    span,
                    format!("the value of `{name}` has a quote inside, and TOML takes it for the closing one"),
                )
                .fix(
                    Safety::Unsafe,
                    "Escape the quotes inside",
                    vec![Edit::replace(span, double_quoted(Syntax::Toml, inner))],
                ),
            );
        }
        if !closes {
            return Some(
                Problem::new(
                    ProblemKind::UnclosedQuote,
                    Span::new(span.start, span.start + 1),
                    format!("the value of `{name}` starts with a quote that is never closed"),
                )
                .fix(
                    Safety::Unsafe,
                    "Close the quote at the end of the line",
                    vec![Edit::insert(span.end, first.to_string())],
                ),
            );
        }
        if first == '"' {
            let escaped = inner.replace('\\', "\\\\");
            return Some(
                Problem::new(
                    ProblemKind::InvalidEscape,
                    span,
                    format!("the value of `{name}` has a backslash that starts no escape"),
                )
                .fix(
                    if inner.contains("\\\\") {
                        Safety::Unsafe
                    } else {
                        Safety::Safe
                    },
                    "Double the backslash",
                    vec![Edit::replace(span, format!("\"{escaped}\""))],
                ),
            );
        }
        return None;
    }
    if matches!(first, '[' | '{') {
        return None;
    }
    let is_text = first.is_alphabetic() && !value.contains('#');
    if let Some(inner) = value.strip_suffix(['"', '\''])
        && is_text
        && !inner.contains(['"', '\''])
    {
        return Some(
            Problem::new(
                ProblemKind::UnclosedQuote,
                span,
                format!("the value of `{name}` has a closing quote and no opening one"),
            )
            .fix(
                Safety::Unsafe,
                "Open the quote before the value",
                vec![Edit::replace(span, double_quoted(Syntax::Toml, inner))],
            ),
        );
    }
    let almost = |word: &str| {
        let close = strsim::osa_distance(&value.to_ascii_lowercase(), word) <= 1;
        (value.len() < word.len() + 2 && close).then(|| {
            Problem::new(
                ProblemKind::Other,
                span,
                format!("`{value}` is neither true nor false nor a text in quotes to TOML"),
            )
            .help(format!("Write `{word}` if it is meant."))
        })
    };
    if let Some(problem) = almost("true").or_else(|| almost("false")) {
        return Some(problem);
    }
    is_text.then(|| {
        Problem::new(
            ProblemKind::Other,
            span,
            format!("the value of `{name}` is a text, and TOML wants it in quotes"),
        )
        .fix(
            Safety::Safe,
            "Put the value in quotes",
            vec![Edit::replace(span, double_quoted(Syntax::Toml, value))],
        )
    })
}
