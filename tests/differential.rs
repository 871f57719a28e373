//! Another parser judges what removals did: the tree that html5ever builds of the page after a safe
//! removal is the tree of the page before, without the removed subtree, white space aside.
//!
//! In Markdown a removed tag may have kept the lines at it from being read as Markdown. There they
//! may turn into more than they were (a heading, a list, a link), and nothing may be lost: every
//! letter is said, every element is there, and nothing becomes code. That is so only in the blocks
//! that the removed element touches and in those beside them; all others are what they were. And it
//! is rare: most removals are held to the same tree.

mod common;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use copydesk::document::Document;
use copydesk::engine::lint;
use copydesk::finding::{Finding, Safety};
use copydesk::rule::Profile;
use copydesk::source::{Edit, Span, apply};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use pulldown_cmark::{Event, Parser};
use scraper::{ElementRef, Html, Node};

const MARK: &str = "data-marked-for-removal";

/// The page as html5ever sees it, in a canonical form: elements with sorted attributes, text with
/// white space collapsed, marked elements left out.
fn canonical(html: &str) -> String {
    // The root is there with or without a tag; that of a `noscript` only when it is not empty.
    tree(html, &["html"])
}

/// As [`canonical`], with the tags of `transparent` elements without attributes left out.
fn tree(html: &str, transparent: &[&str]) -> String {
    let tree = Html::parse_document(html);
    let (mut out, mut text) = (String::new(), String::new());
    walk(tree.root_element(), transparent, &mut out, &mut text);
    flush(&mut out, &mut text);
    out
}

fn flush(out: &mut String, text: &mut String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    if !words.is_empty() {
        out.push_str(&words.join(" "));
        out.push('\n');
    }
    text.clear();
}

fn walk(element: ElementRef<'_>, transparent: &[&str], out: &mut String, text: &mut String) {
    if element.attr(MARK).is_some() {
        return;
    }
    let seen =
        !transparent.contains(&element.value().name()) || element.value().attrs().next().is_some();
    if !seen {
        text.push(' ');
    } else {
        flush(out, text);
        let mut attributes: Vec<_> = element.value().attrs().collect();
        attributes.sort_unstable();
        out.push_str(&format!("<{} {attributes:?}>\n", element.value().name()));
    }
    for child in element.children() {
        match child.value() {
            // Raw text to a browser with scripts; it holds elements all the same.
            Node::Text(content) if element.value().name() == "noscript" => {
                let inner = Html::parse_fragment(content);
                walk(inner.root_element(), transparent, out, text);
            }
            Node::Text(content) => text.push_str(content),
            Node::Comment(content) => {
                flush(out, text);
                out.push_str(&format!("<!--{}-->\n", &**content));
            }
            Node::Element(_) => {
                if let Some(child) = ElementRef::wrap(child) {
                    walk(child, transparent, out, text);
                }
            }
            _ => {}
        }
    }
    if !seen {
        text.push(' ');
        return;
    }
    flush(out, text);
    out.push_str(&format!("</{}>\n", element.value().name()));
}

fn render(markdown: &str) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, Parser::new(markdown));
    html
}

/// The names of the elements of the page that are marked, those inside others aside, sorted.
fn marked_names(html: &str) -> Vec<String> {
    fn add(element: ElementRef<'_>, names: &mut Vec<String>) {
        let name = element.value().name();
        if element.attr(MARK).is_some() {
            names.push(name.to_owned());
            return;
        }
        for child in element.children() {
            match child.value() {
                Node::Text(content) if name == "noscript" => {
                    add(Html::parse_fragment(content).root_element(), names);
                }
                _ => {
                    if let Some(child) = ElementRef::wrap(child) {
                        add(child, names);
                    }
                }
            }
        }
    }
    let mut names = Vec::new();
    add(Html::parse_document(html).root_element(), &mut names);
    names.sort_unstable();
    names
}

/// Where the name of the removed element's start tag ends, if the fix is one removal.
fn removed_tag(source: &[u8], finding: &Finding) -> Option<usize> {
    let fix = finding
        .fix
        .as_ref()
        .filter(|fix| fix.safety == Safety::Safe)?;
    let [edit] = fix.edits.as_slice() else {
        return None;
    };
    let removed = edit.span.slice(source);
    let open = edit.span.start
        + removed
            .iter()
            .position(|byte| !byte.is_ascii_whitespace())?;
    let rest = &source[open..edit.span.end];
    let whole = edit.text.trim().is_empty()
        && rest.first() == Some(&b'<')
        && rest.trim_ascii_end().ends_with(b">");
    let name = rest
        .iter()
        .skip(1)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    (whole && name > 0).then_some(open + 1 + name)
}

