//! `rename`: keys that have another name now, or are written in another case.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support;
use crate::document::Document;
use crate::finding::Safety;
use crate::frontmatter::{Entry, Path, Style, Tree};
use crate::rule::{
    Built, Claim, Context, DocumentCheck, OptionError, Options, Preset, Proposal, Report,
};

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

struct Rename {
    config: Config,
    /// The keys that are known, as the preset of the first document gives them: rules are compiled
    /// for one preset.
    names: OnceLock<Names>,
}

/// The names that are known, with what tells quickly that two names are not near.
struct Names {
    /// The preset whose keys they are.
    preset: String,
    all: Vec<Shape>,
    exact: FxHashSet<String>,
    /// The first of them that has these small letters.
    small: FxHashMap<String, usize>,
}

struct Shape {
    name: String,
    length: usize,
    letters: u64,
}

impl Names {
    fn new(preset: &Preset, also: &[String]) -> Self {
        let all: Vec<Shape> = preset
            .keys
            .keys()
            .chain(also)
            .map(|name| Shape {
                length: name.chars().count(),
                letters: letters(name),
                name: name.clone(),
            })
            .collect();
        let mut small = FxHashMap::default();
        for (place, shape) in all.iter().enumerate() {
            small.entry(shape.name.to_lowercase()).or_insert(place);
        }
        Self {
            preset: preset.preset.clone(),
            exact: all.iter().map(|shape| shape.name.clone()).collect(),
            all,
            small,
        }
    }

    fn fits(&self, preset: &Preset) -> bool {
        self.preset == preset.preset
    }

    /// The first name that differs from `name` in nothing but letter case.
    fn by_case(&self, name: &str) -> Option<&str> {
        let place = self.small.get(name.to_lowercase().as_str())?;
        self.all.get(*place).map(|shape| shape.name.as_str())
    }
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    support::document(Rename {
        config: options.parse()?,
        names: OnceLock::new(),
    })
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
        let nothing_known = self.config.known == Known::None
            || context.preset.keys.is_empty() && self.config.also.is_empty();
        if nothing_known && self.config.keys.is_empty() {
            return;
        }
        let own;
        let names = self.names(context.preset);
        let names = if names.fits(context.preset) {
            names
        } else {
            own = Names::new(context.preset, &self.config.also);
            &own
        };
        let document = context.document;
        for entry in tree.root().entries() {
            let name = entry.name();
            if let Some(now) = self.config.keys.get(name) {
                reports.push(self.report(
                    document,
                    tree,
                    entry,
                    now,
                    format!("`{name}` is an old name of `{now}`"),
                ));
                continue;
            }
            if nothing_known || names.exact.contains(name) || name.is_empty() {
                continue;
            }
            let near = self.near(name, names);
            match (self.config.known, near) {
                (Known::Unknown, None) => {
                    let title = &context.preset.title;
                    reports.push(
                        Report::at(entry.key.span)
                            .message(format!("{title} does not know the key `{name}`")),
                    );
                }
                (_, Some(now)) if self.config.known == Known::Case => reports.push(self.report(
                    document,
                    tree,
                    entry,
                    now,
                    format!("the key is written `{name}`, and has to be `{now}`"),
                )),
                (_, Some(now)) => reports.push(self.report(
                    document,
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
    fn names(&self, preset: &Preset) -> &Names {
        self.names
            .get_or_init(|| Names::new(preset, &self.config.also))
    }

    /// The one of `names` that was probably meant by `name`, in the sense of the rule.
    fn near<'k>(&self, name: &str, names: &'k Names) -> Option<&'k str> {
        match self.config.known {
            Known::None => None,
            Known::Case => names.by_case(name),
            Known::Misspelt | Known::Unknown => {
                let length = name.chars().count();
                if length <= 4 || names.by_case(name).is_some() {
                    return None;
                }
                let letters = letters(name);
                // `layouts` and `publish` are keys of their own to themes and other tools.
                let plural = |key: &str| key.starts_with(name) || name.starts_with(key);
                let mut best: Option<(usize, &str)> = None;
                for known in &names.all {
                    if known.length <= 4 {
                        continue;
                    }
                    let limit = if known.length > 7 { 2 } else { 1 };
                    // One slip adds or takes one letter at most, or does both: far fewer keys are
                    // that near than have to be measured letter by letter.
                    if known.length.abs_diff(length) > limit
                        || (known.letters ^ letters).count_ones() as usize > 2 * limit
                        || plural(&known.name)
                    {
                        continue;
                    }
                    let distance = strsim::osa_distance(name, &known.name);
                    if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
                        best = Some((distance, &known.name));
                    }
                }
                best.map(|(_, key)| key)
            }
        }
    }

    fn report(
        &self,
        document: &Document,
        tree: &Tree,
        entry: &Entry,
        now: &str,
        message: String,
    ) -> Report {
        let report = Report::at(entry.key.span).message(message);
        if tree.root().entry(now).is_some() {
            return report.propose(Proposal::Withheld(format!("`{now}` is there already")));
        }
        let body = document
            .text()
            .and_then(|text| text.get(document.body().start..))
            .unwrap_or("");
        if is_named(body, entry.name()) {
            return report.propose(Proposal::Withheld(format!(
                "the page's text uses `{}`, too",
                entry.name()
            )));
        }
        let in_flow = tree.root().style == Style::Flow;
        report.propose(Proposal::Edits {
            title: format!("Rename it to `{now}`"),
            safety: self.config.safety,
            edits: vec![tree.rename_key(entry, now, in_flow)],
            claim: Claim::Data(vec![Path::key(entry.name()), Path::key(now)]),
        })
    }
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
