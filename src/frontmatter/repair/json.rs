use jsonc_parser::errors::ParseErrorKind;

use super::scratch::Scratch;
use super::{json_slips, most};
use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Block, Problem, ProblemKind, Syntax, json};
use crate::source::{Edit, Span};

/// What is wrong with a JSON block that does not parse, and whether it does with every repair.
/// `unclosed` says that its missing brace is reported already.
pub(super) fn explain(text: &str, block: &Block, unclosed: bool) -> (Vec<Problem>, bool) {
    let mut scratch = Scratch::new(text, block);
    let mut problems: Vec<Problem> = Vec::new();
    let most = most(block.content.len());
    while problems.len() < most {
        let Err(failure) = json::parse(&scratch.text, scratch.content()) else {
            return (problems, true);
        };
        if let Some((problem, next)) = quotes(&scratch, &failure) {
            problems.push(scratch.translate(problem));
            scratch = next;
            continue;
        }
        let Some(problem) = problem(&scratch, &failure, unclosed) else {
            break;
        };
        let next = problem
            .fix
            .as_ref()
            .and_then(|fix| scratch.with(&fix.edits))
            .filter(|next| match json::parse(&next.text, next.content()) {
                Ok(_) => true,
                Err(later) => {
                    next.original(later.span.start) > scratch.original(failure.span.start)
                        || kind_of(&later) != kind_of(&failure)
                }
            });
        let mut problem = scratch.translate(problem);
        if problems.iter().any(|known| known.span == problem.span) {
            break;
        }
        if next.is_none() {
            problem.fix = None;
        }
        problems.push(problem);
        match next {
            Some(next) => scratch = next,
            None => break,
        }
    }
    let all_told = problems.len() >= most;
    if !all_told {
        problems = first_of_lines(text, problems);
    }
    (problems, all_told)
}

/// The first problem of each line: what comes after a mistake that no repair mends is guessed.
fn first_of_lines(text: &str, problems: Vec<Problem>) -> Vec<Problem> {
    let line_of = |at: usize| {
        let before = text.get(..at).unwrap_or("");
        before.rfind('\n').map_or(0, |eol| eol + 1)
    };
    let mut kept: Vec<Problem> = Vec::new();
    for problem in problems {
        let line = line_of(problem.span.start);
        if kept.iter().any(|other| line_of(other.span.start) == line) {
            continue;
        }
        let unpaired = json_slips::unpaired(text, line);
        kept.push(match unpaired {
            Some(unpaired) if problem.fix.is_none() || problem.kind == ProblemKind::Other => {
                unpaired
            }
            _ => problem,
        });
    }
    kept
}

/// A quote of the line that is missing or stands inside a text, with the scratch in which it is
/// repaired: only where the whole line can be read then.
fn quotes(scratch: &Scratch, failure: &json::Failure) -> Option<(Problem, Scratch)> {
    failure.error.as_ref()?;
    let text = scratch.text.as_str();
    let at = failure.span.start.clamp(scratch.content, scratch.block.end);
    let line_end = text
        .get(at..)
        .and_then(|rest| rest.find('\n'))
        .map_or(scratch.block.end, |eol| at + eol);
    json_slips::quotes(text, scratch.content, at)
        .into_iter()
        .find_map(|problem| {
            let next = scratch.with(&problem.fix.as_ref()?.edits)?;
            let reads = match json::parse(&next.text, next.content()) {
                Ok(_) => true,
                Err(later) => {
                    next.original(later.span.start) > scratch.original(line_end)
                        && line_end < scratch.block.end
                }
            };
            reads.then_some((problem, next))
        })
}

fn kind_of(failure: &json::Failure) -> Option<std::mem::Discriminant<ParseErrorKind>> {
    failure
        .error
        .as_ref()
        .map(|error| std::mem::discriminant(error.kind()))
}

