//! Words for what no suspect explains.

use granit_parser::ErrorKind;

use super::scratch::Scratch;
use super::yaml_entries::line_around;
use crate::finding::Safety;
use crate::frontmatter::yaml::Failure;
use crate::frontmatter::{Problem, ProblemKind};
use crate::source::{Edit, Span};

/// What YAML allows for a key on one line.
const LONGEST_KEY: usize = 1024;

/// Words for what no suspect explains.
pub(super) fn general(scratch: &Scratch, failure: &Failure) -> Problem {
    let text = &scratch.text;
    let line = line_around(text, scratch.content(), failure.at);
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
        Safety::Unsafe,
        "Delete the control character",
        vec![Edit::delete(span)],
    )
}
