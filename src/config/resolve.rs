use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::FILE_NAME;
use super::detect::{Thorough, detect_generator};
use super::load::{Loaded, add_pack, pack_files};
use super::misfit::misfit;
use super::paths::normal;
use super::problem::Problems;
use crate::engine::{Limits, Settings};
use crate::registry::{NameKind, Registry, Selection, SelectionProblem, closest};
use crate::rule::{Preset, Profile};
use crate::source::Span;

/// What the command line lays over every configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// In place of the files' `select`, unless empty.
    pub select: Vec<String>,
    /// Beside the files' `ignore`.
    pub ignore: Vec<String>,
    /// In place of the files' `profile`.
    pub profile: Option<Profile>,
    /// In place of the files' `preset`.
    pub preset: Option<String>,
    /// The moment that rules about the future take for the present.
    pub now: Option<String>,
}

/// Which configuration files count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// For each content file the nearest one upward.
    #[default]
    Nearest,
    /// This one, for all.
    File(PathBuf),
    /// None.
    Isolated,
}

/// What the configuration says of one content file.
#[derive(Clone)]
pub enum Resolved {
    /// It is left alone: `exclude` names it.
    Excluded,
    /// It is looked at with these settings.
    Settings(Arc<Settings>),
    /// The configuration is broken; [`Configs::problems`] says where.
    Broken,
}

/// The configuration of a run: finds, reads and layers the files, each once.
pub struct Configs {
    pub(super) flags: Flags,
    origin: Origin,
    pub(super) here: PathBuf,
    by_folder: HashMap<PathBuf, Rc<Loaded>>,
    by_path: HashMap<PathBuf, Rc<Loaded>>,
    none: Option<Rc<Loaded>>,
    presets: HashMap<(usize, PathBuf), Option<Arc<Preset>>>,
    settings: HashMap<Key, Option<Arc<Settings>>>,
    problems: Vec<Problems>,
    usage: Vec<String>,
}

/// Files with the same key have the same settings: configuration file, overrides that hold, preset.
type Key = (PathBuf, Vec<bool>, String);

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Defaults {
    source_keys: Vec<String>,
    not_read: Vec<String>,
}

const DEFAULTS: &str = include_str!("../../rules/config/defaults.yaml");

static BUILT_IN: LazyLock<Defaults> = LazyLock::new(|| {
    let defaults: Result<Defaults, _> = serde_yaml::from_str(DEFAULTS);
    debug_assert!(defaults.is_ok());
    defaults.unwrap_or_default()
});

impl Configs {
    /// A configuration for files of and below the current folder `here` (absolute).
    pub fn new(flags: Flags, origin: Origin, here: PathBuf) -> Self {
        let mut configs = Self {
            flags,
            origin,
            here,
            by_folder: HashMap::new(),
            by_path: HashMap::new(),
            none: None,
            presets: HashMap::new(),
            settings: HashMap::new(),
            problems: Vec::new(),
            usage: Vec::new(),
        };
        if let Origin::File(path) = configs.origin.clone() {
            let loaded = configs.load(&path);
            configs.check_flags(&loaded.registry);
        }
        configs
    }

    /// What is wrong in the configuration files read so far, in the order of their paths.
    pub fn problems(&self) -> Vec<Problems> {
        let mut problems = self.problems.clone();
        problems.sort_by(|a, b| a.path.cmp(&b.path));
        problems.dedup();
        problems
    }

    /// What is wrong on the command line, in sentences.
    pub fn usage_errors(&self) -> &[String] {
        &self.usage
    }

    /// The settings for the content file at `path`.
    pub fn resolve(&mut self, path: &Path) -> Resolved {
        let absolute = normal(&self.here.join(path));
        let folder = absolute.parent().unwrap_or(&absolute).to_owned();
        let loaded = self.for_folder(&folder);
        let inner = self.inner(&loaded, &absolute, path);
        if loaded.exclude.is_match(&inner) {
            return Resolved::Excluded;
        }
        let holds = self.holds(&loaded, &absolute, path);
        let preset = self.preset(&loaded, &holds, &folder);
        let key = (loaded.path.clone(), holds, preset.preset.clone());
        if let Some(settings) = self.settings.get(&key) {
            return settings
                .clone()
                .map_or(Resolved::Broken, Resolved::Settings);
        }
        let settings = self.compile(&loaded, &key.1, preset);
        self.settings.insert(key, settings.clone());
        settings.map_or(Resolved::Broken, Resolved::Settings)
    }

