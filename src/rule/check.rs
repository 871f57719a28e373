use std::fmt;

use serde::de::DeserializeOwned;

use super::Preset;
use crate::document::Document;
use crate::finding::{Label, Safety, Severity};
use crate::frontmatter::Path;
use crate::html::ElementId;
use crate::source::{Edit, Span};

/// What a check may look at besides its options.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The document.
    pub document: &'a Document,
    /// The site generator's expectations.
    pub preset: &'a Preset,
    /// The URL that the front matter says the content was taken from.
    pub source_url: Option<&'a str>,
}

/// A named check over a whole document.
pub trait DocumentCheck: Send + Sync {
    /// Adds a report for each thing that is wrong.
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>);
}

/// A named check or action over one element that the rule's selector matched.
pub trait ElementCheck: Send + Sync {
    /// Adds a report if there is something wrong with `element`.
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>);
}

/// A check that is ready to run.
pub enum Built {
    /// Runs once for a document.
    Document(Box<dyn DocumentCheck>),
    /// Runs once for a matched element.
    Element(Box<dyn ElementCheck>),
}

/// A rule that only the engine can see to, named in `check` like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineCheck {
    /// A wrapper that other removals leave empty.
    EmptiedWrapper,
    /// Elements nested so deep that the body is left alone.
    NestingTooDeep,
    /// So much text would go that nothing is removed.
    RemovalBudget,
    /// A directive that hides nothing.
    UnusedSuppression,
    /// A directive that names no rule, or one that does not exist.
    InvalidSuppression,
}

/// Makes a check from the `with` of a rule.
pub type Builder = fn(&Options) -> Result<Built, OptionError>;

/// The `with` of a rule, with the user's overrides laid over it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The options as a mapping, or null.
    pub value: serde_yaml::Value,
    /// Whether they ship with the tool as they are, so that tests hold them to be sound: what takes
    /// long to make can wait for its first use.
    pub sound: bool,
}

/// Why options do not fit a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionError(pub String);

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Options {
    /// Reads the options as `T`, which denies unknown fields and gives defaults for missing ones.
    ///
    /// # Errors
    /// What does not fit, in the deserialiser's words.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, OptionError> {
        let value = match &self.value {
            serde_yaml::Value::Null => serde_yaml::Value::Mapping(Default::default()),
            value => value.clone(),
        };
        serde_yaml::from_value(value).map_err(|error| OptionError(error.to_string()))
    }

    /// As [`parse`](Self::parse) for a check that has no options.
    ///
    /// # Errors
    /// There is one.
    pub fn none(&self) -> Result<(), OptionError> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        self.parse::<Nothing>().map(drop)
    }
}

/// What a check found.
#[derive(Debug, Clone)]
pub struct Report {
    /// Where, in bytes of the file.
    pub span: Span,
    /// What is wrong, where the rule's summary does not say it exactly enough.
    pub message: Option<String>,
    /// What to do, where the rule's help does not fit this case.
    pub help: Option<String>,
    /// A lower weight than the rule's, for a case that matters less.
    pub severity: Option<Severity>,
    /// Further places.
    pub labels: Vec<Label>,
    /// What could be done.
    pub proposal: Proposal,
}

impl Report {
    /// A report at `span` with the rule's own words and nothing to offer.
    pub fn at(span: Span) -> Self {
        Self {
            span,
            message: None,
            help: None,
            severity: None,
            labels: Vec::new(),
            proposal: Proposal::None,
        }
    }

    /// With a more exact message.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// With help that fits this case.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With a lower weight than the rule's.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// With a further place in the same file.
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            path: None,
            span,
            message: message.into(),
        });
        self
    }

    /// With something to do.
    pub fn propose(mut self, proposal: Proposal) -> Self {
        self.proposal = proposal;
        self
    }
}

/// What could be done about a report. The engine's guards decide what becomes a fix.
#[derive(Debug, Clone)]
pub enum Proposal {
    /// Nothing.
    None,
    /// Nothing here, though the rule has fixes, for this reason.
    Withheld(String),
    /// Edits that stand on their own.
    Edits {
        /// What they do, in the imperative.
        title: String,
        /// How safe they are; the rule's ceiling may lower it.
        safety: Safety,
        /// Sorted by start, not overlapping.
        edits: Vec<Edit>,
        /// What they change; verified before the fix is offered.
        claim: Claim,
    },
    /// Remove an element with all it holds.
    Remove {
        /// The element.
        element: ElementId,
        /// How safe it is before the guards have looked.
        safety: Safety,
    },
    /// Remove an element's two tags and keep what is between them.
    Unwrap {
        /// The element.
        element: ElementId,
        /// How safe it is before the guards have looked.
        safety: Safety,
    },
}

/// What an edit says it changes. The engine parses the result and holds it against this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Front matter that did not parse: the repair must not break what parsed.
    Syntax,
    /// Only how the front matter is written, not its data.
    Layout,
    /// The data at these paths of the front matter, and nothing else.
    Data(Vec<Path>),
    /// Attributes of this element.
    Attributes(ElementId),
}
