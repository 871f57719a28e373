//! Copydesk: the copy desk for content folders.

pub mod checks;
pub mod cli;
pub mod config;
pub mod document;
pub mod engine;
pub mod finding;
pub mod frontmatter;
pub mod html;
pub mod markdown;
pub mod output;
pub mod registry;
pub mod rule;
pub mod source;
pub mod workspace;
