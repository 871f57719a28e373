use crate::document::Document;
use crate::finding::Safety;
use crate::html::ElementId;

use super::{Candidate, Kind, Outcome, Plan, Policy};
use crate::rule::{Budget, Marks};

/// What is left of `text` once every `<p>` that is empty and every `.dfp-ad` is asked to go.
fn left(name: &str, text: &str) -> String {
    planned(name, text, Budget::UNLIMITED).0
}

/// The same under a budget, and the plan. A `.dfp-ad` with a title is asked to go as unsafe.
fn planned(name: &str, text: &str, budget: Budget) -> (String, Plan) {
    let document = Document::new(name, text.as_bytes().to_vec());
    let arena = document.arena();
    let source = document.bytes();
    let candidates: Vec<Candidate> = arena
        .ids()
        .filter(|&id: &ElementId| {
            let content = arena.element(id).content.slice(source);
            let is_slot = arena
                .value(source, id, "class")
                .is_some_and(|class| class == "dfp-ad");
            is_slot || arena.name(id) == "p" && matches!(content, b"" | b"&nbsp;")
        })
        .map(|element| Candidate {
            element,
            kind: Kind::Remove,
            safety: match arena.value(source, element, "title") {
                Some(_) => Safety::Unsafe,
                None => Safety::Safe,
            },
            media: false,
            foreign: arena.name(element) != "p",
            continued: arena.value(source, element, "lang").is_some(),
        })
        .collect();
    let policy = Policy {
        budget: Some(budget),
        marks: &Marks::default(),
    };
    let plan = super::plan(&document, &candidates, policy, &|_, _, _| false);
    let mut edits: Vec<_> = plan
        .outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Fix(fix) if fix.safety == Safety::Safe => Some(fix.edits.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    edits.sort_by_key(|edit| edit.span.start);
    let left = String::from_utf8(crate::source::apply(source, &edits)).unwrap();
    (left, plan)
}

const SLOT: &str = "<span class=\"dfp-ad\"></span>";

fn stays(name: &str, texts: &[&str]) {
    for text in texts {
        let text = text.replace("SLOT", SLOT);
        assert_eq!(left(name, &text), text);
    }
}

fn goes(name: &str, pairs: &[(&str, &str)]) {
    for (text, expected) in pairs {
        let text = text.replace("SLOT", SLOT);
        assert_eq!(left(name, &text), *expected, "{text:?}");
    }
}

#[test]
fn what_a_block_holds_apart_is_never_joined() {
    stays(
        "a.html",
        &[
            "One.\n<p></p>\nTwo.\n",
            "One.<p></p><p></p>Two.",
            "<b>One</b><p></p>\n<i>Two</i>",
            "<td>Name:<p></p>John</td>",
        ],
    );
    goes(
        "a.html",
        &[
            ("<p>a</p>\n<p></p>\n<p>b</p>\n", "<p>a</p>\n<p>b</p>\n"),
            ("a<br><p></p>b", "a<br>b"),
            ("<div>a</div><p></p><p></p>b", "<div>a</div>b"),
        ],
    );
    stays("a.md", &["<blockquote>Line<p></p>Line2</blockquote>\n"]);
}

#[test]
fn blocks_around_it_stay_what_they_are() {
    stays(
        "a.md",
        &[
            "1. a\n2. b\n\n<p></p>\n\n1. c\n",
            "- a\n\n<p></p>\n\n- b\n",
            "a | b\n--|--\nSLOT | x\n",
            "[^1]: note\n\n<p>&nbsp;</p>\n\n    code\n",
            "<p></p>\nprice is 5*3*2\n",
        ],
    );
}

#[test]
fn lines_that_the_element_kept_raw_are_read_again() {
    goes(
        "a.md",
        &[
            // A blank line stays, so that what is before is no heading and in no table.
            (
                "Intro text\n<p></p>\n---\nmore\n",
                "Intro text\n\n---\nmore\n",
            ),
            (
                "a | b\n--|--\n1 | 2\n<p></p>\nc | d\n--|--\n3 | 4\n",
                "a | b\n--|--\n1 | 2\n\nc | d\n--|--\n3 | 4\n",
            ),
            ("<p></p>\n# t\n", "# t\n"),
            ("<p></p>\n- item\n", "- item\n"),
            ("<p></p>\r\n1. 第一\r\n", "1. 第一\r\n"),
            ("- <p></p>\n\n  text\n", "- text\n"),
            ("> a\n> <p></p>\n> # b\n", "> a\n>\n> # b\n"),
            // Each of them heals its own lines.
            (
                "<p></p>\n# a\n<p></p>\n# b\n\n<p></p>\n# c\n",
                "# a\n# b\n\n# c\n",
            ),
        ],
    );
}

#[test]
fn a_line_end_comes_in_the_place_of_what_parted_two_lines() {
    goes(
        "a.md",
        &[
            ("One.\n<p></p>Two.\n", "One.\n\nTwo.\n"),
            ("一。\r\n  <p></p> 二。\r\n", "一。\r\n\r\n二。\r\n"),
        ],
    );
}

#[test]
fn a_body_never_becomes_front_matter() {
    goes(
        "a.md",
        &[
            ("<p></p>\n---\na: b\n---\nc\n", "\n---\na: b\n---\nc\n"),
            ("<p></p>\n\n---\na: b\n---\n", "\n\n---\na: b\n---\n"),
        ],
    );
}

#[test]
fn raw_lines_may_become_a_paragraph_of_the_same_words() {
    goes(
        "a.md",
        &[
            ("a\n\n<p></p>\nb c\n", "a\n\nb c\n"),
            // No heading, since the blank line stays.
            ("a\n<p></p>\n===\nb\n", "a\n\n===\nb\n"),
        ],
    );
}

#[test]
fn inline_marks_and_line_breaks_stay_what_they_are() {
    // Their author may have parted marks with what stands in a line.
    stays(
        "a.md",
        &[
            "**a**SLOT**b**\n",
            "*SLOT b*\n",
            "[a]SLOT: http://x\n",
            "Attention!SLOT[文](/x)\n",
            "a\n\nSLOT---\n\nb\n",
            "SLOT1986. A great year.\n",
            "SLOT# x\r\n",
            "`a`SLOT`b`\n",
            "[1]SLOT(2119)\n",
        ],
    );
    goes(
        "a.md",
        &[
            ("a SLOT  \nb\n", "a   \nb\n"),
            ("a SLOT\nb\n", "a\nb\n"),
            ("a SLOT *b*\n", "a  *b*\n"),
            ("*<div class=\"dfp-ad\"></div> b*\n", "*b*\n"),
            ("*a <div class=\"dfp-ad\"></div>* b\n", "*a* b\n"),
            (
                "[a]<div class=\"dfp-ad\"></div>: http://x\n",
                "[a]: http://x\n",
            ),
        ],
    );
}

#[test]
fn no_template_is_made_of_two_halves() {
    for name in ["a.md", "a.html"] {
        stays(
            name,
            &[
                "{SLOT{ page.title }}\n",
                "{SLOT% if a %}\n",
                "{{ a }SLOT}\n",
            ],
        );
        goes(name, &[("{{ a }}SLOT{{ b }}\n", "{{ a }}{{ b }}\n")]);
    }
}

#[test]
fn items_of_a_tight_list_are_not_joined() {
    let ad = "  <div class=\"dfp-ad\"></div>\n";
    stays("a.md", &[&format!("- a\n{ad}      b\n")]);
    goes("a.md", &[(&format!("- a\n{ad}- b\n"), "- a\n- b\n")]);
}

#[test]
fn what_says_something_of_it_keeps_it() {
    stays(
        "a.md",
        &[
            "<p></p>\n{: .note}\n\nText\n",
            "## 安装 SLOT{: #setup}\n",
            "<p></p>\r\n{:.note}\r\n",
            "Term\n: <p></p>\n: real\n",
        ],
    );
    goes(
        "a.md",
        &[
            ("a\n\n<p></p>\n\n{: .b}\n", "a\n\n{: .b}\n"),
            ("Term\n: <p></p> real\n", "Term\n:  real\n"),
        ],
    );
}

#[test]
fn a_place_that_a_link_leads_to_stays() {
    let place = "<div class=\"dfp-ad\" id=\"信\"></div>\n";
    for link in [
        "[x](#信)",
        "[x](<#信>)",
        "[x](page.md#信 \"title\")",
        "[x](/文/#%E4%BF%A1)",
        "[x]: #信",
        "[x]: <a/#信>",
        "[x]({{< ref \"#信\" >}})",
        "<a href=\"#信\">x</a>",
    ] {
        stays("a.md", &[&format!("文\n\n{place}\n{link}\n")]);
    }
    for other in ["[x](#信息)", "#信", "(a#信)", "say \"#信\"", "[x](a#b#信)"] {
        let text = format!("文\n\n{place}\n{other}\n");
        goes("a.md", &[(&text, &format!("文\n\n{other}\n"))]);
    }
}

#[test]
fn a_fence_that_the_element_made_raw_is_code_again() {
    stays("a.md", &["<div>\n```\n<p></p>\n```\n</div>\n"]);
    goes(
        "a.md",
        &[
            (
                "<div class=\"dfp-ad\"></div>\n```html\n<p></p>\n```\n",
                "```html\n<p></p>\n```\n",
            ),
            (
                "<div class=\"dfp-ad\"></div>\nWrite `<p></p>` here.\n",
                "Write `<p></p>` here.\n",
            ),
        ],
    );
}

#[test]
fn the_last_one_leaves_no_blank_line() {
    goes(
        "a.md",
        &[
            ("a\n\n<p></p>\n", "a\n"),
            ("a\n\n<p></p>", "a\n"),
            ("a\r\n\r\n<p></p>\r\n\r\n", "a\r\n"),
            ("a\n\n<p></p>\n\n<p></p>\n", "a\n"),
            ("a\n\n<p></p>\n<p></p> <p></p>\n", "a\n"),
            ("---\nt: a\n---\n\n<p></p>\n", "---\nt: a\n---\n"),
        ],
    );
}

#[test]
fn lines_that_go_together_leave_one_blank_line() {
    goes(
        "a.md",
        &[
            ("a\n\n<p></p>\n<p></p>\n\nb\n", "a\n\nb\n"),
            ("a\n\n<p></p> <p></p>\n\nb\n", "a\n\nb\n"),
            ("a\n\n<p></p>\n\n<p></p>\n\nb\n", "a\n\nb\n"),
        ],
    );
}

#[test]
fn one_that_must_stay_keeps_no_other() {
    let pair = "a\n\n<p></p>\n\nb\n\n";
    let text = format!("{}<p></p>\n5*3*2\n\n{}", pair.repeat(20), pair.repeat(20));
    let expected = text.replace("a\n\n<p></p>\n\n", "a\n\n");
    assert_eq!(left("a.md", &text), expected);
}

const BUDGET: Budget = Budget {
    finding: 30,
    file: 40,
    free: 100,
};

fn ad(columns: usize) -> String {
    format!(
        "<div class=\"dfp-ad\">{}</div>\n",
        "广告 a ".repeat(columns / 7)
    )
}

#[test]
fn a_page_of_ads_is_left_alone_but_for_its_empty_slots() {
    let article = format!("<p>{}</p>\n", "文章".repeat(25));
    let ads = ad(70).repeat(44);
    let slot = "<div class=\"dfp-ad\"></div>\n";
    for name in ["a.html", "a.md"] {
        let text = format!("{article}\n{ads}\n{slot}\n<p>b</p>\n");
        let (left, plan) = planned(name, &text, BUDGET);
        assert!(left.contains(&ads) && !left.contains(slot), "{name}");
        assert_eq!(plan.over_budget.len(), 1);
        let (span, message) = &plan.over_budget[0];
        assert_eq!(span.start, text.find("<div").unwrap());
        assert!(message.contains("95 % of the visible text"), "{message}");
        // The same ads among more text.
        let text = format!("{}\n{ads}", article.repeat(60));
        let (left, plan) = planned(name, &text, BUDGET);
        assert!(
            !left.contains("广告") && plan.over_budget.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn one_that_would_eat_the_article_stays_and_keeps_no_other() {
    let article = format!("<p>{}</p>\n", "文章".repeat(100));
    let rest = format!("<p>{}</p>\n", "文章".repeat(50));
    let text = format!(
        "<div class=\"dfp-ad\">{article}{}</div>\n{}{rest}",
        ad(14),
        ad(28)
    );
    let (left, plan) = planned("a.html", &text, BUDGET);
    assert_eq!(
        left,
        format!("<div class=\"dfp-ad\">{article}</div>\n{rest}")
    );
    let [(span, message)] = plan.over_budget.as_slice() else {
        panic!("{:?}", plan.over_budget);
    };
    assert_eq!(span.start, 0);
    assert!(
        message.contains("more than the 30 % that one may take"),
        "{message}"
    );
    let Outcome::Withheld(reason) = &plan.outcomes[0] else {
        panic!("{:?}", plan.outcomes);
    };
    assert!(reason.contains("% of the text"), "{reason}");
}

#[test]
fn what_is_unsafe_takes_no_safe_one_down_with_it() {
    let unsafe_ads = ad(70).replace("<div ", "<div title=\"a\" ").repeat(10);
    let text = format!(
        "<p>{}</p>\n{unsafe_ads}{}",
        "文章".repeat(100),
        ad(70).repeat(2)
    );
    let (left, plan) = planned("a.html", &text, BUDGET);
    assert!(!left.contains("<div class"), "{left}");
    assert_eq!(plan.over_budget.len(), 1);
}

#[test]
fn many_cost_little_more_than_one() {
    let line = "<p></p>".repeat(4_000);
    assert_eq!(left("a.md", &format!("a\n\n{line}\n")), "a\n");
    assert_eq!(left("a.html", &format!("<p>a</p>{line}")), "<p>a</p>");
    let lines = "<p></p>\n".repeat(4_000);
    assert_eq!(left("a.md", &format!("a\n\n{lines}\nb\n")), "a\n\nb\n");
}

#[test]
fn lines_of_html_that_is_shown_as_code() {
    let cell = |lines: &str| format!("<td>\n    文\n\n{lines}    </td>\n</tr>\n");
    for (lines, expected) in [
        (
            "    <b>a</b>\n\n    <p lang=en></p>\n\n",
            "    <b>a</b>\n\n",
        ),
        ("    <b>a</b>\n      <p lang=en></p>\n", "    <b>a</b>\n"),
        ("    <p lang=en></p>\n", ""),
        (
            "    <p lang=en></p>\n\n      <b>a</b>\n",
            "      <b>a</b>\n",
        ),
    ] {
        let (text, expected) = (cell(lines), cell(expected));
        assert_eq!(left("a.md", &text), expected);
        let windows = |text: &str| text.replace('\n', "\r\n");
        assert_eq!(left("a.md", &windows(&text)), windows(&expected));
    }
    stays(
        "a.md",
        &[
            // Not by a rule that does not say so.
            &cell("    <b>a</b>\n\n    <p></p>\n"),
            // The rest of its line is shown too.
            &cell("    <b>a</b>\n\n    b <p lang=en></p>\n"),
            &cell("    <p lang=en></p> b\n"),
            // A code sample.
            "<td>\n    文\n\n    <b>a</b>\n\n    <p lang=en></p>\n</td>\n",
            // It starts or ends somewhere else.
            "<td>\n    文\n\n    <b>a</b></td>\n    <p lang=en>\n</p>\n",
        ],
    );
}

#[test]
fn two_halves_of_a_character_reference() {
    for name in ["a.md", "a.html"] {
        stays(
            name,
            &[
                "<p>文 &amSLOTp; b</p>\n",
                "<p>&SLOT#65;</p>\n",
                "<p>&#x4SLOT1;</p>\n",
            ],
        );
        goes(
            name,
            &[
                ("<p>&amp;SLOT b</p>\n", "<p>&amp; b</p>\n"),
                ("<p>a &SLOT b; c</p>\n", "<p>a & b; c</p>\n"),
                ("<p>a &SLOT; c</p>\n", "<p>a &; c</p>\n"),
            ],
        );
    }
}