fn problem(scratch: &Scratch, failure: &json::Failure, unclosed: bool) -> Option<Problem> {
    let text = scratch.text.as_str();
    let span = shown(text, failure.span);
    let plain = |words: &str| Problem::new(ProblemKind::Other, span, words);
    let word = || {
        let rest = text.get(span.start..).unwrap_or("");
        let length = rest
            .find([',', '}', ']', '\n', '\r', ':'])
            .unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or("").trim_end();
        Span::new(span.start, span.start + word.len())
    };
    let Some(error) = &failure.error else {
        return Some(in_text(text, span));
    };
    if let Some(problem) = json_slips::swallowed(text, span) {
        return Some(problem);
    }
    Some(match error.kind() {
        ParseErrorKind::TrailingCommasNotAllowed => plain(
            "a comma follows the last member, which JSON does not allow",
        )
        .fix(Safety::Safe, "Delete the comma", comma(text, span)),
        ParseErrorKind::CommentsNotAllowed => plain("JSON has no comments").fix(
            Safety::Unsafe,
            "Delete the comment",
            vec![Edit::delete(comment(text, span))],
        ),
        ParseErrorKind::ExpectedComma if json_slips::leading_zero(text, span).is_some() => {
            json_slips::leading_zero(text, span)?
        }
        ParseErrorKind::ExpectedComma
            if !span
                .text(text)
                .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '"' | '[' | '{')) =>
        {
            plain("a comma or the closing bracket is missing before this")
        }
        ParseErrorKind::ExpectedComma => {
            let before = text.get(..span.start).unwrap_or("").trim_end().len();
            plain("a comma is missing before this").fix(
                Safety::Safe,
                "Insert the comma",
                vec![Edit::insert(before, ",")],
            )
        }
        ParseErrorKind::ExpectedColonAfterObjectKey
            if span.text(text).starts_with(['}', ']', ',']) =>
        {
            plain("the key before this has no value")
        }
        ParseErrorKind::ExpectedColonAfterObjectKey => {
            let before = text.get(..span.start).unwrap_or("").trim_end().len();
            plain("a colon is missing before this").fix(
                Safety::Safe,
                "Insert the colon",
                vec![Edit::insert(before, ":")],
            )
        }
        ParseErrorKind::ExpectedObjectValue => plain("a value is missing after the colon"),
        ParseErrorKind::ExpectedStringObjectProperty => {
            let word = word();
            Problem::new(ProblemKind::Other, word, "keys need double quotes in JSON").fix(
                Safety::Safe,
                "Put the key in quotes",
                vec![Edit::replace(
                    word,
                    double_quoted(Syntax::Json, word.text(text)),
                )],
            )
        }
        ParseErrorKind::SingleQuotedStringsNotAllowed => {
            let rest = text.get(span.start + 1..).unwrap_or("");
            let inner = rest.split('\'').next().unwrap_or("");
            let whole = Span::new(span.start, span.start + inner.len() + 2);
            let fitting = inner.len() < rest.len() && !inner.contains(['\n', '\\', '"']);
            let problem = |at| {
                Problem::new(
                    ProblemKind::Other,
                    at,
                    "JSON wants double quotes, not single ones",
                )
            };
            if fitting {
                problem(whole).fix(
                    Safety::Safe,
                    "Write double quotes",
                    vec![Edit::replace(whole, double_quoted(Syntax::Json, inner))],
                )
            } else {
                problem(span)
            }
        }
        ParseErrorKind::UnexpectedWord
        | ParseErrorKind::UnexpectedToken
        | ParseErrorKind::UnexpectedTokenInObject
            if json_slips::foreign(text, span).is_some() =>
        {
            json_slips::foreign(text, span)?
        }
        ParseErrorKind::UnexpectedComma | ParseErrorKind::UnexpectedTokenInObject
            if span.text(text).starts_with(',') =>
        {
            plain("a comma stands here after another").fix(
                Safety::Safe,
                "Delete the comma",
                comma(text, span),
            )
        }
        ParseErrorKind::UnaryPlusNumbersNotAllowed
            if !text
                .get(span.start + 1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.')) =>
        {
            plain("a comma or the closing bracket is missing before this")
        }
        ParseErrorKind::UnaryPlusNumbersNotAllowed => {
            let sign = Span::new(span.start, span.start + 1);
            Problem::new(
                ProblemKind::Other,
                sign,
                "JSON writes numbers without a plus",
            )
            .fix(Safety::Safe, "Delete the plus", vec![Edit::delete(sign)])
        }
        ParseErrorKind::MultipleRootJsonValues if span.text(text).starts_with([']', '}']) => {
            Problem::new(
                ProblemKind::UnclosedBracket,
                span,
                "a closing bracket too many stands here",
            )
            .fix(Safety::Safe, "Delete the bracket", vec![Edit::delete(span)])
        }
        ParseErrorKind::UnexpectedWord | ParseErrorKind::UnexpectedToken => {
            let word = word();
            let lower = word.text(text).to_ascii_lowercase();
            let problem = Problem::new(
                ProblemKind::Other,
                word,
                "this is neither a number, `true`, `false`, `null` nor a text in double quotes",
            );
            if matches!(lower.as_str(), "true" | "false" | "null") {
                problem.fix(
                    Safety::Safe,
                    "Write it in small letters",
                    vec![Edit::replace(word, lower)],
                )
            } else if word.text(text).starts_with(char::is_alphabetic) {
                problem.fix(
                    Safety::Unsafe,
                    "Put the value in quotes",
                    vec![Edit::replace(
                        word,
                        double_quoted(Syntax::Json, word.text(text)),
                    )],
                )
            } else {
                problem
            }
        }
        ParseErrorKind::UnterminatedArray | ParseErrorKind::UnterminatedObject if unclosed => {
            return None;
        }
        ParseErrorKind::UnterminatedArray => Problem::new(
            ProblemKind::UnclosedBracket,
            span,
            "this `[` is never closed",
        ),
        ParseErrorKind::UnterminatedObject => Problem::new(
            ProblemKind::UnclosedBracket,
            span,
            "this `{` is never closed",
        ),
        ParseErrorKind::String(_) => {
            json_slips::escape(text, span).unwrap_or_else(|| string(text, span))
        }
        ParseErrorKind::UnexpectedCloseBrace | ParseErrorKind::UnexpectedCloseBracket => {
            let head = text.get(scratch.content..span.start).unwrap_or("");
            let open = json_slips::open_bracket(head);
            let problem = |words: &str| Problem::new(ProblemKind::UnclosedBracket, span, words);
            match open {
                _ if head.trim_end().ends_with(':') => Problem::new(
                    ProblemKind::Other,
                    span,
                    "a value is missing after the colon",
                ),
                Some(open) if !span.text(text).starts_with(open) => {
                    problem("another bracket has to be closed before this one").fix(
                        Safety::Unsafe,
                        format!("Insert `{open}`"),
                        vec![Edit::insert(
                            scratch.content + head.trim_end().len(),
                            open.to_string(),
                        )],
                    )
                }
                _ => problem("this bracket closes nothing"),
            }
        }
        ParseErrorKind::NestingDepthExceeded => {
            plain("lists and objects are nested deeper than can be read")
        }
        ParseErrorKind::HexadecimalNumbersNotAllowed
        | ParseErrorKind::BareDecimalPointNumbersNotAllowed
        | ParseErrorKind::NonFiniteNumbersNotAllowed
        | ParseErrorKind::ExpectedDigit
        | ParseErrorKind::ExpectedDigitFollowingNegativeSign
        | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral => {
            plain("this number is not written as JSON wants it")
        }
        _ => plain("JSON cannot be read here"),
    })
}