    /// The folder of the configuration file that holds for `folder`, absolute; `folder` itself where
    /// there is none.
    pub fn root(&mut self, folder: &Path) -> PathBuf {
        let folder = normal(&self.here.join(folder));
        let loaded = self.for_folder(&folder);
        if loaded.path.as_os_str().is_empty() {
            folder
        } else {
            normal(&self.here.join(&loaded.root))
        }
    }

    /// The folders of content that the configuration for the current folder names, as far as they
    /// lie in or below it; none where it names none, or where the current folder is within one.
    pub fn content(&mut self) -> Vec<PathBuf> {
        let here = self.here.clone();
        let loaded = self.for_folder(&here);
        let folders = loaded.file.content.iter().flatten();
        let folders: Vec<PathBuf> = folders.map(|folder| normal(&here.join(folder))).collect();
        if folders.iter().any(|folder| here.starts_with(folder)) {
            return Vec::new();
        }
        folders
            .iter()
            .filter_map(|folder| Some(folder.strip_prefix(&here).ok()?.to_owned()))
            .collect()
    }

    /// How much a stream holds where the configuration for the content file at `path` counts.
    pub fn limits(&mut self, path: &Path) -> Limits {
        let absolute = normal(&self.here.join(path));
        let folder = absolute.parent().unwrap_or(&absolute).to_owned();
        let set = self.for_folder(&folder).file.limits.unwrap_or_default();
        let default = Limits::default();
        let look_back = set.look_back.map_or(default.look_back, |size| size.0);
        let longest = set
            .longest_token
            .map_or(default.longest_token, |size| size.0);
        Limits {
            window: default.window.min(look_back),
            look_back,
            longest_token: longest.max(look_back),
        }
    }

    /// The rules that the configuration for `folder` can choose from.
    pub fn registry(&mut self, folder: &Path) -> Arc<Registry> {
        let folder = normal(&self.here.join(folder));
        self.for_folder(&folder).registry.clone()
    }

    /// The same with examples and sources, which take longer to read.
    pub fn documented(&mut self, folder: &Path) -> Registry {
        let folder = normal(&self.here.join(folder));
        let loaded = self.for_folder(&folder);
        let mut registry = Registry::documented().clone();
        for pack in loaded.file.packs.iter().flatten() {
            for file in pack_files(Path::new(pack)).unwrap_or_default() {
                // What is wrong in it was reported when the configuration was read.
                let _ = add_pack(&mut registry, &file);
            }
        }
        registry
    }

    pub(super) fn for_folder(&mut self, folder: &Path) -> Rc<Loaded> {
        match &self.origin {
            Origin::File(path) => {
                let path = path.clone();
                return self.load(&path);
            }
            Origin::Isolated => return self.none(),
            Origin::Nearest => {}
        }
        if let Some(loaded) = self.by_folder.get(folder) {
            return loaded.clone();
        }
        let candidate = folder.join(FILE_NAME);
        // A link that leads nowhere and a folder are meant to be one too, and are told.
        let loaded = if candidate.symlink_metadata().is_ok() {
            let shown = candidate
                .strip_prefix(&self.here)
                .unwrap_or(&candidate)
                .to_owned();
            self.load(&shown)
        } else {
            self.check_misnamed(folder);
            match folder.parent() {
                Some(parent) => self.for_folder(parent),
                None => self.none(),
            }
        };
        self.by_folder.insert(folder.to_owned(), loaded.clone());
        loaded
    }

    /// Tells of a file in `folder` that was meant to be a configuration.
    fn check_misnamed(&mut self, folder: &Path) {
        for name in &BUILT_IN.not_read {
            let path = folder.join(name);
            if path.is_file() {
                let path = path.strip_prefix(&self.here).unwrap_or(&path).display();
                self.usage.push(format!(
                    "`{path}` is not read: a configuration is YAML and called `{FILE_NAME}`; rename it, or move it away"
                ));
            }
        }
    }

    fn none(&mut self) -> Rc<Loaded> {
        if let Some(none) = &self.none {
            return none.clone();
        }
        let none = Rc::new(Loaded::none());
        self.check_flags(&none.registry);
        self.none = Some(none.clone());
        none
    }

