//! Named checks and actions over the elements of a body.

use crate::rule::Builder;

/// The checks of this room.
pub const TABLE: &[(&str, Builder)] = &[];
