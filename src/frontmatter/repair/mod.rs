//! Explains a block that does not parse, in the author's words, at the real place.

mod body;
mod json;
mod json_slips;
mod line;
mod scratch;
mod toml;
mod toml_brackets;
mod toml_line;
mod toml_pair;
mod toml_slips;
mod yaml;
mod yaml_brackets;
mod yaml_entries;
mod yaml_extent;
mod yaml_indentation;
mod yaml_lines;
mod yaml_suspect;
mod yaml_values;
mod yaml_words;

use super::delimiter;
use super::{Block, FrontMatter, Problem, ProblemKind, Syntax, Tree};
use crate::finding::Safety;
use crate::source::{Edit, Span, line_ending_at};

/// At least so many problems of one block are told, however long it is.
const FEWEST: usize = 50;

/// So many bytes are read again, all in all, to tell the problems of one block.
const BUDGET: usize = 1 << 20;

/// How many problems of a block of `length` bytes are told: each costs a reading of the block.
fn most(length: usize) -> usize {
    (BUDGET / length.max(1)).max(FEWEST)
}

/// What is wrong with `block`, which is not closed or does not parse.
pub(super) fn explain(text: &str, block: Block) -> FrontMatter {
    let (block, unclosed) = match block.closer {
        Some(_) => match earlier_end(text, &block) {
            Some(shorter) => (shorter.clone(), Some(unclosed(text, &shorter))),
            None => (block, None),
        },
        None => {
            let problem = unclosed(text, &block);
            (block, Some(problem))
        }
    };
    let mut problems: Vec<Problem> = unclosed.into_iter().collect();
    if let Some(problem) = yaml_lines::conflict_markers(text, block.content) {
        problems.push(problem);
    } else if Tree::parse(text, &block).is_err() {
        let (mut found, readable) = match block.syntax {
            Syntax::Yaml => yaml::explain(text, &block),
            Syntax::Toml => toml::explain(text, &block),
            Syntax::Json => json::explain(text, &block, !problems.is_empty()),
        };
        // A repair is a reading of the block; where no reading holds none is worth writing.
        if !readable {
            for problem in &mut found {
                problem.withhold("the front matter cannot be read even so");
            }
        }
        problems.extend(found);
    }
    if block.syntax == Syntax::Json
        && text
            .get(..block.content.end)
            .is_some_and(|head| head.trim_end().ends_with('}'))
        && problems.iter().any(|problem| {
            matches!(
                problem.kind,
                ProblemKind::UnclosedQuote
                    | ProblemKind::UnclosedBracket
                    | ProblemKind::ControlCharacter
            )
        })
    {
        // The brace is there; what is open inside hides it.
        problems.retain(|problem| problem.kind != ProblemKind::Unclosed);
    }
    if block.syntax == Syntax::Yaml {
        hold_back(text, &block, &mut problems);
    }
    for problem in &mut problems {
        settle(text, problem);
    }
    problems.sort_by_key(|problem| problem.span);
    if problems.is_empty() {
        problems.push(Problem::new(
            ProblemKind::Other,
            block.content,
            "the front matter cannot be read",
        ));
    }
    FrontMatter::Broken { block, problems }
}

/// Brings the places of a problem onto whole characters, and drops a fix that has none.
fn settle(text: &str, problem: &mut Problem) {
    let whole = |span: Span| {
        let (mut start, mut end) = (span.start.min(text.len()), span.end.min(text.len()));
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(start, end)
    };
    problem.span = whole(problem.span);
    for (span, _) in &mut problem.labels {
        *span = whole(*span);
    }
    let sound = |edit: &Edit| whole(edit.span) == edit.span;
    if problem
        .fix
        .as_ref()
        .is_some_and(|fix| !fix.edits.iter().all(sound))
    {
        problem.fix = None;
    }
}

/// Withholds repairs of what may be the author's text: where the closing line is missing or
/// misspelt, the block reaches into the body up to a thematic break.
fn hold_back(text: &str, block: &Block, problems: &mut [Problem]) {
    let Some(end) = body::begins(text, block.content) else {
        return;
    };
    for problem in problems {
        let reaches = problem
            .fix
            .as_ref()
            .is_some_and(|fix| fix.edits.iter().any(|edit| edit.span.end > end));
        if reaches && problem.kind != ProblemKind::Unclosed {
            problem.withhold("this may be the text of the page and not front matter");
        }
    }
}

