//! What an author may have done to a list or mapping between brackets.

use super::line::{self, Parts};
use super::yaml_extent::{quoted, stray_sign};
use super::yaml_suspect::{Suspect, certain, maybe};
use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Problem, ProblemKind, Syntax, delimiter};
use crate::source::{Edit, Span};

/// A quote between brackets that nothing closes.
fn unclosed_inside(parts: &Parts, value: &str, whose: &str) -> Suspect {
    let words = format!("{whose} has a quote inside its brackets that is never closed");
    // The last one that opens a word; a bracket at the end is not a part of it.
    let opens = |at: &usize| {
        let before = value.get(..*at).unwrap_or("").trim_end();
        before.ends_with(['[', '{', ',', ':'])
    };
    let quote = value.match_indices(['"', '\'']).rfind(|(at, _)| opens(at));
    let Some((at, quote)) = quote else {
        return maybe(Problem::new(ProblemKind::UnclosedQuote, parts.value, words));
    };
    let start = parts.value.start;
    let problem = Problem::new(
        ProblemKind::UnclosedQuote,
        Span::new(start + at, start + at + 1),
        words,
    )
    .help("Close the quote where its word ends.");
    let inner = value.trim_end_matches([']', '}', ' ']);
    let open_end = inner.len() < value.len() && !inner.get(at..).unwrap_or("").contains(',');
    maybe(if open_end {
        problem.fix(
            Safety::Unsafe,
            "Close the quote before the bracket",
            vec![Edit::insert(start + inner.len(), quote)],
        )
    } else {
        problem
    })
}

/// A list or mapping that ends with a bracket of another kind.
fn other_closer(parts: &Parts, value: &str, whose: &str, open: &[char]) -> Option<Problem> {
    let [wanted] = open else { return None };
    let last = value.chars().next_back()?;
    if !matches!(last, ')' | ']' | '}' | '>' | '］' | '】' | '）') {
        return None;
    }
    let head = value.get(..value.len() - last.len_utf8())?;
    line::closing_bracket(&format!("{head}{wanted}")).ok()?;
    let span = Span::new(parts.value.end - last.len_utf8(), parts.value.end);
    Some(
        Problem::new(
            ProblemKind::UnclosedBracket,
            span,
            format!("{whose} ends with `{last}`, where `{wanted}` closes its bracket"),
        )
        .label(
            Span::new(parts.value.start, parts.value.start + 1),
            "the bracket is opened here",
        )
        .fix(
            Safety::Unsafe,
            format!("Write `{wanted}`"),
            vec![Edit::replace(span, wanted.to_string())],
        ),
    )
}

/// `[#a, b]` and `[#a #b]`: hashtags in a list, where YAML sees no value or a comment.
fn hashtags(text: &str, parts: &Parts, whose: &str) -> Option<Problem> {
    let line = Span::new(parts.value.start, parts.line.end)
        .text(text)
        .trim_end();
    let inner = line.strip_prefix('[')?.strip_suffix(']')?;
    if !inner.contains('#') || inner.contains(['[', ']', '{', '}', '"', '\'']) {
        return None;
    }
    let all_tags = |words: &str| {
        words
            .split_whitespace()
            .all(|word| word.len() > 1 && word.starts_with('#'))
    };
    let mut items = Vec::new();
    for item in inner.split(',').map(str::trim) {
        if item.contains('#') && all_tags(item) {
            items.extend(
                item.split_whitespace()
                    .map(|word| double_quoted(Syntax::Yaml, word)),
            );
        } else if item.contains('#') {
            items.push(double_quoted(Syntax::Yaml, item));
        } else {
            items.push(item.to_owned());
        }
    }
    let span = Span::new(parts.value.start, parts.value.start + line.len());
    let first = parts.value.start + line.find('#')?;
    Some(
        Problem::new(
            ProblemKind::ReservedCharacter,
            Span::new(first, first + 1),
            format!("{whose} has a `#` in its list, which starts a comment or no value at all"),
        )
        .help("Put the terms in quotes, or leave the hash out.")
        .fix(
            Safety::Unsafe,
            "Put the terms in quotes",
            vec![Edit::replace(span, format!("[{}]", items.join(", ")))],
        ),
    )
}

