//! What checking front matter costs, beside the bare YAML parse of the same blocks.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;

use copydesk::document::Document;
use copydesk::engine::{Settings, lint};
use copydesk::registry::{Registry, Selection};
use copydesk::rule::Profile;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Blocks as posts have them: a few keys, some lists, comments, text in several scripts.
fn blocks() -> Vec<String> {
    (0..200)
        .map(|n| {
            let mut block = String::from("---\nlayout: post\n");
            let titles = [
                "一篇关于港口灯塔的文章",
                "The light at the harbour",
                "Über die Brücke: nein, danke",
            ];
            let _ = writeln!(block, "title: \"{} {n}\"", titles[n % 3]);
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

fn yaml_of(block: &str) -> &str {
    block.trim_start_matches("---\n").trim_end_matches("---\n")
}

fn front_matter(criterion: &mut Criterion) {
    let blocks = blocks();
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

    let mut group = criterion.benchmark_group("front matter");
    group.throughput(Throughput::Bytes(
        blocks.iter().map(|block| block.len() as u64).sum(),
    ));
    group.bench_function("bare YAML parse", |bencher| {
        bencher.iter(|| {
            for block in &blocks {
                for event in granit_parser::Parser::new_from_str(yaml_of(block)) {
                    let _ = black_box(event);
                }
            }
        });
    });
    group.bench_function("tree", |bencher| {
        bencher.iter(|| {
            for block in &blocks {
                let document = Document::new("_posts/2022-07-09-a.md", block.clone().into_bytes());
                black_box(document.front_matter().tree().is_some());
            }
        });
    });
    group.bench_function("check", |bencher| {
        bencher.iter(|| {
            for block in &blocks {
                let document = Document::new("_posts/2022-07-09-a.md", block.clone().into_bytes());
                black_box(lint(&document, &settings));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, front_matter);
criterion_main!(benches);
