use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Block, Problem, ProblemKind, Syntax, delimiter, toml};
use crate::source::{Edit, Span, apply};

/// What is wrong with a TOML block that does not parse: one problem for a line.
pub(super) fn explain(text: &str, block: &Block) -> Vec<Problem> {
    let Err(failures) = toml::parse(text, block.content) else {
        return Vec::new();
    };
    let lines: Vec<Span> = delimiter::lines(text, block.content)
        .map(|line| line.span)
        .collect();
    let mut problems: Vec<Problem> = Vec::new();
    let mut last = None;
    for failure in &failures {
        // One mistake makes several of the parser's errors on a line.
        let number = lines
            .partition_point(|line| line.start <= failure.span.start)
            .saturating_sub(1);
        if last == Some(number) {
            continue;
        }
        last = Some(number);
        let line = lines.get(number).copied().unwrap_or(failure.span);
        problems.push(problem(text, block, line, failure));
    }
    problems
}

fn problem(text: &str, block: &Block, line: Span, failure: &toml::Failure) -> Problem {
    let suspect = suspect(text, line).filter(|suspect| {
        suspect
            .fix
            .as_ref()
            .is_some_and(|fix| helps(text, block, line, &fix.edits))
    });
    suspect.unwrap_or_else(|| general(text, line, failure))
}

/// Whether nothing is wrong with the line any more when `edits` are applied.
fn helps(text: &str, block: &Block, line: Span, edits: &[Edit]) -> bool {
    let fixed = apply(text.as_bytes(), edits);
    let grown = fixed.len() as isize - text.len() as isize;
    let Ok(fixed) = String::from_utf8(fixed) else {
        return false;
    };
    let content = Span::new(
        block.content.start,
        block.content.end.saturating_add_signed(grown),
    );
    let line = Span::new(line.start, line.end.saturating_add_signed(grown));
    match toml::parse(&fixed, content) {
        Ok(_) => true,
        Err(failures) => failures
            .iter()
            .all(|failure| failure.span.start < line.start || failure.span.start > line.end),
    }
}

/// What an author may have done to the line.
fn suspect(text: &str, line: Span) -> Option<Problem> {
    let source = line.text(text);
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
                value.to_owned()
            } else {
                double_quoted(Syntax::Toml, value.trim_matches(['\'', '"']))
            };
            Some(
                Problem::new(
                    ProblemKind::Other,
                    span(sign, sign + 1),
                    format!(
                        "`{name}` is followed by a colon; between `+++` lines `=` follows a key"
                    ),
                )
                .fix(
                    Safety::Unsafe,
                    "Write `=`",
                    vec![Edit::replace(
                        span(name_end, value_start + value.len()),
                        format!(" = {written}"),
                    )],
                ),
            )
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
        b'=' => quoting(text, name, value_span),
        _ => None,
    }
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

fn is_value(value: &str) -> bool {
    let line = format!("a = {value}");
    toml::parse(&line, Span::new(0, line.len())).is_ok()
}

fn general(text: &str, line: Span, failure: &toml::Failure) -> Problem {
    let span = if failure.span.is_empty() {
        let next = text
            .get(failure.span.start..)
            .and_then(|rest| rest.chars().next())
            .filter(|c| *c != '\n' && *c != '\r')
            .map_or(0, char::len_utf8);
        if next == 0 {
            line
        } else {
            Span::new(failure.span.start, failure.span.start + next)
        }
    } else {
        failure.span
    };
    if let Some(words) = failure.words {
        return Problem::new(ProblemKind::Other, span, words);
    }
    let message = failure.message.as_str();
    let has = |words: &str| message.contains(words);
    let (kind, words) = if has("duplicate key") {
        (
            ProblemKind::DuplicateKey,
            "this key stands in the table already",
        )
    } else if has("escape") {
        (ProblemKind::InvalidEscape, "this is no escape of TOML")
    } else if has("control") {
        (
            ProblemKind::ControlCharacter,
            "a control character stands here",
        )
    } else if has("string") || has("quote") || has("\"") {
        (
            ProblemKind::UnclosedQuote,
            "a text needs quotes on both sides",
        )
    } else if has("bool") {
        (
            ProblemKind::Other,
            "this is neither `true`, `false`, a number, a date nor a text in quotes",
        )
    } else if has("number") || has("digit") || has("integer") || has("float") {
        (
            ProblemKind::Other,
            "this number is not written as TOML wants it",
        )
    } else if [
        "date", "time", "offset", "month", "day", "hour", "minute", "second",
    ]
    .iter()
    .any(|word| has(word))
    {
        (
            ProblemKind::Other,
            "this date or time is not one that TOML knows",
        )
    } else if has("`=`") || has("equals") {
        (ProblemKind::Other, "`=` is missing after this key")
    } else if has("]") || has("array") {
        (
            ProblemKind::UnclosedBracket,
            "a comma or the closing bracket of the list is missing",
        )
    } else if has("table") {
        (ProblemKind::Other, "this table cannot be opened here")
    } else if has("recurs") || has("depth") {
        (
            ProblemKind::Other,
            "lists and tables are nested deeper than can be read",
        )
    } else {
        (ProblemKind::Other, "TOML cannot be read here")
    };
    Problem::new(kind, span, words)
}
