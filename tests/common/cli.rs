//! What the tests of the command line share.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use insta_cmd::get_cargo_bin;

/// Every format of a report.
pub const FORMATS: &[&str] = &[
    "full",
    "concise",
    "grouped",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "diff",
];

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        put(root.path(), path, content);
    }
    root
}

/// Writes a file of `root`.
pub fn put(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Reads a file of `root`.
pub fn get(root: &Path, path: &str) -> String {
    fs::read_to_string(root.join(path)).unwrap()
}

/// The tool in `folder`, deaf to the environment of whoever runs the tests.
pub fn copydesk(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(get_cargo_bin("copydesk"));
    command.current_dir(folder).args(args);
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "GITHUB_ACTIONS",
        "GITHUB_WORKSPACE",
        "CI_PROJECT_DIR",
        "CI",
    ] {
        command.env_remove(name);
    }
    command.env("COLUMNS", "100");
    command
}

/// What a run printed and how it ended.
pub struct Said {
    pub out: String,
    pub err: String,
    pub code: i32,
}

impl Said {
    pub fn of(output: Output) -> Self {
        Self {
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().unwrap(),
        }
    }
}

pub fn run(folder: &Path, args: &[&str]) -> Said {
    Said::of(copydesk(folder, args).output().unwrap())
}

pub fn piped(folder: &Path, args: &[&str], input: &[u8]) -> Said {
    Said::of(output_of(folder, args, input))
}

/// What a run makes of this standard input.
pub fn output_of(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut child = copydesk(folder, args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_owned());
    // A stream writes before it has read all, and a tool that complains at once does not read to
    // the end.
    let writer = std::thread::spawn(move || {
        let _ = std::io::Write::write_all(&mut stdin, &input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// Text on one line, so that where lines were broken does not matter.
pub fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
