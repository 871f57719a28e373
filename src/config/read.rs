use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value};

use super::file::{File, Limits, Override};
use super::places::Places;
use super::problem::{Kind, finding};
use crate::finding::{Finding, Severity};
use crate::registry::{YamlSlip, closest, word, yaml_slip};
use crate::source::Span;

/// The keys of the file. `read_file` and this list are held together by a test.
pub const KEYS: &[&str] = &[
    "extends",
    "profile",
    "preset",
    "select",
    "ignore",
    "severity",
    "options",
    "source-keys",
    "content",
    "exclude",
    "limits",
    "packs",
    "overrides",
];

/// Keys that have a meaning elsewhere or are kept for later, and what to do instead.
const NOT_HERE: &[(&str, &str)] = &[
    (
        "filters",
        "Lists of filters are not read; write their rules as a pack, and name it under `packs`.",
    ),
    (
        "hosts",
        "Say it in the rules of a pack: each can have `hosts`.",
    ),
    (
        "baseline",
        "It is found by its name, `copydesk-baseline.json`; another one is given by `--baseline`.",
    ),
    (
        "rules",
        "Write `select`, `ignore`, `severity` or `options`.",
    ),
];

/// The keys of `limits`.
const LIMITS: &[&str] = &["look-back", "longest-token"];

/// The keys of an entry of `overrides`.
pub const OVERRIDE_KEYS: &[&str] = &[
    "paths",
    "profile",
    "preset",
    "select",
    "ignore",
    "severity",
    "options",
    "source-keys",
];

const SEVERITIES: &[&str] = &["error", "warning", "info"];
const PROFILES: &[&str] = &["own", "archive", "sanitize"];

/// Reads `text`. What is wrong is left out of the file and becomes a finding at its place.
pub fn read(text: &str) -> (File, Places, Vec<Finding>) {
    let mut reader = Reader {
        places: Places::new(text),
        findings: Vec::new(),
    };
    let file = match serde_yaml::from_str::<Value>(text) {
        Ok(Value::Null) => File::default(),
        Ok(Value::Mapping(map)) => reader.file(&map),
        Ok(other) => {
            reader.wrong(&[], "the file", "a mapping of settings", &other);
            File::default()
        }
        Err(error) => {
            reader.syntax(text, &error);
            File::default()
        }
    };
    (file, reader.places, reader.findings)
}

struct Reader {
    places: Places,
    findings: Vec<Finding>,
}

impl Reader {
    fn file(&mut self, map: &Mapping) -> File {
        self.unknown_keys(&[], map, KEYS);
        File {
            extends: self.list(&["extends"], map),
            profile: self.word(&["profile"], map, PROFILES),
            preset: self.text(&["preset"], map),
            select: self.list(&["select"], map),
            ignore: self.list(&["ignore"], map),
            severity: self.severities(&["severity"], map),
            options: self.options(&["options"], map),
            source_keys: self.list(&["source-keys"], map),
            content: self.list(&["content"], map),
            exclude: self.globs(&["exclude"], map),
            limits: self.limits(map),
            packs: self.list(&["packs"], map),
            overrides: self.overrides(map),
        }
    }

    fn overrides(&mut self, map: &Mapping) -> Option<Vec<Override>> {
        let value = map.get("overrides")?;
        let Value::Sequence(items) = value else {
            self.wrong(&["overrides"], "`overrides`", "a list", value);
            return None;
        };
        let mut overrides = Vec::new();
        for (number, item) in items.iter().enumerate() {
            let number = number.to_string();
            let at = |key| ["overrides", &number, key];
            let Value::Mapping(map) = item else {
                let path = ["overrides", number.as_str()];
                self.wrong(
                    &path,
                    "an entry of `overrides`",
                    "a mapping with `paths`",
                    item,
                );
                continue;
            };
            self.unknown_keys(&["overrides", &number], map, OVERRIDE_KEYS);
            let none = |paths: &Value| {
                paths.is_null() || paths.as_sequence().is_some_and(|paths| paths.is_empty())
            };
            if map.get("paths").is_none_or(none) {
                let span = self.places.value(&["overrides", &number]);
                self.add(
                    Kind::InvalidValue,
                    span,
                    "this entry of `overrides` does not say for which files it holds",
                    "Add `paths: [\"archive/**\"]`, or move the settings to the top of the file.",
                );
            }
            overrides.push(Override {
                paths: self.globs(&at("paths"), map).unwrap_or_default(),
                profile: self.word(&at("profile"), map, PROFILES),
                preset: self.text(&at("preset"), map),
                select: self.list(&at("select"), map),
                ignore: self.list(&at("ignore"), map),
                severity: self.severities(&at("severity"), map),
                options: self.options(&at("options"), map),
                source_keys: self.list(&at("source-keys"), map),
            });
        }
        Some(overrides)
    }

