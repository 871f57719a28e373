use std::cell::RefCell;

use super::node::{Data, Entry, Node, Style};
use super::scalar::Dialect;
use super::{Block, Date, DateProblem, KeySet, Path, Segment, Syntax, json, toml, yaml};
use crate::source::Span;

/// The data of a block with the place of every key and value.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The file up to the end of the block, so that spans into it are those of the file.
    pub(super) head: Box<str>,
    pub(super) syntax: Syntax,
    pub(super) content: Span,
    pub(super) root: Node,
    pub(super) comments: Vec<Span>,
    /// Whether anything has an anchor or a tag.
    pub(super) properties: bool,
    /// The names of the top-level keys.
    pub(super) keys: KeySet,
    /// Whether a template may fill in any of it.
    pub(super) templates: bool,
    /// What was read as dates so far.
    pub(super) dates: RefCell<Vec<(Span, Result<Date, DateProblem>)>>,
}

/// So many dates are remembered: a document has few, and more would have to be looked up.
const DATES: usize = 8;

impl Tree {
    /// Reads `block` of `text`, a whole file.
    ///
    /// # Errors
    /// The block is no such language; `repair` knows why.
    pub(super) fn parse(text: &str, block: &Block) -> Result<Self, ()> {
        let mut properties = false;
        let (root, comments) = match block.syntax {
            Syntax::Yaml => {
                // With its `---`, so that the content is read as what follows one.
                let start = match block.opener.text(text).trim_end() {
                    "---" => block.opener.start,
                    _ => block.content.start,
                };
                let span = Span::new(start, block.content.end);
                let document = yaml::parse(text, span).map_err(drop)?;
                properties = document.properties;
                (document.root, document.comments)
            }
            Syntax::Toml => toml::parse(text, block.content).map_err(drop)?,
            Syntax::Json => (json::parse(text, block.content).map_err(drop)?, Vec::new()),
        };
        Ok(Self {
            head: text.get(..block.body_start).unwrap_or("").into(),
            syntax: block.syntax,
            content: block.content,
            keys: root.entries().iter().map(Entry::name).collect(),
            templates: may_hold_templates(block.content.text(text)),
            dates: RefCell::default(),
            root,
            comments,
            properties,
        })
    }

    /// The language it was read from.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// What is between the delimiters.
    pub fn content(&self) -> Span {
        self.content
    }

    /// The whole.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Whether the block says nothing: no line, or comments only.
    pub fn is_empty(&self) -> bool {
        self.root.style == Style::Empty && self.root.properties.is_none()
    }

    /// The comments, in file order, their `#` included.
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Whether anything has an anchor or a tag.
    pub fn has_properties(&self) -> bool {
        self.properties
    }

    /// The name of the anchor whose value `span` lies in or touches, if an alias uses it: what is
    /// changed there changes at the alias too.
    pub fn shared(&self, span: Span) -> Option<&str> {
        if !self.properties {
            return None;
        }
        let (mut anchors, mut used) = (Vec::new(), Vec::new());
        anchored(&self.root, &mut anchors, &mut used);
        anchors
            .into_iter()
            .find(|(name, value)| {
                used.contains(name) && value.start <= span.end && span.start <= value.end
            })
            .map(|(name, _)| name)
    }

