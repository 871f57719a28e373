//! A small text that stands for a place in a file: a few lines around it, each clipped to the width
//! of the screen, with invisible characters made visible.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::source::{LineIndex, Position, Span};

/// A place to underline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the file.
    pub span: Span,
    /// What to write under it.
    pub message: Option<String>,
}

/// The text, and where the marks lie in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Lines, each with its line end, in groups of consecutive lines of the file; the group of the
    /// first mark comes first.
    pub text: String,
    /// The groups, in bytes of `text`.
    pub groups: Vec<Group>,
    /// For each mark its place in `text` and in the file, in the order given.
    pub marks: Vec<Placed>,
}

/// Consecutive lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Bytes of the excerpt's text.
    pub range: Range<usize>,
    /// 0-based number of the first line in the file.
    pub line: usize,
    /// How many lines.
    pub count: usize,
}

/// A mark in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Bytes of the excerpt's text.
    pub range: Range<usize>,
    /// Where it starts in the file.
    pub position: Position,
    /// What to write under it.
    pub message: Option<String>,
}

const TAB: &str = "    ";
const ELLIPSIS: &str = "…";

/// Builds the excerpt of `source` around `marks` with lines of at most `width` columns.
pub fn excerpt(source: &[u8], lines: &LineIndex, marks: &[Mark], width: usize) -> Excerpt {
    let width = width.max(20);
    let own: Vec<usize> = marks
        .iter()
        .map(|mark| lines.line_of(mark.span.start.min(source.len())))
        .collect();
    let mut excerpt = Excerpt {
        marks: marks
            .iter()
            .map(|mark| Placed {
                range: 0..0,
                position: lines.position(source, mark.span.start),
                message: mark.message.clone(),
            })
            .collect(),
        ..Excerpt::default()
    };
    for group in grouped(source, lines, &own) {
        let start = excerpt.text.len();
        for line in group.clone() {
            let content = lines.line_content(source, line);
            let here: Vec<usize> = (0..marks.len())
                .filter(|at| own.get(*at) == Some(&line))
                .collect();
            draw_line(&mut excerpt, source, content, marks, &here, width);
            excerpt.text.push('\n');
        }
        excerpt.groups.push(Group {
            range: start..excerpt.text.len(),
            line: group.start,
            count: group.len(),
        });
    }
    excerpt
}

/// The lines to show: those of the marks with one line of context, in groups without gaps. A blank
/// line at the edge of a group says nothing and is left out.
fn grouped(source: &[u8], lines: &LineIndex, own: &[usize]) -> Vec<Range<usize>> {
    let blank = |line: usize| {
        let content = lines.line_content(source, line);
        content.slice(source).iter().all(u8::is_ascii_whitespace)
    };
    let mut sorted = own.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut groups: Vec<Range<usize>> = Vec::new();
    for line in sorted {
        let start = match line.checked_sub(1) {
            Some(before) if !blank(before) => before,
            _ => line,
        };
        let next = line + 1;
        let end = if next < lines.count() && !blank(next) {
            next + 1
        } else {
            next
        };
        match groups.last_mut() {
            Some(last) if last.end >= start => last.end = last.end.max(end),
            _ => groups.push(start..end),
        }
    }
    if let Some(first) = own.first()
        && let Some(at) = groups.iter().position(|group| group.contains(first))
    {
        let main = groups.remove(at);
        groups.insert(0, main);
    }
    groups
}

/// One character of the file as it is shown.
struct Cell {
    text: Shown,
    bytes: Range<usize>,
    width: usize,
}

enum Shown {
    Char(char),
    Text(String),
}

fn draw_line(
    excerpt: &mut Excerpt,
    source: &[u8],
    line: Span,
    marks: &[Mark],
    here: &[usize],
    width: usize,
) {
    let clipped: Vec<(usize, Span)> = here
        .iter()
        .filter_map(|&at| {
            let span = marks.get(at)?.span;
            let start = span.start.clamp(line.start, line.end);
            Some((at, Span::new(start, span.end.clamp(start, line.end))))
        })
        .collect();
    let focus = clipped
        .first()
        .map_or(Span::empty(line.start), |(_, span)| *span);
    let message = clipped
        .iter()
        .filter_map(|(at, _)| marks.get(*at)?.message.as_deref())
        .map(UnicodeWidthStr::width)
        .max()
        .unwrap_or(0);
    let (cells, before, after) = window(source, line, focus, message, width);
    if before {
        excerpt.text.push_str(ELLIPSIS);
    }
    let first = excerpt.text.len();
    let mut places = Vec::with_capacity(cells.len());
    for cell in &cells {
        places.push((cell.bytes.clone(), excerpt.text.len()));
        match &cell.text {
            Shown::Char(c) => excerpt.text.push(*c),
            Shown::Text(text) => excerpt.text.push_str(text),
        }
    }
    let last = excerpt.text.len();
    if after {
        excerpt.text.push_str(ELLIPSIS);
    }
    let end = excerpt.text.len();
    // Where the byte at `offset` is shown; what is clipped away lies at its ellipsis.
    let place = |offset: usize| -> usize {
        let at = places.partition_point(|(bytes, _)| bytes.end <= offset);
        match places.get(at) {
            Some((bytes, _)) if at == 0 && offset < bytes.start && before => first - ELLIPSIS.len(),
            Some((_, text)) => *text,
            None => last,
        }
    };
    for (at, span) in clipped {
        let shown_until = cells.last().map_or(line.start, |cell| cell.bytes.end);
        let start = place(span.start);
        let stop = if after && span.end > shown_until {
            end
        } else {
            place(span.end)
        };
        if let Some(mark) = excerpt.marks.get_mut(at) {
            mark.range = start..stop.max(start);
        }
    }
}