    fn unknown_keys(&mut self, path: &[&str], map: &Mapping, known: &[&str]) {
        for key in map.keys() {
            let name = match key {
                Value::String(name) => name.clone(),
                other => in_words(other),
            };
            if known.contains(&name.as_str()) {
                continue;
            }
            let mut path = path.to_vec();
            path.push(&name);
            let span = self.places.key(&path);
            let near = closest(&name, known.iter().copied())
                .or_else(|| closest(&name.replace('_', "-"), known.iter().copied()));
            let instead = NOT_HERE.iter().find(|(key, _)| *key == name);
            let help = match (instead, near) {
                (Some((_, help)), _) => (*help).to_owned(),
                (None, Some(near)) => format!("Did you mean `{near}`?"),
                (None, None) => format!("The keys here are {}.", listed(known)),
            };
            self.add(
                Kind::UnknownKey,
                span,
                format!("there is no setting called `{name}` here"),
                help,
            );
        }
    }

    fn text(&mut self, path: &[&str], map: &Mapping) -> Option<String> {
        let (name, value) = present(path, map)?;
        match value {
            Value::String(text) => Some(text.clone()),
            other => {
                self.wrong(path, &format!("`{name}`"), "text", other);
                None
            }
        }
    }

    /// One of a few words.
    fn word<T: DeserializeOwned>(
        &mut self,
        path: &[&str],
        map: &Mapping,
        words: &[&str],
    ) -> Option<T> {
        let (name, value) = present(path, map)?;
        self.one_of(path, &format!("`{name}`"), value, words)
    }

    fn one_of<T: DeserializeOwned>(
        &mut self,
        path: &[&str],
        name: &str,
        value: &Value,
        words: &[&str],
    ) -> Option<T> {
        if let Ok(word) = serde_yaml::from_value(value.clone()) {
            return Some(word);
        }
        let help = match value
            .as_str()
            .and_then(|text| closest(text, words.iter().copied()))
        {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("Write {}.", alternatives(words)),
        };
        let span = self.places.value(path);
        self.add(
            Kind::InvalidValue,
            span,
            format!("{name} cannot be {}", in_words(value)),
            help,
        );
        None
    }

    /// A list of texts; one text is a list of one.
    fn list(&mut self, path: &[&str], map: &Mapping) -> Option<Vec<String>> {
        let (name, value) = present(path, map)?;
        match value {
            Value::String(text) => Some(vec![text.clone()]),
            Value::Sequence(items) => {
                let mut texts = Vec::new();
                for (number, item) in items.iter().enumerate() {
                    match item {
                        Value::String(text) => texts.push(text.clone()),
                        other => {
                            let number = number.to_string();
                            let path = [path, &[number.as_str()]].concat();
                            self.wrong(&path, &format!("an item of `{name}`"), "text", other);
                        }
                    }
                }
                Some(texts)
            }
            other => {
                self.wrong(path, &format!("`{name}`"), "a list of texts", other);
                None
            }
        }
    }

    fn globs(&mut self, path: &[&str], map: &Mapping) -> Option<Vec<String>> {
        let mut globs = self.list(path, map)?;
        let mut number = 0;
        globs.retain(|glob| {
            let item = number.to_string();
            number += 1;
            let Err(error) = globset::Glob::new(glob) else {
                return true;
            };
            let inner = self.places.value(&[path, &[item.as_str()]].concat());
            let span = if inner.is_empty() {
                self.places.value(path)
            } else {
                inner
            };
            self.add(
                Kind::InvalidValue,
                span,
                format!("`{glob}` is not a pattern over paths: {}", error.kind()),
                "Use `*` within one part of a path and `**` across parts, as in `archive/**/*.md`.",
            );
            false
        });
        Some(globs)
    }

    fn severities(&mut self, path: &[&str], map: &Mapping) -> Option<BTreeMap<String, Severity>> {
        let inner = self.mapping(path, map, "rule ids or groups to severities")?;
        let mut severities = BTreeMap::new();
        for (name, value) in named(&inner) {
            let path = [path, &[name]].concat();
            let what = format!("the severity of `{name}`");
            if let Some(severity) = self.one_of(&path, &what, value, SEVERITIES) {
                severities.insert(name.to_owned(), severity);
            }
        }
        Some(severities)
    }

