/// How an element stands in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// On its own: what is before and after it are never one line.
    Block,
    /// In a line, with text or a picture of its own to show.
    Line,
    /// Nowhere: a script, a style, a comment.
    Nowhere,
}

/// Reads HTML piece by piece and tells which of the blocks that are left out of it held apart what
/// would be one line without them.
///
/// The marks that a caller gives to the blocks are its own.
#[derive(Debug)]
pub struct Flow {
    standing: fn(&str) -> Standing,
    state: State,
    /// Whether only letters and digits count as something that stands in a line.
    words_only: bool,
    /// Whether something stands in the line so far.
    open: bool,
    waiting: Vec<usize>,
    held: Vec<usize>,
}

#[derive(Debug)]
enum State {
    Text,
    Tag {
        name: String,
        named: bool,
        quote: Option<u8>,
        last: u8,
    },
    /// Until this is read, of which so many bytes were.
    Until(Vec<u8>, usize),
}

impl Flow {
    /// At the start of a page. `standing` is asked with names in lower case.
    pub fn new(standing: fn(&str) -> Standing) -> Self {
        Self {
            standing,
            state: State::Text,
            words_only: false,
            open: false,
            waiting: Vec::new(),
            held: Vec::new(),
        }
    }

    /// As [`Flow::new`], but marks and signs alone are nothing that could run together.
    pub fn of_words(standing: fn(&str) -> Standing) -> Self {
        Self {
            words_only: true,
            ..Self::new(standing)
        }
    }

    /// An element of this name, all of it, is left out here.
    pub fn left_out(&mut self, name: &str, mark: usize) {
        if self.open && (self.standing)(name) == Standing::Block {
            self.waiting.push(mark);
        }
    }

    /// A line ends here.
    pub fn boundary(&mut self) {
        self.open = false;
        self.waiting.clear();
        self.state = State::Text;
    }

    /// Something stands here.
    pub fn content(&mut self) {
        self.open = true;
        self.held.append(&mut self.waiting);
    }

    /// The marks of the blocks that held something apart, as far as it is known by now.
    pub fn held(&mut self) -> impl Iterator<Item = usize> + '_ {
        self.held.drain(..)
    }

    /// Reads on.
    pub fn feed(&mut self, html: &[u8]) {
        for at in 0..html.len() {
            self.step(html, at);
        }
    }

    /// Whether what comes next is text, as far as it is known by now.
    pub(super) fn is_in_text(&self) -> bool {
        matches!(self.state, State::Text)
    }

    /// Reads the byte at `at` of `html`, for which a look at the bytes after it may be needed, and
    /// says whether it is text: no part of a tag, a comment, a script or a style.
    pub(super) fn step(&mut self, html: &[u8], at: usize) -> bool {
        let was_text = matches!(self.state, State::Text);
        if let Some(&byte) = html.get(at) {
            match &mut self.state {
                State::Text => {
                    let next = html.get(at + 1).copied().unwrap_or(b' ');
                    if byte == b'<' && html.get(at..).is_some_and(|rest| rest.starts_with(b"<!--"))
                    {
                        self.state = State::Until(b"-->".to_vec(), 0);
                    } else if byte == b'<' && (next.is_ascii_alphabetic() || b"/!?".contains(&next))
                    {
                        self.state = State::Tag {
                            name: String::new(),
                            named: false,
                            quote: None,
                            last: byte,
                        };
                    } else if byte.is_ascii_alphanumeric()
                        || !byte.is_ascii()
                        || !self.words_only && !byte.is_ascii_whitespace()
                    {
                        self.content();
                    }
                }
                State::Tag {
                    name,
                    named,
                    quote,
                    last,
                } => {
                    let before = std::mem::replace(last, byte);
                    match *quote {
                        Some(closing) if closing == byte => *quote = None,
                        Some(_) => {}
                        None if byte == b'>' => {
                            let name = std::mem::take(name);
                            self.tag(&name);
                        }
                        // A quote is one only after the `=` of an attribute.
                        None if matches!(byte, b'"' | b'\'') && before == b'=' => {
                            *quote = Some(byte);
                        }
                        None if byte.is_ascii_whitespace() || byte == b'/' && !name.is_empty() => {
                            *named = !name.is_empty();
                        }
                        None if !*named => name.push(char::from(byte.to_ascii_lowercase())),
                        None => {}
                    }
                }
                State::Until(end, seen) => {
                    let byte = byte.to_ascii_lowercase();
                    if end.get(*seen) == Some(&byte) {
                        *seen += 1;
                    } else if byte == b'-' && *seen == 2 && end.first() == Some(&b'-') {
                        // `--->`
                    } else {
                        *seen = usize::from(end.first() == Some(&byte));
                    }
                    if *seen == end.len() {
                        self.state = State::Text;
                    }
                }
            }
        }
        was_text && matches!(self.state, State::Text)
    }

    fn tag(&mut self, name: &str) {
        self.state = State::Text;
        if let Some(raw @ ("script" | "style")) = Some(name) {
            if (self.standing)(name) == Standing::Block {
                self.boundary();
            }
            self.state = State::Until(format!("</{raw}>").into_bytes(), 0);
            return;
        }
        let end = name.strip_prefix('/');
        match (self.standing)(end.unwrap_or(name)) {
            Standing::Block => self.boundary(),
            Standing::Line if end.is_none() && !name.starts_with(['!', '?']) => self.content(),
            Standing::Line | Standing::Nowhere => {}
        }
    }
}

/// The tags of a paragraph, as far as what follows them may be text of theirs: a script that a
/// paragraph opens and does not close takes the paragraph's end with it.
#[derive(Debug, Default)]
pub(super) struct RawText {
    open: Option<String>,
}

impl RawText {
    /// Reads a tag.
    pub(super) fn read(&mut self, tag: &str) {
        let name: String = tag
            .trim_start_matches(['<', '/'])
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        if tag.starts_with("</") {
            self.open.take_if(|open| *open == name);
        } else if self.open.is_none() && is_raw_text(&name) {
            self.open = Some(name);
        }
    }

    /// Whether an element is open; at the end of a paragraph.
    pub(super) fn end(&mut self) -> bool {
        self.open.take().is_some()
    }
}

/// Elements whose content is text up to their end tag (HTML standard, "Parsing HTML documents").
pub(super) fn is_raw_text(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "iframe"
            | "textarea"
            | "title"
            | "xmp"
            | "noembed"
            | "noframes"
            | "plaintext"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a block left out between the two holds them apart.
    fn apart(before: &str, after: &str) -> bool {
        let standing = |name: &str| match name {
            "b" | "img" => Standing::Line,
            "script" | "link" => Standing::Nowhere,
            _ => Standing::Block,
        };
        let mut flow = Flow::new(standing);
        flow.feed(before.as_bytes());
        flow.left_out("p", 7);
        flow.feed(after.as_bytes());
        flow.held().eq([7])
    }

    #[test]
    fn text_and_what_stands_in_a_line_with_it() {
        assert!(apart("a", "b"));
        assert!(apart("a\n", "\nb"));
        assert!(apart("<p>a <b>c</b> ", "<img src='>'>"));
        assert!(apart("文<!-- <p> -->", "<script>'<p>'</script>字"));
    }

    #[test]
    fn a_block_or_a_line_break_on_one_side_is_enough() {
        assert!(!apart("a<br>", "b"));
        assert!(!apart("<p>a</p>\n", "b"));
        assert!(!apart("a", "\n<p title='>'>b"));
        assert!(!apart("a", "</p>b"));
        assert!(!apart("", "b"));
        assert!(!apart("a", "<!-- b --->\n"));
    }
}
