//! Another parser judges what removals did: the tree that html5ever builds of the page after a safe
//! removal is the tree of the page before, without the removed subtree, white space aside.
//!
//! In Markdown a removed tag may have kept the lines at it from being read as Markdown. There they
//! may turn into more than they were (a heading, a list, a link), and nothing may be lost: every
//! letter is said, every element is there, and nothing becomes code.

mod common;

use copydesk::document::Document;
use copydesk::engine::lint;
use copydesk::finding::{Finding, Safety};
use copydesk::rule::Profile;
use copydesk::source::{Edit, Span, apply};
use proptest::prelude::*;
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
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(markdown));
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
        if !matches!(name, "p" | "ul" | "ol" | "em" | "strong") {
            self.elements.push(name.to_owned());
        }
        let letters =
            |text: &str| -> String { text.chars().filter(|c| c.is_alphabetic()).collect() };
        if name == "code" {
            // What a fence says of its language.
            let class = element.attr("class").unwrap_or("");
            self.letters.push_str(&letters(class));
        }
        for child in element.children() {
            if let Node::Text(content) = child.value() {
                if in_code {
                    self.code.push_str(&letters(content));
                }
                self.letters.push_str(&letters(content));
            } else if let Some(child) = ElementRef::wrap(child) {
                self.add(child, in_code);
            }
        }
        for name in ["src", "href", "title"] {
            self.letters
                .push_str(&letters(element.attr(name).unwrap_or("")));
        }
    }

    /// Whether nothing of this is lost in `after`. Only fences and backticks that the author wrote make
    /// code, of whose tags every letter is shown then.
    fn is_kept_by(&self, after: &Self, marked: bool) -> bool {
        if marked && self.code != after.code {
            let mut shown = after.letters.chars();
            return self
                .letters
                .chars()
                .all(|letter| shown.any(|other| other == letter));
        }
        let mut elements = after.elements.iter();
        self.letters == after.letters
            && self.code == after.code
            && self
                .elements
                .iter()
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

/// Holds every safe removal in `text` against the other parser; says how many there were.
fn judge(name: &str, text: &str, profile: Profile) -> Result<usize, TestCaseError> {
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
        return Ok(0);
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
        let marked_as_code = text.contains('`') || text.contains("~~~");
        let (before, after) = (Said::of(&marked), Said::of(&after));
        prop_assert!(
            before.is_kept_by(&after, marked_as_code),
            "{:?}\n{:?}\n{:?}\n{:?}",
            before,
            after,
            findings,
            text
        );
        return Ok(removals.len());
    }
    prop_assert_eq!(page(&marked), page(&after), "{:?}\n{:?}", findings, text);
    let judged = removals.len();
    Ok(judged)
}

proptest! {
    #![proptest_config(common::config(600))]

    #[test]
    fn removals_in_html(text in common::document(), archive in any::<bool>()) {
        let profile = if archive { Profile::Archive } else { Profile::Own };
        judge("a.html", &text, profile)?;
    }

    #[test]
    fn removals_in_markdown(text in common::document(), archive in any::<bool>()) {
        let profile = if archive { Profile::Archive } else { Profile::Own };
        judge("a.md", &text, profile)?;
    }
}

#[test]
fn the_judge_sees_removals() {
    for name in ["a.md", "a.html"] {
        let judged = judge(
            name,
            "<p>文</p>\n<div id=\"dfp-ad-1\"> </div>\n<p>b</p>\n",
            Profile::Own,
        );
        assert!(judged.is_ok_and(|count| count == 1), "{name}");
    }
}

#[test]
fn the_judge_sees_what_healing_may_not_do() {
    let said = |markdown: &str| Said::of(&render(markdown));
    let before = said("<div data-marked-for-removal></div>\n- *文* [b](/c)\n\n<i>d</i>\n");
    assert!(before.is_kept_by(&said("- *文* [b](/c)\n\n<i>d</i>\n"), false));
    assert!(!before.is_kept_by(&said("- *文* [b]\n\n<i>d</i>\n"), false));
    assert!(!before.is_kept_by(&said("    - *文* [b](/c)\n\n<i>d</i>\n"), false));
    assert!(!before.is_kept_by(&said("- *文* [b](/c)\n\nd\n"), false));
}

#[test]
fn the_judge_knows_a_loss() {
    assert_ne!(canonical("<p>a</p><p>b</p>"), canonical("<p>a</p>"));
    assert_eq!(
        canonical(&format!("<p>a</p><p {MARK}>b</p>")),
        canonical("<p>a</p>\n")
    );
}
