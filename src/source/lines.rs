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
}

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
        let line = self.line_of(offset);
        Position {
            line: line + 1,
            column: 1 + characters(self.before(source, line, offset)),
        }
    }

    /// The 1-based column of `offset` in UTF-16 code units, as the Language Server Protocol and
    /// SARIF count.
    pub fn utf16_column(&self, source: &[u8], offset: usize) -> usize {
        let offset = offset.min(source.len());
        let before = self.before(source, self.line_of(offset), offset);
        1 + String::from_utf8_lossy(before).encode_utf16().count()
    }

    fn before<'a>(&self, source: &'a [u8], line: usize, offset: usize) -> &'a [u8] {
        let bytes = &source[self.line(line).start.min(offset)..offset];
        match line {
            0 => bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes),
            _ => bytes,
        }
    }
}

fn characters(bytes: &[u8]) -> usize {
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
        .sum()
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
