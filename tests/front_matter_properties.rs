//! What holds for every block, however odd: nothing panics, every span is exact, and no fix
//! changes more than it says.

mod common;

use copydesk::document::Document;
use copydesk::engine::{fix, lint};
use copydesk::finding::Safety;
use copydesk::frontmatter::{self, Data, FrontMatter, Node, Style, Syntax, Tree};
use copydesk::rule::Profile;
use proptest::prelude::*;

const SEEDS: [&str; 9] = [
    "---\n# 关于\nlayout: post\ntitle: \"中美: \\\"共识\\\"\" # why\ndate: 2022-07-09T11:10:00.000Z\ntags: [ 联合早报, 'a''b', \"c, d\", yes ]\ncomments: True\n---\n正文\n",
    "\u{feff}---\r\ntitle: >-\r\n  folded\r\n  text\r\n\r\n  more\r\nlist:\r\n  - a\r\n  - b: 1\r\n    c: |+\r\n      x\r\n\r\n  -\r\nempty:\r\n---\r\n",
    "---\nbase: &b {a: 1, b: [x, y, ]}\nother: *b\ntagged: !!str 12\n? complex\n: value\n'q k' : \"esc \\u4e2d \\x41\"\n---\n",
    "---\ntags:\n- 甲\n- 乙\n- 甲\nfrom: https://example.com/?utm_source=x&a=1\nTitle:  double  blank \u{200b}\u{85}x\nimage:\n  src: a b\n...\n",
    "+++\ntitle = \"标题\"\ndate = 2022-07-09T11:10:00Z\ntags = [\n  \"a\", # one\n  'a',\n]\n[extra]\nx = { y = 1 }\n[[list]]\nz = '''\nraw'''\nw = \"\"\"\nm\\\n  n\"\"\"\n+++\n",
    "{\n  \"title\": \"标题\\u4e2d\",\n  \"tags\": [\"a\", \"a\", \"\"],\n  \"n\": null, \"f\": 1.5e3,\n  \"title\": \"x\"\n}\n\n正文\n",
    "\"title\": \"Hexo\",\n\"tags\": [\"a\"]\n;;;\n正文\n",
    "---\ntitle: a: b\ntags:\n\t- x\nname: 'it's'\npath: \"\\d\"\n@x\n---\n",
    "---\ntitle: a\n\ntext\n\n---\n",
];

const PIECES: [&str; 34] = [
    ": ",
    "\n",
    "\r\n",
    "\t",
    "  ",
    "- ",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    " #",
    "&a ",
    "*a",
    "!!str ",
    "|\n",
    ">\n",
    "---\n",
    "...\n",
    "+++\n",
    "标题",
    "\u{feff}",
    "\u{85}",
    "👩\u{200d}💻",
    "\u{0}",
    "\\",
    "? ",
    "= ",
    "<<: ",
    "012",
    "~",
];

fn mutant() -> impl Strategy<Value = String> {
    let edit = (
        any::<prop::sample::Index>(),
        0usize..4,
        prop::sample::select(PIECES.to_vec()),
    );
    (
        prop::sample::select(SEEDS.to_vec()),
        prop::collection::vec(edit, 0..6),
    )
        .prop_map(|(seed, edits)| {
            let mut text: Vec<char> = seed.chars().collect();
            for (at, gone, piece) in edits {
                let at = at.index(text.len() + 1);
                let end = (at + gone).min(text.len());
                text.splice(at..end, piece.chars());
            }
            text.into_iter().collect()
        })
}

/// The scalars of a tree, keys too.
fn leaves<'t>(node: &'t Node, found: &mut Vec<&'t Node>) {
    match &node.data {
        Data::Scalar { .. } => found.push(node),
        Data::List(items) => items.iter().for_each(|item| leaves(item, found)),
        Data::Map(entries) => {
            for entry in entries {
                leaves(&entry.key, found);
                leaves(&entry.value, found);
            }
        }
        Data::Alias(_) => {}
    }
}

