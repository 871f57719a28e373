/// Which names are in a set, not exactly: a name that is not may seem to be, and never the other way
/// round. It tells at once of most rules that their keys are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeySet(u128);

impl KeySet {
    /// Puts `name` in.
    pub fn insert(&mut self, name: &str) {
        self.0 |= bit(name);
    }

    /// Whether `name` may be in the set.
    pub fn may_hold(self, name: &str) -> bool {
        self.0 & bit(name) != 0
    }

    /// Whether a name may be in both sets.
    pub fn may_share(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl<'n> FromIterator<&'n str> for KeySet {
    fn from_iter<I: IntoIterator<Item = &'n str>>(names: I) -> Self {
        let mut set = Self::default();
        for name in names {
            set.insert(name);
        }
        set
    }
}

fn bit(name: &str) -> u128 {
    let bytes = name.as_bytes();
    let byte = |at: usize| bytes.get(at).map_or(0, |byte| usize::from(*byte));
    let last = byte(bytes.len().wrapping_sub(1));
    let mixed = bytes.len() * 37 + byte(0) * 11 + byte(2) * 5 + last * 3;
    1 << (mixed % 128)
}

#[cfg(test)]
mod tests {
    use super::KeySet;

    #[test]
    fn what_is_in_it_is_found() {
        let names = ["title", "标题", "", "a", "image", "redirect_from"];
        let set: KeySet = names.into_iter().collect();
        for name in names {
            assert!(set.may_hold(name), "{name}");
            assert!(set.may_share([name].into_iter().collect()), "{name}");
        }
        assert!(!set.may_hold("date"));
        assert!(!KeySet::default().may_hold("title"));
        assert!(!set.may_share(KeySet::default()));
    }
}
