use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// What a site generator expects of front matter: data, from `rules/presets/`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Preset {
    /// The name users select it by.
    pub preset: String,
    /// The generator's name as it writes it.
    pub title: String,
    /// Where the facts come from, and when they were checked.
    pub sources: Vec<String>,
    /// Files or folders whose presence tells the generator.
    #[serde(default)]
    pub markers: Vec<String>,
    /// The YAML version its parser reads.
    #[serde(default)]
    pub yaml: YamlVersion,
    /// Keys a page must have.
    #[serde(default)]
    pub required: Vec<RequiredKey>,
    /// Keys it knows.
    #[serde(default)]
    pub keys: BTreeMap<String, KeySpec>,
}

/// How plain scalars are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
pub enum YamlVersion {
    /// `yes`, `012` and `12:30` are not strings.
    #[serde(rename = "1.1")]
    V1_1,
    /// The core schema.
    #[default]
    #[serde(rename = "1.2")]
    V1_2,
}

/// A key that a page must have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RequiredKey {
    /// The key.
    pub key: String,
    /// Globs over the paths where it is required; empty means everywhere.
    #[serde(default)]
    pub paths: Vec<String>,
    /// A file name that gives the value already (a date in a post's name): the key is not
    /// required where this regular expression matches.
    pub unless_name: Option<String>,
}

/// A key a site generator knows.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeySpec {
    /// The types it may have.
    #[serde(rename = "type")]
    pub types: Vec<ValueType>,
    /// What it is, in a few words.
    pub summary: Option<String>,
}

/// A type of a front-matter value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A date or a point in time.
    Date,
    /// A list.
    List,
    /// A mapping.
    Map,
    /// No value.
    Null,
}
