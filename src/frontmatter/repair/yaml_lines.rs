//! What an author may have done to a line that YAML cannot read.

use granit_parser::ErrorKind;

use super::line::{self, Parts};
use super::yaml::control;
use crate::finding::Safety;
use crate::frontmatter::delimiter::{self, Line};
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Problem, ProblemKind, Syntax};
use crate::source::{Edit, Span};

/// How many lines before the parser's place are looked at.
const LOOK_BACK: usize = 12;

/// An explanation to be tried.
pub(super) struct Suspect {
    pub problem: Problem,
    /// Whether it explains the failure even if its fix does not help.
    pub certain: bool,
}

fn certain(problem: Problem) -> Suspect {
    Suspect {
        problem,
        certain: true,
    }
}

fn maybe(problem: Problem) -> Suspect {
    Suspect {
        problem,
        certain: false,
    }
}

/// The lines of the content with what each is inside of.
struct Lines {
    lines: Vec<Line>,
    /// Whether the line belongs to a block scalar.
    literal: Vec<bool>,
}

impl Lines {
    fn read(text: &str, content: Span) -> Self {
        let lines: Vec<Line> = delimiter::lines(text, content).collect();
        let mut literal = Vec::with_capacity(lines.len());
        let mut scalar: Option<usize> = None;
        for line in &lines {
            let source = line.span.text(text);
            let blank = source.trim().is_empty();
            let indent = source.len() - source.trim_start_matches(' ').len();
            if let Some(parent) = scalar {
                if blank || indent > parent {
                    literal.push(true);
                    continue;
                }
                scalar = None;
            }
            literal.push(false);
            let parts = line::parts(text, line.span);
            let mut value = parts.value.text(text);
            while let Some(rest) = value.strip_prefix(['&', '!']) {
                value = rest
                    .split_once(' ')
                    .map_or("", |(_, rest)| rest.trim_start());
            }
            let header = value.strip_prefix(['|', '>']);
            if header.is_some_and(|rest| {
                rest.bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-'))
            }) {
                scalar = Some(parts.key.map_or(indent, |key| {
                    if parts.item {
                        key.start - line.span.start
                    } else {
                        indent
                    }
                }));
            }
        }
        Self { lines, literal }
    }

    fn number(&self, at: usize) -> usize {
        self.lines
            .partition_point(|line| line.span.start <= at)
            .saturating_sub(1)
    }
}

/// The line that holds `at`, without its line end.
pub(super) fn line_around(text: &str, content: Span, at: usize) -> Span {
    let lines: Vec<Line> = delimiter::lines(text, content).collect();
    let mut number = lines
        .partition_point(|line| line.span.start <= at)
        .saturating_sub(1);
    // A place behind the last line, or on an empty one, means the line before.
    while number > 0
        && lines
            .get(number)
            .is_some_and(|line| line.span.text(text).trim().is_empty())
    {
        number -= 1;
    }
    lines.get(number).map_or(Span::empty(at), |line| line.span)
}

/// The lines of the entry around `at`: its first line and those indented deeper.
pub(super) fn entry_around(text: &str, content: Span, at: usize) -> Span {
    let lines: Vec<Line> = delimiter::lines(text, content).collect();
    let number = lines
        .partition_point(|line| line.span.start <= at)
        .saturating_sub(1);
    let indent = |line: &Line| {
        let source = line.span.text(text);
        source.len() - source.trim_start().len()
    };
    let Some(first) = lines.get(number) else {
        return Span::empty(at);
    };
    let own = indent(first);
    let mut end = first.next;
    for line in lines.get(number + 1..).unwrap_or(&[]) {
        let blank = line.span.text(text).trim().is_empty();
        if !blank && indent(line) <= own {
            break;
        }
        end = line.next;
    }
    Span::new(first.span.start, end.min(content.end))
}

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
        if let Some(suspect) = bare_line(text, &parts, kind, here) {
            found.push(suspect);
        }
        if here && let Some(suspect) = indentation(text, &lines, at_line, &parts) {
            found.push(suspect);
        }
    }
    found
}

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

fn value_fault(text: &str, parts: &Parts, kind: &ErrorKind, here: bool) -> Option<Suspect> {
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
                Safety::Safe,
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
    .label(parts.value, "this is the value")
    .fix(safety, "Put the value in quotes", quoted(text, parts.value));
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
    let mut problem = Problem::new(
        ProblemKind::InvalidEscape,
        Span::new(place, place + 1 + escape.len_utf8()),
        format!("{whose} is in double quotes, where `\\{escape}` is no escape"),
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
            Some(maybe(
                Problem::new(
                    ProblemKind::ReservedCharacter,
                    parts.value,
                    format!("{whose} starts with `{first}`, so YAML takes it for {what}, and text follows"),
                )
                .fix(Safety::Safe, "Put the value in quotes", quoted(text, parts.value)),
            ))
        }
        Ok(_) => None,
        Err(open) => {
            let first = value.chars().next()?;
            let closers: String = open.iter().collect();
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

/// A line that has no key.
fn bare_line(text: &str, parts: &Parts, kind: &ErrorKind, here: bool) -> Option<Suspect> {
    if parts.key.is_some() || parts.item || parts.value.is_empty() {
        return None;
    }
    let value = parts.value.text(text);
    if value.starts_with(['#', '-', '[', ']', '{', '}', '"', '\'', '|', '>']) {
        return None;
    }
    let name_end = value.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))?;
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
        let after = rest.trim_start().get(1..).unwrap_or("");
        let after_blanks = after.len() - after.trim_start().len();
        let end = place + blanks + 1 + after_blanks;
        return Some(maybe(
            problem(
                Span::new(place + blanks, place + blanks + 1),
                format!("`{name}` is followed by `=`; between `---` lines a colon follows a key"),
            )
            .fix(
                Safety::Unsafe,
                "Write a colon",
                vec![Edit::replace(Span::new(place, end), ": ")],
            ),
        ));
    }
    let at_margin = parts.indent.is_empty();
    (here
        && at_margin
        && matches!(
            kind,
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey
        ))
    .then(|| {
        certain(problem(
            parts.value,
            "this line has no colon, so it is no `key: value`".to_owned(),
        ))
    })
}

/// A key that is indented deeper than the one before it, which has a value already.
fn indentation(text: &str, lines: &Lines, number: usize, parts: &Parts) -> Option<Suspect> {
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

/// Tabs in the indentation of lines: one problem, with one reading if every width gives the same.
fn tabs(text: &str, lines: &Lines, number: usize, kind: &ErrorKind) -> Option<Vec<Suspect>> {
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
