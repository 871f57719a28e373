use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

/// Which files of a folder are content: the data of `rules/workspace/files.yaml`.
#[derive(Debug, Default)]
pub struct Taking {
    extensions: Vec<String>,
    folders: BTreeMap<String, String>,
}

/// Why a file or folder is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skip {
    /// Its ending is not one of content.
    Extension,
    /// The folder's name says that it holds something else, for this reason.
    Folder(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Data {
    extensions: Vec<String>,
    skip_folders: Vec<FolderData>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FolderData {
    name: String,
    reason: String,
}

const DATA: &str = include_str!("../../rules/workspace/files.yaml");

static TAKING: LazyLock<Taking> = LazyLock::new(|| {
    let data: Result<Data, _> = serde_yaml::from_str(DATA);
    debug_assert!(data.is_ok());
    data.map(Taking::from).unwrap_or_default()
});

impl From<Data> for Taking {
    fn from(data: Data) -> Self {
        Self {
            extensions: data.extensions,
            folders: data
                .skip_folders
                .into_iter()
                .map(|folder| (folder.name, folder.reason))
                .collect(),
        }
    }
}

impl Taking {
    /// The shipped data.
    pub fn builtin() -> &'static Self {
        &TAKING
    }

    /// Why the file is no content; `None` if it is.
    pub fn skip_file(&self, path: &Path) -> Option<Skip> {
        let taken = path.extension().and_then(OsStr::to_str).is_some_and(|own| {
            self.extensions
                .iter()
                .any(|ext| own.eq_ignore_ascii_case(ext))
        });
        (!taken).then_some(Skip::Extension)
    }

    /// Why a folder of this name is not entered; `None` if it is.
    pub fn skip_folder(&self, name: &OsStr) -> Option<Skip> {
        let reason = self.folders.get(name.to_str()?)?;
        Some(Skip::Folder(reason.clone()))
    }

    /// The endings of content files.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_compared_without_case() {
        let taking: Taking = serde_yaml::from_str::<Data>(DATA)
            .expect("the data are valid")
            .into();
        for name in ["a.md", "a.MD", "文章.markdown", "b.mdx", "c.Html", "d.htm"] {
            assert_eq!(taking.skip_file(Path::new(name)), None, "{name}");
        }
        for name in ["md", ".md", "a.txt", "a.md.bak", "a"] {
            assert_eq!(
                taking.skip_file(Path::new(name)),
                Some(Skip::Extension),
                "{name}"
            );
        }
    }

    #[test]
    fn theme_folders_are_known_by_their_whole_name() {
        let taking = Taking::builtin();
        assert!(taking.skip_folder(OsStr::new("_layouts")).is_some());
        assert!(taking.skip_folder(OsStr::new("layouts-of-rooms")).is_none());
    }
}
