use std::cell::RefCell;
use std::rc::Rc;

use lol_html::html_content::{Comment, Element as Tag, EndTag};
use lol_html::{HtmlRewriter, OutputSink, Settings, element};
use rustc_hash::FxHashMap;

use super::arena::{Arena, Attribute, Element, ElementId, Piece};
use super::implied;
use crate::source::Span;

/// How deep elements may be nested.
pub const MAX_DEPTH: usize = 4096;

/// How many elements the tokenizer may hold open. It knows no implied end tags, so that a long
/// page of unclosed paragraphs nests deep in it and flat in the arena.
const MAX_OPEN_IN_TOKENIZER: usize = 65_536;

/// Builds an [`Arena`] from chunks of any size.
///
/// All offsets are absolute in the stream: they count from the `start` the builder was made with.
pub struct Builder {
    state: Rc<RefCell<State>>,
    // `None` after an error: the tokenizer must not be used again.
    rewriter: Option<HtmlRewriter<'static, Discard>>,
    start: usize,
    fed: usize,
}

struct Discard;

impl OutputSink for Discard {
    fn handle_chunk(&mut self, _chunk: &[u8]) {}
}

#[derive(Default)]
struct State {
    arena: Arena,
    start: usize,
    // Open elements as HTML sees them, the innermost last.
    open: Vec<ElementId>,
    // The last child seen at each depth; one longer than `open`.
    last_child: Vec<Option<ElementId>>,
    name_ids: FxHashMap<String, u32>,
    last_end_tag: Option<usize>,
    open_in_tokenizer: usize,
}

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep;

impl Builder {
    /// A builder whose first byte has the offset `start`.
    pub fn new(start: usize) -> Self {
        let state = Rc::new(RefCell::new(State {
            start,
            last_child: vec![None],
            ..State::default()
        }));
        let (for_tags, for_comments) = (state.clone(), state.clone());
        let settings = Settings::new()
            .with_strict(false)
            .append_element_content_handler(element!("*", move |tag: &mut Tag| {
                let has_content = for_tags.borrow_mut().start_tag(tag)?;
                if has_content {
                    let state = for_tags.clone();
                    tag.on_end_tag(Box::new(move |end: &mut EndTag| {
                        state.borrow_mut().end_tag(end);
                        Ok(())
                    }))?;
                }
                Ok(())
            }))
            .append_document_content_handler(lol_html::doc_comments!(
                move |comment: &mut Comment| {
                    for_comments.borrow_mut().comment(comment);
                    Ok(())
                }
            ));
        Self {
            state,
            rewriter: Some(HtmlRewriter::new(settings, Discard)),
            start,
            fed: 0,
        }
    }

    /// Reads on.
    ///
    /// # Errors
    /// When elements are nested too deep; the rest need not be fed.
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), TooDeep> {
        self.fed += chunk.len();
        let Some(rewriter) = &mut self.rewriter else {
            return Err(TooDeep);
        };
        if rewriter.write(chunk).is_err() {
            // A tokenizer that has failed panics when it is used again or ended.
            self.rewriter = None;
            return Err(TooDeep);
        }
        Ok(())
    }

    /// The arena. `source` holds the bytes that were fed, unmasked, at their offsets: the bodies of
    /// `noscript`, which are text to a browser with scripts, are read from it.
    pub fn finish(mut self, source: &[u8]) -> Arena {
        let failed = match self.rewriter.take() {
            Some(rewriter) => rewriter.end().is_err(),
            None => true,
        };
        let end = self.start + self.fed;
        let mut state = std::mem::take(&mut *self.state.borrow_mut());
        let body = Span::new(self.start, end);
        if failed {
            return Arena {
                too_deep: Some(state.arena.too_deep.unwrap_or(Span::empty(self.start))),
                body,
                ..Arena::default()
            };
        }
        while !state.open.is_empty() {
            state.pop(end);
        }
        state.arena.body = body;
        noscript::expand(state.arena, source)
    }
}

impl State {
    /// Whether an end tag can follow.
    fn start_tag(&mut self, tag: &Tag) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
        let at = self.span(tag.source_location().bytes());
        let name = tag.tag_name();
        let id = ElementId(u32::try_from(self.arena.elements.len())?);
        let has_content = tag.can_have_content();

