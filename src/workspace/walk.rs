use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use globset::{Glob, GlobMatcher};
use ignore::{DirEntry, WalkBuilder};

use super::files::{Skip, Taking};

/// One file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is.
    pub path: PathBuf,
    /// How it is printed: with `/` on every system, without a leading `./`.
    pub shown: Arc<str>,
    /// The folder that was asked for; a symbolic link is not followed out of it when writing.
    pub root: PathBuf,
    /// Whether the file itself was named.
    pub explicit: bool,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// The files, in the order of their printed paths, each once.
    pub inputs: Vec<Input>,
    /// What was asked for and cannot be had: printed path and reason.
    pub failures: Vec<(Arc<str>, String)>,
    /// Files and folders that were passed over, and why; folders end in `/`.
    pub skipped: Vec<(Arc<str>, String)>,
}

/// Finds the content files that `arguments` (files, folders, globs) stand for.
///
/// `.gitignore` files and hidden names are honoured in folders and not for a file that is named.
/// `note_skipped` fills [`Walk::skipped`].
pub fn walk(arguments: &[PathBuf], note_skipped: bool) -> Walk {
    let mut walk = Walk::default();
    let mut found = BTreeMap::new();
    for argument in arguments {
        if argument.is_dir() {
            let failures = walk.failures.len();
            let met = folder(
                argument,
                argument,
                None,
                note_skipped,
                &mut found,
                &mut walk,
            );
            if met == 0 && walk.failures.len() == failures {
                walk.failures.push((shown(argument), nothing_there()));
            }
        } else if let Ok(own) = argument.symlink_metadata() {
            match argument.metadata() {
                Ok(behind) if behind.is_file() => add(&mut found, argument, parent(argument), true),
                // Opening a pipe or a device would wait for ever, or worse.
                Ok(_) => walk.failures.push((
                    shown(argument),
                    "it is no regular file but a pipe, a socket or a device".to_owned(),
                )),
                Err(_) if own.is_symlink() => walk.failures.push((
                    shown(argument),
                    "the symbolic link leads nowhere".to_owned(),
                )),
                Err(error) => {
                    let message = format!("cannot be read: {}", crate::config::io_in_words(&error));
                    walk.failures.push((shown(argument), message));
                }
            }
        } else if let Some((base, glob)) = glob_of(argument) {
            let met = folder(
                &base,
                &base,
                Some(&glob),
                note_skipped,
                &mut found,
                &mut walk,
            );
            if met == 0 {
                let message = "this pattern matches no content file".to_owned();
                walk.failures.push((shown(argument), message));
            }
        } else {
            let message = "there is no file or folder of this name".to_owned();
            walk.failures.push((shown(argument), message));
        }
    }
    walk.inputs = found.into_values().collect();
    walk.skipped.sort();
    walk.skipped.dedup();
    walk
}

fn nothing_there() -> String {
    format!(
        "the folder holds no content file ({})",
        Taking::builtin()
            .extensions()
            .iter()
            .map(|ext| format!(".{ext}"))
            .collect::<Vec<_>>()
            .join(" ")
    )
}

/// Adds the content files of a folder to `found`, and says how many there are, those included that
/// another argument has added before.
fn folder(
    root: &Path,
    start: &Path,
    glob: Option<&GlobMatcher>,
    note_skipped: bool,
    found: &mut BTreeMap<PathBuf, Input>,
    walk: &mut Walk,
) -> usize {
    let mut met = 0;
    let taking = Taking::builtin();
    let mut builder = WalkBuilder::new(start);
    builder.require_git(false);
    if !note_skipped {
        builder.filter_entry(move |entry| skip_folder(entry, taking).is_none());
    }
    let mut pruned: Option<PathBuf> = None;
    for entry in builder.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let (path, message) = in_words(&error);
                walk.failures.push((
                    path.map_or_else(|| shown(start), |path| shown(&path)),
                    message,
                ));
                continue;
            }
        };
        let path = entry.path();
        if pruned
            .as_ref()
            .is_some_and(|folder| path.starts_with(folder))
        {
            continue;
        }
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            if let Some(Skip::Folder(reason)) = skip_folder(&entry, taking) {
                let name = format!("{}/", shown(path));
                walk.skipped.push((name.into(), reason));
                pruned = Some(path.to_owned());
            }
            continue;
        }
        if taking.skip_file(path).is_some() {
            if note_skipped {
                walk.skipped
                    .push((shown(path), "not a content file".to_owned()));
            }
            continue;
        }
        let kind = entry.file_type();
        if !kind.is_some_and(|kind| kind.is_file() || kind.is_symlink()) {
            if note_skipped {
                walk.skipped
                    .push((shown(path), "not a regular file".to_owned()));
            }
            continue;
        }
        if entry.path_is_symlink() && !leads_out_to_a_file(path, root) {
            if note_skipped {
                let reason = "a symbolic link into the same folder".to_owned();
                walk.skipped.push((shown(path), reason));
            }
            continue;
        }
        if glob.is_none_or(|glob| glob.is_match(clean(path))) {
            add(found, path, root, false);
            met += 1;
        }
    }
    met
}

