//! The only parser of directives: `copydesk-ignore` in comments of the front matter and the body.
//!
//! | directive | hides |
//! |---|---|
//! | `copydesk-ignore: names -- reason` beside other text | findings that start on its line |
//! | the same on a line without other text | findings that start on the next line that is not blank, or in comments before it; in front matter, in the whole value of the key there |
//! | `copydesk-ignore-file: names` | findings anywhere in the file |
//! | `copydesk-ignore-start: names` … `copydesk-ignore-end` | findings that start in between |
//!
//! Names are rule ids, group names or `all`. Directives are found lexically, so that they work in a
//! block that does not parse.

use std::cell::Cell;
use std::sync::LazyLock;

use memchr::memmem;

use crate::document::Document;
use crate::frontmatter::Syntax;
use crate::registry::{RuleEntry, Ruleset};
use crate::source::{Edit, Span};

const MARK: &[u8] = b"copydesk-ignore";
/// Made once, and not for each document.
static FINDER: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(MARK));

/// One name in a directive.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) span: Span,
    used: Cell<bool>,
}

/// One directive.
#[derive(Debug)]
pub(super) struct Directive {
    /// The comment with its delimiters.
    pub(super) span: Span,
    pub(super) names: Vec<Name>,
    /// A finding that starts here is hidden.
    reach: Span,
    /// Whether nothing else is on its lines.
    own_line: bool,
    /// Whether a `-start` and an `-end` have found each other.
    pub(super) paired: bool,
    /// `copydesk-ignore-end`, or a word after the mark that means nothing.
    pub(super) role: Role,
    /// Whether something follows the mark without a colon between.
    pub(super) no_colon: bool,
}

/// What kind of directive it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Next,
    File,
    Start,
    End,
    Unknown,
}

/// The directives of a document, in file order.
#[derive(Debug, Default)]
pub(super) struct Directives {
    pub(super) all: Vec<Directive>,
}

impl Directives {
    /// Finds the directives of `document`.
    pub(super) fn read(document: &Document) -> Self {
        let bytes = document.bytes();
        if !document.encoding().is_ascii_compatible() {
            return Self::default();
        }
        let mut comments = CommentRun::default();
        let mut all: Vec<Directive> = FINDER
            .find_iter(bytes)
            .filter_map(|at| directive(document, at, &mut comments))
            .collect();
        close_ranges(&mut all, bytes.len());
        Self { all }
    }

    /// Whether a finding of `rule` that starts at `offset` is hidden; remembers which names did it.
    pub(super) fn hide(&self, rule: &RuleEntry, offset: usize) -> bool {
        let mut hidden = false;
        for directive in &self.all {
            if directive.reach.contains(offset)
                || directive.reach.end == offset && directive.role == Role::File
            {
                for name in &directive.names {
                    if rule.answers_to(&name.text) {
                        name.used.set(true);
                        hidden = true;
                    }
                }
            }
        }
        hidden
    }

    /// The directives with names that hid nothing although a rule they stand for ran, and those
    /// names.
    pub(super) fn unused<'a>(
        &'a self,
        rules: &'a Ruleset,
    ) -> impl Iterator<Item = (&'a Directive, Vec<&'a Name>)> {
        let directives = self
            .all
            .iter()
            .filter(|directive| matches!(directive.role, Role::Next | Role::File | Role::Start));
        directives.filter_map(|directive| {
            let idle: Vec<&Name> = directive
                .names
                .iter()
                .filter(|name| !name.used.get() && rules.runs(&name.text))
                .collect();
            (!idle.is_empty()).then_some((directive, idle))
        })
    }
}

/// The directives of `document` that would still count for what follows its last byte, as they are
/// written.
pub(super) fn in_force_at_the_end(document: &Document) -> Vec<u8> {
    let end = document.bytes().len();
    Directives::read(document)
        .all
        .iter()
        .filter(|directive| matches!(directive.role, Role::File | Role::Start))
        .filter(|directive| directive.reach.end == end)
        .flat_map(|directive| directive.span.slice(document.bytes()))
        .copied()
        .collect()
}

