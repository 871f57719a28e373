//! What a box may hold to go with what it is.

use super::proof::{Proof, is_host};
use super::surroundings::{in_flow, paints_a_picture, says_anything};
use super::{JunkBox, Limit};
use crate::checks::html::names;
use crate::document::Document;
use crate::html::{self, ElementId, Words};
use crate::markdown::Format;

/// How many words, labels aside, may stand in a place that is named after an author: a name.
const AUTHORED_WORDS: usize = 5;

impl JunkBox {
    /// Whether what `element` holds is little enough.
    pub(super) fn may_go(&self, document: &Document, element: ElementId, proof: Proof) -> bool {
        let arena = document.arena();
        let name = arena.name(element);
        if matches!(
            name,
            "html" | "head" | "body" | "main" | "article" | "script" | "style"
        ) {
            return false;
        }
        if arena
            .ancestors(element)
            .any(|up| matches!(arena.name(up), "svg" | "math" | "select"))
        {
            return false;
        }
        let block = matches!(
            name,
            "p" | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "table"
                | "td"
                | "th"
                | "tr"
                | "blockquote"
                | "figure"
                | "figcaption"
                | "picture"
        );
        if block && proof == Proof::Weak {
            return false;
        }
        // A word that is marked up for what it means, or that heads what follows, is text.
        let is_word = matches!(
            name,
            "h1" | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "dt"
                | "abbr"
                | "acronym"
                | "cite"
                | "dfn"
                | "time"
        );
        if is_word && says_anything(document, element) {
            return false;
        }
        let limit = match proof {
            Proof::Weak => self.config.limits.weak,
            Proof::Strong => self.config.limits.strong,
            Proof::Vendor => self.config.limits.vendor,
        };
        if !self.holds_no_content(document, element, proof, limit) {
            return false;
        }
        if self.leads_to_a_document(document, element) {
            return false;
        }
        // A weak word may name what a style sheet draws. That of a whole page names its ads too; one
        // in a post of Markdown is there for the post.
        let is_post = document.format() == Format::Markdown;
        if proof == Proof::Weak && is_post && arena.names_element(document.bytes(), element) {
            return false;
        }
        let prose = arena.prose(document.bytes(), document.mask());
        let span = arena.element(element).whole();
        let skip = |word: &str| self.is_label(word);
        let words = prose.words_in(span, skip);
        if words.plain > limit.plain
            || words.per_block > limit.per_block
            || words.linked > limit.linked
        {
            return false;
        }
        let all = words.plain + words.linked;
        if words.linked * 100 < all * self.config.need_link_percent {
            return false;
        }
        let says_only = words.linked == 0
            && !arena.descendants(element).any(|inner| {
                arena.media_kind(inner).is_some() || matches!(arena.name(inner), "a" | "script")
            });
        if says_only && (words.plain > self.config.words_only || self.is_chapter(document, element))
        {
            // Nothing but words, and not those of a label: a caption, a notice, a paragraph.
            return false;
        }
        if proof == Proof::Weak && !self.weak_is_enough(document, element, words) {
            return false;
        }
        if self.is_part_of_a_sentence(document, element) {
            return false;
        }
        let allowed = match proof {
            Proof::Vendor => self.config.vendor_in_flow.unwrap_or(self.config.in_flow),
            Proof::Strong if asks_for_email(document, element) => {
                self.config.in_flow.max(self.config.email_in_flow)
            }
            _ => self.config.in_flow,
        };
        let exempt = proof == Proof::Vendor && words.linked >= 20;
        exempt || words.plain + words.linked <= allowed || !in_flow(arena, document, element)
    }

    /// Whether a link of `element` leads to a file that is read by itself, and nothing in it asks for
    /// an address.
    fn leads_to_a_document(&self, document: &Document, element: ElementId) -> bool {
        if self.config.documents.is_empty() || asks_for_email(document, element) {
            return false;
        }
        let arena = document.arena();
        std::iter::once(element)
            .chain(arena.descendants(element))
            .filter(|&inner| arena.name(inner) == "a")
            .filter_map(|link| arena.value(document.bytes(), link, "href"))
            .any(|href| {
                let path = href.split(['?', '#']).next().unwrap_or("");
                let path = path.trim().to_ascii_lowercase();
                let mut endings = self.config.documents.iter();
                endings.any(|ending| path.ends_with(ending.as_str()))
            })
    }