/// Brackets that are closed on a later line, where the lines between are not indented.
fn at_margin(text: &str, parts: &Parts, whose: &str) -> Option<Problem> {
    let rest = text.get(parts.value.start..)?;
    let length = line::closing_bracket(rest).ok()?;
    let closed = rest.get(..length)?;
    let tail = rest.get(length..)?.lines().next().unwrap_or("").trim();
    if !tail.is_empty() && !tail.starts_with('#') {
        return None;
    }
    let end = parts.value.start + length;
    let depth = parts.indent.len();
    let mut edits = Vec::new();
    let mut keys = false;
    let mut after = parts.line.end;
    after += text.get(after..)?.find('\n')? + 1;
    for line in delimiter::lines(text, Span::new(after, end)) {
        let own = line::parts(text, line.span);
        keys |= own.key.is_some();
        if own.indent.len() <= depth && own.indent.len() < line.span.len() {
            edits.push(Edit::insert(line.span.start, "  "));
        }
    }
    let first = edits.first()?.span.start;
    // A key in a list may be the next key of the page.
    let safety = match keys && closed.starts_with('[') {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    Some(
        Problem::new(
            ProblemKind::Indentation,
            Span::new(first, first + 1),
            format!("{whose} goes on over lines, which have to be indented"),
        )
        .label(
            Span::new(parts.value.start, parts.value.start + 1),
            "the bracket is opened here",
        )
        .fix(safety, "Indent the lines between the brackets", edits),
    )
}

/// Two texts in quotes between brackets without a comma between them.
fn missing_comma(text: &str, parts: &Parts, whose: &str) -> Option<Problem> {
    let value = parts.value.text(text);
    // In a mapping a comma would make the second text a key.
    if value.contains('{') {
        return None;
    }
    let mut edits = Vec::new();
    let mut at = 0;
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        let before = value.get(..at).unwrap_or("").trim_end();
        let opens = before.ends_with(['[', '{', ',', ':']);
        let first = rest.chars().next()?;
        let missing = edits
            .last()
            .is_some_and(|edit: &Edit| edit.span.start == parts.value.start + before.len());
        if matches!(first, '"' | '\'') && (opens || missing) {
            let close = at + line::closing_quote(rest)? + 1;
            let next = value.get(close..)?.trim_start();
            if next.starts_with(['"', '\'']) {
                edits.push(Edit::insert(parts.value.start + close, ","));
            }
            at = close;
        } else {
            at += first.len_utf8();
        }
    }
    let first = edits.first()?.span.start;
    Some(
        Problem::new(
            ProblemKind::Other,
            Span::new(first - 1, first),
            format!("a comma is missing between two items of {whose}"),
        )
        .fix(Safety::Safe, "Insert the comma", edits),
    )
}

/// What may be wrong with a list or mapping between brackets.
pub(super) fn fault(text: &str, parts: &Parts, whose: &str) -> Option<Suspect> {
    let value = parts.value.text(text);
    if let Some(problem) = hashtags(text, parts, whose) {
        return Some(certain(problem));
    }
    match line::closing_bracket(value) {
        Ok(end) if value.get(end..).is_some_and(|rest| !rest.trim().is_empty()) => {
            let first = value.chars().next()?;
            let what = if first == '[' { "a list" } else { "a mapping" };
            let rest = value.get(end..).unwrap_or("");
            if rest.trim().bytes().all(|byte| matches!(byte, b']' | b'}')) {
                let stray = Span::new(parts.value.start + end, parts.value.end);
                return Some(certain(
                    Problem::new(
                        ProblemKind::UnclosedBracket,
                        stray,
                        format!("{whose} has a closing bracket too many"),
                    )
                    .fix(
                        Safety::Unsafe,
                        "Delete the bracket",
                        vec![Edit::delete(stray)],
                    ),
                ));
            }
            if matches!(rest.trim(), "," | ";") {
                let stray = Span::new(parts.value.start + end, parts.value.end);
                return Some(stray_sign(rest.trim(), stray, whose));
            }
            // `[a, b] c`: a list it is, and what follows may be another item or a slip.
            if first == '[' && value.get(..end).is_some_and(|list| list.contains(',')) {
                return Some(certain(
                    Problem::new(
                        ProblemKind::Other,
                        Span::new(parts.value.end - rest.trim().len(), parts.value.end),
                        format!("text follows the list that is {whose}"),
                    )
                    .help(
                        "Move it into the brackets, delete it, or put the whole value in quotes.",
                    ),
                ));
            }
            // `[Video] A talk` is a text; `[a], [b]` may be two lists.
            let prose =
                rest.trim_start().starts_with(char::is_alphanumeric) || value.starts_with("{{");
            let safety = if prose { Safety::Safe } else { Safety::Unsafe };
            let problem = Problem::new(
                ProblemKind::ReservedCharacter,
                parts.value,
                format!(
                    "{whose} starts with `{first}`, so YAML takes it for {what}, and text follows"
                ),
            );
            Some(maybe(quoted(text, parts, problem, safety)))
        }
        Ok(_) => missing_comma(text, parts, whose).map(maybe),
        Err(open) => {
            if let Some(problem) = at_margin(text, parts, whose) {
                return Some(maybe(problem));
            }
            let first = value.chars().next()?;
            let closers: String = open.iter().collect();
            if closers.is_empty() {
                return Some(unclosed_inside(parts, value, whose));
            }
            if let Some(problem) = other_closer(parts, value, whose, &open) {
                return Some(certain(problem));
            }
            Some(maybe(
                Problem::new(
                    ProblemKind::UnclosedBracket,
                    Span::new(parts.value.start, parts.value.start + 1),
                    format!("{whose} opens a `{first}` that is never closed"),
                )
                .fix(
                    Safety::Unsafe,
                    format!("Close it with `{closers}` at the end of the line"),
                    vec![Edit::insert(parts.value.end, closers)],
                ),
            ))
        }
    }
}
