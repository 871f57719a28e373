use std::path::{Path, PathBuf};

use crate::output::Checkout;

/// Where CI systems say that they put the checkout.
const TOPS: &[&str] = &["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];

/// The checkout that the current folder lies in: the work tree of git, or else the one that a CI
/// system names. git goes first, because a job may check out into a folder below the one it names.
pub fn checkout() -> Checkout {
    let Ok(here) = std::env::current_dir() else {
        return Checkout::default();
    };
    match top(&here) {
        Some(top) => Checkout::new(top, &here),
        None => Checkout::default(),
    }
}

fn top(here: &Path) -> Option<&Path> {
    // It is a file in a work tree of its own and in a submodule.
    if let Some(top) = here.ancestors().find(|folder| folder.join(".git").exists()) {
        return Some(top);
    }
    TOPS.iter()
        .filter_map(std::env::var_os)
        .filter_map(|top| PathBuf::from(top).canonicalize().ok())
        .find_map(|top| {
            here.ancestors()
                .find(|folder| folder.canonicalize().is_ok_and(|folder| folder == top))
        })
}
