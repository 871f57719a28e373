use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use globset::GlobSet;

use super::file::{ADDED, File, Override};
use super::paths::normal;
use super::places::Places;
use super::problem::{Kind, Problems, finding, io_in_words};
use super::read::{KEYS, OVERRIDE_KEYS, read};
use crate::finding::Finding;
use crate::registry::{NameKind, Selection, SelectionProblem};
use crate::registry::{Registry, Source, closest};
use crate::rule::{Profile, globs_over_paths};
use crate::source::Span;

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A configuration file that was read, with the rules it can choose from.
#[derive(Debug)]
pub(super) struct Loaded {
    /// Where it is.
    pub path: PathBuf,
    /// The folder its globs start from.
    pub root: PathBuf,
    /// Its settings; what is wrong in it is left out.
    pub file: File,
    /// The built-in rules and those of its packs.
    pub registry: Arc<Registry>,
    /// The paths it leaves alone.
    pub exclude: GlobSet,
    /// For each entry of `overrides`, its paths.
    pub overrides: Vec<GlobSet>,
    /// Its text, and where things stand in it.
    pub text: String,
    /// Where things stand in `text`.
    pub places: Places,
    /// For each key that is set, the files and lines that set it.
    pub origins: BTreeMap<String, Vec<String>>,
    /// The same for each entry of `overrides`.
    pub override_origins: Vec<BTreeMap<String, String>>,
}

impl Loaded {
    /// Settings that are all defaults, for a folder without a configuration file.
    pub fn none() -> Self {
        Self {
            path: PathBuf::new(),
            root: PathBuf::new(),
            file: File::default(),
            registry: Arc::new(Registry::builtin().clone()),
            exclude: GlobSet::empty(),
            overrides: Vec::new(),
            text: String::new(),
            places: Places::default(),
            origins: BTreeMap::new(),
            override_origins: Vec::new(),
        }
    }

    /// Reads the file at `path`.
    ///
    /// # Errors
    /// The file cannot be read, for this reason.
    pub fn read(path: &Path) -> Result<(Self, Vec<Problems>), String> {
        Self::read_below(path, &[])
    }

