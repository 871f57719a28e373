//! Habits of other languages in a line of TOML: their quotes, brackets, commas and comments.

use super::line::closing_bracket;
use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::scalar::{self, Dialect, Scalar};
use crate::frontmatter::{Problem, ProblemKind, Syntax, delimiter, toml};
use crate::source::{Edit, Span, line_ending_at};

/// A line `name = value`.
struct Pair<'t> {
    name: &'t str,
    name_span: Span,
    /// Where the first `=` is.
    sign: usize,
    value: &'t str,
    value_span: Span,
}

fn pair(text: &str, line: Span) -> Option<Pair<'_>> {
    let source = line.text(text);
    let (name, rest) = source.split_once('=')?;
    let value = rest.trim();
    let lead = rest.len() - rest.trim_start().len();
    let sign = line.start + name.len();
    let indent = name.len() - name.trim_start().len();
    let start = sign + 1 + lead;
    Some(Pair {
        name: name.trim(),
        name_span: Span::new(line.start + indent, line.start + name.trim_end().len()),
        sign,
        value,
        value_span: Span::new(start, start + value.len()),
    })
}

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

/// A list with words that have no quotes, with another closing bracket, or without its commas.
fn list(pair: &Pair<'_>, failed: Span) -> Option<Problem> {
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
fn table(text: &str, pair: &Pair<'_>, content: Span) -> Option<Problem> {
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
fn hyphens(text: &str, pair: &Pair<'_>, line: Span, content: Span) -> Option<Problem> {
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

/// `[a, b]` of YAML with its words in quotes; `None` for anything else in brackets.
pub(super) fn list_of_words(value: &str) -> Option<String> {
    let inner = value.strip_prefix('[')?.strip_suffix(']')?;
    let items: Option<Vec<String>> = inner
        .split(',')
        .map(str::trim)
        .map(|item| {
            let word = !item.is_empty() && !item.contains(['[', ']', '{', '}', '"', '\'', '#']);
            let plain = is_value(item);
            match (plain, word) {
                (true, _) => Some(item.to_owned()),
                (false, true) => Some(double_quoted(Syntax::Toml, item)),
                (false, false) => None,
            }
        })
        .collect();
    let written = format!("[{}]", items?.join(", "));
    is_value(&written).then_some(written)
}

/// Whether `value` alone is a value of TOML.
pub(super) fn is_value(value: &str) -> bool {
    let line = format!("a = {value}");
    !value.contains('\n') && toml::parse(&line, Span::new(0, line.len())).is_ok()
}
