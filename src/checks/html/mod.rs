//! Named checks and actions over the elements of a body.

mod address;
mod attribute;
mod comment;
mod condition;
mod foreign_host;
mod insert_image;
mod junk_box;
mod names;
mod noscript;
mod only_links;
mod pixel;
mod promote_attribute;
mod query;
mod redundant_attribute;
mod remove;
mod remove_attribute;
mod remove_class;
mod remove_placeholder;
mod rename_element;
mod repeated_title;
mod report;
mod strip_parameters;
#[cfg(test)]
mod testing;
mod unclosed;
mod unwrap;
mod unwrap_redirect;
mod whole_text;

use crate::rule::Builder;

pub use condition::{holds, holds_of_frame, holds_on_any_page};

/// The checks of this room.
pub const TABLE: &[(&str, Builder)] = &[
    ("comment", comment::build),
    ("foreign-host", foreign_host::build),
    ("insert-image", insert_image::build),
    ("junk-box", junk_box::build),
    ("noscript-duplicate", noscript::duplicate),
    ("noscript-unwrap", noscript::unwrap),
    ("only-links", only_links::build),
    ("pixel-address", pixel::address),
    ("pixel-size", pixel::size),
    ("promote-attribute", promote_attribute::build),
    ("redundant-attribute", redundant_attribute::build),
    ("remove", remove::build),
    ("remove-attribute", remove_attribute::build),
    ("remove-class", remove_class::build),
    ("remove-placeholder", remove_placeholder::build),
    ("rename-element", rename_element::build),
    ("repeated-title", repeated_title::build),
    ("report", report::build),
    ("strip-parameters", strip_parameters::build),
    ("unclosed", unclosed::build),
    ("unwrap", unwrap::build),
    ("unwrap-redirect", unwrap_redirect::build),
    ("whole-text", whole_text::build),
];