/// A link inside the folder leads to a file that the walk meets anyway, or has reasons to skip.
fn leads_out_to_a_file(link: &Path, root: &Path) -> bool {
    match (link.canonicalize(), root.canonicalize()) {
        (Ok(target), Ok(root)) => target.is_file() && !target.starts_with(root),
        _ => false,
    }
}

fn skip_folder(entry: &DirEntry, taking: &Taking) -> Option<Skip> {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    (is_folder && entry.depth() > 0)
        .then(|| taking.skip_folder(entry.file_name()))
        .flatten()
}

fn in_words(error: &ignore::Error) -> (Option<PathBuf>, String) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path.clone()), in_words(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            in_words(err)
        }
        ignore::Error::Loop { child, .. } => (
            Some(child.clone()),
            "the folder holds itself through a symbolic link".to_owned(),
        ),
        ignore::Error::Io(error) => (None, crate::config::io_in_words(error)),
        other => (None, other.to_string()),
    }
}

fn add(found: &mut BTreeMap<PathBuf, Input>, path: &Path, root: &Path, explicit: bool) {
    let key = clean(path);
    let input = found.entry(key).or_insert_with(|| Input {
        path: path.to_owned(),
        shown: shown(path),
        root: root.to_owned(),
        explicit,
    });
    input.explicit |= explicit;
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The path without `.` parts.
fn clean(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| !matches!(part, Component::CurDir))
        .collect()
}

/// How a path is printed: with `/` on every system, without a leading `./`.
pub fn shown(path: &Path) -> Arc<str> {
    let clean = clean(path);
    if clean.as_os_str().is_empty() {
        return ".".into();
    }
    let text = clean.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/").into()
    }
}

