//! The hooks for pre-commit, with the real pre-commit where it is installed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use insta_cmd::get_cargo_bin;

const HOOKS: &str = include_str!("../.pre-commit-hooks.yaml");
const FILES: &str = include_str!("../rules/workspace/files.yaml");

#[test]
fn the_hooks_leave_out_what_a_walk_leaves_out() {
    let hooks: serde_yaml::Value = serde_yaml::from_str(HOOKS).unwrap();
    let data: serde_yaml::Value = serde_yaml::from_str(FILES).unwrap();
    let folders: Vec<&str> = data["skip-folders"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|folder| folder["name"].as_str().unwrap())
        .collect();
    let endings: Vec<&str> = data["extensions"]
        .as_sequence()
        .unwrap()
        .iter()
        .map(|ending| ending.as_str().unwrap())
        .collect();
    for hook in hooks.as_sequence().unwrap() {
        let exclude = format!("(^|/)({})/", folders.join("|"));
        assert_eq!(hook["exclude"].as_str().unwrap(), exclude);
        let files = format!("(?i)\\.({})$", endings.join("|"));
        assert_eq!(hook["files"].as_str().unwrap(), files);
    }
}

fn git(folder: &Path, args: &[&str]) {
    let out = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
}

fn works(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|out| out.status.success())
}

fn hook(folder: &Path, cache: &Path, hooks: &Path, id: &str) -> Output {
    let bin = get_cargo_bin("copydesk");
    let path = std::env::join_paths(
        std::iter::once(bin.parent().unwrap().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    Command::new("pre-commit")
        .args([
            "try-repo",
            hooks.to_str().unwrap(),
            id,
            "--all-files",
            "--color=never",
        ])
        .current_dir(folder)
        .env("PATH", path)
        .env("PRE_COMMIT_HOME", cache)
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap()
}

#[test]
fn a_bad_post_fails_is_repaired_and_passes() {
    if !works("pre-commit") || !works("git") {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    for folder in ["hooks", "site/posts", "site/_layouts"] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    fs::write(at("hooks/.pre-commit-hooks.yaml"), HOOKS).unwrap();
    let bad = "---\ntitle: Tea: a walk\ntags: [茶]\n---\n\n一段文字。\n";
    fs::write(at("site/posts/a.md"), bad).unwrap();
    fs::write(at("site/_layouts/post.html"), "---\ntitle: a: b\n---\n").unwrap();
    for name in ["hooks", "site"] {
        git(&at(name), &["init", "-q"]);
        git(&at(name), &["add", "-A"]);
        git(&at(name), &["commit", "-q", "-m", "start"]);
    }
    let run = |id: &str| {
        let out = hook(&at("site"), &at("cache"), &at("hooks"), id);
        (
            out.status.success(),
            String::from_utf8_lossy(&out.stdout).into_owned(),
        )
    };
    let (passed, text) = run("copydesk-check-system");
    assert!(!passed && text.contains("[posts/a.md:2:"), "{text}");
    assert!(!text.contains("_layouts"), "{text}");
    let (passed, text) = run("copydesk-fix-system");
    assert!(!passed && text.contains("files were modified"), "{text}");
    assert!(
        fs::read_to_string(at("site/posts/a.md"))
            .unwrap()
            .contains("\"Tea: a walk\"")
    );
    git(&at("site"), &["add", "-A"]);
    for id in ["copydesk-fix-system", "copydesk-check-system"] {
        let (passed, text) = run(id);
        assert!(passed, "{id}: {text}");
    }
}