    /// Reads the file at `path`, which `chain` extends, the nearest last.
    fn read_below(path: &Path, chain: &[PathBuf]) -> Result<(Self, Vec<Problems>), String> {
        let bytes = read_file(path).map_err(|error| io_in_words(&error))?;
        let root = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let mut problems = Vec::new();
        let (mut findings, mut text) = (Vec::new(), String::new());
        match String::from_utf8(bytes.clone()) {
            Ok(good) => text = good,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let (message, help) = (not_utf8(&bytes), "Save it as UTF-8.");
                findings.push(finding(Kind::Syntax, Span::new(at, at + 1), message, help));
            }
        }
        let (file, places, found) = read(&text);
        findings.extend(found);
        let shown = printed(path);
        let mut origins = origins(&text, &places, &shown);
        let mut override_origins = Vec::new();
        let mut file = file;
        // The file as it stands here; what it extends was checked in its own place.
        let own = file.clone();
        let bases = own.extends.as_deref().unwrap_or_default();
        for (number, base) in bases.iter().enumerate().rev() {
            let span = item(&places, "extends", number);
            let target = normal(&root.join(base));
            let circle = target == normal(path) || chain.contains(&target);
            let read = if circle {
                Err("the files extend each other in a circle".to_owned())
            } else if root.join(base).is_dir() {
                Err("it is a folder".to_owned())
            } else {
                let chain = [chain, &[normal(path)]].concat();
                Self::read_below(&target, &chain)
            };
            match read {
                Ok((base, found)) => {
                    problems.extend(found);
                    for (key, places) in base.origins {
                        let here = origins.entry(key.clone()).or_default();
                        if here.is_empty() || ADDED.contains(&key.as_str()) {
                            here.splice(0..0, places);
                        }
                    }
                    // The entries of a base stand before those of what is laid over it.
                    override_origins.splice(0..0, base.override_origins);
                    file = file.over(base.file);
                }
                Err(reason) => findings.push(finding(
                    Kind::MissingFile,
                    span,
                    format!("`{base}` cannot be extended: {reason}"),
                    "Give the path of a configuration file, from this file's folder.",
                )),
            }
        }
        let own_entries = own.overrides.as_ref().map_or(0, Vec::len);
        override_origins
            .extend((0..own_entries).map(|number| override_origin(&text, &places, &shown, number)));
        for (number, folder) in own.content.iter().flatten().enumerate() {
            if !root.join(folder).is_dir() {
                findings.push(finding(
                    Kind::MissingFile,
                    item(&places, "content", number),
                    format!("there is no folder `{folder}` to look at"),
                    "Give the path of a folder, from this file's folder.",
                ));
            }
        }
        // A folder is found from the file that names it.
        if own.content.is_some() {
            let from_here = |folder: &String| printed(&normal(&root.join(folder)));
            file.content = own
                .content
                .as_ref()
                .map(|folders| folders.iter().map(from_here).collect());
        }
        file.packs = joined_packs(&root, &own, file.packs);
        let mut registry = Registry::builtin().clone();
        let count = |file: &File| file.packs.as_ref().map_or(0, Vec::len);
        let of_bases = count(&file).saturating_sub(count(&own));
        for (number, pack) in file.packs.iter().flatten().enumerate() {
            let own_number = number.checked_sub(of_bases);
            match pack_files(Path::new(pack)) {
                Ok(files) => {
                    for file in files {
                        let problem = add_pack(&mut registry, &file);
                        // What is wrong in the packs of a base was told when the base was read.
                        problems.extend(problem.filter(|_| own_number.is_some()));
                    }
                }
                Err(reason) => {
                    if let Some(number) = own_number {
                        findings.push(finding(
                            Kind::MissingFile,
                            item(&places, "packs", number),
                            format!("this pack cannot be had: {reason}"),
                            "Give the path of a YAML file, or of a folder of them, from this file's folder.",
                        ));
                    }
                }
            }
        }
        let globs = |globs: &[String]| globs_over_paths(globs).unwrap_or_default();
        let mut loaded = Self {
            exclude: globs(file.exclude.as_deref().unwrap_or_default()),
            overrides: file
                .overrides
                .iter()
                .flatten()
                .map(|entry| globs(&entry.paths))
                .collect(),
            path: path.to_owned(),
            root,
            file,
            registry: Arc::new(registry),
            text,
            places,
            origins,
            override_origins,
        };
        loaded.check_names(own, &mut findings);
        if !findings.is_empty() {
            problems.insert(0, loaded.problems(bytes, findings));
        }
        Ok((loaded, problems))
    }

    /// `findings` as findings on this file.
    pub fn problems(&self, bytes: Vec<u8>, mut findings: Vec<Finding>) -> Problems {
        findings.sort_by_key(|finding| finding.span);
        Problems {
            path: printed(&self.path).into(),
            bytes,
            findings,
        }
    }

    fn check_names(&mut self, file: File, findings: &mut Vec<Finding>) {
        let top = Override {
            preset: file.preset,
            select: file.select,
            ignore: file.ignore,
            severity: file.severity,
            options: file.options,
            ..Override::default()
        };
        let mut layers: Vec<(Vec<String>, Override)> = vec![(Vec::new(), top)];
        for (number, entry) in file.overrides.into_iter().flatten().enumerate() {
            layers.push((vec!["overrides".to_owned(), number.to_string()], entry));
        }
        for (path, layer) in layers {
            let at: Vec<&str> = path.iter().map(String::as_str).collect();
            self.check_preset(&at, layer.preset.as_deref(), findings);
            let mut selection = Selection::new(Profile::default(), self.preset_or_generic(None));
            selection.select = layer.select.unwrap_or_default();
            selection.ignore = layer.ignore.unwrap_or_default();
            selection.severity = layer.severity.unwrap_or_default();
            selection.options = layer.options.unwrap_or_default();
            for problem in self.registry.unknown_names(&selection) {
                if let SelectionProblem::UnknownName { kind, name, .. } = problem {
                    let (message, help) = self.registry.without_effect(kind, &name);
                    let span = self.place_of(&at, kind, &name);
                    findings.push(finding(Kind::UnknownName, span, message, help));
                }
            }
        }
    }

    fn check_preset(&self, at: &[&str], name: Option<&str>, findings: &mut Vec<Finding>) {
        let Some(name) = name.filter(|name| self.registry.preset(name).is_none()) else {
            return;
        };
        let names = || {
            self.registry
                .presets()
                .iter()
                .map(|preset| preset.preset.as_str())
        };
        let help = match closest(name, names()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("There are {}.", names().collect::<Vec<_>>().join(", ")),
        };
        findings.push(finding(
            Kind::UnknownName,
            self.places.value(&[at, &["preset"]].concat()),
            format!("no preset is called `{name}`"),
            help,
        ));
    }

    /// Where `name` stands in one of the settings under `at`.
    pub fn place_of(&self, at: &[&str], kind: NameKind, name: &str) -> Span {
        let setting = match kind {
            NameKind::Select => "select",
            NameKind::Ignore => "ignore",
            NameKind::Severity => "severity",
            NameKind::Options => "options",
        };
        let path = [at, &[setting]].concat();
        if matches!(kind, NameKind::Severity | NameKind::Options) {
            return self.places.key(&[path.as_slice(), &[name]].concat());
        }
        let whole = self.places.value(&path);
        (0..)
            .map(|number: usize| number.to_string())
            .map(|number| {
                self.places
                    .value(&[path.as_slice(), &[number.as_str()]].concat())
            })
            .take_while(|span| !span.is_empty())
            .find(|span| span.text(&self.text).trim_matches(['"', '\'']) == name)
            .unwrap_or(whole)
    }

    /// The preset of this name, or the generic one.
    pub fn preset_or_generic(&self, name: Option<&str>) -> Arc<crate::rule::Preset> {
        let registry = &self.registry;
        name.and_then(|name| registry.preset(name))
            .or_else(|| registry.preset("generic"))
            .or_else(|| registry.presets().first())
            .cloned()
            .unwrap_or_else(|| {
                Arc::new(crate::rule::Preset {
                    preset: "generic".to_owned(),
                    title: String::new(),
                    sources: Vec::new(),
                    markers: Vec::new(),
                    yaml: Default::default(),
                    required: Vec::new(),
                    keys: Default::default(),
                })
            })
    }
}

