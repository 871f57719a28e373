use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::size::Size;
use crate::finding::Severity;
use crate::rule::Profile;

/// Several texts, or one; for the schema only.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
enum Texts {
    One(String),
    Many(Vec<String>),
}

/// The configuration file, `copydesk.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[schemars(title = "Configuration of Copydesk")]
pub struct File {
    /// Configuration files that this one is laid over, from its folder; a later one wins.
    #[schemars(with = "Option<Texts>")]
    pub extends: Option<Vec<String>>,
    /// Whose pages they are.
    pub profile: Option<Profile>,
    /// The site generator, by the name of its preset.
    pub preset: Option<String>,
    /// Rule ids and group names that run; `default` stands for what runs by default, `all` for
    /// everything.
    #[schemars(with = "Option<Texts>")]
    pub select: Option<Vec<String>>,
    /// Rule ids and group names that do not run.
    #[schemars(with = "Option<Texts>")]
    pub ignore: Option<Vec<String>>,
    /// Other weights, by rule id or group name.
    pub severity: Option<BTreeMap<String, Severity>>,
    /// Options of rules, by rule id.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Map<String, serde_json::Value>>>")]
    pub options: Option<BTreeMap<String, serde_yaml::Value>>,
    /// The front-matter keys that hold the URL the content was taken from.
    #[schemars(with = "Option<Texts>")]
    pub source_keys: Option<Vec<String>>,
    /// Folders of content, from this file's folder, that a run without paths looks at; without this
    /// it looks at the current folder.
    #[schemars(with = "Option<Texts>")]
    pub content: Option<Vec<String>>,
    /// Globs over the paths, from this file's folder, that are left alone.
    #[schemars(with = "Option<Texts>")]
    pub exclude: Option<Vec<String>>,
    /// How much is held in memory.
    pub limits: Option<Limits>,
    /// Rule packs of your own: files, or folders of files, from this file's folder.
    #[schemars(with = "Option<Texts>")]
    pub packs: Option<Vec<String>>,
    /// What differs for some of the files; a later entry wins.
    pub overrides: Option<Vec<Override>>,
}

/// How much is held in memory while large HTML is cleaned as it goes by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Limits {
    /// So much of a page is held while it is not known whether an element goes, a tag counted for 24
    /// bytes at least; input up to this length is read whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look_back: Option<Size>,
    /// A tag, comment or script longer than this ends the cleaning of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_token: Option<Size>,
}

/// What differs for some of the files.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Override {
    /// Globs over the paths, from the configuration file's folder.
    #[schemars(with = "Texts")]
    pub paths: Vec<String>,
    /// Whose pages they are.
    pub profile: Option<Profile>,
    /// The site generator, by the name of its preset.
    pub preset: Option<String>,
    /// Rule ids and group names that run, in place of the others.
    #[schemars(with = "Option<Texts>")]
    pub select: Option<Vec<String>>,
    /// Further rule ids and group names that do not run.
    #[schemars(with = "Option<Texts>")]
    pub ignore: Option<Vec<String>>,
    /// Other weights, laid over the others.
    pub severity: Option<BTreeMap<String, Severity>>,
    /// Options of rules, laid over the others.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Map<String, serde_json::Value>>>")]
    pub options: Option<BTreeMap<String, serde_yaml::Value>>,
    /// The front-matter keys that hold the URL the content was taken from.
    #[schemars(with = "Option<Texts>")]
    pub source_keys: Option<Vec<String>>,
}

impl Override {
    /// Whether it says something of `key`.
    pub fn sets(&self, key: &str) -> bool {
        match key {
            "profile" => self.profile.is_some(),
            "preset" => self.preset.is_some(),
            "select" => self.select.is_some(),
            "ignore" => self.ignore.is_some(),
            "severity" => self.severity.is_some(),
            "options" => self.options.is_some(),
            "source-keys" => self.source_keys.is_some(),
            _ => false,
        }
    }
}

impl File {
    /// This file laid over `base`: `ignore`, `exclude`, `packs` and `overrides` are added to its own,
    /// the mappings are merged, everything else is replaced.
    pub fn over(self, base: Self) -> Self {
        Self {
            extends: None,
            profile: self.profile.or(base.profile),
            preset: self.preset.or(base.preset),
            select: self.select.or(base.select),
            ignore: joined(base.ignore, self.ignore),
            severity: merged(base.severity, self.severity),
            options: merged(base.options, self.options),
            source_keys: self.source_keys.or(base.source_keys),
            content: self.content.or(base.content),
            exclude: joined(base.exclude, self.exclude),
            limits: limits(base.limits, self.limits),
            packs: joined(base.packs, self.packs),
            overrides: joined(base.overrides, self.overrides),
        }
    }
}

/// The keys whose values are added to those of the base.
pub const ADDED: &[&str] = &[
    "ignore",
    "severity",
    "options",
    "exclude",
    "limits",
    "packs",
    "overrides",
];

fn limits(base: Option<Limits>, own: Option<Limits>) -> Option<Limits> {
    match (base, own) {
        (Some(base), Some(own)) => Some(Limits {
            look_back: own.look_back.or(base.look_back),
            longest_token: own.longest_token.or(base.longest_token),
        }),
        (base, own) => own.or(base),
    }
}

fn joined<T>(base: Option<Vec<T>>, own: Option<Vec<T>>) -> Option<Vec<T>> {
    match (base, own) {
        (Some(mut base), Some(own)) => {
            base.extend(own);
            Some(base)
        }
        (base, own) => own.or(base),
    }
}

fn merged<T>(
    base: Option<BTreeMap<String, T>>,
    own: Option<BTreeMap<String, T>>,
) -> Option<BTreeMap<String, T>> {
    match (base, own) {
        (Some(mut base), Some(own)) => {
            base.extend(own);
            Some(base)
        }
        (base, own) => own.or(base),
    }
}
