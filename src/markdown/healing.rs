//! Tells a removal that heals the text around it from one that breaks it.
//!
//! The author's text is what stands round a foreign element. That element may have made Markdown
//! read its neighbours in another way: a tag at the start of a line makes raw HTML of the lines
//! after it up to a blank one, so that their marks are shown as they are written; it parts a list;
//! in the middle of a line it stands between a mark and what it marks, in a link's destination or
//! in a tag. A removal that undoes just that is safe.
//!
//! The texts before and after are compared character by character (white space aside), each with
//! what Markdown takes it for and the blocks and marks that hold it:
//!
//! * Characters outside the element's own block (the paragraph it stands in, or the raw HTML that it
//!   opened) are the same as before. Two things may reach them: a link definition that is one again
//!   makes links of its references, and a list that the element parted goes on.
//! * A letter or digit of the lines that the element made raw is shown, is code of a fence or in
//!   backticks that the author wrote, or belongs to a link or a definition. It is never indented
//!   code, never a tag, and never in a paragraph with what stands before or after the block.
//! * A letter or digit of the paragraph that the element stands in stays in the marks that hold it
//!   and gets no others, unless a link, a tag or a definition has its two halves back that the
//!   element stood between: what belongs to that goes with it.
//! * What was a tag or a comment stays one, unless its author put it between fences or in backticks,
//!   code stays code and says the same, and nothing is glued
//!   to anything.

use std::collections::HashMap;

use pulldown_cmark::Options;

use super::Standing;
use super::reading::outermost;
use super::trace::{Class, Glyph, Kind, Node, Place, Trace, paragraph};
use crate::source::Span;

/// A text with every character's part in the page, with and without the widespread extensions of
/// Markdown.
#[derive(Debug)]
pub struct Healing {
    dialects: [Trace; 2],
}

impl Healing {
    /// Reads `text`. The characters of `removed` (sorted, in bytes of `text`) are read and left out.
    pub fn of(text: &str, removed: &[Span], standing: fn(&str) -> Standing) -> Self {
        let extensions = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_STRIKETHROUGH;
        let removed = outermost(removed);
        Self {
            dialects: [extensions, Options::empty()]
                .map(|options| Trace::of(text, &removed, standing, options)),
        }
    }

    /// Whether `after`, a text without the removed elements, differs only as those at `elements` (in
    /// bytes of this text) made it differ.
    pub fn is_healed_by(&self, after: &Self, elements: &[Span]) -> bool {
        self.dialects
            .iter()
            .zip(&after.dialects)
            .all(|(before, after)| {
                Comparison::of(before, after, elements).is_some_and(Comparison::holds)
            })
    }
}

struct Comparison<'t> {
    before: &'t Trace,
    after: &'t Trace,
    /// Sorted by their blocks.
    places: Vec<Place>,
    /// What has its two halves back, in glyphs.
    healed: Vec<std::ops::Range<usize>>,
    /// Whether there are definitions that were none.
    new_definitions: bool,
    /// Whether the nodes around are the same, for pairs of nodes.
    known: HashMap<(usize, usize), bool>,
}

impl<'t> Comparison<'t> {
    fn of(before: &'t Trace, after: &'t Trace, elements: &[Span]) -> Option<Self> {
        if before.glyphs.len() != after.glyphs.len() {
            return None;
        }
        let mut places = Vec::new();
        for &element in elements {
            places.extend(before.places(element)?);
        }
        places.sort_by_key(|place: &Place| (place.own.start, place.own.end));
        let mut at: Vec<usize> = places.iter().map(|place| place.at).collect();
        at.sort_unstable();
        let healed = after
            .constructs
            .iter()
            .filter(|construct| {
                let first = at.partition_point(|&at| at <= construct.start);
                at.get(first).is_some_and(|&at| at < construct.end)
            })
            .cloned()
            .collect();
        let new_definitions = before
            .glyphs
            .iter()
            .zip(&after.glyphs)
            .any(|(b, a)| a.class == Class::Definition && b.class != Class::Definition);
        Some(Self {
            before,
            after,
            places,
            healed,
            new_definitions,
            known: HashMap::new(),
        })
    }