/// The span, or the character after it where it is empty.
fn shown(text: &str, span: Span) -> Span {
    if !span.is_empty() {
        return span;
    }
    let rest = text.get(span.start..).unwrap_or("");
    let blanks = rest.len() - rest.trim_start().len();
    let start = span.start + blanks;
    let next = rest.trim_start().chars().next().map_or(0, char::len_utf8);
    if next == 0 {
        span
    } else {
        Span::new(start, start + next)
    }
}

/// A line end or another control character within quotes.
fn in_text(text: &str, span: Span) -> Problem {
    let line_start = text
        .get(..span.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |eol| eol + 1);
    let line = text
        .get(line_start..span.start)
        .unwrap_or("")
        .trim_end_matches('\r');
    if span.text(text) != "\t" && !span.text(text).starts_with(['\n', '\r']) {
        let code = span.text(text).chars().next().map_or(0, u32::from);
        return Problem::new(
            ProblemKind::ControlCharacter,
            span,
            format!("the control character U+{code:04X} stands in a text"),
        )
        .fix(
            Safety::Unsafe,
            "Delete the control character",
            vec![Edit::delete(span)],
        );
    }
    if !span.text(text).starts_with(['\n', '\r']) {
        return Problem::new(
            ProblemKind::ControlCharacter,
            span,
            "a tab stands in a text, where JSON wants `\\t`",
        )
        .fix(
            Safety::Safe,
            "Write the escape",
            vec![Edit::replace(span, json_slips::escaped(span.text(text)))],
        );
    }
    if let Some(problem) = json_slips::broken_line(text, span) {
        return problem;
    }
    let opener = line_start + line.rfind('"').unwrap_or(0);
    let content = line.trim_end();
    let end = line_start + content.strip_suffix(',').unwrap_or(content).len();
    Problem::new(
        ProblemKind::UnclosedQuote,
        Span::new(opener, opener + 1),
        "this text has no closing quote on its line",
    )
    .fix(
        Safety::Unsafe,
        "Close the quote at the end of the line",
        vec![Edit::insert(end, "\"")],
    )
}

