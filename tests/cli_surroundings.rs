//! Full disks, pipes in the place of files, names that no patch can hold, paths that are asked for twice:
//! the tool says what is wrong, and what it says was kept is kept.

#![cfg(target_os = "linux")]

#[path = "common/cli.rs"]
mod cli;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cli::{Said, copydesk, folder, get, joined, run};

/// An empty paragraph that a safe fix takes out, in a file of the given line ends.
const POST: &str = "---\ntitle: 港\n---\n\n<p>本文です。</p>\n<p>&nbsp;</p>\n";
const CRLF: &str = "\u{feff}---\r\ntitle: a\r\n---\r\n\r\n<p>b</p>\r\n<p>&nbsp;</p>\r\n";

/// A device that is always full.
const FULL: &str = "/dev/full";

/// A run that is ended where it waits for something that never comes.
fn soon(folder: &Path, args: &[&str]) -> Said {
    let mut child = copydesk(folder, args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{args:?} waits for ever");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Said::of(child.wait_with_output().unwrap())
}

#[test]
fn no_file_is_changed_whose_way_back_cannot_be_kept() {
    let root = folder(&[("a.md", POST), ("b/文 章.md", CRLF), ("c.md", POST)]);
    for paths in [&["a.md"][..], &["."], &[".", "-j1"], &[".", "-j4"]] {
        let args = [&["fix", "--write", "--save-patch", FULL], paths].concat();
        let said = run(root.path(), &args);
        assert_eq!(said.code, 2, "{}", said.err);
        let err = joined(&said.err);
        assert!(
            err.contains("--save-patch: `/dev/full` cannot be written: No space left"),
            "{err}"
        );
        assert_eq!(get(root.path(), "a.md"), POST);
        assert_eq!(get(root.path(), "b/文 章.md"), CRLF);
        assert_eq!(get(root.path(), "c.md"), POST);
    }
}

#[test]
fn the_way_back_holds_the_files_that_were_written_and_no_other() {
    let root = folder(&[("a.md", POST), ("b.md", CRLF), ("z.md", POST)]);
    // A link out of the folder is not written through, and neither is a name that is not UTF-8.
    let outside = folder(&[("o.md", POST)]);
    std::os::unix::fs::symlink(outside.path().join("o.md"), root.path().join("b-out.md")).unwrap();
    let odd = root.path().join(OsStr::from_bytes(b"odd-\xFF.md"));
    fs::write(&odd, POST).unwrap();
    let said = run(
        root.path(),
        &["fix", "--write", "--save-patch", "back.patch", "."],
    );
    assert_eq!(said.code, 2, "{}", said.err);
    let err = joined(&said.err);
    assert!(err.contains("its name is not UTF-8"), "{err}");
    assert!(err.contains("it is a symbolic link to"), "{err}");
    assert!(err.contains("Applied 4 fixes in 3 files"), "{err}");
    assert_eq!(fs::read_to_string(&odd).unwrap(), POST);
    assert_eq!(get(outside.path(), "o.md"), POST);
    assert!(!get(root.path(), "a.md").contains("nbsp"));
    let patch = get(root.path(), "back.patch");
    let named: Vec<&str> = patch
        .lines()
        .filter(|line| line.starts_with("--- "))
        .collect();
    assert_eq!(named, ["--- a/a.md", "--- a/b.md", "--- a/z.md"]);
    let applied = Command::new("git")
        .args(["apply", "back.patch"])
        .current_dir(root.path())
        .output();
    let Ok(applied) = applied else { return };
    assert!(
        applied.status.success(),
        "{}",
        String::from_utf8_lossy(&applied.stderr)
    );
    for (name, was) in [("a.md", POST), ("b.md", CRLF), ("z.md", POST)] {
        assert_eq!(get(root.path(), name), was);
    }
    // Without a patch the odd name is no obstacle.
    run(root.path(), &["fix", "--write", "."]);
    assert!(!fs::read_to_string(&odd).unwrap().contains("nbsp"));
}

#[test]
fn the_way_back_starts_in_the_current_folder() {
    let root = folder(&[("x/a.md", POST), ("x/篇/b.md", CRLF), ("y/c.md", POST)]);
    let here = root.path().canonicalize().unwrap().join("x");
    let outside = run(
        &here,
        &["fix", "--write", "--save-patch", "back.patch", ".", "../y"],
    );
    assert_eq!(outside.code, 2);
    let err = joined(&outside.err);
    assert!(err.contains("`../y/c.md` lies outside"), "{err}");
    assert_eq!(get(root.path(), "x/a.md"), POST);
    assert!(!here.join("back.patch").exists());
    let absolute = here.join("../x/篇");
    let absolute = absolute.to_str().unwrap();
    let said = run(
        &here,
        &[
            "fix",
            "--write",
            "--save-patch",
            "back.patch",
            absolute,
            "a.md",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let patch = get(root.path(), "x/back.patch");
    let named: Vec<&str> = patch
        .lines()
        .filter(|line| line.starts_with("--- "))
        .collect();
    assert_eq!(named, ["--- a/篇/b.md", "--- a/a.md"]);
}

#[test]
fn a_full_disk_leaves_the_old_baseline() {
    let root = folder(&[("a.md", POST)]);
    assert_eq!(run(root.path(), &["baseline"]).code, 0);
    let before = get(root.path(), "copydesk-baseline.json");
    cli::put(root.path(), "b.md", CRLF);
    let out = Command::new("sh")
        // No file may grow; that the signal is ignored makes it an error of the write.
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" baseline"])
        .arg(insta_cmd::get_cargo_bin("copydesk"))
        .current_dir(root.path())
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(2), "{err}");
    assert!(
        err.contains("`copydesk-baseline.json` cannot be written"),
        "{err}"
    );
    assert_eq!(get(root.path(), "copydesk-baseline.json"), before);
}

