//! One document: its bytes, and what was read from them, each part when it is first asked for.

mod source_url;

use std::cell::OnceCell;
use std::sync::Arc;

use crate::frontmatter::{self, FrontMatter};
use crate::html::{Arena, EarlierCode};
use crate::markdown::{self, Format};
use crate::source::{self, Encoding, LineEnding, LineIndex, Mask, Span};

pub use source_url::host_of;

/// A file's content and everything that is known of it.
#[derive(Debug)]
pub struct Document {
    path: Arc<str>,
    content: Content,
    format: Format,
    encoding: Encoding,
    lines: OnceCell<LineIndex>,
    front_matter: OnceCell<FrontMatter>,
    mask: OnceCell<Mask>,
    arena: OnceCell<Arena>,
    earlier: Option<Arc<EarlierCode>>,
    /// The line end of what the document was, where it has no line left that shows one.
    former_line_ending: LineEnding,
}

/// Bytes that were looked through once for what is not UTF-8.
#[derive(Debug)]
enum Content {
    Text(String),
    Other(Vec<u8>),
}

impl Document {
    /// A document at `path` (as it is printed, with `/`), in the format of [`Self::format_of`].
    pub fn new(path: impl Into<Arc<str>>, bytes: Vec<u8>) -> Self {
        let path = path.into();
        let format = Self::format_of(&path);
        let (encoding, content) = match String::from_utf8(bytes) {
            Ok(text) => (Encoding::Utf8, Content::Text(text)),
            Err(error) => {
                let bytes = error.into_bytes();
                (source::detect(&bytes), Content::Other(bytes))
            }
        };
        Self {
            encoding,
            path,
            content,
            format,
            lines: OnceCell::new(),
            front_matter: OnceCell::new(),
            mask: OnceCell::new(),
            arena: OnceCell::new(),
            earlier: None,
            former_line_ending: LineEnding::Lf,
        }
    }

    /// The same as a part of a page whose code so far is `earlier`, and whose rest is not known.
    pub fn part_of_page(mut self, earlier: Arc<EarlierCode>) -> Self {
        self.earlier = Some(earlier);
        self
    }

    /// Whether it is a part of a page whose rest is not known.
    pub fn is_part(&self) -> bool {
        self.earlier.is_some()
    }

    /// The format that the ending of `path` tells: `.html` and `.htm` are HTML, `.mdx` is MDX, all
    /// else is Markdown.
    pub fn format_of(path: &str) -> Format {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        if ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm") {
            Format::Html
        } else if ending.eq_ignore_ascii_case("mdx") {
            Format::Mdx
        } else {
            Format::Markdown
        }
    }

    /// The format of content that has no path, told by its first bytes: HTML where a doctype, `html`,
    /// `head` or `body` stands first, white space and comments aside; else Markdown.
    pub fn format_by_start(bytes: &[u8]) -> Format {
        let mut rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        loop {
            rest = rest.trim_ascii_start();
            let Some(comment) = rest.strip_prefix(b"<!--") else {
                break;
            };
            rest = memchr::memmem::find(comment, b"-->")
                .and_then(|end| comment.get(end + 3..))
                .unwrap_or(&[]);
        }
        let starts = |tag: &str| {
            let (start, after) = rest.split_at(rest.len().min(tag.len()));
            let ends = after
                .first()
                .is_none_or(|byte| !byte.is_ascii_alphanumeric());
            start.eq_ignore_ascii_case(tag.as_bytes()) && ends
        };
        if ["<!doctype html", "<html", "<head", "<body"]
            .into_iter()
            .any(starts)
        {
            Format::Html
        } else {
            Format::Markdown
        }
    }

    /// The same document with other content.
    pub fn with_bytes(&self, bytes: Vec<u8>) -> Self {
        let mut other = Self::new(self.path.clone(), bytes);
        other.earlier.clone_from(&self.earlier);
        other.former_line_ending = self.line_ending_at(0);
        other
    }

    /// The line end in use at `offset`, in bytes: that of its own line, else of the line before, else
    /// the one that the document had before an edit took its last line end.
    pub fn line_ending_at(&self, offset: usize) -> LineEnding {
        match memchr::memchr(b'\n', self.bytes()) {
            Some(_) => source::line_ending_at(self.bytes(), offset),
            None => self.former_line_ending,
        }
    }

    /// Its path as it is printed.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// The last part of its path.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Text(text) => text.as_bytes(),
            Content::Other(bytes) => bytes,
        }
    }

    /// Gives the bytes back.
    pub fn into_bytes(self) -> Vec<u8> {
        match self.content {
            Content::Text(text) => text.into_bytes(),
            Content::Other(bytes) => bytes,
        }
    }

    /// Its text, if it is UTF-8 (a byte order mark stays in it).
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            Content::Other(_) => None,
        }
    }

    /// How the bytes can be read.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// How the body is written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Where its lines are.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.bytes()))
    }

    /// Its front matter; absent where the file is not UTF-8.
    pub fn front_matter(&self) -> &FrontMatter {
        self.front_matter
            .get_or_init(|| self.text().map_or(FrontMatter::Absent, frontmatter::read))
    }

    /// The bytes after the front matter. Without front matter the byte order mark is not part of it.
    pub fn body(&self) -> Span {
        let start = match self.front_matter().block() {
            Some(block) => block.body_start,
            None if self.bytes().starts_with(b"\xEF\xBB\xBF") => 3,
            None => 0,
        };
        Span::new(start, self.bytes().len())
    }

    /// Where the body's code and templates are.
    pub fn mask(&self) -> &Mask {
        self.mask
            .get_or_init(|| markdown::mask(self.bytes(), self.body(), self.format))
    }

    /// The elements of the body; none where tags cannot be found in the bytes (UTF-16).
    pub fn arena(&self) -> &Arena {
        self.arena.get_or_init(|| {
            let body = self.body();
            let has_tags = memchr::memchr(b'<', body.slice(self.bytes())).is_some();
            let mut arena = if !has_tags {
                // Nearly every page of plain Markdown: nothing has to be read to know that.
                Arena::without_elements(body)
            } else if self.encoding.is_ascii_compatible() {
                Arena::parse(self.bytes(), body, self.mask())
            } else {
                Arena::default()
            };
            if let Some(earlier) = &self.earlier {
                arena.follows(earlier.clone());
            }
            arena
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_that_takes_the_last_line_end_does_not_change_it() {
        let windows = Document::new("a.md", "文\r\n".into());
        let emptied = windows.with_bytes(Vec::new());
        assert_eq!(emptied.line_ending_at(0), LineEnding::CrLf);
        let again = emptied.with_bytes("字".into());
        assert_eq!(again.line_ending_at(3), LineEnding::CrLf);
        let other = again.with_bytes("a\n".into());
        assert_eq!(other.line_ending_at(0), LineEnding::Lf);
    }

    #[test]
    fn a_page_is_told_by_its_start() {
        for page in [
            "<!DOCTYPE html>\r\n<title>题</title>",
            "\u{feff}\n <!-- saved --> <!-- 存 -->\n<HTML lang=zh>",
            "<head><title>a</title>",
            "<body>",
        ] {
            let format = Document::format_by_start(page.as_bytes());
            assert_eq!(format, Format::Html, "{page}");
        }
        for other in [
            "",
            "---\ntitle: a\n---\n<html>",
            "<header>a</header>",
            "<div>a</div>",
            "<!-- never closed <html>",
            "# <html>",
            "<htm",
        ] {
            let format = Document::format_by_start(other.as_bytes());
            assert_eq!(format, Format::Markdown, "{other}");
        }
    }
}