/// The cells of `line` that fit into `width` columns with `focus` among them, and whether something
/// is left out before and after. `message` columns are kept free right of the focus.
fn window(
    source: &[u8],
    line: Span,
    focus: Span,
    message: usize,
    width: usize,
) -> (Vec<Cell>, bool, bool) {
    // No character takes more than four bytes, so a line this short may fit.
    let room_for_message = |used: usize| message == 0 || used + 4 + message <= width;
    if line.len() <= width * 4 {
        let cells = cells(source, line.start, line.end);
        let total: usize = cells.iter().map(|cell| cell.width).sum();
        let until_focus: usize = cells
            .iter()
            .filter(|cell| cell.bytes.start < focus.start + focus.len() / 2)
            .map(|cell| cell.width)
            .sum();
        if total <= width && room_for_message(until_focus) {
            return (cells, false, false);
        }
    }
    let inner = width.saturating_sub(2);
    let ahead = cells(source, focus.start, line.end.min(focus.start + inner * 4));
    let mut focus_width = 0;
    let mut ahead_width = 0;
    for cell in &ahead {
        ahead_width += cell.width;
        if cell.bytes.start < focus.end {
            focus_width += cell.width;
        }
    }
    let focus_width = focus_width.min(inner * 2 / 3);
    let mut left = ((inner - focus_width) / 2).max(inner.saturating_sub(ahead_width));
    if message > 0 {
        left = left.min(inner.saturating_sub(focus_width / 2 + 4 + message));
    }
    let from = boundary(source, line.start, focus.start.saturating_sub(left * 4));
    let mut behind = cells(source, from, focus.start);
    let mut taken = 0;
    let mut keep = behind.len();
    while let Some(cell) = keep.checked_sub(1).and_then(|at| behind.get(at)) {
        if taken + cell.width > left {
            break;
        }
        taken += cell.width;
        keep -= 1;
    }
    // A window does not start with a mark that belongs to the character before it.
    while behind.get(keep).is_some_and(|cell| cell.width == 0) {
        keep += 1;
    }
    let mut shown = behind.split_off(keep.min(behind.len()));
    let start = shown.first().map_or(focus.start, |cell| cell.bytes.start);
    let mut used: usize = taken;
    for cell in ahead {
        if used + cell.width > inner {
            break;
        }
        used += cell.width;
        shown.push(cell);
    }
    let end = shown.last().map_or(focus.start, |cell| cell.bytes.end);
    let hidden_before = start > line.start && start > line.start + bom(source, line.start);
    (shown, hidden_before, end < line.end)
}

/// The first character boundary at or after `at`, not before `floor`.
fn boundary(source: &[u8], floor: usize, at: usize) -> usize {
    let at = at.max(floor);
    let skip = source
        .iter()
        .skip(at)
        .take(3)
        .take_while(|byte| at > floor && (0x80..0xC0).contains(*byte))
        .count();
    at + skip
}

fn bom(source: &[u8], at: usize) -> usize {
    if at == 0 && source.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    }
}

fn cells(source: &[u8], start: usize, end: usize) -> Vec<Cell> {
    let mut at = start + bom(source, start).min(end.saturating_sub(start));
    let mut cells = Vec::new();
    for chunk in Span::new(at, end).slice(source).utf8_chunks() {
        for c in chunk.valid().chars() {
            let bytes = at..at + c.len_utf8();
            at = bytes.end;
            cells.push(cell(c, bytes));
        }
        for byte in chunk.invalid() {
            cells.push(text_cell(format!("\\x{byte:02X}"), at..at + 1));
            at += 1;
        }
    }
    cells
}

fn cell(c: char, bytes: Range<usize>) -> Cell {
    match visible(c) {
        Some(text) => text_cell(text, bytes),
        None => Cell {
            text: Shown::Char(c),
            width: c.width().unwrap_or(0),
            bytes,
        },
    }
}

fn text_cell(text: String, bytes: Range<usize>) -> Cell {
    Cell {
        width: text.width(),
        text: Shown::Text(text),
        bytes,
    }
}

/// How a character is written that would not be seen, or would disturb the screen: controls as
/// their pictures, what has no width or turns the writing around by its number. The zero-width
/// joiners stay: they are part of how words and pictures are written.
fn visible(c: char) -> Option<String> {
    match c {
        '\t' => Some(TAB.to_owned()),
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).map(String::from),
        '\u{7f}' => Some("\u{2421}".to_owned()),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' => Some(format!("<U+{:04X}>", c as u32)),
        _ => None,
    }
}

