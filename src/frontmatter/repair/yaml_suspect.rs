//! An explanation of what YAML cannot read, to be tried.

use crate::frontmatter::Problem;

/// An explanation to be tried.
pub(super) struct Suspect {
    pub problem: Problem,
    /// Whether it explains the failure even if its fix does not help.
    pub certain: bool,
}

pub(super) fn certain(problem: Problem) -> Suspect {
    Suspect {
        problem,
        certain: true,
    }
}

pub(super) fn maybe(problem: Problem) -> Suspect {
    Suspect {
        problem,
        certain: false,
    }
}
