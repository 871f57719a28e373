//! Named checks over front matter.

mod date;
mod duplicate_key;
mod encoding;
mod match_filename;
mod match_link;
mod match_marker;
mod not_empty;
mod required;
mod root;
mod support;
mod syntax;
mod unique;

use crate::rule::Builder;

/// The checks of this room.
pub const TABLE: &[(&str, Builder)] = &[
    ("date", date::build),
    ("duplicate-key", duplicate_key::build),
    ("encoding", encoding::build),
    ("match-filename", match_filename::build),
    ("match-link", match_link::build),
    ("match-marker", match_marker::build),
    ("not-empty", not_empty::build),
    ("required", required::build),
    ("root", root::build),
    ("syntax", syntax::build),
    ("unique", unique::build),
];
