use std::path::Path;
use std::sync::Arc;

use crate::registry::Registry;
use crate::rule::Preset;

/// The preset whose markers lie in `folder`: the one with the most of them, the first of the
/// registry where two have as many.
pub fn detect_preset(registry: &Registry, folder: &Path) -> Option<Arc<Preset>> {
    let mut best: Option<(usize, &Arc<Preset>)> = None;
    for preset in registry.presets() {
        let count = preset
            .markers
            .iter()
            .filter(|marker| folder.join(marker.as_str()).exists())
            .count();
        if count > best.map_or(0, |(most, _)| most) {
            best = Some((count, preset));
        }
    }
    best.map(|(_, preset)| preset.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Source;

    #[test]
    fn the_preset_with_the_most_markers_is_taken() {
        let mut registry = Registry::default();
        for (name, markers) in [("one", "[site.yml]"), ("two", "[site.yml, kit/]")] {
            let text = format!("preset: {name}\ntitle: {name}\nsources: []\nmarkers: {markers}\n");
            registry
                .add_preset(Source {
                    path: "p.yaml",
                    text: &text,
                })
                .unwrap();
        }
        let root = tempfile::tempdir().unwrap();
        let found = |registry| detect_preset(registry, root.path()).map(|it| it.preset.clone());
        assert_eq!(found(&registry), None);
        std::fs::write(root.path().join("site.yml"), "").unwrap();
        assert_eq!(found(&registry).as_deref(), Some("one"));
        std::fs::create_dir(root.path().join("kit")).unwrap();
        assert_eq!(found(&registry).as_deref(), Some("two"));
    }
}
