use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Registry, RuleEntry};
use crate::finding::Severity;
use crate::rule::{Preset, Profile};

/// Which rules run, and how: what the configuration and the command line come down to.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Whose pages they are.
    pub profile: Profile,
    /// The site generator.
    pub preset: Arc<Preset>,
    /// Rule ids and group names; `default` stands for what runs by default, `all` for everything.
    /// Empty is `default`.
    pub select: Vec<String>,
    /// Rule ids and group names that do not run, whatever is selected.
    pub ignore: Vec<String>,
    /// Other weights, by rule id or group name.
    pub severity: BTreeMap<String, Severity>,
    /// Options laid over the rules' own, by rule id.
    pub options: BTreeMap<String, serde_yaml::Value>,
    /// The moment that an option of the value `now` stands for. No rule reads the clock, so that a
    /// run can be repeated.
    pub now: Option<String>,
}

/// Where a name was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// In `select`.
    Select,
    /// In `ignore`.
    Ignore,
    /// In `severity`.
    Severity,
    /// In `options`.
    Options,
}

/// What is wrong with a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelectionProblem {
    /// No rule or group has this name.
    UnknownName {
        /// Where it was given.
        kind: NameKind,
        /// The name.
        name: String,
        /// What was probably meant.
        suggestion: Option<Arc<str>>,
    },
    /// The options of a rule do not fit it.
    Options {
        /// The rule.
        rule: Arc<str>,
        /// What does not fit.
        message: String,
    },
}

impl std::fmt::Display for SelectionProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownName {
                name, suggestion, ..
            } => {
                write!(f, "no rule or group is called `{name}`")?;
                match suggestion {
                    Some(suggestion) => write!(f, "; did you mean `{suggestion}`?"),
                    None => Ok(()),
                }
            }
            Self::Options { rule, message } => {
                write!(f, "the options of `{rule}` do not fit: {message}")
            }
        }
    }
}

impl Registry {
    /// Whether `name` is an id (old ids too), a group, `all` or `default`.
    pub fn knows(&self, name: &str) -> bool {
        matches!(name, "all" | "default")
            || self.rule(name).is_some()
            || self.rules().iter().any(|entry| &*entry.group == name)
    }

    /// Whether `name` changes anything where it is given.
    pub fn has_effect(&self, kind: NameKind, name: &str) -> bool {
        match kind {
            NameKind::Select => self.knows(name),
            NameKind::Ignore => name != "default" && self.knows(name),
            NameKind::Severity => !matches!(name, "all" | "default") && self.knows(name),
            NameKind::Options => self.rule(name).is_some(),
        }
    }

    /// What is wrong with `name`, which has no effect where it is given, and what to do.
    pub fn without_effect(&self, kind: NameKind, name: &str) -> (String, String) {
        if !self.knows(name) {
            let help = match self.suggest(name) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "`copydesk rules` lists the rules and their groups.".to_owned(),
            };
            return (format!("no rule or group is called `{name}`"), help);
        }
        let (setting, help) = match kind {
            NameKind::Select => ("select", "Name rules or groups."),
            NameKind::Ignore => (
                "ignore",
                "Name the rules or groups that should not run; `select` says what runs in place of the default.",
            ),
            NameKind::Severity => ("severity", "Name rules or groups."),
            NameKind::Options => (
                "options",
                "Name the rule that has the option; `copydesk rules` lists the rules.",
            ),
        };
        (
            format!("`{name}` means nothing in `{setting}`"),
            help.to_owned(),
        )
    }

    /// The names in `selection` that mean nothing.
    pub fn unknown_names(&self, selection: &Selection) -> Vec<SelectionProblem> {
        let given = [
            (
                NameKind::Select,
                selection.select.iter().collect::<Vec<_>>(),
            ),
            (NameKind::Ignore, selection.ignore.iter().collect()),
            (NameKind::Severity, selection.severity.keys().collect()),
            (NameKind::Options, selection.options.keys().collect()),
        ];
        given
            .into_iter()
            .flat_map(|(kind, names)| names.into_iter().map(move |name| (kind, name)))
            .filter(|(kind, name)| !self.has_effect(*kind, name))
            .map(|(kind, name)| SelectionProblem::UnknownName {
                kind,
                name: name.clone(),
                suggestion: self.suggest(name),
            })
            .collect()
    }
}

impl RuleEntry {
    /// Whether `name` means this rule: its id, an old id, its group or `all`.
    pub fn answers_to(&self, name: &str) -> bool {
        name == "all"
            || name == &*self.id
            || name == &*self.group
            || self.rule.redirects.iter().any(|old| old == name)
    }
}

impl Selection {
    /// What runs by default for `profile` under `preset`.
    pub fn new(profile: Profile, preset: Arc<Preset>) -> Self {
        Self {
            profile,
            preset,
            select: Vec::new(),
            ignore: Vec::new(),
            severity: BTreeMap::new(),
            options: BTreeMap::new(),
            now: None,
        }
    }

    /// Whether `entry` runs.
    pub fn admits(&self, entry: &RuleEntry) -> bool {
        let by_default = entry.rule.default.is_on(self.profile);
        let selected = if self.select.is_empty() {
            by_default
        } else {
            self.select.iter().any(|name| match name.as_str() {
                "default" => by_default,
                name => entry.answers_to(name),
            })
        };
        selected && !self.ignore.iter().any(|name| entry.answers_to(name))
    }

    /// The weight of findings of `entry`.
    pub fn severity_of(&self, entry: &RuleEntry) -> Severity {
        let own = entry
            .rule
            .profile
            .get(&self.profile)
            .and_then(|change| change.severity)
            .unwrap_or(entry.rule.severity);
        self.severity
            .get(&*entry.id)
            .or_else(|| self.severity.get(&*entry.group))
            .copied()
            .unwrap_or(own)
    }
}