/// What a rendered page says: its letters, with those of links and pictures after each of them; the
/// letters of its code; and its elements.
#[derive(Debug, Default)]
struct Said {
    letters: String,
    code: String,
    elements: Vec<String>,
}

impl Said {
    fn of(html: &str) -> Self {
        let mut said = Self::default();
        said.add(Html::parse_document(html).root_element(), false);
        said
    }

    fn add(&mut self, element: ElementRef<'_>, mut in_code: bool) {
        if element.attr(MARK).is_some() {
            return;
        }
        let name = element.value().name();
        in_code |= matches!(name, "pre" | "code");
        // A list that was parted goes on, and marks that held nothing are gone.
        let says = || {
            element
                .text()
                .any(|text| text.contains(char::is_alphabetic))
                || element.descendants().any(|node| {
                    node.value()
                        .as_element()
                        .is_some_and(|inner| inner.name() == "img")
                })
        };
        let is_heading = matches!(name, "h1" | "h2");
        if !matches!(name, "p" | "ul" | "ol" | "em" | "strong") && (!is_heading || says()) {
            self.elements.push(name.to_owned());
        }
        let letters =
            |text: &str| -> String { text.chars().filter(|c| c.is_alphabetic()).collect() };
        if name == "code" {
            // What a fence says of its language.
            let class = element.attr("class").unwrap_or("");
            self.letters.push_str(&letters(class));
        }
        // In Markdown the address of a link is written behind its text.
        if name != "a" {
            self.say_attributes(element, "");
        }
        let start = self.letters.len();
        for child in element.children() {
            if let Node::Text(content) = child.value() {
                if name == "noscript" {
                    self.add(Html::parse_fragment(content).root_element(), in_code);
                    continue;
                }
                if in_code {
                    self.code.push_str(&letters(content));
                }
                self.letters.push_str(&letters(content));
            } else if let Some(child) = ElementRef::wrap(child) {
                self.add(child, in_code);
            }
        }
        if name == "a" {
            let text = self.letters[start..].to_owned();
            self.say_attributes(element, &text);
        }
    }

    /// What the attributes of `element` say, but for an address that is its `text`: in angle brackets
    /// it is written once.
    fn say_attributes(&mut self, element: ElementRef<'_>, text: &str) {
        for name in ["alt", "src", "href", "title"] {
            let value = element.attr(name).unwrap_or("").chars();
            let value: String = value.filter(|c| c.is_alphabetic()).collect();
            if value != text {
                self.letters.push_str(&value);
            }
        }
    }

    /// Whether no letter of this is lost in `after`, which has `definitions` of links that are not
    /// shown and make links anywhere in the page.
    fn is_kept_with(&self, after: &Self, definitions: &str) -> bool {
        let count = |texts: &[&str]| {
            let mut counts: BTreeMap<char, usize> = BTreeMap::new();
            let letters = texts.iter().flat_map(|text| text.chars());
            for letter in letters.filter(|c| c.is_alphabetic()) {
                *counts.entry(letter).or_default() += 1;
            }
            counts
        };
        let there = count(&[&after.letters, definitions]);
        count(&[&self.letters])
            .iter()
            .all(|(letter, count)| there.get(letter) >= Some(count))
    }

    /// Whether nothing of this is lost in `after`. Only fences and backticks that the author wrote make
    /// code, of whose tags every letter is shown then; a link by reference has its address from
    /// elsewhere.
    fn is_kept_by(&self, after: &Self, may: &May) -> bool {
        let mut shown = after.letters.chars();
        let in_order = self
            .letters
            .chars()
            .all(|letter| shown.any(|other| other == letter));
        if may.have_code && self.code != after.code {
            return in_order;
        }
        let count =
            |said: &Self, name: &str| said.elements.iter().filter(|other| *other == name).count();
        // At the end of a block no line breaks.
        let more_blocks = ["li", "hr"]
            .iter()
            .any(|name| count(after, name) > count(self, name));
        let mut elements = after.elements.iter();
        (self.letters == after.letters
            || !may.refer.is_empty() && self.is_kept_with(after, &may.refer))
            && self.code == after.code
            && self
                .elements
                .iter()
                .filter(|element| !(more_blocks && *element == "br"))
                .all(|element| elements.any(|other| other == element))
    }
}

/// Whether nothing but blank lines stands beside `span`.
fn stands_alone(source: &[u8], span: Span) -> bool {
    let lines = |part: &[u8]| {
        let blank = part.iter().take_while(|byte| byte.is_ascii_whitespace());
        blank.filter(|byte| **byte == b'\n').count() > 1 || part.iter().all(u8::is_ascii_whitespace)
    };
    let before: Vec<u8> = source[..span.start].iter().rev().copied().collect();
    lines(&before) && lines(&source[span.end..])
}

