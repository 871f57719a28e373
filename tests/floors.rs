//! Holds the imports between the rooms of `src/` against the house's floor plan.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Room and floor. A room imports only from lower floors, itself, and the rooms of `BESIDE`.
const FLOORS: &[(&str, u8)] = &[
    ("main", 9),
    ("lib", 9),
    ("cli", 9),
    ("output", 8),
    ("workspace", 7),
    ("config", 6),
    ("engine", 5),
    ("registry", 4),
    ("checks", 3),
    ("rule", 2),
    ("document", 2),
    ("frontmatter", 1),
    ("html", 1),
    ("markdown", 1),
    ("source", 0),
    ("finding", 0),
];

/// Imports between rooms of one floor: a check is given the document it looks at, a finding speaks
/// in spans and edits, and the binary calls the command line.
const BESIDE: &[(&str, &str)] = &[("rule", "document"), ("finding", "source"), ("main", "cli")];

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn rooms_named(text: &str) -> Vec<String> {
    let name = regex::Regex::new(r"\bcrate::(\{[^;]*\}|\w+)").unwrap();
    let word = regex::Regex::new(r"(?:^|[{,]\s*)(\w+)").unwrap();
    let mut rooms = Vec::new();
    for found in name.captures_iter(text) {
        let what = &found[1];
        if what.starts_with('{') {
            rooms.extend(word.captures_iter(what).map(|word| word[1].to_owned()));
        } else {
            rooms.push(what.to_owned());
        }
    }
    rooms
}

#[test]
fn imports_run_downward() {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 20, "the rooms are under src/");
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&src).unwrap();
        let first = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap();
        let room = first.trim_end_matches(".rs");
        let Some(&floor) = floors.get(room) else {
            wrong.push(format!(
                "{}: the room `{room}` is on no floor",
                inside.display()
            ));
            continue;
        };
        for other in rooms_named(&fs::read_to_string(&file).unwrap()) {
            let Some(&below) = floors.get(other.as_str()) else {
                continue;
            };
            let allowed =
                other == room || below < floor || BESIDE.contains(&(room, other.as_str()));
            if !allowed {
                wrong.push(format!(
                    "{}: {room} ({floor}) imports {other} ({below})",
                    inside.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_groups() {
    assert_eq!(
        rooms_named("use crate::{html, rule::Rule};"),
        ["html", "rule"]
    );
    assert_eq!(rooms_named("let x = crate::engine::lint();"), ["engine"]);
}
