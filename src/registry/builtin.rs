//! The files of the top-level `rules/` folder, embedded.

/// Packs, in the order in which their rules are listed to users.
pub const PACKS: &[(&str, &str)] = &[(
    "rules/suppressions.yaml",
    include_str!("../../rules/suppressions.yaml"),
)];

/// Presets; the first is the generic one.
pub const PRESETS: &[(&str, &str)] = &[(
    "rules/presets/generic.yaml",
    include_str!("../../rules/presets/generic.yaml"),
)];
