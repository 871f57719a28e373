use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anstream::ColorChoice;
use serde::Serialize;

use super::args::Common;
use super::screen::{look_err, look_out, stderr, stdout};
use crate::config::{Configs, Resolved, io_in_words};
use crate::output::{Paint, printable, records_as_json};
use crate::workspace::{Input, Taking, Walk, shown, walk};

/// What the arguments ask for.
///
/// # Errors
/// Why the files cannot be told, in a sentence.
pub fn wanted(common: &Common, configs: &mut Configs) -> Result<Walk, String> {
    let mut found = match &common.files_from {
        Some(list) => {
            let mut paths = common.paths.clone();
            let mut gone = Vec::new();
            for (number, path) in read_list(list, common.null)? {
                if path.symlink_metadata().is_err() {
                    gone.push((shown(&path), not_there(number, &path)));
                } else if path.is_dir() || Taking::builtin().skip_file(&path).is_none() {
                    paths.push(path);
                }
            }
            let mut found = walk(&paths, common.files);
            found.failures.extend(gone);
            found
        }
        None if common.paths.is_empty() => walk(&usual(configs), common.files),
        None => walk(&common.paths, common.files),
    };
    if let Some(reference) = &common.changed_since {
        let changed = changed_since(reference)?;
        found.inputs.retain(|input| is_one_of(input, &changed));
    }
    Ok(found)
}

/// What a run without paths looks at: the content that the configuration names, else the current
/// folder.
pub fn usual(configs: &mut Configs) -> Vec<PathBuf> {
    let content = configs.content();
    match content.is_empty() {
        true => vec![PathBuf::from(".")],
        false => content,
    }
}

fn is_one_of(input: &Input, changed: &BTreeSet<PathBuf>) -> bool {
    input
        .path
        .canonicalize()
        .is_ok_and(|path| changed.contains(&path))
}

fn not_there(number: usize, path: &Path) -> String {
    let quoted = path.to_str().and_then(|path| path.strip_prefix('"'));
    if quoted.is_some_and(|path| path.ends_with('"')) {
        return format!(
            "there is no file or folder of this name (entry {number} of the list), which is in quotes; git writes names as they are with -z, and they are read with -0"
        );
    }
    format!(
        "there is no file or folder of this name (entry {number} of the list); paths count from the current folder, and `git diff --diff-filter=d` leaves out what was deleted"
    )
}

/// The paths of a list, one a line or between NUL bytes, with their numbers.
fn read_list(list: &Path, null: bool) -> Result<Vec<(usize, PathBuf)>, String> {
    let mut bytes = Vec::new();
    let stdin = list == Path::new("-");
    let read = match stdin {
        true => io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        false => fs::read(list).map(|read| bytes = read),
    };
    read.map_err(|error| {
        let name = match stdin {
            true => "the standard input".to_owned(),
            false => format!("`{}`", shown(list)),
        };
        format!(
            "--files-from: {name} cannot be read: {}",
            io_in_words(&error)
        )
    })?;
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(
            "--files-from: the list is UTF-16, as some shells write it; save it as UTF-8"
                .to_owned(),
        );
    }
    if !null && bytes.contains(&0) {
        return Err("--files-from: the list holds NUL bytes; read it with -0".to_owned());
    }
    if null && !bytes.contains(&0) && bytes.contains(&b'\n') {
        return Err(
            "--files-from: the list has lines and no NUL bytes; read it without -0".to_owned(),
        );
    }
    let separator = if null { 0 } else { b'\n' };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    bytes
        .split(|byte| *byte == separator)
        .map(|line| {
            if null {
                line
            } else {
                line.strip_suffix(b"\r").unwrap_or(line)
            }
        })
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(|(place, line)| {
            let number = place + 1;
            let path = path_of(line)
                .ok_or_else(|| format!("--files-from: entry {number} of the list is not UTF-8"))?;
            Ok((number, path))
        })
        .collect()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(PathBuf::from(OsString::from_vec(bytes.to_vec())))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Option<PathBuf> {
    Some(PathBuf::from(OsString::from(
        std::str::from_utf8(bytes).ok()?,
    )))
}

/// The files (absolute, as the system names them) that differ from where `reference` and the current
/// commit part, in the commits since, the index or the working tree, and those that are new.
fn changed_since(reference: &str) -> Result<BTreeSet<PathBuf>, String> {
    let top = git(Path::new("."), &["rev-parse", "--show-toplevel"])?;
    let top = PathBuf::from(String::from_utf8_lossy(&top).trim_end());
    let verify = format!("{reference}^{{commit}}");
    if reference.starts_with('-')
        || git(&top, &["rev-parse", "--verify", "--quiet", &verify]).is_err()
    {
        return Err(format!(
            "--changed-since: git knows no commit called `{reference}`; in a shallow clone, fetch it first"
        ));
    }
    let base = match git(&top, &["merge-base", reference, "HEAD"]) {
        Ok(base) => String::from_utf8_lossy(&base).trim().to_owned(),
        Err(_) => reference.to_owned(),
    };
    let mut names = git(
        &top,
        &["diff", "--name-only", "-z", "--diff-filter=d", &base, "--"],
    )?;
    names.extend(git(
        &top,
        &["ls-files", "--others", "--exclude-standard", "-z"],
    )?);
    Ok(names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .filter_map(|name| top.join(path_of(name)?).canonicalize().ok())
        .collect())
}

fn git(folder: &Path, args: &[&str]) -> Result<Vec<u8>, String> {
    let out = Command::new("git")
        .args(args)
        .current_dir(folder)
        .output()
        .map_err(|error| format!("--changed-since: git cannot be run: {error}"))?;
    if out.status.success() {
        return Ok(out.stdout);
    }
    let words = String::from_utf8_lossy(&out.stderr);
    let words = words
        .lines()
        .next()
        .unwrap_or("it failed")
        .trim_start_matches("fatal: ");
    Err(format!("--changed-since: git says: {words}"))
}

/// A file that is taken, for programs.
#[derive(Serialize)]
struct Taken<'a> {
    path: &'a str,
}

/// `--files`: prints which files are taken, and beside them why others are not. With `json` they are
/// printed so, one array or one object a line.
pub fn print(
    found: &Walk,
    configs: &mut Configs,
    json: Option<bool>,
    color: ColorChoice,
) -> io::Result<()> {
    let (mut out, mut err) = (stdout(), stderr());
    let look = look_err(color);
    let (mut skipped, mut taken) = (found.skipped.clone(), Vec::new());
    for input in &found.inputs {
        if matches!(configs.resolve(&input.path), Resolved::Excluded) {
            skipped.push((
                input.shown.clone(),
                "excluded by the configuration".to_owned(),
            ));
        } else {
            taken.push(Taken { path: &input.shown });
        }
    }
    if let Some(lines) = json {
        records_as_json(&mut out, lines, taken.into_iter())?;
    } else {
        // A program gets names as they are; a screen could be led astray by what is in one.
        let screen = look_out(color).screen;
        for taken in taken {
            match screen {
                true => writeln!(out, "{}", printable(taken.path))?,
                false => writeln!(out, "{}", taken.path)?,
            }
        }
        out.flush()?;
    }
    skipped.sort();
    for (path, reason) in skipped {
        let skipped = look.paint(Paint::Faint, "skipped");
        writeln!(err, "{skipped} {}: {reason}", printable(&path))?;
    }
    err.flush()
}
