use std::sync::Arc;

use super::*;
use crate::registry::{Registry, Selection};
use crate::rule::Profile;

fn settings() -> Settings {
    let registry = Registry::builtin();
    let preset = registry.preset("generic").unwrap().clone();
    let selection = Selection::new(Profile::Own, preset);
    Settings {
        rules: Arc::new(registry.compile(&selection).unwrap()),
        source_keys: Vec::new(),
    }
}

/// The text with its directives, after which nothing is found and nothing more is added.
fn silenced(path: &str, text: &str, reason: &str) -> String {
    let settings = settings();
    let document = Document::new(path, text.as_bytes().to_vec());
    assert!(!lint(&document, &settings).is_empty(), "{text}");
    let first = silence(&document, &settings, reason);
    let shown = String::from_utf8(first.bytes.clone()).unwrap();
    assert!(first.left.is_empty(), "{shown}\n{:#?}", first.left);
    let again = silence(&document.with_bytes(first.bytes.clone()), &settings, reason);
    assert_eq!(again.bytes, first.bytes, "a second run adds nothing");
    shown
}

/// The lines of `text` that a directive was added to or is on, joined.
fn added(path: &str, text: &str) -> String {
    let new = silenced(path, text, "");
    let lines: Vec<&str> = new
        .lines()
        .filter(|line| !text.lines().any(|old| old == *line))
        .collect();
    lines.join("\n")
}

const AD: &str = "<div id=\"dfp-ad-x\"></div>";

#[test]
fn a_block_has_its_directive_on_the_line_before() {
    assert_eq!(
        silenced("a.md", &format!("文。\r\n\r\n{AD}\r\n"), "旧主题"),
        format!("文。\r\n\r\n<!-- copydesk-ignore: ad-slot-dfp -- 旧主题 -->\r\n{AD}\r\n")
    );
    let nested = format!("<section>\n  {AD}\n  <p>x</p>\n</section>\n");
    assert_eq!(
        added("a.html", &nested),
        "  <!-- copydesk-ignore: ad-slot-dfp -->"
    );
}

#[test]
fn paragraphs_lists_and_tables_stay_whole() {
    let comment = "<!-- copydesk-ignore: ad-slot-dfp -->";
    let paragraph = format!("one\ntwo {AD} three\nfour\n");
    assert_eq!(
        added("a.md", &paragraph),
        format!("two {AD} three {comment}")
    );
    let list = format!("- one\n- two {AD}\n- three\n");
    assert_eq!(added("a.md", &list), format!("- two {AD} {comment}"));
    let table = format!("| a | b |\n|---|---|\n| 1 | {AD} |\n| 3 | 4 |\n");
    assert_eq!(added("a.md", &table), format!("| 1 | {AD} {comment} |"));
    let broken = format!("one {AD}  \ntwo {AD}\\\nthree\n");
    assert_eq!(
        added("a.md", &broken),
        format!("{comment}\ntwo {AD} {comment}\\")
    );
}

#[test]
fn several_rules_of_a_line_share_a_directive_and_join_one_that_is_there() {
    let both = format!("x {AD}<p></p>\n");
    assert_eq!(
        added("a.html", &both),
        "<!-- copydesk-ignore: ad-slot-dfp, empty-paragraph -->"
    );
    let there = format!("<!-- copydesk-ignore: empty-paragraph -- ours -->\n{AD}<p></p>\n");
    assert_eq!(
        added("a.html", &there),
        "<!-- copydesk-ignore: empty-paragraph, ad-slot-dfp -- ours -->"
    );
}

#[test]
fn front_matter_has_comments_of_its_own() {
    let yaml = "---\ntitle: a: b\ntags: [a]\n---\n\n文。\n";
    assert_eq!(added("a.md", yaml), "# copydesk-ignore: unquoted-colon");
    let deep = "---\ntitle: 标题\nauthors:\n  - name: a\n    name: b\n---\n";
    assert_eq!(added("a.md", deep), "    # copydesk-ignore: duplicate-key");
    let folded = "---\ntitle: x\nauthors: [\n  a,\n  a]\ntags: |\n  a\n\n  \u{7}b\n---\n";
    let shown = silenced("a.md", folded, "");
    assert!(shown.contains("# copydesk-ignore"), "{shown}");
    let toml = "+++\ntitle = \"\"\n+++\n\nx\n";
    assert_eq!(added("a.md", toml), "# copydesk-ignore: empty-title");
}

#[test]
fn a_block_that_is_not_closed_is_on_the_page_and_gets_no_heading() {
    let shown = silenced("a.md", "---\ntitle: 标题\n\nText.\n", "old");
    assert!(!shown.contains("# copydesk"), "{shown}");
    assert!(shown.contains("\n<!-- copydesk-ignore-file: "), "{shown}");
    assert!(shown.starts_with("---\ntitle: 标题\n"), "{shown}");
}

#[test]
fn json_and_what_has_no_place_is_hidden_for_the_file() {
    let json = "{\n  \"title\": \"\"\n}\n\nText.\n";
    assert_eq!(
        silenced("a.md", json, "x"),
        "{\n  \"title\": \"\"\n}\n\n<!-- copydesk-ignore-file: empty-title -- x -->\nText.\n"
    );
    let two = "{\"title\": \"\", \"tags\": [\"a\", \"a\"]}\n";
    let shown = silenced("a.md", two, "");
    assert_eq!(shown.matches("copydesk-ignore-file").count(), 1, "{shown}");
    // Nothing may stand inside a tag.
    let tag = "text <img\n  src=\"a.jpg\"\n  data-src=\"a.jpg\"\n  alt=\"\">\n";
    assert_eq!(
        added("a.md", tag),
        "<!-- copydesk-ignore-file: lazy-redundant-attribute -->"
    );
}

#[test]
fn mdx_has_comments_of_its_own() {
    assert_eq!(
        added("a.mdx", &format!("import A from 'a'\n\n{AD}\n")),
        "{/* copydesk-ignore: ad-slot-dfp */}"
    );
    let inline = format!("one\n*two* {AD} three\n");
    assert_eq!(
        added("a.mdx", &inline),
        format!("*two* {AD} three {{/* copydesk-ignore: ad-slot-dfp */}}")
    );
}

#[test]
fn the_byte_order_mark_stays_first_and_other_encodings_are_left() {
    let marked = format!("\u{feff}{AD}\n");
    assert!(silenced("a.md", &marked, "").starts_with("\u{feff}<!--"));
    let document = Document::new("a.md", [AD.as_bytes(), b"\xFF"].concat());
    let same = silence(&document, &settings(), "");
    assert_eq!(same.bytes, document.bytes());
    assert!(!same.left.is_empty());
}

#[test]
fn what_comes_to_light_is_hidden_too() {
    let text = format!("<div id=\"dfp-ad-x\">\n{AD}\n<p></p>\n</div>\n");
    let shown = silenced("a.md", &text, "");
    assert!(shown.matches("copydesk-ignore").count() >= 1, "{shown}");
}

#[test]
fn many_findings_cost_few_readings() {
    let text = format!("{AD}\n\n文。\n\n").repeat(400);
    let begun = std::time::Instant::now();
    let shown = silenced("a.md", &text, "");
    assert_eq!(shown.matches("copydesk-ignore").count(), 400);
    assert!(begun.elapsed().as_secs() < 30);
}

#[test]
fn a_reason_may_not_end_the_comment() {
    assert!(reason_problem("旧主题的残留 -- see #12").is_none());
    for wrong in ["a --> b", "a */ b", "a\nb"] {
        assert!(reason_problem(wrong).is_some(), "{wrong}");
    }
}
