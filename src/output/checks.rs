//! The reference of the named checks over front matter, as Markdown, from their options' types.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::checks::frontmatter::OPTIONS;
use crate::registry::Registry;

const HEAD: &str = "# Checks over front matter

Written by `copydesk rules --checks` from the types of the options; do not edit by hand.

A rule of your own names one of these in `check` and its options in `with`. `keys` are top-level keys, or paths such as
`image.src`; `*` stands for every key where a check looks at values, and the items of a list are looked at, too. Where a
check has fixes, `fix: check` offers them, and `safety` is how safe they are at most.

";

/// The reference of every check over front matter, with its options and a rule that uses it.
pub fn checks_reference() -> String {
    let mut out = String::from(HEAD);
    for (name, _) in OPTIONS {
        let _ = writeln!(out, "- [{name}](#{name})");
    }
    for (name, schema) in OPTIONS {
        let schema = schema().to_value();
        let _ = writeln!(out, "\n## {name}\n\n{}", text(&schema, "description"));
        options(&mut out, &schema);
        let rules: Vec<String> = Registry::documented()
            .rules()
            .iter()
            .filter(|entry| entry.rule.check.as_deref() == Some(*name))
            .map(|entry| format!("[{0}](rules.md#{0})", entry.id))
            .collect();
        if !rules.is_empty() {
            let _ = writeln!(out, "\nUsed by {}.", rules.join(", "));
        }
    }
    out
}

fn options(out: &mut String, schema: &Value) {
    let empty = Map::new();
    let properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    if properties.is_empty() {
        out.push_str("\nIt has no options.\n");
        return;
    }
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    out.push_str("\n| option | value | meaning |\n|---|---|---|\n");
    for (option, property) in properties {
        let must = match required.contains(&option.as_str()) {
            true => ", required",
            false => "",
        };
        let _ = writeln!(
            out,
            "| `{option}` | {}{must} | {} |",
            kind(property, schema),
            text(property, "description").replace('|', "\\|")
        );
    }
}

/// What a value has to be, in words.
fn kind(property: &Value, root: &Value) -> String {
    if let Some(name) = property.get("$ref").and_then(Value::as_str) {
        let name = name.rsplit('/').next().unwrap_or(name);
        return match root.get("$defs").and_then(|defs| defs.get(name)) {
            Some(definition) => kind(definition, root),
            None => name.to_owned(),
        };
    }
    if let Some(variants) = any(property, &["anyOf", "oneOf"]) {
        let mut names: Vec<String> = variants
            .iter()
            .filter(|variant| variant.get("type").and_then(Value::as_str) != Some("null"))
            .map(|variant| kind(variant, root))
            .collect();
        names.dedup();
        return names.join(", ");
    }
    if let Some(one) = property.get("const") {
        return format!("`{}`", plain(one));
    }
    if let Some(values) = property.get("enum").and_then(Value::as_array) {
        let names: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", plain(value)))
            .collect();
        return names.join(", ");
    }
    let of = |key: &str| {
        property
            .get(key)
            .filter(|inner| inner.is_object())
            .map(|inner| kind(inner, root))
    };
    match type_of(property) {
        "array" => match (of("items"), any(property, &["prefixItems"])) {
            (_, Some(parts)) => {
                let parts: Vec<String> = parts.iter().map(|part| kind(part, root)).collect();
                format!("a list of {}", parts.join(" and "))
            }
            (Some(item), None) if item == "a text" => "a list of texts".to_owned(),
            (Some(item), None) => format!("a list: {item}"),
            (None, None) => "a list".to_owned(),
        },
        "object" => match of("additionalProperties") {
            Some(value) if value == "a text" => "a mapping of names to texts".to_owned(),
            Some(value) => format!("a mapping of names to: {value}"),
            None => match property.get("properties").and_then(Value::as_object) {
                Some(fields) => {
                    let names: Vec<String> = fields.keys().map(|key| format!("`{key}`")).collect();
                    format!("a mapping with {}", names.join(", "))
                }
                None => "a mapping".to_owned(),
            },
        },
        "boolean" => "true or false".to_owned(),
        "integer" => "a whole number".to_owned(),
        "number" => "a number".to_owned(),
        "string" => "a text".to_owned(),
        other => other.to_owned(),
    }
}

fn any<'v>(property: &'v Value, keys: &[&str]) -> Option<&'v Vec<Value>> {
    keys.iter()
        .find_map(|key| property.get(key).and_then(Value::as_array))
}

/// The type, where `null` only says that the option may be left out.
fn type_of(property: &Value) -> &str {
    match property.get("type") {
        Some(Value::String(one)) => one,
        Some(Value::Array(several)) => several
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null")
            .unwrap_or("anything"),
        _ => "anything",
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text of `key`, on one line.
fn text(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .unwrap_or_default()
}