#[test]
fn what_cannot_be_written_is_named() {
    let root = folder(&[("a.md", POST)]);
    for format in ["json", "sarif", "junit", "full"] {
        let output = format!("{format}={FULL}");
        let said = run(root.path(), &["check", "--output", &output]);
        assert_eq!(said.code, 2, "{}", said.err);
        let reason = "--output: `/dev/full` cannot be written: No space left";
        assert!(said.err.contains(reason), "{}", said.err);
    }
    let out = copydesk(root.path(), &["check"])
        .stdout(fs::OpenOptions::new().write(true).open(FULL).unwrap())
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(2));
    let err = String::from_utf8_lossy(&out.stderr);
    assert!(err.contains("the standard input or output"), "{err}");
    assert!(!err.contains("os error"), "{err}");
}

#[test]
fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    for name in ["copydesk.yaml", "copydesk-baseline.json"] {
        let root = folder(&[("a.md", POST)]);
        let made = Command::new("mkfifo").arg(root.path().join(name)).status();
        if !made.is_ok_and(|status| status.success()) {
            return;
        }
        for command in [
            &["check"][..],
            &["fix"],
            &["baseline"],
            &["baseline", "--prune"],
        ] {
            let said = soon(root.path(), command);
            assert_eq!(said.code, 2, "{name} {command:?} {}", said.err);
            let err = joined(&said.err);
            assert!(err.contains(name), "{command:?} {err}");
            assert!(err.contains("no regular file"), "{command:?} {err}");
        }
    }
}

#[test]
fn what_is_asked_for_twice_is_looked_at_once() {
    let root = folder(&[("篇/a.md", POST), ("copydesk.yaml", "content: [篇, 篇]\n")]);
    for args in [
        &["check"][..],
        &["check", "篇", "篇"],
        &["check", ".", "篇"],
        &["check", "篇/a.md", "篇"],
    ] {
        let said = run(root.path(), args);
        assert_eq!(said.code, 1, "{args:?} {}", said.err);
        assert!(
            said.err.contains("Found 1 finding in 1 file"),
            "{}",
            said.err
        );
    }
}

#[test]
fn where_all_is_excluded_the_folder_has_a_name() {
    let root = folder(&[("a.md", POST), ("copydesk.yaml", "exclude: ['**']\n")]);
    let said = run(root.path(), &["check"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err
            .contains("error: this folder: the configuration excludes"),
        "{}",
        said.err
    );
}
