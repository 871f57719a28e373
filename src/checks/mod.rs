//! The code a rule can name: named checks and actions, one per file.

pub mod frontmatter;
pub mod html;

use crate::rule::Builder;

/// Every named check, by the name a rule writes in `check` or `fix`.
pub fn table() -> impl Iterator<Item = (&'static str, Builder)> {
    frontmatter::TABLE.iter().chain(html::TABLE).copied()
}