    /// Whether `element` is a part of the text with a heading of its own: it has a paragraph and no
    /// form, and is a section or named after its heading.
    pub(super) fn is_chapter(&self, document: &Document, element: ElementId) -> bool {
        let arena = document.arena();
        let source = document.bytes();
        let holds = |wanted: &dyn Fn(ElementId) -> bool| arena.descendants(element).any(wanted);
        let has_form = holds(&|inner| {
            matches!(
                arena.name(inner),
                "form" | "input" | "button" | "textarea" | "select"
            )
        });
        let has_paragraph = holds(&|inner| {
            arena.name(inner) == "p" && self.says_more_than_a_label(document, inner)
        });
        if has_form || !has_paragraph {
            return false;
        }
        let id = arena.value(source, element, "id").unwrap_or_default();
        let named = html::words(&id.replace(['-', '_'], " "));
        holds(&|inner| {
            matches!(arena.name(inner), "h2" | "h3" | "h4" | "h5" | "h6") && {
                let heading = html::words(&arena.text(source, document.mask(), inner));
                !heading.is_empty() && (arena.name(element) == "section" || heading == named)
            }
        })
    }

    pub(super) fn says_more_than_a_label(&self, document: &Document, element: ElementId) -> bool {
        let arena = document.arena();
        let prose = arena.prose(document.bytes(), document.mask());
        let span = arena.element(element).whole();
        prose.words_in(span, |word| self.is_label(word)).plain > 0
    }

    pub(super) fn is_label(&self, word: &str) -> bool {
        self.labels.contains(word)
            || self.config.numbers_are_labels
                && word.starts_with(|c: char| c.is_ascii_digit())
                && word
                    .trim_end_matches(['k', 'm'])
                    .bytes()
                    .all(|b| b.is_ascii_digit())
    }

    pub(super) fn weak_is_enough(
        &self,
        document: &Document,
        element: ElementId,
        words: Words,
    ) -> bool {
        let all = words.plain + words.linked;
        if !self.config.networks.is_empty() {
            let networks = self.network_links(document, element);
            let to_post = |url: &String| {
                let parts = &self.config.network_posts;
                parts.iter().any(|part| url.contains(part.as_str()))
            };
            let is_button = if networks.is_empty() {
                all == 0 && self.only_names_itself(document, element)
            } else {
                all == 0 || self.says_what_it_is(document, element, all)
            };
            if networks.iter().any(to_post) || !is_button {
                return false;
            }
        }
        if self.config.weak_link_percent > 0
            && words.linked * 100 < all * self.config.weak_link_percent
        {
            return false;
        }
        if self.config.weak_needs_email {
            return asks_for_email(document, element);
        }
        true
    }

    /// The addresses in `element` that lead to a network or its buttons.
    pub(super) fn network_links(&self, document: &Document, element: ElementId) -> Vec<String> {
        let arena = document.arena();
        let source = document.bytes();
        std::iter::once(element)
            .chain(arena.descendants(element))
            .flat_map(|id| ["href", "src", "data-href"].map(|name| arena.value(source, id, name)))
            .flatten()
            .filter(|url| {
                let at_network =
                    html::host(url).is_some_and(|host| is_host(&host, &self.config.networks, &[]));
                at_network || self.is_host(url)
            })
            .map(|url| url.to_string())
            .collect()
    }

    /// Whether one of the words of `element` is a label (`The Post on Facebook`), or the name in it
    /// is that of an account (`@post`): a name and no more is that of a person or a thing, which
    /// the text may tell of. `others` is how many words are no labels.
    pub(super) fn says_what_it_is(
        &self,
        document: &Document,
        element: ElementId,
        others: usize,
    ) -> bool {
        let arena = document.arena();
        let prose = arena.prose(document.bytes(), document.mask());
        let all = prose.words_in(arena.element(element).whole(), |_| false);
        let text = arena.text(document.bytes(), document.mask(), element);
        all.plain + all.linked > others || text.trim_start().starts_with('@')
    }

    /// Whether `element`, which has no words but labels, is a label, a button or an icon: a block
    /// that says nothing and leads nowhere may be the place of a film, and a picture in it may be
    /// of anything.
    pub(super) fn only_names_itself(&self, document: &Document, element: ElementId) -> bool {
        let arena = document.arena();
        let source = document.bytes();
        let mut shows = html::is_inline(arena.name(element)) || says_anything(document, element);
        for inner in std::iter::once(element).chain(arena.descendants(element)) {
            match arena.name(inner) {
                "img" | "amp-img" if !self.tells_what_it_is(arena, source, inner, Proof::Weak) => {
                    return false;
                }
                "a" | "button" => shows = true,
                _ => {}
            }
        }
        shows
    }

