//! Copydesk: the copy desk for content folders.

pub mod checks;
pub mod document;
pub mod finding;
pub mod frontmatter;
pub mod html;
pub mod markdown;
pub mod rule;
pub mod source;
