//! What checking front matter costs, beside the bare YAML parse of the same blocks.
//!
//! For each kind of block three figures over the same 200 files, all in memory and without a body:
//!
//! * `bare`: the events of `granit-parser`, thrown away as they come;
//! * `tree`: our tree with all spans, which is that parse and the memory for what it says;
//! * `check`: a whole run of the engine (finding the block, the tree, suppressions, every rule over
//!   front matter that is on by default under Jekyll's preset, the findings), from the bytes on.
//!
//! `check` is to cost at most three times what `bare` does. Rules over elements of the body are left
//! out: there is no body. What counts is the steady state over the files of a folder: rules are
//! compiled, and each regular expression is made, before the first figure is taken.
//!
//! Times waver on a busy machine. Instructions do not; each figure has a function of its own, so that
//! one pass over the files can be counted without what leads up to it:
//!
//! ```text
//! valgrind --tool=callgrind --toggle-collect='*check_pass*' front_matter-… --test 'posts/check'
//! ```

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use copydesk::document::Document;
use copydesk::engine::{Settings, lint};
use copydesk::registry::{Registry, Selection};
use copydesk::rule::Profile;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const TITLES: [&str; 3] = [
    "一篇关于港口灯塔的文章",
    "The light at the harbour",
    "Über die Brücke: nein, danke",
];

/// Blocks as posts have them: a few keys, some lists, a comment, text in several scripts.
fn posts() -> Vec<String> {
    (0..200)
        .map(|n| {
            let mut block = String::from("---\nlayout: post\n");
            let _ = writeln!(block, "title: \"{} {n}\"", TITLES[n % 3]);
            let _ = writeln!(
                block,
                "date: 2022-{:02}-{:02}T11:10:00.000Z",
                1 + n % 12,
                1 + n % 28
            );
            block.push_str("author: 编辑部 # the desk\n");
            let _ = writeln!(block, "from: https://example.com/story/{n}?page=1&lang=zh");
            if n % 2 == 0 {
                block.push_str("tags: [ 集市, harbour, \"a, b\" ]\n");
            } else {
                block.push_str("tags:\n  - 集市\n  - harbour\n  - walks\n");
            }
            if n % 5 == 0 {
                block.push_str(
                    "description: >-\n  A longer text that is\n  folded over two lines.\n",
                );
            }
            block.push_str("comments: true\ncategories: [ 新闻 ]\n---\n");
            block
        })
        .collect()
}

/// The least that a post has.
fn short() -> Vec<String> {
    (0..200)
        .map(|n| {
            let day = 1 + n % 28;
            format!(
                "---\ntitle: {} \ndate: 2022-07-{day:02}\n---\n",
                TITLES[n % 2]
            )
        })
        .collect()
}

/// Twenty keys and more: what an importer writes, with keys of its own, maps and comments.
fn long() -> Vec<String> {
    posts()
        .into_iter()
        .enumerate()
        .map(|(n, block)| {
            let mut block = block.trim_end_matches("---\n").to_owned();
            let _ = writeln!(
                block,
                "# imported\nwp_id: {n}\nguid: https://example.com/?p={n}"
            );
            block.push_str("published: true\nsubtitle: Ein Untertitel\nslug: a-slug\n");
            block.push_str("image:\n  src: /a.jpg # the cover\n  alt: 灯塔\n  credit: Somebody\n");
            block.push_str("keywords: [one, two, three, 四]\nseries: harbours\nweight: 12\n");
            block.push_str(
                "lang: zh\ntoc: false\nrating: 4.5\nupdated: 2023-01-02 10:00:00 +0800\n",
            );
            block.push_str(
                "summary: |\n  第一行。\n  第二行。\nredirect_from:\n  - /old\n  - /older\n---\n",
            );
            block
        })
        .collect()
}

fn yaml_of(block: &str) -> &str {
    block.trim_start_matches("---\n").trim_end_matches("---\n")
}

fn front_matter(criterion: &mut Criterion) {
    let registry = Registry::builtin();
    let preset = registry
        .preset("jekyll")
        .or_else(|| registry.preset("generic"))
        .expect("it ships")
        .clone();
    let mut selection = Selection::new(Profile::Own, preset);
    let of_the_body = |group: &str| {
        registry
            .rules()
            .iter()
            .any(|entry| &*entry.group == group && entry.rule.selector.is_some())
    };
    selection.ignore = registry
        .groups()
        .iter()
        .filter(|group| of_the_body(group))
        .map(ToString::to_string)
        .collect();
    let settings = Settings {
        rules: Arc::new(
            registry
                .compile(&selection)
                .expect("the default rules compile"),
        ),
        source_keys: vec!["from".to_owned()],
    };

    for (kind, blocks) in [("short", short()), ("posts", posts()), ("long", long())] {
        measure(criterion, kind, &blocks, &settings);
    }
}

fn measure(criterion: &mut Criterion, kind: &str, blocks: &[String], settings: &Settings) {
    // What is made at its first use, such as a regular expression, is made once for a whole folder.
    for block in blocks {
        black_box(lint(&document(block), settings));
    }
    let mut group = criterion.benchmark_group(format!("front matter, {kind}"));
    group.throughput(Throughput::Bytes(
        blocks.iter().map(|block| block.len() as u64).sum(),
    ));
    group.bench_function("bare", |bencher| bencher.iter(|| bare_pass(blocks)));
    group.bench_function("tree", |bencher| bencher.iter(|| tree_pass(blocks)));
    group.bench_function("check", |bencher| {
        bencher.iter(|| check_pass(blocks, settings));
    });
    group.finish();
}

fn document(block: &str) -> Document {
    Document::new("_posts/2022-07-09-a.md", block.to_owned().into_bytes())
}

#[inline(never)]
fn bare_pass(blocks: &[String]) {
    for block in blocks {
        for event in granit_parser::Parser::new_from_str(yaml_of(block)) {
            let _ = black_box(event);
        }
    }
}

#[inline(never)]
fn tree_pass(blocks: &[String]) {
    for block in blocks {
        black_box(document(block).front_matter().tree().is_some());
    }
}

#[inline(never)]
fn check_pass(blocks: &[String], settings: &Settings) {
    for block in blocks {
        black_box(lint(&document(block), settings));
    }
}

criterion_group!(benches, front_matter);
criterion_main!(benches);
