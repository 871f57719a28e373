//! What in a document leads to a place in it.

use rustc_hash::FxHashMap;

use crate::document::Document;
use crate::html::percent_decoded;
use crate::markdown::Format;
use crate::source::MaskKind;

/// Everything that leads or refers to a place in the same file, by the id it names.
pub(super) fn by_id(document: &Document) -> FxHashMap<String, Vec<usize>> {
    let mut links: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let arena = document.arena();
    let source = document.bytes();
    let mut add = |fragment: &str, at: usize| {
        if fragment.is_empty() {
            return;
        }
        if fragment.contains('%') {
            links.entry(percent_decoded(fragment)).or_default().push(at);
        }
        links.entry(fragment.to_owned()).or_default().push(at);
    };
    for id in arena.ids() {
        for attribute in arena.attributes(id) {
            let name = attribute.name.slice(source).to_ascii_lowercase();
            if matches!(&*name, b"id" | b"name" | b"class" | b"style") {
                continue;
            }
            // Whatever the attribute, what ends in `#` and the id refers to it. (HTML standard and
            // WAI-ARIA: these attributes have bare ids.)
            let bare = name.starts_with(b"aria-")
                || matches!(
                    &*name,
                    b"for"
                        | b"form"
                        | b"headers"
                        | b"itemref"
                        | b"list"
                        | b"popovertarget"
                        | b"commandfor"
                );
            for word in attribute.text(source).split_ascii_whitespace() {
                match word.rsplit_once('#') {
                    Some((_, fragment)) => add(fragment, attribute.whole.start),
                    None if bare => add(word, attribute.whole.start),
                    None => {}
                }
            }
        }
    }
    if document.format() == Format::Html {
        return links;
    }
    // `](#id)`, `](<page#id>)`, `[label]: #id`, and what a template makes an address of:
    // `{{< ref "#id" >}}`
    let body = document.body();
    let bytes = body.slice(source);
    let ends = |byte: u8| byte.is_ascii_whitespace() || b"\"'()<>".contains(&byte);
    for at in memchr::memchr_iter(b'#', bytes) {
        let before = bytes.get(..at).unwrap_or(&[]);
        // The page before the `#`. A fragment starts at the first one.
        let page = before
            .iter()
            .rev()
            .take_while(|&&byte| !ends(byte) && byte != b'#')
            .count();
        let before = before.get(..at - page).unwrap_or(&[]);
        let link = before.ends_with(b"](") || before.ends_with(b"](<");
        let quoted = || {
            let region = document.mask().at(body.start + at);
            before.ends_with(b"\"") && region.is_some_and(|it| it.kind == MaskKind::Template)
        };
        if !link && !is_reference(before) && !quoted() {
            continue;
        }
        let id: Vec<u8> = bytes
            .get(at + 1..)
            .unwrap_or(&[])
            .iter()
            .copied()
            .take_while(|&byte| !ends(byte))
            .collect();
        add(&String::from_utf8_lossy(&id), body.start + at);
    }
    links
}

/// Whether `before` ends in `[label]: `.
fn is_reference(before: &[u8]) -> bool {
    let head = before.strip_suffix(b"<").unwrap_or(before);
    head.trim_ascii_end().ends_with(b"]:")
}
