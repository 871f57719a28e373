//! Which values a check looks at.

use std::fmt;

use serde::Deserialize;

use crate::frontmatter::{Data, Entry, KeySet, Node, Path, Segment, Style, Tree};

/// The `keys` of a check: top-level keys, or paths like `image.src`; `*` stands for every key.
/// The items of a list are looked at too.
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(from = "Vec<String>")]
#[schemars(inline)]
pub(super) struct Keys {
    names: Vec<String>,
    /// The top-level keys of `names`.
    #[schemars(skip)]
    heads: KeySet,
    /// Whether `*` is among them.
    all: bool,
    /// Whether a path is among them.
    deep: bool,
}

impl From<Vec<String>> for Keys {
    fn from(names: Vec<String>) -> Self {
        Self {
            all: names.iter().any(|name| name == "*"),
            deep: names.iter().any(|name| name.contains('.')),
            heads: names.iter().flat_map(|name| heads(name)).collect(),
            names,
        }
    }
}

/// The top-level keys that `name` may start with: a key may have a dot of its own.
fn heads(name: &str) -> impl Iterator<Item = &str> {
    let parts = name.match_indices('.').filter_map(|(at, _)| name.get(..at));
    parts.chain(std::iter::once(name))
}

/// Where a value is, spelt out only when somebody asks.
#[derive(Debug, Clone)]
pub(super) enum Place<'t> {
    /// The value of a top-level key.
    Key(&'t str),
    /// An item of a top-level list.
    Item(&'t str, usize),
    /// Anything deeper.
    Deep(Path),
}

impl Place<'_> {
    /// The path.
    pub fn path(&self) -> Path {
        match self {
            Self::Key(key) => Path::key(*key),
            Self::Item(key, index) => Path::key(*key).item(*index),
            Self::Deep(path) => path.clone(),
        }
    }

    /// The item `index` of the list at this place.
    pub fn item(&self, index: usize) -> Self {
        match self {
            Self::Key(key) => Self::Item(key, index),
            other => Self::Deep(other.path().item(index)),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(f)
    }
}

/// A scalar and where it is.
pub(super) struct Found<'t> {
    /// Its place, and its name to the author.
    pub name: Place<'t>,
    /// The scalar.
    pub node: &'t Node,
    /// Whether it stands between brackets or braces.
    pub in_flow: bool,
}

impl Keys {
    /// The scalars under the keys, in file order. Nothing is collected for them, because nearly
    /// every rule walks all keys and finds nothing.
    pub fn scalars<'t>(&self, tree: &'t Tree) -> impl Iterator<Item = Found<'t>> {
        let in_flow = tree.root().style == Style::Flow;
        let mut entries = self.entries(tree).iter();
        let mut waiting: Vec<(Place<'t>, &'t Node, bool)> = Vec::new();
        std::iter::from_fn(move || {
            loop {
                if let Some((name, node, in_flow)) = waiting.pop() {
                    if let Data::Scalar { .. } = &node.data {
                        return Some(Found {
                            name,
                            node,
                            in_flow,
                        });
                    }
                    self.inside(&name, node, in_flow, &mut waiting);
                    continue;
                }
                let entry = entries.next()?;
                let name = entry.name();
                if !self.names(name) {
                    if self.deep {
                        self.under(entry, in_flow, &mut waiting);
                        waiting.reverse();
                    }
                    continue;
                }
                let (name, node) = (Place::Key(name), &entry.value);
                if let Data::Scalar { .. } = &node.data {
                    return Some(Found {
                        name,
                        node,
                        in_flow,
                    });
                }
                self.inside(&name, node, in_flow, &mut waiting);
            }
        })
    }

    /// What is in a list, or in a mapping if every key is looked at; the last comes first.
    fn inside<'t>(
        &self,
        place: &Place<'t>,
        node: &'t Node,
        in_flow: bool,
        waiting: &mut Vec<(Place<'t>, &'t Node, bool)>,
    ) {
        let in_flow = in_flow || node.style == Style::Flow;
        match &node.data {
            Data::List(items) => {
                for (index, item) in items.iter().enumerate().rev() {
                    waiting.push((place.item(index), item, in_flow));
                }
            }
            Data::Map(entries) if self.all => {
                for entry in entries.iter().rev() {
                    let mut path = place.path();
                    path.0.push(Segment::Key(entry.name().to_owned()));
                    waiting.push((Place::Deep(path), &entry.value, in_flow));
                }
            }
            Data::Scalar { .. } | Data::Map(_) | Data::Alias(_) => {}
        }
    }

    /// The values under the keys, whatever they are.
    pub fn values<'t>(&self, tree: &'t Tree) -> Vec<(Place<'t>, &'t Node, bool)> {
        let in_flow = tree.root().style == Style::Flow;
        let mut found = Vec::new();
        for entry in self.entries(tree) {
            let name = entry.name();
            if self.names(name) {
                found.push((Place::Key(name), &entry.value, in_flow));
            } else if self.deep {
                self.under(entry, in_flow, &mut found);
            }
        }
        found
    }

    /// The top-level entries, or none where no key of theirs is looked at.
    fn entries<'t>(&self, tree: &'t Tree) -> &'t [Entry] {
        if self.all || self.heads.may_share(tree.keys()) {
            tree.root().entries()
        } else {
            &[]
        }
    }

    /// Whether the value of the top-level key `name` is looked at.
    fn names(&self, name: &str) -> bool {
        self.all || self.heads.may_hold(name) && self.names.iter().any(|key| key == name)
    }

    /// The values under a top-level entry that a path names.
    fn under<'t>(
        &self,
        entry: &'t Entry,
        in_flow: bool,
        found: &mut Vec<(Place<'t>, &'t Node, bool)>,
    ) {
        let flow = |node: &Node| node.style == Style::Flow;
        let name = entry.name();
        for key in &self.names {
            let Some(rest) = key
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('.'))
            else {
                continue;
            };
            let mut path = Path::key(name);
            let mut node = Some((&entry.value, in_flow));
            for part in rest.split('.') {
                node = node.and_then(|(node, in_flow)| {
                    node.key(part).map(|value| (value, in_flow || flow(node)))
                });
                path.0.push(Segment::Key(part.to_owned()));
            }
            if let Some((node, in_flow)) = node {
                found.push((Place::Deep(path), node, in_flow));
            }
        }
    }
}
