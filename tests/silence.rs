//! Directives that are written for what is found change nothing else, in any document.

mod common;

use copydesk::document::Document;
use copydesk::engine::{lint, silence};
use copydesk::markdown::Format;
use copydesk::rule::Profile;
use proptest::prelude::*;
use scraper::Html;

fn names() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a.md", "a.html", "a.mdx"])
}

/// The elements that a browser sees, without comments and blanks.
fn page(html: &str) -> String {
    let mut page = String::new();
    let comment = regex::Regex::new("(?s)<!--.*?-->").expect("it is right");
    let html = html.replace('\u{feff}', "");
    for node in Html::parse_document(&html).root_element().descendants() {
        match node.value() {
            scraper::Node::Element(element) => page.push_str(&format!("<{element:?}>")),
            // With scripts on, `noscript` holds text, comments too.
            scraper::Node::Text(text) => {
                let parent = node.parent().and_then(|parent| parent.value().as_element());
                match parent.map(|parent| parent.name()) {
                    Some("noscript") => {
                        page.extend(comment.replace_all(text, "").split_whitespace());
                    }
                    _ => page.extend(text.split_whitespace()),
                }
            }
            _ => {}
        }
    }
    page
}

fn rendered(document: &Document) -> String {
    let body = document.body().start;
    let text = document
        .text()
        .and_then(|text| text.get(body..))
        .unwrap_or("");
    if document.format() == Format::Html {
        return page(text);
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(text));
    page(&html)
}

proptest! {
    #![proptest_config(common::config(200))]

    #[test]
    fn directives_hide_and_change_nothing_else(text in common::document(), name in names(), archive in any::<bool>()) {
        let profile = if archive { Profile::Archive } else { Profile::Own };
        let settings = common::settings(profile, &[]);
        let document = Document::new(name, text.clone().into_bytes());
        let before = lint(&document, &settings);
        let first = silence(&document, &settings, "理由");
        let new = document.with_bytes(first.bytes.clone());
        prop_assert!(first.left.len() <= before.len(), "{:?}", first.left);
        prop_assert_eq!(&first.left, &lint(&new, &settings));

        // Nothing is taken away.
        let mut rest = first.bytes.iter();
        prop_assert!(text.bytes().all(|byte| rest.any(|own| *own == byte)));
        if let (Some(old), Some(new)) = (document.front_matter().tree(), new.front_matter().tree()) {
            prop_assert!(old.differences(new).is_empty());
        }
        prop_assert_eq!(document.front_matter().tree().is_some(), new.front_matter().tree().is_some());
        if name != "a.mdx" {
            prop_assert_eq!(rendered(&document), rendered(&new));
        }
        let again = silence(&new, &settings, "理由");
        prop_assert_eq!(String::from_utf8_lossy(&again.bytes), String::from_utf8_lossy(&first.bytes));
    }
}
