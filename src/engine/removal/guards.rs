use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::comments::is_condition;
use super::{Candidate, Kind, Verdict, links, seams};
use crate::document::Document;
use crate::html::{ElementId, MediaKind, ends_at_start_of, is_blank_data_image, is_inline};
use crate::markdown::Format;
use crate::rule::Marks;
use crate::source::{MaskKind, Region, Span};

/// Says of every candidate whether it may go.
pub(super) fn judge(document: &Document, marks: &Marks, candidates: &[Candidate]) -> Vec<Verdict> {
    let all = |_: &Candidate, _: usize| true;
    let first = judge_with(document, marks, candidates, all);
    // A link that goes itself protects nothing. Which ones go is known now.
    judge_with(document, marks, candidates, |_, place| {
        matches!(first.get(place), Some(Verdict::Goes(_)))
    })
}

fn judge_with(
    document: &Document,
    marks: &Marks,
    candidates: &[Candidate],
    goes: impl Fn(&Candidate, usize) -> bool,
) -> Vec<Verdict> {
    let removed = || {
        candidates
            .iter()
            .filter(|candidate| candidate.kind == Kind::Remove)
    };
    let mut going: Vec<Span> = candidates
        .iter()
        .enumerate()
        .filter(|(place, candidate)| candidate.kind == Kind::Remove && goes(candidate, *place))
        .map(|(_, candidate)| document.arena().element(candidate.element).whole())
        .collect();
    going.sort_unstable();
    let guards = Guards {
        document,
        marks,
        named: removed().map(|candidate| candidate.element).collect(),
        going,
        links: OnceCell::new(),
        unfinished: OnceCell::new(),
    };
    candidates
        .iter()
        .map(|candidate| match guards.check(candidate) {
            Ok(()) => Verdict::Goes(candidate.safety),
            Err(reason) => Verdict::Stays(reason.into()),
        })
        .collect()
}

/// The guards of one document.
pub(super) struct Guards<'a> {
    document: &'a Document,
    /// The comments that programs read.
    marks: &'a Marks,
    /// Elements that rules name.
    named: FxHashSet<ElementId>,
    /// What goes, in file order.
    going: Vec<Span>,
    /// Where links to a place in this file stand, by the id they name.
    links: OnceCell<FxHashMap<String, Vec<usize>>>,
    /// Where the first tag that was never finished stands, for each of [`ENDED_BY_THEIR_LIKE`].
    unfinished: OnceCell<[usize; ENDED_BY_THEIR_LIKE.len()]>,
}

/// Elements that cannot hold one of their own kind (HTML standard, "in body").
const ENDED_BY_THEIR_LIKE: [&str; 4] = ["a", "nobr", "button", "form"];

type Verdicts = Result<(), &'static str>;

impl<'a> Guards<'a> {
    /// The guards that wrappers have to pass, for as many wrappers as there are: what is known of the
    /// page's links is gathered once.
    pub(super) fn of_wrappers(document: &'a Document, marks: &'a Marks) -> Self {
        Self {
            document,
            marks,
            named: FxHashSet::default(),
            going: Vec::new(),
            links: OnceCell::new(),
            unfinished: OnceCell::new(),
        }
    }

    /// Whether a wrapper may go, its content aside.
    pub(super) fn wrapper_may_go(&self, element: ElementId) -> bool {
        self.frame(element, false).is_ok() && self.targets(element).is_ok()
    }
}

