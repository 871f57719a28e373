//! What the README shows is true.

use std::fs;
use std::path::Path;
use std::process::Command;

use copydesk::document::Document;
use copydesk::engine::{Settings, fix, test_rule};
use copydesk::finding::Safety;
use copydesk::registry::{Registry, Selection, Source};
use copydesk::rule::Profile;
use insta_cmd::get_cargo_bin;

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
fn the_packs_of_the_readme_pass_their_own_tests() {
    for id in ["house-promo-box", "house-ship-id"] {
        let text = block(&readme(), "yaml", id);
        let mut registry = Registry::documented().clone();
        let source = Source {
            path: "house.yaml",
            text: &text,
        };
        registry
            .add_pack(source)
            .unwrap_or_else(|problems| panic!("{problems:?}"));
        let entry = registry.rule(id).expect("it was just added");
        let failures = test_rule(&registry, entry);
        assert!(failures.is_empty(), "{failures:?}");
    }
}

#[test]
fn the_configuration_for_users_of_obsidian_linter_does_what_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/obsidian-linter.md")).expect("it is there");
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name);
    fs::write(file("copydesk.yaml"), block(&page, "yaml", "copydesk.yaml")).expect("written");
    let before = "---\nstatus: draft\nzeta: 'x'\ntags: 港, ship, ship\naliases: [b, \"A, c\"]\nnotes:\n  - one\n# when\ndate: 2024-3-9\n---\n# The old [pier](https://example.com)\n";
    let after = "---\ntitle: The old pier\n# when\ndate: 2024-3-9\naliases:\n  - \"A, c\"\n  - b\nnotes: [one]\ntags: [ship, 港]\nzeta: \"x\"\n---\n\n# The old [pier](https://example.com)\n";
    fs::write(file("note.md"), before).expect("written");
    let out = Command::new(get_cargo_bin("copydesk"))
        .args(["fix", "--write", "--unsafe", "note.md"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    let text = fs::read_to_string(file("note.md")).expect("still there");
    assert_eq!(text, after, "{}", String::from_utf8_lossy(&out.stdout));
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
