//! What holds and where it comes from, and what does not fit, for people.

use std::path::Path;

use serde_yaml::Value;

use super::file::{ADDED, Limits};
use super::load::Loaded;
use super::paths::normal;
use super::problem::{Kind, finding};
use super::resolve::Configs;
use super::size::Size;
use crate::finding::Finding;
use crate::registry::{closest, slip_in_words};
use crate::source::Span;

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

/// What is wrong with the options of `rule`, which stand at `span` in the layer at `path`.
pub(super) fn misfit(
    loaded: &Loaded,
    path: &[String],
    rule: &str,
    message: &str,
    span: Span,
) -> Finding {
    let mut words = message.split('`').skip(1).step_by(2);
    if let (true, Some(unknown)) = (message.starts_with("unknown field"), words.next()) {
        let known: Vec<&str> = words.collect();
        let mut key: Vec<&str> = path.iter().map(String::as_str).collect();
        key.extend(["options", rule, unknown]);
        let help = match closest(unknown, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("It has {}.", known.join(", ")),
        };
        let message = format!("`{rule}` has no option called `{unknown}`");
        return finding(Kind::UnknownKey, loaded.places.key(&key), message, help);
    }
    let (words, help) = slip_in_words(message);
    let options = format!("`copydesk explain {rule}` shows the options the rule has.");
    let help = help.map_or(options.clone(), |help| format!("{help} {options}"));
    // The message does not name the option; where only one has such a value, it is that.
    if let Some(key) = of_kind(loaded, path, rule, message) {
        let mut at: Vec<&str> = path.iter().map(String::as_str).collect();
        at.extend(["options", rule, key]);
        let span = loaded.places.key(&at);
        let words = words.replacen("it is", &format!("`{key}` is"), 1);
        let message = format!("the options of `{rule}` do not fit: {words}");
        return finding(Kind::InvalidValue, span, message, help);
    }
    let message = format!("the options of `{rule}` do not fit: {words}");
    finding(Kind::InvalidValue, span, message, help)
}

/// The only option in the layer at `path` that has a value of the kind which `message` is about.
fn of_kind<'a>(loaded: &'a Loaded, path: &[String], rule: &str, message: &str) -> Option<&'a str> {
    let found = message.strip_prefix("invalid type: ")?;
    let (found, _) = found.split_once(", expected ")?;
    let options = match path {
        [_, number] => {
            let number: usize = number.parse().ok()?;
            let entry = loaded.file.overrides.as_ref()?.get(number)?;
            entry.options.as_ref()?
        }
        _ => loaded.file.options.as_ref()?,
    };
    let is_it = |value: &Value| match value {
        Value::Null => found.starts_with("unit"),
        Value::Bool(value) => found == format!("boolean `{value}`"),
        Value::Number(value) => found.ends_with(&format!(" `{value}`")),
        Value::String(value) => found == format!("string {value:?}"),
        Value::Sequence(_) => found == "sequence",
        Value::Mapping(_) => found == "map",
        Value::Tagged(_) => false,
    };
    let mut keys = options
        .get(rule)?
        .as_mapping()?
        .iter()
        .filter(|(_, value)| is_it(value));
    let (key, _) = keys.next()?;
    keys.next().is_none().then_some(key.as_str()?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::config::{Configs, Flags, Origin, Resolved};

    #[test]
    fn an_option_of_the_wrong_kind_is_told_at_its_place() {
        let root = tempfile::tempdir().unwrap();
        let config = "options:\n  required-key: { keys: 标题 }\n";
        let path = root.path().join("copydesk.yaml");
        fs::write(&path, config).unwrap();
        let mut configs =
            Configs::new(Flags::default(), Origin::File(path), root.path().to_owned());
        assert!(matches!(configs.resolve("a.md".as_ref()), Resolved::Broken));
        let problems = configs.problems();
        let finding = &problems[0].findings[0];
        assert_eq!(
            finding.message,
            "The options of `required-key` do not fit: `keys` is the text `标题`, where another kind of value is wanted"
        );
        assert!(finding.help.starts_with("Write a list, as in `[a, b]`."));
        assert_eq!(finding.span.text(config), "keys");
    }
}