        let open = implied::Open {
            count: self.open.len(),
            name: |place: usize| self.arena.name(self.open[place]),
        };
        let implied = implied::implied_end(&open, &name);
        let mut closes = None;
        if let Some(keep) = implied {
            closes = self.open.get(keep).copied();
            while self.open.len() > keep {
                self.pop(at.start);
            }
        }

        let first = self.arena.attributes.len() as u32;
        for attribute in tag.attributes() {
            let Some(name) = attribute.name_source_location() else {
                continue;
            };
            let name = self.span(name.bytes());
            let value = attribute.value_source_location();
            let value = value.map(|value| self.span(value.bytes()));
            self.arena.attributes.push(Attribute {
                name,
                value,
                // Quotes are found once the bytes are at hand, in `finish`.
                whole: value.map_or(name, |value| name.join(value)),
            });
        }
        let name = self.name_id(name);
        let depth = self.open.len();
        let previous = self
            .last_child
            .get_mut(depth)
            .and_then(|last| last.replace(id));
        self.arena.elements.push(Element {
            start: at,
            end: None,
            parent: self.open.last().copied(),
            content: Span::empty(at.end),
            previous,
            closes,
            balanced: true,
            void: !has_content,
            name,
            attributes: (first, self.arena.attributes.len() as u32),
            subtree_end: id.0 + 1,
        });
        self.arena.pieces.push(Piece {
            span: at,
            starts: id.0,
        });
        if has_content {
            self.open.push(id);
            self.last_child.push(None);
            self.open_in_tokenizer += 1;
            if self.open.len() > MAX_DEPTH || self.open_in_tokenizer > MAX_OPEN_IN_TOKENIZER {
                self.arena.too_deep = Some(at);
                return Err("nested too deep".into());
            }
        }
        Ok(has_content)
    }

    /// The tokenizer calls this for every element that an end tag takes off its own stack, with
    /// the same end tag; the arena takes the tag once and decides by HTML's rules.
    fn end_tag(&mut self, end: &EndTag) {
        self.open_in_tokenizer = self.open_in_tokenizer.saturating_sub(1);
        let at = self.span(end.source_location().bytes());
        if self.last_end_tag == Some(at.start) {
            return;
        }
        self.last_end_tag = Some(at.start);
        self.arena.pieces.push(Piece {
            span: at,
            starts: u32::MAX,
        });
        let name = end.name();
        let through_cells = implied::is_table_part(&name);
        let mut found = None;
        for (place, &id) in self.open.iter().enumerate().rev() {
            let open = self.arena.name(id);
            if open == name {
                found = Some(place);
                break;
            }
            let barrier = match open {
                "table" | "template" | "html" => true,
                open => implied::is_scope_barrier(open) && !through_cells,
            };
            let barrier = barrier
                || (name == "p" && open == "button")
                || (name == "li" && matches!(open, "ul" | "ol"));
            if barrier {
                break;
            }
        }
        let Some(keep) = found else { return };
        let mut reached_over = false;
        while self.open.len() > keep + 1 {
            if let Some(&inner) = self.open.last() {
                reached_over |= implied::is_formatting(self.arena.name(inner));
            }
            self.pop(at.start);
        }
        if let Some(&id) = self.open.last() {
            self.pop(at.start);
            let element = &mut self.arena.elements[id.place()];
            element.end = Some(at);
            element.balanced = !reached_over;
        }
    }

    fn comment(&mut self, comment: &Comment) {
        let span = self.span(comment.source_location().bytes());
        self.arena.comments.push(span);
        self.arena.pieces.push(Piece {
            span,
            starts: u32::MAX,
        });
    }

    /// Ends the innermost open element at `end`, without an end tag.
    fn pop(&mut self, end: usize) {
        if let Some(id) = self.open.pop() {
            self.last_child.pop();
            let subtree_end = self.arena.elements.len() as u32;
            let element = &mut self.arena.elements[id.place()];
            element.content.end = end.max(element.content.start);
            element.subtree_end = subtree_end;
        }
    }

    fn span(&self, relative: std::ops::Range<usize>) -> Span {
        Span::new(self.start + relative.start, self.start + relative.end)
    }

    fn name_id(&mut self, name: String) -> u32 {
        if let Some(&id) = self.name_ids.get(&name) {
            return id;
        }
        let id = self.arena.names.len() as u32;
        self.arena.names.push(name.clone());
        self.name_ids.insert(name, id);
        id
    }
}

