use std::path::{Component, Path, PathBuf};

/// The path without `.` and `..`, as far as that can be told from the path alone.
pub fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                // What leads out of a relative path stays.
                if normal.file_name().is_some() {
                    normal.pop();
                } else if !normal.has_root() {
                    normal.push(part);
                }
            }
            part => normal.push(part),
        }
    }
    normal
}