    fn holds(mut self) -> bool {
        let (before, after) = (self.before, self.after);
        self.nothing_is_glued()
            && self.raw_lines_are_apart()
            && after
                .unfinished
                .iter()
                .all(|block| before.unfinished.contains(block))
            && self.code_says_the_same()
            && before
                .glyphs
                .iter()
                .zip(&after.glyphs)
                .enumerate()
                .all(|(at, (b, a))| self.may_be(at, b, a))
    }

    fn may_be(&mut self, at: usize, b: &Glyph, a: &Glyph) -> bool {
        let first = self.places.partition_point(|place| place.own.end <= at);
        let own = self
            .places
            .get(first)
            .filter(|place| place.own.contains(&at))
            .cloned();
        if b.class == a.class && b.after_break == a.after_break && self.same_around(b, a) {
            return true;
        }
        let in_opened = own.as_ref().is_some_and(|place| place.opened);
        if b.class == Class::Tag
            && a.class != Class::Tag
            && !(in_opened && self.is_closed_code(a))
            && !self.is_escaped_tag(at)
        {
            return false;
        }
        match own {
            None => b.after_break == a.after_break && self.is_reached(at, b, a),
            Some(_) if !b.is_word() => true,
            Some(place) if place.inline => self.is_healed_in_line(at, &place, b, a),
            Some(place) => place.opened && self.is_healed_block(at, &place, b, a),
        }
    }

    /// No word gets a neighbour that is shown and had the element between them.
    fn nothing_is_glued(&self) -> bool {
        let shown = |glyph: &Glyph| {
            !matches!(
                glyph.class,
                Class::Definition | Class::Structure | Class::Tag
            )
        };
        self.places.iter().all(|place| {
            let pair = place
                .at
                .checked_sub(1)
                .and_then(|last| self.after.glyphs.get(last))
                .zip(self.after.glyphs.get(place.at));
            pair.is_none_or(|(last, next)| {
                !last.touches(next)
                    || !(last.is_word() && next.is_word())
                        && !(shown(last) && shown(next) && (last.is_word() || next.is_word()))
            })
        })
    }

    /// What a removed block held apart in raw HTML is in no one block.
    fn raw_lines_are_apart(&self) -> bool {
        let glyphs = &self.after.glyphs;
        let block = |glyph: &Glyph| {
            self.after
                .around(glyph)
                .find(|node| !node.kind.is_inline())
                .map(sign)
        };
        self.before.held_apart.iter().all(|&at| {
            let (head, tail) = glyphs.split_at_checked(at).unwrap_or_default();
            head.iter()
                .rfind(|glyph| glyph.is_word())
                .zip(tail.iter().find(|glyph| glyph.is_word()))
                .is_none_or(|(last, next)| block(last) != block(next))
        })
    }

    fn code_says_the_same(&self) -> bool {
        self.before.code.iter().all(|block| {
            block.said.trim().is_empty()
                || self.after.code.iter().any(|other| block.is(other))
                || !block.fenced
                    && self
                        .after
                        .glyphs
                        .get(block.start)
                        .is_some_and(|glyph| self.in_parted_list(block.start, glyph))
        })
    }

    /// Whether the nodes around the two are the same.
    fn same_around(&mut self, b: &Glyph, a: &Glyph) -> bool {
        let key = (b.node, a.node);
        if let Some(&same) = self.known.get(&key) {
            return same;
        }
        let same = self.same_but(b, a, |_| false);
        self.known.insert(key, same);
        same
    }

    /// Whether it is in backticks or between two fences.
    fn is_closed_code(&self, a: &Glyph) -> bool {
        a.class == Class::InlineCode
            || self.after.around(a).any(|node| {
                matches!(
                    node.kind,
                    Kind::Code {
                        fenced: true,
                        closed: true
                    }
                )
            })
    }

