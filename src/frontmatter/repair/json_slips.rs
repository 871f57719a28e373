//! Habits of other languages in JSON, and quotes that went missing.

use super::doubled_backslashes;
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

/// What a line of JSON is made of around its quotes.
struct QuotedLine<'t> {
    /// Where the line starts, in bytes of the file.
    start: usize,
    source: &'t str,
}

impl QuotedLine<'_> {
    fn before(&self, at: usize) -> &str {
        self.source.get(..at).unwrap_or("").trim_end()
    }

    fn after(&self, at: usize) -> &str {
        self.source.get(at..).unwrap_or("").trim_start()
    }

    /// The offsets of the quotes that no backslash precedes.
    fn quotes(&self) -> Vec<usize> {
        let (mut found, mut escaped) = (Vec::new(), false);
        for (at, byte) in self.source.bytes().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => found.push(at),
                _ => {}
            }
        }
        found
    }

    /// Whether a key can start at `at`.
    fn is_member(&self, at: usize) -> bool {
        let before = self.before(at);
        before.is_empty() || before.ends_with(['{', ','])
    }

    /// Whether what stands before `at` is the colon of a key.
    fn is_value(&self, at: usize) -> bool {
        self.before(at)
            .strip_suffix(':')
            .is_some_and(|key| key.trim_end().ends_with('"'))
    }

    fn opens(&self, at: usize) -> bool {
        self.is_member(at) || self.before(at).ends_with([':', '['])
    }

    fn closes(&self, at: usize) -> bool {
        let after = self.after(at + 1);
        after.is_empty() || after.starts_with([':', ',', '}', ']'])
    }

    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.start + from, self.start + to)
    }
}

fn quoted_line(text: &str, content: usize, at: usize) -> Option<QuotedLine<'_>> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |eol| eol + 1);
    let start = start.max(content);
    let source = rest(text, start).lines().next()?;
    Some(QuotedLine { start, source })
}

/// How many letters, digits, `_` and `-` of `source` come first.
fn name_length(source: &str) -> usize {
    source
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
        .unwrap_or(source.len())
}

/// Repairs of the quotes in the line that holds `at`, the likeliest first; each is to be tried.
pub(super) fn quotes(text: &str, content: usize, at: usize) -> Vec<Problem> {
    let Some(line) = quoted_line(text, content, at) else {
        return Vec::new();
    };
    let problem = |kind, span: Span, words: &str, title: &str, edits| {
        Problem::new(kind, span, words).fix(Safety::Unsafe, title, edits)
    };
    let found = line.quotes();
    let mut repairs = Vec::new();
    let key_end = found.iter().find_map(|at| {
        let name = line.source.get(at + 1..)?;
        let length = name_length(name);
        let open = length > 0 && line.is_member(*at) && name.get(length..)?.starts_with(':');
        open.then_some((*at, at + 1 + length))
    });
    if let Some((at, end)) = key_end {
        repairs.push(problem(
            ProblemKind::UnclosedQuote,
            line.span(at, at + 1),
            "this key has no closing quote",
            "Close the quote before the colon",
            vec![Edit::insert(line.start + end, "\"")],
        ));
    }
    let key_start = found.iter().find_map(|at| {
        let before = line.source.get(..*at)?;
        let name = before.rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
        let start = name.map_or(0, |sign| sign + before.get(sign..).map_or(0, first_length));
        let bare = start < *at && line.is_member(start) && line.after(at + 1).starts_with(':');
        bare.then_some((start, *at))
    });
    if let Some((start, end)) = key_start {
        repairs.push(problem(
            ProblemKind::UnclosedQuote,
            line.span(start, end + 1),
            "this key has no opening quote",
            "Open the quote before the key",
            vec![Edit::insert(line.start + start, "\"")],
        ));
    }
    if let Some(problem) = closed_on_next(text, content, &line) {
        repairs.push(problem);
    }
    // A value between its colon and what ends it.
    for (colon, _) in line.source.match_indices(':') {
        let value = line.after(colon + 1);
        let start = line.source.len() - value.len();
        if !line.is_value(start) || value.starts_with(['"', '[', '{', '\'']) {
            continue;
        }
        let length = value.find([',', '}', ']']).unwrap_or(value.len());
        let value = value.get(..length).unwrap_or("").trim_end();
        let span = line.span(start, start + value.len());
        if value.matches('"').count() == 1 && value.ends_with('"') {
            repairs.push(problem(
                ProblemKind::UnclosedQuote,
                span,
                "this text has no opening quote",
                "Open the quote before the text",
                vec![Edit::insert(span.start, "\"")],
            ));
        }
        let is_date = value.starts_with(|c: char| c.is_ascii_digit())
            && value.contains(['-', '/', ':'])
            && !value.contains('"');
        if is_date {
            repairs.push(problem(
                ProblemKind::Other,
                span,
                "this is no number of JSON, and a text needs double quotes",
                "Put the value in quotes",
                vec![Edit::replace(span, double_quoted(Syntax::Json, value))],
            ));
        }
    }
    let inside = inner_quotes(&line, &found);
    if let Some(first) = inside.first() {
        repairs.push(problem(
            ProblemKind::UnbalancedQuote,
            line.span(*first, first + 1),
            "this quote stands inside a text, and JSON takes it for the closing one",
            "Escape the quotes inside",
            inside
                .iter()
                .map(|at| Edit::insert(line.start + at, "\\"))
                .collect(),
        ));
    }
    repairs
}

