//! What fires in a page says nothing and changes nothing in a code sample, a comment, or a template.

mod common;

use copydesk::document::Document;
use copydesk::engine::{fix, lint};
use copydesk::finding::Safety;
use copydesk::registry::Registry;
use copydesk::rule::{Activation, Profile};

/// A construct, the ending of files that have it, what it cannot hold, and how it holds a text.
struct Construct {
    name: &'static str,
    path: &'static str,
    cannot_hold: &'static [&'static str],
    wrap: fn(&str) -> String,
}

const CONSTRUCTS: &[Construct] = &[
    Construct {
        name: "fenced code",
        path: "a.md",
        cannot_hold: &["````"],
        wrap: |text| format!("前言\n\n````html\n{text}\n````\n\n后记\n"),
    },
    Construct {
        name: "a fence that is never closed",
        path: "a.md",
        cannot_hold: &["~~~~"],
        wrap: |text| format!("a\n\n~~~~\n{text}\n"),
    },
    Construct {
        name: "fenced code with CRLF",
        path: "a.md",
        cannot_hold: &["````"],
        wrap: |text| {
            format!(
                "前言\r\n\r\n````html\r\n{}\r\n````\r\n",
                text.replace("\r\n", "\n").replace('\n', "\r\n")
            )
        },
    },
    Construct {
        name: "fenced code in a list",
        path: "a.md",
        cannot_hold: &["````"],
        wrap: |text| {
            format!(
                "- a\n\n  ````\n  {}\n  ````\n- b\n",
                text.replace('\n', "\n  ")
            )
        },
    },
    Construct {
        name: "a longer fence that holds a shorter one",
        path: "a.md",
        cannot_hold: &["``````"],
        wrap: |text| format!("a\n\n``````md\n```html\n{text}\n```\n{text}\n``````\n\nb\n"),
    },
    Construct {
        name: "a fence of tildes",
        path: "a.md",
        cannot_hold: &["~~~"],
        wrap: |text| format!("a\n~~~ html\n{text}\n~~~\nb\n"),
    },
    Construct {
        name: "fenced code in a quotation",
        path: "a.md",
        cannot_hold: &["````"],
        wrap: |text| {
            format!(
                "> a\n>\n> ````\n> {}\n> ````\n\nb\n",
                text.replace('\n', "\n> ")
            )
        },
    },
    Construct {
        name: "fenced code in a quotation in a numbered list",
        path: "a.md",
        cannot_hold: &["````"],
        wrap: |text| {
            format!(
                "1. 甲\n\n   > ````\n   > {}\n   > ````\n2. b\n",
                text.replace('\n', "\n   > ")
            )
        },
    },
    Construct {
        name: "indented code in a list",
        path: "a.md",
        cannot_hold: &[],
        wrap: |text| {
            format!(
                "- a\n\n      {}\n\n- b\n",
                text.trim_start().replace('\n', "\n      ")
            )
        },
    },
    Construct {
        name: "inline code",
        path: "a.md",
        cannot_hold: &["\n\n", "\n", "`"],
        wrap: |text| format!("Write `` {text} `` here, 这里。\n"),
    },
    Construct {
        name: "indented code",
        path: "a.md",
        cannot_hold: &[],
        wrap: |text| {
            format!(
                "a\n\n    {}\n\nb\n",
                text.trim_start().replace('\n', "\n    ")
            )
        },
    },
    Construct {
        name: "a comment",
        path: "a.html",
        cannot_hold: &["--", "<!"],
        wrap: |text| format!("<p>a</p><!-- {text} --><p>b</p>\n"),
    },
    Construct {
        name: "a comment in Markdown",
        path: "a.md",
        cannot_hold: &["--", "<!"],
        wrap: |text| format!("a\n\n<!--\n{text}\n-->\n\nb\n"),
    },
    Construct {
        name: "preformatted text",
        path: "a.html",
        cannot_hold: &["<pre", "</pre"],
        wrap: |text| format!("<pre><code>{text}</code></pre>\n"),
    },
    Construct {
        name: "preformatted text in Markdown",
        path: "a.md",
        cannot_hold: &["<pre", "</pre"],
        wrap: |text| format!("a\n\n<pre>\n{text}\n</pre>\n\nb\n"),
    },
    Construct {
        name: "a code element",
        path: "a.html",
        cannot_hold: &["<code", "</code"],
        wrap: |text| format!("<p>a</p><div><code>{text}</code></div>\n"),
    },
    Construct {
        name: "a code element in Markdown",
        path: "a.md",
        cannot_hold: &["<code", "</code", "\n"],
        wrap: |text| format!("a\n\n<div><code>{text}</code></div>\n\nb\n"),
    },
    Construct {
        name: "a comment over blank lines and fences",
        path: "a.md",
        cannot_hold: &["--", "<!"],
        wrap: |text| format!("a\n\n<!--\n\n```\n\n{text}\n\n-->\n\nb\n"),
    },
    Construct {
        name: "a Liquid raw block in HTML",
        path: "a.html",
        cannot_hold: &["{%"],
        wrap: |text| format!("<p>a</p>\n{{% raw %}}{text}{{% endraw %}}\n<p>b</p>\n"),
    },
    Construct {
        name: "a Liquid comment",
        path: "a.md",
        cannot_hold: &["{%"],
        wrap: |text| format!("{{%- comment -%}}\n\n{text}\n\n{{%- endcomment -%}}\n"),
    },
    Construct {
        name: "a highlight block of Hugo",
        path: "a.md",
        cannot_hold: &["{{"],
        wrap: |text| format!("{{{{< highlight html >}}}}\n{text}\n{{{{< /highlight >}}}}\n"),
    },
    Construct {
        name: "a Liquid raw block",
        path: "a.md",
        cannot_hold: &["{%"],
        wrap: |text| format!("{{% raw %}}\n{text}\n{{% endraw %}}\n"),
    },
    Construct {
        name: "an MDX expression in an attribute",
        path: "a.mdx",
        cannot_hold: &["`", "${", "\\"],
        wrap: |text| format!("<Sample code={{`{text}`}} />\n"),
    },
    Construct {
        name: "an MDX comment",
        path: "a.mdx",
        cannot_hold: &["*/"],
        wrap: |text| format!("a\n\n{{/* {text} */}}\n\nb\n"),
    },
    Construct {
        name: "an MDX expression",
        path: "a.mdx",
        cannot_hold: &["`", "${", "\\"],
        wrap: |text| format!("# a\n\n{{`{text}`}}\n"),
    },
];

