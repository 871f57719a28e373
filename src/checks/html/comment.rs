//! Comments that a program left behind.

use regex::bytes::Regex;
use serde::Deserialize;

use crate::document::Document;
use crate::finding::Safety;
use crate::html::ElementId;
use crate::markdown::Format;
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

/// `comment`: comments go that say nothing but this.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// A regular expression that matches all that is between `<!--` and `-->`, white space at its
    /// ends aside.
    pattern: String,
}

struct Comment {
    pattern: Regex,
}

/// Why a comment stays that may go.
const HELD: &str = "Markdown would read the lines around it differently";

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let pattern = Regex::new(&format!("^(?:{})$", config.pattern))
        .map_err(|error| OptionError(format!("`pattern`: {error}")))?;
    Ok(Built::Document(Box::new(Comment { pattern })))
}

impl DocumentCheck for Comment {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let document = context.document;
        // In MDX `<!--` is no comment. Where a line starts a part of a page cannot tell.
        if document.format() == Format::Mdx || document.is_part() {
            return;
        }
        let arena = document.arena();
        for &comment in arena.comments() {
            let text = comment.slice(document.bytes());
            let inner = text
                .strip_prefix(b"<!--")
                .and_then(|text| text.strip_suffix(b"-->"));
            let around = arena.at(comment.start);
            if inner.is_some_and(|inner| self.pattern.is_match(inner.trim_ascii()))
                && document.mask().at(comment.start).is_none()
                && !around.is_some_and(|id| shows_as_it_is(document, id))
            {
                let report = Report::at(comment);
                reports.push(report.propose(match without(document, comment) {
                    Some(span) => Proposal::Edits {
                        title: "Remove the comment".to_owned(),
                        safety: Safety::Safe,
                        edits: vec![Edit::delete(span)],
                        claim: Claim::Layout,
                    },
                    None => Proposal::Withheld(HELD.to_owned()),
                }));
            }
        }
    }
}

/// Whether what is in `id` is a sample.
fn shows_as_it_is(document: &Document, id: ElementId) -> bool {
    let arena = document.arena();
    arena.is_preformatted(id) || arena.name(id) == "pre"
}

/// What goes with `comment`: its line, if it is alone there. None where it may hold lines of
/// Markdown apart, or keep one raw.
fn without(document: &Document, comment: Span) -> Option<Span> {
    let (source, body) = (document.bytes(), document.body());
    let before = Span::new(body.start, comment.start).slice(source);
    let after = Span::new(comment.end, body.end).slice(source);
    let left = blanks(before.iter().rev());
    let right = blanks(after.iter());
    let line_before = before.get(..before.len() - left)?;
    let rest = after.get(right..)?;
    let starts_line = matches!(line_before, [] | [.., b'\n']);
    let line_end = match rest {
        [] => Some(0),
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    };
    let markdown = document.format() == Format::Markdown;
    let Some(line_end) = line_end.filter(|_| starts_line) else {
        // What follows it on a line of Markdown is raw.
        return (!markdown || !starts_line).then_some(comment);
    };
    let line = Span::new(comment.start - left, comment.end + right + line_end);
    if !markdown {
        return Some(line);
    }
    let next = rest.get(line_end..)?;
    let first = document.front_matter().block().is_some() || !line_before.is_empty();
    // A body that starts with a fence of front matter must not come to the top of the file.
    let may_be_first = first || !next.starts_with(b"---") && !next.starts_with(b"+++");
    let after_blank = line_before.is_empty() || {
        let above = line_before.strip_suffix(b"\n").unwrap_or(line_before);
        let above = above.strip_suffix(b"\r").unwrap_or(above);
        let blank = blanks(above.iter().rev());
        matches!(above.get(..above.len() - blank), Some([] | [.., b'\n']))
    };
    let blank = blanks(next.iter());
    let before_blank = match next.get(blank..)? {
        [] => Some(blank),
        [b'\n', ..] => Some(blank + 1),
        [b'\r', b'\n', ..] => Some(blank + 2),
        _ => None,
    };
    match (after_blank, before_blank) {
        _ if !may_be_first => None,
        // Of two blank lines that would meet one stays.
        (true, Some(more)) => Some(Span::new(line.start, line.end + more)),
        (true, None) | (false, Some(_)) => Some(line),
        (false, None) => None,
    }
}

/// How many blanks `bytes` starts with.
fn blanks<'a>(bytes: impl Iterator<Item = &'a u8>) -> usize {
    bytes
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(path: &str, text: &str) -> Option<String> {
        let document = Document::new(path, text.as_bytes().to_vec());
        let comment = *document.arena().comments().first()?;
        let span = without(&document, comment)?;
        let left = crate::source::apply(text.as_bytes(), &[Edit::delete(span)]);
        String::from_utf8(left).ok()
    }

    #[test]
    fn a_comment_goes_with_the_line_it_leaves_blank() {
        for (text, expected) in [
            ("<!--1-->\n[文](a)\n", "[文](a)\n"),
            (
                "---\ntitle: 文\n---\n<!--1-->\n---\n",
                "---\ntitle: 文\n---\n---\n",
            ),
            ("文\r\n\r\n<!--1-->\r\n\r\n字\r\n", "文\r\n\r\n字\r\n"),
            ("文\n<!--1--> \n\n字\n", "文\n\n字\n"),
            ("文\n\n  <!--1-->\n字\n", "文\n\n字\n"),
            ("文 <!--1-->字\n", "文 字\n"),
            ("文\n\n<!--1-->", "文\n\n"),
        ] {
            assert_eq!(left("a.md", text).as_deref(), Some(expected), "{text:?}");
        }
        let text = "<p>文</p>\n<!--1-->\n<p>字</p><!--2-->";
        assert_eq!(
            left("a.html", text).as_deref(),
            Some("<p>文</p>\n<p>字</p><!--2-->")
        );
        assert_eq!(
            left("a.html", "<!--1--><p>文</p>").as_deref(),
            Some("<p>文</p>")
        );
    }

    #[test]
    fn a_comment_that_holds_lines_apart_stays() {
        for text in [
            "文\n<!--1-->\n字\n",
            "<!--1-->*字*\n",
            "<!--1-->\n---\na: b\n---\n",
        ] {
            assert_eq!(left("a.md", text), None, "{text:?}");
        }
    }
}