impl Guards<'_> {
    fn check(&self, candidate: &Candidate) -> Verdicts {
        let continued = candidate.continued && candidate.kind == Kind::Remove;
        self.frame(candidate.element, continued)?;
        let element = self.document.arena().element(candidate.element);
        let gaps = match (candidate.kind, element.end) {
            (Kind::Unwrap, Some(end)) => vec![element.start, end],
            _ => vec![element.whole()],
        };
        if gaps.into_iter().any(|gap| self.would_make_a_character(gap)) {
            return Err("what stands on its two sides would become a character reference");
        }
        if candidate.kind == Kind::Unwrap {
            return Ok(());
        }
        self.content(candidate)?;
        self.targets(candidate.element)
    }

    /// Whether it is certain where the element starts and ends, and whether it is a thing that can
    /// go at all. With `continued` it may be of HTML that is shown as code.
    fn frame(&self, id: ElementId, continued: bool) -> Verdicts {
        let arena = self.document.arena();
        let element = arena.element(id);
        if self.document.format() == Format::Mdx {
            return Err("in MDX elements are JSX, which is reported only");
        }
        if matches!(
            arena.name(id),
            "html" | "head" | "body" | "main" | "article" | "template"
        ) {
            return Err("it holds the page");
        }
        if matches!(
            arena.name(id),
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" | "colgroup" | "col"
        ) {
            return Err("the table would lose its shape");
        }
        if !element.is_closed() {
            return Err("it is not closed by its own end tag, so it is not certain where it ends");
        }
        if self.tag_is_broken(id) {
            return Err("its start tag is broken, so it is not certain what belongs to it");
        }
        if self.would_end_a_tag(id) {
            return Err("a broken tag stands before it, and what follows it would become that tag");
        }
        if self.would_make_a_template(id) {
            return Err("what stands on its two sides would become a template");
        }
        if self.document.format() != Format::Html {
            if self.has_attribute_list(id) {
                return Err("an attribute list stands after it, which would go to something else");
            }
            if self.is_all_of_a_definition(id) {
                return Err("a definition would be left with nothing in it");
            }
        }
        if !element.balanced {
            return Err("formatting that starts inside it reaches over its end");
        }
        let tags = [Some(element.start), element.end];
        let masked = tags
            .into_iter()
            .flatten()
            .find_map(|tag| self.document.mask().within(tag).first());
        if let Some(region) = masked
            && !(continued && self.is_lines_of(id, *region))
        {
            return Err(if region.kind.is_code() {
                "its tags reach into code"
            } else {
                "a template stands in its tags"
            });
        }
        if self.is_component(id) {
            return Err("it is a component, which is reported only");
        }
        if arena
            .ancestors(id)
            .any(|up| matches!(arena.name(up), "svg" | "math" | "select"))
        {
            return Err("it is part of a drawing, a formula or a form field");
        }
        if self.ends_its_like(id) {
            return Err("it stands in an open element of its own kind, which its tags end");
        }
        self.implied_end(id)?;
        if self.holds_apart(id) {
            return Err("the text on its two sides would run together");
        }
        Ok(())
    }

    /// Whether the element is lines of its own, all of them in `region`, which is HTML that is shown
    /// as code: without them the other lines show what they showed.
    fn is_lines_of(&self, id: ElementId, region: Region) -> bool {
        let whole = self.document.arena().element(id).whole();
        region.kind == MaskKind::ContinuedHtml
            && region.span.start <= whole.start
            && whole.end <= region.span.end
            && seams::stands_on_its_lines(self.document, whole)
    }

    /// Whether it stands in an element that cannot hold another of its kind: a browser ends the outer
    /// one at one of its tags, so that without it the outer one would reach further.
    fn ends_its_like(&self, id: ElementId) -> bool {
        let arena = self.document.arena();
        let name = arena.name(id);
        let Some(place) = ENDED_BY_THEIR_LIKE.iter().position(|other| *other == name) else {
            return false;
        };
        // A tag that was never finished is open to a browser.
        let unfinished = self.unfinished.get_or_init(|| unfinished(self.document));
        let start = arena.element(id).start.start;
        unfinished.get(place).is_some_and(|&first| first < start)
            || arena.ancestors(id).any(|up| arena.name(up) == name)
    }

    /// Whether a block stands between words, or things that stand in a line with them: without it
    /// they would be one line.
    fn holds_apart(&self, id: ElementId) -> bool {
        let arena = self.document.arena();
        let source = self.document.bytes();
        let element = arena.element(id);
        let whole = element.whole();
        if arena.media_kind(id).is_some() {
            return false;
        }
        if is_inline(arena.name(id)) {
            // `New Yorker<em> </em>story`: the blank inside is the one between the words.
            let text = arena.text_in(source, self.document.mask(), element.content);
            let before = Span::new(whole.start.saturating_sub(1), whole.start).slice(source);
            let after = Span::new(whole.end, whole.end + 1).slice(source);
            let blank = |edge: &[u8]| edge.iter().all(u8::is_ascii_whitespace);
            return text.contains(char::is_whitespace)
                && crate::html::is_blank(&text)
                && !blank(before)
                && !blank(after);
        }
        if self.document.format() != Format::Html {
            // Markdown's own paragraphs say what belongs together; words must not be glued.
            let letter = |text: &[u8], last: bool| {
                let text = String::from_utf8_lossy(text);
                let c = if last {
                    text.chars().next_back()
                } else {
                    text.chars().next()
                };
                c.is_some_and(char::is_alphanumeric)
            };
            let before = Span::new(whole.start.saturating_sub(8), whole.start).slice(source);
            let after = Span::new(whole.end, whole.end + 8).slice(source);
            return letter(before, true) && letter(after, false);
        }
        let parent = element
            .parent
            .map_or(self.document.body(), |parent| arena.element(parent).content);
        let siblings = |id: ElementId| arena.element(id).whole();
        let previous = element.previous.map(siblings);
        let gap = Span::new(previous.map_or(parent.start, |span| span.end), whole.start);
        let is_line = |sibling: ElementId| is_inline(arena.name(sibling));
        let before = !self.is_blank_gap(gap) || element.previous.is_some_and(is_line);
        let next = arena.next_sibling(id);
        let gap = Span::new(
            whole.end,
            next.map_or(parent.end, |next| siblings(next).start),
        );
        let after = !self.is_blank_gap(gap) || next.is_some_and(is_line);
        before && after
    }

    fn is_blank_gap(&self, span: Span) -> bool {
        let text = self
            .document
            .arena()
            .text_in(self.document.bytes(), self.document.mask(), span);
        crate::html::is_blank(&text)
    }

    /// Whether a `<` or `</` stands before the element that is the start of a tag with what comes
    /// after it: `<<p></p>b>`.
    fn would_end_a_tag(&self, id: ElementId) -> bool {
        let whole = self.document.arena().element(id).whole();
        let source = self.document.bytes();
        let before = source.get(..whole.start).unwrap_or(&[]);
        let next = source.get(whole.end).copied().unwrap_or(b' ');
        if before.ends_with(b"</") {
            next != b'>'
        } else {
            before.ends_with(b"<") && (next.is_ascii_alphabetic() || b"/!?".contains(&next))
        }
    }

    /// Whether the two halves of a template's sign stand on its sides: `{<b></b>{ x }}`. A tag after
    /// it may go as well.
    fn would_make_a_template(&self, id: ElementId) -> bool {
        let whole = self.document.arena().element(id).whole();
        let at = whole.start.saturating_sub(1);
        let sign = self.document.bytes().get(at).copied().unwrap_or(b' ');
        let next = self
            .document
            .bytes()
            .get(whole.end)
            .copied()
            .unwrap_or(b' ');
        let joins = match sign {
            b'{' => b"{%#<",
            b'}' => b"}}<<",
            b'%' | b'#' => b"}}>>",
            b'<' => b"%%??",
            _ => return false,
        };
        joins.contains(&next) && whole.start > 0 && self.document.mask().at(at).is_none()
    }

    /// Whether the two halves of a character reference stand on the sides of `gap`: `&am<b></b>p;`.
    fn would_make_a_character(&self, gap: Span) -> bool {
        /// The longest name has 31 letters (HTML standard, "Named character references").
        const LONGEST: usize = 32;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
        let source = self.document.bytes();
        let head = source.get(..gap.start).unwrap_or(&[]);
        let name = head.iter().rev().take(LONGEST).take_while(|b| is_name(b));
        let length = name.count();
        let before = head.len() - length;
        let starts = before
            .checked_sub(1)
            .is_some_and(|at| head.get(at) == Some(&b'&'));
        let next = source.get(gap.end);
        starts && next.is_some_and(|next| is_name(next) || length > 0 && *next == b';')
    }

    /// Whether kramdown's attributes stand after it, on its line or the next: `{: .note}`.
    fn has_attribute_list(&self, id: ElementId) -> bool {
        let end = self.document.arena().element(id).whole().end;
        let rest = Span::new(end, self.document.body().end).slice(self.document.bytes());
        let said = rest.trim_ascii_start();
        let blank = rest.get(..rest.len() - said.len()).unwrap_or(&[]);
        said.starts_with(b"{:") && blank.iter().filter(|&&b| b == b'\n').count() <= 1
    }

    /// Whether there is nothing besides it after the `:` of a definition in a list.
    fn is_all_of_a_definition(&self, id: ElementId) -> bool {
        let whole = self.document.arena().element(id).whole();
        let (source, body) = (self.document.bytes(), self.document.body());
        let before = Span::new(body.start, whole.start).slice(source);
        let after = Span::new(whole.end, body.end).slice(source);
        // Outwards from the element: its line may be long, and be asked about at each of many places.
        let Some((b':', term)) = trim_line_end(before).split_last() else {
            return false;
        };
        matches!(trim_line_end(term), [] | [.., b'\n'])
            && matches!(trim_line_start(after), [] | [b'\n', ..])
    }

    /// A `<` among the attributes, or a blank line in Markdown, is a tag whose `>` is missing.
    fn tag_is_broken(&self, id: ElementId) -> bool {
        let arena = self.document.arena();
        let source = self.document.bytes();
        let tag = arena.element(id).start.slice(source);
        let blank_line = tag
            .split(|&b| b == b'\n')
            .skip(1)
            .any(|line| line.trim_ascii().is_empty());
        blank_line && self.document.format() != Format::Html
            || arena
                .attributes(id)
                .iter()
                .any(|attribute| attribute.name.slice(source).contains(&b'<'))
    }

    /// A name with a capital and small letters is a component's in Markdown.
    fn is_component(&self, id: ElementId) -> bool {
        let start = self.document.arena().element(id).start;
        let name = start.slice(self.document.bytes()).get(1..3);
        self.document.format() != Format::Html
            && name.is_some_and(|name| {
                name.first().is_some_and(u8::is_ascii_uppercase)
                    && name.last().is_some_and(u8::is_ascii_lowercase)
            })
    }

    /// A `<div>` that ends a paragraph by implication holds it and what follows apart: without it,
    /// text after it would join the paragraph before.
    fn implied_end(&self, id: ElementId) -> Verdicts {
        let arena = self.document.arena();
        let element = arena.element(id);
        let Some(closed) = element.closes else {
            return Ok(());
        };
        let source = self.document.bytes();
        let end = element.whole().end;
        let rest = Span::new(end, self.document.body().end).slice(source);
        let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let at = end + blank;
        if rest.len() == blank {
            return Ok(());
        }
        let ends_too = arena.ids_from(at).next().is_some_and(|next| {
            arena.element(next).start.start == at
                && ends_at_start_of(arena.name(closed), arena.name(next))
                && !self.is_going(at)
        });
        let outer_end = arena
            .element(closed)
            .parent
            .and_then(|outer| arena.element(outer).end)
            .is_some_and(|tag| tag.start == at);
        if ends_too || outer_end {
            Ok(())
        } else {
            Err("it ends a paragraph that is not closed; what follows would join that paragraph")
        }
    }

    /// Whether the element holds something that no rule named.
    fn content(&self, candidate: &Candidate) -> Verdicts {
        let arena = self.document.arena();
        let source = self.document.bytes();
        let id = candidate.element;
        for inner in arena.descendants(id) {
            match arena.name(inner) {
                "pre" | "textarea" => return Err("it holds preformatted text"),
                "table" if !self.is_blank(inner) => return Err("it holds a table"),
                "h1" | "main" | "article" | "body" => return Err("it holds the page"),
                _ => {}
            }
        }
        let content = arena.element(id).content;
        if arena.comments_in(content).iter().any(|comment| {
            let comment = comment.slice(source);
            self.marks.has(comment) || !candidate.media && is_condition(comment)
        }) {
            return Err("it holds a comment that a program reads");
        }
        for region in self.document.mask().within(content) {
            match region.kind {
                MaskKind::FencedCode | MaskKind::InlineCode => return Err("it holds code"),
                MaskKind::Template | MaskKind::Mdx => return Err("it holds a template"),
                MaskKind::IndentedCode | MaskKind::ContinuedHtml | MaskKind::Literal => {}
            }
        }
        let names_media = candidate.media
            || arena.media_kind(id).is_some()
            || arena.name(id) == "noscript"
            || arena.name(id) == "a";
        if names_media {
            return Ok(());
        }
        for media in arena.media(id) {
            let named = self.named.contains(&media.element)
                || arena
                    .ancestors(media.element)
                    .take_while(|&up| up != id)
                    .any(|up| self.named.contains(&up));
            let live = match media.kind {
                MediaKind::Image => arena
                    .value(source, media.element, "src")
                    .is_none_or(|src| !is_blank_data_image(&src)),
                _ => arena
                    .value(source, media.element, "type")
                    .is_none_or(|kind| kind != "hidden"),
            };
            if live && !named {
                return Err(match media.kind {
                    MediaKind::Image => "it holds an image",
                    MediaKind::Frame => "it holds embedded content",
                    MediaKind::Player => "it holds a video or a sound",
                    MediaKind::Other => "it holds a form field or a drawing",
                });
            }
        }
        Ok(())
    }

    fn is_going(&self, at: usize) -> bool {
        let after = self.going.partition_point(|span| span.start <= at);
        let before = self.going.get(..after).unwrap_or(&[]);
        before.iter().rev().take(64).any(|span| span.contains(at))
    }

    fn is_blank(&self, id: ElementId) -> bool {
        let document = self.document;
        let text = document.arena().text(document.bytes(), document.mask(), id);
        crate::html::is_blank(&text)
    }

    /// Whether a link elsewhere in the file leads to the element or into it.
    fn targets(&self, id: ElementId) -> Verdicts {
        let arena = self.document.arena();
        let source = self.document.bytes();
        let whole = arena.element(id).whole();
        for inner in std::iter::once(id).chain(arena.descendants(id)) {
            for name in ["id", "name"] {
                let Some(own) = arena.value(source, inner, name) else {
                    continue;
                };
                let links = self.links.get_or_init(|| links::by_id(self.document));
                let targeted = links.get(&*own).is_some_and(|places| {
                    places
                        .iter()
                        .any(|&at| !whole.contains(at) && !self.is_going(at))
                });
                if targeted {
                    return Err("something in the page links or refers to it");
                }
            }
        }
        Ok(())
    }
}

