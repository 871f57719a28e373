//! Holds a fix against what it says it changes, before it is offered.

use crate::document::Document;
use crate::frontmatter::{self, FrontMatter, Path};
use crate::rule::Claim;
use crate::source::{Edit, apply};

/// Whether `edits` change what `claim` says and nothing else.
///
/// # Errors
/// Why not, in words for the user: a fix that breaks its claim is a bug in its rule.
pub(super) fn holds(document: &Document, edits: &[Edit], claim: &Claim) -> Result<(), String> {
    let sound = edits
        .windows(2)
        .all(|pair| pair[0].span.end <= pair[1].span.start)
        && edits
            .iter()
            .all(|edit| edit.span.end <= document.bytes().len());
    if !sound {
        return Err(bug("its edits overlap"));
    }
    let claimed: &[Path] = match claim {
        Claim::Syntax | Claim::Attributes(_) => return Ok(()),
        Claim::Layout => &[],
        Claim::Data(paths) => paths,
    };
    let body = document.body();
    if edits.iter().all(|edit| edit.span.start >= body.start) {
        return Ok(());
    }
    let Some(tree) = document.front_matter().tree() else {
        return Ok(());
    };
    // Only the head of the file is parsed again; an edit that reaches into the body would not be
    // seen whole.
    if edits
        .iter()
        .any(|edit| edit.span.start < body.start && edit.span.end > body.start)
    {
        return Err(bug("it reaches from the front matter into the body"));
    }
    let head: Vec<Edit> = edits
        .iter()
        .filter(|edit| edit.span.end <= body.start && edit.span.start < body.start)
        .cloned()
        .collect();
    let bytes = apply(&document.bytes()[..body.start], &head);
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(bug("it cuts a character in two"));
    };
    let FrontMatter::Parsed { tree: after, .. } = frontmatter::read(text) else {
        return Err(bug("the front matter would not parse afterwards"));
    };
    let stray = tree
        .differences(&after)
        .into_iter()
        .find(|path| !claimed.iter().any(|claim| path.0.starts_with(&claim.0)));
    match stray {
        None => Ok(()),
        Some(path) => Err(bug(&format!("it would change `{path}` too"))),
    }
}

fn bug(what: &str) -> String {
    format!("the fix was dropped because {what}; please report this as a bug")
}
