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

mod reach;
mod read;

use std::cell::Cell;
use std::sync::LazyLock;

use memchr::memmem;

use reach::CommentRun;

use crate::document::Document;
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
            .filter_map(|at| read::directive(document, at, &mut comments))
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
}