/// `text` without the white space at its end, back to the last line end.
fn trim_line_end(text: &[u8]) -> &[u8] {
    let blank = |byte: &&u8| byte.is_ascii_whitespace() && **byte != b'\n';
    let blanks = text.iter().rev().take_while(blank).count();
    text.get(..text.len() - blanks).unwrap_or(&[])
}

/// `text` without the white space at its start, up to the first line end.
fn trim_line_start(text: &[u8]) -> &[u8] {
    let blank = |byte: &&u8| byte.is_ascii_whitespace() && **byte != b'\n';
    let blanks = text.iter().take_while(blank).count();
    text.get(blanks..).unwrap_or(&[])
}

/// For each of [`ENDED_BY_THEIR_LIKE`], where the first tag of that name is that has no end.
fn unfinished(document: &Document) -> [usize; ENDED_BY_THEIR_LIKE.len()] {
    let mut first = [usize::MAX; ENDED_BY_THEIR_LIKE.len()];
    let source = document.bytes();
    for region in document.mask().within(document.body()) {
        if region.kind != MaskKind::Literal {
            continue;
        }
        let name = source
            .get(region.span.start + 1..)
            .unwrap_or(&[])
            .split(|byte| !byte.is_ascii_alphanumeric())
            .next()
            .unwrap_or(&[]);
        for (slot, other) in first.iter_mut().zip(ENDED_BY_THEIR_LIKE) {
            if name.eq_ignore_ascii_case(other.as_bytes()) {
                *slot = (*slot).min(region.span.start);
            }
        }
    }
    first
}