impl Directive {
    /// Whether a finding that starts at `offset` is in its reach.
    pub(super) fn reaches(&self, offset: usize) -> bool {
        self.reach.contains(offset)
    }

    /// The edits that take `idle` out of the directive, or the whole directive where no name stays.
    /// None for the opening half of a pair: its other half would be left over.
    pub(super) fn without(&self, document: &Document, idle: &[&Name]) -> Option<Vec<Edit>> {
        let bytes = document.bytes();
        if self.role == Role::Start {
            return None;
        }
        if idle.len() == self.names.len() {
            let lines = document.lines();
            let span = if self.own_line {
                let last = self.span.end.saturating_sub(1);
                Span::new(
                    lines.line(lines.line_of(self.span.start)).start,
                    lines.line(lines.line_of(last)).end,
                )
            } else {
                let before = bytes[..self.span.start]
                    .iter()
                    .rev()
                    .take_while(|byte| matches!(byte, b' ' | b'\t'))
                    .count();
                Span::new(self.span.start - before, self.span.end)
            };
            return Some(vec![Edit::delete(span)]);
        }
        let edits = self
            .names
            .iter()
            .enumerate()
            .filter(|(_, name)| idle.iter().any(|idle| idle.span == name.span))
            .map(|(place, name)| {
                // A name goes with the comma before it; the first one with the comma after it.
                let span = match place
                    .checked_sub(1)
                    .and_then(|before| self.names.get(before))
                {
                    Some(before) => Span::new(before.span.end, name.span.end),
                    None => Span::new(
                        name.span.start,
                        self.names
                            .get(1)
                            .map_or(name.span.end, |next| next.span.start),
                    ),
                };
                Edit::delete(span)
            })
            .collect::<Vec<_>>();
        let apart = edits
            .windows(2)
            .all(|pair| pair[0].span.end <= pair[1].span.start);
        apart.then_some(edits)
    }
}

