//! Front matter: where the block is, a lossless, spanned tree over YAML, TOML and JSON, edits on
//! it, and `repair`, which explains broken syntax in the author's words.

mod block;
mod date;
mod delimiter;
mod edit;
mod json;
mod key_set;
mod node;
mod path;
mod problem;
mod quote;
mod repair;
mod scalar;
mod toml;
mod toml_version;
mod tree;
mod yaml;

pub use block::{Block, FrontMatter, Syntax, read};
pub use date::{Date, DateProblem};
pub use delimiter::looks_like_key;
pub use edit::Removal;
pub use key_set::KeySet;
pub use node::{Data, Entry, Node, Style};
pub use path::{Path, Segment};
pub use problem::{Problem, ProblemFix, ProblemKind};
pub use quote::{is_plain_safe, write_string};
pub use scalar::{Dialect, Native, Scalar, resolve};
pub use tree::Tree;
