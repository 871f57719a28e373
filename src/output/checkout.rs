use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::config::normal;
use crate::workspace::shown;

/// Where a checkout begins, for reports whose readers count paths from there and not from the folder
/// that the tool ran in: SARIF, GitLab, the annotations of GitHub.
#[derive(Debug, Clone, Default)]
pub struct Checkout {
    /// Both absolute; the current folder is the top or lies below it.
    places: Option<(PathBuf, PathBuf)>,
}

impl Checkout {
    /// The checkout that begins at `top`, seen from the current folder `here`. Both are absolute.
    pub fn new(top: &Path, here: &Path) -> Self {
        Self {
            places: Some((top.to_owned(), here.to_owned())),
        }
    }

    /// `path`, which counts from the current folder, as it counts from the top. What lies outside is
    /// absolute.
    pub fn path<'a>(&self, path: &'a str) -> Cow<'a, str> {
        let Some((top, here)) = &self.places else {
            return Cow::Borrowed(path);
        };
        let absolute = normal(&here.join(path));
        if let Ok(inner) = absolute.strip_prefix(top) {
            return Cow::Owned(shown(inner).to_string());
        }
        // The same file by another name: a folder above may be a symlink.
        let real = || {
            let (file, top) = (absolute.canonicalize().ok()?, top.canonicalize().ok()?);
            Some(shown(file.strip_prefix(top).ok()?).to_string())
        };
        Cow::Owned(real().unwrap_or_else(|| shown(&absolute).to_string()))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_the_top() {
        let checkout = Checkout::new(Path::new("/w/site"), Path::new("/w/site/docs/文"));
        for (path, expected) in [
            ("a b.md", "docs/文/a b.md"),
            ("./x/../a.md", "docs/文/a.md"),
            ("../a.md", "docs/a.md"),
            ("../../posts/a.md", "posts/a.md"),
            ("../../../elsewhere/a.md", "/w/elsewhere/a.md"),
            ("/w/site/posts/a.md", "posts/a.md"),
            ("/w/sites/a.md", "/w/sites/a.md"),
        ] {
            assert_eq!(checkout.path(path), expected, "{path}");
        }
        assert_eq!(Checkout::default().path("../a.md"), "../a.md");
    }
}
