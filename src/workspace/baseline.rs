use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::fingerprint::key;
use super::sink::FileReport;
use crate::config::normal;
use crate::engine::Settings;

/// Findings that were there when the baseline was taken, by file, rule and content; a line that
/// moves takes its entry along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    root: PathBuf,
    files: Files,
}

/// Path from the baseline's folder → what it had.
type Files = BTreeMap<String, Entries>;

/// Rule → content → how often.
type Entries = BTreeMap<String, BTreeMap<String, usize>>;

/// The entries of files that are no longer there. A file that has none of its own and shows at least
/// half of what one of these had is taken for that file under a new name.
pub struct Orphans<'a> {
    baseline: &'a Baseline,
    // Looking for each file takes a while, and most runs need not.
    names: OnceLock<Vec<&'a str>>,
    adopted: Mutex<BTreeSet<&'a str>>,
}

impl<'a> Orphans<'a> {
    fn names(&self) -> &[&'a str] {
        self.names.get_or_init(|| self.baseline.missing().collect())
    }

    fn adopt(&self, new: &str, found: &Entries) -> Option<&'a Entries> {
        let files = &self.baseline.files;
        let name = renamed(files, self.names(), new, found)?;
        let mut adopted = self.adopted.lock().unwrap_or_else(PoisonError::into_inner);
        adopted.insert(name);
        files.get(name)
    }

    /// How many entries have no file any more, under whatever name.
    pub fn left(&self) -> usize {
        let adopted = self.adopted.lock().unwrap_or_else(PoisonError::into_inner);
        let left = self.names().iter().filter(|name| !adopted.contains(**name));
        left.filter_map(|name| self.baseline.files.get(*name))
            .map(sum)
            .sum()
    }
}

/// Which of `missing` the file `new`, which shows `found`, was called. One with the same name in
/// another folder is asked first: most often a whole folder was moved.
fn renamed<'f, N: AsRef<str>>(
    files: &'f Files,
    missing: &[N],
    new: &str,
    found: &Entries,
) -> Option<&'f str> {
    let shared = |entries: &Entries| {
        let mut shared = 0;
        for (rule, contents) in found {
            for (content, number) in contents {
                let known = entries.get(rule).and_then(|known| known.get(content));
                shared += known.copied().unwrap_or(0).min(*number);
            }
        }
        shared
    };
    let best = |same_name: bool| {
        missing
            .iter()
            .map(AsRef::as_ref)
            .filter(|name| !same_name || file_name(name) == file_name(new))
            .filter_map(|name| {
                let (name, entries) = files.get_key_value(name)?;
                let shared = shared(entries);
                (shared > 0 && shared * 2 >= sum(entries)).then_some((shared, name.as_str()))
            })
            .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)))
            .map(|(_, name)| name)
    };
    best(true).or_else(|| best(false))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn sum(entries: &Entries) -> usize {
    entries.values().flat_map(BTreeMap::values).sum()
}

fn entries_of(report: &FileReport) -> Entries {
    let mut entries = Entries::new();
    for finding in &report.findings {
        let contents = entries.entry(finding.rule.to_string()).or_default();
        *contents.entry(name_of(key(report, finding))).or_default() += 1;
    }
    entries
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    version: u64,
    files: Files,
}

/// The name of the file.
pub const FILE_NAME: &str = "copydesk-baseline.json";

const VERSION: u64 = 1;

/// Why the text is no baseline, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineError {
    /// In bytes of the text.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

const TAKE_ANEW: &str = "Delete the file and take a new one with `copydesk baseline`.";

impl BaselineError {
    fn at(at: usize, message: impl Into<String>, help: &str) -> Self {
        Self {
            at,
            message: message.into(),
            help: help.to_owned(),
        }
    }

