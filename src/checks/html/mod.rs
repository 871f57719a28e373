//! Named checks and actions over the elements of a body.

mod attribute;
mod condition;
mod junk_box;
mod names;
mod noscript;
mod promote_attribute;
mod redundant_attribute;
mod remove;
mod remove_attribute;
mod remove_class;
mod remove_placeholder;
mod report;
mod strip_parameters;
mod unwrap;

use crate::rule::Builder;

pub use condition::{holds, holds_of_frame, holds_on_any_page, needs_rest_of_page};

/// The checks of this room.
pub const TABLE: &[(&str, Builder)] = &[
    ("junk-box", junk_box::build),
    ("noscript-duplicate", noscript::duplicate),
    ("noscript-unwrap", noscript::unwrap),
    ("promote-attribute", promote_attribute::build),
    ("redundant-attribute", redundant_attribute::build),
    ("remove", remove::build),
    ("remove-attribute", remove_attribute::build),
    ("remove-class", remove_class::build),
    ("remove-placeholder", remove_placeholder::build),
    ("report", report::build),
    ("strip-parameters", strip_parameters::build),
    ("unwrap", unwrap::build),
];