/// What the lines beside a removed element may turn into.
#[derive(Debug)]
struct May {
    have_code: bool,
    /// The link definitions to which they may refer.
    refer: String,
}

/// The blocks of a page of Markdown that are in no other: where they are, and what a parser says of
/// them.
fn blocks(markdown: &str) -> Vec<(Range<usize>, String)> {
    let mut blocks: Vec<(Range<usize>, String)> = Vec::new();
    let mut depth = 0;
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        if depth == 0 {
            blocks.push((range, String::new()));
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if let Some((_, said)) = blocks.last_mut() {
            said.push_str(&format!("{event:?}\n"));
        }
    }
    blocks
}

/// The link definitions of a page, as they are written.
fn definitions(markdown: &str) -> Vec<&str> {
    let parser = Parser::new(markdown);
    let mut all: Vec<Range<usize>> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| definition.span.clone())
        .collect();
    all.sort_unstable_by_key(|span| span.start);
    all.into_iter().map(|span| markdown[span].trim()).collect()
}

/// Whether all blocks of `before` but those that touch one of `removed` (sorted, in bytes of it), and
/// those beside them, are in `after`: in their order, with nothing new between those that were beside
/// each other, the first ones first and the last ones last.
fn others_are_kept(before: &str, after: &str, removed: &[Span]) -> bool {
    let (before, after) = (blocks(before), blocks(after));
    let touched: Vec<bool> = before
        .iter()
        .map(|(range, _)| {
            removed
                .iter()
                .any(|span| range.start < span.end && span.start < range.end)
        })
        .collect();
    let is_free = |at: usize| {
        (at.saturating_sub(1)..=at + 1).all(|beside| touched.get(beside) != Some(&true))
    };
    let free: Vec<bool> = (0..before.len()).map(is_free).collect();
    let said: Vec<&str> = before.iter().map(|(_, said)| said.as_str()).collect();
    let mut rest: Vec<&str> = after.iter().map(|(_, said)| said.as_str()).collect();
    let mut at = 0;
    for run in free.chunk_by(|a, b| a == b) {
        let (first, end) = (at == 0, at + run.len());
        let own = &said[at..end];
        at = end;
        if !run[0] || own.is_empty() {
            continue;
        }
        let place = if end == said.len() && !first {
            rest.ends_with(own).then(|| rest.len() - own.len())
        } else {
            rest.windows(own.len()).position(|other| other == own)
        };
        let Some(place) = place.filter(|place| !first || *place == 0) else {
            return false;
        };
        rest.drain(..place + own.len());
    }
    true
}

/// How many removals were held to what.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Held {
    /// To the same tree.
    exact: usize,
    /// To the loss of nothing, near what was removed.
    healed: usize,
    /// To the loss of no letter: they made a link definition, which may change any line.
    defined: usize,
    /// To nothing: the other parser does not see them.
    unseen: usize,
}

