//! Packs and the table of checks, made into rules that run: loading, selection, presets.

mod builtin;
mod load;
mod pack_source;
mod ruleset;
mod select;
mod slip;
mod yaml_slip;

use std::sync::{Arc, LazyLock};

use crate::rule::{Marks, Preset, Rule};

pub use pack_source::{PackProblem, Source};
pub use ruleset::{CompiledRule, Kind, Ruleset};
pub use select::{NameKind, Selection, SelectionProblem};
pub use slip::slip_in_words;
pub use yaml_slip::{YamlSlip, word, yaml_slip};

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
    /// Whether it ships with the tool.
    pub built_in: bool,
}

/// Every rule and preset there is to choose from.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    rules: Vec<Arc<RuleEntry>>,
    presets: Vec<Arc<Preset>>,
    marks: Marks,
}

static BUILTIN: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::default();
    // The build script reads every file that ships, and a test holds what is read here against them.
    if let Ok(compact) = builtin::Compact::read() {
        for (path, pack) in compact.packs {
            registry.insert_pack(&path, pack, true);
        }
        for preset in compact.presets {
            registry.insert_preset(preset);
        }
    }
    registry
});

static DOCUMENTED: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::default();
    for (path, text) in builtin::PACKS {
        let added = registry.add_pack(Source { path, text });
        debug_assert!(added.is_ok(), "{added:?}");
    }
    for (path, text) in builtin::PRESETS {
        let added = registry.add_preset(Source { path, text });
        debug_assert!(added.is_ok(), "{added:?}");
    }
    registry
});

impl Registry {
    /// The rules and presets that ship with the tool, without the examples and sources of the
    /// rules: what a run needs.
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The same with examples and sources: what explains and tests rules. Reading it takes some
    /// milliseconds more.
    pub fn documented() -> &'static Self {
        &DOCUMENTED
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

    /// The comments that programs read, as all packs name them.
    pub fn marks(&self) -> &Marks {
        &self.marks
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
            let added = registry.add_pack(Source { path, text });
            added.unwrap_or_else(|problems| panic!("{problems:#?}"));
        }
        for (path, text) in builtin::PRESETS {
            let added = registry.add_preset(Source { path, text });
            added.unwrap_or_else(|problems| panic!("{problems:#?}"));
        }
        assert!(registry.preset("generic").is_some());
    }

    #[test]
    fn what_runs_is_what_is_written() {
        let describe = |registry: &Registry| {
            let mut rules = Vec::new();
            for entry in registry.rules() {
                let mut rule = entry.rule.clone();
                rule.examples.clear();
                rule.sources.clear();
                rules.push(format!("{} {} {rule:?}", entry.pack, entry.group));
            }
            (rules, registry.presets().to_vec(), registry.marks().clone())
        };
        assert_eq!(
            describe(Registry::builtin()),
            describe(Registry::documented())
        );
    }

    #[test]
    fn ids_and_groups_are_unique() {
        let documented = Registry::documented();
        let written: usize = builtin::PACKS
            .iter()
            .map(|(_, text)| text.matches("\n  - id: ").count())
            .sum();
        assert_eq!(documented.rules().len(), written, "an id stands twice");
        for entry in documented.rules() {
            assert!(
                !documented.groups().contains(&entry.id),
                "{} is a group too",
                entry.id
            );
        }
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        assert_eq!(closest("tilte", ["title", "tags"]), Some("title"));
        assert_eq!(closest("banana", ["title", "tags"]), None);
    }
}
