//! `required`: keys that a page has to have, by the preset or by option.

use globset::GlobSet;
use serde::Deserialize;

use super::pattern::Pattern;
use super::support::{document, pattern};
use crate::finding::Safety;
use crate::frontmatter::{Path, Syntax, write_string};
use crate::rule::{
    Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report, RequiredKey,
    globs_over_paths,
};
use crate::source::{Edit, Span};

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
    /// A regular expression over the head of the body; the first of its groups that takes part is
    /// the value of a missing key.
    #[serde(default)]
    value_from: Option<String>,
}

struct Required {
    config: Config,
    paths: Option<GlobSet>,
    unless_name: Option<Pattern>,
    value_from: Option<Pattern>,
}

/// How much of the body is the head of it, in bytes.
const HEAD: usize = 4096;

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let unless_name = match &config.unless_name {
        Some(name) => Some(pattern(options, "unless-name", name)?),
        None => None,
    };
    let value_from = match &config.value_from {
        Some(value) => Some(pattern(options, "value-from", value)?),
        None => None,
    };
    document(Required {
        value_from,
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
            (None, _) if self.config.without_front_matter && document.text().is_some() => {
                Span::new(document.body().start, document.body().start)
            }
            // A block that does not parse may hold the key.
            _ => return,
        };
        let value = self.value(context);
        for key in missing {
            let report = Report::at(span).message(format!("the front matter has no `{key}`"));
            let configured = self.config.keys.iter().any(|own| own == key);
            reports.push(match value.as_deref().filter(|_| configured) {
                Some(value) => offer(report, context, key, value),
                None => report,
            });
        }
    }
}

impl Required {
    /// What the head of the body gives for a missing key.
    fn value(&self, context: Context<'_>) -> Option<String> {
        let pattern = self.value_from.as_ref()?;
        let text = context.document.text()?;
        let start = context.document.body().start;
        let mut end = (start + HEAD).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let found = pattern.captures(text.get(start..end)?)?;
        let group = found.iter().skip(1).flatten().next()?;
        let value = without_links(group.as_str().trim());
        (!value.is_empty()).then_some(value)
    }
}

/// The fix that adds `key` to the block, or a block to the file.
fn offer(report: Report, context: Context<'_>, key: &str, value: &str) -> Report {
    let document = context.document;
    let edit = match (document.front_matter().tree(), document.text()) {
        (Some(tree), _) => {
            let written = write_string(tree.syntax(), value, false);
            tree.insert_entry(None, key, &written)
        }
        (None, Some(text)) => {
            let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
            let written = write_string(Syntax::Yaml, value, false);
            let block = format!("---{eol}{key}: {written}{eol}---{eol}");
            Some(Edit::insert(document.body().start, block))
        }
        (None, None) => None,
    };
    match edit {
        Some(edit) => report.propose(Proposal::Edits {
            title: format!("Take `{key}` from the body"),
            safety: Safety::Unsafe,
            edits: vec![edit],
            claim: Claim::Data(vec![Path::key(key)]),
        }),
        None => report,
    }
}

/// Markdown without its links: `[text](url)` and `[[page|text]]` become the text.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        if let Some((inner, tail)) = after.strip_prefix("[[").and_then(|a| a.split_once("]]")) {
            out.push_str(inner.rsplit('|').next().unwrap_or(inner));
            rest = tail;
        } else if let Some((inner, tail)) = after.strip_prefix('[').and_then(|a| a.split_once("]("))
        {
            out.push_str(inner);
            rest = tail.split_once(')').map_or("", |(_, tail)| tail);
        } else {
            out.push('[');
            rest = after.get(1..).unwrap_or("");
        }
    }
    out.push_str(rest);
    out
}
