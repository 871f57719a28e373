//! What an author may have done to a line that YAML cannot read.

use granit_parser::ErrorKind;

use super::line::{self, Parts};
use super::yaml_entries::Lines;
use super::yaml_indentation::{indentation, item_indentation, outdented, tabs, unindented};
use super::yaml_suspect::{Suspect, certain, maybe};
use super::yaml_values::value_fault;
use super::yaml_words::control;
use crate::finding::Safety;
use crate::frontmatter::delimiter::{self, Line};
use crate::frontmatter::{Problem, ProblemKind};
use crate::source::{Edit, Span};

/// How many lines before the parser's place are looked at.
const LOOK_BACK: usize = 12;

/// Marks of an unfinished merge.
pub(super) fn conflict_markers(text: &str, content: Span) -> Option<Problem> {
    let marks: Vec<Span> = delimiter::lines(text, content)
        .map(|line| line.span)
        .filter(|span| {
            let line = span.text(text);
            ["<<<<<<<", ">>>>>>>", "|||||||"].iter().any(|mark| {
                line.strip_prefix(mark)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            }) || line.trim_end() == "======="
        })
        .collect();
    let (first, rest) = marks.split_first()?;
    if !first.text(text).starts_with(['<', '>']) && rest.is_empty() {
        return None;
    }
    let mut problem = Problem::new(
        ProblemKind::ConflictMarker,
        *first,
        "a merge was not finished: its conflict markers are still here",
    )
    .help("Keep one of the two sides and delete the marker lines.");
    for mark in rest {
        problem = problem.label(*mark, "and here");
    }
    Some(problem)
}

/// The values with a colon in them of all keys at the margin.
pub(super) fn colons(text: &str, content: Span) -> Vec<Problem> {
    let lines = Lines::read(text, content);
    lines
        .lines
        .iter()
        .zip(&lines.literal)
        .filter(|(_, literal)| !**literal)
        .filter_map(|(line, _)| {
            let parts = line::parts(text, line.span);
            let plain = parts.indent.is_empty() && !parts.item && parts.key.is_some();
            let kind = ErrorKind::MappingValueNotAllowed;
            plain.then(|| value_fault(text, &parts, &kind, true))?
        })
        .map(|suspect| suspect.problem)
        .filter(|problem| problem.kind == ProblemKind::UnquotedColon && problem.fix.is_some())
        .collect()
}

