use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::io_in_words;

/// What a file is to become.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// Its path.
    pub path: &'a Path,
    /// The folder out of which a symbolic link is not followed.
    pub root: &'a Path,
    /// The content it had when it was read.
    pub old: &'a [u8],
    /// The content it is to have.
    pub new: &'a [u8],
    /// Whether to wait until the content is on the disk.
    pub durable: bool,
}

/// What the user should know of a file that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Other names of the file keep the old content.
    pub was_hard_link: bool,
}

/// Why a file was not written; it is as it was.
#[derive(Debug)]
pub enum WriteError {
    /// A symbolic link leads out of the folder, to this place.
    LeadsOut(PathBuf),
    /// The file differs from what was read.
    Changed,
    /// The file must not be written.
    ReadOnly,
    /// The folder takes no new file.
    ReadOnlyFolder,
    /// Anything else the system says.
    Io(io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeadsOut(target) => write!(
                f,
                "not written: it is a symbolic link to `{}`, outside the folder given; name that file to change it",
                target.display()
            ),
            Self::Changed => {
                f.write_str("not written: it was changed while it was being looked at; run again")
            }
            Self::ReadOnly => f.write_str("not written: the file may not be written by this user (its mode or owner forbids it)"),
            Self::ReadOnlyFolder => {
                f.write_str("not written: this user may not create files in its folder, which takes the place of the file all at once")
            }
            Self::Io(error) => write!(f, "not written: {}", io_in_words(error)),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Puts `change.new` in the place of `change.old`, all at once.
///
/// Writing over a file in place would leave half of it if the process were killed. So the new
/// content goes to a temporary file in the same folder (the only place from which a rename is
/// atomic) that then takes the old one's name. Its name carries the process id, so that two runs
/// cannot take each other's. A symbolic link stays one: its target is replaced.
///
/// # Errors
/// Why the file is as it was.
pub fn write(change: Change<'_>) -> Result<Written, WriteError> {
    let target = target(change)?;
    let before = fs::metadata(&target)?;
    // A new file takes the old one's place, for which the folder's permissions would do; whether
    // this user may write this file is asked all the same, by opening it.
    if let Err(error) = fs::OpenOptions::new().write(true).open(&target) {
        return Err(match error.kind() {
            io::ErrorKind::PermissionDenied => WriteError::ReadOnly,
            io::ErrorKind::ReadOnlyFilesystem => WriteError::ReadOnlyFolder,
            _ => WriteError::Io(error),
        });
    }
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut temporary = tempfile::Builder::new()
        .prefix(&format!(".copydesk-{}-", std::process::id()))
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                WriteError::ReadOnlyFolder
            }
            _ => WriteError::Io(error),
        })?;
    temporary.write_all(change.new)?;
    fs::set_permissions(temporary.path(), before.permissions())?;
    keep_owner(temporary.path(), &before);
    if change.durable {
        temporary.as_file().sync_all()?;
    }
    // As late as possible: an editor may have saved in the meantime.
    if fs::read(&target)? != change.old {
        return Err(WriteError::Changed);
    }
    temporary
        .persist(&target)
        .map_err(|error| WriteError::Io(error.error))?;
    if change.durable {
        sync_folder(folder)?;
    }
    Ok(Written {
        was_hard_link: links(&before) > 1,
    })
}

/// The file itself, behind symbolic links.
fn target(change: Change<'_>) -> Result<PathBuf, WriteError> {
    if !fs::symlink_metadata(change.path)?.file_type().is_symlink() {
        return Ok(change.path.to_owned());
    }
    let target = change.path.canonicalize()?;
    if target.starts_with(change.root.canonicalize()?) {
        Ok(target)
    } else {
        Err(WriteError::LeadsOut(target))
    }
}

