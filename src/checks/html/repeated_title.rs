use serde::Deserialize;

use crate::document::Document;
use crate::frontmatter::Path;
use crate::markdown::Format;
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};
use crate::source::Span;

/// `repeated-title`: the body starts with what the front matter has already.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RepeatedTitle {
    /// The keys that have the title, the first that is there counts.
    keys: Vec<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    Ok(Built::Document(Box::new(options.parse::<RepeatedTitle>()?)))
}

impl DocumentCheck for RepeatedTitle {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let document = context.document;
        let Some(title) = document.front_matter().tree().and_then(|tree| {
            self.keys
                .iter()
                .find_map(|key| tree.scalar(&Path::key(key.as_str())))
        }) else {
            return;
        };
        let found = heading_element(document).or_else(|| heading_line(document));
        let Some((span, text)) = found else { return };
        let title = bare(title);
        if !title.is_empty() && bare(&text) == title {
            reports.push(Report::at(span));
        }
    }
}

/// The start tag and the text of a heading before which nothing shows.
fn heading_element(document: &Document) -> Option<(Span, String)> {
    let arena = document.arena();
    let source = document.bytes();
    let heading = arena
        .ids()
        .find(|&id| matches!(arena.name(id), "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))?;
    let start = arena.element(heading).start;
    let before = Span::new(document.body().start, start.start);
    let text = arena.text_in(source, document.mask(), before);
    let shows = arena
        .ids()
        .take_while(|&id| id != heading)
        .any(|id| arena.media_kind(id).is_some());
    (crate::html::is_blank(&text) && !shows)
        .then(|| (start, arena.text(source, document.mask(), heading)))
}

/// The first line of a Markdown body and its text, if it is a heading or nothing but a link.
fn heading_line(document: &Document) -> Option<(Span, String)> {
    if document.format() == Format::Html {
        return None;
    }
    let body = document.body();
    let bytes = body.slice(document.bytes());
    let blank = bytes.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let rest = bytes.get(blank..)?;
    let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let start = body.start + blank;
    let line = String::from_utf8_lossy(rest.get(..length)?).into_owned();
    let after = String::from_utf8_lossy(rest.get(length + 1..).unwrap_or(&[])).into_owned();
    let next = after.lines().next().unwrap_or("").trim();
    let text = line.trim();
    let underlined =
        !next.is_empty() && (next.bytes().all(|b| b == b'=') || next.bytes().all(|b| b == b'-'));
    let marked = text.starts_with('#') && text.trim_start_matches('#').starts_with([' ', '\t']);
    let text = if marked {
        text.trim_matches('#').trim()
    } else {
        text
    };
    let link = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]("))
        .filter(|(_, target)| target.ends_with(')') && target.matches(')').count() == 1);
    let text = match link {
        Some((text, _)) => text,
        None if marked || underlined => text,
        None => return None,
    };
    let span = Span::new(start, start + line.trim_end().len());
    Some((span, text.to_owned()))
}

/// `text` without marks and blanks, in lower case.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(body: &str) -> Option<String> {
        let document = Document::new("a.md", body.as_bytes().to_vec());
        heading_line(&document).map(|(span, text)| format!("{}|{text}", span.text(body)))
    }

    #[test]
    fn a_heading_is_the_first_line() {
        for (body, expected) in [
            ("\n\n## 标题 ##\n\na\n", Some("## 标题 ##|标题")),
            ("标题\r\n---\r\na\r\n", Some("标题|标题")),
            (
                "[标题](https://e.com/)\n",
                Some("[标题](https://e.com/)|标题"),
            ),
            ("# [标题](/a)\n", Some("# [标题](/a)|标题")),
            ("标题\n\na\n", None),
            ("#标题\n", None),
            ("[a](/b) and [c](/d)\n", None),
            ("", None),
        ] {
            assert_eq!(line(body).as_deref(), expected, "{body:?}");
        }
    }
}
