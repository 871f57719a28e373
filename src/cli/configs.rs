//! The configuration that a command asks for, and what is wrong with it.

use std::io;

use super::args::SelectionArgs;
use crate::config::{Configs, Flags, Origin, Problems};
use crate::workspace::{FileReport, Sink, Totals};

/// The configuration that the arguments ask for.
pub fn configs(selection: &SelectionArgs) -> io::Result<Configs> {
    let flags = Flags {
        select: selection.select.clone(),
        ignore: selection.ignore.clone(),
        profile: selection.profile.map(Into::into),
        preset: selection.preset.clone(),
        now: selection.now.clone(),
    };
    let origin = match &selection.config {
        _ if selection.isolated => Origin::Isolated,
        Some(path) => Origin::File(path.clone()),
        None => Origin::Nearest,
    };
    Ok(Configs::new(flags, origin, std::env::current_dir()?))
}

/// Hands findings on configuration files to a sink.
pub fn report_problems(problems: Vec<Problems>, sink: &mut dyn Sink) -> io::Result<()> {
    let mut totals = Totals {
        refused: true,
        ..Totals::default()
    };
    for problem in problems {
        let report = FileReport {
            path: problem.path,
            bytes: problem.bytes,
            findings: problem.findings,
            ..FileReport::default()
        };
        totals.add(&report);
        sink.file(&report)?;
    }
    sink.finish(&totals)
}
