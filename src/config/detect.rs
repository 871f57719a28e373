use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use crate::registry::Registry;
use crate::rule::Preset;

/// A site generator whose folder was recognised.
#[derive(Debug, Clone, PartialEq)]
pub struct Generator {
    /// Its name for people.
    pub title: String,
    /// What of it was found.
    pub markers: Vec<String>,
    /// Its preset, where there is one.
    pub preset: Option<Arc<Preset>>,
    /// Where its content lies, as far as these folders are there.
    pub content: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Data {
    generators: Vec<Entry>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Entry {
    preset: Option<String>,
    title: String,
    markers: Vec<Marker>,
    content: Vec<String>,
    #[serde(rename = "sources")]
    _sources: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Marker {
    Path(String),
    Word { file: String, contains: String },
}

const DATA: &str = include_str!("../../rules/config/generators.yaml");

static GENERATORS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let data: Result<Data, _> = serde_yaml::from_str(DATA);
    debug_assert!(data.is_ok());
    data.unwrap_or_default().generators
});

/// A word is looked for in so much of a file.
const READ: u64 = 64 << 10;

impl Marker {
    /// What of it is in `folder`.
    fn found(&self, folder: &Path) -> Option<String> {
        match self {
            Self::Path(path) => folder.join(path).exists().then(|| path.clone()),
            Self::Word { file, contains } => {
                let mut start = Vec::new();
                let opened = File::open(folder.join(file)).ok()?;
                opened.take(READ).read_to_end(&mut start).ok()?;
                String::from_utf8_lossy(&start)
                    .contains(contains)
                    .then(|| file.clone())
            }
        }
    }
}

/// How much is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thorough {
    /// Every generator.
    Always,
    /// First those that have a preset; the others only where one of these seems to be there. Enough
    /// to tell the preset, and quick in each of thousands of folders.
    IfLikely,
}

/// The generator whose folder `folder` is: the one with the most markers, one with a preset where two
/// have as many, then the first of the registry.
pub fn detect_generator(
    registry: &Registry,
    folder: &Path,
    thorough: Thorough,
) -> Option<Generator> {
    let mut best = by_preset(registry, folder);
    if best.is_none() && thorough == Thorough::IfLikely {
        return None;
    }
    for entry in GENERATORS.iter() {
        let markers: Vec<String> = entry
            .markers
            .iter()
            .filter_map(|marker| marker.found(folder))
            .collect();
        let most = best.as_ref().map_or(0, |best| best.markers.len());
        // With a preset of the user's own for it, the preset is better.
        let has_preset = registry
            .presets()
            .iter()
            .any(|preset| preset.title == entry.title);
        if markers.len() > most && !has_preset {
            best = Some(Generator {
                title: entry.title.clone(),
                markers,
                preset: None,
                content: Vec::new(),
            });
        }
    }
    let mut best = best?;
    let entry = GENERATORS.iter().find(|entry| match &best.preset {
        Some(preset) => {
            entry.preset.as_deref() == Some(&*preset.preset) || entry.title == preset.title
        }
        None => entry.title == best.title,
    });
    let is_there = |path: &&String| fs::metadata(folder.join(path)).is_ok_and(|it| it.is_dir());
    let content = entry.into_iter().flat_map(|entry| &entry.content);
    best.content = content.filter(is_there).cloned().collect();
    Some(best)
}

fn by_preset(registry: &Registry, folder: &Path) -> Option<Generator> {
    let mut best: Option<(Vec<String>, &Arc<Preset>)> = None;
    for preset in registry.presets() {
        let markers: Vec<String> = preset
            .markers
            .iter()
            .filter(|marker| folder.join(marker.as_str()).exists())
            .cloned()
            .collect();
        if markers.len() > best.as_ref().map_or(0, |(most, _)| most.len()) {
            best = Some((markers, preset));
        }
    }
    best.map(|(markers, preset)| Generator {
        title: preset.title.clone(),
        markers,
        preset: Some(preset.clone()),
        content: Vec::new(),
    })
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
        let found = |registry| {
            let found = detect_generator(registry, root.path(), Thorough::IfLikely)?;
            Some(found.preset?.preset.clone())
        };
        assert_eq!(found(&registry), None);
        std::fs::write(root.path().join("site.yml"), "").unwrap();
        assert_eq!(found(&registry).as_deref(), Some("one"));
        std::fs::create_dir(root.path().join("kit")).unwrap();
        assert_eq!(found(&registry).as_deref(), Some("two"));
    }

    /// The folder of each generator as its own starter makes it.
    #[test]
    fn every_generator_is_known_by_its_folder() {
        for (title, files, content) in [
            (
                "Jekyll",
                &[("_config.yml", "title: x\n"), ("_posts/a.md", "")][..],
                &[][..],
            ),
            (
                "Hugo",
                &[
                    ("hugo.toml", ""),
                    ("content/a.md", ""),
                    ("archetypes/default.md", ""),
                ],
                &["content"],
            ),
            (
                "Hugo",
                &[("config.toml", "baseURL = \"/\"\n"), ("content/a.md", "")],
                &["content"],
            ),
            (
                "Hexo",
                &[
                    ("_config.yml", "title: x\nnew_post_name: :title.md\n"),
                    ("package.json", "{\"dependencies\": {\"hexo\": \"^7\"}}"),
                    ("scaffolds/post.md", ""),
                    ("source/_posts/a.md", ""),
                ],
                &["source"],
            ),
            (
                "Zola",
                &[
                    ("config.toml", "base_url = \"/\"\n"),
                    ("content/_index.md", ""),
                    ("templates/index.html", ""),
                ],
                &["content"],
            ),
            (
                "Astro",
                &[("astro.config.mjs", ""), ("src/content/blog/a.md", "")],
                &["src/content"],
            ),
            (
                "Docusaurus",
                &[
                    ("docusaurus.config.ts", ""),
                    ("docs/a.md", ""),
                    ("blog/b.mdx", ""),
                ],
                &["docs", "blog"],
            ),
            (
                "Eleventy",
                &[
                    (
                        "package.json",
                        "{\"devDependencies\": {\"@11ty/eleventy\": \"3\"}}",
                    ),
                    ("a.md", ""),
                ],
                &[],
            ),
            (
                "Obsidian",
                &[(".obsidian/app.json", "{}"), ("a.md", "")],
                &[],
            ),
            (
                "MkDocs",
                &[("mkdocs.yml", "site_name: x\n"), ("docs/a.md", "")],
                &["docs"],
            ),
        ] {
            let root = tempfile::tempdir().unwrap();
            for (path, text) in files {
                let path = root.path().join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            let detect = |how| detect_generator(Registry::builtin(), root.path(), how);
            let found = detect(Thorough::Always).unwrap();
            assert_eq!(found.title, title);
            assert_eq!(found.content, content, "{title}");
            assert!(!found.markers.is_empty());
            let preset = detect(Thorough::IfLikely).and_then(|it| it.preset);
            assert_eq!(preset, found.preset, "{title}");
        }
        let empty = tempfile::tempdir().unwrap();
        let detect = |how| detect_generator(Registry::builtin(), empty.path(), how);
        assert_eq!(detect(Thorough::Always), None);
    }
}
