//! Which values a check looks at.

use std::fmt;

use serde::Deserialize;

use crate::frontmatter::{Data, Node, Path, Segment, Style, Tree};

/// The `keys` of a check: top-level keys, or paths like `image.src`; `*` stands for every key.
/// The items of a list are looked at too.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct Keys {
    names: Vec<String>,
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
            names,
        }
    }
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
    /// The scalars under the keys, in file order.
    pub fn scalars<'t>(&self, tree: &'t Tree) -> Vec<Found<'t>> {
        let mut found = Vec::new();
        for (place, node, in_flow) in self.values(tree) {
            collect(place, node, in_flow, self.all, &mut found);
        }
        found
    }

    /// The values under the keys, whatever they are.
    pub fn values<'t>(&self, tree: &'t Tree) -> Vec<(Place<'t>, &'t Node, bool)> {
        let flow = |node: &Node| node.style == Style::Flow;
        let mut found = Vec::new();
        for entry in tree.root().entries() {
            let name = entry.name();
            if self.all || self.names.iter().any(|key| key == name) {
                found.push((Place::Key(name), &entry.value, flow(tree.root())));
                continue;
            }
            if !self.deep {
                continue;
            }
            for key in &self.names {
                let Some(rest) = key
                    .strip_prefix(name)
                    .and_then(|rest| rest.strip_prefix('.'))
                else {
                    continue;
                };
                let mut path = Path::key(name);
                let mut node = Some((&entry.value, flow(tree.root())));
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
        found
    }
}

fn collect<'t>(
    place: Place<'t>,
    node: &'t Node,
    in_flow: bool,
    deep: bool,
    found: &mut Vec<Found<'t>>,
) {
    let in_flow = in_flow || node.style == Style::Flow;
    match &node.data {
        Data::Scalar { .. } => found.push(Found {
            name: place,
            node,
            in_flow,
        }),
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(place.item(index), item, in_flow, deep, found);
            }
        }
        Data::Map(entries) if deep => {
            for entry in entries {
                let mut path = place.path();
                path.0.push(Segment::Key(entry.name().to_owned()));
                collect(Place::Deep(path), &entry.value, in_flow, deep, found);
            }
        }
        Data::Map(_) | Data::Alias(_) => {}
    }
}