    /// Whether the tag at `at` has a backslash before it: its author wanted none.
    fn is_escaped_tag(&self, at: usize) -> bool {
        let glyphs = &self.before.glyphs;
        self.before.constructs.iter().any(|tag| {
            tag.contains(&at)
                && tag
                    .start
                    .checked_sub(1)
                    .and_then(|last| glyphs.get(last))
                    .zip(glyphs.get(tag.start))
                    .is_some_and(|(last, first)| last.sign == '\\' && last.touches(first))
        })
    }

    /// The same, apart from nodes of some kind.
    fn same_but(&self, b: &Glyph, a: &Glyph, apart: impl Fn(&Kind) -> bool) -> bool {
        let said = |node: &&Node| !apart(&node.kind);
        self.before
            .around(b)
            .filter(said)
            .map(sign)
            .eq(self.after.around(a).filter(said).map(sign))
    }

    /// Whether the glyph, of which `a` is what is after the removal, is in a list that goes on past
    /// an element that parted it.
    fn in_parted_list(&self, at: usize, a: &Glyph) -> bool {
        let list = self
            .after
            .around(a)
            .filter(|node| matches!(node.kind, Kind::List { .. }))
            .map(|node| node.start)
            .min();
        list.is_some_and(|list| {
            self.places.iter().any(|place| {
                place.opened && !place.own.is_empty() && list < place.at && place.own.end <= at
            })
        })
    }