/// A text of the line before that is not closed there, so that the first quote of this line is
/// taken for its end.
fn closed_on_next(text: &str, content: usize, line: &QuotedLine<'_>) -> Option<Problem> {
    let before = quoted_line(text, content, line.start.checked_sub(1)?)?;
    let quotes = before.quotes();
    let last = quotes.last().filter(|_| quotes.len() % 2 == 1)?;
    let source = before.source.trim_end();
    let (source, closer) = match source.strip_suffix(',') {
        Some(source) => (source.trim_end(), "\""),
        None if line.source.trim_start().starts_with('"') => (source, "\","),
        None => (source, "\""),
    };
    Some(
        Problem::new(
            ProblemKind::UnclosedQuote,
            before.span(*last, last + 1),
            "this text has no closing quote",
        )
        .fix(
            Safety::Unsafe,
            "Close the quote at the end of the line",
            vec![Edit::insert(before.start + source.len(), closer)],
        ),
    )
}

/// The bytes of the first character.
fn first_length(source: &str) -> usize {
    source.chars().next().map_or(0, char::len_utf8)
}

/// The quotes between one that opens a text and the next that can close it; none where one of them
/// seems to close the text before something else that JSON does not know.
fn inner_quotes(line: &QuotedLine<'_>, quotes: &[usize]) -> Vec<usize> {
    let (mut inside, mut open) = (Vec::new(), false);
    for at in quotes {
        match open {
            false => open = line.opens(*at),
            true if line.closes(*at) => open = false,
            true => inside.push(*at),
        }
    }
    let opens_word = |at: &usize| {
        let after = line.source.get(at + 1..).unwrap_or("");
        after.starts_with(char::is_alphanumeric)
    };
    match inside.iter().step_by(2).all(opens_word) {
        true => inside,
        false => Vec::new(),
    }
}

/// A line with an odd number of quotes that no repair mends.
pub(super) fn unpaired(text: &str, start: usize) -> Option<Problem> {
    let line = quoted_line(text, start, start)?;
    let quotes = line.quotes();
    let last = quotes.last().filter(|_| quotes.len() % 2 == 1)?;
    Some(
        Problem::new(
            ProblemKind::UnclosedQuote,
            line.span(*last, last + 1),
            "a quote of this line has no counterpart",
        )
        .help(
            "Write the quote that is missing, or a backslash before one that is a part of a text.",
        ),
    )
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
    let problem = Problem::new(
        ProblemKind::InvalidEscape,
        Span::new(first, first + 1 + escape.len_utf8()),
        format!("`\\{escape}` is no escape of JSON"),
    )
    .help("Double the backslash.");
    let places = bad.iter().map(|(at, _)| *at);
    Some(doubled_backslashes(problem, places, good == 0))
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
