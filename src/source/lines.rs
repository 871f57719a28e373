use std::sync::OnceLock;

use super::Span;

/// A place for humans and for editors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in characters (Unicode scalar values); an invalid byte counts as one.
    pub column: usize,
}

/// Which characters end a line of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
}

impl LineEnding {
    /// The characters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
        }
    }
}

/// The line end in use at `offset` of `source`, in bytes: that of its own line, else of the line before,
/// else LF.
pub fn line_ending_at(source: &[u8], offset: usize) -> LineEnding {
    let (before, after) = source.split_at(offset.min(source.len()));
    let end = memchr::memchr(b'\n', after)
        .map(|at| before.len() + at)
        .or_else(|| memchr::memrchr(b'\n', before));
    let line = end.and_then(|end| source.get(..end)).unwrap_or(&[]);
    if line.ends_with(b"\r") {
        LineEnding::CrLf
    } else {
        LineEnding::Lf
    }
}

/// Where the lines of a file start. A line ends after `\n`, or after a `\r` that no `\n` follows.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
    len: usize,
    /// The counts within long lines, made when a column is first asked for.
    marks: OnceLock<Vec<Mark>>,
}

/// How much of a line stands before a place in it.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    characters: usize,
    /// UTF-16 code units.
    units: usize,
}

/// A place within a line from which columns can be counted on: always the start of a character or
/// of a broken one.
#[derive(Debug, Clone, Copy)]
struct Mark {
    offset: usize,
    before: Counts,
}

/// At least so many bytes of a line lie between two of its marks. A page may be one line of
/// megabytes with a finding every few bytes: what is counted for each must not grow with the line.
const BETWEEN_MARKS: usize = 256;

impl LineIndex {
    /// Reads `source` once.
    pub fn new(source: &[u8]) -> Self {
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', source) {
            if source[at] == b'\n' || source.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Self {
            starts,
            len: source.len(),
            marks: OnceLock::new(),
        }
    }

    /// The 0-based number of the line that holds `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// How many lines there are; text after the last line end counts as one, even when empty.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of the 0-based line `number`, its line end included. Past the last line: empty.
    pub fn line(&self, number: usize) -> Span {
        let start = self.starts.get(number).copied().unwrap_or(self.len);
        let end = self.starts.get(number + 1).copied().unwrap_or(self.len);
        Span::new(start, end)
    }

    /// The bytes of the 0-based line `number` of `source` without its line end.
    pub fn line_content(&self, source: &[u8], number: usize) -> Span {
        let line = self.line(number);
        let bytes = line.slice(source);
        let tail = bytes
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b'\n' | b'\r'))
            .count();
        Span::new(line.start, line.end - tail.min(line.len()))
    }

    /// Line and character column of `offset` in `source`. A leading byte order mark has no column.
    pub fn position(&self, source: &[u8], offset: usize) -> Position {
        let offset = offset.min(source.len());
        Position {
            line: self.line_of(offset) + 1,
            column: 1 + self.counts_before(source, offset).characters,
        }
    }

    /// The 1-based column of `offset` in UTF-16 code units, as the Language Server Protocol and
    /// SARIF count.
    pub fn utf16_column(&self, source: &[u8], offset: usize) -> usize {
        1 + self.counts_before(source, offset.min(source.len())).units
    }

    /// How much of its line stands before `offset`.
    fn counts_before(&self, source: &[u8], offset: usize) -> Counts {
        let start = self.text_start(source, self.line_of(offset)).min(offset);
        let marks = self.marks.get_or_init(|| self.read_marks(source));
        let after = marks.partition_point(|mark| mark.offset <= offset);
        let mark = after
            .checked_sub(1)
            .and_then(|place| marks.get(place))
            .filter(|mark| mark.offset >= start);
        let (from, mut counts) = mark.map_or((start, Counts::default()), |mark| {
            (mark.offset, mark.before)
        });
        each_piece(&source[from..offset], |_, piece| counts.add(piece));
        counts
    }

    /// The marks of all lines that are long enough to have one, in file order.
    fn read_marks(&self, source: &[u8]) -> Vec<Mark> {
        let mut marks = Vec::new();
        for number in 0..self.count() {
            let line = self.line(number);
            if line.len() <= BETWEEN_MARKS {
                continue;
            }
            let start = self.text_start(source, number);
            let (mut counts, mut last) = (Counts::default(), start);
            each_piece(&source[start.min(line.end)..line.end], |at, piece| {
                if start + at - last >= BETWEEN_MARKS {
                    last = start + at;
                    marks.push(Mark {
                        offset: last,
                        before: counts,
                    });
                }
                counts.add(piece);
            });
        }
        marks
    }

    /// Where the first column of the 0-based line `number` is.
    fn text_start(&self, source: &[u8], number: usize) -> usize {
        let line = self.line(number);
        match number {
            0 if line.slice(source).starts_with(b"\xEF\xBB\xBF") => line.start + 3,
            _ => line.start,
        }
    }
}