/// `text` on one line, fit to be printed: control characters made visible.
pub fn printable(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match (c, visible(c)) {
            ('\n' | '\t', _) => out.push(' '),
            (_, Some(shown)) => out.push_str(&shown),
            (c, None) => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(source: &str, needle: &str, width: usize) -> (String, String) {
        let at = source.find(needle).unwrap();
        let mark = Mark {
            span: Span::new(at, at + needle.len()),
            message: None,
        };
        let index = LineIndex::new(source.as_bytes());
        let excerpt = excerpt(source.as_bytes(), &index, &[mark], width);
        let marked = excerpt.text[excerpt.marks[0].range.clone()].to_owned();
        (excerpt.text, marked)
    }

    #[test]
    fn short_lines_are_shown_whole_with_their_neighbours() {
        let (text, marked) = show("a\nb 标题 c\n\nd\n", "标题", 40);
        assert_eq!(text, "a\nb 标题 c\n");
        assert_eq!(marked, "标题");
    }

    #[test]
    fn long_lines_are_clipped_around_the_mark() {
        let long = format!("{}<b>这里</b>{}", "前".repeat(3000), "后".repeat(3000));
        let (text, marked) = show(&long, "<b>这里</b>", 60);
        assert_eq!(marked, "<b>这里</b>");
        assert!(text.trim_end().width() <= 60, "{text}");
        assert!(text.width() > 50, "the width is used: {text}");
        assert!(
            text.starts_with("…前") && text.trim_end().ends_with("后…"),
            "{text}"
        );
    }

    #[test]
    fn a_mark_wider_than_the_window_is_clipped_at_its_end() {
        let long = format!("a <p>{}</p> z", "x".repeat(500));
        let (text, marked) = show(&long, &long[2..long.len() - 2], 50);
        assert!(
            text.starts_with("a <p>xx") && text.trim_end().ends_with('…'),
            "{text}"
        );
        assert!(
            marked.starts_with("<p>") && marked.ends_with('…'),
            "{marked}"
        );
        assert!(text.trim_end().width() <= 50);
    }

    #[test]
    fn a_mark_at_the_end_of_a_long_line_uses_the_room_on_its_left() {
        let long = format!("{}END", "y".repeat(500));
        let (text, marked) = show(&long, "END", 50);
        assert_eq!(marked, "END");
        assert!(text.trim_end().width() >= 48, "{text}");
        assert!(text.trim_end().ends_with("END"));
    }

    #[test]
    fn what_is_invisible_is_made_visible() {
        let (text, marked) = show("a\u{202e}b\u{0}c\u{200b}\td", "b\u{0}c", 60);
        assert_eq!(text, "a<U+202E>b␀c<U+200B>    d\n");
        assert_eq!(marked, "b␀c");
    }

    #[test]
    fn invalid_bytes_are_shown_by_their_value() {
        let source = b"ab\xFF\xFEc";
        let index = LineIndex::new(source);
        let mark = Mark {
            span: Span::new(3, 4),
            message: None,
        };
        let excerpt = excerpt(source, &index, &[mark], 40);
        assert_eq!(excerpt.text, "ab\\xFF\\xFEc\n");
        assert_eq!(&excerpt.text[excerpt.marks[0].range.clone()], "\\xFE");
        assert_eq!(excerpt.marks[0].position.column, 4);
    }

    #[test]
    fn the_byte_order_mark_is_not_shown() {
        let (text, _) = show("\u{feff}title", "title", 40);
        assert_eq!(text, "title\n");
    }

    #[test]
    fn distant_marks_make_groups_and_the_first_comes_first() {
        let source = "title: a\nx\ny\nz\nw\ntitle: b\n";
        let index = LineIndex::new(source.as_bytes());
        let second = source.rfind("title").unwrap();
        let mark = |at| Mark {
            span: Span::new(at, at + 5),
            message: Some("here".to_owned()),
        };
        let excerpt = excerpt(source.as_bytes(), &index, &[mark(second), mark(0)], 40);
        let lines: Vec<usize> = excerpt.groups.iter().map(|group| group.line).collect();
        assert_eq!(lines, [4, 0]);
        for placed in &excerpt.marks {
            assert_eq!(&excerpt.text[placed.range.clone()], "title");
        }
    }

    #[test]
    fn nothing_panics_on_arbitrary_places() {
        let source = "\u{feff}a\u{301}文😀👨‍👩‍👧\r\n\t\u{85}\n\r终".as_bytes();
        let index = LineIndex::new(source);
        for start in 0..=source.len() + 2 {
            for end in start..=source.len() + 2 {
                for width in [0, 20, 21, 80] {
                    let mark = Mark {
                        span: Span::new(start, end),
                        message: (end % 2 == 0).then(|| "m".repeat(end)),
                    };
                    let excerpt = excerpt(source, &index, &[mark], width);
                    let range = excerpt.marks[0].range.clone();
                    assert!(excerpt.text.get(range).is_some(), "{start}..{end}");
                }
            }
        }
    }
}
