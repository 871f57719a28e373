use granit_parser::ErrorKind;

use super::most;
use super::scratch::Scratch;
use super::yaml_lines::{self, Suspect};
use crate::frontmatter::yaml::{self, Failure};
use crate::frontmatter::{Block, Problem, ProblemKind};
use crate::source::{Edit, Span};

/// What YAML allows for a key on one line.
const LONGEST_KEY: usize = 1024;

fn parse(scratch: &Scratch) -> Option<Failure> {
    yaml::parse(&scratch.text, scratch.block).err()
}

/// What is wrong with a YAML block that does not parse, and whether it does with every repair and
/// without the entries that have none.
pub(super) fn explain(text: &str, block: &Block) -> (Vec<Problem>, bool) {
    let mut scratch = Scratch::new(text, block);
    let mut problems: Vec<Problem> = Vec::new();
    let most = most(block.content.len());
    while problems.len() < most {
        let Some(failure) = parse(&scratch) else {
            return (problems, true);
        };
        let known = |problem: &Problem| problems.iter().any(|other| other.span == problem.span);
        let (problem, next) = diagnose(&scratch, &failure);
        let problem = scratch.translate(problem);
        if known(&problem) {
            break;
        }
        problems.push(problem);
        match next {
            Some(next) => {
                scratch = match colons(&next) {
                    Some((others, repaired)) => {
                        problems.extend(others);
                        repaired
                    }
                    None => next,
                };
            }
            None => {
                let entry = yaml_lines::entry_around(&scratch.text, scratch.content(), failure.at);
                let last = problems.last().map_or(0, |problem| problem.span.start);
                let culprit = yaml_lines::entry_around(
                    &scratch.text,
                    scratch.content(),
                    last.clamp(scratch.content, scratch.block.end),
                );
                scratch.blank(culprit.join(entry));
                // Only what comes later is news.
                if parse(&scratch).is_some_and(|f| f.at <= failure.at) {
                    break;
                }
            }
        }
    }
    let all_told = problems.len() >= most;
    (problems, all_told)
}

/// The other colons without quotes, if with all of them repaired the block can be read: one
/// reading for all, where a long block would otherwise be read again for each.
fn colons(scratch: &Scratch) -> Option<(Vec<Problem>, Scratch)> {
    let content = scratch.content();
    let others: Vec<Problem> = yaml_lines::colons(&scratch.text, content);
    let edits: Vec<Edit> = others
        .iter()
        .filter_map(|problem| problem.fix.as_ref())
        .flat_map(|fix| fix.edits.iter().cloned())
        .collect();
    if others.len() < 2 {
        return None;
    }
    let repaired = scratch.with(&edits)?;
    let document = yaml::parse(&repaired.text, repaired.block).ok()?;
    // A line within a longer text looks the same, and is no key.
    let values: Vec<usize> = document
        .root
        .entries()
        .iter()
        .map(|entry| repaired.original(entry.value.span.start))
        .collect();
    let are_values = edits.iter().all(|edit| {
        values
            .binary_search(&scratch.original(edit.span.start))
            .is_ok()
    });
    are_values.then(|| {
        let others = others.into_iter().map(|problem| scratch.translate(problem));
        (others.collect(), repaired)
    })
}

/// The problem behind `failure`, and the scratch with its fix where that fix helps.
fn diagnose(scratch: &Scratch, failure: &Failure) -> (Problem, Option<Scratch>) {
    let suspects = yaml_lines::suspects(
        &scratch.text,
        scratch.content(),
        failure.at,
        failure.error.kind(),
    );
    let mut unfixed: Option<Problem> = None;
    // A bracket that is open explains much, even where closing it does not help.
    let mut opened: Option<Problem> = None;
    for Suspect { problem, certain } in suspects {
        match &problem.fix {
            Some(fix) => {
                if let Some(next) = scratch
                    .with(&fix.edits)
                    .filter(|next| helps(scratch, next, failure, &problem))
                {
                    return (problem, Some(next));
                }
                let mut problem = problem;
                problem.fix = None;
                if certain {
                    unfixed.get_or_insert(problem);
                } else if is_open(&problem) {
                    opened.get_or_insert(problem);
                }
            }
            None if certain => {
                unfixed.get_or_insert(problem);
            }
            None if is_open(&problem) => {
                opened.get_or_insert(problem);
            }
            None => {}
        }
    }
    let problem = unfixed
        .or(opened)
        .unwrap_or_else(|| general(scratch, failure));
    (problem, None)
}

/// Whether a bracket, or a quote between brackets, is left open.
fn is_open(problem: &Problem) -> bool {
    problem.kind == ProblemKind::UnclosedBracket
        || (problem.kind == ProblemKind::UnclosedQuote && problem.help.is_some())
}

