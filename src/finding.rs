//! What the tool says about a file: findings, their labels and their fixes.

mod clip;

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use clip::{clipped, sentence};

use crate::source::{Edit, Span};

/// How much a finding weighs. `info` is printed and does not fail a run.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Info,
    /// Something to look at.
    Warning,
    /// Something that is broken.
    Error,
}

impl Severity {
    /// The word users read and write.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The contract of a fix.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// A reader of the rendered page sees the same article, and the metadata mean the same (or
    /// what they evidently meant).
    Safe,
    /// A person should look.
    Unsafe,
}

impl Safety {
    /// The word users read and write.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// A further place that helps to understand a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Another file, as it is printed; `None` is the finding's own file.
    pub path: Option<Arc<str>>,
    /// Bytes in that file.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// A change that repairs a finding: taken whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether `fix` applies it without `--unsafe`.
    pub safety: Safety,
    /// What it does, in the imperative: "Remove the empty slot".
    pub title: String,
    /// Sorted by start; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One thing that is wrong at one place of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id of the rule, kebab-case.
    pub rule: Arc<str>,
    /// Name of the rule's group.
    pub group: Arc<str>,
    /// Weight after the configuration's overrides.
    pub severity: Severity,
    /// Where, in bytes of the file.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// Why it matters.
    pub why: Arc<str>,
    /// What to do.
    pub help: Arc<str>,
    /// Further places.
    pub labels: Vec<Label>,
    /// The change that repairs it, if there is one to offer.
    pub fix: Option<Fix>,
    /// Why a fix that the rule has is not offered here.
    pub withheld: Option<String>,
}

impl Finding {
    /// Whether `fix` would repair this, with or without unsafe fixes allowed.
    pub fn is_fixable(&self, unsafe_too: bool) -> bool {
        self.fix
            .as_ref()
            .is_some_and(|fix| unsafe_too || fix.safety == Safety::Safe)
    }
}
