//! `required`: keys that a page has to have, by the preset or by option.

use globset::GlobSet;
use regex::Regex;
use serde::Deserialize;

use super::support::{document, pattern};
use crate::rule::{
    Built, Context, DocumentCheck, OptionError, Options, Report, RequiredKey, globs_over_paths,
};
use crate::source::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Keys, beside those of the preset.
    #[serde(default)]
    keys: Vec<String>,
    /// Globs over the paths where `keys` are required; empty means everywhere.
    #[serde(default)]
    paths: Vec<String>,
    /// A file name that stands for the keys: they are not required where it matches.
    #[serde(default)]
    unless_name: Option<String>,
    /// Whether a file without front matter lacks them too.
    #[serde(default)]
    without_front_matter: bool,
}

struct Required {
    config: Config,
    paths: Option<GlobSet>,
    unless_name: Option<Regex>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let unless_name = match &config.unless_name {
        Some(name) => Some(pattern("unless-name", name)?),
        None => None,
    };
    document(Required {
        paths: globs(&config.paths)?,
        unless_name,
        config,
    })
}

fn globs(globs: &[String]) -> Result<Option<GlobSet>, OptionError> {
    if globs.is_empty() {
        return Ok(None);
    }
    globs_over_paths(globs)
        .map(Some)
        .map_err(|error| OptionError(format!("paths: {error}")))
}

impl DocumentCheck for Required {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let document = context.document;
        let mut missing: Vec<&str> = Vec::new();
        let front_matter = document.front_matter();
        let has = |key: &str| {
            front_matter
                .tree()
                .is_some_and(|tree| tree.root().entry(key).is_some())
        };
        let covers = |paths: Option<&GlobSet>, name: Option<&Regex>| {
            paths.is_none_or(|globs| globs.is_match(document.path().as_ref()))
                && !name.is_some_and(|name| name.is_match(document.file_name()))
        };
        if covers(self.paths.as_ref(), self.unless_name.as_ref()) {
            missing.extend(
                self.config
                    .keys
                    .iter()
                    .map(String::as_str)
                    .filter(|key| !has(key)),
            );
        }
        for RequiredKey {
            key,
            paths,
            unless_name,
        } in &context.preset.required
        {
            if has(key) || missing.contains(&key.as_str()) {
                continue;
            }
            // Compiled only where the key is missing, which is rare.
            let paths = globs(paths).ok().flatten();
            let name = unless_name
                .as_deref()
                .and_then(|name| Regex::new(name).ok());
            if covers(paths.as_ref(), name.as_ref()) {
                missing.push(key);
            }
        }
        let span = match (front_matter.block(), front_matter.tree()) {
            (Some(block), Some(_)) if !block.opener.is_empty() => block.opener,
            (Some(block), Some(_)) => Span::new(block.content.start, block.content.start + 1),
            (None, _) if self.config.without_front_matter && document.text().is_some() => {
                Span::new(document.body().start, document.body().start)
            }
            // A block that does not parse may hold the key.
            _ => return,
        };
        for key in missing {
            reports.push(Report::at(span).message(format!("the front matter has no `{key}`")));
        }
    }
}
