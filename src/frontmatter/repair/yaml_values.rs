//! What an author may have done to a value that YAML cannot read.

use granit_parser::ErrorKind;

use super::line::{self, Parts};
use super::yaml_lines::{Suspect, certain, maybe};
use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Problem, ProblemKind, Syntax, delimiter};
use crate::source::{Edit, Span};

fn key_words(text: &str, parts: &Parts) -> String {
    match parts.key {
        Some(key) => format!(
            "the value of `{}`",
            key.text(text).trim_matches(['"', '\''])
        ),
        None if parts.item => "this list item".to_owned(),
        None => "this line".to_owned(),
    }
}

/// Edits that put `span` into double quotes.
fn quoted(text: &str, span: Span) -> Vec<Edit> {
    vec![Edit::replace(
        span,
        double_quoted(Syntax::Yaml, span.text(text)),
    )]
}

pub(super) fn value_fault(
    text: &str,
    parts: &Parts,
    kind: &ErrorKind,
    here: bool,
) -> Option<Suspect> {
    let value = parts.value.text(text);
    let first = value.chars().next()?;
    let whose = key_words(text, parts);
    if parts.key.is_none() && !parts.item {
        return None;
    }
    match first {
        '"' | '\'' => quote_fault(text, parts, &whose, kind),
        '[' | '{' => bracket_fault(text, parts, &whose),
        '@' | '`' | '%' | ',' | ']' | '}' => Some(certain(
            Problem::new(
                ProblemKind::ReservedCharacter,
                parts.value,
                format!("{whose} starts with `{first}`, which YAML keeps for itself"),
            )
            .fix(
                Safety::Safe,
                "Put the value in quotes",
                quoted(text, parts.value),
            ),
        )),
        '*' | '&' | '!' | '|' | '>' => {
            let bare_name = value.get(1..).is_some_and(|name| {
                !name.is_empty()
                    && name
                        .chars()
                        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
            });
            let meaning = match first {
                '*' => "for a reference to an anchor",
                '&' => "for an anchor",
                '!' => "for a tag",
                _ => "for the head of a text that starts on the next line",
            };
            let safety = if bare_name {
                Safety::Unsafe
            } else {
                Safety::Safe
            };
            Some(maybe(
                Problem::new(
                    ProblemKind::ReservedCharacter,
                    parts.value,
                    format!("{whose} starts with `{first}`, which YAML takes {meaning}"),
                )
                .fix(safety, "Put the value in quotes", quoted(text, parts.value)),
            ))
        }
        '-' | '?' if value.get(1..2) == Some(" ") && parts.key.is_some() => Some(certain(
            Problem::new(
                ProblemKind::ReservedCharacter,
                parts.value,
                format!("{whose} starts with `{first} `, which only a line of its own can"),
            )
            .fix(
                Safety::Unsafe,
                "Put the value in quotes",
                quoted(text, parts.value),
            ),
        )),
        _ => colon_fault(text, parts, &whose, here),
    }
}

