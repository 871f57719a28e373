//! What holds and where it comes from, for people.

use std::path::Path;

use super::file::{ADDED, Limits};
use super::paths::normal;
use super::resolve::Configs;
use super::size::Size;

/// One key of what holds for a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The key of the configuration.
    pub key: String,
    /// What holds.
    pub value: serde_yaml::Value,
    /// Where it comes from, for people.
    pub origin: String,
}

fn texts(texts: &[String]) -> serde_yaml::Value {
    texts
        .iter()
        .map(String::as_str)
        .map(serde_yaml::Value::from)
        .collect::<Vec<_>>()
        .into()
}

fn to_value(map: &impl serde::Serialize) -> serde_yaml::Value {
    serde_yaml::to_value(map).unwrap_or_default()
}

impl Configs {
    /// What holds for the content file at `path`, key by key, and where each value comes from.
    pub fn explain(&mut self, path: &Path) -> Vec<Explained> {
        let absolute = normal(&self.here.join(path));
        let folder = absolute.parent().unwrap_or(&absolute).to_owned();
        let loaded = self.for_folder(&folder);
        let holds = self.holds(&loaded, &absolute, path);
        let preset = self.preset(&loaded, &holds, &folder);
        let (selection, source_keys) = self.selection(&loaded, &holds, preset.clone());
        let mut explained = Vec::new();
        let mut add = |key: &str, value: serde_yaml::Value, flag: bool, default: &str| {
            let mut origins = loaded.origins.get(key).cloned().unwrap_or_default();
            if !ADDED.contains(&key) {
                origins.truncate(1);
            }
            for (number, _) in holds.iter().enumerate().filter(|(_, holds)| **holds) {
                let entry = loaded.file.overrides.iter().flatten().nth(number);
                if entry.is_some_and(|entry| entry.sets(key)) {
                    if !ADDED.contains(&key) {
                        origins.clear();
                    }
                    let entry = format!("entry {} of `overrides`", number + 1);
                    let place = loaded.override_origins.get(number);
                    origins.push(match place.and_then(|keys| keys.get(key)) {
                        Some(place) => format!("{place} ({entry})"),
                        None => entry,
                    });
                }
            }
            if flag {
                if !ADDED.contains(&key) {
                    origins.clear();
                }
                origins.push("the command line".to_owned());
            }
            if origins.is_empty() {
                origins.push(default.to_owned());
            }
            explained.push(Explained {
                key: key.to_owned(),
                value,
                origin: origins.join(", "),
            });
        };
        let flags = &self.flags;
        let detected = match preset.preset.as_str() {
            "generic" => "no generator was recognised".to_owned(),
            _ => format!("detected from {}", preset.markers.join(", ")),
        };
        add(
            "profile",
            selection.profile.as_str().into(),
            flags.profile.is_some(),
            "default",
        );
        add(
            "preset",
            preset.preset.as_str().into(),
            flags.preset.is_some(),
            &detected,
        );
        let select = match selection.select.as_slice() {
            [] => vec!["default".to_owned()],
            names => names.to_vec(),
        };
        add(
            "select",
            texts(&select),
            !flags.select.is_empty(),
            "default",
        );
        add(
            "ignore",
            texts(&selection.ignore),
            !flags.ignore.is_empty(),
            "default",
        );
        add("severity", to_value(&selection.severity), false, "default");
        add("options", to_value(&selection.options), false, "default");
        add("source-keys", texts(&source_keys), false, "default");
        let content = loaded.file.content.clone().unwrap_or_default();
        add(
            "content",
            texts(&content),
            false,
            "default: where the run is",
        );
        let exclude = loaded.file.exclude.clone().unwrap_or_default();
        add("exclude", texts(&exclude), false, "default");
        let limits = loaded.file.limits.unwrap_or_default();
        let engine = crate::engine::Limits::default();
        let limits = Limits {
            look_back: limits.look_back.or(Some(Size(engine.look_back))),
            longest_token: limits.longest_token.or(Some(Size(engine.longest_token))),
        };
        add("limits", to_value(&limits), false, "default");
        let packs = loaded.file.packs.clone().unwrap_or_default();
        add("packs", texts(&packs), false, "default");
        explained
    }
}
