//! Habits of other languages in JSON, and quotes that went missing.

use crate::finding::Safety;
use crate::frontmatter::quote::double_quoted;
use crate::frontmatter::{Problem, ProblemKind, Syntax};
use crate::source::{Edit, Span};

/// The characters of a text from `at` on.
fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or("")
}

/// `"title": "x, "a": 1`: the quote that should close the first text opens none, so that the comma
/// before it is a part of the text and a word follows where a comma is wanted.
pub(super) fn swallowed(text: &str, at: Span) -> Option<Problem> {
    let before = text.get(..at.start)?;
    // Just behind the quote that closed the text by mistake.
    let inside = before.strip_suffix('"')?;
    let kept = inside.trim_end().strip_suffix(',')?;
    let line = kept.rfind('\n').map_or(0, |eol| eol + 1);
    let opener = line + kept.get(line..)?.rfind('"')?;
    let member = rest(text, at.start);
    let name = member.find('"')?;
    let is_key = member.get(name + 1..)?.trim_start().starts_with(':')
        && member
            .get(..name)?
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    is_key.then(|| {
        Problem::new(
            ProblemKind::UnclosedQuote,
            Span::new(opener, opener + 1),
            "this text has no closing quote",
        )
        .fix(
            Safety::Unsafe,
            "Close the quote before the comma",
            vec![Edit::insert(kept.trim_end().len(), "\"")],
        )
    })
}

/// `012`, which the parser takes for two numbers.
pub(super) fn leading_zero(text: &str, at: Span) -> Option<Problem> {
    let before = text.get(..at.start)?.strip_suffix('0')?;
    let digits = rest(text, at.start)
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let alone = !before.ends_with(|c: char| c.is_ascii_digit() || c == '.');
    (alone && digits > 0).then(|| {
        Problem::new(
            ProblemKind::Other,
            Span::new(at.start - 1, at.start + digits),
            "this number starts with a zero, which no number of JSON does",
        )
        .help("Delete the zero if it is a number, or put it in quotes if it is a text.")
    })
}

/// A sign of another language or script where JSON wants a colon, a comma or a quote.
pub(super) fn foreign(text: &str, at: Span) -> Option<Problem> {
    let source = rest(text, at.start);
    let c = source.chars().next()?;
    let span = Span::new(at.start, at.start + c.len_utf8());
    let after_key = text.get(..at.start)?.trim_end().ends_with('"');
    let replaced = |wanted: &str, what: &str| {
        Problem::new(
            ProblemKind::Other,
            span,
            format!("`{c}` stands where JSON wants {what}"),
        )
        .fix(
            Safety::Safe,
            format!("Write `{wanted}`"),
            vec![Edit::replace(span, wanted)],
        )
    };
    match c {
        '=' | '：' if after_key => {
            let arrow = source.starts_with("=>");
            let span = Span::new(span.start, span.end + usize::from(arrow));
            let problem = replaced(":", "a colon");
            Some(Problem { span, ..problem }.fix(
                Safety::Safe,
                "Write `:`",
                vec![Edit::replace(span, ":")],
            ))
        }
        ';' | '，' | '、' | '；' => Some(replaced(",", "a comma")),
        '“' | '”' | '„' | '‘' | '’' | '「' => {
            let inner = source.get(c.len_utf8()..)?;
            let close = inner.find(['“', '”', '‘', '’', '」', '\n'])?;
            let word = inner.get(..close)?;
            let closer = inner.get(close..)?.chars().next()?;
            let whole = Span::new(span.start, span.end + close + closer.len_utf8());
            (closer != '\n').then(|| {
                Problem::new(
                    ProblemKind::UnbalancedQuote,
                    whole,
                    "this text is in typographic quotes, which JSON does not know",
                )
                .fix(
                    Safety::Safe,
                    "Write plain quotes",
                    vec![Edit::replace(whole, double_quoted(Syntax::Json, word))],
                )
            })
        }
        _ => None,
    }
}

/// A backslash that starts no escape of JSON, in the text that holds or starts at `at`.
pub(super) fn escape(text: &str, at: Span) -> Option<Problem> {
    let line = text.get(..at.start)?.rfind('\n').map_or(0, |eol| eol + 1);
    let source = rest(text, line).lines().next()?;
    let (mut bad, mut good, mut quoted) = (Vec::new(), 0, false);
    let mut chars = source.char_indices();
    while let Some((place, c)) = chars.next() {
        quoted ^= c == '"';
        if c != '\\' || !quoted {
            continue;
        }
        let Some((_, escape)) = chars.next() else {
            break;
        };
        let hex = source.get(place + 2..place + 6);
        let known = match escape {
            'u' => hex.is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())),
            escape => "\"\\/bfnrt".contains(escape),
        };
        match known {
            true => good += 1,
            false => bad.push((line + place, escape)),
        }
    }
    let &(first, escape) = bad.first()?;
    Some(
        Problem::new(
            ProblemKind::InvalidEscape,
            Span::new(first, first + 1 + escape.len_utf8()),
            format!("`\\{escape}` is no escape of JSON"),
        )
        .help("Double the backslash.")
        .fix(
            if good == 0 {
                Safety::Safe
            } else {
                Safety::Unsafe
            },
            "Double the backslash",
            bad.iter().map(|(at, _)| Edit::insert(*at, "\\")).collect(),
        ),
    )
}

/// A control character as JSON writes it within quotes.
pub(super) fn escaped(control: &str) -> String {
    double_quoted(Syntax::Json, control)
        .trim_matches('"')
        .to_owned()
}

/// A line end within a text whose closing quote stands on the next line.
pub(super) fn broken_line(text: &str, eol: Span) -> Option<Problem> {
    let end = eol.start + rest(text, eol.start).find('\n')? + 1;
    let next = rest(text, end).lines().next()?.trim();
    let closes = next.strip_suffix(',').unwrap_or(next);
    let closes = closes.trim_end_matches([' ', '}', ']']);
    let is_end = !next.starts_with(['"', '}', ']'])
        && closes.ends_with('"')
        && closes.matches('"').count() == 1;
    is_end.then(|| {
        Problem::new(
            ProblemKind::ControlCharacter,
            eol,
            "a line ends within a text, where JSON wants `\\n`",
        )
        .fix(
            Safety::Unsafe,
            "Write `\\n`",
            vec![Edit::replace(Span::new(eol.start, end), "\\n")],
        )
    })
}

/// What closes the innermost bracket that is open at the end of `head`.
pub(super) fn open_bracket(head: &str) -> Option<char> {
    let (mut open, mut quoted, mut escaped) = (Vec::new(), false, false);
    for c in head.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            '[' if !quoted => open.push(']'),
            '{' if !quoted => open.push('}'),
            ']' | '}' if !quoted => {
                open.pop();
            }
            _ => {}
        }
    }
    open.last().copied()
}
