use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::continued::Run;
use super::raw::RawCode;
use super::{Format, region};
use crate::source::{MaskKind, Region, Span};

/// Finds code, and every `<` that Markdown does not take for the start of a tag.
pub(super) fn find(text: &str, base: usize, format: Format, regions: &mut Vec<Region>) {
    if format == Format::Markdown && !text.contains('<') {
        // Masks exist to keep tags apart from what is none.
        return;
    }
    let mut html: Vec<Range<usize>> = Vec::new();
    let mut code: Vec<Range<usize>> = Vec::new();
    // The end of the last line of the HTML block that is open.
    let mut block_line: Option<usize> = None;
    let mut block_lines: Vec<Range<usize>> = Vec::new();
    // Templates were looked for first.
    let templates: Vec<Span> = regions.iter().map(|region| region.span).collect();
    let mut raw = RawCode::new(text);
    let mut raw_code = Vec::new();
    let mut depth = 0usize;
    let mut run = Run::new(text);
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let mut after_definition = false;
        // A block that starts indented like code can only follow a link definition. Parsers
        // disagree about it, so it is code here.
        if depth == 0 && matches!(event, Event::Start(Tag::Paragraph | Tag::HtmlBlock)) {
            let line = text
                .get(..range.start)
                .map_or(0, |head| head.rfind(['\n', '\r']).map_or(0, |at| at + 1));
            let indentation = text.get(line..range.end).unwrap_or("");
            if indentation.starts_with("    ") || indentation.starts_with('\t') {
                code.push(line..range.end);
                regions.push(region(base, line..range.end, MaskKind::IndentedCode));
                after_definition = true;
            }
        }
        let mut continued = false;
        match &event {
            _ if depth > 0 => {}
            Event::Start(_) if after_definition => run.end(),
            Event::Start(Tag::HtmlBlock) => run.html(range.clone()),
            Event::Start(Tag::Paragraph) => run.paragraph(range.clone()),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))
                if !holds_any(&templates, base, &range) =>
            {
                continued = run.code(range.clone());
            }
            Event::Start(_) | Event::Rule => run.end(),
            _ => {}
        }
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let kind = match kind {
                    CodeBlockKind::Fenced(_) => MaskKind::FencedCode,
                    // MDX has no indented code.
                    CodeBlockKind::Indented if format == Format::Mdx => continue,
                    CodeBlockKind::Indented if continued => MaskKind::ContinuedHtml,
                    CodeBlockKind::Indented => MaskKind::IndentedCode,
                };
                code.push(range.clone());
                regions.push(region(base, range, kind));
            }
            Event::Code(_) => {
                code.push(range.clone());
                regions.push(region(base, range, MaskKind::InlineCode));
            }
            Event::Start(Tag::HtmlBlock) => block_line = Some(range.start),
            Event::End(TagEnd::HtmlBlock) => {
                block_line = None;
                raw.find(&block_lines, &mut raw_code);
                block_lines.clear();
            }
            Event::Html(_) => {
                // The `> ` of a quotation is between the lines of a block and none of its own.
                if let Some(end) = block_line {
                    let prefix = text.get(end..range.start).unwrap_or("");
                    if prefix.contains('>') {
                        regions.push(region(base, end..range.start, MaskKind::Literal));
                    }
                    block_line = Some(range.end);
                    block_lines.push(range.clone());
                }
                html.push(range);
            }
            Event::InlineHtml(_) => html.push(range),
            _ => {}
        }
    }
    for (range, kind) in raw_code {
        regions.push(region(base, range, kind));
    }
    for tag in unfinished_tags(text, &html) {
        regions.push(region(base, tag, MaskKind::Literal));
    }
    html.extend(code);
    html.sort_unstable_by_key(|range| range.start);
    let mut known = html.into_iter().peekable();
    for at in memchr::memchr_iter(b'<', text.as_bytes()) {
        while known.next_if(|range| range.end <= at).is_some() {}
        let rest = text.get(at..).unwrap_or("");
        // `</<b>`: whoever wrote that meant the tag.
        let is_literal =
            known.peek().is_none_or(|range| !range.contains(&at)) || rest.starts_with("</<");
        if format != Format::Mdx && is_literal {
            regions.push(region(base, at..at + 1, MaskKind::Literal));
        }
    }
}

/// Whether `range`, in bytes of the text at `base`, holds a part of one of `spans`, which are sorted.
fn holds_any(spans: &[Span], base: usize, range: &Range<usize>) -> bool {
    let first = spans.partition_point(|span| span.end <= base + range.start);
    spans
        .get(first)
        .is_some_and(|span| span.start < base + range.end)
}

/// Tags that have no `>` of their own, up to the line that starts with the next tag and so shows that
/// they were never finished. What their quotes hold is no tag either.
fn unfinished_tags(text: &str, html: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut unfinished = Vec::new();
    let mut open: Option<usize> = None;
    let mut quote: Option<u8> = None;
    let mut end_of_last = 0;
    for range in html {
        let Some(part) = text.get(range.clone()) else {
            continue;
        };
        if range.start != end_of_last
            && text
                .get(end_of_last..range.start)
                .is_none_or(|gap| !gap.trim().is_empty())
        {
            (open, quote) = (None, None);
        }
        end_of_last = range.end;
        let bytes = part.as_bytes();
        for (at, &b) in bytes.iter().enumerate() {
            match (b, open, quote) {
                (b, Some(_), Some(closing)) if b == closing => quote = None,
                (_, Some(_), Some(_)) => {}
                (b'"' | b'\'', Some(_), None) => quote = Some(b),
                (b'>', Some(_), None) => open = None,
                (b'<', before, None) if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => {
                    let starts_line = bytes.get(..at).is_some_and(|head| {
                        // No attribute is without a letter, a digit or a quote.
                        head.iter()
                            .rev()
                            .take_while(|b| **b != b'\n')
                            .all(|b| b.is_ascii_whitespace() || b"*_~>-+#.:".contains(b))
                    });
                    match before {
                        Some(outer) if starts_line => {
                            unfinished.push(outer..range.start + at);
                            open = Some(range.start + at);
                        }
                        Some(_) => {}
                        None => open = Some(range.start + at),
                    }
                }
                _ => {}
            }
        }
    }
    unfinished
}