/// Whether the first mistake of `next` comes later than that of `scratch`.
fn helps(scratch: &Scratch, next: &Scratch, failure: &Failure, problem: &Problem) -> bool {
    match parse(next) {
        None => true,
        Some(later) => {
            let place = next.original(later.at);
            let line_end = |at: usize| {
                scratch
                    .text
                    .get(at..)
                    .and_then(|rest| rest.find('\n'))
                    .map_or(scratch.block.end, |eol| at + eol)
            };
            let culprit = scratch.original(line_end(problem.span.end.min(scratch.block.end)));
            place > scratch.original(failure.at) && place > culprit
        }
    }
}

/// Words for what no suspect explains.
fn general(scratch: &Scratch, failure: &Failure) -> Problem {
    let text = &scratch.text;
    let line = yaml_lines::line_around(text, scratch.content(), failure.at);
    let trimmed = line.text(text).trim();
    let start = line.start + line.text(text).len() - line.text(text).trim_start().len();
    let rest = Span::new(failure.at.clamp(start, line.end), line.end);
    let span = if rest.is_empty() {
        Span::new(start, start + trimmed.len())
    } else {
        rest
    };
    let other = |message: &str| Problem::new(ProblemKind::Other, span, message);
    match failure.error.kind() {
        ErrorKind::UnknownAnchor => Problem::new(
            ProblemKind::ReservedCharacter,
            span,
            "`*` at the start of a value refers to an anchor, and there is none of this name",
        )
        .help("Put the value in quotes if it is text."),
        ErrorKind::UnclosedFlowCollection { open } => Problem::new(
            ProblemKind::UnclosedBracket,
            span,
            format!("`{open}` is opened here and never closed"),
        ),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => Problem::new(
            ProblemKind::UnclosedBracket,
            span,
            format!("`{close}` stands where `{open}` should be closed"),
        ),
        ErrorKind::MisplacedFlowCollectionEnd => Problem::new(
            ProblemKind::UnclosedBracket,
            span,
            "this bracket closes nothing",
        ),
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            Problem::new(
                ProblemKind::UnclosedQuote,
                span,
                "a quote is opened here and never closed",
            )
        }
        ErrorKind::RecursionLimitExceeded => {
            other("lists and mappings are nested deeper than can be read")
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            control(span, *character, failure.at)
        }
        ErrorKind::UnexpectedCharacter { character } => Problem::new(
            ProblemKind::ReservedCharacter,
            span,
            format!("no value can start with `{character}` unless it is in quotes"),
        ),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => Problem::new(
            ProblemKind::TabIndentation,
            span,
            "a tab stands where YAML wants blanks",
        ),
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::ExpectedBlockMappingKey => Problem::new(
            ProblemKind::Indentation,
            span,
            "this line is indented like nothing before it",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => Problem::new(
            ProblemKind::MissingColon,
            span,
            "this line is no `key: value` and belongs to no value",
        ),
        ErrorKind::MappingValueNotAllowed if failure.at.saturating_sub(start) > LONGEST_KEY => {
            Problem::new(
                ProblemKind::Other,
                Span::new(start, failure.at),
                format!("a key may have {LONGEST_KEY} characters at most, and this one has more"),
            )
            .help("Shorten the key, or put the line in quotes if it is a text.")
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => {
            Problem::new(ProblemKind::Indentation, span, "a key cannot stand here")
        }
        ErrorKind::ExpectedBlockSequenceEntry => Problem::new(
            ProblemKind::Indentation,
            span,
            "a list stands before this line, and the line is no item of it",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed => Problem::new(
            ProblemKind::Indentation,
            span,
            "a list item cannot stand here",
        ),
        ErrorKind::CommentInterceptedScalar | ErrorKind::CommentNotSeparated => {
            other("a comment needs a blank before its `#`, and cannot stand within a value")
        }
        ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator => {
            other("a comma or the closing bracket is missing before this")
        }
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            other("after `|` and `>` the text starts on the next line")
        }
        _ if rest.text(text).starts_with(',') => other("there is nothing before this comma"),
        _ if trimmed.starts_with('%') => {
            other("a line that starts with `%` is an instruction to YAML, and cannot stand here")
        }
        _ => other("YAML cannot be read from here on"),
    }
}

pub(super) fn control(span: Span, character: char, at: usize) -> Problem {
    let end = (at + character.len_utf8()).max(span.start);
    let span = Span::new(at.min(end), end);
    Problem::new(
        ProblemKind::ControlCharacter,
        span,
        format!(
            "the control character U+{:04X} stands in the text",
            u32::from(character)
        ),
    )
    .fix(
        crate::finding::Safety::Unsafe,
        "Delete the control character",
        vec![Edit::delete(span)],
    )
}