    fn load(&mut self, path: &Path) -> Rc<Loaded> {
        if let Some(loaded) = self.by_path.get(path) {
            return loaded.clone();
        }
        let loaded = match Loaded::read(path) {
            Ok((loaded, problems)) => {
                self.problems.extend(problems);
                loaded
            }
            Err(mut reason) => {
                if path.is_symlink() && !path.exists() {
                    "it is a symbolic link that leads to no file".clone_into(&mut reason);
                }
                let path = path.display();
                self.usage.push(format!(
                    "the configuration `{path}` cannot be read: {reason}"
                ));
                Loaded::none()
            }
        };
        let loaded = Rc::new(loaded);
        if self.by_path.is_empty() {
            self.check_flags(&loaded.registry);
        }
        self.by_path.insert(path.to_owned(), loaded.clone());
        loaded
    }

    /// A name on the command line must mean something to at least the first configuration.
    fn check_flags(&mut self, registry: &Registry) {
        let mut errors = Vec::new();
        for (flag, kind, names) in [
            ("--select", NameKind::Select, &self.flags.select),
            ("--ignore", NameKind::Ignore, &self.flags.ignore),
        ] {
            for name in names.iter().filter(|name| !registry.has_effect(kind, name)) {
                let (message, help) = registry.without_effect(kind, name);
                let help = match help.strip_prefix("Did") {
                    Some(rest) => format!("did{rest}"),
                    None => help.trim_end_matches('.').to_owned(),
                };
                errors.push(format!("{flag}: {message}; {help}"));
            }
        }
        if let Some(name) = &self.flags.preset
            && registry.preset(name).is_none()
        {
            let names = || {
                registry
                    .presets()
                    .iter()
                    .map(|preset| preset.preset.as_str())
            };
            let help = match closest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
            };
            errors.push(format!("--preset: no preset is called `{name}`; {help}"));
        }
        for error in errors {
            if !self.usage.contains(&error) {
                self.usage.push(error);
            }
        }
    }

    pub(super) fn preset(&mut self, loaded: &Loaded, holds: &[bool], folder: &Path) -> Arc<Preset> {
        let of_override = holding(loaded, holds)
            .filter_map(|entry| entry.preset.as_deref())
            .last();
        let named = self
            .flags
            .preset
            .as_deref()
            .or(of_override)
            .or(loaded.file.preset.as_deref());
        if named.is_some() {
            return loaded.preset_or_generic(named);
        }
        self.detected(loaded, folder)
            .unwrap_or_else(|| loaded.preset_or_generic(None))
    }

    /// The preset of the nearest folder upward that has markers of one, not past the top of a
    /// repository.
    fn detected(&mut self, loaded: &Loaded, folder: &Path) -> Option<Arc<Preset>> {
        let key = (Arc::as_ptr(&loaded.registry) as usize, folder.to_owned());
        if let Some(preset) = self.presets.get(&key) {
            return preset.clone();
        }
        let registry = &loaded.registry;
        let here = detect_generator(registry, folder, Thorough::IfLikely);
        // `_posts` may lie in a folder of another generator's site.
        let above = here.as_ref().and_then(|here| {
            let above = detect_generator(registry, folder.parent()?, Thorough::Always)?;
            (above.markers.len() > here.markers.len()).then_some(above)
        });
        let preset = match above.or(here) {
            Some(generator) => generator.preset,
            None if folder.join(".git").exists() => None,
            None => folder
                .parent()
                .and_then(|parent| self.detected(loaded, parent)),
        };
        self.presets.insert(key, preset.clone());
        preset
    }

    pub(super) fn holds(&self, loaded: &Loaded, absolute: &Path, path: &Path) -> Vec<bool> {
        let inner = self.inner(loaded, absolute, path);
        loaded
            .overrides
            .iter()
            .map(|globs| globs.is_match(&inner))
            .collect()
    }

    /// The path that globs are held against.
    fn inner(&self, loaded: &Loaded, absolute: &Path, path: &Path) -> PathBuf {
        let root = normal(&self.here.join(&loaded.root));
        let inner = absolute.strip_prefix(root).unwrap_or(path);
        PathBuf::from(inner.to_string_lossy().replace('\\', "/"))
    }

    /// What runs where the overrides of `holds` hold, and the keys of the source URL.
    pub(super) fn selection(
        &self,
        loaded: &Loaded,
        holds: &[bool],
        preset: Arc<Preset>,
    ) -> (Selection, Vec<String>) {
        let file = &loaded.file;
        let profile = holding(loaded, holds)
            .filter_map(|entry| entry.profile)
            .last()
            .or(file.profile);
        let mut selection =
            Selection::new(self.flags.profile.or(profile).unwrap_or_default(), preset);
        selection.select = file.select.clone().unwrap_or_default();
        selection.ignore = file.ignore.clone().unwrap_or_default();
        selection.severity = file.severity.clone().unwrap_or_default();
        selection.options = file.options.clone().unwrap_or_default();
        let mut source_keys = file.source_keys.as_ref();
        for entry in holding(loaded, holds) {
            if let Some(select) = &entry.select {
                selection.select.clone_from(select);
            }
            selection
                .ignore
                .extend(entry.ignore.iter().flatten().cloned());
            selection
                .severity
                .extend(entry.severity.clone().unwrap_or_default());
            lay_over(&mut selection.options, entry.options.as_ref());
            source_keys = entry.source_keys.as_ref().or(source_keys);
        }
        if !self.flags.select.is_empty() {
            selection.select.clone_from(&self.flags.select);
        }
        selection.ignore.extend(self.flags.ignore.iter().cloned());
        selection.now.clone_from(&self.flags.now);
        (
            selection,
            source_keys.unwrap_or(&BUILT_IN.source_keys).clone(),
        )
    }

    fn compile(
        &mut self,
        loaded: &Loaded,
        holds: &[bool],
        preset: Arc<Preset>,
    ) -> Option<Arc<Settings>> {
        let (selection, source_keys) = self.selection(loaded, holds, preset);
        match loaded.registry.compile(&selection) {
            Ok(rules) => Some(Arc::new(Settings {
                rules: Arc::new(rules),
                source_keys,
            })),
            Err(problems) => {
                self.report(loaded, problems);
                None
            }
        }
    }

    fn report(&mut self, loaded: &Loaded, problems: Vec<SelectionProblem>) {
        let mut findings = Vec::new();
        for problem in problems {
            // Unknown names were reported when the file was read.
            let SelectionProblem::Options { rule, message } = problem else {
                continue;
            };
            let layers = std::iter::once(Vec::new()).chain(
                (0..loaded.overrides.len()).map(|at| vec!["overrides".to_owned(), at.to_string()]),
            );
            let Some((layer, span)) = layers
                .map(|layer| {
                    let at: Vec<&str> = layer.iter().map(String::as_str).collect();
                    let span = loaded.place_of(&at, NameKind::Options, &rule);
                    (layer, span)
                })
                .find(|(_, span)| *span != Span::empty(0))
            else {
                self.usage
                    .push(format!("the rule `{rule}` cannot run: {message}"));
                continue;
            };
            findings.push(misfit(loaded, &layer, &rule, &message, span));
        }
        if !findings.is_empty() {
            let bytes = loaded.text.clone().into_bytes();
            self.problems.push(loaded.problems(bytes, findings));
        }
    }
}

