//! Edits on a tree. Each touches only the bytes of what it changes; `None` where no such edit is
//! possible without touching more.

use super::node::{Data, Entry, Node, Style};
use super::quote;
use super::{Native, Syntax, Tree};
use crate::source::{Edit, LineEnding, Span, line_ending_at};

/// A removal and what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The edit.
    pub edit: Edit,
    /// Whether a comment of the author's goes too.
    pub loses_comment: bool,
}

impl Tree {
    /// The line end in use at `at`, in bytes of the file: that of its line, else of the line before.
    pub fn line_ending_at(&self, at: usize) -> LineEnding {
        line_ending_at(self.head.as_bytes(), at)
    }

    /// Whether a lone carriage return stands in the block: it ends a line for YAML and for nobody
    /// else, so that lines cannot be told.
    pub fn has_odd_lines(&self) -> bool {
        let bytes = self.content.slice(self.head.as_bytes());
        memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
    }

    fn line_start(&self, at: usize) -> usize {
        let before = self.head.get(..at).unwrap_or("");
        before.rfind('\n').map_or(0, |eol| eol + 1)
    }

    /// Just past the line end of the line that holds `at`.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.head.get(at..self.content.end).unwrap_or("");
        rest.find('\n').map_or(self.content.end, |eol| at + eol + 1)
    }

    /// The whole lines from `start` to the end of `value`, if nothing else stands on them.
    fn whole_lines(&self, start: usize, value: &Node) -> Option<(Span, bool)> {
        let end = value.span.end;
        let end = if end > start && self.head.as_bytes().get(end - 1) == Some(&b'\n') {
            end
        } else {
            self.line_end(end)
        };
        let tail = self.head.get(value.span.end..end).unwrap_or("").trim();
        if !(tail.is_empty() || tail.starts_with('#')) {
            return None;
        }
        if self.has_odd_lines() {
            return None;
        }
        Some((
            Span::new(start, end),
            self.has_comment(Span::new(start, end)),
        ))
    }

    fn has_comment(&self, span: Span) -> bool {
        self.comments.iter().any(|comment| span.covers(*comment))
    }

    /// Takes the entry at `index` of the mapping `map` away, with its lines or its comma. Comment
    /// lines above it stay. `None` for the only entry.
    pub fn remove_entry(&self, map: &Node, index: usize) -> Option<Removal> {
        let entries = map.entries();
        let entry = entries.get(index)?;
        if entries.len() < 2 {
            return None;
        }
        if map.style == Style::Flow {
            let spans: Vec<Span> = entries.iter().map(entry_span).collect();
            return self.remove_from_flow(&spans, index);
        }
        if self.syntax == Syntax::Toml && entry.value.style == Style::Block {
            return None;
        }
        let start = self.line_start(entry.key.outer().start);
        let indent = self.head.get(start..entry.key.outer().start)?;
        if !indent.trim().is_empty() {
            return None;
        }
        let (mut span, loses_comment) = self.whole_lines(start, &entry.value)?;
        // A block does not start with a blank line: many tools would not know it for one.
        while span.start == self.content.start && span.end < self.content.end {
            let next = self.line_end(span.end);
            let blank = self.head.get(span.end..next).unwrap_or("x");
            if !blank.trim().is_empty() {
                break;
            }
            span.end = next;
        }
        Some(Removal {
            edit: Edit::delete(span),
            loses_comment,
        })
    }

    /// Takes the item at `index` of `list` away, with its line or its comma. `None` for the only
    /// item.
    pub fn remove_item(&self, list: &Node, index: usize) -> Option<Removal> {
        let items = list.items();
        let item = items.get(index)?;
        if items.len() < 2 {
            return None;
        }
        if list.style == Style::Flow {
            let spans: Vec<Span> = items.iter().map(Node::outer).collect();
            return self.remove_from_flow(&spans, index);
        }
        let start = self.line_start(item.outer().start);
        let before = self.head.get(start..item.outer().start)?.trim();
        if before != "-" || self.syntax != Syntax::Yaml {
            return None;
        }
        let (span, loses_comment) = self.whole_lines(start, item)?;
        Some(Removal {
            edit: Edit::delete(span),
            loses_comment,
        })
    }

    fn remove_from_flow(&self, spans: &[Span], index: usize) -> Option<Removal> {
        let span = spans.get(index)?;
        let previous = index.checked_sub(1).and_then(|at| spans.get(at));
        let gone = match (previous, spans.get(index + 1)) {
            (Some(previous), _) => Span::new(previous.end, span.end),
            (None, Some(next)) => Span::new(span.start, next.start),
            (None, None) => return None,
        };
        Some(Removal {
            edit: Edit::delete(gone),
            loses_comment: self.has_comment(gone),
        })
    }

    /// Puts `text`, as written by the caller, in the place of a scalar or of a missing value.
    pub fn replace_value(&self, value: &Node, text: &str) -> Edit {
        if value.style != Style::Empty {
            return Edit::replace(value.span, text);
        }
        let rest = self.head.get(value.span.start..).unwrap_or("");
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let ends = rest.get(blanks..).unwrap_or("").starts_with(['\n', '\r']);
        let span = if ends {
            Span::new(value.span.start, value.span.start + blanks)
        } else {
            value.span
        };
        Edit::replace(span, format!(" {text}"))
    }

    /// Gives a string value another text, in the quotes it has where these can hold it. `None`
    /// for lists, mappings, aliases and block scalars.
    pub fn set_text(&self, value: &Node, text: &str, in_flow: bool) -> Option<Edit> {
        let Data::Scalar { native, .. } = &value.data else {
            return None;
        };
        if matches!(value.style, Style::Literal | Style::Folded)
            || native.is_some_and(|native| native != Native::String)
        {
            return None;
        }
        let written = quote::write_like(self.syntax, value.style, text, in_flow);
        Some(self.replace_value(value, &written))
    }

    /// Puts a plain scalar into double quotes.
    pub fn quote(&self, value: &Node) -> Option<Edit> {
        match (value.style, value.text()) {
            (Style::Plain, Some(text)) => Some(Edit::replace(
                value.span,
                quote::double_quoted(self.syntax, text),
            )),
            _ => None,
        }
    }

    /// Gives a key another name, in the quotes it has.
    pub fn rename_key(&self, entry: &Entry, name: &str, in_flow: bool) -> Edit {
        let written = match (self.syntax, entry.key.style) {
            (Syntax::Toml, Style::Plain)
                if name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) =>
            {
                name.to_owned()
            }
            (syntax, style) => quote::write_like(syntax, style, name, in_flow),
        };
        Edit::replace(entry.key.span, written)
    }

    /// A new top-level entry after the one called `after`, or at the end. `value` is written by
    /// the caller in the block's syntax. `None` where the top level is no mapping, or not written over
    /// lines.
    pub fn insert_entry(&self, after: Option<&str>, key: &str, value: &str) -> Option<Edit> {
        // A list or a text alone takes no entry.
        if !matches!(self.root.data, Data::Map(_)) && !self.is_empty() {
            return None;
        }
        let entries = self.root.entries();
        if self.root.style == Style::Flow {
            let anchor = match after.and_then(|name| self.root.entry(name)) {
                Some(entry) => entry,
                None => entries.last()?,
            };
            let name = quote::double_quoted(self.syntax, key);
            let line = self.line_start(anchor.key.span.start);
            let indent = self.head.get(line..anchor.key.span.start).unwrap_or("");
            let gap = if indent.trim().is_empty() {
                format!("{}{indent}", self.line_ending_at(line).as_str())
            } else {
                " ".to_owned()
            };
            return Some(Edit::insert(
                anchor.value.span.end,
                format!(",{gap}{name}: {value}"),
            ));
        }
        let separator = match self.syntax {
            Syntax::Toml => " =",
            _ => ":",
        };
        let written = match self.syntax {
            Syntax::Toml => key.to_owned(),
            syntax => quote::write_string(syntax, key, false),
        };
        let line = format!("{written}{separator} {value}");
        // In TOML what follows a table's header belongs to the table.
        let first_table = entries
            .iter()
            .position(|entry| self.syntax == Syntax::Toml && entry.value.style == Style::Block);
        let last = entries
            .get(..first_table.unwrap_or(entries.len()))
            .unwrap_or(&[])
            .last();
        let anchor = after.and_then(|name| self.root.entry(name)).or(last);
        let Some(anchor) = anchor else {
            let eol = self.line_ending_at(self.content.start).as_str();
            return Some(Edit::insert(self.content.start, format!("{line}{eol}")));
        };
        let start = self.line_start(anchor.key.outer().start);
        let indent = self.head.get(start..anchor.key.outer().start)?;
        if !indent.trim().is_empty() {
            return None;
        }
        let (span, _) = self.whole_lines(start, &anchor.value)?;
        let eol = self.line_ending_at(span.end.saturating_sub(1)).as_str();
        Some(if self.head.as_bytes().get(span.end - 1) == Some(&b'\n') {
            Edit::insert(span.end, format!("{indent}{line}{eol}"))
        } else {
            Edit::insert(span.end, format!("{eol}{indent}{line}"))
        })
    }
}