fn directive(document: &Document, at: usize, comments: &mut CommentRun) -> Option<Directive> {
    let bytes = document.bytes();
    let lines = document.lines();
    let block = document.front_matter().block();
    let in_front_matter = block.is_some_and(|block| at < block.body_start);
    let (span, inner) = if in_front_matter {
        if block.is_some_and(|block| block.syntax == Syntax::Json) {
            return None;
        }
        // Where the block parses, its comments are known; text in a block scalar is none.
        if let Some(tree) = document.front_matter().tree()
            && !tree.comments().iter().any(|comment| comment.contains(at))
        {
            return None;
        }
        hash_comment(document, at)?
    } else {
        if document
            .mask()
            .at(at)
            .is_some_and(|region| region.kind.is_code())
        {
            return None;
        }
        delimited(bytes, at, b"<!--", b"-->").or_else(|| delimited(bytes, at, b"{/*", b"*/}"))?
    };
    let text = std::str::from_utf8(inner.slice(bytes)).ok()?;
    let rest = &text[MARK.len()..];
    let word_end = rest
        .find(|c: char| c == ':' || c.is_whitespace())
        .unwrap_or(rest.len());
    let role = match &rest[..word_end] {
        "" => Role::Next,
        "-file" => Role::File,
        "-start" => Role::Start,
        "-end" => Role::End,
        _ => Role::Unknown,
    };
    let rest = rest[word_end..].trim_start();
    let no_colon = !rest.is_empty() && !rest.starts_with([':', '-']);
    let list = rest.strip_prefix(':').unwrap_or("");
    let list = list.split_once(" -- ").map_or(list, |(names, _)| names);
    let list_start = inner.start + (list.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    let names = if list.is_empty() {
        Vec::new()
    } else {
        names(list, list_start)
    };

    let line = lines.line_of(span.start);
    let last = lines.line_of(span.end.saturating_sub(1));
    let before = Span::new(lines.line(line).start, span.start).slice(bytes);
    let after = Span::new(span.end, lines.line(last).end).slice(bytes);
    let before = before.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(before);
    let own_line = is_blank(before) && is_blank(after);
    let reach = match role {
        Role::File => Span::new(0, bytes.len()),
        Role::Next if own_line && in_front_matter => entry_after(document, last),
        Role::Next if !in_front_matter && only_comments(before) && only_comments(after) => {
            line_after(document, last, comments)
        }
        Role::Next => Span::new(lines.line(line).start, lines.line(last).end),
        Role::Start => Span::new(span.end, bytes.len()),
        Role::End | Role::Unknown => Span::empty(span.end),
    };
    Some(Directive {
        span,
        names,
        reach,
        own_line,
        paired: false,
        role,
        no_colon,
    })
}

fn names(list: &str, offset: usize) -> Vec<Name> {
    let mut names = Vec::new();
    let mut at = 0;
    for part in list.split(',') {
        let lead = part.len() - part.trim_start().len();
        let text = part.trim();
        if !text.is_empty() {
            let start = offset + at + lead;
            names.push(Name {
                text: text.to_owned(),
                span: Span::new(start, start + text.len()),
                used: Cell::new(false),
            });
        }
        at += part.len() + 1;
    }
    names
}

/// The comment around `at` that starts with `open`, white space and the mark, and what is in it
/// from the mark on, trailing white space left out.
fn delimited(bytes: &[u8], at: usize, open: &[u8], close: &[u8]) -> Option<(Span, Span)> {
    let lead = bytes[..at].trim_ascii_end();
    let start = lead.len().checked_sub(open.len())?;
    if !lead.ends_with(open) {
        return None;
    }
    let length = memmem::find(&bytes[at..], close)?;
    let inner = bytes[at..at + length].trim_ascii_end().len();
    Some((
        Span::new(start, at + length + close.len()),
        Span::new(at, at + inner),
    ))
}

/// The `#` comment around `at`, if there is one and the `#` is not inside a quoted scalar.
fn hash_comment(document: &Document, at: usize) -> Option<(Span, Span)> {
    let bytes = document.bytes();
    let lines = document.lines();
    let line = lines.line_content(bytes, lines.line_of(at));
    let before = Span::new(line.start, at).slice(bytes).trim_ascii_end();
    let hash = before.len().checked_sub(1)?;
    if before[hash] != b'#' {
        return None;
    }
    let lead = &before[..hash];
    let apart = lead.is_empty() || lead.ends_with(b" ") || lead.ends_with(b"\t");
    if !apart || ends_in_quotes(lead) {
        return None;
    }
    let inner = Span::new(at, line.end).slice(bytes).trim_ascii_end().len();
    Some((
        Span::new(line.start + hash, at + inner),
        Span::new(at, at + inner),
    ))
}

/// Whether the start of a YAML or TOML line leaves a quoted scalar open: a quote opens one only
/// where a scalar can start, so that an apostrophe inside a plain scalar does not.
fn ends_in_quotes(line: &[u8]) -> bool {
    let mut open = None;
    let mut fresh = true;
    let mut bytes = line.iter().copied();
    while let Some(byte) = bytes.next() {
        match open {
            Some(b'"') if byte == b'\\' => {
                bytes.next();
            }
            Some(quote) if byte == quote => open = None,
            Some(_) => {}
            None => match byte {
                b'"' | b'\'' if fresh => open = Some(byte),
                b' ' | b'\t' => {}
                _ => fresh = matches!(byte, b':' | b'-' | b'[' | b'{' | b',' | b'='),
            },
        }
    }
    open.is_some()
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty()
}

/// The next line after `line` that is not blank.
fn next_line(document: &Document, line: usize) -> usize {
    let lines = document.lines();
    (line + 1..lines.count())
        .find(|&number| !is_blank(lines.line(number).slice(document.bytes())))
        .unwrap_or(lines.count())
}

/// Comments that follow each other, as they were last read: where many directives stand below each
/// other, what comes after them is looked for once.
#[derive(Debug, Default)]
struct CommentRun {
    /// Where each of them starts, and what comes after them.
    starts: Vec<usize>,
    /// Where the line ends that holds what comes after them.
    end: usize,
}

/// The next line of the body after `line` that holds more than comments, and the comments before it,
/// so that directives can stand below each other.
fn line_after(document: &Document, line: usize, comments: &mut CommentRun) -> Span {
    let (bytes, lines) = (document.bytes(), document.lines());
    let first = next_line(document, line);
    let start = lines.line(first).start;
    let mut end = lines.line(first).end;
    let mut at = start;
    let mut starts = Vec::new();
    // A comment may end on a later line than it starts on.
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let text = rest.trim_ascii_start();
        at += rest.len() - text.len();
        if comments.starts.binary_search(&at).is_ok() {
            return Span::new(start, comments.end);
        }
        starts.push(at);
        let last = at.min(bytes.len().saturating_sub(1));
        end = lines.line(lines.line_of(last)).end;
        match comment_at(text) {
            Some(length) => at += length,
            None => break,
        }
    }
    *comments = CommentRun { starts, end };
    Span::new(start, end)
}

