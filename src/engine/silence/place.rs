use std::ops::Range;
use std::sync::Arc;

use crate::document::Document;
use crate::engine::suppress::{Directives, Role};
use crate::frontmatter::{Block, FrontMatter, Syntax};
use crate::markdown::Format;
use crate::source::{Span, line_ending_at};

/// Where a directive may stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// It is inserted before this byte.
    pub at: usize,
    /// For what; of two at one place the one for the file stands first.
    scope: Scope,
    /// With what around it.
    pub form: Form,
    /// In which comment.
    style: Style,
    /// What stands before it: the indentation of a line, a line end.
    lead: String,
    /// The line end after it.
    trail: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// On a line of its own.
    Line,
    /// Beside other text.
    Beside,
    /// More names for a directive that is there.
    More,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    File,
    Line,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    /// `# …`
    Hash,
    /// `<!-- … -->`
    Html,
    /// `{/* … */}`
    Mdx,
}

impl Place {
    fn line(at: usize, style: Style, lead: &str, trail: &'static str) -> Self {
        Self {
            at,
            form: Form::Line,
            style,
            scope: Scope::Line,
            lead: lead.to_owned(),
            trail,
        }
    }

    fn beside(at: usize, style: Style) -> Self {
        Self {
            form: Form::Beside,
            ..Self::line(at, style, " ", "")
        }
    }

    fn more(at: usize) -> Self {
        Self {
            form: Form::More,
            ..Self::line(at, Style::Hash, ", ", "")
        }
    }

    fn for_file(self) -> Self {
        Self {
            scope: Scope::File,
            ..self
        }
    }

    /// What is inserted for the rules of `names`, and where in it the comment is; none where names
    /// are added to one.
    pub fn text(&self, names: &[&str], reason: &str) -> (String, Option<Range<usize>>) {
        let names = names.join(", ");
        if self.form == Form::More {
            return (format!("{}{names}", self.lead), None);
        }
        let kind = match self.scope {
            Scope::File => "-file",
            Scope::Line => "",
        };
        let reason = match reason {
            "" => String::new(),
            reason => format!(" -- {reason}"),
        };
        let directive = format!("copydesk-ignore{kind}: {names}{reason}");
        let comment = match self.style {
            Style::Hash => format!("# {directive}"),
            Style::Html => format!("<!-- {directive} -->"),
            Style::Mdx => format!("{{/* {directive} */}}"),
        };
        let range = self.lead.len()..self.lead.len() + comment.len();
        (format!("{}{comment}{}", self.lead, self.trail), Some(range))
    }
}

/// Where a directive for what was `found` on `line` may stand, best first.
pub(super) fn places_for_line(
    document: &Document,
    directives: &Directives,
    line: usize,
    found: &[(Arc<str>, usize)],
) -> Vec<Place> {
    let mut places: Vec<Place> = directives
        .all
        .iter()
        .filter(|directive| directive.role == Role::Next)
        .filter(|directive| found.iter().all(|(_, at)| directive.reaches(*at)))
        .filter_map(|directive| Some(Place::more(directive.names.last()?.span.end)))
        .collect();
    let start = document.lines().line(line).start;
    match document.front_matter().block() {
        Some(block) if start < block.body_start => {
            if takes_comments(document, block) && block.content.contains(start) {
                in_front_matter(document, block, line, &mut places);
            }
        }
        _ => in_body(document, line, &mut places),
    }
    places
}

/// Where a directive for the whole file may stand, best first.
pub(super) fn places_for_file(document: &Document, directives: &Directives) -> Vec<Place> {
    let mut places: Vec<Place> = directives
        .all
        .iter()
        .filter(|directive| directive.role == Role::File)
        .filter_map(|directive| Some(Place::more(directive.names.last()?.span.end)))
        .collect();
    let (bytes, body) = (document.bytes(), document.body());
    if let Some(block) = document.front_matter().block()
        && takes_comments(document, block)
    {
        let at = block.content.start;
        let end = line_ending_at(bytes, at).as_str();
        places.push(Place::line(at, Style::Hash, "", end).for_file());
    }
    let style = style_of_body(document);
    let end = line_ending_at(bytes, body.end).as_str();
    let text = body.slice(bytes);
    // Without a blank line after it: some generators take what is before the first one for the excerpt.
    let blank = text.len() - text.trim_ascii_start().len();
    let first = document.lines().line_of(body.start + blank);
    let first = document.lines().line(first).start.max(body.start);
    let top = (blank < text.len()).then(|| Place::line(first, style, "", end).for_file());
    let gap = match bytes.ends_with(b"\n") {
        true => end.to_owned(),
        false => end.repeat(2),
    };
    let bottom = Place::line(bytes.len(), style, &gap, end).for_file();
    // A page of HTML starts with its document type.
    match document.format() {
        Format::Html => places.extend(std::iter::once(bottom).chain(top)),
        Format::Markdown | Format::Mdx => places.extend(top.into_iter().chain([bottom])),
    }
    places
}