mod noscript {
    use super::{Arena, Builder, ElementId};

    /// Finds the quotes of attributes, and puts the elements of `noscript` bodies into the arena.
    pub(super) fn expand(mut arena: Arena, source: &[u8]) -> Arena {
        for attribute in &mut arena.attributes {
            if let Some(value) = attribute.value {
                let before = value.start.checked_sub(1).and_then(|at| source.get(at));
                let after = source.get(value.end);
                if matches!(before, Some(b'"' | b'\'')) && before == after {
                    attribute.whole.end = value.end + 1;
                }
            }
        }
        let mut bodies = Vec::new();
        for id in arena.ids() {
            let content = arena.element(id).content;
            // A body with elements of its own was no raw text (`noscript` in SVG).
            if arena.name(id) == "noscript"
                && arena.element(id).subtree_end == id.0 + 1
                && memchr::memchr(b'<', content.slice(source)).is_some()
            {
                let mut inner = Builder::new(content.start);
                if inner.feed(content.slice(source)).is_ok() {
                    bodies.push((id, inner.finish(source)));
                }
            }
        }
        if bodies.is_empty() {
            return arena;
        }
        merge(arena, bodies)
    }

    /// `arena` with each of `bodies` put in behind its host.
    fn merge(outer: Arena, bodies: Vec<(ElementId, Arena)>) -> Arena {
        // How much the id (or the exclusive end) at each place moves.
        let mut moved = Vec::with_capacity(outer.elements.len() + 1);
        let mut hosts = bodies.iter().peekable();
        let mut by = 0;
        for place in 0..=outer.elements.len() as u32 {
            moved.push(by);
            if let Some((_, inner)) = hosts.next_if(|(host, _)| host.0 == place) {
                by += inner.elements.len() as u32;
            }
        }
        let shift = |id: u32| id + moved.get(id as usize).copied().unwrap_or(by);
        let shift_id = |id: ElementId| ElementId(shift(id.0));

        let mut arena = Arena {
            attributes: outer.attributes,
            names: outer.names,
            comments: outer.comments,
            body: outer.body,
            ..Arena::default()
        };
        let mut bodies = bodies.into_iter().peekable();
        for (place, mut element) in outer.elements.into_iter().enumerate() {
            element.parent = element.parent.map(shift_id);
            element.previous = element.previous.map(shift_id);
            element.closes = element.closes.map(shift_id);
            element.subtree_end = shift(element.subtree_end);
            arena.elements.push(element);
            while let Some((host, inner)) = bodies.next_if(|(host, _)| host.place() == place) {
                let host = shift_id(host);
                let first_attribute = arena.attributes.len() as u32;
                arena.attributes.extend(inner.attributes);
                arena.comments.extend(inner.comments);
                let names: Vec<u32> = inner
                    .names
                    .into_iter()
                    .map(|name| intern(&mut arena.names, name))
                    .collect();
                let first = host.0 + 1;
                let inside = |id: ElementId| ElementId(id.0 + first);
                for mut element in inner.elements {
                    element.name = names.get(element.name as usize).copied().unwrap_or(0);
                    element.attributes.0 += first_attribute;
                    element.attributes.1 += first_attribute;
                    element.subtree_end += first;
                    element.parent = Some(element.parent.map_or(host, inside));
                    element.previous = element.previous.map(inside);
                    element.closes = element.closes.map(inside);
                    arena.elements.push(element);
                }
                for mut piece in inner.pieces {
                    if piece.starts != u32::MAX {
                        piece.starts += first;
                    }
                    arena.pieces.push(piece);
                }
            }
        }
        for mut piece in outer.pieces {
            if piece.starts != u32::MAX {
                piece.starts = shift(piece.starts);
            }
            arena.pieces.push(piece);
        }
        arena.pieces.sort_unstable_by_key(|piece| piece.span.start);
        arena.comments.sort_unstable();
        arena
    }