    fn limits(&mut self, map: &Mapping) -> Option<Limits> {
        let inner = self.mapping(&["limits"], map, "limits to sizes")?;
        self.unknown_keys(&["limits"], &inner, LIMITS);
        let mut size = |key| {
            let (_, value) = present(&["limits", key], &inner)?;
            let text = match value {
                Value::Number(number) => number.to_string(),
                Value::String(text) => text.clone(),
                _ => String::new(),
            };
            if let Ok(size) = text.parse() {
                return Some(size);
            }
            let span = self.places.value(&["limits", key]);
            let message = format!("`{key}` cannot be {}", in_words(value));
            let help = "Write a number of bytes above 0, as in `65536`, `512 KiB` or `1 MiB`.";
            self.add(Kind::InvalidValue, span, message, help);
            None
        };
        Some(Limits {
            look_back: size("look-back"),
            longest_token: size("longest-token"),
        })
    }

    fn options(&mut self, path: &[&str], map: &Mapping) -> Option<BTreeMap<String, Value>> {
        let inner = self.mapping(path, map, "rule ids to their options")?;
        let mut options = BTreeMap::new();
        for (name, value) in named(&inner) {
            if value.is_mapping() {
                options.insert(name.to_owned(), value.clone());
            } else {
                let path = [path, &[name]].concat();
                let what = format!("the options of `{name}`");
                self.wrong(&path, &what, "a mapping", value);
            }
        }
        Some(options)
    }

    fn mapping(&mut self, path: &[&str], map: &Mapping, of: &str) -> Option<Mapping> {
        let (name, value) = present(path, map)?;
        match value {
            Value::Mapping(inner) => Some(inner.clone()),
            other => {
                self.wrong(
                    path,
                    &format!("`{name}`"),
                    &format!("a mapping from {of}"),
                    other,
                );
                None
            }
        }
    }

    fn wrong(&mut self, path: &[&str], what: &str, wanted: &str, found: &Value) {
        let mut span = self.places.value(path);
        if span.is_empty() {
            span = self.places.key(path);
        }
        let message = format!("{what} must be {wanted}, and this is {}", in_words(found));
        let help = match wanted {
            "text" => "Put it in quotes, or take it out.".to_owned(),
            _ => format!("Write it as {wanted}, or take it out."),
        };
        self.add(Kind::InvalidValue, span, message, help);
    }

    fn syntax(&mut self, text: &str, error: &serde_yaml::Error) {
        let slip = yaml_slip(text, error).unwrap_or_else(|| YamlSlip {
            span: word(text, error.location().map_or(0, |place| place.index())),
            message: "the file is not valid YAML here".to_owned(),
            help: "Check indentation, quotes and brackets around this place.",
        });
        self.add(Kind::Syntax, slip.span, slip.message, slip.help);
    }

    fn add(&mut self, kind: Kind, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let help: String = help.into();
        self.findings.push(finding(kind, span, message, help));
    }
}