fn entry_span(entry: &Entry) -> Span {
    entry.key.outer().join(entry.value.outer())
}

#[cfg(test)]
mod tests {
    use super::super::{FrontMatter, Path, read};
    use super::*;
    use crate::source::apply;

    fn edited(text: &str, edit: impl Fn(&Tree) -> Option<Edit>) -> Option<String> {
        let FrontMatter::Parsed { tree, .. } = read(text) else {
            panic!("{text:?}");
        };
        let bytes = apply(text.as_bytes(), &[edit(&tree)?]);
        String::from_utf8(bytes).ok()
    }

    #[test]
    fn entries_go_with_their_lines_or_their_comma() {
        let gone = |text: &str, index| {
            edited(text, |tree| {
                tree.remove_entry(tree.root(), index).map(|gone| gone.edit)
            })
        };
        assert_eq!(
            gone(
                "---\r\na: 1\r\n# 关于 b\r\nb: |\r\n  x\r\n\r\nc: 3\r\n---\r\n",
                1
            )
            .as_deref(),
            Some("---\r\na: 1\r\n# 关于 b\r\nc: 3\r\n---\r\n")
        );
        assert_eq!(
            gone("---\n{a: 1, b: 2}\n---\n", 0).as_deref(),
            Some("---\n{b: 2}\n---\n")
        );
        assert_eq!(
            gone("+++\na = 1\nb = [\n 1,\n]\n+++\n", 1).as_deref(),
            Some("+++\na = 1\n+++\n")
        );
        assert_eq!(gone("---\na: 1\n---\n", 0), None);
        assert_eq!(gone("+++\na = 1\n[b]\nc = 1\n+++\n", 1), None);
    }

