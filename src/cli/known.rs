//! The baseline that findings are held against.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::args::Common;
use crate::config::{Configs, ProblemKind, Problems, io_in_words, normal, problem};
use crate::source::Span;
use crate::workspace::{BASELINE_NAME, Baseline, shown};

/// The baseline that the arguments ask for: the one named, which must be there, or the one beside the
/// configuration.
pub fn known(
    common: &Common,
    configs: &mut Configs,
) -> io::Result<Result<Option<Baseline>, Problems>> {
    if common.no_baseline || (common.selection.isolated && common.baseline.is_none()) {
        return Ok(Ok(None));
    }
    match &common.baseline {
        Some(path) => Ok(read(path)?.map(Some)),
        None => {
            let path = configs.root(Path::new(".")).join(BASELINE_NAME);
            if path.symlink_metadata().is_err() {
                return Ok(Ok(None));
            }
            Ok(read(&path)?.map(Some))
        }
    }
}

/// Reads the baseline at `path`, or says what is wrong with it.
pub fn read(path: &Path) -> io::Result<Result<Baseline, Problems>> {
    let name = from_here(path)?;
    let wrong = |bytes: Vec<u8>, span, message: String, help: &str| Problems {
        path: name.clone(),
        bytes,
        findings: vec![problem(ProblemKind::InvalidBaseline, span, message, help)],
    };
    let bytes = match no_pipe(path).and_then(|()| fs::read(path)) {
        Ok(bytes) => match bytes.strip_prefix(b"\xEF\xBB\xBF") {
            Some(rest) => rest.to_vec(),
            None => bytes,
        },
        Err(error) => {
            let message = format!("the baseline cannot be read: {}", io_in_words(&error));
            let help = "Take a new one with `copydesk baseline`.";
            return Ok(Err(wrong(Vec::new(), Span::empty(0), message, help)));
        }
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Baseline::parse(folder(path)?, &text).map_err(|error| {
        let end = (error.at + 1).min(bytes.len());
        wrong(bytes, Span::new(error.at, end), error.message, &error.help)
    }))
}

/// Refuses what is no file under the name that is looked for: a pipe would wait for ever. One that is
/// named may be a pipe, as of `<(…)`.
pub fn no_pipe(path: &Path) -> io::Result<()> {
    let by_name = path.file_name() == Some(BASELINE_NAME.as_ref());
    if by_name && fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        let reason = "it is no regular file but a pipe, a socket or a device";
        return Err(io::Error::other(reason));
    }
    Ok(())
}

pub fn folder(path: &Path) -> io::Result<PathBuf> {
    let path = normal(&std::path::absolute(path)?);
    Ok(path.parent().unwrap_or(&path).to_owned())
}

/// The path as it is printed, from the current folder where it is below it.
pub fn from_here(path: &Path) -> io::Result<std::sync::Arc<str>> {
    let here = std::env::current_dir()?;
    Ok(shown(path.strip_prefix(here).unwrap_or(path)))
}
