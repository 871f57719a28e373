//! `required`: keys that a page has to have, by the preset or by option.

use globset::GlobSet;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::pattern::Pattern;
use super::support::{document, pattern, without_links};
use crate::finding::Safety;
use crate::frontmatter::{Path, Syntax, write_string};
use crate::rule::{
    Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report, RequiredKey,
    globs_over_paths,
};
use crate::source::{Edit, Span};

/// Keys that a page has to have, by the preset or by option.
#[derive(Deserialize, JsonSchema)]
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
    /// A regular expression over the head of the body; the first of its groups that takes part is
    /// the value of a missing key.
    #[serde(default)]
    value_from: Option<String>,
    /// A regular expression over the file's name; its first group is the value of a missing key,
    /// with blanks in place of hyphens and underscores where it has no blank.
    #[serde(default)]
    value_from_name: Option<String>,
    /// A regular expression over the head of the body; where it matches nothing is missing.
    #[serde(default)]
    unless_body: Option<String>,
}

struct Required {
    config: Config,
    paths: Option<GlobSet>,
    unless_name: Option<Pattern>,
    value_from: Option<Pattern>,
    value_from_name: Option<Pattern>,
    unless_body: Option<Pattern>,
}

/// How much of the body is the head of it, in bytes.
const HEAD: usize = 4096;

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let compile = |name: &str, option: &Option<String>| match option {
        Some(text) => pattern(options, name, text).map(Some),
        None => Ok(None),
    };
    document(Required {
        value_from: compile("value-from", &config.value_from)?,
        value_from_name: compile("value-from-name", &config.value_from_name)?,
        unless_body: compile("unless-body", &config.unless_body)?,
        unless_name: compile("unless-name", &config.unless_name)?,
        paths: globs(&config.paths)?,
        config,
    })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
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
        let covers = |paths: Option<&GlobSet>, name: Option<&Pattern>| {
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
            let name = unless_name.as_deref().map(Pattern::new);
            if covers(paths.as_ref(), name.as_ref()) {
                missing.push(key);
            }
        }
        let span = match (front_matter.block(), front_matter.tree()) {
            (Some(block), Some(_)) if !block.opener.is_empty() => block.opener,
            (Some(block), Some(_)) => Span::new(block.content.start, block.content.start + 1),
            (None, _)
                if self.config.without_front_matter
                    && document.text().is_some_and(|text| !text.trim().is_empty()) =>
            {
                Span::new(document.body().start, document.body().start)
            }
            // A block that does not parse may hold the key.
            _ => return,
        };
        if missing.is_empty()
            || (self.unless_body.as_ref())
                .zip(head(context))
                .is_some_and(|(pattern, head)| pattern.is_match(head))
        {
            return;
        }
        let value = match self.value(context) {
            Some(value) => Some((value, "the body")),
            None => self
                .value_of_name(context)
                .map(|value| (value, "the file's name")),
        };
        for key in missing {
            let report = Report::at(span).message(format!("the front matter has no `{key}`"));
            let configured = self.config.keys.iter().any(|own| own == key);
            reports.push(match value.as_ref().filter(|_| configured) {
                Some((value, source)) => offer(report, context, key, (value, source)),
                None => report,
            });
        }
    }
}

impl Required {
    /// What the head of the body gives for a missing key.
    fn value(&self, context: Context<'_>) -> Option<String> {
        let pattern = self.value_from.as_ref()?;
        let found = pattern.captures(head(context)?)?;
        let group = found.iter().skip(1).flatten().next()?;
        let value = without_links(group.as_str().trim());
        (!value.is_empty()).then_some(value)
    }

    /// What the file's name gives for a missing key.
    fn value_of_name(&self, context: Context<'_>) -> Option<String> {
        let name = context.document.file_name();
        let found = self.value_from_name.as_ref()?.captures(name)?;
        let value = found.iter().skip(1).flatten().next()?.as_str().trim();
        let value = match value.contains(' ') {
            true => value.to_owned(),
            false => value.replace(['-', '_'], " "),
        };
        (!value.trim().is_empty()).then_some(value)
    }
}

/// The head of the body.
fn head(context: Context<'_>) -> Option<&str> {
    let text = context.document.text()?;
    let start = context.document.body().start;
    let mut end = (start + HEAD).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(start..end)
}

/// The fix that adds `key` to the block, or a block to the file.
fn offer(report: Report, context: Context<'_>, key: &str, (value, source): (&str, &str)) -> Report {
    let document = context.document;
    let edit = match (document.front_matter().tree(), document.text()) {
        (Some(tree), _) => {
            let written = write_string(tree.syntax(), value, false);
            tree.insert_entry(None, key, &written)
        }
        (None, Some(_)) => {
            let eol = document.line_ending_at(document.body().start).as_str();
            let written = write_string(Syntax::Yaml, value, false);
            let block = format!("---{eol}{key}: {written}{eol}---{eol}");
            Some(Edit::insert(document.body().start, block))
        }
        (None, None) => None,
    };
    match edit {
        Some(edit) => report.propose(Proposal::Edits {
            title: format!("Take `{key}` from {source}"),
            safety: Safety::Unsafe,
            edits: vec![edit],
            claim: Claim::Data(vec![Path::key(key)]),
        }),
        None => report,
    }
}
