//! `rename`: keys that have another name now, or are written in another case.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::{Entry, Path, Style, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Known {
    /// Not the preset's.
    None,
    /// A key of the preset in another letter case.
    Case,
    /// A key that differs from one of the preset by a letter or two.
    Misspelt,
    /// A key that the preset does not know at all.
    Unknown,
}

/// Keys that have another name now, or are written in another case.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Old names and what they are called now.
    #[serde(default)]
    keys: BTreeMap<String, String>,
    /// How keys are held against those of the preset.
    #[serde(default = "none")]
    known: Known,
    /// Further keys that are known.
    #[serde(default)]
    also: Vec<String>,
    /// How safe the renaming is.
    #[serde(default = "unsafe_fix")]
    safety: Safety,
}

fn none() -> Known {
    Known::None
}

fn unsafe_fix() -> Safety {
    Safety::Unsafe
}

struct Rename(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Rename(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Rename {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let keys = &context.preset.keys;
        let nothing_known =
            self.0.known == Known::None || keys.is_empty() && self.0.also.is_empty();
        let document = context.document;
        let body = document
            .text()
            .and_then(|text| text.get(document.body().start..))
            .unwrap_or("");
        for entry in tree.root().entries() {
            let name = entry.name();
            if let Some(now) = self.0.keys.get(name) {
                reports.push(self.report(
                    body,
                    tree,
                    entry,
                    now,
                    format!("`{name}` is an old name of `{now}`"),
                ));
                continue;
            }
            if nothing_known
                || keys.contains_key(name)
                || self.0.also.iter().any(|key| key == name)
                || name.is_empty()
            {
                continue;
            }
            let known = keys.keys().chain(&self.0.also).map(String::as_str);
            let near = self.near(name, known);
            match (self.0.known, near) {
                (Known::Unknown, None) => {
                    let title = &context.preset.title;
                    reports.push(
                        Report::at(entry.key.span)
                            .message(format!("{title} does not know the key `{name}`")),
                    );
                }
                (_, Some(now)) if self.0.known == Known::Case => reports.push(self.report(
                    body,
                    tree,
                    entry,
                    now,
                    format!("the key is written `{name}`, and has to be `{now}`"),
                )),
                (_, Some(now)) => reports.push(self.report(
                    body,
                    tree,
                    entry,
                    now,
                    format!("`{name}` is no known key; perhaps `{now}` was meant"),
                )),
                _ => {}
            }
        }
    }
}

impl Rename {
    /// The one of `known` that was probably meant by `name`, in the sense of the rule.
    fn near<'k>(
        &self,
        name: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) -> Option<&'k str> {
        let by_case = known.clone().find(|key| same_letters(key, name));
        match self.0.known {
            Known::None => None,
            Known::Case => by_case,
            Known::Misspelt | Known::Unknown if by_case.is_some() => None,
            Known::Misspelt | Known::Unknown => {
                let length = name.chars().count();
                let letters = letters(name);
                // `layouts` and `publish` are keys of their own to themes and other tools.
                let plural = |key: &str| key.starts_with(name) || name.starts_with(key);
                let mut best: Option<(usize, &str)> = None;
                for key in known {
                    let own = key.chars().count();
                    if own <= 4 || length <= 4 || plural(key) {
                        continue;
                    }
                    let limit = if own > 7 { 2 } else { 1 };
                    // One slip adds or takes one letter at most, or does both: far fewer keys are
                    // that near than have to be measured letter by letter.
                    if own.abs_diff(length) > limit
                        || (self::letters(key) ^ letters).count_ones() as usize > 2 * limit
                    {
                        continue;
                    }
                    let distance = strsim::osa_distance(name, key);
                    if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
                        best = Some((distance, key));
                    }
                }
                best.map(|(_, key)| key)
            }
        }
    }

    fn report(&self, body: &str, tree: &Tree, entry: &Entry, now: &str, message: String) -> Report {
        let report = Report::at(entry.key.span).message(message);
        if tree.root().entry(now).is_some() {
            return report.propose(Proposal::Withheld(format!("`{now}` is there already")));
        }
        if is_named(body, entry.name()) {
            return report.propose(Proposal::Withheld(format!(
                "the page's text uses `{}`, too",
                entry.name()
            )));
        }
        let in_flow = tree.root().style == Style::Flow;
        report.propose(Proposal::Edits {
            title: format!("Rename it to `{now}`"),
            safety: self.0.safety,
            edits: vec![tree.rename_key(entry, now, in_flow)],
            claim: Claim::Data(vec![Path::key(entry.name()), Path::key(now)]),
        })
    }
}

/// Whether two names differ in letter case at most.
fn same_letters(one: &str, two: &str) -> bool {
    if one.is_ascii() && two.is_ascii() {
        return one.eq_ignore_ascii_case(two);
    }
    one.to_lowercase() == two.to_lowercase()
}

/// The characters of `name` as bits; several share one.
fn letters(name: &str) -> u64 {
    name.chars()
        .fold(0, |bits, c| bits | 1 << (u32::from(c) % 64))
}

/// Whether a template in `body` may ask for the key: `page.Title`, `page["Title"]`, `$Title`.
fn is_named(body: &str, key: &str) -> bool {
    !key.is_empty()
        && body.match_indices(key).any(|(at, _)| {
            let before = body
                .get(..at)
                .unwrap_or("")
                .ends_with(['.', '"', '\'', '`', '$']);
            let after = body.get(at + key.len()..).unwrap_or("");
            before && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        })
}