    pub(super) fn holds_no_content(
        &self,
        document: &Document,
        element: ElementId,
        proof: Proof,
        limit: Limit,
    ) -> bool {
        let arena = document.arena();
        let source = document.bytes();
        let value = |id, name: &str| arena.value(source, id, name).unwrap_or_default();
        for inner in std::iter::once(element).chain(arena.descendants(element)) {
            let content = match arena.name(inner) {
                "h1" | "main" | "article" | "video" | "audio" | "pre" | "textarea" | "math" => true,
                "iframe" | "embed" | "object" | "amp-iframe" => {
                    let src = value(
                        inner,
                        if arena.name(inner) == "object" {
                            "data"
                        } else {
                            "src"
                        },
                    );
                    let src = if src.is_empty() {
                        value(inner, "data-src")
                    } else {
                        src
                    };
                    let gone = self.is_dead_frame(&src)
                        || proof > Proof::Weak && !self.is_content_host(&src);
                    !gone
                }
                "img" | "amp-img" | "picture" => {
                    inner != element
                        && !limit.images
                        && self.is_content_image(arena, source, inner, proof)
                }
                "input" => {
                    let kind = value(inner, "type").to_ascii_lowercase();
                    // A field to copy an address from, or one of the box's own.
                    let readonly = arena.attribute(source, inner, "readonly").is_some()
                        || html::host(&value(inner, "value")).is_some()
                        || self.proof(document, inner).is_some();
                    kind == "password"
                        || !self.config.form && proof == Proof::Weak && kind != "hidden"
                        || !self.config.form
                            && !readonly
                            && !matches!(
                                kind.as_str(),
                                "hidden" | "submit" | "button" | "checkbox" | "radio" | "image"
                            )
                }
                _ => false,
            };
            let marked =
                value(inner, "role") == "main" || value(inner, "itemprop") == "articleBody";
            let quoted = arena.name(inner) == "blockquote"
                && value(inner, "class").split_ascii_whitespace().any(|token| {
                    self.config
                        .posts
                        .iter()
                        .any(|start| token.starts_with(start.as_str()))
                });
            let embedded = value(inner, "class")
                .split_ascii_whitespace()
                .any(|token| self.config.embeds.iter().any(|embed| embed == token));
            // What a vendor shows has titles in such places.
            let captioned = arena.name(inner) == "figcaption"
                && proof < Proof::Vendor
                && self.says_more_than_a_label(document, inner);
            let authored = proof < Proof::Vendor && self.is_authored(document, inner);
            // What a weak word names may be a picture with nothing in it, and may ask the reader to
            // choose: an order or a registration.
            let weakly = proof == Proof::Weak
                && (arena.name(inner) == "select" || paints_a_picture(&value(inner, "style")));
            if weakly || content || marked || quoted || embedded || captioned || authored {
                return false;
            }
        }
        true
    }

    /// Whether `element` is named after somebody's own text, and holds more than a name.
    pub(super) fn is_authored(&self, document: &Document, element: ElementId) -> bool {
        if self.authored.is_empty() {
            return false;
        }
        let arena = document.arena();
        let source = document.bytes();
        let named = ["class", "id", "itemprop"]
            .iter()
            .filter_map(|name| arena.value(source, element, name))
            .any(|value| {
                value
                    .split_ascii_whitespace()
                    .flat_map(names::split)
                    .any(|word| self.authored.contains(&word))
            });
        named && {
            let prose = arena.prose(source, document.mask());
            let span = arena.element(element).whole();
            prose.words_in(span, |word| self.is_label(word)).plain > AUTHORED_WORDS
        }
    }
}

/// Whether there is a field for an e-mail address in `element`.
pub(super) fn asks_for_email(document: &Document, element: ElementId) -> bool {
    let arena = document.arena();
    arena.descendants(element).any(|inner| {
        arena.name(inner) == "input"
            && ["type", "name", "placeholder"].iter().any(|attribute| {
                arena
                    .value(document.bytes(), inner, attribute)
                    .is_some_and(|value| value.to_lowercase().contains("mail"))
            })
    })
}
