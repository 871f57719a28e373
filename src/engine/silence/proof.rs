use crate::document::Document;
use crate::frontmatter::FrontMatter;
use crate::html::Arena;
use crate::markdown::{Format, same_but_for};
use crate::source::{MaskKind, Span};

/// What was inserted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Added {
    /// Before which byte of the old document.
    pub old_at: usize,
    /// Whether it is on a line of its own.
    pub own_line: bool,
    /// Its bytes in the new document.
    pub span: Span,
    /// Those of the comment in it; `None` where a comment was made longer.
    pub comment: Option<Span>,
}

/// Whether `new`, which is `old` with `added` (in file order), says the same as `old`.
pub(super) fn is_harmless(old: &Document, new: &Document, added: &[Added]) -> bool {
    let body = old.body().start;
    let in_head: usize = added
        .iter()
        .filter(|added| added.old_at < body)
        .map(|added| added.span.len())
        .sum();
    new.body().start == body + in_head
        && same_data(old, new)
        && added
            .iter()
            .filter(|added| added.old_at >= body)
            .all(|added| stands_free(old, *added) && is_comment(new, *added))
        && same_elements(old, new)
        && same_text(old, new, added)
}

fn same_data(old: &Document, new: &Document) -> bool {
    match (old.front_matter(), new.front_matter()) {
        (FrontMatter::Parsed { tree: old, .. }, FrontMatter::Parsed { tree: new, .. }) => {
            old.differences(new).is_empty()
        }
        (FrontMatter::Absent, FrontMatter::Absent)
        | (FrontMatter::Opaque { .. }, FrontMatter::Opaque { .. })
        | (FrontMatter::Broken { .. }, FrontMatter::Broken { .. }) => true,
        _ => false,
    }
}

/// Whether it is put neither into code or a template nor into a tag, and no line into what shows its
/// line ends.
fn stands_free(old: &Document, added: Added) -> bool {
    let at = added.old_at;
    let inside = |span: Span| span.start < at && at < span.end;
    let masked = old.mask().regions();
    let near = masked.partition_point(|region| region.span.end <= at);
    let in_mask = masked
        .get(near)
        .is_some_and(|region| inside(region.span) && region.kind != MaskKind::Literal);
    let arena = old.arena();
    let in_tag = arena.at(at).is_some_and(|id| {
        let element = arena.element(id);
        inside(element.start)
            || element.end.is_some_and(inside)
            || added.own_line && arena.is_preformatted(id)
    });
    !in_mask && !in_tag
}

/// Whether a browser, or MDX, takes the comment for one. One that was made longer was one before.
fn is_comment(new: &Document, added: Added) -> bool {
    let Some(comment) = added.comment else {
        return true;
    };
    match new.format() {
        Format::Mdx => new
            .mask()
            .at(comment.start)
            .is_some_and(|region| region.kind == MaskKind::Mdx && region.span == comment),
        Format::Markdown | Format::Html => new.arena().comments().contains(&comment),
    }
}

fn same_elements(old: &Document, new: &Document) -> bool {
    let (before, after) = (old.arena(), new.arena());
    let same = |id| {
        let tag = |arena: &Arena, document: &Document| {
            let element = arena.element(id);
            let tag = element.start.slice(document.bytes()).to_vec();
            (element.parent, element.end.is_some(), tag)
        };
        tag(before, old) == tag(after, new)
    };
    before.len() == after.len() && before.ids().all(same)
}

fn same_text(old: &Document, new: &Document, added: &[Added]) -> bool {
    if old.format() == Format::Html {
        return true;
    }
    let (Some(before), Some(after)) = (old.text(), new.text()) else {
        return false;
    };
    let start = new.body().start;
    let in_body = || added.iter().filter(|added| added.span.start >= start);
    let mut after = after.get(start..).unwrap_or("").to_owned();
    if old.format() == Format::Mdx {
        // For Markdown's parser the comments of MDX are words.
        for comment in in_body().filter_map(|added| added.comment) {
            let filler = "x".repeat(comment.len().saturating_sub(7));
            let range = comment.start - start..comment.end - start;
            after.replace_range(range, &format!("<!--{filler}-->"));
        }
    }
    let spans: Vec<Span> = in_body()
        .map(|added| Span::new(added.span.start - start, added.span.end - start))
        .collect();
    let before = before.get(old.body().start..).unwrap_or("");
    same_but_for(before, &after, &spans)
}
