//! The files of the top-level `rules/` folder, embedded by the build script `embed.rs`.

use serde::Deserialize;

use crate::rule::{Pack, Preset};

mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// Path and YAML of each pack.
pub const PACKS: &[(&str, &str)] = texts::PACKS;

/// Path and YAML of each preset.
pub const PRESETS: &[(&str, &str)] = texts::PRESETS;

/// The same packs, with their paths, and presets; without examples and sources.
#[derive(Deserialize)]
pub struct Compact {
    pub packs: Vec<(String, Pack)>,
    pub presets: Vec<Preset>,
}

impl Compact {
    /// Reads what the build script wrote.
    pub fn read() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/rules.json")))
    }
}
