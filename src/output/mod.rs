//! One file per format; each is a small [`Sink`](crate::workspace::Sink).

mod checkstyle;
mod concise;
mod console;
mod diff;
mod excerpt;
mod full;
mod github;
mod gitlab;
mod grouped;
mod json;
mod junit;
mod look;
mod many;
mod rdjson;
mod reference;
mod sarif;
pub mod schema;
mod statistics;
mod xml;

pub use checkstyle::Checkstyle;
pub use concise::Concise;
pub use console::Console;
pub use diff::Diff;
pub use full::Full;
pub use github::Github;
pub use gitlab::Gitlab;
pub use grouped::Grouped;
pub use json::{Json, JsonLines};
pub use junit::Junit;
pub use look::{Look, Paint, count};
pub use many::Many;
pub use rdjson::Rdjson;
pub use reference::{default_in_words, reference};
pub use sarif::Sarif;
pub use statistics::Statistics;
