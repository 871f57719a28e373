//! What an author may have done to a list or table in a line of TOML.

use super::line::closing_bracket;
use super::toml_pair::{Pair, is_value, list_of_words, pair};
use crate::finding::Safety;
use crate::frontmatter::{Problem, ProblemKind, delimiter};
use crate::source::{Edit, Span};

/// A list with words that have no quotes, with another closing bracket, or without its commas.
pub(super) fn list(pair: &Pair<'_>, failed: Span) -> Option<Problem> {
    if !pair.value.starts_with('[') {
        return None;
    }
    let name = pair.name;
    let last = pair.value.chars().next_back()?;
    let last_span = Span::new(pair.value_span.end - last.len_utf8(), pair.value_span.end);
    let head = pair.value.get(..pair.value.len() - last.len_utf8())?;
    if matches!(last, ')' | '}' | '>' | '］' | '】') {
        let closed = format!("{head}]");
        return is_value(&closed).then(|| {
            Problem::new(
                ProblemKind::UnclosedBracket,
                last_span,
                format!("the list of `{name}` is closed with `{last}` in place of `]`"),
            )
            .fix(
                Safety::Unsafe,
                "Write `]`",
                vec![Edit::replace(last_span, "]")],
            )
        });
    }
    let words = |value: &str| list_of_words(value).filter(|_| !is_value(value));
    if let Some(written) = words(pair.value) {
        return Some(
            Problem::new(
                ProblemKind::Other,
                pair.value_span,
                format!("the list of `{name}` holds texts, and TOML wants them in quotes"),
            )
            .fix(
                Safety::Safe,
                "Put the texts in quotes",
                vec![Edit::replace(pair.value_span, written)],
            ),
        );
    }
    if last != ']' {
        if let Some(written) = words(&format!("{}]", pair.value)) {
            return Some(
                Problem::new(
                    ProblemKind::UnclosedBracket,
                    Span::new(pair.value_span.start, pair.value_span.start + 1),
                    format!("the list of `{name}` is never closed, and its texts have no quotes"),
                )
                .fix(
                    Safety::Unsafe,
                    "Close it and put the texts in quotes",
                    vec![Edit::replace(pair.value_span, written)],
                ),
            );
        }
        return None;
    }
    // Where the parser stopped, something else than a comma parts two items.
    let at = failed.start.checked_sub(pair.value_span.start)?;
    let (before, after) = (pair.value.get(..at)?, pair.value.get(at..)?);
    let c = after.chars().next()?;
    let trimmed = pair.value_span.start + before.trim_end().len();
    let (span, what) = if c.is_alphanumeric() || matches!(c, '"' | '\'' | '[' | '{') {
        (
            Span::empty(trimmed),
            format!("a comma is missing between two items of `{name}`"),
        )
    } else {
        (
            Span::new(failed.start, failed.start + c.len_utf8()),
            format!("`{c}` stands between two items of `{name}`, where TOML wants a comma"),
        )
    };
    let repaired = format!(
        "{},{}",
        pair.value.get(..span.start - pair.value_span.start)?,
        pair.value.get(span.end - pair.value_span.start..)?
    );
    is_value(&repaired).then(|| {
        let shown = if span.is_empty() {
            Span::new(failed.start, failed.start + c.len_utf8())
        } else {
            span
        };
        Problem::new(ProblemKind::Other, shown, what).fix(
            Safety::Safe,
            "Write a comma",
            vec![Edit::replace(span, ",")],
        )
    })
}

/// The same for the inline table that the line opens, if it opens one.
pub(super) fn table_of(text: &str, line: Span, content: Span) -> Option<Problem> {
    table(text, &pair(text, line)?, content)
}

