//! Code in the raw HTML of Markdown.
//!
//! CommonMark knows none there. But kramdown, MkDocs and others read Markdown inside of elements, and
//! a fence that stands under a tag becomes one again as soon as that tag goes: whoever wrote it
//! meant code.

use std::ops::Range;

use crate::source::MaskKind;

/// What holds no Markdown in any dialect: how it starts, and how it ends.
const VERBATIM: [(&str, &str); 6] = [
    ("<!--", "-->"),
    ("<?", "?>"),
    ("<script", "</script"),
    ("<style", "</style"),
    ("<pre", "</pre"),
    ("<textarea", "</textarea"),
];

/// The start of a fenced code block.
#[derive(Debug, Clone, Copy)]
struct Fence {
    sign: u8,
    length: usize,
    start: usize,
}

/// Looks for code in the blocks of raw HTML of a text, one after the other.
#[derive(Debug)]
pub(super) struct RawCode<'t> {
    text: &'t str,
    /// Where the last block of code ends.
    end: usize,
    /// For each sign of a fence, the length from which on nothing closes one that is still open.
    unclosed: [usize; 2],
}

impl<'t> RawCode<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            end: 0,
            unclosed: [usize::MAX; 2],
        }
    }

    /// Adds the code in the block of these lines to `found`: fences, up to the one that closes them
    /// or to the block's end, and tags in backticks.
    pub(super) fn find(
        &mut self,
        lines: &[Range<usize>],
        found: &mut Vec<(Range<usize>, MaskKind)>,
    ) {
        let mut fence: Option<Fence> = None;
        let mut verbatim: Option<&str> = None;
        for range in lines {
            let Some(part) = self.text.get(range.clone()) else {
                continue;
            };
            let mut start = range.start;
            for line in part.split_inclusive('\n') {
                let at = start;
                start += line.len();
                if at < self.end {
                    continue;
                }
                let end = at + line.trim_end().len();
                if let Some(open) = fence {
                    if closes(line, open) {
                        found.push((open.start..end, MaskKind::FencedCode));
                        fence = None;
                    }
                } else if verbatim.is_none()
                    && let Some(open) = opens(line, at).or_else(|| opens_after_tags(line, at))
                {
                    fence = Some(open);
                } else {
                    verbatim = spans(line, at, verbatim, found);
                }
            }
        }
        if let Some(open) = fence {
            let block = lines.last().map_or(open.start, |line| line.end);
            // A blank line ends the raw HTML, not the code.
            self.end = self.closing(open, block).unwrap_or(block);
            found.push((open.start..self.end, MaskKind::FencedCode));
        }
    }

    /// The end of the line from `from` on that closes `open`.
    fn closing(&mut self, open: Fence, from: usize) -> Option<usize> {
        let unclosed = self.unclosed.get_mut(usize::from(open.sign == b'~'))?;
        if open.length >= *unclosed {
            return None;
        }
        let mut at = from;
        for line in self.text.get(from..)?.split_inclusive('\n') {
            if closes(line.trim_start_matches(['>', ' ', '\t']), open) {
                return Some(at + line.trim_end().len());
            }
            at += line.len();
        }
        *unclosed = open.length;
        None
    }
}

/// The fence that `line`, which is at `at`, opens.
fn opens(line: &str, at: usize) -> Option<Fence> {
    let text = line.trim_start();
    let sign = text.bytes().next().filter(|b| matches!(b, b'`' | b'~'))?;
    let length = run(text.as_bytes(), sign);
    let info = text.get(length..)?;
    (length >= 3 && !(sign == b'`' && info.contains('`'))).then_some(Fence {
        sign,
        length,
        start: at + line.len() - text.len(),
    })
}

/// The fence that stands behind the tags at the start of `line`: without them it opens code.
fn opens_after_tags(line: &str, at: usize) -> Option<Fence> {
    let mut rest = line;
    while let text = rest.trim_start()
        && text.starts_with('<')
        && !VERBATIM.iter().any(|(start, _)| starts_with(text, start))
        && let length = tag_length(text.as_bytes())
        && length > 1
    {
        rest = text.get(length..)?;
    }
    let fence = opens(rest, at + line.len() - rest.len());
    fence.filter(|_| rest.len() < line.len() && !rest.contains('<'))
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn closes(line: &str, open: Fence) -> bool {
    let text = line.trim().as_bytes();
    let length = run(text, open.sign);
    length >= open.length && length == text.len()
}

/// How often `sign` is at the start of `bytes`.
fn run(bytes: &[u8], sign: u8) -> usize {
    bytes.iter().take_while(|&&b| b == sign).count()
}

/// Adds the backticks in `line`, which is at `at`, that hold a tag. `verbatim` is the end of what is
/// open before the line; gives that of what is open after it.
fn spans(
    line: &str,
    at: usize,
    mut verbatim: Option<&'static str>,
    found: &mut Vec<(Range<usize>, MaskKind)>,
) -> Option<&'static str> {
    let bytes = line.as_bytes();
    // No tag ends after this place, so that a line of `<` is not searched to its end for each.
    let last_end = memchr::memrchr(b'>', bytes).unwrap_or(0);
    let mut here = 0;
    while let Some(rest) = bytes.get(here..).filter(|rest| !rest.is_empty()) {
        if let Some(end) = verbatim {
            let Some(length) = find(rest, end) else {
                return verbatim;
            };
            here += length + end.len();
            verbatim = None;
            continue;
        }
        here += match rest.first() {
            Some(b'`') => {
                let ticks = run(rest, b'`');
                let length = span_length(rest, ticks);
                if let Some(length) = length
                    && rest.get(..length).is_some_and(|code| code.contains(&b'<'))
                {
                    found.push((at + here..at + here + length, MaskKind::InlineCode));
                }
                length.unwrap_or(ticks)
            }
            Some(b'<') => {
                let start = VERBATIM.iter().find(|(start, _)| {
                    rest.get(..start.len())
                        .is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
                });
                verbatim = start.map(|(_, end)| *end);
                match start {
                    Some((start, _)) => start.len(),
                    None if here > last_end => 1,
                    None => tag_length(rest),
                }
            }
            _ => rest
                .iter()
                .position(|b| matches!(b, b'`' | b'<'))
                .unwrap_or(rest.len()),
        };
    }
    verbatim
}

/// The length of the code between runs of `ticks` backticks, the first of which `rest` starts with.
fn span_length(rest: &[u8], ticks: usize) -> Option<usize> {
    let mut at = ticks;
    loop {
        at += memchr::memchr(b'`', rest.get(at..)?)?;
        let length = run(rest.get(at..)?, b'`');
        at += length;
        if length == ticks {
            return Some(at);
        }
    }
}

/// The length of the tag that `rest` starts with, so that its quotes hold no code; 1 if it does not
/// end on its line.
pub(super) fn tag_length(rest: &[u8]) -> usize {
    let mut quote = None;
    for (at, &byte) in rest.iter().enumerate() {
        match (byte, quote) {
            (b'>', None) => return at + 1,
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    1
}

/// Where `what` is in `text`, in whatever case.
pub(super) fn find(text: &[u8], what: &str) -> Option<usize> {
    text.windows(what.len())
        .position(|part| part.eq_ignore_ascii_case(what.as_bytes()))
}