fn style_of_body(document: &Document) -> Style {
    match document.format() {
        Format::Mdx => Style::Mdx,
        Format::Markdown | Format::Html => Style::Html,
    }
}

/// JSON has no comments, what is not read may be anything, and a block that is not closed is shown on
/// the page, where `#` makes a heading.
fn takes_comments(document: &Document, block: &Block) -> bool {
    block.syntax != Syntax::Json
        && block.closer.is_some()
        && !matches!(document.front_matter(), FrontMatter::Opaque { .. })
}

/// Before the line, before the keys it belongs to, beside it.
fn in_front_matter(document: &Document, block: &Block, line: usize, places: &mut Vec<Place>) {
    let (bytes, lines) = (document.bytes(), document.lines());
    let content = |number: usize| lines.line_content(bytes, number).slice(bytes);
    let indent = |text: &[u8]| text.len() - text.trim_ascii_start().len();
    let is_item = |text: &[u8]| text.trim_ascii_start().starts_with(b"-");
    let end = line_ending_at(bytes, lines.line(line).start).as_str();
    let mut own = usize::MAX;
    let mut item = false;
    for number in (0..=line).rev() {
        let (span, text) = (lines.line(number), content(number));
        if span.start < block.content.start {
            break;
        }
        let nearer = indent(text) < own || item && indent(text) == own && !is_item(text);
        if text.trim_ascii().is_empty() || text.trim_ascii_start().starts_with(b"#") || !nearer {
            continue;
        }
        (own, item) = (indent(text), is_item(text));
        let lead = String::from_utf8_lossy(text.get(..own).unwrap_or(&[])).into_owned();
        places.push(Place::line(span.start, Style::Hash, &lead, end));
    }
    let text = content(line);
    if !text.trim_ascii().is_empty() {
        let at = lines.line(line).start + text.trim_ascii_end().len();
        places.push(Place::beside(at, Style::Hash));
    }
}

/// Before the line where a block may start there; in the last cell of a row; beside the line.
fn in_body(document: &Document, line: usize, places: &mut Vec<Place>) {
    let (bytes, lines, body) = (document.bytes(), document.lines(), document.body());
    let style = style_of_body(document);
    let whole = lines.line_content(bytes, line);
    let span = Span::new(whole.start.max(body.start), whole.end.max(body.start));
    let text = span.slice(bytes);
    let trimmed = text.trim_ascii_end();
    let indent = text.len() - text.trim_ascii_start().len();
    let lead = String::from_utf8_lossy(text.get(..indent).unwrap_or(&[])).into_owned();
    let end = line_ending_at(bytes, span.start).as_str();
    let before = Place::line(span.start, style, &lead, end);

    let blank_before = line.checked_sub(1).is_none_or(|above| {
        let above = lines.line(above);
        above.start < body.start || above.slice(bytes).trim_ascii().is_empty()
    });
    let is_markup = text.get(indent) == Some(&b'<');
    if blank_before || is_markup {
        places.push(before.clone());
    }
    if let Some(row) = trimmed.strip_suffix(b"|").filter(|row| !row.is_empty()) {
        places.push(Place::beside(
            span.start + row.trim_ascii_end().len(),
            style,
        ));
    }
    // A backslash there is a line break.
    let words = trimmed.strip_suffix(b"\\").unwrap_or(trimmed);
    places.push(Place::beside(span.start + words.len(), style));
    if !blank_before && !is_markup {
        places.push(before);
    }
}
