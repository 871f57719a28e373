//! Time grows with the length of a page, and not with its square.
//!
//! Each shape is read at one length and at four times that length. What is compared are two times
//! of one run, the best of three each, in time that the thread had on a processor where the system
//! tells it, so that a slow or busy machine makes no difference: four times the page takes about four
//! times as long, and sixteen times as long where something is done for each place that looks at
//! all the others.

mod common;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use common::settings;
use copydesk::document::Document;
use copydesk::engine::{Settings, fix, lint};
use copydesk::finding::Safety;
use copydesk::rule::Profile;

/// How much longer the longer page is.
const TIMES: usize = 4;

/// So many times the time of the short page is too long for the long one.
const TOO_LONG: u32 = 9;

/// One measurement at a time.
static TURN: Mutex<()> = Mutex::new(());

/// How long this thread was on a processor so far (Linux), or the time of day.
fn clock(start: Instant) -> Duration {
    // What is counted is brought up to date when another thread has its turn.
    std::thread::yield_now();
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|stat| stat.split(' ').next()?.parse().ok())
        .filter(|&nanoseconds: &u64| nanoseconds > 0)
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Cleans `page` and asks where each finding stands, as a report does.
fn time(path: &str, page: &str, settings: &Settings) -> Duration {
    let document = Document::new(path, page.as_bytes().to_vec());
    let origin = Instant::now();
    let start = clock(origin);
    let findings = lint(&document, settings);
    let mut columns = 0;
    for finding in &findings {
        for offset in [finding.span.start, finding.span.end] {
            columns += document.lines().position(document.bytes(), offset).column;
            columns += document.lines().utf16_column(document.bytes(), offset);
        }
    }
    assert!(columns > 0 || findings.is_empty());
    let fixed = fix(&document, settings, Safety::Unsafe);
    assert_eq!(fixed.stopped, None);
    clock(origin).saturating_sub(start)
}

/// The best of three, taken in turn so that a burst of work elsewhere does not hit one size only.
fn best(path: &str, pages: [&str; 2], settings: &Settings) -> [Duration; 2] {
    let mut best = [Duration::MAX; 2];
    for _ in 0..3 {
        for (best, page) in best.iter_mut().zip(pages) {
            *best = (*best).min(time(path, page, settings));
        }
    }
    best
}

/// Asserts of each page that `shape` makes (it is given a length) that four times of it take no
/// more than what a linear reading does.
fn grows_with_the_page(name: &str, length: usize, shape: &dyn Fn(usize) -> String) {
    let settings = settings(Profile::Archive, &[]);
    let pages = [shape(length), shape(length * TIMES)];
    let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    for path in ["a.md", "a.html"] {
        // What is too long once may have been interrupted.
        let mut said = String::new();
        let grows = (0..3).any(|_| {
            let [short, long] = best(path, [&pages[0], &pages[1]], &settings);
            // Below a few milliseconds the start of the engine is what is measured.
            let least = Duration::from_millis(4);
            said = format!("{short:?} at {length} and {long:?} at {TIMES} times that");
            long < short.max(least) * TOO_LONG
        });
        assert!(grows, "{name} as {path}: {said}");
    }
}

fn each(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

#[test]
fn one_line_of_slots() {
    grows_with_the_page("slots", 300, &|n| {
        each(n, |i| {
            format!("<p>文 text</p><div id=\"dfp-ad-{i}\"></div>")
        })
    });
}

#[test]
fn a_slot_to_each_line() {
    grows_with_the_page("slots", 200, &|n| {
        each(n, |i| {
            format!("<p>文 text</p>\r\n\r\n<div id=\"dfp-ad-{i}\"></div>\r\n\r\n")
        })
    });
}

#[test]
fn one_long_line_of_text_with_slots() {
    grows_with_the_page("slots in text", 30, &|n| {
        each(n, |i| {
            let text = "文字内容是这样的段落，".repeat(60);
            format!("{text}<div id=\"dfp-ad-{i}\"></div>")
        })
    });
}

#[test]
fn one_line_of_waiting_images() {
    grows_with_the_page("images", 150, &|n| {
        each(n, |i| {
            format!(
                "<img data-src=\"https://a.example/图{i}.jpg\" src=\"\">\
                 <noscript><img src=\"https://a.example/图{i}.jpg\"></noscript>"
            )
        })
    });
}

#[test]
fn one_line_of_links() {
    grows_with_the_page("links", 150, &|n| {
        each(n, |i| {
            format!("<a href=\"https://a.example/{i}?utm_source=x&amp;id={i}\">文{i}</a> ")
        })
    });
}

#[test]
fn links_and_the_places_they_lead_to() {
    grows_with_the_page("places", 150, &|n| {
        each(n, |i| {
            format!("<a href=\"#x{i}\">文</a><div id=\"x{i}\" class=\"dfp-ad\"></div>")
        })
    });
}

#[test]
fn share_boxes_between_paragraphs() {
    grows_with_the_page("boxes", 60, &|n| {
        each(n, |i| {
            format!(
                "<p>One paragraph of 文字 in a flow.</p><div class=\"social-share\">\
                 <a href=\"https://www.facebook.com/sharer.php?u={i}\">Share</a></div>"
            )
        })
    });
}

#[test]
fn empty_paragraphs_and_comments() {
    grows_with_the_page("paragraphs", 300, &|n| {
        each(n, |i| format!("<p>&nbsp;</p><p>文</p><!-- 注 {i} -->"))
    });
}

/// How deep they may lie in each other has a limit (`MAX_DEPTH`), and so has what one nest costs.
#[test]
fn nests_of_elements() {
    grows_with_the_page("nests", 6, &|n| {
        let nest = format!(
            "{}文{}",
            "<div class=\"a\">".repeat(60),
            "</div>".repeat(60)
        );
        nest.repeat(n)
    });
    grows_with_the_page("wrappers", 8, &|n| {
        let (open, close) = ("<div>".repeat(30), "</div>".repeat(30));
        format!("<p>文</p>\n{open}<p></p>{close}\n").repeat(n)
    });
    grows_with_the_page("comments in a wrapper", 150, &|n| {
        let inside = each(n, |i| format!("<!-- {i} --><p></p>"));
        format!("<div>{inside}</div>")
    });
}

#[test]
fn what_is_never_closed() {
    for part in [
        "<p>文",
        "[",
        "![",
        "`",
        "<a ",
        "</a ",
        "<![CDATA[ 文 ",
        "{{ ",
        "*a **b ",
    ] {
        let name = format!("{part:?}");
        grows_with_the_page(&name, 600, &|n| format!("<p>文</p>{}", part.repeat(n)));
    }
}

#[test]
fn a_long_sample() {
    grows_with_the_page("pre", 600, &|n| {
        format!("<pre>{}</pre>", "文字 <b>x</b> `a` [b](c) ".repeat(n))
    });
}

#[test]
fn a_long_list_in_the_front_matter() {
    grows_with_the_page("tags", 200, &|n| {
        let tags = each(n, |i| format!("  - 标签{i}\n"));
        format!("---\ntitle: 文\ntags:\n{tags}---\n文\n")
    });
}

#[test]
fn directives_below_each_other() {
    grows_with_the_page("directives", 60, &|n| {
        "<!-- copydesk-ignore: ad-slot-dfp -->\n".repeat(n) + "<div class=\"dfp-ad\"></div>\n\n文\n"
    });
}
