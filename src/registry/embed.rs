//! Build script: turns the packs and presets under `rules/` into one JSON text for the binary.
//!
//! Reading it at start-up costs a fraction of reading the YAML, and a pre-commit hook starts the
//! tool again and again. Examples and sources stay behind; what shows them reads the YAML.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Map, Value};

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src/registry/embed.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let packs = files(&root, "rules");
    let presets = files(&root, "rules/presets");

    let mut texts = String::from("pub const PACKS: &[(&str, &str)] = &[\n");
    texts.extend(packs.iter().map(|path| row(&root, path)));
    texts.push_str("];\npub const PRESETS: &[(&str, &str)] = &[\n");
    texts.extend(presets.iter().map(|path| row(&root, path)));
    texts.push_str("];\n");
    write(&out.join("texts.rs"), &texts);

    let mut compact = Map::new();
    compact.insert("packs".into(), all(&root, &packs, true));
    compact.insert("presets".into(), all(&root, &presets, false));
    write(&out.join("rules.json"), &Value::Object(compact).to_string());
}

/// The YAML files of `folder`, sorted by name.
fn files(root: &Path, folder: &str) -> Vec<String> {
    let entries =
        fs::read_dir(root.join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".yaml"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    names.sort();
    names
}

fn row(root: &Path, path: &str) -> String {
    format!("({path:?}, include_str!({:?})),\n", root.join(path))
}

fn all(root: &Path, paths: &[String], packs: bool) -> Value {
    let values = paths.iter().map(|path| {
        let text =
            fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut value: Value =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for rule in value
            .get_mut("rules")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(rule) = rule.as_object_mut() {
                rule.remove("examples");
                rule.remove("sources");
            }
        }
        if packs {
            Value::Array(vec![Value::String(path.clone()), value])
        } else {
            value
        }
    });
    Value::Array(values.collect())
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
