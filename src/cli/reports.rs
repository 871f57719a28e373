//! Where reports may go: what they would overwrite is looked at before anything is written.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use super::args::Common;
use crate::config::{FILE_NAME, io_in_words, normal};
use crate::workspace::{BASELINE_NAME, Input, Taking, shown};

/// Files that a run reads under these names.
const OWN: &[&str] = &[FILE_NAME, BASELINE_NAME];

/// What is wrong with the files of `--output` and with the `patch`, in sentences: two reports, or one and the `patch`, in
/// one file, a content file (one of `inputs`, or one that is there under such a name), or what the
/// run reads.
pub fn misplaced(common: &Common, patch: Option<&Path>, inputs: &[Input]) -> Vec<String> {
    let mut errors: Vec<String> = patch
        .and_then(|_| out_of_reach(inputs))
        .into_iter()
        .collect();
    let mut seen: Vec<PathBuf> = patch.map(place).into_iter().collect();
    let inputs: Vec<PathBuf> = match common.output.is_empty() {
        true => Vec::new(),
        false => inputs.iter().map(|input| place(&input.path)).collect(),
    };
    let read = [
        &common.files_from,
        &common.baseline,
        &common.selection.config,
    ];
    let read: Vec<PathBuf> = read.into_iter().flatten().map(|path| place(path)).collect();
    for report in &common.output {
        if report.path == Path::new("-") {
            let format = report.format.to_possible_value();
            let format = format.as_ref().map_or("", |value| value.get_name());
            errors.push(format!(
                "--output: `-` is no file; `--format {format}` writes to the standard output"
            ));
            continue;
        }
        let own = place(&report.path);
        let is_there = own.is_file();
        if own.exists() && !is_there {
            // A device or a pipe keeps nothing; a folder is refused when it is opened.
            continue;
        }
        let name = shown(&report.path);
        if seen.contains(&own) {
            errors.push(format!(
                "--output: `{name}` is given twice, and one report would overwrite the other; give each a file of its own"
            ));
        } else if inputs.contains(&own)
            || is_there && Taking::builtin().skip_file(&report.path).is_none()
        {
            errors.push(format!(
                "--output: `{name}` is a content file, and the report would overwrite it; name another file"
            ));
        } else if read.contains(&own) || is_there && OWN.iter().any(|name| own.ends_with(name)) {
            errors.push(format!(
                "--output: `{name}` is read by this run, and the report would overwrite it; name another file"
            ));
        }
        seen.push(own);
    }
    errors
}

/// Why a patch cannot lead back for all `inputs`: `patch` and git refuse names that lead out of the
/// folder they run in.
fn out_of_reach(inputs: &[Input]) -> Option<String> {
    let here = std::env::current_dir().ok()?;
    let leads_out = |input: &&Input| !normal(&here.join(&input.path)).starts_with(&here);
    let input = inputs.iter().find(leads_out)?;
    Some(format!(
        "--save-patch: `{}` lies outside the current folder, where no patch can lead back to it; run Copydesk in a folder above it",
        input.shown
    ))
}

/// The file of a report, which says its name where it cannot be written.
pub struct Report {
    out: BufWriter<File>,
    name: Arc<str>,
}

impl Report {
    /// Writes to `file`, which is at `path`.
    pub fn new(file: File, path: &Path) -> Self {
        Self {
            out: BufWriter::new(file),
            name: shown(path),
        }
    }

    fn named(&self, error: &io::Error) -> io::Error {
        let (name, reason) = (&self.name, io_in_words(error));
        let message = format!("--output: `{name}` cannot be written: {reason}");
        io::Error::new(error.kind(), message)
    }
}

impl Write for Report {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).map_err(|error| self.named(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush().map_err(|error| self.named(&error))
    }
}

/// The file that a path leads to, under one name only; one that is not there yet by its folder.
fn place(path: &Path) -> PathBuf {
    if let Ok(place) = path.canonicalize() {
        return place;
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
