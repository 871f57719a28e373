//! What several checks share.

use regex::Regex;

use super::pattern::Pattern;
use crate::frontmatter::{Block, Dialect, Node, Tree};
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, YamlVersion};
use crate::source::Span;

/// The first `most` bytes of the body at most, cut at a character, and where the body starts.
pub(super) fn head_of_body<'a>(text: &'a str, block: &Block, most: usize) -> (usize, &'a str) {
    let start = block.body_start;
    let mut end = (start + most).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (start, Span::new(start, end).text(text))
}

/// A check that looks at a document.
pub(super) fn document(check: impl DocumentCheck + 'static) -> Result<Built, OptionError> {
    Ok(Built::Document(Box::new(check)))
}

/// The regular expression `text` of the option `name`.
pub(super) fn pattern(options: &Options, name: &str, text: &str) -> Result<Pattern, OptionError> {
    let pattern = Pattern::new(text);
    if !options.sound {
        let compiled = Regex::new(text).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or("").trim();
            OptionError(format!("{name}: no regular expression: {reason}"))
        })?;
        // It was empty.
        let _ = pattern.regex.set(Some(compiled));
    }
    Ok(pattern)
}

/// The YAML that the site generator reads.
pub(super) fn dialect(context: Context<'_>) -> Dialect {
    match context.preset.yaml {
        YamlVersion::V1_1 => Dialect::V1_1,
        YamlVersion::V1_2 => Dialect::V1_2,
    }
}

/// Where a value is, or its key where nothing is written.
pub(super) fn place(entry: &crate::frontmatter::Entry) -> Span {
    if entry.value.span.is_empty() {
        entry.key.span
    } else {
        trimmed(entry.value.span, &entry.value)
    }
}

/// The span of a node without the line end of a block scalar.
pub(super) fn trimmed(span: Span, node: &Node) -> Span {
    match node.style {
        crate::frontmatter::Style::Literal | crate::frontmatter::Style::Folded => {
            Span::new(span.start, span.start + 1)
        }
        _ => span,
    }
}

/// Whether a text is filled in by a template engine before anybody reads it.
pub(super) fn is_template(text: &str) -> bool {
    // Nearly every text is told by this alone.
    memchr::memchr2(b'{', b'<', text.as_bytes()).is_some()
        && (text.contains("{{") || text.contains("{%") || text.contains("<%"))
}

/// Whether `text`, which stands in `tree`, is filled in by a template engine.
pub(super) fn is_template_in(tree: &Tree, text: &str) -> bool {
    tree.may_hold_templates() && is_template(text)
}

/// Whether the value is filled in by a template, however the syntax reads the braces.
pub(super) fn is_template_value(tree: &Tree, node: &Node) -> bool {
    is_template_in(tree, tree.source(node.span))
}

/// Markdown without its links: `[text](url)` and `[[page|text]]` become the text.
pub(super) fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        if let Some((inner, tail)) = after.strip_prefix("[[").and_then(|a| a.split_once("]]")) {
            out.push_str(inner.rsplit('|').next().unwrap_or(inner));
            rest = tail;
        } else if let Some((inner, tail)) = after.strip_prefix('[').and_then(|a| a.split_once("]("))
        {
            out.push_str(inner);
            rest = tail.split_once(')').map_or("", |(_, tail)| tail);
        } else {
            out.push('[');
            rest = after.get(1..).unwrap_or("");
        }
    }
    out.push_str(rest);
    out
}
