//! HTML that CommonMark shows as code.
//!
//! A blank line ends raw HTML. What comes after it four columns deep is indented code, and that is
//! so too where an exporter has indented the markup of a page and put blank lines between its
//! elements. A code sample of the author's in raw HTML looks the same, but for one thing: it does
//! not end the elements of the page that it is in.

use std::collections::HashMap;
use std::ops::Range;

use super::tags::{starts_with_tag, tags};

/// From this column on a line is code (CommonMark, "Indented code blocks").
const CODE_COLUMN: usize = 4;

/// A run of raw HTML with no Markdown between its blocks, as far as it is read.
#[derive(Debug)]
pub(super) struct Run<'t> {
    text: &'t str,
    /// How many elements of each name it has left open; none where Markdown came last.
    open: Option<HashMap<String, usize>>,
    /// The columns before its last line.
    depth: usize,
    /// Its last blocks, whose tags nobody has asked for yet.
    unread: Vec<Block>,
    /// Where it ends.
    end: usize,
}

#[derive(Debug)]
enum Block {
    Html(Range<usize>),
    Paragraph(Range<usize>),
}

impl<'t> Run<'t> {
    /// At the start of `text`; what follows is in bytes of it.
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            open: None,
            depth: 0,
            unread: Vec::new(),
            end: 0,
        }
    }

    /// A block of raw HTML.
    pub(super) fn html(&mut self, html: Range<usize>) {
        self.follow(&html);
        self.unread.push(Block::Html(html));
    }

    /// A paragraph: it goes on with the HTML if it starts with a tag, as the last lines of
    /// preformatted text do, and ends an element that is open.
    pub(super) fn paragraph(&mut self, paragraph: Range<usize>) {
        self.follow(&paragraph);
        let part = self.part(&paragraph);
        let may = starts_with_tag(part) && !part.contains('`');
        if may && (self.open.is_some() || !self.unread.is_empty()) {
            self.unread.push(Block::Paragraph(paragraph));
        } else {
            self.end();
        }
    }

    /// Reads indented code and says whether it is the rest of the HTML: that is as deep as code, the
    /// code starts with a tag, no deeper than code of the author's would beside that HTML, and it
    /// ends an element that is open. Other code ends the run.
    pub(super) fn code(&mut self, code: Range<usize>) -> bool {
        self.follow(&code);
        let head = self.text.get(..code.start).unwrap_or("");
        let line = head.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let depth = columns(self.part(&(line..code.end)));
        let part = self.part(&code);
        let above = self.unread.iter().rev().find_map(|block| match block {
            Block::Html(html) => Some(last_depth(self.part(html))),
            Block::Paragraph(_) => None,
        });
        let above = above.unwrap_or(self.depth);
        let goes_on = above >= CODE_COLUMN
            && depth < above + CODE_COLUMN
            && starts_with_tag(part)
            && self.ends_what_is_open(part);
        if goes_on {
            self.depth = last_depth(part);
        } else {
            self.end();
        }
        goes_on
    }

    /// Anything else is Markdown.
    pub(super) fn end(&mut self) {
        self.open = None;
        self.unread.clear();
    }

    /// A block follows; what no parser names, such as a link definition, may stand before it.
    fn follow(&mut self, block: &Range<usize>) {
        if !self.part(&(self.end..block.start)).trim().is_empty() {
            self.end();
        }
        self.end = block.end;
    }

    fn part(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or("")
    }

    fn ends_what_is_open(&mut self, part: &'t str) -> bool {
        for block in std::mem::take(&mut self.unread) {
            match block {
                Block::Html(html) => {
                    self.open.get_or_insert_default();
                    self.read(self.part(&html));
                }
                Block::Paragraph(paragraph) => {
                    if !self.read(self.part(&paragraph)) {
                        self.open = None;
                    }
                }
            }
        }
        self.read(part)
    }

    /// Counts the tags of a block in and out; whether it ends an element that was open before it.
    fn read(&mut self, part: &'t str) -> bool {
        let Some(open) = &mut self.open else {
            return false;
        };
        let mut own = HashMap::new();
        let mut ends = false;
        for (name, is_end) in tags(part) {
            ends |= step(&mut own, open, name, is_end);
        }
        for (name, count) in own {
            *open.entry(name).or_default() += count;
        }
        ends
    }
}

