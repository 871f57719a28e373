use crate::finding::Safety;
use crate::source::{Edit, Span};

/// What kind of mistake keeps a block from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// The closing delimiter is missing.
    Unclosed,
    /// `title: Foo: bar`
    UnquotedColon,
    /// A value that starts with a character YAML keeps for itself.
    ReservedCharacter,
    /// A quote inside a quoted value, or text after its end.
    UnbalancedQuote,
    /// A quoted value without its closing quote.
    UnclosedQuote,
    /// `[` or `{` without its closing bracket.
    UnclosedBracket,
    /// A backslash that starts no escape.
    InvalidEscape,
    /// A tab where indentation stands.
    TabIndentation,
    /// A line that is indented like nothing around it.
    Indentation,
    /// A line without a colon, or without the blank after it.
    MissingColon,
    /// A key that occurs twice, where the syntax forbids it.
    DuplicateKey,
    /// Marks of an unfinished merge.
    ConflictMarker,
    /// A control character.
    ControlCharacter,
    /// Anything else.
    Other,
}

/// One mistake in a block, in the author's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// Where, in bytes of the file.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do, where the kind alone does not tell.
    pub help: Option<String>,
    /// Further places.
    pub labels: Vec<(Span, String)>,
    /// What would repair it.
    pub fix: Option<ProblemFix>,
    /// Why a repair that is known is not offered.
    pub withheld: Option<String>,
}

/// What would repair a [`Problem`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemFix {
    /// What it does, in the imperative.
    pub title: String,
    /// Safe where there is one reading, unsafe where it is a guess.
    pub safety: Safety,
    /// Sorted by start, not overlapping, in bytes of the file.
    pub edits: Vec<Edit>,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, span: Span, message: impl Into<String>) -> Self {
        Self {
            kind,
            span,
            message: message.into(),
            help: None,
            labels: Vec::new(),
            fix: None,
            withheld: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push((span, message.into()));
        self
    }

    /// Takes the repair back, for this reason.
    pub(super) fn withhold(&mut self, why: &str) {
        if self.fix.take().is_some() {
            self.withheld = Some(why.to_owned());
        }
    }

    pub(super) fn fix(
        mut self,
        safety: Safety,
        title: impl Into<String>,
        edits: Vec<Edit>,
    ) -> Self {
        self.fix = Some(ProblemFix {
            title: title.into(),
            safety,
            edits,
        });
        self
    }
}
