//! What the tests over whole documents share: settings, and documents put together at random from
//! pieces that are hard to get right.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::sync::Arc;

use copydesk::engine::Settings;
use copydesk::registry::{Registry, Selection};
use copydesk::rule::Profile;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// So many cases, the same ones in every run: a change is judged by what it does and not by luck.
/// To look further, set `PROPTEST_RNG_SEED` to a number and `PROPTEST_CASES` to many.
pub fn config(cases: u32) -> ProptestConfig {
    let set = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    ProptestConfig {
        cases: set("PROPTEST_CASES")
            .and_then(|cases| u32::try_from(cases).ok())
            .unwrap_or(cases),
        rng_seed: RngSeed::Fixed(set("PROPTEST_RNG_SEED").unwrap_or(2024)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// All rules, or those of `select`, under the generic preset.
pub fn settings(profile: Profile, select: &[&str]) -> Settings {
    let registry = Registry::builtin();
    let preset = registry.preset("generic").expect("it ships").clone();
    let mut selection = Selection::new(profile, preset);
    selection.select = select.iter().map(|name| (*name).to_owned()).collect();
    Settings {
        rules: Arc::new(
            registry
                .compile(&selection)
                .unwrap_or_else(|p| panic!("{p:?}")),
        ),
        source_keys: vec!["from".to_owned()],
    }
}

/// Whether a rule is about the body: it matches elements.
pub fn groups(of_body: bool) -> Vec<String> {
    Registry::builtin()
        .rules()
        .iter()
        .filter(|entry| entry.rule.selector.is_some() == of_body)
        .filter(|entry| !matches!(&*entry.group, "suppressions" | "limits"))
        .map(|entry| entry.id.to_string())
        .collect()
}

/// A piece of any example of any rule, or of our own that ties things in knots.
fn body_piece() -> impl Strategy<Value = String> {
    let mut pieces: Vec<String> = Registry::documented()
        .rules()
        .iter()
        .filter(|entry| entry.rule.selector.is_some())
        .flat_map(|entry| &entry.rule.examples)
        .filter(|example| example.repeat.is_none())
        .flat_map(|example| example.before.iter().chain(&example.keep))
        .filter(|text| !text.starts_with("---") && text.len() < 600)
        .cloned()
        .collect();
    pieces.extend(
        [
            "一段文字。",
            "text",
            " ",
            "  ",
            "\t",
            "\n",
            "\n\n",
            "\n\n\n",
            "    ",
            "> ",
            "- ",
            "1. ",
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<section>",
            "</section>",
            "<ul><li>a<li>b</ul>",
            "```\n",
            "~~~~\n",
            "`",
            "``",
            "<!--",
            "-->",
            "<pre>",
            "</pre>",
            "<script>",
            "</script>",
            "<noscript>",
            "</noscript>",
            "{% raw %}",
            "{% endraw %}",
            "{{ x }}",
            "{{< fig >}}",
            "<?php",
            "?>",
            "<img src=a.png>",
            "<br>",
            "&nbsp;",
            "\u{feff}",
            "\0",
            "<td>",
            "<table><tr><td>",
            "</table>",
            "# 标题\n",
            "[a](#dfp-ad-1)",
            "<svg><path d='M0'/></svg>",
            "<a",
            "<b class='",
            "\"",
            "'",
            "</",
            "<",
            "\u{200d}😀",
            "<div id=\"dfp-ad-1\"></div>",
            "<div id=dfp-ad-2> </div>",
        ]
        .map(str::to_owned),
    );
    prop::sample::select(pieces)
}

fn head_piece() -> impl Strategy<Value = String> {
    prop::sample::select(
        [
            "title: 标题",
            "title: a: b",
            "title: \"x\"",
            "title:",
            "date: 2022-07-09T11:10:00.000Z",
            "date: 2022-13-45",
            "tags: [ a, b, a ]",
            "tags:\n  - x\n  - x",
            "tags:\n\t- x",
            "from: https://example.com/a?b=1&c=2",
            "# comment",
            "# copydesk-ignore: duplicate-key",
            "title: it's",
            "'quoted key': \"v\"",
            "body: |\n  line: 1\n  # no comment",
            "ref: &a x",
            "again: *a",
            "comments: True",
            "",
            "  ",
            "bad",
            "x: {a: 1, b: [2]}",
            "x: @handle",
            "description: >-\n  长\n  文",
        ]
        .map(str::to_owned)
        .to_vec(),
    )
}

/// A document: perhaps a byte order mark, perhaps front matter (perhaps not closed), a body.
pub fn document() -> impl Strategy<Value = String> {
    (
        any::<bool>(),
        prop::option::of((
            prop::collection::vec(head_piece(), 0..7),
            prop::sample::select(vec!["---", "...", "", "--- "]),
        )),
        prop::collection::vec(body_piece(), 0..14),
        any::<bool>(),
    )
        .prop_map(|(bom, head, body, crlf)| {
            let mut text = String::new();
            if let Some((lines, closer)) = head {
                text.push_str("---\n");
                for line in lines {
                    text.push_str(&line);
                    text.push('\n');
                }
                text.push_str(closer);
                text.push('\n');
            }
            text.extend(body);
            if crlf {
                text = text.replace("\r\n", "\n").replace('\n', "\r\n");
            }
            if bom { format!("\u{feff}{text}") } else { text }
        })
}
