//! One file per format; each is a small [`Sink`](crate::workspace::Sink).

mod concise;
mod console;
mod diff;
mod excerpt;
mod full;
mod json;
mod look;
mod many;
mod statistics;

pub use concise::Concise;
pub use console::Console;
pub use diff::Diff;
pub use full::Full;
pub use json::{Json, JsonLines};
pub use look::{Look, Paint, count};
pub use many::Many;
pub use statistics::Statistics;
