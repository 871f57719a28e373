//! Cleaning a page as a stream, beside cleaning it whole, beside the bare tokenizer.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Write as _, sink};
use std::sync::Arc;

use copydesk::document::Document;
use copydesk::engine::{Cleaner, Settings, fix};
use copydesk::finding::Safety;
use copydesk::registry::{Registry, Selection};
use copydesk::rule::Profile;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lol_html::{HtmlRewriter, element};

/// A page of about 4 MB: paragraphs, headings and lists, a leftover here and there.
fn page() -> String {
    let mut page = String::from("<!DOCTYPE html>\n<html><body><article>\n");
    for n in 0..20_000 {
        let _ = writeln!(
            page,
            "<p>一段文字，灯塔还在转动 <em>number {n}</em> and some more words to read.</p>"
        );
        match n % 10 {
            0 => page.push_str("<div id=\"dfp-ad-1\">   </div>\n"),
            3 => {
                page.push_str("<img class=\"photo lazyload\" data-src=\"/a.jpg\" src=\"/a.jpg\">\n")
            }
            5 => page.push_str("<ul class=\"list\">\n  <li>one</li>\n  <li>two</li>\n</ul>\n"),
            7 => page.push_str("<section>\n<div id=\"innity-x\"></div>\n</section>\n"),
            _ => {}
        }
    }
    page.push_str("</article></body></html>\n");
    page
}

fn cleaner(criterion: &mut Criterion) {
    let page = page();
    let registry = Registry::builtin();
    let preset = registry.preset("generic").expect("it ships").clone();
    let rules = registry
        .compile(&Selection::new(Profile::Own, preset))
        .expect("the default rules compile");
    let settings = Settings {
        rules: Arc::new(rules),
        source_keys: Vec::new(),
    };
    let mut group = criterion.benchmark_group("cleaner");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(page.len() as u64));
    group.bench_function("tokenizer", |bencher| {
        bencher.iter(|| {
            let settings = lol_html::Settings::new()
                .with_strict(false)
                .append_element_content_handler(element!("*", |tag| {
                    black_box(tag.attributes().len());
                    Ok(())
                }));
            let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
            rewriter.write(page.as_bytes()).expect("no limit is set");
            rewriter.end().expect("no limit is set");
        });
    });
    group.bench_function("whole", |bencher| {
        bencher.iter(|| {
            let document = Document::new("a.html", page.clone().into_bytes());
            black_box(fix(&document, &settings, Safety::Safe).bytes.len())
        });
    });
    group.bench_function("stream", |bencher| {
        bencher.iter(|| {
            let mut cleaner = Cleaner::new(sink(), settings.clone(), Safety::Safe);
            for chunk in page.as_bytes().chunks(64 << 10) {
                cleaner.write_all(chunk).expect("a sink takes all");
            }
            black_box(cleaner.finish().expect("a sink takes all").1.written)
        });
    });
    group.finish();
}

criterion_group!(benches, cleaner);
criterion_main!(benches);
