use super::line::closing_bracket;
use super::most;
use super::scratch::Scratch;
use super::toml_brackets::table_of;
use super::toml_line::suspect;
use super::toml_pair::is_value;
use super::toml_slips::slip;
use crate::finding::Safety;
use crate::frontmatter::{Block, Date, Problem, ProblemKind, delimiter, toml};
use crate::source::{Edit, Span};

/// What is wrong with a TOML block that does not parse, and whether it does with every repair and
/// without the lines that have none.
pub(super) fn explain(text: &str, block: &Block) -> (Vec<Problem>, bool) {
    let mut scratch = Scratch::new(text, block);
    let mut problems: Vec<Problem> = Vec::new();
    let most = most(block.content.len());
    while problems.len() < most {
        let Err(failures) = toml::parse(&scratch.text, scratch.content()) else {
            return (problems, true);
        };
        let Some(failure) = failures.first() else {
            break;
        };
        let (problem, next) = diagnose(&scratch, failure);
        let span = problem.span;
        let problem = scratch.translate(problem);
        if problems.iter().any(|known| known.span == problem.span) {
            break;
        }
        problems.push(problem);
        scratch = match next {
            Some(next) => next,
            None => {
                let here = line_of(&scratch, failure.span.start);
                let there = line_of(&scratch, span.start);
                scratch.blank(here);
                scratch.blank(there);
                scratch
            }
        };
    }
    let all_told = problems.len() >= most;
    (problems, all_told)
}

/// The line that holds `at`.
fn line_of(scratch: &Scratch, at: usize) -> Span {
    delimiter::lines(&scratch.text, scratch.content())
        .map(|line| line.span)
        .take_while(|line| line.start <= at)
        .last()
        .unwrap_or(Span::empty(at))
}

/// How many lines before the parser's place are looked at for an open bracket.
const LOOK_BACK: usize = 30;

/// The problem behind `failure`, and the scratch with its fix where that fix helps.
fn diagnose(scratch: &Scratch, failure: &toml::Failure) -> (Problem, Option<Scratch>) {
    let line = line_of(scratch, failure.span.start);
    let text = &scratch.text;
    let back: Vec<Span> = delimiter::lines(text, scratch.content())
        .map(|line| line.span)
        .take_while(|other| other.start <= line.start)
        .collect();
    let open = back
        .iter()
        .rev()
        .take(LOOK_BACK)
        .filter_map(|line| open_bracket(text, *line));
    let before = Span::new(scratch.content, line.end).text(text);
    let in_string = ["\"\"\"", "'''"]
        .iter()
        .any(|quotes| before.matches(quotes).count() % 2 == 1);
    let (slip, own) = match in_string {
        true => (unclosed_text(scratch, line), None),
        false => (
            slip(text, line, scratch.content(), failure.span),
            suspect(text, line),
        ),
    };
    let tables = back
        .iter()
        .rev()
        .take(LOOK_BACK)
        .filter_map(|line| table_of(text, *line, scratch.content()));
    let mut unfixed = None;
    for problem in slip.into_iter().chain(own).chain(tables).chain(open) {
        let Some(fix) = &problem.fix else {
            unfixed.get_or_insert(problem);
            continue;
        };
        let Some(next) = scratch.with(&fix.edits) else {
            continue;
        };
        let later = match toml::parse(&next.text, next.content()) {
            Ok(_) => true,
            Err(failures) => failures.first().is_some_and(|first| {
                let place = next.original(first.span.start);
                place > scratch.original(line.end)
                    || (problem.kind == ProblemKind::UnclosedBracket
                        && place >= scratch.original(line.start)
                        && first.message != failure.message)
            }),
        };
        if later {
            return (problem, Some(next));
        }
    }
    let problem = match duplicate(scratch, line, failure) {
        Some(problem) => problem,
        None => unfixed.unwrap_or_else(|| general(text, line, failure)),
    };
    (problem, None)
}

/// A text in three quotes that nothing closes: the parser goes on to the end.
fn unclosed_text(scratch: &Scratch, line: Span) -> Option<Problem> {
    let head = Span::new(scratch.content, line.end).text(&scratch.text);
    let (at, quotes) = ["\"\"\"", "'''"]
        .iter()
        .filter(|quotes| head.matches(**quotes).count() % 2 == 1)
        .filter_map(|quotes| head.rfind(quotes).map(|at| (scratch.content + at, *quotes)))
        .max()?;
    let opener = line_of(scratch, at);
    let problem = Problem::new(
        ProblemKind::UnclosedQuote,
        Span::new(at, at + quotes.len()),
        format!("the text that `{quotes}` opens here is never closed"),
    )
    .help(format!("Write `{quotes}` where the text ends."));
    let value = Span::new(at, opener.end).text(&scratch.text).trim_end();
    Some(
        if value.len() > quotes.len() && is_value(&format!("{value}{quotes}")) {
            problem.fix(
                Safety::Unsafe,
                "Close the text at the end of its line",
                vec![Edit::insert(at + value.len(), quotes)],
            )
        } else {
            problem
        },
    )
}

