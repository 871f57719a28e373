//! Blocks that are large, deep or hostile are read in bounded time, or refused in clear words.

mod common;

use std::time::{Duration, Instant};

use copydesk::document::Document;
use copydesk::engine::{fix, lint};
use copydesk::finding::Safety;
use copydesk::frontmatter::{self, FrontMatter};
use copydesk::rule::Profile;

/// Far above what any of these takes, so that a busy machine does not fail the test; a quadratic
/// reader takes minutes.
const PATIENCE: Duration = Duration::from_secs(20);

fn timed(text: &str) -> Vec<String> {
    let settings = common::settings(
        Profile::Own,
        &[
            "syntax",
            "schema",
            "dates",
            "text",
            "taxonomy",
            "urls",
            "consistency",
            "layout",
            "encoding",
        ],
    );
    let start = Instant::now();
    let document = Document::new("a.md", text.as_bytes().to_vec());
    let rules = lint(&document, &settings)
        .into_iter()
        .map(|finding| finding.rule.to_string())
        .collect();
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    rules
}

fn count(text: &str, rule: &str) -> usize {
    timed(text).iter().filter(|found| *found == rule).count()
}

#[test]
fn a_large_block_and_many_tags() {
    let keys: String = (0..3000)
        .map(|n| format!("key{n}: \"值 {n}: x\"\n"))
        .collect();
    assert!(keys.len() > 50_000);
    assert!(!timed(&format!("---\n{keys}---\n")).contains(&"invalid-syntax".to_owned()));
    let tags: String = (0..10_000).map(|n| format!("  - tag{n}\n")).collect();
    assert!(!timed(&format!("---\ntags:\n{tags}---\n")).contains(&"duplicate-tag".to_owned()));
    let tags: Vec<String> = (0..10_000).map(|n| format!("tag{n}")).collect();
    timed(&format!("---\ntags: [{}]\n---\n", tags.join(", ")));
    timed(&format!(
        "+++\ntags = [{}]\n+++\n",
        tags.iter()
            .map(|t| format!("\"{t}\""))
            .collect::<Vec<_>>()
            .join(", ")
    ));
}

/// The sizes that a hostile or machine-made page may have, whole rounds of fixes included.
#[test]
fn fixes_of_a_large_block_end_in_bounded_time() {
    let keys: String = (0..2500)
        .map(|n| format!("key{n}: '值 {n} 和更多'\n"))
        .collect();
    assert!(keys.len() > 50_000);
    let tags: String = (0..10_000)
        .map(|n| format!("  - 'tag {}'\n", n % 9_900))
        .collect();
    let depth: String = (0..200)
        .map(|depth| format!("{}a:\n", "  ".repeat(depth)))
        .collect();
    let text = format!("---\ntitle: a  b\n{keys}tags:\n{tags}{depth}---\n\n正文\n");
    let settings = common::settings(
        Profile::Own,
        &["default", "layout", "duplicate-tag", "surplus-blank"],
    );
    let start = Instant::now();
    let document = Document::new("a.md", text.into_bytes());
    let fixed = fix(&document, &settings, Safety::Safe);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    assert!(fixed.stopped.is_none());
    let text = String::from_utf8(fixed.bytes).unwrap();
    assert!(
        text.starts_with("---\ntitle: a b\n"),
        "{:?}",
        text.get(..40)
    );
    let FrontMatter::Parsed { tree, .. } = frontmatter::read(&text) else {
        panic!("it does not parse");
    };
    assert_eq!(tree.key("tags").map(|tags| tags.items().len()), Some(9_900));
}

#[test]
fn many_mistakes_in_a_large_block() {
    let keys: String = (0..1500).map(|n| format!("key{n}: 值 {n}: x\n")).collect();
    let text = format!("---\n{keys}---\n");
    let found = timed(&text);
    assert_eq!(
        found
            .iter()
            .filter(|rule| *rule == "unquoted-colon")
            .count(),
        1500
    );
    let junk = "x: [a, {b: \"c\n".repeat(2000);
    timed(&format!("---\n{junk}---\n"));
    timed(&format!("+++\n{}+++\n", "a = [\"b\n".repeat(2000)));
}

#[test]
fn deep_nesting_is_read_or_refused() {
    for (open, close, syntax) in [("[", "]", "---"), ("{a: ", "}", "---"), ("[", "]", "+++")] {
        for depth in [70, 200, 20_000] {
            let value = format!("{}{}", open.repeat(depth), close.repeat(depth));
            let separator = if syntax == "---" { ":" } else { " =" };
            timed(&format!("{syntax}\na{separator} {value}\n{syntax}\n"));
        }
    }
    let block: String = (0..200)
        .map(|depth| format!("{}a:\n", "  ".repeat(depth)))
        .collect();
    let text = format!("---\n{block}---\n");
    assert!(frontmatter::read(&text).tree().is_some());
    timed(&text);
    let deep = format!("{{\"a\": {}{}}}\n\nx\n", "[".repeat(5000), "]".repeat(5000));
    let FrontMatter::Broken { problems, .. } = frontmatter::read(&deep) else {
        panic!("5,000 levels were read");
    };
    assert!(problems[0].message.contains("nested deeper"));
}

#[test]
fn an_alias_bomb_stays_small() {
    let mut text = String::from("---\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..30 {
        let previous = n - 1;
        let items = vec![format!("*a{previous}"); 9].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{items}]\n"));
    }
    text.push_str("---\n");
    timed(&text);
    let settings = common::settings(Profile::Own, &["duplicate-tag", "key-order"]);
    let document = Document::new("a.md", text.clone().into_bytes());
    assert_eq!(
        fix(&document, &settings, Safety::Unsafe).bytes,
        text.as_bytes()
    );
}

#[test]
fn the_same_slip_on_many_lines_is_told_at_once_and_repaired() {
    for (line, end) in [
        ("a: b", "\n"),
        ("\"一\" 二", "\n"),
        ("甲: 乙: \"丙\"", "\r\n"),
    ] {
        let lines: String = (0..300).map(|n| format!("k{n}: {line}{end}")).collect();
        let text = format!("---{end}{lines}---{end}");
        assert!(timed(&text).len() >= 200, "{line}");
        let settings = common::settings(Profile::Own, &["syntax"]);
        let document = Document::new("a.md", text.into_bytes());
        let fixed = fix(&document, &settings, Safety::Unsafe);
        assert!(fixed.stopped.is_none(), "{line}");
        let text = String::from_utf8(fixed.bytes).unwrap();
        let FrontMatter::Parsed { tree, .. } = frontmatter::read(&text) else {
            panic!("{line}");
        };
        assert_eq!(tree.root().entries().len(), 300, "{line}");
    }
    let lines: String = (0..2000).map(|n| format!("k{n}: a: b\n")).collect();
    assert_eq!(timed(&format!("---\n{lines}---\n")).len(), 2000);
    let tags: String = (0..10_000).map(|n| format!("- t{}\n", n % 9000)).collect();
    assert_eq!(
        count(&format!("---\ntags:\n{tags}---\n"), "duplicate-tag"),
        1000
    );
    let keys = "a: 1\n".repeat(2000);
    assert_eq!(
        count(&format!("---\n{keys}b: 2\n---\n"), "duplicate-key"),
        1999
    );
}