fn colon_fault(text: &str, parts: &Parts, whose: &str, here: bool) -> Option<Suspect> {
    let value = parts.value.text(text);
    let colon = value.match_indices(':').map(|(at, _)| at).find(|at| {
        value
            .get(at + 1..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })?;
    parts.key?;
    let place = parts.value.start + colon;
    let whole = continued(text, parts);
    let safety = if parts.item || whole != parts.value {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let inner = whole.text(text).replace('\\', "\\\\").replace('"', "\\\"");
    let edits = vec![Edit::replace(whole, format!("\"{inner}\""))];
    let problem = Problem::new(
        ProblemKind::UnquotedColon,
        Span::new(place, place + 1),
        format!("{whose} has a colon in it, which YAML takes for the end of another key"),
    )
    .label(parts.value, "this is the value")
    .fix(safety, "Put the value in quotes", edits);
    Some(Suspect {
        problem,
        certain: here,
    })
}

/// The value with the deeper lines that go on with it.
fn continued(text: &str, parts: &Parts) -> Span {
    let mut whole = parts.value;
    // A comment behind the value ends it.
    if !parts
        .line
        .text(text)
        .trim_end()
        .ends_with(parts.value.text(text))
    {
        return whole;
    }
    let depth = parts.indent.len() + if parts.item { 2 } else { 0 };
    let after = text.get(parts.line.end..).unwrap_or("");
    let start = parts.line.end + (after.len() - after.trim_start_matches(['\r', '\n']).len());
    for line in delimiter::lines(text, Span::new(start, text.len())) {
        let next = line::parts(text, line.span);
        let goes_on = next.indent.len() > depth
            && next.key.is_none()
            && !next.item
            && !next.value.is_empty()
            && next.value.end == line.span.start + line.span.text(text).trim_end().len();
        if !goes_on {
            break;
        }
        whole.end = next.value.end;
    }
    whole
}

fn quote_fault(text: &str, parts: &Parts, whose: &str, kind: &ErrorKind) -> Option<Suspect> {
    let value = parts.value.text(text);
    let start = parts.value.start;
    let quote = value.chars().next()?;
    let name = if quote == '"' {
        "double quote"
    } else {
        "single quote"
    };
    let Some(close) = line::closing_quote(value) else {
        let opener = Span::new(start, start + 1);
        return Some(Suspect {
            certain: matches!(
                kind,
                ErrorKind::UnclosedQuotedScalar
                    | ErrorKind::InvalidQuotedScalarIndent
                    | ErrorKind::DocumentIndicatorInQuotedScalar
            ),
            problem: Problem::new(
                ProblemKind::UnclosedQuote,
                opener,
                format!("{whose} starts with a {name} that is never closed"),
            )
            .fix(
                Safety::Unsafe,
                "Close the quote at the end of the line",
                vec![Edit::insert(parts.value.end, quote.to_string())],
            ),
        });
    };
    let rest = value.get(close + 1..).unwrap_or("");
    if rest.trim().is_empty() {
        return if quote == '"' {
            escape_fault(text, parts, whose)
        } else {
            None
        };
    }
    let place = Span::new(start + close, start + close + 1);
    if value.ends_with(quote) && value.len() > close + 1 {
        let inner: Vec<usize> = inner_quotes(value, quote);
        let between = |at: &usize| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            letter(value.get(..*at).and_then(|t| t.chars().next_back()))
                && letter(value.get(at + 1..).and_then(|t| t.chars().next()))
        };
        let safety = if quote == '\'' && inner.iter().all(between) {
            Safety::Safe
        } else {
            Safety::Unsafe
        };
        let escape = if quote == '"' { "\\" } else { "'" };
        let edits = inner
            .iter()
            .map(|at| Edit::insert(start + at, escape))
            .collect();
        return Some(certain(
            Problem::new(
                ProblemKind::UnbalancedQuote,
                place,
                format!("{whose} has a {name} inside, and YAML takes it for the closing one"),
            )
            .label(parts.value, "this is the value")
            .fix(safety, "Escape the quotes inside", edits),
        ));
    }
    let rest_start = start + close + 1 + (rest.len() - rest.trim_start().len());
    if rest.starts_with('#') {
        return Some(certain(
            Problem::new(
                ProblemKind::Other,
                Span::new(rest_start, parts.value.end),
                format!("the comment after {whose} needs a blank before its `#`"),
            )
            .fix(
                Safety::Unsafe,
                "Insert the blank",
                vec![Edit::insert(rest_start, " ")],
            ),
        ));
    }
    let whole = if value.contains(['\'', '\\']) {
        double_quoted(Syntax::Yaml, value)
    } else {
        format!("'{value}'")
    };
    Some(certain(
        Problem::new(
            ProblemKind::UnbalancedQuote,
            Span::new(rest_start, parts.value.end),
            format!("text follows after the closing {name} of {}", whose),
        )
        .fix(
            Safety::Unsafe,
            "Put the whole value in quotes",
            vec![Edit::replace(parts.value, whole)],
        ),
    ))
}

/// Offsets of the quotes between the first and the last that are not escaped.
fn inner_quotes(value: &str, quote: char) -> Vec<usize> {
    let bytes = value.as_bytes();
    let mut found = Vec::new();
    let mut at = 1;
    while at + 1 < bytes.len() {
        match bytes.get(at) {
            Some(b'\\') if quote == '"' => at += 1,
            Some(&byte) if char::from(byte) == quote => {
                if quote == '\'' && bytes.get(at + 1) == Some(&b'\'') && at + 2 < bytes.len() {
                    at += 1;
                } else {
                    found.push(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Backslashes in double quotes that start no escape.
fn escape_fault(text: &str, parts: &Parts, whose: &str) -> Option<Suspect> {
    let value = parts.value.text(text);
    let mut bad = Vec::new();
    let mut good = 0;
    let mut chars = value.char_indices();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let Some((_, escape)) = chars.next() else {
            break;
        };
        let digits = match escape {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let rest = value.get(at + 2..).unwrap_or("");
        let hex = rest
            .bytes()
            .take(digits)
            .filter(u8::is_ascii_hexdigit)
            .count()
            == digits;
        let code = rest
            .get(..digits)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let known = "0abtnvfreN_LP \"/\\\t".contains(escape)
            || (digits > 0 && hex && code.is_some_and(|code| code < 0x11_0000));
        if known {
            // An escaped quote or backslash says that the author knows escapes.
            good += 1;
        } else {
            bad.push((at, escape));
        }
    }
    let &(at, escape) = bad.first()?;
    let place = parts.value.start + at;
    let words = match escape {
        'x' | 'u' | 'U' => {
            format!("{whose} is in double quotes, where digits have to follow `\\{escape}`")
        }
        _ => format!("{whose} is in double quotes, where `\\{escape}` is no escape"),
    };
    let mut problem = Problem::new(
        ProblemKind::InvalidEscape,
        Span::new(place, place + 1 + escape.len_utf8()),
        words,
    )
    .fix(
        if good == 0 {
            Safety::Safe
        } else {
            Safety::Unsafe
        },
        "Double the backslash",
        bad.iter()
            .map(|(at, _)| Edit::insert(parts.value.start + at, "\\"))
            .collect(),
    );
    for (at, escape) in bad.iter().skip(1) {
        let place = parts.value.start + at;
        problem = problem.label(Span::new(place, place + 1 + escape.len_utf8()), "and here");
    }
    Some(certain(problem))
}

fn bracket_fault(text: &str, parts: &Parts, whose: &str) -> Option<Suspect> {
    let value = parts.value.text(text);
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
            Some(maybe(
                Problem::new(
                    ProblemKind::ReservedCharacter,
                    parts.value,
                    format!("{whose} starts with `{first}`, so YAML takes it for {what}, and text follows"),
                )
                .fix(safety, "Put the value in quotes", quoted(text, parts.value)),
            ))
        }
        Ok(_) => None,
        Err(open) => {
            let first = value.chars().next()?;
            let closers: String = open.iter().collect();
            if closers.is_empty() {
                return Some(maybe(Problem::new(
                    ProblemKind::UnclosedBracket,
                    parts.value,
                    format!("{whose} has a quote inside its brackets that is never closed"),
                )));
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
