//! What holds for every document, however odd.

mod common;

use copydesk::document::Document;
use copydesk::engine::{fix, lint};
use copydesk::finding::Safety;
use copydesk::rule::Profile;
use copydesk::source::Span;
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

/// The line ends of `bytes`: where each starts, and whether it is a carriage return and a line feed.
fn line_ends(bytes: &[u8]) -> Vec<(usize, bool)> {
    (0..bytes.len())
        .filter(|&at| bytes[at] == b'\n')
        .map(|at| match at.checked_sub(1) {
            Some(before) if bytes[before] == b'\r' => (before, true),
            _ => (at, false),
        })
        .collect()
}

/// The kinds of line ends that may be put at `span`: that of most lines, those of the lines before
/// and after, and what stood there.
fn kinds_at(ends: &[(usize, bool)], span: Span) -> Vec<bool> {
    let long = ends.iter().filter(|(_, long)| *long).count();
    let first = ends.partition_point(|(at, _)| *at < span.start);
    let past = ends.partition_point(|(at, _)| *at < span.end);
    let near = &ends[first.saturating_sub(1)..ends.len().min(past + 1)];
    let mut kinds: Vec<bool> = near.iter().map(|(_, long)| *long).collect();
    kinds.extend((long * 2 >= ends.len()).then_some(true));
    kinds.extend((long * 2 <= ends.len()).then_some(false));
    kinds
}

/// Whether `at` is between a carriage return and its line feed.
fn is_inside_line_end(bytes: &[u8], at: usize) -> bool {
    at > 0 && bytes.get(at - 1..=at) == Some(b"\r\n")
}

/// `text` with line ends of both kinds, as `long` says one after the other.
fn with_line_ends(text: &str, long: &[bool]) -> String {
    let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let mut out = lines.next().unwrap_or("").to_owned();
    for (line, long) in lines.zip(long.iter().cycle()) {
        out.push_str(if *long { "\r\n" } else { "\n" });
        out.push_str(line);
    }
    out
}

proptest! {
    #![proptest_config(common::config(400))]

    #[test]
    fn a_fix_brings_no_line_end_of_another_kind(text in common::document(), long in prop::collection::vec(any::<bool>(), 1..6), name in names(), profile in profiles()) {
        let text = with_line_ends(&text, &long);
        let document = Document::new(name, text.clone().into_bytes());
        let bytes = document.bytes();
        let ends = line_ends(bytes);
        for finding in lint(&document, &common::settings(profile, &["all"])) {
            let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
            for edit in edits.clone() {
                let mut kinds = kinds_at(&ends, edit.span);
                // What a fix moves takes its line end with it.
                kinds.extend(edits.clone().flat_map(|other| line_ends(other.span.slice(bytes))).map(|(_, long)| long));
                for (_, long) in line_ends(edit.text.as_bytes()) {
                    prop_assert!(kinds.contains(&long), "{:?}\n{:?}\n{:?}", edit, finding, text);
                }
                for at in [edit.span.start, edit.span.end] {
                    prop_assert!(!is_inside_line_end(bytes, at), "{:?}\n{:?}\n{:?}", edit, finding, text);
                }
            }
        }
    }

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
        let ends = line_ends(text.as_bytes());
        for long in [false, true] {
            if ends.iter().any(|end| end.1 == long) && ends.iter().all(|end| end.1 == long) {
                prop_assert!(line_ends(&fixed.bytes).iter().all(|end| end.1 == long), "{:?}\n{:?}", text, String::from_utf8_lossy(&fixed.bytes));
            }
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
