//! What an author may have done to a value that YAML cannot read.

use granit_parser::ErrorKind;

use super::doubled_backslashes;
use super::line::{self, Parts};
use super::yaml_brackets;
use super::yaml_entries::is_header;
use super::yaml_extent::{Extent, extent, quoted, stray_sign};
use super::yaml_suspect::{Suspect, certain, maybe};
use crate::finding::Safety;
use crate::frontmatter::{Problem, ProblemKind};
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
        '[' | '{' => yaml_brackets::fault(text, parts, &whose),
        '@' | '`' | '%' | ',' | ']' | '}' => {
            let problem = Problem::new(
                ProblemKind::ReservedCharacter,
                parts.value,
                match first {
                    '`' => format!("{whose} starts with a backtick, which YAML keeps for itself"),
                    first => format!("{whose} starts with `{first}`, which YAML keeps for itself"),
                },
            );
            Some(certain(quoted(text, parts, problem, Safety::Safe)))
        }
        '|' | '>' if is_header(value) => None,
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
            let problem = Problem::new(
                ProblemKind::ReservedCharacter,
                parts.value,
                format!("{whose} starts with `{first}`, which YAML takes {meaning}"),
            );
            Some(maybe(quoted(text, parts, problem, safety)))
        }
        '-' | '?' if value.get(1..2) == Some(" ") && parts.key.is_some() => {
            let problem = Problem::new(
                ProblemKind::ReservedCharacter,
                parts.value,
                format!("{whose} starts with `{first} `, which only a line of its own can"),
            );
            Some(certain(quoted(text, parts, problem, Safety::Unsafe)))
        }
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
    let safety = if parts.item {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let problem = Problem::new(
        ProblemKind::UnquotedColon,
        Span::new(place, place + 1),
        format!("{whose} has a colon in it, which YAML takes for the end of another key"),
    )
    .label(parts.value, "this is the value");
    let problem = quoted(text, parts, problem, safety);
    Some(Suspect {
        problem,
        certain: here,
    })
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
    if line::list_without_brackets(value).is_some() {
        return Some(certain(
            Problem::new(
                ProblemKind::UnbalancedQuote,
                parts.value,
                format!("{whose} is a list, and YAML wants it in brackets"),
            )
            .fix(
                Safety::Unsafe,
                "Write it in brackets",
                vec![Edit::insert(start, "["), Edit::insert(parts.value.end, "]")],
            ),
        ));
    }
    let place = Span::new(start + close, start + close + 1);
    let sole = matches!(extent(text, parts), Extent::Line);
    if value.ends_with(quote) && value.len() > close + 1 {
        let inner: Vec<usize> = inner_quotes(value, quote);
        let between = |at: &usize| {
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            letter(value.get(..*at).and_then(|t| t.chars().next_back()))
                && letter(value.get(at + 1..).and_then(|t| t.chars().next()))
        };
        let safety = if quote == '\'' && sole && inner.iter().all(between) {
            Safety::Safe
        } else {
            Safety::Unsafe
        };
        let escape = if quote == '"' { "\\" } else { "'" };
        let edits = inner
            .iter()
            .map(|at| Edit::insert(start + at, escape))
            .collect();
        let problem = Problem::new(
            ProblemKind::UnbalancedQuote,
            place,
            format!("{whose} has a {name} inside, and YAML takes it for the closing one"),
        )
        .label(parts.value, "this is the value");
        // `"one" and "two"`: the outer quotes belong to two words, and not to the value.
        if pairs(value, quote, &inner) {
            return Some(certain(quoted(text, parts, problem, Safety::Unsafe)));
        }
        return Some(certain(problem.fix(
            safety,
            "Escape the quotes inside",
            edits,
        )));
    }
    let rest_start = start + close + 1 + (rest.len() - rest.trim_start().len());
    if matches!(rest.trim(), "," | ";") {
        let stray = Span::new(start + close + 1, parts.value.end);
        return Some(stray_sign(rest.trim(), stray, whose));
    }
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
    let problem = Problem::new(
        ProblemKind::UnbalancedQuote,
        Span::new(rest_start, parts.value.end),
        format!("text follows after the closing {name} of {whose}"),
    );
    if sole && !value.contains(['\'', '\\']) {
        return Some(certain(problem.fix(
            Safety::Unsafe,
            "Put the whole value in quotes",
            vec![Edit::replace(parts.value, format!("'{value}'"))],
        )));
    }
    Some(certain(quoted(text, parts, problem, Safety::Unsafe)))
}

/// Whether the quotes of `value` enclose words: the second closes where the third opens, blanks
/// and all.
fn pairs(value: &str, quote: char, inner: &[usize]) -> bool {
    let before = |at: usize| value.get(..at).and_then(|text| text.chars().next_back());
    let after = |at: usize| {
        value
            .get(at + quote.len_utf8()..)
            .and_then(|text| text.chars().next())
    };
    let word = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let free = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !inner.is_empty()
        && inner.len().is_multiple_of(2)
        && inner.chunks(2).all(|pair| match pair {
            [close, open] => {
                word(before(*close))
                    && free(after(*close))
                    && free(before(*open))
                    && word(after(*open))
            }
            _ => false,
        })
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
    );
    let places = bad.iter().map(|(at, _)| parts.value.start + at);
    problem = doubled_backslashes(problem, places, good == 0);
    for (at, escape) in bad.iter().skip(1) {
        let place = parts.value.start + at;
        problem = problem.label(Span::new(place, place + 1 + escape.len_utf8()), "and here");
    }
    Some(certain(problem))
}
