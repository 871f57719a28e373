use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use super::diff::Diff;
use super::look::Look;
use crate::config::{io_in_words, normal};
use crate::workspace::{FileReport, Sink, Totals, shown};

/// A patch that undoes the fixes. The part of a file is in it before the file is written: on a full disk
/// a file stays as it is rather than being changed with no way back.
pub struct WayBack {
    name: String,
    file: File,
    /// How long the patch was before the part of the file at hand, in bytes.
    before: u64,
    /// How long it is, in bytes.
    length: u64,
}

impl WayBack {
    /// Writes to `file`, which is empty and is called `name` where it has to be named.
    pub fn new(file: File, name: String) -> Self {
        Self {
            name,
            file,
            before: 0,
            length: 0,
        }
    }

    fn failed(&self, error: &io::Error) -> io::Error {
        let reason = io_in_words(error);
        let name = &self.name;
        io::Error::other(format!(
            "--save-patch: `{name}` cannot be written: {reason}; the files whose way back it does not hold were left as they are"
        ))
    }
}

impl Sink for WayBack {
    fn file(&mut self, _report: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn before_write(&mut self, report: &FileReport) -> io::Result<()> {
        let Some(fixed) = &report.fixed else {
            return Ok(());
        };
        let mut part = Vec::new();
        // A path that was given from the root of the system is named from the current folder.
        let here = std::env::current_dir()?;
        let path = normal(&here.join(&*report.path));
        let name = shown(path.strip_prefix(&here).unwrap_or(&path));
        Diff::new(&mut part, Look::plain(100)).between(&name, fixed, &report.bytes)?;
        self.before = self.length;
        if let Err(error) = self.file.write_all(&part) {
            // Half a part would keep `patch` from reading the others.
            let _ = self.file.set_len(self.before);
            return Err(self.failed(&error));
        }
        self.length += part.len() as u64;
        Ok(())
    }

    fn not_written(&mut self) -> io::Result<()> {
        let taken_out = self.file.set_len(self.before);
        taken_out
            .and_then(|()| self.file.seek(SeekFrom::Start(self.before)))
            .map_err(|error| self.failed(&error))?;
        self.length = self.before;
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        Ok(())
    }
}
