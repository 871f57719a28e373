use super::Path;

/// The data of a block with the place of every key and value.
#[derive(Debug, Clone)]
pub struct Tree {}

impl Tree {
    /// The value at `path` as text, if it is a scalar: what the source-URL keys are read with.
    pub fn scalar(&self, _path: &Path) -> Option<&str> {
        None
    }

    /// The paths whose data differ between the two trees: values changed, keys added or removed,
    /// keys in another order are no difference. Empty when the data are equal.
    pub fn differences(&self, _other: &Self) -> Vec<Path> {
        Vec::new()
    }
}
