use std::sync::Arc;

use crate::finding::{Finding, Label, Severity, sentence};
use crate::source::Span;

/// What can be wrong with a configuration file; each is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is not YAML.
    Syntax,
    /// A key that means nothing.
    UnknownKey,
    /// A rule, group, preset or profile that does not exist.
    UnknownName,
    /// A value of the wrong kind, or one that cannot be used.
    InvalidValue,
    /// A file that it names and that cannot be had.
    MissingFile,
    /// Something wrong in a pack that it names.
    InvalidPack,
    /// A baseline that cannot be read.
    InvalidBaseline,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Self::Syntax => "config-syntax",
            Self::UnknownKey => "config-unknown-key",
            Self::UnknownName => "config-unknown-name",
            Self::InvalidValue => "config-invalid-value",
            Self::MissingFile => "config-missing-file",
            Self::InvalidPack => "invalid-pack",
            Self::InvalidBaseline => "invalid-baseline",
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::Syntax => "None of the file's settings can be read.",
            Self::UnknownKey => "The setting would silently do nothing.",
            Self::UnknownName => "What is meant to be switched would stay as it is.",
            Self::InvalidValue => "The setting cannot be used as it is written.",
            Self::MissingFile => "The rules or settings in it would be missing from the run.",
            Self::InvalidPack => "Its rules cannot run.",
            Self::InvalidBaseline => "What is known could not be told from what is new.",
        }
    }
}

/// A finding on the configuration file.
pub fn finding(
    kind: Kind,
    span: Span,
    message: impl Into<String>,
    help: impl Into<Arc<str>>,
) -> Finding {
    Finding {
        rule: kind.id().into(),
        group: "configuration".into(),
        severity: Severity::Error,
        span,
        message: sentence(message.into()),
        why: kind.why().into(),
        help: help.into(),
        labels: Vec::<Label>::new(),
        fix: None,
        withheld: None,
    }
}

/// The findings on one file of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The file, as it is printed.
    pub path: Arc<str>,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What is wrong in it, sorted by place.
    pub findings: Vec<Finding>,
}

/// The system's message without its error number.
pub fn io_in_words(error: &std::io::Error) -> String {
    let text = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no file or folder of this name".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string(),
    };
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}
