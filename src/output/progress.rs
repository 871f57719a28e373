use std::io;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::workspace::{FileReport, Sink, Totals};

/// A bar on the standard error for runs that take a while. It must be given reports before the
/// sinks that print them.
pub struct Progress {
    bar: Option<ProgressBar>,
    files: u64,
    done: u64,
    begun: Instant,
    gives_way: bool,
}

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_millis(500);

impl Progress {
    /// For `files` files. `gives_way` where findings are printed to the same screen as they come:
    /// the first of them ends the bar.
    pub fn new(files: usize, gives_way: bool) -> Self {
        Self {
            bar: None,
            files: files as u64,
            done: 0,
            begun: Instant::now(),
            gives_way,
        }
    }

    fn show(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.files), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} files");
        bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

impl Sink for Progress {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        self.done += 1;
        let prints = !report.findings.is_empty() || report.fixed.is_some();
        if report.error.is_some() || report.stopped.is_some() || (self.gives_way && prints) {
            if let Some(bar) = self.bar.take() {
                bar.finish_and_clear();
            }
            if self.gives_way {
                self.files = 0;
            }
        }
        if self.files > 0 && self.begun.elapsed() > PATIENCE {
            let bar = match self.bar.take() {
                Some(bar) => bar,
                None => self.show(),
            };
            bar.set_position(self.done);
            self.bar = Some(bar);
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        Ok(())
    }
}
