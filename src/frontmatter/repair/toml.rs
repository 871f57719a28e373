use crate::frontmatter::{Block, Problem, ProblemKind, toml};
use crate::source::Span;

/// What is wrong with a TOML block that does not parse.
pub(super) fn explain(text: &str, block: &Block) -> Vec<Problem> {
    let Err(failures) = toml::parse(text, block.content) else {
        return Vec::new();
    };
    let line_of = |at: usize| text.get(..at).unwrap_or("").matches('\n').count();
    let mut problems: Vec<Problem> = Vec::new();
    let mut last = None;
    for failure in failures {
        // One mistake makes several of the parser's errors on a line.
        let line = line_of(failure.span.start);
        if last == Some(line) {
            continue;
        }
        last = Some(line);
        problems.push(problem(text, &failure));
    }
    problems
}

fn problem(text: &str, failure: &toml::Failure) -> Problem {
    let span = if failure.span.is_empty() {
        let next = text
            .get(failure.span.start..)
            .and_then(|rest| rest.chars().next())
            .filter(|c| *c != '\n' && *c != '\r')
            .map_or(0, char::len_utf8);
        Span::new(failure.span.start, failure.span.start + next)
    } else {
        failure.span
    };
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
    } else if has("string") || has("quote") {
        (
            ProblemKind::Other,
            "a text needs a closing quote, and quotes around it",
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
    } else if has("date")
        || has("time")
        || has("offset")
        || has("month")
        || has("day")
        || has("hour")
        || has("minute")
        || has("second")
    {
        (
            ProblemKind::Other,
            "this date or time is not one that TOML knows",
        )
    } else if has("`=`") || has("equals") {
        (ProblemKind::Other, "`=` is missing after this key")
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