    /// The value of a top-level key.
    pub fn key(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// A top-level key with its value.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        if !self.keys.may_hold(name) {
            return None;
        }
        self.root.entry(name)
    }

    /// The names of the top-level keys; that of a key that is no scalar is empty.
    pub fn keys(&self) -> KeySet {
        self.keys
    }

    /// Whether a template engine may fill in any value: where this is false, no text of the block,
    /// as it is written or as it is read, holds `{{`, `{%` or `<%`.
    pub fn may_hold_templates(&self) -> bool {
        self.templates
    }

    /// The text of `node`, a scalar of this tree, as a date, as [`Date::parse`] reads it. Several
    /// rules ask for the same few dates; each is read once.
    ///
    /// # Errors
    /// Why it is none.
    pub fn date(&self, node: &Node) -> Result<Date, DateProblem> {
        let Some(text) = node.text() else {
            return Date::parse("");
        };
        if let Some((_, date)) = self.dates.borrow().iter().find(|(at, _)| *at == node.span) {
            return date.clone();
        }
        let date = Date::parse(text);
        let mut dates = self.dates.borrow_mut();
        if dates.len() < DATES && !node.span.is_empty() {
            dates.push((node.span, date.clone()));
        }
        date
    }

    /// The value at `path`; the first one where a key occurs twice.
    pub fn get(&self, path: &Path) -> Option<&Node> {
        path.0
            .iter()
            .try_fold(&self.root, |node, segment| match segment {
                Segment::Key(name) => node.key(name),
                Segment::Index(index) => node.item(*index),
            })
    }

    /// The bytes of the file under `span`, as far as they belong to the block.
    pub fn source(&self, span: Span) -> &str {
        span.text(&self.head)
    }

    /// The value at `path` as text, if it is a scalar, quotes and escapes undone.
    pub fn scalar(&self, path: &Path) -> Option<&str> {
        self.get(path).and_then(Node::text)
    }

    /// Every value under the root with its path, parents before children; keys are not values.
    pub fn values(&self) -> Vec<(Path, &Node)> {
        let mut found = Vec::new();
        collect(&self.root, &Path::default(), &mut found);
        found
    }

    /// The paths whose data differ between the two trees: values changed, keys added or removed,
    /// keys in another order are no difference. Empty when the data are equal.
    ///
    /// Scalars are held against each other as a YAML 1.1 reader and as a YAML 1.2 reader see
    /// them, so that a change that only one of them would notice is a difference.
    pub fn differences(&self, other: &Self) -> Vec<Path> {
        let mut found = Vec::new();
        let path = Path::default();
        // A block that says nothing is one without keys.
        match (self.is_empty(), other.is_empty()) {
            (true, true) => {}
            (true, false) if !other.root.entries().is_empty() => {
                compare_maps(&[], other.root.entries(), &path, &mut found);
            }
            (false, true) if !self.root.entries().is_empty() => {
                compare_maps(self.root.entries(), &[], &path, &mut found);
            }
            _ => compare(&self.root, &other.root, &path, &mut found),
        }
        found
    }
}

/// Whether a text in `source` can hold `{{`, `{%` or `<%`. A backslash may stand for any character.
fn may_hold_templates(source: &str) -> bool {
    let bytes = source.as_bytes();
    memchr::memchr3_iter(b'{', b'<', b'\\', bytes).any(|at| {
        matches!(
            (bytes.get(at), bytes.get(at + 1)),
            (Some(b'\\'), _) | (Some(b'{'), Some(b'{' | b'%')) | (Some(b'<'), Some(b'%'))
        )
    })
}

/// The anchors under `node` with their values, and the names that aliases use.
fn anchored<'t>(node: &'t Node, anchors: &mut Vec<(&'t str, Span)>, used: &mut Vec<&'t str>) {
    let name = node.properties.as_ref().and_then(|p| p.anchor.as_deref());
    anchors.extend(name.map(|name| (name, node.span)));
    match &node.data {
        Data::Alias(name) => used.push(name),
        Data::List(items) => {
            for item in items {
                anchored(item, anchors, used);
            }
        }
        Data::Map(entries) => {
            for entry in entries {
                anchored(&entry.key, anchors, used);
                anchored(&entry.value, anchors, used);
            }
        }
        Data::Scalar { .. } => {}
    }
}

