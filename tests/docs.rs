//! What is generated from the code is in the repository as the code would write it today.

use std::fs;
use std::path::Path;
use std::process::Command;

use insta_cmd::get_cargo_bin;

fn committed_is_generated(file: &str, args: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Command::new(get_cargo_bin("copydesk"))
        .args(args)
        .current_dir(root)
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let generated = String::from_utf8(out.stdout).unwrap();
    let committed = fs::read_to_string(root.join(file)).unwrap_or_default();
    assert!(
        committed.replace("\r\n", "\n") == generated,
        "{file} is not up to date; write it anew with\n    cargo run -- {} > {file}",
        args.join(" ")
    );
}

#[test]
fn the_rule_reference_is_up_to_date() {
    committed_is_generated("docs/rules.md", &["rules", "--markdown", "--isolated"]);
}

#[test]
fn the_reference_of_checks_is_up_to_date() {
    committed_is_generated("docs/checks.md", &["rules", "--checks"]);
}

#[test]
fn the_schemas_are_up_to_date() {
    for of in ["config", "pack", "preset", "output"] {
        committed_is_generated(&format!("docs/schemas/{of}.json"), &["schema", of]);
    }
}
