use std::fmt;

use anstream::ColorChoice;
use anstream::stream::RawStream;

use crate::finding::Severity;

/// How text is drawn on one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether colours are used.
    pub color: bool,
    /// Columns to fill.
    pub width: usize,
    /// Whether it is a screen, which would break a longer line in the middle of a word.
    pub screen: bool,
}

/// The colours of the terminal, by what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Something is broken.
    Error,
    /// Something to look at.
    Warning,
    /// Worth knowing.
    Info,
    /// All is well; something was added.
    Good,
    /// What a line is about.
    Strong,
    /// What may be passed over.
    Faint,
    /// A word that introduces another.
    Term,
}

/// Width where there is no terminal to ask.
const WIDTH: usize = 100;

impl Look {
    /// For `stream`; `choice` is the user's, where NO_COLOR and its kin are heard when it is `Auto`.
    pub fn of(stream: &impl RawStream, choice: ColorChoice) -> Self {
        let choice = match choice {
            ColorChoice::Auto => anstream::AutoStream::choice(stream),
            choice => choice,
        };
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|text| text.parse().ok());
        // In `copydesk check | less` the width is that of the screen all the same.
        let width = terminal_size::terminal_size()
            .map(|(width, _)| usize::from(width.0))
            .or(columns)
            .unwrap_or(WIDTH);
        Self {
            color: choice != ColorChoice::Never,
            // Long lines are hard to read on a wide screen too.
            width: width.clamp(40, 140),
            screen: stream.is_terminal(),
        }
    }

    /// Without colours.
    pub const fn plain(width: usize) -> Self {
        Self {
            color: false,
            width,
            screen: false,
        }
    }

    /// `text`, which is one line in a pipe, fit for this stream.
    pub fn line(self, text: &str, indent: &str) -> String {
        if !self.screen {
            return text.to_owned();
        }
        textwrap::fill(text, self.wrapping().subsequent_indent(indent))
    }

    /// How sentences are broken into lines: names with hyphens, addresses and paths stay whole, so that
    /// they can be copied.
    pub fn wrapping<'a>(self) -> textwrap::Options<'a> {
        textwrap::Options::new(self.width)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .break_words(false)
    }

    /// `text` in a colour.
    pub fn paint<T: fmt::Display>(self, paint: Paint, text: T) -> Painted<T> {
        Painted {
            color: self.color,
            paint,
            text,
        }
    }

    /// The colour of a severity.
    pub const fn of_severity(severity: Severity) -> Paint {
        match severity {
            Severity::Error => Paint::Error,
            Severity::Warning => Paint::Warning,
            Severity::Info => Paint::Info,
        }
    }
}

/// Text with its colour.
#[derive(Debug, Clone, Copy)]
pub struct Painted<T> {
    color: bool,
    paint: Paint,
    text: T,
}

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.color {
            return self.text.fmt(f);
        }
        let code = match self.paint {
            Paint::Error => "1;31",
            Paint::Warning => "1;33",
            Paint::Info => "1;36",
            Paint::Good => "32",
            Paint::Strong => "1",
            Paint::Faint => "2",
            Paint::Term => "36",
        };
        write!(f, "\u{1b}[{code}m")?;
        self.text.fmt(f)?;
        f.write_str("\u{1b}[0m")
    }
}

/// `1 file`, `2 files`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    let mut digits = number.to_string();
    let mut at = digits.len();
    while at > 3 {
        at -= 3;
        digits.insert(at, ',');
    }
    let word = if number == 1 { one } else { many };
    format!("{digits} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_words_agree() {
        assert_eq!(count(1, "file", "files"), "1 file");
        assert_eq!(count(0, "file", "files"), "0 files");
        assert_eq!(count(1234567, "file", "files"), "1,234,567 files");
    }
}
