//! The one typed configuration: discovery, layering, detection of the preset. Yields plain
//! [`Settings`](crate::engine::Settings). What is wrong in a configuration file is a finding on it.

mod detect;
mod file;
mod load;
mod misfit;
mod paths;
mod places;
mod problem;
mod read;
mod resolve;
mod show;
mod size;

pub use detect::{Generator, Thorough, detect_generator};
pub use file::{File, Limits, Override};
pub use paths::normal;
pub use problem::{Kind as ProblemKind, Problems, finding as problem, io_in_words};
pub use resolve::{Configs, Flags, Origin, Resolved, registry_with_packs};
pub use show::Explained;
pub use size::Size;

/// The name of the configuration file.
pub const FILE_NAME: &str = "copydesk.yaml";