/// The folder before the first part with a wildcard, and the whole as a pattern.
fn glob_of(argument: &Path) -> Option<(PathBuf, GlobMatcher)> {
    let text = argument.to_str()?;
    let wild = |part: &str| part.contains(['*', '?', '[', '{']);
    if !wild(text) {
        return None;
    }
    let base: PathBuf = argument
        .components()
        .take_while(|part| part.as_os_str().to_str().is_some_and(|part| !wild(part)))
        .collect();
    let base = if base.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        base
    };
    let pattern = clean(argument);
    let glob = Glob::new(pattern.to_str()?).ok()?;
    base.is_dir().then(|| (base, glob.compile_matcher()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        root
    }

    fn names(walk: &Walk, root: &Path) -> Vec<String> {
        walk.inputs
            .iter()
            .map(|input| {
                input
                    .path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/")
            })
            .collect()
    }

    #[test]
    fn a_folder_gives_its_content_files_in_order_without_themes_and_ignored_files() {
        let root = tree(&[
            "b.md",
            "a/z.html",
            "a/B.MD",
            "a/文章.markdown",
            "notes.txt",
            "_layouts/post.html",
            "blog/node_modules/x.md",
            ".hidden/x.md",
            "drafts/x.md",
        ]);
        fs::write(root.path().join(".gitignore"), "drafts/\n").unwrap();
        let walk = walk(&[root.path().to_owned()], true);
        assert_eq!(
            names(&walk, root.path()),
            ["a/B.MD", "a/z.html", "a/文章.markdown", "b.md"]
        );
        assert!(walk.failures.is_empty());
        assert!(
            walk.skipped
                .iter()
                .any(|(path, why)| path.ends_with("_layouts/") && why.contains("Jekyll")),
            "{:?}",
            walk.skipped
        );
    }

    #[test]
    fn noting_what_is_skipped_takes_the_same_files() {
        let root = tree(&["a.md", "themes/x/a.md", "themes/b.md", "themes-2/c.md"]);
        let with = walk(&[root.path().to_owned()], true);
        let without = walk(&[root.path().to_owned()], false);
        assert_eq!(with.inputs, without.inputs);
        assert_eq!(names(&with, root.path()), ["a.md", "themes-2/c.md"]);
    }

    #[test]
    fn what_is_named_is_taken() {
        let root = tree(&["_layouts/post.html", "drafts/x.md", "odd.txt"]);
        fs::write(root.path().join(".gitignore"), "drafts/\n").unwrap();
        let at = |name: &str| root.path().join(name);
        let walk = walk(
            &[
                at("_layouts"),
                at("drafts/x.md"),
                at("odd.txt"),
                at("odd.txt"),
            ],
            false,
        );
        assert_eq!(
            names(&walk, root.path()),
            ["_layouts/post.html", "drafts/x.md", "odd.txt"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_dangling_links_are_not_opened() {
        let root = tree(&["a.md"]);
        let at = |name: &str| root.path().join(name);
        let made = std::process::Command::new("mkfifo")
            .arg(at("pipe.md"))
            .status();
        std::os::unix::fs::symlink("gone", at("link.md")).unwrap();
        let found = walk(&[root.path().to_owned()], false);
        assert_eq!(names(&found, root.path()), ["a.md"]);
        let link = walk(&[at("link.md")], false);
        assert!(link.failures[0].1.contains("leads nowhere"), "{link:?}");
        if made.is_ok_and(|status| status.success()) {
            let pipe = walk(&[at("pipe.md")], false);
            assert!(pipe.inputs.is_empty());
            assert!(pipe.failures[0].1.contains("no regular file"), "{pipe:?}");
        }
    }

    #[test]
    fn patterns_are_expanded() {
        let root = tree(&["2021/a.md", "2022/b.md", "2022/c.html"]);
        let found = walk(&[root.path().join("20*/*.md")], false);
        assert_eq!(names(&found, root.path()), ["2021/a.md", "2022/b.md"]);
        let none = walk(&[root.path().join("19*/*.md")], false);
        assert_eq!(none.failures.len(), 1);
    }

    #[test]
    fn what_is_asked_for_twice_is_there() {
        let root = tree(&["篇/a.md", "篇/b.md"]);
        let (whole, folder) = (root.path().to_owned(), root.path().join("篇"));
        let file = folder.join("a.md");
        for asked in [
            [&folder, &folder],
            [&whole, &folder],
            [&folder, &whole],
            [&folder, &folder.join("*.md")],
        ] {
            let found = walk(&asked.map(PathBuf::clone), false);
            assert!(found.failures.is_empty(), "{:?}", found.failures);
            assert_eq!(names(&found, root.path()), ["篇/a.md", "篇/b.md"]);
        }
        let found = walk(&[file, root.path().join("篇/a*")], false);
        assert!(found.failures.is_empty(), "{:?}", found.failures);
        // What another argument fails at does not hide that a folder is empty.
        std::fs::create_dir(root.path().join("empty")).unwrap();
        let found = walk(
            &[root.path().join("gone"), root.path().join("empty")],
            false,
        );
        assert_eq!(found.failures.len(), 2, "{:?}", found.failures);
    }

    #[test]
    fn nothing_found_is_a_failure() {
        let root = tree(&["a.txt"]);
        let found = walk(
            &[root.path().to_owned(), root.path().join("gone.md")],
            false,
        );
        assert_eq!(found.failures.len(), 2, "{:?}", found.failures);
        assert!(found.failures[0].1.contains(".md"));
    }
}
