use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// How many columns of a value a message quotes.
const QUOTED: usize = 80;
/// How many columns a message has at most: its start and its end stay.
const START: usize = 320;
const END: usize = 80;

/// A message whose values between backticks are cut to [`QUOTED`] columns, and which is not longer
/// than some lines: what a file holds may be of any length. One that is short enough stays as it is.
pub fn clipped(message: String) -> String {
    if message.len() <= QUOTED {
        return message;
    }
    let parts: Vec<Cow<'_, str>> = message
        .split('`')
        .enumerate()
        .map(|(number, part)| match number % 2 {
            1 => cut(part, QUOTED),
            _ => Cow::Borrowed(part),
        })
        .collect();
    let text = parts.join("`");
    if taken(&text, START + END).len() == text.len() {
        return text;
    }
    let tail: String = text.chars().rev().collect();
    let tail: String = taken(&tail, END).chars().rev().collect();
    format!("{}…{tail}", taken(&text, START - 1))
}

/// A message as it is shown: [`clipped`], and begun with a capital, whoever wrote it.
pub fn sentence(message: String) -> String {
    let mut message = clipped(message);
    // A name such as `iOS` is written as it is.
    if message.chars().nth(1).is_none_or(|c| !c.is_uppercase())
        && let Some(first) = message.get_mut(..1)
    {
        first.make_ascii_uppercase();
    }
    message
}

fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    match taken(text, columns).len() == text.len() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("{}…", taken(text, columns - 1).trim_end())),
    }
}

/// The start of `text` that has so many columns, and not much more characters: some have no width.
fn taken(text: &str, columns: usize) -> &str {
    let mut width = 0;
    let end = text
        .char_indices()
        .enumerate()
        .find_map(|(number, (at, c))| {
            width += c.width().unwrap_or(1);
            (width > columns || number >= 4 * columns).then_some(at)
        });
    text.get(..end.unwrap_or(text.len())).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_values_are_cut_and_words_stay() {
        let short = "`标题` stands twice in `tags`";
        assert_eq!(clipped(short.to_owned()), short);
        let long = clipped(format!(
            "`{}` is not a date: `{}`",
            "九".repeat(1 << 20),
            "a"
        ));
        assert_eq!(long, format!("`{}…` is not a date: `a`", "九".repeat(39)));
        let words = "It is said in words, at some length, what is wrong with this line and why. ";
        assert_eq!(clipped(words.repeat(3)), words.repeat(3));
    }

    #[test]
    fn a_message_begins_with_a_capital() {
        for (message, shown) in [
            ("the key stands twice", "The key stands twice"),
            ("`title` is missing", "`title` is missing"),
            ("iOS has no such key", "iOS has no such key"),
            ("标题", "标题"),
            ("", ""),
        ] {
            assert_eq!(sentence(message.to_owned()), shown);
        }
    }

    #[test]
    fn no_message_is_longer_than_some_lines() {
        for piece in ["a", "文", "\"", "` ", "e\u{301}\r\n", "\u{301}"] {
            let message = clipped(format!("{}: the end", piece.repeat(100_000)));
            assert!(message.chars().count() <= 4 * (START + END), "{message}");
            assert!(message.ends_with(": the end"), "{message}");
        }
    }
}
