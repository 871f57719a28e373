//! Which values a check looks at.

use serde::Deserialize;

use crate::frontmatter::{Data, Node, Path, Tree};

/// The `keys` of a check: top-level keys, or paths like `image.src`; `*` stands for every key.
/// The items of a list are looked at too.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Keys(pub Vec<String>);

/// A scalar and where it is.
pub(super) struct Found<'t> {
    /// Its path.
    pub path: Path,
    /// How it is called to the author: its top-level key, or its path.
    pub name: String,
    /// The scalar.
    pub node: &'t Node,
    /// Whether it stands between brackets or braces.
    pub in_flow: bool,
}

impl Keys {
    /// The scalars under the keys, in file order.
    pub fn scalars<'t>(&self, tree: &'t Tree) -> Vec<Found<'t>> {
        let mut found = Vec::new();
        for (path, node, in_flow) in self.values(tree) {
            collect(path, node, in_flow, self.is_all(), &mut found);
        }
        found
    }

    /// The values under the keys, whatever they are.
    pub fn values<'t>(&self, tree: &'t Tree) -> Vec<(Path, &'t Node, bool)> {
        let flow = |node: &Node| node.style == crate::frontmatter::Style::Flow;
        let mut found = Vec::new();
        for entry in tree.root().entries() {
            let name = entry.name();
            for key in &self.0 {
                if key == "*" || key == name {
                    found.push((Path::key(name), &entry.value, flow(tree.root())));
                    break;
                }
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
                    path.0
                        .push(crate::frontmatter::Segment::Key(part.to_owned()));
                }
                if let Some((node, in_flow)) = node {
                    found.push((path, node, in_flow));
                }
            }
        }
        found
    }

    fn is_all(&self) -> bool {
        self.0.iter().any(|key| key == "*")
    }
}

fn collect<'t>(path: Path, node: &'t Node, in_flow: bool, deep: bool, found: &mut Vec<Found<'t>>) {
    let in_flow = in_flow || node.style == crate::frontmatter::Style::Flow;
    match &node.data {
        Data::Scalar { .. } => found.push(Found {
            name: path.to_string(),
            path,
            node,
            in_flow,
        }),
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(path.clone().item(index), item, in_flow, deep, found);
            }
        }
        Data::Map(entries) if deep => {
            for entry in entries {
                let mut path = path.clone();
                path.0
                    .push(crate::frontmatter::Segment::Key(entry.name().to_owned()));
                collect(path, &entry.value, in_flow, deep, found);
            }
        }
        Data::Map(_) | Data::Alias(_) => {}
    }
}