fn present<'a, 'b>(path: &[&'a str], map: &'b Mapping) -> Option<(&'a str, &'b Value)> {
    let name = path.last()?;
    match map.get(name)? {
        Value::Null => None,
        value => Some((name, value)),
    }
}

fn named(map: &Mapping) -> impl Iterator<Item = (&str, &Value)> {
    map.iter()
        .filter_map(|(key, value)| Some((key.as_str()?, value)))
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(value) => format!("the number {value}"),
        Value::String(value) => format!("`{value}`"),
        Value::Sequence(_) => "a list".to_owned(),
        Value::Mapping(_) => "a mapping".to_owned(),
        Value::Tagged(tagged) => format!("a value with the tag {}", tagged.tag),
    }
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn alternatives(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<(String, String, String)> {
        let (_, _, findings) = read(text);
        findings
            .into_iter()
            .map(|finding| {
                (
                    finding.span.text(text).to_owned(),
                    finding.message,
                    finding.help.to_string(),
                )
            })
            .collect()
    }

    fn only(text: &str, place: &str, message: &str, help: &str) {
        let found = problems(text);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].0, place, "{found:#?}");
        assert!(
            found[0].1.to_lowercase().contains(&message.to_lowercase()),
            "{found:#?}"
        );
        assert!(
            found[0].2.to_lowercase().contains(&help.to_lowercase()),
            "{found:#?}"
        );
    }

    #[test]
    fn a_good_file_is_read_as_serde_reads_it() {
        let text = "extends: [base.yaml]\nprofile: archive\npreset: jekyll\nselect: [default, layout]\nignore: ads\nseverity: {ads: info}\noptions: {empty-title: {keys: [title]}}\nsource-keys: [from]\ncontent: [posts]\nexclude: ['vendor/**']\nlimits: {look-back: 512 KiB, longest-token: 65536}\npacks: [house.yaml]\noverrides:\n  - paths: ['old/**']\n    profile: own\n    preset: hugo\n    select: [all]\n    ignore: [ads]\n    severity: {x: error}\n    options: {x: {}}\n    source-keys: [a]\n";
        let (file, _, findings) = read(text);
        assert_eq!(findings, []);
        let by_serde: File =
            serde_yaml::from_str(&text.replace("ignore: ads", "ignore: [ads]")).unwrap();
        assert_eq!(file, by_serde);
        // Every key is read: none of the fields is empty.
        assert!(file.packs.is_some() && file.exclude.is_some() && file.overrides.is_some());
        assert!(file.content.is_some());
        let limits = file.limits.unwrap();
        assert_eq!(limits.look_back.map(|size| size.0), Some(512 << 10));
        assert_eq!(limits.longest_token.map(|size| size.0), Some(65_536));
    }

    #[test]
    fn an_empty_file_and_empty_values_say_nothing() {
        assert_eq!(problems(""), []);
        assert_eq!(problems("# nothing yet\nselect:\n"), []);
    }

    #[test]
    fn unknown_keys_are_named_with_what_was_meant() {
        only(
            "selct: [ads]\n",
            "selct",
            "no setting called `selct`",
            "`select`",
        );
        only(
            "source_keys: [from]\n",
            "source_keys",
            "source_keys",
            "`source-keys`",
        );
        only(
            "colour: 1\n",
            "colour",
            "colour",
            "The keys here are `extends`",
        );
        only(
            "# 配置\noverrides:\n  - paths: [a]\n    profil: own\n",
            "profil",
            "profil",
            "`profile`",
        );
    }

    #[test]
    fn wrong_values_are_named_at_their_place() {
        only(
            "profile: archiv\n",
            "archiv",
            "`profile` cannot be `archiv`",
            "`archive`",
        );
        only(
            "profile: 3\n",
            "3",
            "the number 3",
            "`own`, `archive` or `sanitize`",
        );
        only("select: 12\n", "12", "a list of texts", "list");
        only("select: [ads, 12]\n", "12", "an item of `select`", "quotes");
        only("severity: {ads: warn}\n", "warn", "severity of `ads`", "");
        only("severity: loud\n", "loud", "a mapping", "mapping");
        only(
            "options: {empty-title: 3}\n",
            "3",
            "options of `empty-title`",
            "mapping",
        );
        only(
            "limits: {look-back: 1 MB}\n",
            "1 MB",
            "`look-back` cannot be `1 MB`",
            "1 MiB",
        );
        only(
            "limits: {lookback: 1}\n",
            "lookback",
            "lookback",
            "`look-back`",
        );
        only("filters: [a.txt]\n", "filters", "`filters`", "`packs`");
        only("exclude: ['a[']\n", "'a['", "not a pattern", "`**`");
        only(
            "overrides: {paths: [a]}\n",
            "{",
            "`overrides` must be a list",
            "list",
        );
        only("preset: [jekyll]\n", "[", "`preset` must be text", "quotes");
    }

    #[test]
    fn an_override_says_for_which_files_it_holds() {
        let found = problems("overrides:\n  - profile: own\n");
        assert_eq!(found.len(), 1);
        assert!(found[0].1.contains("for which files"));
    }

    #[test]
    fn several_problems_are_all_told() {
        assert_eq!(problems("selct: 1\nprofile: x\nexclude: {}\n").len(), 3);
    }

    #[test]
    fn broken_yaml_is_told_in_plain_words() {
        only(
            "select: [ads\nprofile: own\n",
            ":",
            "not valid YAML",
            "brackets",
        );
        only("preset: a: b\n", ":", "colon", "quotes");
        only("severity:\n\tads: info\n", "\t", "tab", "spaces");
        only(
            "select: [a]\npreset: x\nselect: [b]\n",
            "select",
            "twice",
            "one of the two",
        );
        only("- a\n", "", "a mapping of settings", "mapping");
    }
}
