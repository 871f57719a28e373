//! The files of the top-level `rules/` folder, embedded.

macro_rules! embed {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../", $path)))),*]
    };
}

/// Packs, in the order in which their rules are listed to users.
pub const PACKS: &[(&str, &str)] = embed![
    "rules/ads.yaml",
    "rules/paywall.yaml",
    "rules/lazyload.yaml",
    "rules/leftovers.yaml",
    "rules/limits.yaml",
    "rules/suppressions.yaml",
];

/// Presets; the first is the generic one.
pub const PRESETS: &[(&str, &str)] = embed!["rules/presets/generic.yaml",];
