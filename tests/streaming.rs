//! A stream gives the bytes that a whole file gives, whatever the chunks.

mod common;

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use copydesk::document::Document;
use copydesk::engine::{Cleaner, Limits, Settings, fix};
use copydesk::finding::Safety;
use copydesk::registry::{Registry, Selection};
use copydesk::rule::Profile;
use proptest::prelude::*;

/// Small enough that a page of a few kilobytes is cut many times.
const TIGHT: Limits = Limits {
    window: 200,
    look_back: 4_000,
    longest_token: 100_000,
};

/// Nothing of a page that is made here stays open for longer, its tags counted as the limits do.
const LONG_LOOK_BACK: usize = 20_000;

/// The rules of `profile`, those aside that ask what scripts the whole page has, or what a directive
/// hides in it.
fn settings(profile: Profile) -> Settings {
    let registry = Registry::builtin();
    let preset = registry.preset("generic").expect("it ships").clone();
    let mut selection = Selection::new(profile, preset);
    selection.ignore = registry
        .rules()
        .iter()
        .filter(|entry| {
            let when = entry.rule.when.as_ref();
            let page = when
                .and_then(|when| when.under(profile))
                .and_then(|when| when.page);
            page.is_some_and(|page| !page.scripts_without.is_empty())
                || &*entry.id == "unused-suppression"
        })
        .map(|entry| entry.id.to_string())
        .collect();
    Settings {
        rules: Arc::new(registry.compile(&selection).expect("the rules compile")),
        source_keys: Vec::new(),
    }
}

fn stream(text: &[u8], chunk: usize, profile: Profile, limits: Limits) -> Vec<u8> {
    let mut cleaner = Cleaner::new(Vec::new(), settings(profile), Safety::Safe).limits(limits);
    for piece in text.chunks(chunk.max(1)) {
        cleaner.write_all(piece).expect("a vector takes all");
    }
    let (bytes, report) = cleaner.finish().expect("a vector takes all");
    assert_eq!(report.read, text.len() as u64);
    assert_eq!(report.written, bytes.len() as u64);
    bytes
}

fn whole(text: &[u8], profile: Profile) -> Vec<u8> {
    let document = Document::new("stream.html", text.to_vec());
    fix(&document, &settings(profile), Safety::Safe).bytes
}

const GIF: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

