//! Front matter: where the block is, and a lossless, spanned tree over YAML, TOML and JSON.

mod block;
mod path;
mod tree;

pub use block::{Block, FrontMatter, Syntax, read};
pub use path::{Path, Segment};
pub use tree::Tree;