/// Holds every safe removal in `text` against the other parser; says how many there were.
fn judge(name: &str, text: &str, profile: Profile) -> Result<Held, TestCaseError> {
    let document = Document::new(name, text.as_bytes().to_vec());
    let body = document.body().start;
    let markdown = !name.ends_with(".html");
    let html = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        // The body is opened, so that no removal decides whether a script is in the head.
        let html = if markdown { render(&text) } else { text };
        format!("<!DOCTYPE html><body>{html}")
    };
    let page = |html: &str| -> String {
        if !markdown {
            return canonical(html);
        }
        // A tag at the start of a line makes raw text of the lines after it; without the tag they
        // are a paragraph.
        tree(html, &["html", "p"])
            .lines()
            .map(|line| match line.starts_with('<') {
                true => format!("\n{line}\n"),
                false => line.chars().filter(|c| c.is_alphabetic()).collect(),
            })
            .collect()
    };
    // The removals of one run, together, as `fix` makes them; a wrapper before what it holds.
    let findings = lint(&document, &common::settings(profile, &[]));
    let mut removals: Vec<(usize, Edit)> = findings
        .iter()
        .filter_map(|finding| {
            let name_end = removed_tag(document.bytes(), finding)?;
            Some((name_end, finding.fix.as_ref()?.edits.first()?.clone()))
        })
        .collect();
    removals.sort_by_key(|(_, edit)| (edit.span.start, std::cmp::Reverse(edit.span.end)));
    let mut end = 0;
    removals.retain(|(_, edit)| {
        let apart = edit.span.start >= end;
        end = end.max(edit.span.end);
        apart
    });
    let marks: Vec<Edit> = removals
        .iter()
        .map(|(name_end, _)| Edit::insert(*name_end, format!(" {MARK}")))
        .collect();
    let edits: Vec<Edit> = removals.iter().map(|(_, edit)| edit.clone()).collect();
    let marked = html(&apply(document.bytes(), &marks)[body..]);
    let after = html(&apply(document.bytes(), &edits)[body..]);
    let mut names: Vec<String> = removals
        .iter()
        .map(|(name_end, _)| {
            let head = &document.bytes()[..*name_end];
            let open = head.iter().rposition(|byte| *byte == b'<');
            let name = &head[open.map_or(head.len(), |at| at + 1)..];
            String::from_utf8_lossy(name).to_lowercase()
        })
        .collect();
    names.sort_unstable();
    if markdown && marked_names(&marked) != names {
        // A tag whose end is missing, or a quote that is never closed, swallows the removed one:
        // to this parser, which takes raw HTML to the end, it is a part of that tag, and in Markdown
        // it is one of its own.
        return Ok(Held {
            unseen: removals.len(),
            ..Held::default()
        });
    }
    let alone = removals.iter().all(|(name_end, edit)| {
        let inner = edit.span.slice(document.bytes()).trim_ascii_end().len();
        let start = document.bytes()[..*name_end]
            .iter()
            .rposition(|byte| *byte == b'<')
            .unwrap_or(edit.span.start);
        stands_alone(document.bytes(), Span::new(start, edit.span.start + inner))
    });
    if markdown && !alone && page(&marked) != page(&after) {
        let old = String::from_utf8_lossy(&document.bytes()[body..]);
        let new = apply(document.bytes(), &edits);
        let new = String::from_utf8_lossy(&new[body..]);
        let (before, after) = (Said::of(&marked), Said::of(&after));
        if definitions(&old) != definitions(&new) {
            prop_assert!(
                before.is_kept_with(&after, &definitions(&new).concat()),
                "{:?}\n{:?}\n{:?}\n{:?}",
                before,
                after,
                findings,
                text
            );
            return Ok(Held {
                defined: removals.len(),
                ..Held::default()
            });
        }
        let may = May {
            have_code: text.contains('`') || text.contains("~~~"),
            refer: definitions(&new).concat(),
        };
        prop_assert!(
            before.is_kept_by(&after, &may),
            "{:?}\n{:?}\n{:?}\n{:?}",
            before,
            after,
            findings,
            text
        );
        let removed: Vec<Span> = edits
            .iter()
            .map(|edit| Span::new(edit.span.start - body, edit.span.end - body))
            .collect();
        prop_assert!(
            others_are_kept(&old, &new, &removed),
            "{:?}\n{:?}\n{:?}",
            old,
            new,
            findings
        );
        return Ok(Held {
            healed: removals.len(),
            ..Held::default()
        });
    }
    prop_assert_eq!(page(&marked), page(&after), "{:?}\n{:?}", findings, text);
    Ok(Held {
        exact: removals.len(),
        ..Held::default()
    })
}

/// A page of Markdown with many slots in it and beside its lines.
fn slots_amid_markdown() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "一段 *文字*。",
        "text **b**",
        "a_b_c 5*3*2",
        "# 标题",
        "标题\n---",
        "- 甲",
        "- b",
        "  - c",
        "1. 一",
        "2. b",
        "3) c",
        "> 引 *q*",
        ">",
        "```",
        "~~~",
        "`code`",
        "  x",
        "[a](/b \"c\")",
        "[a]",
        "[a]: /b",
        "[甲]: <c d>",
        "![图](a.png)",
        "a | b\n-|-",
        "c | d",
        "---",
        "***",
        "<p>p</p>",
        "<div>",
        "</div>",
        "<b>bc</b> d",
        "<!-- c -->",
        "a  ",
        "bc\\\nd",
        "",
        "",
        "",
        "",
        "&amp; x",
        "\\# a",
        "<https://e.com/>",
        "<pre>",
        "</pre>",
        "{{ x }}",
    ]);
    let slot = prop::sample::select(vec![
        "<div id=\"dfp-ad-1\"></div>",
        "<div id=dfp-ad-2> </div>",
        "<span class=\"dfp-ad\"></span>",
        "<div class=\"dfp-ad\">\n\n</div>",
    ]);
    let piece = (line, prop::option::of(slot), 0..5usize).prop_map(|(line, slot, place)| {
        let slot = slot.unwrap_or("");
        let half = line.char_indices().nth(line.chars().count() / 2);
        let (head, tail) = line.split_at(half.map_or(0, |(at, _)| at));
        match place {
            0 => format!("{slot}\n{line}\n"),
            1 => format!("{slot}{line}\n"),
            2 => format!("{line}{slot}\n"),
            3 => format!("{head}{slot}{tail}\n"),
            _ => format!("{line}\n\n{slot}\n\n"),
        }
    });
    (prop::collection::vec(piece, 1..12), any::<bool>()).prop_map(|(pieces, crlf)| {
        let text = pieces.concat();
        if crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    })
}

