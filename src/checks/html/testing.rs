//! What the tests of checks share.

use crate::document::Document;
use crate::rule::{Builder, Built, Context, Options, Preset};

/// Which elements of `page` the check finds under `options`, by their classes, ids or addresses,
/// and by their names where they have none.
pub(super) fn found(build: Builder, options: &str, path: &str, page: &str) -> Vec<String> {
    let options = Options {
        value: serde_yaml::from_str(options).unwrap(),
        sound: false,
    };
    let Ok(Built::Element(check)) = build(&options) else {
        panic!("the options fit: {options:?}");
    };
    let document = Document::new(path, page.as_bytes().to_vec());
    let preset: Preset =
        serde_yaml::from_str("{ preset: none, title: None, sources: [] }").unwrap();
    let context = Context {
        document: &document,
        preset: &preset,
        source_url: None,
    };
    let arena = document.arena();
    let mut found = Vec::new();
    for id in arena.ids() {
        let mut reports = Vec::new();
        check.check(context, id, &mut reports);
        found.extend(reports.into_iter().map(|_| {
            ["class", "id", "href", "src"]
                .iter()
                .find_map(|name| arena.value(document.bytes(), id, name))
                .map_or_else(|| arena.name(id).to_owned(), |value| value.into_owned())
        }));
    }
    found
}
