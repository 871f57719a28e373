//! What the README shows is true.

use std::fs;
use std::path::Path;

use copydesk::document::Document;
use copydesk::engine::{Settings, fix, test_rule};
use copydesk::finding::Safety;
use copydesk::registry::{Registry, Selection, Source};
use copydesk::rule::Profile;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
        .expect("it is there")
}

/// The first code block of `language` that has `part` in it.
fn block(readme: &str, language: &str, part: &str) -> String {
    readme
        .split("\n```")
        .filter_map(|piece| piece.strip_prefix(language)?.strip_prefix('\n'))
        .find(|text| text.contains(part))
        .unwrap_or_else(|| panic!("no {language} block has {part:?}"))
        .to_owned()
        + "\n"
}

#[test]
fn the_pack_of_the_readme_passes_its_own_tests() {
    let text = block(&readme(), "yaml", "house-promo-box");
    let mut registry = Registry::documented().clone();
    let source = Source {
        path: "house.yaml",
        text: &text,
    };
    registry
        .add_pack(source)
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    let entry = registry.rule("house-promo-box").expect("it was just added");
    let failures = test_rule(&registry, entry);
    assert!(failures.is_empty(), "{failures:?}");
}

#[test]
fn the_diff_of_the_readme_is_what_fix_does() {
    let diff = block(&readme(), "diff", "dfp-ad-imu1");
    let side = |sign: char| -> String {
        let lines = diff.lines().filter_map(|line| line.strip_prefix(sign));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let registry = Registry::builtin();
    let preset = registry.preset("generic").expect("it ships").clone();
    let rules = registry
        .compile(&Selection::new(Profile::Own, preset))
        .unwrap_or_else(|p| panic!("{p:?}"));
    let settings = Settings {
        rules: rules.into(),
        source_keys: Vec::new(),
    };
    let document = Document::new("post.md", side('-').into_bytes());
    let fixed = fix(&document, &settings, Safety::Safe);
    assert_eq!(String::from_utf8_lossy(&fixed.bytes), side('+'));
}

#[test]
fn the_commands_near_the_top_are_there() {
    let commands = block(&readme(), "console", "demo");
    assert_eq!(commands.trim(), "cargo run --release -- demo\ncargo test");
}