/// Judges documents put together at random, under this name.
fn judge_many(name: &str, documents: impl Strategy<Value = String>) -> Held {
    let all = Cell::new(Held::default());
    let documents = (documents, any::<bool>());
    let outcome = TestRunner::new(common::config(600)).run(&documents, |(text, archive)| {
        let profile = if archive {
            Profile::Archive
        } else {
            Profile::Own
        };
        let held = judge(name, &text, profile)?;
        let sum = all.get();
        all.set(Held {
            exact: sum.exact + held.exact,
            healed: sum.healed + held.healed,
            defined: sum.defined + held.defined,
            unseen: sum.unseen + held.unseen,
        });
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    all.get()
}

#[test]
fn removals_in_html() {
    let held = judge_many("a.html", common::document());
    assert!(
        held.exact > 0
            && held
                == Held {
                    exact: held.exact,
                    ..Held::default()
                },
        "{held:?}"
    );
}

#[test]
fn removals_in_markdown() {
    let held = judge_many("a.md", common::document());
    let all = held.exact + held.healed + held.defined + held.unseen;
    assert!(held.exact * 100 >= all * 95, "{held:?}");
}

#[test]
fn removals_amid_lines_of_markdown() {
    let held = judge_many("a.md", slots_amid_markdown());
    // Here the slots are put where they do harm, so that they are many that heal.
    assert!(held.healed > held.exact / 4 && held.unseen == 0, "{held:?}");
}

#[test]
fn the_judge_sees_removals() {
    for name in ["a.md", "a.html"] {
        let judged = judge(
            name,
            "<p>文</p>\n<div id=\"dfp-ad-1\"> </div>\n<p>b</p>\n",
            Profile::Own,
        );
        assert!(judged.is_ok_and(|held| held.exact == 1), "{name}");
    }
}

#[test]
fn the_judge_sees_what_healing_may_not_do() {
    let may = May {
        have_code: false,
        refer: String::new(),
    };
    let said = |markdown: &str| Said::of(&render(markdown));
    let before = said("<div data-marked-for-removal></div>\n- *文* [b](/c)\n\n<i>d</i>\n");
    assert!(before.is_kept_by(&said("- *文* [b](/c)\n\n<i>d</i>\n"), &may));
    assert!(!before.is_kept_by(&said("- *文* [b]\n\n<i>d</i>\n"), &may));
    assert!(!before.is_kept_by(&said("    - *文* [b](/c)\n\n<i>d</i>\n"), &may));
    assert!(!before.is_kept_by(&said("- *文* [b](/c)\n\nd\n"), &may));
}

#[test]
fn the_judge_sees_what_changes_far_from_a_removal() {
    let slot = "<div></div>\n";
    let page = |end: &str| format!("# a\n\n- 文\n\n{slot}b\n\nc\n\n{end}");
    let at = page("").find(slot).unwrap();
    let removed = [Span::new(at, at + slot.len())];
    let kept = |end: &str, after: &str| others_are_kept(&page(end), after, &removed);
    let near = "# a\n\n- 文\n- b\n\n*c*\n\n";
    assert!(kept("> d\n\ne\n", &format!("{near}> d\n\ne\n")));
    assert!(!kept("> d\n\ne\n", &format!("{near}> d\n\n# e\n")));
    assert!(!kept("> d\n\ne\n", &format!("{near}e\n\n> d\n")));
    assert!(!kept("> d\n\ne\n", &format!("{near}> d\n\nf\n\ne\n")));
    assert!(!kept("> d\n\ne\n", &format!("x\n\n{near}> d\n\ne\n")));
    assert!(!kept("> d\n\ne\n", &format!("{near}> d\n\ne\n\nx\n")));
}

#[test]
fn the_judge_knows_a_loss() {
    assert_ne!(canonical("<p>a</p><p>b</p>"), canonical("<p>a</p>"));
    assert_eq!(
        canonical(&format!("<p>a</p><p {MARK}>b</p>")),
        canonical("<p>a</p>\n")
    );
}