fn lay_over(
    base: &mut BTreeMap<String, serde_yaml::Value>,
    over: Option<&BTreeMap<String, serde_yaml::Value>>,
) {
    use serde_yaml::Value;
    for (rule, options) in over.into_iter().flatten() {
        match (base.get_mut(rule), options) {
            (Some(Value::Mapping(old)), Value::Mapping(new)) => {
                for (key, value) in new {
                    old.insert(key.clone(), value.clone());
                }
            }
            _ => {
                base.insert(rule.clone(), options.clone());
            }
        }
    }
}

/// The entries of `overrides` that hold, in order.
fn holding<'a>(
    loaded: &'a Loaded,
    holds: &'a [bool],
) -> impl Iterator<Item = &'a super::file::Override> {
    loaded
        .file
        .overrides
        .iter()
        .flatten()
        .zip(holds)
        .filter_map(|(entry, holds)| holds.then_some(entry))
}

/// A registry of the packs at `paths` only, beside the built-in rules, and what is wrong in them.
pub fn registry_with_packs(
    paths: &[PathBuf],
) -> (Registry, Vec<Arc<str>>, Vec<Problems>, Vec<String>) {
    let mut registry = Registry::documented().clone();
    let (mut packs, mut problems, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        match pack_files(path) {
            Ok(files) => {
                for file in files {
                    packs.push(file.to_string_lossy().replace('\\', "/").into());
                    problems.extend(add_pack(&mut registry, &file));
                }
            }
            Err(reason) => errors.push(format!("{}: {reason}", path.display())),
        }
    }
    (registry, packs, problems, errors)
}
