//! The JSON Schemas of what users write and programs read, from the types themselves.

use schemars::{Schema, schema_for};

use super::json::Record;
use crate::config::File;
use crate::rule::{Pack, Preset};

/// The schema of `copydesk.yaml`.
pub fn config() -> Schema {
    schema_for!(File)
}

/// The schema of a pack of rules.
pub fn pack() -> Schema {
    schema_for!(Pack)
}

/// The schema of a preset.
pub fn preset() -> Schema {
    schema_for!(Preset)
}

/// The schema of what `--format json` prints; a line of `jsonl` is one of its items.
pub fn output() -> Schema {
    schema_for!(Vec<Record<'static>>)
}