/// An inline table over lines, with a comma too many, or with the colons of JSON.
pub(super) fn table(text: &str, pair: &Pair<'_>, content: Span) -> Option<Problem> {
    if !pair.value.starts_with('{') {
        return None;
    }
    let name = pair.name;
    let rest = text.get(pair.value_span.start..content.end)?;
    let length = closing_bracket(rest).ok()?;
    let whole = Span::new(pair.value_span.start, pair.value_span.start + length);
    let source = whole.text(text);
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let joined = lines.join(" ");
    let inner = joined.strip_suffix('}')?.trim_end();
    let tidy = match inner.strip_suffix(',') {
        Some(inner) => format!("{}}}", inner.trim_end()),
        None => joined.clone(),
    };
    let problem = |at: Span, message: String| Problem::new(ProblemKind::Other, at, message);
    if lines.len() > 1 && !source.contains('#') && is_value(&tidy) {
        return Some(
            problem(
                Span::new(whole.start, whole.start + 1),
                format!(
                    "the inline table of `{name}` goes over lines, and TOML 1.0 wants it on one"
                ),
            )
            .fix(
                Safety::Safe,
                "Write it on one line",
                vec![Edit::replace(whole, tidy)],
            ),
        );
    }
    // Its lines are its pairs, and the commas between them are missing.
    let mut parted = String::new();
    for line in &lines {
        if !parted.is_empty() && !parted.ends_with(['{', '[', ',']) && !line.starts_with(['}', ']'])
        {
            parted.push(',');
        }
        if !parted.is_empty() {
            parted.push(' ');
        }
        parted.push_str(line);
    }
    if lines.len() > 1 && !source.contains('#') && is_value(&parted) {
        return Some(
            problem(
                Span::new(whole.start, whole.start + 1),
                format!("the pairs of the inline table of `{name}` have no commas between them"),
            )
            .fix(
                Safety::Unsafe,
                "Write it on one line with commas",
                vec![Edit::replace(whole, parted)],
            ),
        );
    }
    if tidy != joined && is_value(&tidy) {
        let comma = whole.start + source.rfind(',')?;
        return Some(
            problem(
                Span::new(comma, comma + 1),
                format!(
                    "a comma follows the last pair of `{name}`, and TOML 1.0 allows none there"
                ),
            )
            .fix(
                Safety::Safe,
                "Delete the comma",
                vec![Edit::delete(Span::new(comma, comma + 1))],
            ),
        );
    }
    let colons: Vec<usize> = source
        .match_indices(':')
        .map(|(at, _)| at)
        .filter(|at| {
            source
                .get(..*at)
                .is_some_and(|head| head.trim_end().ends_with(['"', '\'']))
        })
        .collect();
    let mut written = source.to_owned();
    for at in colons.iter().rev() {
        written.replace_range(*at..*at + 1, " =");
    }
    let first = whole.start + colons.first()?;
    is_value(&written).then(|| {
        problem(
            Span::new(first, first + 1),
            format!("the keys of `{name}` are followed by colons; TOML wants `=`"),
        )
        .fix(
            Safety::Safe,
            "Write `=`",
            vec![Edit::replace(whole, written)],
        )
    })
}

/// A list of YAML under a key without a value.
pub(super) fn hyphens(text: &str, pair: &Pair<'_>, line: Span, content: Span) -> Option<Problem> {
    if !pair.value.is_empty() {
        return None;
    }
    let next = delimiter::line_at(text, line.start)?.next;
    let mut items = Vec::new();
    let mut end = line.end;
    for line in delimiter::lines(text, Span::new(next, content.end)) {
        let Some(item) = line.span.text(text).trim().strip_prefix("- ") else {
            break;
        };
        items.push(item.trim());
        end = line.span.end;
    }
    let written = list_of_words(&format!("[{}]", items.join(", ")))?;
    (!items.is_empty()).then(|| {
        Problem::new(
            ProblemKind::Other,
            Span::new(next, end),
            format!(
                "the list of `{}` is written with hyphens; TOML wants brackets",
                pair.name
            ),
        )
        .fix(
            Safety::Unsafe,
            "Write the list in brackets",
            vec![Edit::replace(
                Span::new(pair.sign, end),
                format!("= {written}"),
            )],
        )
    })
}
