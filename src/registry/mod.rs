//! Packs and the table of checks, made into rules that run: loading, selection, presets.

mod builtin;
mod load;
mod ruleset;
mod select;

use std::sync::{Arc, LazyLock};

use crate::rule::{Preset, Rule};

pub use load::{PackProblem, Source};
pub use ruleset::{CompiledRule, Kind, Ruleset};
pub use select::{NameKind, Selection, SelectionProblem};

/// A rule and where it comes from.
#[derive(Debug)]
pub struct RuleEntry {
    /// The rule as written.
    pub rule: Rule,
    /// Its id.
    pub id: Arc<str>,
    /// The group of its pack.
    pub group: Arc<str>,
    /// The pack's path as it is printed; for built-in packs, the path under `rules/`.
    pub pack: Arc<str>,
}

/// Every rule and preset there is to choose from.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    rules: Vec<Arc<RuleEntry>>,
    presets: Vec<Arc<Preset>>,
}

static BUILTIN: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::default();
    for (path, text) in builtin::PACKS {
        let added = registry.add_pack(Source { path, text });
        debug_assert!(added.is_ok(), "{path}: {added:?}");
    }
    for (path, text) in builtin::PRESETS {
        let added = registry.add_preset(Source { path, text });
        debug_assert!(added.is_ok(), "{path}: {added:?}");
    }
    registry
});

impl Registry {
    /// The rules and presets that ship with the tool.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The rules, in the order of the packs and within them.
    pub fn rules(&self) -> &[Arc<RuleEntry>] {
        &self.rules
    }

    /// The rule of this id, or the one that took its place.
    pub fn rule(&self, id: &str) -> Option<&Arc<RuleEntry>> {
        self.rules
            .iter()
            .find(|entry| &*entry.id == id)
            .or_else(|| {
                self.rules
                    .iter()
                    .find(|entry| entry.rule.redirects.iter().any(|old| old == id))
            })
    }

    /// The names of the groups, each once, in the order of the packs.
    pub fn groups(&self) -> Vec<Arc<str>> {
        let mut groups: Vec<Arc<str>> = Vec::new();
        for entry in &self.rules {
            if !groups.contains(&entry.group) {
                groups.push(entry.group.clone());
            }
        }
        groups
    }

    /// The presets.
    pub fn presets(&self) -> &[Arc<Preset>] {
        &self.presets
    }

    /// The preset of this name.
    pub fn preset(&self, name: &str) -> Option<&Arc<Preset>> {
        self.presets.iter().find(|preset| preset.preset == name)
    }

    /// The rule id or group name that `name` was probably meant to be.
    pub fn suggest(&self, name: &str) -> Option<Arc<str>> {
        let names = self
            .rules
            .iter()
            .map(|entry| entry.id.clone())
            .chain(self.groups());
        closest(name, names)
    }
}

/// The one of `names` that differs from `word` by few letters.
pub fn closest<S: AsRef<str>>(word: &str, names: impl IntoIterator<Item = S>) -> Option<S> {
    let limit = (word.chars().count() / 3).clamp(1, 4);
    names
        .into_iter()
        .map(|name| (strsim::osa_distance(word, name.as_ref()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_file_loads() {
        let mut registry = Registry::default();
        for (path, text) in builtin::PACKS {
            registry
                .add_pack(Source { path, text })
                .unwrap_or_else(|problems| panic!("{problems:#?}"));
        }
        for (path, text) in builtin::PRESETS {
            registry
                .add_preset(Source { path, text })
                .unwrap_or_else(|problems| panic!("{problems:#?}"));
        }
        assert!(registry.preset("generic").is_some());
    }

    #[test]
    fn every_file_under_rules_ships() {
        let shipped: Vec<&str> = builtin::PACKS
            .iter()
            .chain(builtin::PRESETS)
            .map(|(path, _)| *path)
            .collect();
        for folder in ["rules", "rules/presets"] {
            let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
            for file in std::fs::read_dir(root.join(folder)).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                if name.ends_with(".yaml") {
                    let path = format!("{folder}/{name}");
                    assert!(
                        shipped.contains(&path.as_str()),
                        "{path} is not in src/registry/builtin.rs"
                    );
                }
            }
        }
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        assert_eq!(closest("tilte", ["title", "tags"]), Some("title"));
        assert_eq!(closest("banana", ["title", "tags"]), None);
    }
}
