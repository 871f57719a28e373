//! Named checks over front matter.

mod conflict;
mod date;
mod date_form;
mod date_order;
mod duplicate_key;
mod encoding;
mod forbid;
mod head;
mod key_form;
mod length;
mod list;
mod lost_text;
mod match_body;
mod match_filename;
mod match_link;
mod match_marker;
mod not_empty;
mod one_of;
mod order;
mod rename;
mod required;
mod root;
mod select;
mod style;
mod support;
mod syntax;
mod text_pattern;
mod unique;
mod url;
mod value_type;
mod whitespace;

use crate::rule::Builder;

/// The checks of this room.
pub const TABLE: &[(&str, Builder)] = &[
    ("conflict", conflict::build),
    ("date", date::build),
    ("date-form", date_form::build),
    ("date-order", date_order::build),
    ("duplicate-key", duplicate_key::build),
    ("encoding", encoding::build),
    ("enum", one_of::build),
    ("forbid", forbid::build),
    ("head", head::build),
    ("key-form", key_form::build),
    ("length", length::build),
    ("list", list::build),
    ("lost-text", lost_text::build),
    ("match-body", match_body::build),
    ("match-filename", match_filename::build),
    ("match-link", match_link::build),
    ("match-marker", match_marker::build),
    ("not-empty", not_empty::build),
    ("order", order::build),
    ("pattern", text_pattern::build),
    ("rename", rename::build),
    ("required", required::build),
    ("root", root::build),
    ("style", style::build),
    ("syntax", syntax::build),
    ("type", value_type::build),
    ("unique", unique::build),
    ("url", url::build),
    ("whitespace", whitespace::build),
];
