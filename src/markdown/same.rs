use std::fmt::Write;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::source::Span;

/// Whether `new` says the same as `old` to a Markdown parser, with and without the widespread
/// extensions, but for the comments of `added` (sorted, in bytes of `new`) that it has beside it.
///
/// Nothing is made light of: a paragraph cut in two, a list that became loose, a table cell more or
/// a line break less is a difference.
pub fn same_but_for(old: &str, new: &str, added: &[Span]) -> bool {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH;
    [extensions, Options::empty()]
        .into_iter()
        .all(|options| said(old, &[], options) == said(new, added, options))
}

/// What a parser says of `text`, one part after the other, the bytes of `left_out` left out.
fn said(text: &str, left_out: &[Span], options: Options) -> String {
    let mut said = String::with_capacity(text.len());
    let mut block = String::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let part = |comments| without(text, Span::from(range.clone()), left_out, comments);
        match event {
            Event::Start(Tag::HtmlBlock) => block.clear(),
            Event::Html(_) => block.push_str(&part(true)),
            // A block that holds nothing but what was added is none.
            Event::End(TagEnd::HtmlBlock) if block.trim().is_empty() && !left_out.is_empty() => {}
            Event::End(TagEnd::HtmlBlock) => {
                let _ = write!(said, "\u{1}html\u{1}{block}\u{1}");
            }
            Event::InlineHtml(_) => said.push_str(&part(true)),
            // A comment that is read as text or code is none.
            Event::Text(_) | Event::Code(_) => said.push_str(&part(false)),
            Event::Start(tag) => {
                let _ = write!(said, "\u{1}{tag:?}\u{1}");
            }
            Event::End(tag) => {
                let end = said.trim_end_matches([' ', '\t']).len();
                said.truncate(end);
                let _ = write!(said, "\u{1}/{tag:?}\u{1}");
            }
            other => {
                let _ = write!(said, "\u{1}{other:?}\u{1}");
            }
        }
    }
    said
}

/// The text of `part` without what of `left_out` lies in it: white space, and comments where there
/// can be some.
fn without(text: &str, part: Span, left_out: &[Span], comments: bool) -> String {
    let mut kept = String::with_capacity(part.len());
    let mut at = part.start;
    let first = left_out.partition_point(|span| span.end <= part.start);
    for span in left_out.get(first..).unwrap_or(&[]) {
        if span.start >= part.end {
            break;
        }
        let here = Span::new(span.start.max(part.start), span.end.min(part.end));
        if comments || here.text(text).trim().is_empty() {
            kept.push_str(text.get(at..here.start).unwrap_or(""));
            at = here.end;
        }
    }
    kept.push_str(text.get(at..part.end).unwrap_or(""));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMENT: &str = "<!-- c -->";

    /// Whether what is between the bars of `text`, where `@` is a comment, may be added.
    fn harmless(text: &str) -> bool {
        let (before, rest) = text.split_once('¦').unwrap();
        let (around, after) = rest.split_once('¦').unwrap();
        let added = around.replace('@', COMMENT);
        let new = format!("{before}{added}{after}");
        let span = Span::new(before.len(), before.len() + added.len());
        same_but_for(&format!("{before}{after}"), &new, &[span])
    }

    #[test]
    fn a_comment_beside_a_block_changes_nothing() {
        for text in [
            "¦@\n¦文 a\nb\n",
            "a¦ @¦\nb\n",
            "a¦ @¦  \nb\n",
            "# A\n\n¦@\r\n¦- b\r\n- c\r\n",
            "- b¦ @¦\n- c\n",
            "¦@\n¦| a | b |\n|---|---|\n| 1 | 2 |\n",
            "| a | b |\n|---|---|\n| 1 | 2¦ @¦ |\n",
            "<div>\n¦@\n¦<p>x</p>\n</div>\n",
            "<div>x</div>¦ @¦\n\ny\n",
            "¦@\n¦# 标题\n",
            "¦@\n¦```\ncode\n```\n",
            "¦@\n¦    code\n",
        ] {
            assert!(harmless(text), "{text:?}");
        }
    }

    #[test]
    fn a_comment_that_breaks_something_is_found_out() {
        for text in [
            "a\n¦@\n¦b\n",
            "- a\n¦@\n¦- b\n",
            "| a | b |\n|---|---|\n¦@\n¦| 1 | 2 |\n",
            "```\ncode¦ @¦\n```\n",
            "```¦ @¦\ncode\n```\n",
            "Title\n=====¦ @¦\n",
            "***¦ @¦\n",
            "a\\¦ @¦\nb\n",
            "a  ¦@¦\nb\n",
            "see [x]\n\n[x]: /u¦ @¦\n",
            "see `a¦ @¦` b\n",
            "    code¦ @¦\n",
            "a\n¦@\n¦    b\n",
        ] {
            assert!(!harmless(text), "{text:?}");
        }
    }
}