fn collect<'t>(node: &'t Node, path: &Path, found: &mut Vec<(Path, &'t Node)>) {
    let mut visit = |segment: Segment, child: &'t Node| {
        let mut path = path.clone();
        path.0.push(segment);
        found.push((path.clone(), child));
        collect(child, &path, found);
    };
    match &node.data {
        Data::Map(entries) => {
            for entry in entries {
                visit(Segment::Key(entry.name().to_owned()), &entry.value);
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(Segment::Index(index), item);
            }
        }
        Data::Scalar { .. } | Data::Alias(_) => {}
    }
}

fn compare(one: &Node, two: &Node, path: &Path, found: &mut Vec<Path>) {
    match (&one.data, &two.data) {
        (Data::Map(a), Data::Map(b)) => compare_maps(a, b, path, found),
        (Data::List(a), Data::List(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(a, b, &path.clone().item(index), found);
            }
        }
        (Data::Alias(a), Data::Alias(b)) if a == b => {}
        (Data::Scalar { .. }, Data::Scalar { .. }) if same_scalar(one, two) => {}
        _ => found.push(path.clone()),
    }
    let meaning = |node: &Node| {
        node.properties
            .as_ref()
            .map(|p| (p.anchor.clone(), p.tag.clone()))
    };
    if meaning(one) != meaning(two) && found.last() != Some(path) {
        found.push(path.clone());
    }
}

fn same_scalar(one: &Node, two: &Node) -> bool {
    [Dialect::V1_1, Dialect::V1_2].into_iter().all(|dialect| {
        match (one.resolve(dialect), two.resolve(dialect)) {
            (Some(a), Some(b)) => a.same(&b),
            _ => false,
        }
    })
}

/// Keys are paired by name, and by their turn where a name occurs more than once.
fn compare_maps(one: &[Entry], two: &[Entry], path: &Path, found: &mut Vec<Path>) {
    let ordered = |entries: &[Entry]| -> Vec<usize> {
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_cached_key(|&at| key_identity(&entries[at].key));
        order
    };
    let at = |name: &str| {
        let mut path = path.clone();
        path.0.push(Segment::Key(name.to_owned()));
        path
    };
    let (a, b) = (ordered(one), ordered(two));
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(&&x), Some(&&y)) => {
                let (x, y) = (&one[x], &two[y]);
                match key_identity(&x.key).cmp(&key_identity(&y.key)) {
                    std::cmp::Ordering::Equal => {
                        compare(&x.value, &y.value, &at(x.name()), found);
                        a.next();
                        b.next();
                    }
                    std::cmp::Ordering::Less => {
                        found.push(at(x.name()));
                        a.next();
                    }
                    std::cmp::Ordering::Greater => {
                        found.push(at(y.name()));
                        b.next();
                    }
                }
            }
            (Some(&&x), None) => {
                found.push(at(one[x].name()));
                a.next();
            }
            (None, Some(&&y)) => {
                found.push(at(two[y].name()));
                b.next();
            }
            (None, None) => break,
        }
    }
}