/// A list that is opened on a line and not closed before the next key.
fn open_bracket(text: &str, line: Span) -> Option<Problem> {
    let source = line.text(text);
    let (name, value) = source.split_once('=')?;
    let value_at = line.start + name.len() + 1 + (value.len() - value.trim_start().len());
    let value = value.trim();
    if !value.starts_with(['[', '{']) {
        return None;
    }
    let closers: String = closing_bracket(value).err()?.iter().collect();
    let next = delimiter::line_at(text, line.end)
        .and_then(|_| text.get(line.end..))
        .and_then(|rest| rest.lines().find(|line| !line.trim().is_empty()));
    if next.is_some_and(|next| !next.contains('=') && !next.starts_with(['[', '+'])) {
        return None;
    }
    Some(
        Problem::new(
            ProblemKind::UnclosedBracket,
            Span::new(value_at, value_at + 1),
            format!(
                "the value of `{}` opens a bracket that is never closed",
                name.trim()
            ),
        )
        .fix(
            Safety::Unsafe,
            format!("Close it with `{closers}` at the end of the line"),
            vec![Edit::insert(value_at + value.len(), closers)],
        ),
    )
}

/// A key that stands in its table already, with its first place, and a repair where both lines
/// say the same.
fn duplicate(scratch: &Scratch, line: Span, failure: &toml::Failure) -> Option<Problem> {
    if !failure.message.contains("duplicate key") || failure.span.is_empty() {
        return None;
    }
    let text = &scratch.text;
    let key = failure.span.text(text);
    let lines: Vec<Span> = delimiter::lines(text, Span::new(scratch.content, line.start))
        .map(|line| line.span)
        .collect();
    let is_header = |line: &Span| line.text(text).trim_start().starts_with('[');
    let of_table = lines.iter().rposition(is_header).map_or(0, |at| at + 1);
    let header = is_header(&line);
    let first = match header {
        true => lines
            .iter()
            .find(|first| first.text(text).trim() == line.text(text).trim()),
        false => lines.get(of_table..)?.iter().find(|first| {
            let rest = first.text(text).trim_start().strip_prefix(key);
            rest.is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
        }),
    };
    let same = first.is_some_and(|first| first.text(text).trim() == line.text(text).trim());
    let mut problem = Problem::new(
        ProblemKind::DuplicateKey,
        failure.span,
        match (header, same) {
            (true, _) => format!("the table `{key}` is opened twice"),
            (false, true) => format!("the key `{key}` stands twice, with the same value"),
            (false, false) => format!("the key `{key}` stands twice in its table"),
        },
    );
    if let Some(first) = first {
        problem = problem.label(trimmed(text, *first), "first here");
    }
    if same && !header {
        let end = delimiter::line_at(text, line.start).map_or(line.end, |line| line.next);
        problem = problem.fix(
            Safety::Safe,
            "Delete the second line",
            vec![Edit::delete(Span::new(line.start, end))],
        );
    }
    Some(problem)
}

/// A line without the blanks around it.
fn trimmed(text: &str, line: Span) -> Span {
    let source = line.text(text);
    let start = line.start + source.len() - source.trim_start().len();
    Span::new(start, start + source.trim().len())
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
    let value = line
        .text(text)
        .split_once('=')
        .map_or("", |(_, value)| value.trim());
    if value.starts_with(|c: char| c.is_ascii_digit())
        && value.contains(['-', '/'])
        && let Err(why) = Date::parse(value)
    {
        let start = line.start + line.text(text).rfind(value).unwrap_or(0);
        let span = Span::new(start, start + value.len());
        return Problem::new(
            ProblemKind::Other,
            span,
            format!("`{value}` is not a date: {}", why.reason),
        )
        .help("Write the date as 2022-07-09, or with a time as 2022-07-09T11:10:00+08:00.");
    }
    let numeric = value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    if numeric && value.chars().all(char::is_alphanumeric) && !is_value(value) {
        let start = line.start + line.text(text).rfind(value).unwrap_or(0);
        return Problem::new(
            ProblemKind::Other,
            Span::new(start, start + value.len()),
            "this number is not written as TOML wants it",
        );
    }
    let message = failure.message.as_str();
    let quoted = line.text(text).contains(['"', '\'']);
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
    } else if quoted && (has("string") || has("quote") || has("\"")) {
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
