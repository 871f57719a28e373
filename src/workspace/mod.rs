//! The folder: which files belong to a run, the parallel run over them, and the atomic write. Emits
//! into a [`Sink`] that it owns.

mod baseline;
mod files;
mod fingerprint;
mod run;
mod sink;
mod walk;
mod write;

pub use baseline::{Baseline, BaselineError, FILE_NAME as BASELINE_NAME};
pub use files::{Skip, Taking};
pub use fingerprint::fingerprints;
pub use run::{Mode, Run, Task};
pub use sink::{FileReport, RuleCount, Sink, Totals};
pub use walk::{Input, Walk, shown, walk};
pub use write::{Change, WriteError, Written, write};
