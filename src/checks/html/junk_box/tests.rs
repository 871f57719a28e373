use super::super::testing;

fn found(path: &str, options: &str, page: &str) -> Vec<String> {
    testing::found(super::build, options, path, page)
}

const ADS: &str = "
strong: [ad, ads]
vendor: [outbrain]
weak: [banner]
together: [follow us]
names: [us_ad]
starts: [taboola-]
parts: [outer, box]
beside: [blocker]
statements: [has]
elements: [amp-ad]
attributes: [data-ad-*]
hosts: [ads.example, track.]
second-levels: [co]
content-hosts: [video.example]
labels: [sponsored]
captions: ['follow us', 广告]
numbers-are-labels: true
limits:
  strong: { plain: 8, per-block: 6, linked: 10 }
  vendor: { plain: 20, per-block: 20, linked: 40 }
  weak: { plain: 2, per-block: 2, linked: 2 }
in-flow: 2
words-only: 1
";

#[test]
fn every_kind_of_proof() {
    for page in [
        "<div class='outer-ad'></div>",
        "<div class=\"outeradbox\"></div>",
        "<div id=Follow-Us></div>",
        "<div class='us_ad'></div>",
        "<div id=\"taboola-feed\"></div>",
        "<div class=banner></div>",
        "<amp-ad></amp-ad>",
        "<iframe src=\"https://x.ads.example/文\"></iframe>",
        "<iframe src=//track.shop.example/></iframe>",
        "<div data-ad-slot=1></div>",
    ] {
        assert_eq!(found("a.html", ADS, page).len(), 1, "{page}");
    }
    for page in [
        "<div class=\"adobe shadow load e1ad\"></div>",
        "<div class=\"ad-blocker\"></div><div class=\"has-ad\"></div>",
        "<div id=follow></div><div class=us></div>",
        "<iframe src=\"https://ads.example.org/\"></iframe>",
        "<iframe src=\"https://track.co.uk/\"></iframe>",
        "<h2 id=\"ad\"></h2><a id=\"ads\"></a>",
        "<img class=\"ad\" src=\"/图.jpg\" width=300>",
        "<main class=ad></main><article class=ad></article><svg><g class=ad></g></svg>",
        "<p class=banner></p>",
    ] {
        assert_eq!(found("a.html", ADS, page), [""; 0], "{page}");
    }
}

#[test]
fn what_a_box_may_hold_depends_on_the_proof() {
    let words = |count: usize| "文".repeat(count);
    let linked = |class: &str, plain: usize| {
        format!(
            "<div class={class}>{} <a href=/x>go</a></div>",
            words(plain)
        )
    };
    for (class, most) in [("ad", 6), ("outbrain", 20), ("banner", 2)] {
        assert_eq!(found("a.html", ADS, &linked(class, most)), [class]);
        assert_eq!(found("a.html", ADS, &linked(class, most + 1)), [""; 0]);
    }
    // Labels and numbers are no text, and without a link one word is the most.
    for (text, goes) in [
        ("广告", true),
        ("Sponsored 1.2k", true),
        ("Follow us", true),
        ("文", true),
        ("文字", false),
    ] {
        let page = format!("<div class=ad>{text}</div>");
        assert_eq!(found("a.html", ADS, &page).is_empty(), !goes, "{text}");
    }
    for content in [
        "<h1></h1>",
        "<pre></pre>",
        "<video></video>",
        "<div role=main></div>",
        "<img src=\"/photo/图.jpg\" width=600>",
        "<iframe src=\"https://video.example/1\"></iframe>",
        "<input type=password>",
        "<textarea></textarea>",
    ] {
        let page = format!("<div class=ad>{content}</div>");
        assert_eq!(found("a.html", ADS, &page), [""; 0], "{content}");
    }
    for dead in [
        "<iframe src=about:blank></iframe>",
        "<img src=\"https://ads.example/1.gif\">",
        "<img src=\"/icons/图.svg\" width=16>",
        "<input type=hidden>",
    ] {
        let page = format!("<div class=ad>{dead}</div>");
        assert_eq!(found("a.html", ADS, &page)[0], "ad", "{dead}");
    }
}

#[test]
fn between_the_paragraphs_of_an_article_little_may_go() {
    let paragraph = format!("<p>{}</p>\r\n", "一".repeat(20));
    let box_of = |words: &str| format!("<div class=ad>{words} <a href=/x>x</a></div>");
    let page = |words: &str| format!("<article>{0}{0}{1}{0}</article>", paragraph, box_of(words));
    assert_eq!(found("a.html", ADS, &page("文")), ["ad"]);
    assert_eq!(found("a.html", ADS, &page("文字")), [""; 0]);
    // Elsewhere the same may go.
    assert_eq!(found("a.html", ADS, &box_of("文字")), ["ad"]);
}