/// How long the comment is that `text` starts with.
fn comment_at(text: &[u8]) -> Option<usize> {
    [(&b"<!--"[..], &b"-->"[..]), (b"{/*", b"*/}")]
        .into_iter()
        .find_map(|(open, close)| {
            let inner = text.strip_prefix(open)?;
            Some(open.len() + memmem::find(inner, close)? + close.len())
        })
}

/// Whether `text` holds nothing but comments and white space.
fn only_comments(text: &[u8]) -> bool {
    let mut rest = text.trim_ascii_start();
    while let Some(length) = comment_at(rest) {
        rest = rest.get(length..).unwrap_or(&[]).trim_ascii_start();
    }
    rest.is_empty()
}

/// The lines of the front-matter entry that follows `line`: its own, and those that are indented
/// deeper or start with a dash at its indentation. Further directives in between are skipped.
fn entry_after(document: &Document, line: usize) -> Span {
    let lines = document.lines();
    let bytes = document.bytes();
    let content = |number: usize| lines.line_content(bytes, number).slice(bytes);
    let mut first = next_line(document, line);
    while content(first).trim_ascii_start().starts_with(b"#") {
        first = next_line(document, first);
    }
    let indent = |text: &[u8]| text.len() - text.trim_ascii_start().len();
    let own = indent(content(first));
    let mut end = first + 1;
    while end < lines.count() {
        let text = content(end);
        let dash = text.trim_ascii_start().starts_with(b"- ");
        if !is_blank(text) && (indent(text) > own || indent(text) == own && dash) {
            end += 1;
        } else {
            break;
        }
    }
    Span::new(lines.line(first).start, lines.line(end - 1).end)
}

