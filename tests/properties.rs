//! What holds for every document, however odd.

mod common;

use copydesk::document::Document;
use copydesk::engine::{fix, lint};
use copydesk::finding::Safety;
use copydesk::rule::Profile;
use proptest::prelude::*;

fn names() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a.md",
        "a.html",
        "a.mdx",
        "_posts/2022-07-09-a.markdown",
    ])
}

fn profiles() -> impl Strategy<Value = Profile> {
    prop::sample::select(vec![Profile::Own, Profile::Archive, Profile::Sanitize])
}

fn lone_line_feeds(bytes: &[u8]) -> usize {
    (0..bytes.len())
        .filter(|&at| bytes[at] == b'\n' && (at == 0 || bytes[at - 1] != b'\r'))
        .count()
}

proptest! {
    #![proptest_config(common::config(400))]

    #[test]
    fn fixing_settles_and_keeps_line_ends(text in common::document(), name in names(), profile in profiles(), all in any::<bool>(), safe in any::<bool>()) {
        let settings = common::settings(profile, if all { &["all"] } else { &[] });
        let allowed = if safe { Safety::Safe } else { Safety::Unsafe };
        let document = Document::new(name, text.clone().into_bytes());
        let fixed = fix(&document, &settings, allowed);
        prop_assert!(fixed.stopped.is_none(), "{:?}", fixed.stopped);
        let again = fix(&document.with_bytes(fixed.bytes.clone()), &settings, allowed);
        prop_assert_eq!(String::from_utf8_lossy(&again.bytes), String::from_utf8_lossy(&fixed.bytes));
        // A text without any line end says nothing about them.
        if text.contains("\r\n") && lone_line_feeds(text.as_bytes()) == 0 {
            prop_assert_eq!(lone_line_feeds(&fixed.bytes), 0);
        }
        // A mark before front matter is taken away; nothing else touches one, and none is put there.
        let marked = |bytes: &[u8]| bytes.starts_with("\u{feff}".as_bytes());
        let unmarked = fixed.applied.contains_key("byte-order-mark");
        prop_assert_eq!(marked(&fixed.bytes), marked(text.as_bytes()) && !unmarked);
        let fixable = lint(&document, &settings).iter().any(|finding| finding.is_fixable(!safe));
        if !fixable {
            prop_assert_eq!(String::from_utf8_lossy(&fixed.bytes), text);
        }
    }

    #[test]
    fn rules_of_the_body_leave_the_front_matter_alone(text in common::document(), name in names(), profile in profiles()) {
        let rules = common::groups(true);
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let document = Document::new(name, text.into_bytes());
        let fixed = fix(&document, &common::settings(profile, &rules), Safety::Unsafe);
        let head = document.body().start;
        prop_assert_eq!(&fixed.bytes[..head.min(fixed.bytes.len())], &document.bytes()[..head]);
    }

    #[test]
    fn rules_of_the_front_matter_leave_the_body_alone(text in common::document(), name in names()) {
        let rules = common::groups(false);
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let document = Document::new(name, text.into_bytes());
        if document.front_matter().tree().is_none() {
            return Ok(());
        }
        let fixed = fix(&document, &common::settings(Profile::Own, &rules), Safety::Safe);
        let body = document.body().slice(document.bytes());
        prop_assert!(fixed.bytes.ends_with(body));
    }

    #[test]
    fn arbitrary_bytes_are_no_reason_to_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), name in names()) {
        let settings = common::settings(Profile::Sanitize, &["all"]);
        let document = Document::new(name, bytes);
        let fixed = fix(&document, &settings, Safety::Unsafe);
        prop_assert!(fixed.stopped.is_none(), "{:?}", fixed.stopped);
    }

    #[test]
    fn bytes_that_are_not_utf8_survive_among_markup(text in common::document(), at in any::<prop::sample::Index>(), name in names()) {
        let mut bytes = text.into_bytes();
        let place = at.index(bytes.len() + 1);
        bytes.splice(place..place, [0xFF, 0xFE, 0x80]);
        let settings = common::settings(Profile::Archive, &[]);
        let fixed = fix(&Document::new(name, bytes), &settings, Safety::Unsafe);
        prop_assert!(fixed.stopped.is_none(), "{:?}", fixed.stopped);
        let replaced = "\u{fffd}".as_bytes();
        prop_assert!(!fixed.bytes.windows(3).any(|window| window == replaced));
    }

    #[test]
    fn spans_lie_in_the_file_and_edits_are_in_order(text in common::document(), name in names(), profile in profiles()) {
        let document = Document::new(name, text.into_bytes());
        for finding in lint(&document, &common::settings(profile, &["all"])) {
            prop_assert!(finding.span.end <= document.bytes().len(), "{finding:?}");
            for label in &finding.labels {
                prop_assert!(label.path.is_some() || label.span.end <= document.bytes().len(), "{finding:?}");
            }
            if let Some(fix) = &finding.fix {
                prop_assert!(!fix.edits.is_empty(), "{finding:?}");
                prop_assert!(fix.edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{finding:?}");
            }
        }
    }
}
