//! Named checks and actions over the elements of a body.

use crate::document::Document;
use crate::html::ElementId;
use crate::rule::{Builder, When};

/// The checks of this room.
pub const TABLE: &[(&str, Builder)] = &[];

/// Whether the conditions of a rule hold for `element`.
pub fn holds(_document: &Document, _element: ElementId, _when: &When) -> bool {
    false
}
