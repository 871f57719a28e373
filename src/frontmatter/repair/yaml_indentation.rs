//! What an author may have done to the indentation of a line that YAML cannot read.

use granit_parser::ErrorKind;

use super::line::{self, Parts};
use super::yaml_entries::{Lines, is_header};
use super::yaml_suspect::{Suspect, certain};
use crate::finding::Safety;
use crate::frontmatter::delimiter::Line;
use crate::frontmatter::{Problem, ProblemKind};
use crate::source::{Edit, Span};

/// The text after `|` or `>`, in the column of its key.
pub(super) fn unindented(
    text: &str,
    lines: &Lines,
    number: usize,
    parts: &Parts,
) -> Option<Suspect> {
    let line = lines.lines.get(number.checked_sub(1)?)?;
    let head = line::parts(text, line.span);
    let key = head.key.filter(|_| is_header(head.value.text(text)))?;
    if parts.key.is_some() || parts.value.is_empty() || parts.indent.len() > head.indent.len() {
        return None;
    }
    let mut edits = Vec::new();
    for line in lines.lines.get(number..)? {
        let parts = line::parts(text, line.span);
        if parts.key.is_some() {
            break;
        }
        if !parts.value.is_empty() {
            edits.push(Edit::insert(parts.line.start, "  "));
        }
    }
    Some(certain(
        Problem::new(
            ProblemKind::Indentation,
            parts.value,
            format!(
                "the text of `{}` has to be indented, so that it is not taken for keys",
                key.text(text)
            ),
        )
        .label(head.value, "the text starts after this")
        .fix(Safety::Unsafe, "Indent the text", edits),
    ))
}

/// A key at the margin after keys that are indented.
pub(super) fn outdented(
    text: &str,
    lines: &Lines,
    number: usize,
    parts: &Parts,
) -> Option<Suspect> {
    let key = parts.key.filter(|_| parts.indent.is_empty())?;
    let before: Vec<Parts> = lines
        .lines
        .get(..number)?
        .iter()
        .filter(|line| !line.span.text(text).trim().is_empty())
        .map(|line| line::parts(text, line.span))
        .collect();
    let first = before.first()?;
    let first_key = first.key?;
    if before
        .iter()
        .any(|line| line.indent.len() < first.indent.len())
        || first.indent.is_empty()
    {
        return None;
    }
    let width = first.indent.len();
    Some(certain(
        Problem::new(
            ProblemKind::Indentation,
            Span::new(first.indent.start, first_key.end),
            format!(
                "`{}` is indented, and `{}` after it is not",
                first_key.text(text),
                key.text(text)
            ),
        )
        .label(key, "this key starts at the margin")
        .fix(
            Safety::Unsafe,
            "Start at the margin",
            before
                .iter()
                .map(|line| Edit::delete(Span::new(line.indent.start, line.indent.start + width)))
                .collect(),
        ),
    ))
}

/// A key that is indented deeper than the one before it, which has a value already.
pub(super) fn indentation(
    text: &str,
    lines: &Lines,
    number: usize,
    parts: &Parts,
) -> Option<Suspect> {
    let key = parts.key?;
    let previous = (0..number).rev().find_map(|at| {
        let line = lines.lines.get(at)?;
        let source = line.span.text(text);
        if source.trim().is_empty() || source.trim_start().starts_with('#') {
            return None;
        }
        Some(line::parts(text, line.span))
    })?;
    let previous_key = previous.key?;
    let width = |parts: &Parts| parts.indent.len();
    let name = previous_key.text(text);
    if width(parts) <= width(&previous) || previous.value.is_empty() || parts.item || previous.item
    {
        return None;
    }
    Some(certain(
        Problem::new(
            ProblemKind::Indentation,
            Span::new(parts.indent.start, key.end),
            format!(
                "`{}` is indented deeper than `{name}`, which has a value already",
                key.text(text)
            ),
        )
        .label(previous_key, "this key has a value")
        .fix(
            Safety::Unsafe,
            format!("Indent it like `{name}`"),
            vec![Edit::replace(parts.indent, previous.indent.text(text))],
        ),
    ))
}

/// A list item that stands in another column than those before it.
pub(super) fn item_indentation(
    text: &str,
    lines: &Lines,
    number: usize,
    parts: &Parts,
) -> Option<Suspect> {
    if !parts.item {
        return None;
    }
    let (at, previous) = (0..number).rev().find_map(|at| {
        let line = lines.lines.get(at)?;
        let source = line.span.text(text);
        (!source.trim().is_empty() && !source.trim_start().starts_with('#'))
            .then(|| (at, line::parts(text, line.span)))
    })?;
    if !previous.item || previous.indent.len() == parts.indent.len() || at + 1 != number {
        return None;
    }
    let hyphen = Span::new(parts.indent.start, parts.indent.end + 1);
    Some(certain(
        Problem::new(
            ProblemKind::Indentation,
            hyphen,
            "this list item stands in another column than the one before it",
        )
        .label(
            Span::new(previous.indent.end, previous.indent.end + 1),
            "the item before it",
        )
        .fix(
            Safety::Unsafe,
            "Indent it like the item before it",
            vec![Edit::replace(parts.indent, previous.indent.text(text))],
        ),
    ))
}

/// Tabs in the indentation of lines: one problem, with one reading if every width gives the same.
pub(super) fn tabs(
    text: &str,
    lines: &Lines,
    number: usize,
    kind: &ErrorKind,
) -> Option<Vec<Suspect>> {
    let indent = |line: &Line| {
        let source = line.span.text(text);
        Span::new(
            line.span.start,
            line.span.start + source.len() - source.trim_start_matches([' ', '\t']).len(),
        )
    };
    let tabbed: Vec<(usize, Span)> = lines
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| (at, indent(line)))
        .filter(|(at, span)| {
            span.text(text).contains('\t')
                && !lines.literal.get(*at).copied().unwrap_or(false)
                && lines
                    .lines
                    .get(*at)
                    .is_some_and(|line| line.span.end > span.end)
        })
        .collect();
    let first = tabbed
        .iter()
        .find(|(at, _)| *at == number || *at + 1 == number || *at == number + 1)
        .map(|(_, span)| *span);
    let tab_kind = matches!(
        kind,
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation
    );
    let first = match first {
        Some(first) => first,
        None if tab_kind => tabbed.first()?.1,
        None => return None,
    };
    let message = if tabbed.len() == 1 {
        "this line is indented with a tab, and YAML wants blanks".to_owned()
    } else {
        format!(
            "{} lines are indented with tabs, and YAML wants blanks",
            tabbed.len()
        )
    };
    let widths = [2, 4, 8].map(|width| {
        let mut problem = Problem::new(ProblemKind::TabIndentation, first, message.clone());
        for (_, span) in tabbed.iter().filter(|(_, span)| *span != first).take(5) {
            problem = problem.label(*span, "and here");
        }
        let edits = tabbed
            .iter()
            .map(|(_, span)| {
                Edit::replace(*span, span.text(text).replace('\t', &" ".repeat(width)))
            })
            .collect();
        Suspect {
            problem: problem.fix(
                if width == 2 {
                    Safety::Safe
                } else {
                    Safety::Unsafe
                },
                "Indent with blanks",
                edits,
            ),
            certain: tab_kind,
        }
    });
    Some(Vec::from(widths))
}