    /// A glyph outside the element's own block: a new definition makes a link of it, or a parted list
    /// goes on.
    fn is_reached(&self, at: usize, b: &Glyph, a: &Glyph) -> bool {
        let refers = self.new_definitions;
        let parted = self.in_parted_list(at, a);
        let apart = |kind: &Kind| match kind {
            Kind::Link { reference, .. } => refers && *reference,
            Kind::List { .. } | Kind::Item { .. } => parted,
            _ => false,
        };
        if parted && b.class == Class::Indented {
            return matches!(a.class, Class::Text | Class::Structure | Class::Indented);
        }
        let same_class = b.class == a.class
            || refers
                && (b.class, a.class) == (Class::Text, Class::Structure)
                && (self.is_in_reference(a) || matches!(a.sign, '[' | ']'));
        // The number that is shown before an item is the same.
        let number = |trace: &'t Trace, glyph: &Glyph| {
            trace.around(glyph).next().and_then(|node| match node.kind {
                Kind::Item { number } => number,
                _ => None,
            })
        };
        same_class && number(self.before, b) == number(self.after, a) && self.same_but(b, a, apart)
    }

    fn is_in_reference(&self, a: &Glyph) -> bool {
        self.after.around(a).any(|node| {
            matches!(
                node.kind,
                Kind::Link {
                    reference: true,
                    ..
                }
            )
        })
    }

    fn is_in_healed(&self, at: usize) -> bool {
        self.healed.iter().any(|construct| construct.contains(&at))
    }

    /// A letter or digit of the lines that the element made raw HTML.
    fn is_healed_block(&self, at: usize, place: &Place, b: &Glyph, a: &Glyph) -> bool {
        let mut around = self.after.around(a);
        let class = match (b.class, a.class) {
            (Class::Raw, Class::Text | Class::Raw | Class::InlineCode | Class::Definition) => true,
            (Class::Raw, Class::Fenced) => around.any(|node| {
                matches!(
                    node.kind,
                    Kind::Code {
                        fenced: true,
                        closed: true
                    }
                )
            }),
            (Class::Raw, Class::Structure) => match around.next().map(|node| &node.kind) {
                Some(Kind::Link { .. } | Kind::Code { closed: true, .. }) => true,
                _ => self.is_number(at, a),
            },
            (Class::Tag, Class::Text | Class::InlineCode | Class::Fenced) => true,
            (b, a) => b == a,
        };
        class
            && self.after.around(a).all(|node| match node.kind {
                Kind::List { .. } | Kind::Item { .. } => true,
                Kind::Mark(_) => !self.is_inside_word(node),
                _ => {
                    node.start >= place.own.start
                        || self.before.around(b).any(|old| sign(old) == sign(node))
                }
            })
    }

    /// Whether the mark starts or ends inside a word: `5*3*2`.
    fn is_inside_word(&self, mark: &Node) -> bool {
        let glyphs = &self.after.glyphs;
        let glued = |last: Option<usize>, next: usize| {
            last.and_then(|last| glyphs.get(last))
                .zip(glyphs.get(next))
                .is_some_and(|(last, next)| last.touches(next))
        };
        let letter = |at: Option<usize>| {
            at.and_then(|at| glyphs.get(at))
                .is_some_and(|glyph| glyph.sign.is_ascii_alphanumeric())
        };
        let last = mark.start.checked_sub(1);
        letter(last) && glued(last, mark.start)
            || letter(Some(mark.end)) && glued(mark.end.checked_sub(1), mark.end)
    }

    /// Whether the digit is the number that a reader sees before the item.
    fn is_number(&self, at: usize, a: &Glyph) -> bool {
        let Some(item) = self.after.around(a).next() else {
            return false;
        };
        let Kind::Item {
            number: Some(number),
        } = item.kind
        else {
            return false;
        };
        let written: String = self
            .after
            .glyphs
            .iter()
            .skip(item.start)
            .map(|glyph| glyph.sign)
            .take_while(char::is_ascii_digit)
            .collect();
        at < item.start + written.len() && written.parse() == Ok(number)
    }

    /// A letter or digit of the paragraph that the element stands in.
    fn is_healed_in_line(&self, at: usize, place: &Place, b: &Glyph, a: &Glyph) -> bool {
        let healed = self.is_in_healed(at);
        match (b.class, a.class) {
            (Class::Text, Class::Definition) => return true,
            (Class::Text | Class::Structure, Class::Tag) if healed => return true,
            (Class::Structure, Class::Text) if healed => {}
            (Class::Text, Class::Structure) => {
                return healed || self.is_in_reference(a) || self.is_number(at, a);
            }
            (b, a) if b != a => return false,
            _ => {}
        }
        self.blocks_are_kept(place, b, a) && self.marks_are_kept(b, a)
    }

    fn blocks_are_kept(&self, place: &Place, b: &Glyph, a: &Glyph) -> bool {
        // The element stands before or in the mark of a block: `2.<div></div>`.
        let in_mark = self
            .before
            .glyphs
            .get(place.own.start..place.at)
            .is_some_and(|head| !head.iter().any(|glyph| glyph.sign.is_alphabetic()));
        let blocks = |trace: &'t Trace, glyph: &Glyph| -> Vec<&'t Node> {
            trace
                .around(glyph)
                .filter(|node| !node.kind.is_inline())
                .collect()
        };
        let (old, new) = (blocks(self.before, b), blocks(self.after, a));
        let (Some((old_leaf, old)), Some((new_leaf, new))) = (old.split_first(), new.split_first())
        else {
            return false;
        };
        let is_text = |node: &Node| matches!(node.kind, Kind::Text(_));
        let is_paragraph = |node: &Node| node.kind == paragraph();
        let same_leaf = old_leaf.kind == new_leaf.kind
            || in_mark && is_paragraph(old_leaf) && is_text(new_leaf);
        let is_new = |node: &Node| {
            in_mark
                && node.start >= place.own.start
                && matches!(
                    node.kind,
                    Kind::List { .. } | Kind::Item { .. } | Kind::Quote
                )
                && !old.iter().any(|other| sign(other) == sign(node))
        };
        same_leaf
            && new_leaf.start >= place.own.start
            && new
                .iter()
                .filter(|node| !is_new(node))
                .map(|node| sign(node))
                .eq(old.iter().map(|node| sign(node)))
    }

    fn marks_are_kept(&self, b: &Glyph, a: &Glyph) -> bool {
        let marks = |trace: &'t Trace, glyph: &Glyph| -> Vec<&'t Node> {
            trace
                .around(glyph)
                .filter(|node| node.kind.is_inline())
                .collect()
        };
        let (old, new) = (marks(self.before, b), marks(self.after, a));
        // What is marked, not where the marks stand.
        let words = |trace: &Trace, mark: &Node| {
            let is_word = |at: &usize| trace.glyphs.get(*at).is_some_and(Glyph::is_word);
            let first = (mark.start..mark.end).find(is_word);
            first.zip((mark.start..mark.end).rfind(is_word))
        };
        let same = |old: &Node, new: &Node| {
            old.kind == new.kind && words(self.before, old) == words(self.after, new)
        };
        let kept = old.iter().all(|mark| {
            new.iter().any(|other| same(mark, other))
                || self.is_in_healed(mark.start)
                || self.is_in_healed(mark.end.saturating_sub(1))
        });
        let known = new.iter().all(|mark| {
            old.iter().any(|other| same(other, mark))
                || match mark.kind {
                    Kind::Link { reference, .. } => {
                        reference && self.new_definitions
                            || self.healed.contains(&(mark.start..mark.end))
                    }
                    _ => false,
                }
        });
        kept && known
    }
}