/// A page of blocks as articles have them, with leftovers between them.
fn page() -> impl Strategy<Value = String> {
    let own = [
        "<p>第一段，灯塔还在转动。</p>",
        "<p>A paragraph with <em>some</em> words in it.</p>\n",
        "<p>A link <a href=\"https://e.com/a?x=1&amp;utm_source=feed&amp;y=2\">with a tail</a> to follow.</p>\n",
        "<P CLASS=Big>Capitals &amp; no quotes.</P>\n",
        "<p>never closed\n",
        "<p>never closed, <b>nor this\n",
        "\n<div class=\"box\">\n  <h2>Heading</h2>\n  <p>Text</p>\n</div>\n",
        "<section><p>a</p><div id=\"dfp-ad-1\"> </div></section>",
        "<section>\n  <div id=\"dfp-ad-2\"> </div>\n</section>\n",
        "<div id=\"innity-x\"></div>",
        "  <div class=\"dfp-ad\"></div>  \n",
        "<p>&nbsp;</p>",
        "<p></p>\r\n",
        "\n\n<p></p>\n\n<p><br></p>\n\n",
        "<p></p> <p></p>\n",
        "<img class=\"a lazyload\" data-src=\"/a.jpg\" src=\"/a.jpg\">",
        "<figure><img data-src=\"/b.jpg\" src=\"GIF\" loading=\"lazy\"><figcaption>字</figcaption></figure>\n",
        "<picture><source data-srcset=\"/c.webp 1x\"><img data-src=\"/c.jpg\" src=\"GIF\"></picture>\n",
        "<img class=\"lazyload\" data-src=\"https://e.com/b.jpg\" src=\"GIF\">",
        "<ul><li>one<li>two</ul>",
        "<ul class=list>\n  <li>one</li>\n  <li><p></p></li>\n</ul>\n",
        "<dl><dt>a<dd>b<dt>c<dd></dl>",
        "<table><tr><td>cell<td>cell</table>",
        "<table>\n<thead><tr><th>a<tbody><tr><td><p></p></table>\n",
        "<!-- a comment -->",
        "<!--\n<p></p>\n-->\n",
        "\n<!-- copydesk-ignore: all -->\n<p></p>\n<p></p>\n",
        "<script>var a = '<p></p>';</script>",
        "<script async src=\"https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js\"></script>\n<ins class=\"adsbygoogle\" data-ad-slot=\"1\"></ins>\n<script>(adsbygoogle = window.adsbygoogle || []).push({});</script>\n",
        "<div class=\"sharedaddy sd-sharing-enabled\"><h3>Share this:</h3><ul><li><a href=\"https://e.com/?share=twitter\">Tweet</a></li></ul></div>\n",
        "<div class=\"newsletter-signup\"><form action=\"/n\"><input type=email name=e><button>Go</button></form></div>\n",
        "<img height=\"1\" width=\"1\" style=\"display:none\" src=\"https://www.facebook.com/tr?id=1&amp;ev=PageView\">\n",
        "<iframe src=\"https://www.youtube.com/embed/1\" width=560></iframe>\n",
        "<pre>  <p></p>  </pre>",
        "<pre><code>a &lt;p&gt;\n\n</code></pre>\n",
        "<svg><g><path d='M0'/></g></svg>",
        "<select><option>a<option>b</select>",
        "<textarea> <p></p> </textarea>\n",
        "{% raw %}<p></p>{% endraw %}",
        "{{ page.title }}\n",
        "text outside",
        "\ntext &mdash; <b>bold</b> text\n",
        "一行没有换行的长文字，一行没有换行的长文字，一行没有换行的长文字，一行没有换行的长文字，一行没有换行的长文字。",
        "<blockquote><p>quoted</p></blockquote>",
        "<div><div><div><p>deep</p><p> </p></div></div></div>",
        "<span></span>",
        "<br>",
        "<hr/>\n",
        "   \n\t\n",
        "</div></p>",
    ];
    let blocks: Vec<String> = own.iter().map(|block| block.replace("GIF", GIF)).collect();
    let block = prop::sample::select(blocks);
    (prop::collection::vec(block, 0..70), any::<bool>()).prop_map(|(blocks, crlf)| {
        let body = blocks.concat();
        let body = if crlf {
            body.replace("\r\n", "\n").replace('\n', "\r\n")
        } else {
            body
        };
        format!("<!DOCTYPE html>\n<html><body class=\"post\">\n<article>\n{body}\n</article></body></html>\n")
    })
}

fn profile() -> impl Strategy<Value = Profile> {
    prop::sample::select(vec![Profile::Own, Profile::Archive, Profile::Sanitize])
}

proptest! {
    #![proptest_config(common::config(200))]

    #[test]
    fn any_chunks_give_the_bytes_of_the_whole_file(
        page in page(),
        profile in profile(),
        chunk in 1usize..500,
        window in 60usize..600,
    ) {
        let expected = whole(page.as_bytes(), profile);
        let limits = Limits { window, look_back: LONG_LOOK_BACK, ..TIGHT };
        let streamed = stream(page.as_bytes(), chunk, profile, limits);
        prop_assert_eq!(String::from_utf8_lossy(&streamed), String::from_utf8_lossy(&expected));
    }

    #[test]
    fn a_page_may_break_off_anywhere(
        page in page(),
        profile in profile(),
        end in 0usize..4_000,
        chunk in 1usize..500,
    ) {
        let text = &page.as_bytes()[..end.min(page.len())];
        let expected = whole(text, profile);
        let limits = Limits { look_back: LONG_LOOK_BACK, ..TIGHT };
        let streamed = stream(text, chunk, profile, limits);
        prop_assert_eq!(String::from_utf8_lossy(&streamed), String::from_utf8_lossy(&expected));
    }

    #[test]
    fn soup_streams_without_panic_and_without_loss_of_text(text in common::document(), chunk in 1usize..80) {
        let streamed = stream(text.as_bytes(), chunk, Profile::Own, TIGHT);
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
        prop_assert!(words(&streamed) >= words(&whole(text.as_bytes(), Profile::Own)));
    }
}

