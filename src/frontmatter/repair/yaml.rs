use granit_parser::ErrorKind;

use super::MOST;
use super::yaml_lines::{self, Suspect};
use crate::frontmatter::yaml::{self, Failure};
use crate::frontmatter::{Block, Problem, ProblemKind};
use crate::source::{Edit, Span};

/// A copy of the block in which problems are repaired one after the other, with the way back to
/// the offsets of the file.
pub(super) struct Scratch {
    pub text: String,
    /// The opening delimiter and the content.
    pub block: Span,
    /// Where the content starts.
    pub content: usize,
    /// `(at, by)`: from `at` on, offsets are `by` more than in the file.
    shifts: Vec<(usize, isize)>,
    /// Text that is not in the file.
    inserted: Vec<Span>,
}

impl Scratch {
    fn new(text: &str, block: &Block) -> Self {
        let start = if block.opener.text(text).trim_end() == "---" {
            block.opener.start
        } else {
            block.content.start
        };
        Self {
            text: text.get(..block.content.end).unwrap_or("").to_owned(),
            block: Span::new(start, block.content.end),
            content: block.content.start,
            shifts: Vec::new(),
            inserted: Vec::new(),
        }
    }

    pub fn content(&self) -> Span {
        Span::new(self.content, self.block.end)
    }

    fn parse(&self) -> Option<Failure> {
        yaml::parse(&self.text, self.block).err()
    }

    /// The offset of the file that `at` stands for.
    fn original(&self, at: usize) -> usize {
        let mut by = 0;
        for (from, shift) in &self.shifts {
            if at >= *from {
                by += shift;
            }
        }
        at.saturating_add_signed(-by)
    }

    fn original_span(&self, span: Span) -> Span {
        Span::new(self.original(span.start), self.original(span.end))
    }

    /// The same with `edits` applied, if they touch only text of the file.
    fn with(&self, edits: &[Edit]) -> Option<Self> {
        let touches = |span: Span| {
            self.inserted
                .iter()
                .any(|own| own.overlaps(span) || own.contains(span.start))
        };
        if edits.iter().any(|edit| touches(edit.span)) {
            return None;
        }
        let mut next = Self {
            text: self.text.clone(),
            block: self.block,
            content: self.content,
            shifts: self.shifts.clone(),
            inserted: self.inserted.clone(),
        };
        for edit in edits.iter().rev() {
            next.apply(edit);
        }
        Some(next)
    }

    fn apply(&mut self, edit: &Edit) {
        let Some(old) = self.text.get(edit.span.start..edit.span.end) else {
            return;
        };
        let grown = edit.text.len() as isize - old.len() as isize;
        self.text
            .replace_range(edit.span.start..edit.span.end, &edit.text);
        for (at, _) in &mut self.shifts {
            if *at > edit.span.start {
                *at = at.saturating_add_signed(grown);
            }
        }
        for own in &mut self.inserted {
            if own.start >= edit.span.end {
                *own = Span::new(
                    own.start.saturating_add_signed(grown),
                    own.end.saturating_add_signed(grown),
                );
            }
        }
        let end = edit.span.start + edit.text.len();
        self.shifts.push((end, grown));
        if !edit.text.is_empty() {
            self.inserted.push(Span::new(edit.span.start, end));
        }
        self.block.end = self.block.end.saturating_add_signed(grown);
    }

    /// Makes a comment of the entry at `span`, so that what follows can be read.
    fn blank(&mut self, span: Span) {
        let Some(old) = self.text.get(span.start..span.end) else {
            return;
        };
        let blank: String = old
            .bytes()
            .map(|byte| match byte {
                b'\n' => '\n',
                b'\r' => '\r',
                _ => ' ',
            })
            .collect();
        self.text.replace_range(span.start..span.end, &blank);
    }
}

/// What is wrong with a YAML block that does not parse.
pub(super) fn explain(text: &str, block: &Block) -> Vec<Problem> {
    let mut scratch = Scratch::new(text, block);
    let mut problems: Vec<Problem> = Vec::new();
    let conflicts = yaml_lines::conflict_markers(&scratch.text, scratch.content());
    if let Some(problem) = conflicts {
        return vec![problem];
    }
    while problems.len() < MOST {
        let Some(failure) = scratch.parse() else {
            break;
        };
        let known = |problem: &Problem| problems.iter().any(|other| other.span == problem.span);
        let (problem, next) = diagnose(&scratch, &failure);
        let problem = translate(&scratch, problem);
        if known(&problem) {
            break;
        }
        problems.push(problem);
        match next {
            Some(next) => scratch = next,
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
                if scratch.parse().is_some_and(|f| f.at <= failure.at) {
                    break;
                }
            }
        }
    }
    problems
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
    for Suspect { problem, certain } in suspects {
        match &problem.fix {
            Some(fix) => {
                if let Some(next) = scratch
                    .with(&fix.edits)
                    .filter(|next| helps(scratch, next, failure, &problem))
                {
                    return (problem, Some(next));
                }
                if certain && unfixed.is_none() {
                    let mut problem = problem;
                    problem.fix = None;
                    unfixed = Some(problem);
                }
            }
            None if certain => {
                unfixed.get_or_insert(problem);
            }
            None => {}
        }
    }
    let problem = unfixed.unwrap_or_else(|| general(scratch, failure));
    (problem, None)
}

/// Whether the first mistake of `next` comes later than that of `scratch`.
fn helps(scratch: &Scratch, next: &Scratch, failure: &Failure, problem: &Problem) -> bool {
    match next.parse() {
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

fn translate(scratch: &Scratch, mut problem: Problem) -> Problem {
    problem.span = scratch.original_span(problem.span);
    for (span, _) in &mut problem.labels {
        *span = scratch.original_span(*span);
    }
    if let Some(fix) = &mut problem.fix {
        for edit in &mut fix.edits {
            edit.span = scratch.original_span(edit.span);
        }
    }
    problem
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
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry => Problem::new(
            ProblemKind::Indentation,
            span,
            "this line is indented like nothing before it",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => Problem::new(
            ProblemKind::MissingColon,
            span,
            "this line is no `key: value` and belongs to no value",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => {
            Problem::new(ProblemKind::Indentation, span, "a key cannot stand here")
        }
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
