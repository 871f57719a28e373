//! `pattern`: texts that have to match a regular expression, or must not.

use regex::Regex;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::pattern::Pattern;
use super::select::{Found, Keys, Place};
use super::support::{dialect, document, is_template_in, pattern, trimmed};
use crate::finding::Safety;
use crate::frontmatter::{Scalar, Style, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::Span;

/// Texts that have to match a regular expression, or must not.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The keys whose texts are looked at.
    keys: Keys,
    /// The text has to match this.
    #[serde(default)]
    require: Option<String>,
    /// No part of the text may match this.
    #[serde(default)]
    forbid: Option<String>,
    /// Parts that may stand though `forbid` matches them.
    #[serde(default)]
    allow: Option<String>,
    /// What the forbidden parts become; `$1` is the first group.
    #[serde(default)]
    replace: Option<String>,
    /// What the forbidden parts become, one by one: `[[from, to], …]`, in place of `replace`.
    #[serde(default)]
    pairs: Vec<(String, String)>,
    /// What is wrong; `{key}` is the key and `{found}` the forbidden part.
    #[serde(default)]
    message: Option<String>,
}

struct TextPattern {
    config: Config,
    require: Option<Pattern>,
    forbid: Option<Pattern>,
    allow: Option<Pattern>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let compile = |name: &str, option: &Option<String>| match option {
        Some(text) => pattern(options, name, text).map(Some),
        None => Ok(None),
    };
    let mut forbid = compile("forbid", &config.forbid)?;
    if forbid.is_none() && !config.pairs.is_empty() {
        let parts: Vec<String> = config
            .pairs
            .iter()
            .map(|(from, _)| regex::escape(from))
            .collect();
        let any = pattern(options, "pairs", &parts.join("|"))?;
        let wide = config.pairs.iter().all(|(from, _)| !from.is_ascii());
        forbid = Some(if wide { any.wide() } else { any });
    }
    let require = compile("require", &config.require)?;
    if forbid.is_none() && require.is_none() {
        return Err(OptionError(
            "one of `require`, `forbid` and `pairs` has to be given".to_owned(),
        ));
    }
    document(TextPattern {
        require,
        forbid,
        allow: compile("allow", &config.allow)?,
        config,
    })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for TextPattern {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for found in self.config.keys.scalars(tree) {
            let text = match found.node.resolve(dialect(context)) {
                Some(Scalar::String(text)) => text,
                // A number or a date is looked at as it is written.
                Some(Scalar::Integer(_) | Scalar::Float(_) | Scalar::Timestamp(_)) => {
                    found.node.text().unwrap_or("")
                }
                _ => continue,
            };
            if is_template_in(tree, text) {
                continue;
            }
            if self
                .require
                .as_ref()
                .is_some_and(|require| !require.is_match(text))
            {
                let message = self.words(&found.name, text).unwrap_or_else(|| {
                    format!("`{}` does not have the form it has to have", found.name)
                });
                reports.push(Report::at(trimmed(found.node.span, found.node)).message(message));
            }
            if let Some(forbid) = self
                .forbid
                .as_ref()
                .and_then(|forbid| forbid.for_text(text))
            {
                reports.extend(self.forbidden(tree, &found, text, forbid));
            }
        }
    }
}

impl TextPattern {
    fn words(&self, key: &Place<'_>, found: &str) -> Option<String> {
        let words = self.config.message.as_ref()?;
        Some(
            words
                .replace("{key}", &key.to_string())
                .replace("{found}", found),
        )
    }

    fn forbidden(
        &self,
        tree: &Tree,
        found: &Found<'_>,
        text: &str,
        forbid: &Regex,
    ) -> Option<Report> {
        let hit = forbid
            .find_iter(text)
            .find(|hit| !self.allowed(text, hit.range()))?;
        let message = self
            .words(&found.name, hit.as_str())
            .unwrap_or_else(|| format!("`{}` has `{}` in it", found.name, hit.as_str()));
        let report = Report::at(place(tree, found, text, hit.range())).message(message);
        Some(match self.fixed(text, forbid) {
            None => report,
            Some(fixed) if fixed.trim().is_empty() => report.propose(Proposal::Withheld(
                "nothing would be left of the value".to_owned(),
            )),
            Some(fixed) => match tree.set_text(found.node, &fixed, found.in_flow) {
                Some(edit) => report.propose(Proposal::Edits {
                    title: format!("Correct `{}`", found.name),
                    safety: Safety::Safe,
                    edits: vec![edit],
                    claim: Claim::Data(vec![found.name.path()]),
                }),
                None => report.propose(Proposal::Withheld(
                    "the value is written over lines, and rewriting it would change more"
                        .to_owned(),
                )),
            },
        })
    }

    fn allowed(&self, text: &str, hit: std::ops::Range<usize>) -> bool {
        self.allow
            .as_ref()
            .and_then(|allow| allow.for_text(text))
            .is_some_and(|allow| {
                allow
                    .find_iter(text)
                    .any(|good| good.start() <= hit.start && hit.end <= good.end())
            })
    }

    fn fixed(&self, text: &str, forbid: &Regex) -> Option<String> {
        let replace = self.config.replace.as_deref();
        if replace.is_none() && self.config.pairs.is_empty() {
            return None;
        }
        let fixed = forbid.replace_all(text, |captures: &regex::Captures<'_>| {
            let whole = captures.get(0).map_or(0..0, |whole| whole.range());
            let hit = captures.get(0).map_or("", |whole| whole.as_str());
            if self.allowed(text, whole) {
                return hit.to_owned();
            }
            let mut out = String::new();
            match replace {
                Some(template) => captures.expand(template, &mut out),
                None => {
                    let pair = self.config.pairs.iter().find(|(from, _)| from == hit);
                    out.push_str(pair.map_or(hit, |(_, to)| to));
                }
            }
            out
        });
        (fixed != text).then(|| fixed.into_owned())
    }
}

/// The part of the file that holds `range` of the text, where the text stands there as it is.
fn place(tree: &Tree, found: &Found<'_>, text: &str, range: std::ops::Range<usize>) -> Span {
    let span = found.node.span;
    let lead = match found.node.style {
        Style::Plain => 0,
        Style::Single | Style::Double => 1,
        _ => return trimmed(span, found.node),
    };
    let inner = Span::new(span.start + lead, span.end.saturating_sub(lead));
    if tree.source(inner) == text && !range.is_empty() {
        Span::new(inner.start + range.start, inner.start + range.end)
    } else {
        span
    }
}