/// A text without its closing quote, or with an escape that JSON does not know.
fn string(text: &str, span: Span) -> Problem {
    let rest = text.get(span.start..).unwrap_or("");
    let start = span.start + rest.find('"').unwrap_or(0);
    let line = text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or("");
    let closes = line.get(1..).is_some_and(|rest| rest.contains('"'));
    if closes {
        return Problem::new(
            ProblemKind::InvalidEscape,
            Span::new(start, start + line.len()),
            "this text has an escape, or a character, that JSON does not know",
        );
    }
    let content = line.trim_end();
    let end = start + content.strip_suffix(',').unwrap_or(content).len();
    Problem::new(
        ProblemKind::UnclosedQuote,
        Span::new(start, start + 1),
        "this text has no closing quote",
    )
    .fix(
        Safety::Unsafe,
        "Close the quote at the end of the line",
        vec![Edit::insert(end, "\"")],
    )
}

/// The comment that starts at or after the start of `span`, with the blanks before it.
fn comment(text: &str, span: Span) -> Span {
    let rest = text.get(span.start..).unwrap_or("");
    let start = span.start + rest.find('/').unwrap_or(0);
    let body = text.get(start..).unwrap_or("");
    let length = if body.starts_with("/*") {
        body.find("*/").map_or(body.len(), |at| at + 2)
    } else {
        body.find(['\r', '\n']).unwrap_or(body.len())
    };
    Span::new(start, start + length)
}

/// The comma at or before the start of `span`.
fn comma(text: &str, span: Span) -> Vec<Edit> {
    let at = match text
        .get(span.start..)
        .is_some_and(|rest| rest.starts_with(','))
    {
        true => Some(span.start),
        false => text.get(..span.start).and_then(|before| before.rfind(',')),
    };
    at.map(|at| Edit::delete(Span::new(at, at + 1)))
        .into_iter()
        .collect()
}