/// Explanations for a failure at `at`, the likeliest first.
pub(super) fn suspects(text: &str, content: Span, at: usize, kind: &ErrorKind) -> Vec<Suspect> {
    let lines = Lines::read(text, content);
    let number = lines.number(at);
    let mut found = Vec::new();
    // The parser names the token that holds it, or the line before.
    let near = lines
        .lines
        .iter()
        .skip(number.saturating_sub(1))
        .take(3)
        .flat_map(|line| line.span.text(text).char_indices().map(|(at, c)| (line.span.start + at, c)))
        .find(|(_, c)| matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'));
    if let Some((at, character)) = near {
        found.push(certain(control(Span::empty(at), character, at)));
    }
    let mark = content
        .text(text)
        .find('\u{feff}')
        .filter(|_| near.is_none());
    if let Some(at) = mark.map(|at| content.start + at) {
        let span = Span::new(at, at + '\u{feff}'.len_utf8());
        found.push(maybe(
            Problem::new(
                ProblemKind::ControlCharacter,
                span,
                "a byte order mark stands within the front matter, where nobody sees it",
            )
            .fix(Safety::Safe, "Delete it", vec![Edit::delete(span)]),
        ));
    }
    if let Some(problem) = tabs(text, &lines, number, kind) {
        found.extend(problem);
    }
    for back in 0..=LOOK_BACK {
        let Some(at_line) = number.checked_sub(back) else {
            break;
        };
        if lines.literal.get(at_line).copied().unwrap_or(false) {
            continue;
        }
        let Some(line) = lines.lines.get(at_line) else {
            continue;
        };
        let parts = line::parts(text, line.span);
        let here = back == 0;
        if let Some(suspect) = value_fault(text, &parts, kind, here) {
            found.push(suspect);
        }
        if let Some(suspect) = unindented(text, &lines, at_line, &parts) {
            found.push(suspect);
        }
        if let Some(problem) = bullets(text, &lines, at_line, &parts) {
            found.push(maybe(problem));
        }
        if let Some(suspect) = bare_line(text, &parts, kind, back) {
            found.push(suspect);
        }
        if here {
            found.extend(indentation(text, &lines, at_line, &parts));
            found.extend(outdented(text, &lines, at_line, &parts));
            found.extend(item_indentation(text, &lines, at_line, &parts));
            // The parser may stop at the end of the value before.
            if let Some(next) = lines.lines.get(at_line + 1) {
                let parts = line::parts(text, next.span);
                found.extend(indentation(text, &lines, at_line + 1, &parts));
            }
        }
    }
    found
}

/// A list with the bullets of Markdown: all its items, the one at `number` among them.
fn bullets(text: &str, lines: &Lines, number: usize, parts: &Parts) -> Option<Problem> {
    let bullet = |line: &Line| {
        let source = line.span.text(text);
        let trimmed = source.trim_start_matches(' ');
        let start = line.span.start + source.len() - trimmed.len();
        ["* ", "+ ", "• "]
            .iter()
            .find(|sign| trimmed.starts_with(**sign))
            .map(|sign| Span::new(start, start + sign.len() - 1))
    };
    let sign = bullet(lines.lines.get(number)?)?;
    let before = lines.lines.get(..number)?.iter().rev().map_while(bullet);
    let mut signs: Vec<Span> = before.collect();
    let head = lines.lines.get(number.checked_sub(signs.len() + 1)?)?;
    let head = line::parts(text, head.span);
    let key = head.key.filter(|_| head.value.is_empty())?;
    signs.reverse();
    signs.extend(lines.lines.get(number..)?.iter().map_while(bullet));
    let same = signs.iter().all(|other| {
        other.text(text) == sign.text(text) && parts.indent.len() >= head.indent.len()
    });
    let first = *signs.first()?;
    same.then(|| {
        Problem::new(
            ProblemKind::Other,
            first,
            format!(
                "the items of `{}` start with `{}`; those of a YAML list start with `-`",
                key.text(text),
                sign.text(text)
            ),
        )
        .fix(
            Safety::Safe,
            "Write hyphens",
            signs.iter().map(|sign| Edit::replace(*sign, "-")).collect(),
        )
    })
}

/// A line that has no key.
fn bare_line(text: &str, parts: &Parts, kind: &ErrorKind, back: usize) -> Option<Suspect> {
    if parts.key.is_some() || parts.item || parts.value.is_empty() {
        return None;
    }
    let value = parts.value.text(text);
    if let Some(comment) = value
        .strip_prefix("<!--")
        .and_then(|rest| rest.strip_suffix("-->"))
    {
        return Some(certain(
            Problem::new(
                ProblemKind::Other,
                parts.value,
                "this is a comment of HTML; in YAML one starts with `#`",
            )
            .fix(
                Safety::Safe,
                "Write it as a comment of YAML",
                vec![Edit::replace(parts.value, format!("# {}", comment.trim()))],
            ),
        ));
    }
    let foreign = value
        .strip_prefix("/*")
        .map(|rest| ("/*", rest.strip_suffix("*/").unwrap_or(rest)))
        .or_else(|| value.strip_prefix("//").map(|rest| ("//", rest)));
    if let Some((sign, comment)) = foreign {
        return Some(certain(
            Problem::new(
                ProblemKind::Other,
                parts.value,
                format!("`{sign}` starts no comment in YAML; `#` does"),
            )
            .fix(
                Safety::Safe,
                "Write it as a comment of YAML",
                vec![Edit::replace(parts.value, format!("# {}", comment.trim()))],
            ),
        ));
    }
    if let Some(odd) = value
        .strip_prefix('-')
        .and_then(|rest| rest.chars().next())
        .filter(|c| c.is_whitespace() && !c.is_ascii())
    {
        let start = parts.value.start + 1;
        let span = Span::new(start, start + odd.len_utf8());
        return Some(maybe(
            Problem::new(
                ProblemKind::Indentation,
                span,
                format!(
                    "the blank after this hyphen is U+{:04X}; YAML knows the plain one only",
                    u32::from(odd)
                ),
            )
            .fix(
                Safety::Safe,
                "Write a plain blank",
                vec![Edit::replace(span, " ")],
            ),
        ));
    }
    if let Some(rest) = value
        .strip_prefix('-')
        .filter(|rest| rest.starts_with(char::is_alphanumeric))
    {
        let word: String = rest.chars().take(20).collect();
        return Some(maybe(
            Problem::new(
                ProblemKind::Indentation,
                Span::new(parts.value.start, parts.value.start + 1),
                format!("there is no blank after the hyphen of the list item `{word}`"),
            )
            .fix(
                Safety::Safe,
                "Insert the blank",
                vec![Edit::insert(parts.value.start + 1, " ")],
            ),
        ));
    }
    if value.starts_with(['#', '-', '[', ']', '{', '}', '"', '\'', '|', '>']) {
        return None;
    }
    let name_end = value
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
        .unwrap_or(value.len());
    let name = value.get(..name_end)?;
    let rest = value.get(name_end..)?;
    let place = parts.value.start + name_end;
    let problem = |at: Span, message: String| Problem::new(ProblemKind::MissingColon, at, message);
    if name.is_empty() {
        return None;
    }
    if let Some(after) = rest.strip_prefix('：') {
        let blanks = after.len() - after.trim_start().len();
        let span = Span::new(place, place + '：'.len_utf8());
        return Some(maybe(
            problem(
                span,
                format!("the colon after `{name}` is a full-width one, which YAML does not know"),
            )
            .fix(
                Safety::Safe,
                "Write a plain colon and a blank",
                vec![Edit::replace(
                    Span::new(span.start, span.end + blanks),
                    ": ",
                )],
            ),
        ));
    }
    if let Some(after) = rest.strip_prefix(':') {
        if after.starts_with("//") || after.is_empty() {
            return None;
        }
        return Some(maybe(
            problem(
                Span::new(place, place + 1),
                format!(
                    "there is no blank after the colon of `{name}`, so YAML does not see a key"
                ),
            )
            .fix(
                Safety::Safe,
                "Insert the blank",
                vec![Edit::insert(place + 1, " ")],
            ),
        ));
    }
    if rest.trim_start().starts_with('=') {
        let blanks = rest.len() - rest.trim_start().len();
        let arrow = usize::from(rest.trim_start().starts_with("=>"));
        let after = rest.trim_start().get(1 + arrow..).unwrap_or("");
        let after_blanks = after.len() - after.trim_start().len();
        let end = place + blanks + 1 + arrow + after_blanks;
        return Some(maybe(
            problem(
                Span::new(place + blanks, place + blanks + 1 + arrow),
                format!(
                    "`{name}` is followed by `{}`; between `---` lines a colon follows a key",
                    if arrow == 1 { "=>" } else { "=" }
                ),
            )
            .fix(
                Safety::Unsafe,
                "Write a colon",
                vec![Edit::replace(Span::new(place, end), ": ")],
            ),
        ));
    }
    let at_margin = parts.indent.is_empty();
    let told = match kind {
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => back == 0,
        // The line was taken for the start of the key that follows it.
        ErrorKind::MappingValueNotAllowed => back == 1,
        _ => false,
    };
    (at_margin && told).then(|| {
        certain(problem(
            parts.value,
            "this line has no colon, so it is no `key: value`".to_owned(),
        ))
    })
}