/// A block whose closing line is really a thematic break or a heading's underline further down:
/// its head up to a blank line is front matter by itself, and text follows.
fn earlier_end(text: &str, block: &Block) -> Option<Block> {
    if block.syntax != Syntax::Yaml {
        return None;
    }
    let end = delimiter::likely_end(text, block.content)?;
    let next = delimiter::line_at(text, end)?;
    if end >= block.content.end || !next.span.text(text).trim().is_empty() {
        return None;
    }
    let shorter = Block {
        content: Span::new(block.content.start, end),
        closer: None,
        body_start: end,
        ..block.clone()
    };
    // What follows must be text, not a later key: then the mistake is another.
    let rest = Span::new(end, block.content.end);
    let is_text = delimiter::lines(text, rest)
        .map(|line| line.span.text(text))
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .is_some_and(|line| !delimiter::is_key(line) && !line.starts_with([' ', '\t']));
    let keys_later =
        delimiter::lines(text, rest).any(|line| delimiter::is_key(line.span.text(text)));
    (is_text && !keys_later && Tree::parse(text, &shorter).is_ok()).then_some(shorter)
}

/// A line after the last key that was meant to close the block: indented, of other signs, or with
/// text behind it.
fn misspelt_closer(text: &str, block: &Block, closer: &str) -> Option<Problem> {
    let rest = Span::new(block.content.end, text.len());
    let line = delimiter::lines(text, rest).find(|line| !line.span.text(text).trim().is_empty())?;
    let source = line.span.text(text);
    let trimmed = source.trim();
    let is_sign = |c: char| matches!(c, '-' | '=' | '+' | '–' | '—' | '_' | '*' | '~' | '.');
    let signs: usize = trimmed.chars().take_while(|c| is_sign(*c)).count();
    let spaced = trimmed.chars().all(|c| is_sign(c) || c == ' ');
    let dashes = trimmed.contains(['–', '—']);
    let trailing = trimmed
        .strip_prefix(closer)
        .filter(|tail| tail.starts_with(|c: char| c.is_whitespace() || c.is_alphanumeric()))
        .map(str::trim_start);
    if !(spaced && (signs > 1 || dashes)) && trailing.is_none() {
        return None;
    }
    let start = line.span.start + source.len() - source.trim_start().len();
    let span = Span::new(start, start + trimmed.len());
    let message = match trailing.filter(|_| !spaced) {
        Some(_) => {
            format!("text follows this `{closer}`, so that it does not close the front matter")
        }
        None if trimmed == closer => {
            format!("this `{closer}` is indented, so that it does not close the front matter")
        }
        None => format!("`{trimmed}` does not close the front matter; `{closer}` does"),
    };
    let eol = line_ending_at(text.as_bytes(), line.span.start).as_str();
    let (title, edit) = match trailing.filter(|_| !spaced) {
        Some(tail) => (
            "Put the text on a line of its own".to_owned(),
            Edit::replace(
                Span::new(line.span.start, span.end - tail.len()),
                format!("{closer}{eol}"),
            ),
        ),
        None => (
            format!("Write `{closer}`"),
            Edit::replace(Span::new(line.span.start, span.end), closer),
        ),
    };
    Some(
        Problem::new(ProblemKind::Unclosed, span, message)
            .help(format!("Put `{closer}` alone on the line."))
            .label(block.opener, "the front matter is opened here")
            .fix(Safety::Unsafe, title, vec![edit]),
    )
}

fn unclosed(text: &str, block: &Block) -> Problem {
    let (opener, closer) = match block.syntax {
        Syntax::Yaml => ("---", "---"),
        Syntax::Toml => ("+++", "+++"),
        Syntax::Json => ("{", "}"),
    };
    let at = if block.opener.is_empty() {
        Span::new(block.content.start, block.content.start + 1)
    } else {
        block.opener
    };
    let end = block.content.end;
    let problem = Problem::new(
        ProblemKind::Unclosed,
        at,
        format!("the front matter that this `{opener}` opens is never closed"),
    )
    .help(format!(
        "Put `{closer}` on a line of its own after the last key."
    ))
    .label(Span::empty(end), "it seems to end here");
    if block.syntax == Syntax::Json {
        return problem;
    }
    if let Some(problem) = misspelt_closer(text, block, closer) {
        return problem;
    }
    let before = text.get(..end).unwrap_or("");
    let eol = line_ending_at(text.as_bytes(), end).as_str();
    let insertion = if before.ends_with('\n') {
        format!("{closer}{eol}")
    } else {
        format!("{eol}{closer}{eol}")
    };
    problem.fix(
        Safety::Unsafe,
        format!("Close the front matter with `{closer}`"),
        vec![Edit::insert(end, insertion)],
    )
}
/// `problem` with the repair of doubling the backslashes at `places` (in bytes of the file): safe where
/// none in the text is an escape, so that its author did not think of escapes.
fn doubled_backslashes(
    problem: Problem,
    places: impl Iterator<Item = usize>,
    without_escapes: bool,
) -> Problem {
    let safety = if without_escapes {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    let edits = places.map(|at| Edit::insert(at, "\\")).collect();
    problem.fix(safety, "Double the backslash", edits)
}