/// Counts a tag of a block in or out, among the elements that the block itself has open (`own`) or
/// those that were open before it. Whether it is the end of one of these.
fn step(
    own: &mut HashMap<String, usize>,
    open: &mut HashMap<String, usize>,
    name: String,
    is_end: bool,
) -> bool {
    if !is_end {
        *own.entry(name).or_default() += 1;
        return false;
    }
    let end_one = |counts: &mut HashMap<String, usize>| match counts.get_mut(&name) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    !end_one(own) && end_one(open)
}

/// The columns before the last line of `block`.
fn last_depth(block: &str) -> usize {
    let last = block.trim_end().rsplit(['\n', '\r']).next();
    columns(last.unwrap_or(""))
}

/// The columns of the white space that `line` starts with; a tab reaches to the next multiple of
/// four.
fn columns(line: &str) -> usize {
    line.bytes()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .fold(0, |at, byte| match byte {
            b'\t' => (at / CODE_COLUMN + 1) * CODE_COLUMN,
            _ => at + 1,
        })
}

#[cfg(test)]
mod tests {
    use crate::markdown::{Format, mask};
    use crate::source::{MaskKind, Span};

    /// Whether the last indented code of `text` goes on with the HTML before it.
    fn continued(text: &str) -> bool {
        let windows = text.replace('\n', "\r\n");
        let [goes_on, in_windows] = [text, &windows].map(|text| {
            let mask = mask(text.as_bytes(), Span::new(0, text.len()), Format::Markdown);
            let mut code = mask.regions().iter().rev();
            code.find(|region| region.kind.is_indented())
                .is_some_and(|region| region.kind == MaskKind::ContinuedHtml)
        });
        assert_eq!(goes_on, in_windows, "{text:?}");
        goes_on
    }

    #[test]
    fn markup_that_ends_what_was_open() {
        for text in [
            "<div>\n  <p>\n    文\n\n    <b>字</b>\n    </p>\n",
            "<ul>\n    <li>a\n\n    <div>\n    <p>b</p>\n    </div>\n    </LI>\n",
            "<table>\n\t<tr>\n\n\t<td>a</td>\n\t</tr>\n",
            "<td>\n      a\n\n     <b><!-- </p> --><p>b\n     </td>\n",
            "<table>\n\n<td>\n    a\n\n    <b>x</b></table>\n",
            // The lines of preformatted text are no deeper than they are.
            "<td>\n    a\n\n    </td><p>\n    <pre>a\n</pre>b\n\n    <b></p>\n",
            "<td>\n    <script>'</td>'</script>\n\n    <a title='</b>'>\n    </td>\n",
        ] {
            assert!(continued(text), "{text:?}");
        }
    }

    #[test]
    fn a_sample_of_the_author_s() {
        for text in [
            // It is whole.
            "<details>\n    <summary>a</summary>\n\n    <div class=\"ad\">\n    </div>\n",
            "<ul>\n    <li>a\n\n    <li>b</li>\n",
            // It ends only what it shows itself, or what is nowhere open.
            "<div>\n    <p>a</p>\n\n    <p>b</p>\n    </p>\n",
            "<div>\n    <p>a\n\n    <p>b\n    </p>\n",
            // A comment, a script or an attribute of it is what ends something.
            "<td>\n    <p>a</p>\n\n    <b><!-- </td> --></b>\n",
            "<td>\n    <p>a</p>\n\n    <script>'</td>'</script>\n",
            "<td>\n    <p>a</p>\n\n    <b title=\"</td>\">\n",
            // Markdown stands between, or is what ends something.
            "<td>\n    a\n\nb</td>\n\n    <b></td>\n",
            "<td>\n    a\n\n<b>`</td>` a\n\n    <b></td>\n",
            "<td>\n    a\n\n# b\n\n    <b></td>\n",
            "<td>\n    a\n\n[b]: /c\n\n    <b></td>\n",
            "> <td>\n>     a\n>\n>     <b></td>\n",
            // A template stands in it.
            "<td>\n    a\n\n    <b>{{ c }}</b></td>\n",
            // The lines before are not as deep as code, or it is as deep as code beside them.
            "<div>\n<p>a\n\n    <b>x</b></p>\n",
            "<div>\n   <p>a\n\n    <b>x</b></p>\n",
            "<div>\n    <p>a\n\n        <b>x</b></p>\n",
            // It starts with a word.
            "<div>\n    <p>a\n\n    b</p>\n",
        ] {
            assert!(!continued(text), "{text:?}");
        }
    }
}
