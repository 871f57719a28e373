//! Named checks over front matter.

use crate::rule::Builder;

/// The checks of this room.
pub const TABLE: &[(&str, Builder)] = &[];
