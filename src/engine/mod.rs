//! One document: run the rules, plan removals, suppress, and apply fixes to a fixpoint. Knows no
//! configuration, no folder and no screen.

mod fix;
mod harness;
mod lint;
mod removal;
mod silence;
mod stream;
mod suppress;
mod verify;

use std::sync::Arc;

use crate::registry::Ruleset;

pub use fix::{Fixed, Stop, fix};
pub use harness::{ExampleFailure, test_rule};
pub use lint::lint;
pub use silence::{Silenced, reason_problem, silence};
pub use stream::{Cleaned, Cleaner, Limits};

/// What a run over a document needs to know.
#[derive(Clone)]
pub struct Settings {
    /// The rules.
    pub rules: Arc<Ruleset>,
    /// The front-matter keys that hold the URL the content was taken from, the first that is there
    /// counts.
    pub source_keys: Vec<String>,
}