/// Lets each `-start` reach to the `-end` that closes it.
fn close_ranges(all: &mut [Directive], end_of_file: usize) {
    let mut open: Vec<usize> = Vec::new();
    for place in 0..all.len() {
        match all[place].role {
            Role::Start => open.push(place),
            Role::End => {
                if let Some(start) = open.pop() {
                    all[start].reach.end = all[place].span.start;
                    all[start].paired = true;
                    all[place].paired = true;
                }
            }
            _ => {}
        }
    }
    for place in open {
        all[place].reach.end = end_of_file;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> (Document, Directives) {
        let document = Document::new(path, text.as_bytes().to_vec());
        let directives = Directives::read(&document);
        (document, directives)
    }

    #[test]
    fn a_directive_beside_text_reaches_its_line_and_one_alone_the_next() {
        let text = "a <!-- copydesk-ignore: x, 组 -- 理由 -->\r\n<!-- copydesk-ignore: y -->\r\n\r\nb\r\nc\r\n";
        let (_, directives) = read("a.md", text);
        assert_eq!(directives.all.len(), 2);
        let first = &directives.all[0];
        assert_eq!(
            first.reach.text(text),
            &text[..text.find("\r\n").unwrap() + 2]
        );
        let names: Vec<&str> = first.names.iter().map(|name| name.text.as_str()).collect();
        assert_eq!(names, ["x", "组"]);
        assert_eq!(first.names[1].span.text(text), "组");
        assert_eq!(directives.all[1].reach.text(text), "b\r\n");
    }

    #[test]
    fn comments_between_a_directive_and_its_line_are_passed_over() {
        let text = "<!-- copydesk-ignore: a -->\r\n<!-- 注\r\n释 -->\r\n\r\n<!-- copydesk-ignore: b -->\r\n<p>x</p> y\r\nz\r\n";
        let (_, directives) = read("a.md", text);
        let line = text.find("<p>").unwrap();
        assert!(directives.all.iter().all(|it| it.reaches(line)));
        assert!(
            !directives
                .all
                .iter()
                .any(|it| it.reaches(text.find("z\r").unwrap()))
        );

        let text = "<!-- copydesk-ignore: a --> <!-- copydesk-ignore: b -->\nx\ny\n";
        let (_, directives) = read("a.md", text);
        let line = text.find("x\ny").unwrap();
        assert!(directives.all.iter().all(|it| it.reaches(line)));
        assert!(!directives.all.iter().any(|it| it.reaches(line + 2)));
    }

    #[test]
    fn directives_below_each_other_keep_what_they_protect() {
        use crate::engine::{Settings, fix};
        use crate::finding::Safety;
        use crate::registry::{Registry, Selection};
        use crate::rule::Profile;
        let registry = Registry::builtin();
        let preset = registry.preset("generic").unwrap().clone();
        let selection = Selection::new(Profile::Own, preset);
        let settings = Settings {
            rules: std::sync::Arc::new(registry.compile(&selection).unwrap()),
            source_keys: Vec::new(),
        };
        let text = "Text.\n\n<!-- copydesk-ignore: ad-slot-dfp -->\n<!-- copydesk-ignore: empty-paragraph -->\n<div id=\"dfp-ad-x\"></div><p>&nbsp;</p>\n\nMore text.\n";
        let document = Document::new("a.md", text.as_bytes().to_vec());
        let fixed = fix(&document, &settings, Safety::Safe);
        assert_eq!(String::from_utf8_lossy(&fixed.bytes), text);
    }

    #[test]
    fn ranges_and_files() {
        let text = "<!-- copydesk-ignore-start: a -->\nx\n<!-- copydesk-ignore-end -->\ny\n{/* copydesk-ignore-file: b */}\n";
        let (_, directives) = read("a.mdx", text);
        let roles: Vec<Role> = directives.all.iter().map(|d| d.role).collect();
        assert_eq!(roles, [Role::Start, Role::End, Role::File]);
        assert_eq!(directives.all[0].reach.text(text), "\nx\n");
        assert_eq!(directives.all[2].reach, Span::new(0, text.len()));
    }

    #[test]
    fn text_in_a_block_scalar_is_no_directive() {
        let text = "---\ny: |\n  # copydesk-ignore-file: a\n  z\n# copydesk-ignore: b\nx: 1\n---\n";
        let (_, directives) = read("a.md", text);
        let names: Vec<&str> = directives
            .all
            .iter()
            .flat_map(|directive| &directive.names)
            .map(|name| name.text.as_str())
            .collect();
        assert_eq!(names, ["b"]);
    }

    #[test]
    fn a_quoted_hash_is_no_comment() {
        assert!(ends_in_quotes(b"title: 'a "));
        assert!(ends_in_quotes(br#"title: "a \" "#));
        assert!(!ends_in_quotes(b"title: it's "));
        assert!(!ends_in_quotes(b"title: 'a' "));
        assert!(ends_in_quotes(b"tags: [a, \"b "));
    }
}