/// The bytes of a scalar, read by themselves, give its text again.
fn reads_back(text: &str, tree: &Tree, node: &Node) -> Result<(), String> {
    let source = node.span.text(text);
    let wanted = node.text().unwrap_or_default();
    if node.style == Style::Empty {
        return if source.is_empty() {
            Ok(())
        } else {
            Err(format!("{source:?} is not empty"))
        };
    }
    // Alone on its line this would be a delimiter, or a key.
    if source.starts_with("---")
        || source.starts_with("...")
        || source.ends_with(':')
        || matches!(source, "-" | "?")
    {
        return Ok(());
    }
    let alone = match tree.syntax() {
        Syntax::Yaml => format!("---\n{source}\n---\n"),
        Syntax::Toml => format!("+++\na = {source}\n+++\n"),
        Syntax::Json => format!("{{\"a\": {source}}}\n"),
    };
    if tree.syntax() == Syntax::Toml && node.style == Style::Plain {
        // A bare key is no value.
        return if source.contains(wanted) {
            Ok(())
        } else {
            Err(format!("{source:?} for {wanted:?}"))
        };
    }
    if matches!(node.style, Style::Literal | Style::Folded) {
        let header = source.lines().next().unwrap_or("");
        let lines_up = wanted
            .split('\n')
            .filter(|line| !line.trim().is_empty())
            .all(|line| line.split(' ').all(|word| source.contains(word)));
        return if header.starts_with(['|', '>']) && lines_up {
            Ok(())
        } else {
            Err(format!("{source:?} for {wanted:?}"))
        };
    }
    let again = frontmatter::read(&alone);
    let Some(read) = again.tree() else {
        return Err(format!("{alone:?} does not parse"));
    };
    let value = match tree.syntax() {
        Syntax::Yaml => Some(read.root()),
        _ => read.key("a"),
    };
    if value.and_then(Node::text) == Some(wanted) {
        Ok(())
    } else {
        Err(format!(
            "{source:?} gives {:?}, not {wanted:?}",
            value.and_then(Node::text)
        ))
    }
}

proptest! {
    #![proptest_config(common::config(800))]

    #[test]
    fn spans_are_exact(text in mutant()) {
        if let FrontMatter::Parsed { block, tree } = frontmatter::read(&text) {
            prop_assert!(block.content.end <= block.body_start && block.body_start <= text.len());
            let mut found = Vec::new();
            leaves(tree.root(), &mut found);
            for node in found {
                let outcome = reads_back(&text, &tree, node);
                prop_assert!(outcome.is_ok(), "{text:?}: {outcome:?}");
            }
            for comment in tree.comments() {
                prop_assert!(comment.text(&text).starts_with('#'), "{text:?}");
            }
        }
    }

    #[test]
    fn problems_lie_in_the_file(text in mutant()) {
        for problem in frontmatter::read(&text).problems() {
            prop_assert!(problem.span.end <= text.len(), "{text:?}: {problem:?}");
            prop_assert!(text.get(problem.span.start..problem.span.end).is_some(), "{text:?}: {problem:?}");
            for edit in problem.fix.iter().flat_map(|fix| &fix.edits) {
                prop_assert!(text.get(edit.span.start..edit.span.end).is_some(), "{text:?}: {problem:?}");
            }
        }
    }

    #[test]
    fn arbitrary_text_is_read(text in "(---|\\+\\+\\+|\\{)\n[ -~\n\t:\"'\u{4e00}-\u{4e20}]{0,60}\n(---|\\+\\+\\+|\\})\n") {
        let _ = frontmatter::read(&text);
    }
}

proptest! {
    #![proptest_config(common::config(150))]

    #[test]
    fn no_fix_changes_more_than_it_says(text in mutant()) {
        let settings = common::settings(Profile::Own, &["syntax", "schema", "dates", "text", "taxonomy", "urls", "consistency", "layout", "encoding"]);
        let document = Document::new("a.md", text.clone().into_bytes());
        for finding in lint(&document, &settings) {
            let withheld = finding.withheld.as_deref().unwrap_or("");
            prop_assert!(!withheld.contains("bug"), "{text:?}: {}: {withheld}", finding.rule);
        }
        let fixed = fix(&document, &settings, Safety::Unsafe);
        prop_assert!(fixed.stopped.is_none(), "{text:?}: {:?}", fixed.stopped);
        if document.front_matter().tree().is_some() {
            let after = document.with_bytes(fixed.bytes);
            prop_assert!(after.front_matter().tree().is_some(), "{text:?}");
        }
    }
}