    fn of(text: &str, error: &serde_json::Error) -> Self {
        let at = offset(text, error.line(), error.column());
        if text.trim().is_empty() {
            return Self::at(0, "the file is empty", TAKE_ANEW);
        }
        if let Some(conflict) = text.find("<<<<<<<") {
            let help = "Take either side, then run `copydesk baseline` again.";
            return Self::at(conflict, "a merge was not finished", help);
        }
        let words = error.to_string();
        let name = words.split('`').nth(1).unwrap_or_default();
        let message = if !error.is_data() {
            "the file is not valid JSON here".to_owned()
        } else if words.starts_with("missing field") {
            format!("`{name}` is missing")
        } else if words.starts_with("unknown field") {
            format!("a baseline has no `{name}`, only `version` and `files`")
        } else if words.starts_with("duplicate field") {
            format!("`{name}` stands here twice")
        } else {
            match words.split_once("expected ") {
                Some((_, wanted)) if wanted.starts_with("a map") => {
                    "a mapping belongs here: from files to rules to contents to numbers".to_owned()
                }
                Some((_, wanted)) if wanted.starts_with('u') => "a number belongs here".to_owned(),
                _ => "this is not what a baseline holds".to_owned(),
            }
        };
        Self::at(at, message, TAKE_ANEW)
    }
}

impl Baseline {
    /// An empty one for files in and below `root` (absolute).
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            files: Files::new(),
        }
    }

    /// Reads `text`, the content of a baseline that lies in `root`.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(root: PathBuf, text: &str) -> Result<Self, BaselineError> {
        let data: Data =
            serde_json::from_str(text).map_err(|error| BaselineError::of(text, &error))?;
        if data.version != VERSION {
            let message = format!(
                "the baseline has version {}, and this Copydesk knows version {VERSION}",
                data.version
            );
            let help = "Use the Copydesk that wrote it, or delete the file and take a new one with `copydesk baseline`.";
            let at = text.find("\"version\"").unwrap_or(0);
            return Err(BaselineError::at(at, message, help));
        }
        Ok(Self {
            root,
            files: data.files,
        })
    }

    /// The content of the file: the same entries give the same bytes.
    pub fn to_text(&self) -> String {
        let data = Data {
            version: VERSION,
            files: self.files.clone(),
        };
        let mut text = serde_json::to_string_pretty(&data).unwrap_or_default();
        text.push('\n');
        text
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.files.values().map(sum).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Takes the known findings out of `report` and counts them there, and the entries of its file
    /// that no longer occur although their rules ran.
    pub fn filter(
        &self,
        report: &mut FileReport,
        path: &Path,
        settings: &Settings,
        orphans: &Orphans<'_>,
    ) {
        let name = self.name(path);
        let entries = match self.files.get(&name) {
            None if report.findings.is_empty() => None,
            None => orphans.adopt(&name, &entries_of(report)),
            entries => entries,
        };
        let Some(mut entries) = entries.cloned() else {
            return;
        };
        let findings = std::mem::take(&mut report.findings);
        for finding in findings {
            let left = entries
                .get_mut(&*finding.rule)
                .and_then(|contents| contents.get_mut(&name_of(key(report, &finding))))
                .filter(|left| **left > 0);
            match left {
                Some(left) => {
                    *left -= 1;
                    report.known += 1;
                }
                None => report.findings.push(finding),
            }
        }
        report.stale = entries
            .iter()
            .filter(|(rule, _)| settings.rules.runs(rule))
            .flat_map(|(_, contents)| contents.values())
            .sum();
    }

    /// Replaces the entries of the file at `path` by the findings of `report`. Entries of rules
    /// that did not run stay.
    pub fn record(&mut self, report: &FileReport, path: &Path, settings: &Settings) {
        let name = self.name(path);
        let entries = self.files.entry(name.clone()).or_default();
        entries.retain(|rule, _| !settings.rules.runs(rule));
        entries.extend(entries_of(report));
        if entries.is_empty() {
            self.files.remove(&name);
        }
    }

    /// Leaves of each entry only what `report` still finds; adds nothing. What is known of the file
    /// under an old name, one of `missing`, moves to its new one.
    pub fn prune(
        &mut self,
        report: &FileReport,
        path: &Path,
        settings: &Settings,
        missing: &[String],
    ) {
        let name = self.name(path);
        if !self.files.contains_key(&name) && !report.findings.is_empty() {
            let old = renamed(&self.files, missing, &name, &entries_of(report));
            let old = old.map(str::to_owned);
            if let Some(entries) = old.and_then(|old| self.files.remove(&old)) {
                self.files.insert(name.clone(), entries);
            }
        }
        let Some(old) = self.files.get(&name).cloned() else {
            return;
        };
        self.record(report, path, settings);
        let Some(new) = self.files.get_mut(&name) else {
            return;
        };
        for (rule, contents) in new.iter_mut() {
            for (content, number) in contents.iter_mut() {
                let before = old.get(rule).and_then(|old| old.get(content));
                *number = (*number).min(before.copied().unwrap_or(0));
            }
            contents.retain(|_, number| *number > 0);
        }
        new.retain(|_, contents| !contents.is_empty());
        if new.is_empty() {
            self.files.remove(&name);
        }
    }

    /// Drops the entries of files that are no longer there.
    pub fn drop_missing(&mut self) {
        let root = self.root.clone();
        self.files.retain(|name, _| root.join(name).exists());
    }

    /// The files that have entries and are no longer there.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let names = self.files.keys().map(String::as_str);
        names.filter(|name| !self.root.join(name).exists())
    }

    /// For a run with this baseline.
    pub fn orphans(&self) -> Orphans<'_> {
        Orphans {
            baseline: self,
            names: OnceLock::new(),
            adopted: Mutex::default(),
        }
    }

    /// The path of a file (absolute or from the current folder) from the baseline's folder.
    fn name(&self, path: &Path) -> String {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let absolute = normal(&absolute);
        let inner = absolute.strip_prefix(&self.root).unwrap_or(&absolute);
        inner.to_string_lossy().replace('\\', "/")
    }
}

