//! What it costs to check front matter, beside the bare parse of the same blocks:
//! `cargo bench --bench front_matter [FOLDER]`. Without a folder, 2,000 made-up posts.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use copydesk::document::Document;
use copydesk::engine::{Settings, lint};
use copydesk::frontmatter::{self, Syntax};
use copydesk::registry::{Registry, Selection};
use copydesk::rule::Profile;

const ROUNDS: usize = 7;

fn main() {
    let folder = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
    let posts = match folder {
        Some(folder) => {
            let mut posts = Vec::new();
            collect(Path::new(&folder), &mut posts);
            posts
        }
        None => (0..2000).map(made_up).collect(),
    };
    // The heads alone: the body is not what is measured.
    let heads: Vec<(String, String)> = posts
        .iter()
        .filter_map(|text| {
            let block = frontmatter::read(text).block()?.clone();
            let yaml = block.syntax == Syntax::Yaml && block.closer.is_some();
            yaml.then(|| {
                (
                    text[..block.body_start].to_owned(),
                    text[block.content.start..block.content.end].to_owned(),
                )
            })
        })
        .collect();
    let bytes: usize = heads.iter().map(|(_, content)| content.len()).sum();
    let registry = Registry::builtin();
    let preset = registry.preset("generic").expect("it ships").clone();
    let mut selection = Selection::new(Profile::Own, preset);
    for entry in registry.rules() {
        let front = !matches!(&*entry.group, "limits" | "suppressions")
            && entry.rule.selector.is_none()
            && entry.rule.default.is_on(Profile::Own);
        if front {
            selection.select.push(entry.id.to_string());
        }
    }
    let settings = Settings {
        rules: Arc::new(registry.compile(&selection).expect("it compiles")),
        source_keys: vec!["from".to_owned()],
    };
    let bare = best(|| {
        for (_, content) in &heads {
            for event in granit_parser::Parser::new_from_str(content) {
                let _ = black_box(event);
            }
        }
    });
    let read = best(|| {
        for (head, _) in &heads {
            black_box(frontmatter::read(head));
        }
    });
    let check = best(|| {
        for (head, _) in &heads {
            let document = Document::new("a.md", head.clone().into_bytes());
            black_box(lint(&document, &settings));
        }
    });
    let per = |time: Duration| time.as_secs_f64() * 1e6 / heads.len().max(1) as f64;
    println!(
        "{} blocks, {bytes} bytes, {} rules",
        heads.len(),
        settings.rules.rules().len()
    );
    println!("bare parse  {:8.2} us a block", per(bare));
    println!(
        "tree        {:8.2} us a block  {:.2} x",
        per(read),
        per(read) / per(bare)
    );
    println!(
        "all checks  {:8.2} us a block  {:.2} x",
        per(check),
        per(check) / per(bare)
    );
}

fn best(mut work: impl FnMut()) -> Duration {
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn made_up(n: usize) -> String {
    format!(
        "---\nlayout: post\ntitle: \"标题 {n}: 一个比较长的标题，带有标点\"\ndate: 2022-07-{:02}T11:10:00.000Z\nauthor: 作者{}\nfrom: https://example.com/news/{n}?id={n}\ntags: [ 标签{}, 新闻, \"a, b\" ]\ncategories:\n  - 时事\n  - 第{n}类\ncomments: True\ndescription: >-\n  第一行\n  第二行\n---\n正文\n",
        n % 28 + 1,
        n % 7,
        n % 50
    )
}

fn collect(path: &Path, posts: &mut Vec<String>) {
    if let Ok(entries) = std::fs::read_dir(path) {
        for entry in entries.flatten() {
            collect(&entry.path(), posts);
        }
    } else if path.extension().is_some_and(|ending| ending == "md") {
        posts.extend(std::fs::read_to_string(path));
    }
}
