//! The hooks for pre-commit, with the real pre-commit where it is installed; where it is not, a line
//! that starts with `SKIPPED` says so.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Whether the real pre-commit can be run. Where it cannot, that is said: past the harness, which
/// keeps what a passing test prints to itself.
fn pre_commit_is_there() -> bool {
    let missing: Vec<&str> = ["pre-commit", "git"]
        .into_iter()
        .filter(|program| !works(program))
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        let said = "SKIPPED: the hooks were not tried, because this is not installed:";
        let mut err = std::io::stderr();
        writeln!(err, "{said} {missing}").unwrap();
    }
    missing.is_empty()
}

/// A site with one bad post beside files that are no content, and a repository of hooks.
struct Sample {
    root: tempfile::TempDir,
}

const BAD: &str = "---\r\ntitle: Tea: a walk\r\ntags: [茶]\r\n---\r\n\r\n一段文字。\r\n";

impl Sample {
    fn new() -> Self {
        let sample = Self {
            root: tempfile::tempdir().unwrap(),
        };
        for (path, content) in [
            ("hooks/.pre-commit-hooks.yaml", HOOKS),
            ("site/posts/茶 and a walk.md", BAD),
            ("site/posts/good.md", "---\ntitle: t\n---\n\nb\n"),
            ("site/_layouts/post.html", "---\ntitle: a: b\n---\n"),
            ("site/notes.txt", "---\ntitle: a: b\n---\n"),
        ] {
            let path = sample.at(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        for name in ["hooks", "site"] {
            git(&sample.at(name), &["init", "-q"]);
            sample.commit(name);
        }
        sample
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn commit(&self, name: &str) {
        git(&self.at(name), &["add", "-A"]);
        git(&self.at(name), &["commit", "-q", "-m", "a step"]);
    }

    fn post(&self) -> String {
        fs::read_to_string(self.at("site/posts/茶 and a walk.md")).unwrap()
    }

    /// Runs pre-commit on the site: whether all hooks passed, and what was printed.
    fn run(&self, args: &[&str]) -> (bool, String) {
        let bin = get_cargo_bin("copydesk");
        let path = std::env::join_paths(
            std::iter::once(bin.parent().unwrap().to_owned())
                .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        )
        .unwrap();
        let out = Command::new("pre-commit")
            .args(args)
            .args(["--all-files", "--color=never"])
            .current_dir(self.at("site"))
            .env("PATH", path)
            .env("PRE_COMMIT_HOME", self.at("cache"))
            .env_remove("GITHUB_ACTIONS")
            .output()
            .unwrap();
        let text = [out.stdout, out.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        (out.status.success(), text)
    }

    /// A bad post fails the check, the fix mends it and fails once, and then both pass.
    fn fails_is_mended_and_passes(&self, check: &[&str], fix: &[&str]) {
        let (passed, text) = self.run(check);
        assert!(!passed, "{text}");
        assert!(text.contains("[posts/茶 and a walk.md:2:"), "{text}");
        assert!(
            !text.contains("_layouts") && !text.contains("notes"),
            "{text}"
        );
        assert_eq!(self.post(), BAD, "a check changes nothing");
        let (passed, text) = self.run(fix);
        assert!(!passed && text.contains("files were modified"), "{text}");
        let good = BAD.replace("Tea: a walk", "\"Tea: a walk\"");
        assert_eq!(self.post(), good);
        git(&self.at("site"), &["add", "-A"]);
        for hook in [fix, check] {
            let (passed, text) = self.run(hook);
            assert!(passed, "{hook:?}: {text}");
        }
        assert_eq!(self.post(), good);
    }
}

#[test]
fn a_bad_post_fails_is_repaired_and_passes() {
    if !pre_commit_is_there() {
        return;
    }
    let sample = Sample::new();
    let hooks = sample.at("hooks");
    let hooks = hooks.to_str().unwrap();
    sample.fails_is_mended_and_passes(
        &["try-repo", hooks, "copydesk-check-system"],
        &["try-repo", hooks, "copydesk-fix-system"],
    );
}

#[test]
fn both_hooks_run_from_a_configuration() {
    if !pre_commit_is_there() {
        return;
    }
    let sample = Sample::new();
    let config = format!(
        "repos:\n- repo: {}\n  rev: HEAD\n  hooks:\n  - id: copydesk-fix-system\n  - id: copydesk-check-system\n",
        sample.at("hooks").display()
    );
    fs::write(sample.at("site/.pre-commit-config.yaml"), config).unwrap();
    sample.commit("site");
    // The fix comes first, so that the check finds nothing left.
    let (passed, text) = sample.run(&["run"]);
    assert!(!passed && text.contains("files were modified"), "{text}");
    assert_eq!(text.matches("Failed").count(), 1, "{text}");
    assert_eq!(text.matches("Passed").count(), 1, "{text}");
    sample.commit("site");
    let (passed, text) = sample.run(&["run"]);
    assert!(passed && text.matches("Passed").count() == 2, "{text}");
    // What cannot be mended stays, and the hook goes on to say so.
    let post = sample.at("site/posts/good.md");
    fs::write(&post, "---\ntitle: t\ndate: 2024-13-45\n---\n\nb\n").unwrap();
    git(&sample.at("site"), &["add", "-A"]);
    let (passed, text) = sample.run(&["run"]);
    assert!(!passed && !text.contains("files were modified"), "{text}");
    assert!(text.contains("[posts/good.md:3:"), "{text}");
}

/// `cargo test --test cli_pre_commit -- --ignored` runs it, on what is committed.
#[test]
#[ignore = "pre-commit builds Copydesk from a clone, which takes minutes and fetches its dependencies"]
fn the_hooks_that_build_copydesk_do_the_same() {
    if !pre_commit_is_there() {
        return;
    }
    let sample = Sample::new();
    let clone = sample.at("clone");
    let project = env!("CARGO_MANIFEST_DIR");
    git(
        sample.root.path(),
        &["clone", "-q", project, clone.to_str().unwrap()],
    );
    let clone = clone.to_str().unwrap();
    sample.fails_is_mended_and_passes(
        &["try-repo", clone, "copydesk-check"],
        &["try-repo", clone, "copydesk-fix"],
    );
}