#[cfg(unix)]
fn links(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn links(_metadata: &fs::Metadata) -> u64 {
    1
}

/// A run by root must not take the file away from its owner. Anybody else may not give files away,
/// and need not: they own what they can replace, or share its folder.
#[cfg(unix)]
fn keep_owner(path: &Path, before: &fs::Metadata) {
    use std::os::unix::fs::MetadataExt;
    let _ = std::os::unix::fs::chown(path, Some(before.uid()), Some(before.gid()));
    // A change of owner clears the set-id bits.
    let _ = fs::set_permissions(path, before.permissions());
}

#[cfg(not(unix))]
fn keep_owner(_path: &Path, _before: &fs::Metadata) {}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Only Unix lets a folder be opened and synchronised.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    let _: Option<File> = None;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change<'a>(path: &'a Path, root: &'a Path, old: &'a [u8], new: &'a [u8]) -> Change<'a> {
        Change {
            path,
            root,
            old,
            new,
            durable: false,
        }
    }

    fn only(folder: &Path, names: &[&str]) {
        let mut found: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        assert_eq!(found, names, "something was left behind");
    }

    #[test]
    fn the_new_content_takes_the_place_of_the_old() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("文章.md");
        fs::write(&path, b"old\r\n\xFF").unwrap();
        for durable in [false, true] {
            let old = fs::read(&path).unwrap();
            let written = write(Change {
                durable,
                ..change(&path, root.path(), &old, b"new\r\n\xFE")
            });
            assert_eq!(written.unwrap(), Written::default());
            assert_eq!(fs::read(&path).unwrap(), b"new\r\n\xFE");
        }
        only(root.path(), &["文章.md"]);
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        fs::write(&path, "saved by an editor").unwrap();
        let result = write(change(&path, root.path(), b"old", b"new"));
        assert!(matches!(result, Err(WriteError::Changed)), "{result:?}");
        assert_eq!(fs::read(&path).unwrap(), b"saved by an editor");
        only(root.path(), &["a.md"]);
    }

    #[test]
    fn a_file_that_is_gone_is_not_brought_back() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        let result = write(change(&path, root.path(), b"old", b"new"));
        assert!(matches!(result, Err(WriteError::Io(_))));
        only(root.path(), &[]);
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        fs::write(&path, "old").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let bound = fs::OpenOptions::new().write(true).open(&path).is_err();
        let result = write(change(&path, root.path(), b"old", b"new"));
        if bound {
            assert!(matches!(result, Err(WriteError::ReadOnly)), "{result:?}");
            assert_eq!(fs::read(&path).unwrap(), b"old");
        } else {
            // Permissions do not bind the superuser.
            assert!(result.is_ok(), "{result:?}");
            assert_eq!(fs::read(&path).unwrap(), b"new");
        }
    }

    #[cfg(unix)]
    mod unix {
        use super::*;
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

        #[test]
        fn the_mode_is_kept() {
            let root = tempfile::tempdir().unwrap();
            let path = root.path().join("a.md");
            fs::write(&path, "old").unwrap();
            for mode in [0o600, 0o664, 0o755] {
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
                let old = fs::read(&path).unwrap();
                write(change(
                    &path,
                    root.path(),
                    &old,
                    format!("{mode}").as_bytes(),
                ))
                .unwrap();
                assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, mode);
            }
        }

        #[test]
        fn a_link_inside_the_folder_stays_a_link() {
            let root = tempfile::tempdir().unwrap();
            let (file, link) = (root.path().join("a.md"), root.path().join("b.md"));
            fs::write(&file, "old").unwrap();
            symlink("a.md", &link).unwrap();
            write(change(&link, root.path(), b"old", b"new")).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read(&file).unwrap(), b"new");
        }

        #[test]
        fn a_link_out_of_the_folder_is_not_followed() {
            let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let (file, link) = (other.path().join("a.md"), root.path().join("b.md"));
            fs::write(&file, "old").unwrap();
            symlink(&file, &link).unwrap();
            let result = write(change(&link, root.path(), b"old", b"new"));
            assert!(matches!(result, Err(WriteError::LeadsOut(_))), "{result:?}");
            assert_eq!(fs::read(&file).unwrap(), b"old");
            only(other.path(), &["a.md"]);
        }

        #[test]
        fn a_hard_link_is_replaced_and_told() {
            let root = tempfile::tempdir().unwrap();
            let (file, other) = (root.path().join("a.md"), root.path().join("b.md"));
            fs::write(&file, "old").unwrap();
            fs::hard_link(&file, &other).unwrap();
            let written = write(change(&file, root.path(), b"old", b"new")).unwrap();
            assert!(written.was_hard_link);
            assert_eq!(fs::read(&file).unwrap(), b"new");
            assert_eq!(fs::read(&other).unwrap(), b"old");
        }

        #[test]
        fn a_folder_that_takes_no_file_loses_nothing() {
            let root = tempfile::tempdir().unwrap();
            let path = root.path().join("a.md");
            fs::write(&path, "old").unwrap();
            fs::set_permissions(root.path(), fs::Permissions::from_mode(0o555)).unwrap();
            let binds = fs::write(root.path().join("probe"), "").is_err();
            let result = write(change(&path, root.path(), b"old", b"new"));
            fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
            // Permissions do not bind the superuser.
            if binds {
                assert!(
                    matches!(result, Err(WriteError::ReadOnlyFolder)),
                    "{result:?}"
                );
                assert_eq!(fs::read(&path).unwrap(), b"old");
                only(root.path(), &["a.md"]);
            }
        }

        #[test]
        fn a_reader_sees_the_old_or_the_new_and_nothing_between() {
            let root = tempfile::tempdir().unwrap();
            let path = root.path().join("a.md");
            let versions = [vec![b'a'; 200_000], vec![b'b'; 150_000]];
            fs::write(&path, &versions[0]).unwrap();
            std::thread::scope(|scope| {
                let writer = scope.spawn(|| {
                    for round in 0..40 {
                        let (old, new) = (&versions[round % 2], &versions[(round + 1) % 2]);
                        write(change(&path, root.path(), old, new)).unwrap();
                    }
                });
                while !writer.is_finished() {
                    let seen = fs::read(&path).unwrap();
                    assert!(versions.contains(&seen), "{} bytes", seen.len());
                }
                writer.join().unwrap();
            });
        }
    }
}