/// The front matter of a text and what follows it.
fn parted(text: &str) -> (&str, &str) {
    let end = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.find("\n---\n"))
        .map_or(0, |at| at + "---\n".len() + "\n---\n".len());
    text.split_at(end)
}

#[test]
fn what_is_hidden_is_left_alone() {
    let mut tried = 0;
    let mut untried = Vec::new();
    for profile in [Profile::Own, Profile::Archive, Profile::Sanitize] {
        let rules: Vec<_> = Registry::documented()
            .rules()
            .iter()
            .filter(|entry| entry.rule.selector.is_some())
            .filter(|entry| match &entry.rule.default {
                Activation::In(profiles) => profiles.contains(&profile),
                Activation::On | Activation::Off => true,
            })
            .collect();
        let names: Vec<&str> = rules.iter().map(|entry| &*entry.id).collect();
        let settings = common::settings(profile, &names);
        for entry in rules {
            let tried_before = tried;
            let befores = entry
                .rule
                .examples
                .iter()
                .filter(|example| example.repeat.is_none());
            for before in befores.filter_map(|example| example.before.as_deref()) {
                let (head, body) = parted(before);
                for construct in CONSTRUCTS {
                    if construct.cannot_hold.iter().any(|part| body.contains(part)) {
                        continue;
                    }
                    let text = format!("{head}{}", (construct.wrap)(body));
                    let document = Document::new(construct.path, text.clone().into_bytes());
                    let said: Vec<_> = lint(&document, &settings)
                        .into_iter()
                        .filter(|finding| finding.fix.is_some())
                        .map(|finding| finding.rule)
                        .collect();
                    assert!(
                        said.is_empty(),
                        "{} in {}: {said:?}\n{text}",
                        entry.id,
                        construct.name
                    );
                    let fixed = fix(&document, &settings, Safety::Unsafe);
                    assert_eq!(
                        String::from_utf8_lossy(&fixed.bytes),
                        text,
                        "{} in {}",
                        entry.id,
                        construct.name
                    );
                    tried += 1;
                }
            }
            if tried == tried_before {
                untried.push(entry.id.to_string());
            }
        }
    }
    assert!(untried.is_empty(), "no example of {untried:?} was tried");
    assert!(tried > 3_000, "only {tried} were tried");
}