/// A text that is the same for the same key only.
fn key_identity(key: &Node) -> String {
    match &key.data {
        Data::Scalar { text, .. } => match key.resolve(Dialect::V1_1) {
            Some(super::Scalar::String(_)) | None => format!("s{text}"),
            Some(other) => format!("{other:?}"),
        },
        Data::Alias(name) => format!("*{name}"),
        Data::List(items) => {
            let parts: Vec<String> = items.iter().map(key_identity).collect();
            format!("l{parts:?}")
        }
        Data::Map(entries) => {
            let parts: Vec<_> = entries
                .iter()
                .map(|entry| (key_identity(&entry.key), key_identity(&entry.value)))
                .collect();
            format!("m{parts:?}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FrontMatter, Path, Style, read};
    use super::Tree;

    fn tree(text: &str) -> Tree {
        match read(text) {
            FrontMatter::Parsed { tree, .. } => tree,
            other => panic!("{text:?}: {other:?}"),
        }
    }

    #[test]
    fn values_are_named_and_placed() {
        let text = "\u{feff}---\r\ntitle: '标''题' # c\r\ntags: [a, \"b\"]\r\nlist:\r\n- x\r\n-\r\ntext: &n !t |\r\n  a\r\n\r\n  b\r\nlast: *n\r\nempty:\r\n---\r\n";
        let tree = tree(text);
        let source = |path: &Path| {
            let node = tree.get(path).unwrap_or_else(|| panic!("{path}"));
            (node.span.text(text), node.style)
        };
        assert_eq!(source(&Path::key("title")), ("'标''题'", Style::Single));
        assert_eq!(tree.scalar(&Path::key("title")), Some("标'题"));
        assert_eq!(source(&Path::key("tags")), ("[a, \"b\"]", Style::Flow));
        assert_eq!(source(&Path::key("tags").item(1)), ("\"b\"", Style::Double));
        assert_eq!(source(&Path::key("list").item(0)), ("x", Style::Plain));
        assert_eq!(source(&Path::key("list").item(1)), ("", Style::Empty));
        assert_eq!(
            source(&Path::key("text")),
            ("|\r\n  a\r\n\r\n  b\r\n", Style::Literal)
        );
        let properties = tree.key("text").and_then(|node| node.properties.clone());
        let properties = properties.expect("an anchor and a tag");
        assert_eq!(properties.span.text(text), "&n !t");
        assert_eq!(properties.anchor.as_deref(), Some("n"));
        assert_eq!(source(&Path::key("last")), ("*n", Style::Alias));
        assert_eq!(source(&Path::key("empty")), ("", Style::Empty));
        assert_eq!(tree.comments().len(), 1);
    }

    #[test]
    fn templates_are_told_beforehand() {
        for with in [
            "a: '{{ x }}'",
            "a: {{x}}",
            "a: b {% x %}",
            "a: <%= x %>",
            "a: \"\\x7b{\"",
        ] {
            assert!(super::may_hold_templates(with), "{with}");
        }
        for without in ["a: {x: {y: z}}", "a: 标题 < 1 %", "a: '{ {'", ""] {
            assert!(!super::may_hold_templates(without), "{without}");
        }
    }

    #[test]
    fn dates_are_read_once_and_apart() {
        let tree = tree("---\ndate: 2022-07-09\nupdated: 2022-07-0x\nempty:\n---\n");
        for _ in 0..2 {
            let date = |key: &str| tree.date(tree.key(key).expect("it is there"));
            let day = date("date").expect("a date").day;
            assert_eq!(day.to_string(), "2022-07-09");
            assert!(date("updated").is_err());
            assert!(date("empty").is_err());
        }
        assert_eq!(tree.dates.borrow().len(), 2);
    }

    #[test]
    fn the_three_syntaxes_say_the_same() {
        let yaml = tree("---\ntitle: 标题\ntags: [a, b]\nn: 12\nok: true\nextra: {x: 1.5}\n---\n");
        let toml = tree(
            "+++\ntitle = \"标题\"\ntags = ['a', \"b\"]\nn = 12\nok = true\n[extra]\nx = 1.5\n+++\n",
        );
        let json = tree(
            "{\"title\": \"标题\", \"tags\": [\"a\", \"b\"], \"n\": 12, \"ok\": true, \"extra\": {\"x\": 1.5}}\n",
        );
        assert_eq!(yaml.differences(&toml), []);
        assert_eq!(yaml.differences(&json), []);
        assert_eq!(toml.differences(&json), []);
    }

    #[test]
    fn differences_are_named_and_order_is_none() {
        let one = tree("---\na: 1\nb: [x, y]\nc: {d: e}\nf: yes\n---\n");
        let two = tree("---\nc: {d: g}\nb: ['x', y]\na: 1\nf: \"yes\"\nh:\n---\n");
        let found: Vec<String> = one
            .differences(&two)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, ["c.d", "f", "h"]);
        let again = tree("---\na: 1\na: 1\n---\n");
        let once = tree("---\na: 1\n---\n");
        assert_eq!(again.differences(&once), [Path::key("a")]);
    }
}
