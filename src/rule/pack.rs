use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::When;
use crate::finding::{Safety, Severity};

/// A file of rules under `rules/`, or one of the user's own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pack {
    /// Name of the group the rules belong to; `--select` and `--ignore` take it.
    pub group: String,
    /// First words of comments that programs read, such as `more`; a `*` at the start or the end
    /// stands for anything. No removal takes such a comment with it, whatever rules run.
    #[serde(default)]
    pub marks: Vec<String>,
    /// The rules, in the order in which they are listed to users.
    pub rules: Vec<Rule>,
}

/// One rule as it is written in a pack.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rule {
    /// kebab-case, and the rule's name for ever.
    pub id: String,
    /// What is wrong, in one line without a full stop; the message of a finding unless a check
    /// gives a more exact one.
    pub summary: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub help: String,
    /// Which elements of the body: a selector list of Selectors Level 4.
    #[serde(rename = "match")]
    pub selector: Option<String>,
    /// Conditions on a matched element.
    pub when: Option<When>,
    /// A named check. With `match`, it looks at each matched element; without, at the document.
    pub check: Option<String>,
    /// Options of the named check or of the fix.
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub with: serde_yaml::Value,
    /// What to do about a matched element, or whether the named check's fixes are offered.
    #[serde(default)]
    pub fix: FixKind,
    /// The ceiling of the rule's fixes: a guard may lower it, nothing raises it.
    #[serde(default = "unsafe_by_default")]
    pub safety: Safety,
    /// Weight of a finding.
    #[serde(default = "warning_by_default")]
    pub severity: Severity,
    /// Where the rule runs unless the user selects otherwise.
    #[serde(default)]
    pub default: Activation,
    /// Hosts of the document's source URL; a host stands for its subdomains too. Empty: all.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Globs over the file's path. Empty: all.
    #[serde(default)]
    pub paths: Vec<String>,
    /// When its fixes are applied, relative to those of other rules.
    #[serde(default)]
    pub phase: Phase,
    /// Old ids that mean this rule.
    #[serde(default)]
    pub redirects: Vec<String>,
    /// What differs under a profile.
    #[serde(default)]
    pub profile: BTreeMap<Profile, ProfileOverride>,
    /// Where the facts come from.
    #[serde(default)]
    pub sources: Vec<String>,
    /// At least one that fires and one that must not.
    #[serde(default)]
    pub examples: Vec<Example>,
}

fn unsafe_by_default() -> Safety {
    Safety::Unsafe
}

fn warning_by_default() -> Severity {
    Severity::Warning
}

/// What a rule does about what it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FixKind {
    /// Nothing: report only.
    #[default]
    None,
    /// Remove the element with all it holds.
    Remove,
    /// Remove the two tags and keep what is between them.
    Unwrap,
    /// Remove the attributes named in `with.attributes`.
    RemoveAttribute,
    /// Remove the class tokens named in `with.tokens`, and the attribute when none is left.
    RemoveClass,
    /// Offer the fixes that the named check builds.
    Check,
}

/// Where a rule runs by default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(from = "ActivationForm")]
pub enum Activation {
    /// Everywhere.
    #[default]
    On,
    /// Only when selected.
    Off,
    /// In these profiles.
    In(Vec<Profile>),
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum ActivationForm {
    // How a reader of YAML 1.1 takes `on` and `off`.
    Flag(bool),
    Word(ActivationWord),
    Profiles(Vec<Profile>),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ActivationWord {
    On,
    Off,
}

impl From<ActivationForm> for Activation {
    fn from(form: ActivationForm) -> Self {
        match form {
            ActivationForm::Flag(true) | ActivationForm::Word(ActivationWord::On) => Self::On,
            ActivationForm::Flag(false) | ActivationForm::Word(ActivationWord::Off) => Self::Off,
            ActivationForm::Profiles(profiles) => Self::In(profiles),
        }
    }
}

impl Activation {
    /// Whether the rule runs under `profile` when the user says nothing.
    pub fn is_on(&self, profile: Profile) -> bool {
        match self {
            Self::On => true,
            Self::Off => false,
            Self::In(profiles) => profiles.contains(&profile),
        }
    }
}

/// Whose page it is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// The folder's author wrote it: only what is dead goes.
    #[default]
    Own,
    /// The content was taken from elsewhere: the source site's live ads, share bars and trackers
    /// are not the article.
    Archive,
    /// As `archive`, and scripts, event handlers and unknown frames go too.
    Sanitize,
}

impl Profile {
    /// The word users read and write.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Archive => "archive",
            Self::Sanitize => "sanitize",
        }
    }
}

/// What a profile changes about a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProfileOverride {
    /// Another ceiling for the rule's fixes.
    pub safety: Option<Safety>,
    /// Another weight.
    pub severity: Option<Severity>,
}

/// When a fix is applied: a later phase waits until no fix of an earlier one is left.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Makes a block parse.
    Repair,
    /// Gives a value its type.
    Type,
    /// Changes, adds or removes values, elements and attributes.
    #[default]
    Value,
    /// Moves things.
    Order,
    /// White space and quoting.
    Layout,
}

/// An executable example of a rule.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// Input on which the rule fires.
    pub before: Option<String>,
    /// What its fix makes of `before`; absent when no fix is offered there.
    pub after: Option<String>,
    /// Input on which the rule stays silent.
    pub keep: Option<String>,
    /// The file's path; `example.md` unless given.
    pub path: Option<String>,
    /// The profile the example runs under; the first one in which the rule is on unless given.
    pub profile: Option<Profile>,
    /// The preset the example runs under; the generic one unless given.
    pub preset: Option<String>,
    /// Options for this example, in place of the rule's own.
    #[schemars(with = "Option<serde_json::Value>")]
    pub with: Option<serde_yaml::Value>,
    /// The safety of the fix in this example, where a guard lowers it below the rule's ceiling.
    pub safety: Option<Safety>,
    /// How often the text of the example stands in the file, for rules about size and depth.
    pub repeat: Option<usize>,
    /// Other rules that run beside this one: what a suppression names, what empties a wrapper.
    #[serde(default)]
    pub also: Vec<String>,
    /// What the example is saved as, for rules about encodings: a label of the WHATWG Encoding
    /// Standard; UTF-8 unless given.
    pub encoding: Option<String>,
    /// Whether the example is about line ends or the head of the file, so that it is not run again
    /// with CRLF and with a byte order mark.
    #[serde(default)]
    pub verbatim: bool,
    /// A part of the message that the finding must have.
    pub message: Option<String>,
    /// Why the example is here; for readers only.
    pub note: Option<String>,
}
