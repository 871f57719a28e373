//! Named checks over front matter.

mod body_length;
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
mod normal_form;
mod not_empty;
mod one_of;
mod order;
mod pattern;
mod rename;
mod repeats;
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
    ("body-length", body_length::build),
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
    ("normal-form", normal_form::build),
    ("not-empty", not_empty::build),
    ("order", order::build),
    ("pattern", text_pattern::build),
    ("rename", rename::build),
    ("repeats", repeats::build),
    ("required", required::build),
    ("root", root::build),
    ("style", style::build),
    ("syntax", syntax::build),
    ("type", value_type::build),
    ("unique", unique::build),
    ("url", url::build),
    ("whitespace", whitespace::build),
];

/// Describes the options of a check.
pub type OptionsSchema = fn() -> schemars::Schema;

/// What each check of this room may be told in `with`.
pub const OPTIONS: &[(&str, OptionsSchema)] = &[
    ("body-length", body_length::options),
    ("conflict", conflict::options),
    ("date", date::options),
    ("date-form", date_form::options),
    ("date-order", date_order::options),
    ("duplicate-key", duplicate_key::options),
    ("encoding", encoding::options),
    ("enum", one_of::options),
    ("forbid", forbid::options),
    ("head", head::options),
    ("key-form", key_form::options),
    ("length", length::options),
    ("list", list::options),
    ("lost-text", lost_text::options),
    ("match-body", match_body::options),
    ("match-filename", match_filename::options),
    ("match-link", match_link::options),
    ("match-marker", match_marker::options),
    ("normal-form", normal_form::options),
    ("not-empty", not_empty::options),
    ("order", order::options),
    ("pattern", text_pattern::options),
    ("rename", rename::options),
    ("repeats", repeats::options),
    ("required", required::options),
    ("root", root::options),
    ("style", style::options),
    ("syntax", syntax::options),
    ("type", value_type::options),
    ("unique", unique::options),
    ("url", url::options),
    ("whitespace", whitespace::options),
];
