use std::collections::BTreeMap;

use serde::Deserialize;

use crate::finding::Severity;
use crate::rule::Profile;

/// The configuration file, `copydesk.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct File {
    /// Whose pages they are.
    pub profile: Option<Profile>,
    /// The site generator, by the name of its preset.
    pub preset: Option<String>,
    /// Rule ids and group names that run; `default` stands for what runs by default, `all` for
    /// everything.
    pub select: Option<Vec<String>>,
    /// Rule ids and group names that do not run.
    pub ignore: Option<Vec<String>>,
    /// Other weights, by rule id or group name.
    pub severity: Option<BTreeMap<String, Severity>>,
    /// Options of rules, by rule id.
    pub options: Option<BTreeMap<String, serde_yaml::Value>>,
    /// The front-matter keys that hold the URL the content was taken from.
    pub source_keys: Option<Vec<String>>,
    /// Globs over the paths, from this file's folder, that are left alone.
    pub exclude: Option<Vec<String>>,
    /// Rule packs of your own: files, or folders of files, from this file's folder.
    pub packs: Option<Vec<String>>,
    /// What differs for some of the files; a later entry wins.
    pub overrides: Option<Vec<Override>>,
}

/// What differs for some of the files.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Override {
    /// Globs over the paths, from the configuration file's folder.
    pub paths: Vec<String>,
    /// Whose pages they are.
    pub profile: Option<Profile>,
    /// The site generator, by the name of its preset.
    pub preset: Option<String>,
    /// Rule ids and group names that run, in place of the others.
    pub select: Option<Vec<String>>,
    /// Further rule ids and group names that do not run.
    pub ignore: Option<Vec<String>>,
    /// Other weights, laid over the others.
    pub severity: Option<BTreeMap<String, Severity>>,
    /// Options of rules, laid over the others.
    pub options: Option<BTreeMap<String, serde_yaml::Value>>,
    /// The front-matter keys that hold the URL the content was taken from.
    pub source_keys: Option<Vec<String>>,
}