fn name_of(key: u64) -> String {
    format!("{key:016x}")
}

/// The byte at a 1-based line and byte column.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (before + column.saturating_sub(1)).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::super::fingerprint::tests::report;
    use super::*;
    use crate::registry::{Registry, Selection};
    use crate::rule::Profile;
    use std::sync::Arc;

    fn settings() -> Settings {
        let registry = Registry::builtin();
        let preset = registry.preset("generic").unwrap().clone();
        Settings {
            rules: Arc::new(
                registry
                    .compile(&Selection::new(Profile::Own, preset))
                    .unwrap(),
            ),
            source_keys: Vec::new(),
        }
    }

    fn taken(text: &str, needles: &[&str]) -> (Baseline, Settings) {
        let mut baseline = Baseline::new(std::env::current_dir().unwrap());
        let settings = settings();
        baseline.record(&report(text, needles), Path::new("a.md"), &settings);
        (baseline, settings)
    }

    #[test]
    fn known_findings_are_hidden_wherever_they_move_and_new_ones_are_not() {
        let (baseline, settings) = taken("<ad>\n<ad>\n", &["<ad>", "<ad>"]);
        let mut moved = report(
            "new\n\n<ad>\n<ad>\n<ad>\n<ad id=2>",
            &["<ad>", "<ad>", "<ad>", "<ad id=2>"],
        );
        baseline.filter(
            &mut moved,
            Path::new("./a.md"),
            &settings,
            &baseline.orphans(),
        );
        assert_eq!(moved.known, 2);
        assert_eq!(moved.findings.len(), 2, "the third of its like is new");
    }

    #[test]
    fn a_file_under_a_new_name_is_known_again() {
        let root = tempfile::tempdir().unwrap();
        let settings = settings();
        let mut baseline = Baseline::new(root.path().to_owned());
        let at = |name: &str| root.path().join(name);
        for (name, text) in [("旧.md", "<ad>\n<ad x>"), ("there.md", "<ad>\n<ad y>")] {
            std::fs::write(at(name), text).unwrap();
            let second = &text[5..];
            baseline.record(&report(text, &["<ad>", second]), &at(name), &settings);
        }
        std::fs::rename(at("旧.md"), at("new.md")).unwrap();
        let orphans = baseline.orphans();
        let mut new = report("文\n<ad>\n<ad x>\n<ad z>", &["<ad>", "<ad x>", "<ad z>"]);
        baseline.filter(&mut new, &at("new.md"), &settings, &orphans);
        assert_eq!((new.known, new.findings.len(), orphans.left()), (2, 1, 0));
        // The file is there: another one with the same content has nothing to do with it.
        let mut twin = report("<ad y>", &["<ad y>"]);
        baseline.filter(&mut twin, &at("twin.md"), &settings, &orphans);
        assert_eq!(twin.known, 0);
        // A file that shares less than half of what was there is another one.
        let orphans = baseline.orphans();
        let mut other = report("<ad z>", &["<ad z>"]);
        baseline.filter(&mut other, &at("other.md"), &settings, &orphans);
        assert_eq!((other.known, orphans.left()), (0, 2));
        let again = report("<ad>\n<ad x>", &["<ad>", "<ad x>"]);
        let missing: Vec<String> = baseline.missing().map(str::to_owned).collect();
        baseline.prune(&again, &at("new.md"), &settings, &missing);
        baseline.drop_missing();
        assert_eq!(baseline.len(), 4);
        assert!(baseline.to_text().contains("\"new.md\""));
    }

    #[test]
    fn what_is_gone_is_pruned_and_nothing_is_added() {
        let (mut baseline, settings) = taken("<ad>\n<ad x>", &["<ad>", "<ad x>"]);
        assert_eq!(baseline.len(), 2);
        let after = report("<ad>\n<ad y>", &["<ad>", "<ad y>"]);
        let mut checked = report("<ad>\n<ad y>", &["<ad>", "<ad y>"]);
        baseline.filter(
            &mut checked,
            Path::new("a.md"),
            &settings,
            &baseline.orphans(),
        );
        assert_eq!(
            (checked.known, checked.stale, checked.findings.len()),
            (1, 1, 1)
        );
        baseline.prune(&after, Path::new("a.md"), &settings, &[]);
        assert_eq!(baseline.len(), 1);
        let text = baseline.to_text();
        let again = Baseline::parse(std::env::current_dir().unwrap(), &text).unwrap();
        assert_eq!(again, baseline);
    }

    #[test]
    fn a_file_that_is_no_baseline_is_refused_at_its_place() {
        let parse = |text: &str| Baseline::parse(PathBuf::new(), text).unwrap_err();
        for (text, at, message) in [
            ("", 0, "the file is empty"),
            ("{\"version\": 1, \"files\": {", 24, "not valid JSON"),
            ("{\"version\": 2, \"files\": {}}", 1, "version 2"),
            (
                "{\"version\": 1, \"files\": []}",
                23,
                "a mapping belongs here",
            ),
            (
                "{\"version\": \"1\", \"files\": {}}",
                14,
                "a number belongs here",
            ),
            ("{\"version\": 1, \"file\": {}}", 20, "no `file`"),
            ("{\"version\": 1}", 13, "`files` is missing"),
            (
                "{\"version\": 1,\n<<<<<<< 我们\n\"files\": {}}",
                15,
                "a merge",
            ),
            (
                "{\"version\": 1, \"files\": {\"文.md\": {\"x\": {\"0\": -1}}}}",
                48,
                "a number",
            ),
        ] {
            let error = parse(text);
            assert_eq!(error.at, at, "{text}: {error:?}");
            assert!(error.message.contains(message), "{text}: {error:?}");
            assert!(error.help.contains("copydesk baseline"), "{error:?}");
        }
    }
}