proptest! {
    #![proptest_config(common::config(40))]

    /// Where the limits decide, the bytes are not those of the whole file; but they are the same ones.
    #[test]
    fn chunks_make_no_difference_past_the_limits_either(
        page in page(),
        soup in common::document(),
        profile in profile(),
        chunk in 1usize..300,
        look_back in 100usize..800,
    ) {
        let limits = Limits { window: 100, look_back, longest_token: 1_000 };
        for text in [page, soup] {
            let bytes = text.as_bytes();
            let one = stream(bytes, chunk, profile, limits);
            let other = stream(bytes, bytes.len(), profile, limits);
            prop_assert_eq!(String::from_utf8_lossy(&one), String::from_utf8_lossy(&other));
        }
    }
}

#[test]
fn output_flows_before_the_input_ends() {
    let settings = common::settings(Profile::Archive, &[]);
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
    let streamed = stream(text.as_bytes(), 1_000, Profile::Archive, TIGHT);
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

/// Takes few bytes at a time, is interrupted now and then, and fails at the write of this number.
struct Trouble {
    taken: Vec<u8>,
    calls: usize,
    fails_at: usize,
}

impl Write for Trouble {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.calls += 1;
        if self.calls == self.fails_at {
            return Err(io::Error::other("no room"));
        }
        if self.calls.is_multiple_of(3) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let some = bytes.len().min(7);
        self.taken.extend_from_slice(&bytes[..some]);
        Ok(some)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn short_and_interrupted_writes_lose_nothing() {
    let text = "<p>一段</p><p></p>\n".repeat(200);
    let out = Trouble {
        taken: Vec::new(),
        calls: 0,
        fails_at: 0,
    };
    let mut cleaner = Cleaner::new(out, settings(Profile::Own), Safety::Safe).limits(TIGHT);
    cleaner.write_all(text.as_bytes()).expect("none is final");
    let (out, report) = cleaner.finish().expect("none is final");
    let expected = whole(text.as_bytes(), Profile::Own);
    assert_eq!(
        String::from_utf8_lossy(&out.taken),
        String::from_utf8_lossy(&expected)
    );
    assert_eq!(report.written, out.taken.len() as u64);
}

#[test]
fn an_error_of_the_writer_is_final_wherever_it_comes() {
    let text = "<p>一段</p><p></p>\n".repeat(200);
    let expected = whole(text.as_bytes(), Profile::Own);
    for fails_at in (1..400).step_by(23) {
        let out = Trouble {
            taken: Vec::new(),
            calls: 0,
            fails_at,
        };
        let mut cleaner = Cleaner::new(out, settings(Profile::Own), Safety::Safe).limits(TIGHT);
        let error = text
            .as_bytes()
            .chunks(100)
            .find_map(|chunk| cleaner.write_all(chunk).err());
        let Some(error) = error else {
            assert!(cleaner.finish().is_err(), "it failed at write {fails_at}");
            continue;
        };
        assert_eq!(error.to_string(), "no room");
        let again = cleaner.write_all(b"<p>more</p>").expect_err("it is over");
        assert_eq!(again.kind(), error.kind());
        assert!(cleaner.flush().is_err() && cleaner.finish().is_err());
    }
    // What had been taken before is the start of what would have been written.
    let out = Trouble {
        taken: Vec::new(),
        calls: 0,
        fails_at: 50,
    };
    let mut out = out;
    let mut cleaner = Cleaner::new(&mut out, settings(Profile::Own), Safety::Safe).limits(TIGHT);
    assert!(cleaner.write_all(text.as_bytes()).is_err());
    drop(cleaner);
    assert!(!out.taken.is_empty() && expected.starts_with(&out.taken));
}

#[test]
fn what_breaks_off_is_written_as_it_is() {
    let filler = "<p>文字</p>\n".repeat(100);
    for rest in [
        "<",
        "</",
        "<p",
        "<p class=\"a",
        "<!-",
        "<!-- a",
        "<script>var",
        "&am",
        "<p>a</",
        "{{ x",
    ] {
        let text = format!("{filler}{rest}");
        for bytes in [text.as_bytes(), &[text.as_bytes(), &[0xe6, 0x96]].concat()] {
            let streamed = stream(bytes, 33, Profile::Archive, TIGHT);
            assert_eq!(
                String::from_utf8_lossy(&streamed),
                String::from_utf8_lossy(bytes)
            );
        }
    }
}

#[test]
fn scripts_and_style_sheets_that_went_by_are_remembered() {
    let filler = "<p>words</p>\n".repeat(100);
    let slot = "<div id=\"dfp-ad-1\"> </div>\n";
    let dead = format!("{filler}{slot}{filler}");
    let live = format!("<script>show('dfp-ad-1')</script>{dead}");
    let streamed = |profile, text: &str| {
        let settings = common::settings(profile, &[]);
        let mut cleaner = Cleaner::new(Vec::new(), settings, Safety::Safe).limits(TIGHT);
        cleaner.write_all(text.as_bytes()).expect("a vector");
        String::from_utf8(cleaner.finish().expect("a vector").0).expect("it was text")
    };
    assert!(!streamed(Profile::Own, &dead).contains(slot));
    assert!(streamed(Profile::Own, &live).contains(slot));
    assert!(!streamed(Profile::Archive, &dead).contains(slot));
    let image = "<img class=\"lazyload\" src=\"/a.jpg\">\n";
    let plain = format!("{filler}{image}{filler}");
    let styled = format!("<style>.lazyload {{ width: 9em }}</style>{plain}");
    assert!(!streamed(Profile::Archive, &plain).contains("lazyload"));
    assert!(streamed(Profile::Archive, &styled).contains(image));
}

#[test]
fn directives_reach_across_windows() {
    let filler = "<p>words</p>".repeat(100);
    let text = format!(
        "<!-- copydesk-ignore-start: empty-paragraph -->{filler}<p></p>{filler}<!-- copydesk-ignore-end -->{filler}<p></p>"
    );
    let streamed = stream(text.as_bytes(), 64, Profile::Own, TIGHT);
    let text = String::from_utf8(streamed).expect("it was text");
    assert_eq!(text.matches("<p></p>").count(), 1);
}

/// A window is measured by its tags too: what is known of an element takes more memory than its tags.
#[test]
fn less_is_held_of_a_page_that_is_all_tags() {
    let limits = Limits {
        window: 4_000,
        look_back: 16_000,
        longest_token: 1_000_000,
    };
    // Nothing goes from these, so that what was not written is what is held.
    for (start, part, end) in [
        ("<div id=\"dfp-ad-1\">", "<i> </i>\n", "文</div>"),
        ("<div class=\"dfp-ad\">", "<br>", "文</div>"),
        ("<pre>", "<b>文</b><p></p>\r\n", "</pre>"),
        ("<pre><code>", "<i></i>", "</code></pre>"),
    ] {
        let page = format!("<p>文</p>{start}{}{end}\n<p>end</p>", part.repeat(3_000));
        for chunk in [7, 1_000, page.len()] {
            let written = Rc::new(Cell::new(0));
            let settings = common::settings(Profile::Archive, &[]);
            let out = Shared(written.clone());
            let mut cleaner = Cleaner::new(out, settings, Safety::Safe).limits(limits);
            let mut read = 0;
            for piece in page.as_bytes().chunks(chunk) {
                cleaner.write_all(piece).expect("it takes all");
                read += piece.len();
                let held = page.get(written.get()..read);
                // A chunk may end within a character.
                let tags = held.map_or(0, |held| held.matches('<').count());
                assert!(tags <= 16_000 / 24 + 200, "{tags} tags of {start}{part}");
            }
            let (_, report) = cleaner.finish().expect("it takes all");
            assert_eq!(report.gave_up_at, None);
            assert_eq!(written.get(), page.len(), "{start}{part}");
        }
    }
}

/// Counts the bytes it takes, for others to see.
struct Shared(Rc<Cell<usize>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