/// The content of a file without the byte order mark that some editors put before it.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    // What is found by its name is not opened blindly: a pipe would wait for ever. One that is named
    // may be a pipe, as of `<(…)`.
    let by_name = path.file_name() == Some(super::FILE_NAME.as_ref());
    if by_name && fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        let reason = "it is no regular file but a pipe, a socket or a device";
        return Err(io::Error::other(reason));
    }
    let mut bytes = fs::read(path)?;
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(bytes)
}

/// What content that is no UTF-8 is instead, as far as its first bytes tell.
fn not_utf8(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            "the file is UTF-16, as some editors and shells write it"
        }
        _ => "the file is not UTF-8 from here on",
    }
}

/// A path as it is printed.
fn printed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Where the item of a list stands, or the one value in its place.
fn item(places: &Places, key: &str, number: usize) -> Span {
    let span = places.value(&[key, &number.to_string()]);
    if span.is_empty() {
        places.value(&[key])
    } else {
        span
    }
}

/// For each key of the file its path and line.
fn origins(text: &str, places: &Places, path: &str) -> BTreeMap<String, Vec<String>> {
    KEYS.iter()
        .filter_map(|key| {
            let origin = line_of_key(text, places, path, &[key])?;
            Some(((*key).to_owned(), vec![origin]))
        })
        .collect()
}

/// For each key of an entry of `overrides` its path and line.
fn override_origin(
    text: &str,
    places: &Places,
    path: &str,
    number: usize,
) -> BTreeMap<String, String> {
    let number = number.to_string();
    OVERRIDE_KEYS
        .iter()
        .filter_map(|key| {
            let origin = line_of_key(text, places, path, &["overrides", &number, key])?;
            Some(((*key).to_owned(), origin))
        })
        .collect()
}

fn line_of_key(text: &str, places: &Places, path: &str, key: &[&str]) -> Option<String> {
    let span = places.key(key);
    let line = text.get(..span.start)?.matches('\n').count() + 1;
    (!span.is_empty()).then(|| format!("{path}:{line}"))
}

/// `all`, where the last ones, which are those of `own`, are found from `root`; those of its bases
/// have been so already.
fn joined_packs(root: &Path, own: &File, all: Option<Vec<String>>) -> Option<Vec<String>> {
    let mut all = all?;
    let count = own.packs.as_ref().map_or(0, Vec::len);
    let from = all.len().saturating_sub(count);
    for pack in all.iter_mut().skip(from) {
        *pack = printed(&normal(&root.join(&*pack)));
    }
    Some(all)
}

/// The pack files that `path`, a file or a folder, stands for, in the order of their names.
///
/// # Errors
/// Why there are none.
pub(super) fn pack_files(path: &Path) -> Result<Vec<PathBuf>, String> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.is_dir() {
        return Err("there is no file or folder of this name".to_owned());
    }
    let mut files: Vec<PathBuf> = fs::read_dir(path)
        .map_err(|error| io_in_words(&error))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|ext| ext == "yaml" || ext == "yml")
        })
        .collect();
    files.sort();
    if files.is_empty() {
        return Err("the folder holds no `.yaml` file".to_owned());
    }
    Ok(files)
}

/// Adds the pack at `path` and gives what is wrong in it.
pub(super) fn add_pack(registry: &mut Registry, path: &Path) -> Option<Problems> {
    let shown: Arc<str> = path.to_string_lossy().replace('\\', "/").into();
    let bytes = match read_file(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("the pack cannot be read: {}", io_in_words(&error));
            let help = "Check that the file is there and may be read.";
            return Some(Problems {
                path: shown,
                bytes: Vec::new(),
                findings: vec![finding(Kind::MissingFile, Span::empty(0), message, help)],
            });
        }
    };
    let findings = match std::str::from_utf8(&bytes) {
        Ok(text) => match registry.add_pack(Source { path: &shown, text }) {
            Ok(()) => return None,
            Err(problems) => problems
                .into_iter()
                .map(|problem| {
                    finding(
                        Kind::InvalidPack,
                        problem.span,
                        problem.message,
                        problem.help,
                    )
                })
                .collect(),
        },
        Err(error) => vec![finding(
            Kind::InvalidPack,
            Span::new(error.valid_up_to(), error.valid_up_to() + 1),
            not_utf8(&bytes),
            "Save it as UTF-8.",
        )],
    };
    Some(Problems {
        path: shown,
        bytes,
        findings,
    })
}
