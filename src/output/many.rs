use std::io;

use crate::workspace::{FileReport, Sink, Totals};

/// Hands everything to several sinks.
#[derive(Default)]
pub struct Many<'a> {
    sinks: Vec<Box<dyn Sink + 'a>>,
}

impl<'a> Many<'a> {
    /// With one more.
    pub fn add(&mut self, sink: impl Sink + 'a) {
        self.add_boxed(Box::new(sink));
    }

    /// With one more.
    pub fn add_boxed(&mut self, sink: Box<dyn Sink + 'a>) {
        self.sinks.push(sink);
    }
}

impl Sink for Many<'_> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        self.sinks.iter_mut().try_for_each(|sink| sink.file(report))
    }

    fn before_write(&mut self, report: &FileReport) -> io::Result<()> {
        self.sinks
            .iter_mut()
            .try_for_each(|sink| sink.before_write(report))
    }

    fn not_written(&mut self) -> io::Result<()> {
        self.sinks
            .iter_mut()
            .try_for_each(|sink| sink.not_written())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        self.sinks
            .iter_mut()
            .try_for_each(|sink| sink.finish(totals))
    }
}