/// What makes a node the same in both texts.
fn sign(node: &Node) -> (&Kind, usize) {
    (&node.kind, node.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(name: &str) -> Standing {
        match name {
            "div" | "p" => Standing::Block,
            _ => Standing::Nowhere,
        }
    }

    /// Whether `after` is what heals `before`, in which the element is the first `<div></div>`.
    fn heals(before: &str, after: &str) -> bool {
        // With a blank, so that it is in no link's destination.
        const SLOT: &str = "<div id=x></div>";
        let before = before.replacen("<div></div>", SLOT, 1);
        let at = before.find(SLOT).unwrap();
        let span = Span::new(at, at + SLOT.len());
        Healing::of(&before, &[span], standing)
            .is_healed_by(&Healing::of(after, &[], standing), &[span])
    }

    fn all_heal(pairs: &[(&str, &str)]) {
        for (before, after) in pairs {
            assert!(heals(before, after), "{before:?}");
        }
    }

    fn none_heals(pairs: &[(&str, &str)]) {
        for (before, after) in pairs {
            assert!(!heals(before, after), "{before:?}");
        }
    }

    #[test]
    fn lines_kept_raw_are_what_their_author_wrote() {
        all_heal(&[
            ("<div></div>\n# b\n", "# b\n"),
            ("a\n<div></div>\n---\nb\n", "a\n\n---\nb\n"),
            ("<div></div>\n- b\n- c\n", "- b\n- c\n"),
            ("<div></div>\n- a <p>b</p>\n- c\n", "- a <p>b</p>\n- c\n"),
            ("<div></div>\n3. b\n", "3. b\n"),
            ("<div></div>\r\n> *b*\r\n", "> *b*\r\n"),
            ("<div></div>\n[b](/c \"d\") `e`\n", "[b](/c \"d\") `e`\n"),
            ("<div></div>\nb | c\n-|-\nd | e\n", "b | c\n-|-\nd | e\n"),
            ("<div></div>\n中文**强调**中文\n", "中文**强调**中文\n"),
            ("<div></div>\n\\<b> c\n", "\\<b> c\n"),
            ("<div></div>\n```\nb\n```\n", "```\nb\n```\n"),
            ("<div></div>\n    # b\n", "# b\n"),
        ]);
        none_heals(&[
            // Text would be code, or in code that is never closed.
            ("<div></div>\n    b\n", "    b\n"),
            ("<div></div>\n```\nb\n", "```\nb\n"),
            // A tag or a comment would be shown.
            (
                "<div></div>\n<b title=\"c\n---\nd\">\n",
                "<b title=\"c\n---\nd\">\n",
            ),
            // The script would take the end of the new paragraph with it.
            ("<div></div>\na <script>b\n", "a <script>b\n"),
            // `*` and `_` inside words are seldom marks.
            ("<div></div>\n5*3*2\n", "5*3*2\n"),
        ]);
    }

    #[test]
    fn what_stands_before_and_after_the_block_is_as_it_was() {
        none_heals(&[
            ("a\n<div></div>\n---\nb\n", "a\n---\nb\n"),
            ("a\n<div></div>\nb\n", "a\nb\n"),
            ("> a\n<div></div>\nb\n", "> a\nb\n"),
            ("a | b\n-|-\n<div></div>\nc | d\n", "a | b\n-|-\nc | d\n"),
            ("a\n\n<div></div>\n\n    b\n", "a\n\n  b\n"),
            ("[^1]: a\n\n<div></div>\n\n    b\n", "[^1]: a\n\n    b\n"),
            // The fence of the lines after would end one that begins now.
            (
                "<div></div>\n```\nb\n\nc\n```\n\nd\n",
                "```\nb\n\nc\n```\n\nd\n",
            ),
            ("<div>a\n<div></div>b</div>\n", "<div>a\nb</div>\n"),
        ]);
    }

    #[test]
    fn a_parted_list_goes_on() {
        all_heal(&[
            ("- a\n<div></div>\n- b\n", "- a\n- b\n"),
            ("1. a\n<div></div>\n2. b\n", "1. a\n2. b\n"),
            ("- a\n<div></div>\n- b\n\n- c\n", "- a\n- b\n\n- c\n"),
            ("- a\n<div></div>\n  - b\n\n  c\n", "- a\n  - b\n\n  c\n"),
            (
                "1.  a\n<div></div>\n    b\n\n        c\n\n    > d\n",
                "1.  a\n\n    b\n\n        c\n\n    > d\n",
            ),
            ("- <div></div>\n\n  a\n", "- a\n"),
        ]);
        none_heals(&[
            // Two lists of the author's.
            ("- a\n\n<div></div>\n\n- b\n", "- a\n\n- b\n"),
            ("1. a\n\n<div></div>\n\n1. b\n", "1. a\n\n1. b\n"),
            // The number that is shown would be another.
            ("1. a\n<div></div>\n3. b\n", "1. a\n3. b\n"),
            ("1. a\n<div></div>\n2. b\n\n1. c\n", "1. a\n2. b\n\n1. c\n"),
        ]);
    }

    #[test]
    fn a_sign_in_two_halves_is_whole_again() {
        all_heal(&[
            ("[a](/b<div></div>/c)\n", "[a](/b/c)\n"),
            ("<https://<div></div>.org/b>\n", "<https://.org/b>\n"),
            ("*a <https://b.<div></div>/c*d>\n", "*a <https://b./c*d>\n"),
            (
                "a <b title=\"<div></div>;\">c</b>\n",
                "a <b title=\";\">c</b>\n",
            ),
            ("2.<div></div>\n", "2.\n"),
            (
                "[a]: /<div></div>b\n[c]: /d\n\n[a] [c]\n",
                "[a]: /b\n[c]: /d\n\n[a] [c]\n",
            ),
            ("[a]\n\n<div></div>\n[a]: /b\n", "[a]\n\n[a]: /b\n"),
            (
                "[![a](b.png)][c]\n\n<div></div>\n[c]: /d\n",
                "[![a](b.png)][c]\n\n[c]: /d\n",
            ),
            // Marks that hold nothing else.
            ("a **<div></div>** b\n", "a **** b\n"),
        ]);
        none_heals(&[
            ("*a <div></div>* b\n", "*a * b\n"),
            ("**a**<div></div>**b**\n", "**a****b**\n"),
            (
                "a <b title=\"<div></div>c>\n*d* \"e\n",
                "a <b title=\"c>\n *d* \"e\n",
            ),
            ("a*<div></div> b*\n", "a*b*\n"),
            // The item would end what the block leaves open.
            (
                "<div></div>\n- a\n<i></i><p>\n\nb\n",
                "- a\n<i></i><p>\n\nb\n",
            ),
            // A heading to its reader, whatever its author wanted.
            ("1.<div></div> a\n---\n", "1. a\n---\n"),
        ]);
    }

    #[test]
    fn nothing_is_glued() {
        none_heals(&[
            ("a<div></div>b\n", "ab\n"),
            ("a.<div></div>b\n", "a.b\n"),
            ("<p>\na <div></div> b</p>\n", "<p>\na b</p>\n"),
        ]);
        all_heal(&[
            ("[<div></div>]\n", "[]\n"),
            ("<p>\n*<div></div>*\n", "<p>\n**\n"),
        ]);
    }
}
