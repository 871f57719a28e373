//! A stream gives the bytes that a whole file gives, whatever the chunks.

mod common;

use std::io::{self, Write};

use copydesk::document::Document;
use copydesk::engine::{Cleaner, Limits, fix};
use copydesk::finding::Safety;
use copydesk::rule::Profile;
use proptest::prelude::*;

/// Small enough that a page of a few kilobytes is cut many times.
const TIGHT: Limits = Limits {
    window: 200,
    look_back: 4_000,
    longest_token: 100_000,
};

fn stream(text: &[u8], chunk: usize, limits: Limits) -> Vec<u8> {
    let settings = common::settings(Profile::Own, &[]);
    let mut cleaner = Cleaner::new(Vec::new(), settings, Safety::Safe).limits(limits);
    for piece in text.chunks(chunk.max(1)) {
        cleaner.write_all(piece).expect("a vector takes all");
    }
    let (bytes, report) = cleaner.finish().expect("a vector takes all");
    assert_eq!(report.read, text.len() as u64);
    assert_eq!(report.written, bytes.len() as u64);
    bytes
}

fn whole(text: &[u8]) -> Vec<u8> {
    let document = Document::new("stream.html", text.to_vec());
    fix(
        &document,
        &common::settings(Profile::Own, &[]),
        Safety::Safe,
    )
    .bytes
}

/// A page of blocks as articles have them, with leftovers between them.
fn page() -> impl Strategy<Value = String> {
    let block = prop::sample::select(vec![
        "<p>第一段，灯塔还在转动。</p>",
        "<p>A paragraph with <em>some</em> words in it.</p>\n",
        "\n<div class=\"box\">\n  <h2>Heading</h2>\n  <p>Text</p>\n</div>\n",
        "<section><p>a</p><div id=\"dfp-ad-1\"> </div></section>",
        "<section>\n  <div id=\"dfp-ad-2\"> </div>\n</section>\n",
        "<div id=\"innity-x\"></div>",
        "<p>&nbsp;</p>",
        "<p></p>\r\n",
        "<img class=\"a lazyload\" data-src=\"/a.jpg\" src=\"/a.jpg\">",
        "<img class=\"lazyload\" data-src=\"https://e.com/b.jpg\" src=\"data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==\">",
        "<ul><li>one<li>two</ul>",
        "<table><tr><td>cell<td>cell</table>",
        "<!-- a comment -->",
        "\n<!-- copydesk-ignore: all -->\n<p></p>\n<p></p>\n",
        "<script>var a = '<p></p>';</script>",
        "<pre>  <p></p>  </pre>",
        "text outside",
        "<blockquote><p>quoted</p></blockquote>",
        "<div><div><div><p>deep</p><p> </p></div></div></div>",
        "<span></span>",
        "<br>",
    ]);
    prop::collection::vec(block, 0..60).prop_map(|blocks| {
        let body = blocks.concat();
        format!("<!DOCTYPE html>\n<html><body class=\"post\">\n<article>\n{body}\n</article></body></html>\n")
    })
}

proptest! {
    #![proptest_config(common::config(120))]

    #[test]
    fn any_chunks_give_the_bytes_of_the_whole_file(page in page(), chunk in 1usize..500) {
        let expected = whole(page.as_bytes());
        let streamed = stream(page.as_bytes(), chunk, TIGHT);
        prop_assert_eq!(String::from_utf8_lossy(&streamed), String::from_utf8_lossy(&expected));
    }

    #[test]
    fn soup_streams_without_panic_and_without_loss_of_text(text in common::document(), chunk in 1usize..80) {
        let streamed = stream(text.as_bytes(), chunk, TIGHT);
        // Text as a reader sees it: what is in scripts and in `noscript` depends on the whole page.
        let words = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let page = scraper::Html::parse_document(&text);
            page.root_element()
                .descendants()
                .filter(|node| {
                    !node.ancestors().any(|up| {
                        let name = up.value().as_element().map(scraper::node::Element::name);
                        matches!(name, Some("noscript" | "script" | "style"))
                    })
                })
                .filter_map(|node| Some(node.value().as_text()?.split_whitespace().collect::<String>().len()))
                .sum::<usize>()
        };
        // What whole files keep, a stream keeps; it may keep more.
        prop_assert!(words(&streamed) >= words(&whole(text.as_bytes())));
    }
}

#[test]
fn output_flows_before_the_input_ends() {
    let settings = common::settings(Profile::Own, &[]);
    let mut cleaner = Cleaner::new(Counted(0), settings, Safety::Safe).limits(TIGHT);
    cleaner
        .write_all("<html><body>".as_bytes())
        .expect("counted");
    for _ in 0..2_000 {
        cleaner
            .write_all("<p>一段。</p><div id=\"dfp-ad-1\"> </div>".as_bytes())
            .expect("counted");
    }
    let (counted, report) = cleaner.finish().expect("counted");
    assert!(counted.0 > 10, "written in {} pieces", counted.0);
    assert_eq!(report.applied.values().sum::<usize>(), 2_000);
}

struct Counted(usize);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += 1;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_element_that_stays_open_too_long_stays() {
    let mut text = String::from("<div id=\"dfp-ad-1\">");
    text.push_str(&"<i> </i>".repeat(2_000));
    text.push_str("</div><p></p><p>end</p>");
    let streamed = stream(text.as_bytes(), 1_000, TIGHT);
    assert!(streamed.starts_with(b"<div id=\"dfp-ad-1\">"));
    assert!(streamed.ends_with(b"</div><p>end</p>"));
}

#[test]
fn an_endless_token_is_passed_on() {
    let text = format!("<p></p><p>a</p><!--{}", "x".repeat(300_000));
    for chunk in [5_000, text.len()] {
        let settings = common::settings(Profile::Own, &[]);
        let mut cleaner = Cleaner::new(Vec::new(), settings, Safety::Safe).limits(TIGHT);
        for piece in text.as_bytes().chunks(chunk) {
            cleaner.write_all(piece).expect("a vector takes all");
        }
        let (bytes, report) = cleaner.finish().expect("a vector takes all");
        assert!(report.gave_up_at.is_some());
        assert!(bytes.ends_with(b"xxx"));
        assert!(text.len() - bytes.len() <= "<p></p>".len());
    }
}

#[test]
fn a_writer_that_fails_is_heard() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("no room"))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut cleaner =
        Cleaner::new(Full, common::settings(Profile::Own, &[]), Safety::Safe).limits(TIGHT);
    let text = "<p>a</p>".repeat(500);
    assert!(cleaner.write_all(text.as_bytes()).is_err());
}

#[test]
fn directives_reach_across_windows() {
    let filler = "<p>words</p>".repeat(100);
    let text = format!(
        "<!-- copydesk-ignore-start: empty-paragraph -->{filler}<p></p>{filler}<!-- copydesk-ignore-end -->{filler}<p></p>"
    );
    let streamed = stream(text.as_bytes(), 64, TIGHT);
    let text = String::from_utf8(streamed).expect("it was text");
    assert_eq!(text.matches("<p></p>").count(), 1);
}