/// A character, or a broken one.
#[derive(Debug, Clone, Copy)]
enum Piece {
    Character(char),
    /// So many bytes that are no UTF-8 and that the standard replaces by one character.
    Broken(usize),
}

impl Counts {
    fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Character(c) => {
                self.characters += 1;
                self.units += c.len_utf16();
            }
            Piece::Broken(bytes) => {
                self.characters += bytes;
                self.units += 1;
            }
        }
    }
}

/// Hands every character of `bytes` to `each`, with its offset.
fn each_piece(bytes: &[u8], mut each: impl FnMut(usize, Piece)) {
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            each(at, Piece::Character(c));
            at += c.len_utf8();
        }
        let broken = chunk.invalid().len();
        if broken > 0 {
            each(at, Piece::Broken(broken));
            at += broken;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_take_any_ending() {
        let source = "\u{feff}标题: a\r\nb\rc😀d\n".as_bytes();
        let index = LineIndex::new(source);
        assert_eq!(index.count(), 4);
        let at = |needle: &str| {
            let offset = memchr::memmem::find(source, needle.as_bytes()).unwrap();
            let position = index.position(source, offset);
            (
                position.line,
                position.column,
                index.utf16_column(source, offset),
            )
        };
        assert_eq!(at("标"), (1, 1, 1));
        assert_eq!(at("a"), (1, 5, 5));
        assert_eq!(at("b"), (2, 1, 1));
        assert_eq!(at("d"), (3, 3, 4));
        assert_eq!(index.position(source, source.len()).line, 4);
        assert_eq!(
            index.line_content(source, 0).slice(source),
            "\u{feff}标题: a".as_bytes()
        );
    }

    #[test]
    fn an_invalid_byte_is_one_column() {
        let source = b"\xFF\xFEab";
        let index = LineIndex::new(source);
        assert_eq!(index.position(source, 3).column, 4);
    }

    #[test]
    fn columns_are_the_same_however_long_the_line_is() {
        let mut source = "\u{feff}".as_bytes().to_vec();
        for number in 0..400 {
            source.extend_from_slice("文a😀é".as_bytes());
            source.extend_from_slice(b"\xE6\x96\xFF\xF0\x9F\x98");
            if number % 150 == 149 {
                source.extend_from_slice(b"\r\n");
            }
        }
        let index = LineIndex::new(&source);
        for offset in 3..=source.len() {
            let line = index.line(index.line_of(offset)).start.max(3);
            let before = &source[line..offset];
            let characters: usize = before
                .utf8_chunks()
                .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
                .sum();
            let units = String::from_utf8_lossy(before).encode_utf16().count();
            assert_eq!(index.position(&source, offset).column, 1 + characters);
            assert_eq!(index.utf16_column(&source, offset), 1 + units);
        }
        assert_eq!(index.position(&source, 1).column, 1);
        assert!(index.marks.get().is_some_and(|marks| marks.len() > 20));
    }

    #[test]
    fn the_neighbouring_line_end_is_used() {
        let source = b"a\r\nb\nc";
        for (at, long) in [(0, true), (1, true), (3, false), (5, false), (99, false)] {
            let ending = if long {
                LineEnding::CrLf
            } else {
                LineEnding::Lf
            };
            assert_eq!(line_ending_at(source, at), ending, "{at}");
        }
        assert_eq!(line_ending_at("文\r\nb".as_bytes(), 6), LineEnding::CrLf);
        assert_eq!(line_ending_at(b"\n", 0), LineEnding::Lf);
        assert_eq!(line_ending_at(b"a", 0), LineEnding::Lf);
    }
}