#[test]
fn a_word_of_a_sentence_stays() {
    let ad = "<span class=\"ad\">Ad</span>";
    for page in [
        "<p>the year SPAN</p>",
        "<p>SPAN 79, <b>文</b></p>",
        "<p><a href=/x>a</a> SPAN <i><b>文</b></i></p>",
        "a<br>SPAN b",
        "<div>一\nSPAN</div>",
        "<p>before<b>SPAN</b></p>",
    ] {
        let page = page.replace("SPAN", ad);
        for path in ["a.html", "a.md"] {
            assert_eq!(found(path, ADS, &page), [""; 0], "{page} as {path}");
        }
    }
    for page in [
        "<p>the year</p>SPAN<p>79</p>",
        "<p>文<br>SPAN<br>字</p>",
        "<p><a href=/x>文</a> SPAN <a href=/y>字</a></p>",
        "<p>sponsored SPAN 3</p>",
        "<div>文</div> SPAN",
    ] {
        let page = page.replace("SPAN", ad);
        for path in ["a.html", "a.md"] {
            assert_eq!(found(path, ADS, &page), ["ad"], "{page} as {path}");
        }
    }
    // In Markdown an empty line ends a paragraph; HTML knows none.
    for page in ["文\n\nSPAN\n\n字\n", "文\r\n \t\r\nSPAN\r\n\r\n字\r\n"] {
        let page = page.replace("SPAN", ad);
        assert_eq!(found("a.md", ADS, &page), ["ad"], "{page:?}");
        assert_eq!(found("a.html", ADS, &page), [""; 0], "{page:?}");
    }
    assert_eq!(
        found("a.md", ADS, &format!("文\n\n字\n{ad}\n\n文\n")),
        [""; 0]
    );
}

const LETTERS: &str = "
strong: [newsletter]
addresses: ['#newsletter']
form: true
limits:
  strong: { plain: 20, per-block: 20, linked: 10 }
words-only: 1
";

#[test]
fn a_link_to_a_place_is_judged_by_the_place() {
    let link = "<a href=\"#newsletter\">文</a> ";
    // A heading of Markdown is a place too, and so is one that an archive has lost.
    for (path, rest) in [
        ("a.md", "\n\n## Newsletter\n\n文\n"),
        ("a.md", ""),
        ("a.html", "<p>文</p>"),
        ("a.html", "<h2 id=newsletter>News</h2>"),
        ("a.html", "<a name=\"newsletter\"></a>文"),
        (
            "a.html",
            "<p id=newsletter>文</p><form id=newsletter></form>",
        ),
    ] {
        let page = format!("{link}{rest}");
        let found = found(path, LETTERS, &page);
        assert!(
            !found.contains(&"#newsletter".to_owned()),
            "{page:?} as {path}"
        );
    }
    let form = "<form id=\"newsletter\"><input type=email></form>";
    let page = format!("{link}<p>文</p>{form}");
    for path in ["a.md", "a.html"] {
        assert_eq!(found(path, LETTERS, &page), ["#newsletter", "newsletter"]);
    }
}

#[test]
fn what_a_weak_word_names_may_be_drawn_or_be_a_form() {
    for page in [
        "<style>.banner { height: 9em }</style><div class=banner></div>",
        "<div class=\"banner\" style=\"BACKGROUND-image:\r\n url(图.jpg)\"></div>",
        "<div class=banner><i style=\"background: #fff URL('a.jpg')\"></i></div>",
        "<div class=banner><select><option>文</select></div>",
    ] {
        assert_eq!(found("a.md", ADS, page), [""; 0], "{page}");
        let strong = page.replace("banner", "ad");
        assert_eq!(found("a.md", ADS, &strong), ["ad"], "{strong}");
    }
    let plain = "<style>.other {}</style><div class=banner style='background:red'></div>";
    assert_eq!(found("a.md", ADS, plain), ["banner"]);
    let page = plain.replace("other", "banner");
    assert_eq!(found("a.html", ADS, &page), ["banner"]);
}

#[test]
fn the_site_of_a_service_is_a_site() {
    let options = format!("{ADS}sites: [book.ads.example]\n");
    for page in [
        "<a href=\"https://book.ads.example/文?x=1\"><img src=\"a.png\"></a>",
        "<iframe src=\"https://book.ads.example/\"></iframe>",
    ] {
        assert_eq!(found("a.html", &options, page), [""; 0], "{page}");
    }
    let other = "<a href=\"https://x.book.ads.example/\"><img src=\"a.png\"></a>";
    assert_eq!(found("a.html", &options, other).len(), 1);
}

#[test]
fn a_file_to_read_is_content_unless_an_address_is_asked_for() {
    let options = format!("{ADS}documents: [.pdf]\nform: true\n");
    for page in [
        "<div class=ad><a href=\"/文.PDF?v=1#page=2\">go</a></div>",
        "<a class=ad href=\"a.pdf\">go</a>",
    ] {
        assert_eq!(found("a.html", &options, page), [""; 0], "{page}");
        assert_eq!(found("a.html", ADS, page).len(), 1, "{page}");
    }
    for page in [
        "<div class=ad><a href=\"/pdf?a=b.pdf\">go</a></div>",
        "<div class=ad><a href=\"/a.pdf\">go</a><input type=email></div>",
    ] {
        assert_eq!(found("a.html", &options, page), ["ad"], "{page}");
    }
}

#[test]
fn a_button_in_a_sentence_is_a_word_of_it() {
    let page = "<p>Press the <button class=ad>文</button> first.</p>";
    assert_eq!(found("a.html", ADS, page), [""; 0]);
    let alone = "<p>Ann went.</p><button class=ad>文</button><p>Ann came.</p>";
    assert_eq!(found("a.html", ADS, alone), ["ad"]);
}
