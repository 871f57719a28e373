//! What an author may have done to a list or mapping between brackets.

use super::line::{self, Parts};
use super::yaml_lines::{Suspect, certain, maybe};
use super::yaml_values::quoted;
use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Problem, ProblemKind, Syntax};
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
        Ok(_) => None,
        Err(open) => {
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