    fn intern(names: &mut Vec<String>, name: String) -> u32 {
        let place = names.iter().position(|own| *own == name);
        let place = place.unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        place as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Mask;

    fn parse(html: &str) -> Arena {
        Arena::parse(html.as_bytes(), Span::new(0, html.len()), &Mask::default())
    }

    /// `name[whole]` of every element with its depth, unclosed ones marked `!`.
    fn outline(html: &str) -> Vec<String> {
        let arena = parse(html);
        arena
            .ids()
            .map(|id| {
                let element = arena.element(id);
                format!(
                    "{}{}{} {}",
                    ">".repeat(arena.ancestors(id).count()),
                    arena.name(id),
                    if element.is_closed() { "" } else { "!" },
                    element.whole().text(html)
                )
            })
            .collect()
    }

    #[test]
    fn an_ancestors_end_tag_does_not_close_an_unclosed_element() {
        assert_eq!(
            outline("<div><p class=ad>x<p>keep</div>tail"),
            [
                "div <div><p class=ad>x<p>keep</div>",
                ">p! <p class=ad>x",
                ">p! <p>keep"
            ]
        );
        assert_eq!(
            outline("<ul><li>a<li>b</ul>")[1..],
            [">li! <li>a", ">li! <li>b"]
        );
    }

    #[test]
    fn a_block_ends_a_paragraph_and_takes_no_end_tag_from_it() {
        let html = "<p class=ad>x<div>content</div></p>y";
        assert_eq!(
            outline(html),
            ["p! <p class=ad>x", "div <div>content</div>"]
        );
        let arena = parse(html);
        assert_eq!(arena.element(ElementId(1)).closes, Some(ElementId(0)));
    }

    #[test]
    fn an_end_tag_does_not_reach_out_of_a_cell() {
        let html = "<div class=ad><table><td></div>text</td></table></div>";
        assert_eq!(outline(html)[0], format!("div! {html}"));
    }

    #[test]
    fn spans_of_attributes_are_exact() {
        let html = "<IMG/data-src=x a=\"1\"data-b='2' c>";
        let arena = parse(html);
        let whole: Vec<&str> = arena
            .attributes(ElementId(0))
            .iter()
            .map(|a| a.whole.text(html))
            .collect();
        assert_eq!(whole, ["data-src=x", "a=\"1\"", "data-b='2'", "c"]);
        assert_eq!(arena.name(ElementId(0)), "img");
    }

    #[test]
    fn noscript_bodies_are_elements() {
        let html = "<div><noscript><IMG src=a><b>x</b></noscript><i>y</i></div><u></u>";
        assert_eq!(
            outline(html),
            [
                format!("div {}", &html[..html.len() - 7]).as_str(),
                ">noscript <noscript><IMG src=a><b>x</b></noscript>",
                ">>img <IMG src=a>",
                ">>b <b>x</b>",
                ">i <i>y</i>",
                "u <u></u>"
            ]
        );
        let arena = parse(html);
        let names: Vec<&str> = arena
            .children(ElementId(0))
            .map(|id| arena.name(id))
            .collect();
        assert_eq!(names, ["noscript", "i"]);
        assert_eq!(
            arena.value(html.as_bytes(), ElementId(2), "src").as_deref(),
            Some("a")
        );
    }

    #[test]
    fn chunks_make_no_difference() {
        let html =
            "﻿标题<p>a<div id=\"é\">文<br/></div><!-- c --><noscript><img src='x'></noscript>";
        let whole = format!("{:?}", parse(html));
        for size in 1..7 {
            let mut builder = Builder::new(0);
            for chunk in html.as_bytes().chunks(size) {
                builder.feed(chunk).unwrap();
            }
            assert_eq!(format!("{:?}", builder.finish(html.as_bytes())), whole);
        }
    }

    #[test]
    fn depth_is_capped_and_unclosed_paragraphs_are_not_deep() {
        let deep = "<div>".repeat(MAX_DEPTH + 1);
        let arena = parse(&deep);
        assert!(arena.is_empty());
        assert_eq!(
            arena.nesting_too_deep().map(|span| span.start),
            Some(5 * MAX_DEPTH)
        );
        assert!(
            parse(&"<div>".repeat(MAX_DEPTH))
                .nesting_too_deep()
                .is_none()
        );
        let flat = "<p>a".repeat(MAX_DEPTH * 2);
        assert_eq!(parse(&flat).len(), MAX_DEPTH * 2);
    }

    #[test]
    fn formatting_that_reaches_over_an_end_tag_unbalances_it() {
        let arena = parse("<div><b>x</div>y</b><div><i>z</i></div>");
        assert!(!arena.element(ElementId(0)).balanced);
        assert!(arena.element(ElementId(2)).balanced);
    }
}
