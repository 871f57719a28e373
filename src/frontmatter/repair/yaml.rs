use super::most;
use super::scratch::Scratch;
use super::yaml_entries::entry_around;
use super::yaml_lines;
use super::yaml_suspect::Suspect;
use super::yaml_words::general;
use crate::frontmatter::yaml::{self, Failure};
use crate::frontmatter::{Block, Problem, ProblemKind};
use crate::source::Edit;

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
                let entry = entry_around(&scratch.text, scratch.content(), failure.at);
                let last = problems.last().map_or(0, |problem| problem.span.start);
                let culprit = entry_around(
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