    #[test]
    fn new_entries_stand_where_they_can() {
        let added = |text: &str| edited(text, |tree| tree.insert_entry(None, "x", "1"));
        assert_eq!(
            added("---\r\na:\r\n  b: 1 # c\r\n---\r\n").as_deref(),
            Some("---\r\na:\r\n  b: 1 # c\r\nx: 1\r\n---\r\n")
        );
        assert_eq!(
            added("+++\na = 1\n[b]\nc = 1\n+++\n").as_deref(),
            Some("+++\na = 1\nx = 1\n[b]\nc = 1\n+++\n")
        );
        assert_eq!(
            added("{\n  \"a\": 1\n}\n").as_deref(),
            Some("{\n  \"a\": 1,\n  \"x\": 1\n}\n")
        );
        assert_eq!(added("---\n---\n").as_deref(), Some("---\nx: 1\n---\n"));
    }

    #[test]
    fn texts_keep_their_quotes() {
        let set = |text: &str, value: &str| {
            edited(text, |tree| {
                tree.get(&Path::key("a"))
                    .and_then(|node| tree.set_text(node, value, false))
            })
        };
        assert_eq!(
            set("---\na: 'x' # c\n---\n", "it's").as_deref(),
            Some("---\na: 'it''s' # c\n---\n")
        );
        assert_eq!(
            set("---\na: x\n---\n", "b: c").as_deref(),
            Some("---\na: \"b: c\"\n---\n")
        );
        assert_eq!(
            set("---\na:\n---\n", "文").as_deref(),
            Some("---\na: 文\n---\n")
        );
        assert_eq!(
            set("---\na: \t\r\n---\r\n", "文").as_deref(),
            Some("---\na: 文\r\n---\r\n")
        );
        assert_eq!(
            set("---\na:  # c\n---\n", "文").as_deref(),
            Some("---\na: 文  # c\n---\n")
        );
        assert_eq!(set("---\na: |\n  x\n---\n", "y"), None);
        assert_eq!(set("+++\na = 1\n+++\n", "y"), None);
    }
}
