use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::condition::is_one_of;
use super::surroundings::{first_empty_line, in_flow, last_empty_line, link_around, says_anything};
use super::{address, names};
use crate::document::Document;
use crate::finding::Safety;
use crate::html::{self, Arena, ElementId, Run, Words};
use crate::markdown::Format;
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};
use crate::source::Span;

/// `junk-box`: an element that its names, hosts or attributes tell to be something the page does
/// not need, and that holds little enough for that to be true.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Words of class and id names that are proof by themselves.
    #[serde(default)]
    strong: Vec<String>,
    /// Words that name a vendor, whose boxes are larger.
    #[serde(default)]
    vendor: Vec<String>,
    /// Words that are proof only of what is empty.
    #[serde(default)]
    weak: Vec<String>,
    /// Words of which all have to be in one name, as `follow us`.
    #[serde(default)]
    together: Vec<String>,
    /// Whole class tokens and ids that are proof by themselves.
    #[serde(default)]
    names: Vec<String>,
    /// How class tokens and ids start that belong to a vendor.
    #[serde(default)]
    starts: Vec<String>,
    /// Other words that run-together names are made of.
    #[serde(default)]
    parts: Vec<String>,
    /// Words that a name may not have beside the proof.
    #[serde(default)]
    beside: Vec<String>,
    /// Words with which a name states something and names nothing: `has-ad`.
    #[serde(default)]
    statements: Vec<String>,
    /// Words after which a name tells what the element has, and not what it is: `layout-with-ad`.
    #[serde(default)]
    joins: Vec<String>,
    /// Words of names in which somebody's own text stands: `author-bio`.
    #[serde(default)]
    authored: Vec<String>,
    /// Hosts of which one has to be linked to, by the element or in it, where a weak word is the
    /// proof and the element says or shows anything but what it is for.
    #[serde(default)]
    networks: Vec<String>,
    /// Parts of paths with which the networks address one post or film: whatever leads there is
    /// content for a weak word.
    #[serde(default)]
    network_posts: Vec<String>,
    /// Whether a weak word in the address of an image tells that it is no content.
    #[serde(default)]
    weak_names_images: bool,
    /// Names of elements that are proof by themselves.
    #[serde(default)]
    elements: Vec<String>,
    /// Attributes that are proof by themselves; one that ends in `*` stands for all that start so.
    #[serde(default)]
    attributes: Vec<String>,
    /// Hosts of `src`, `href` and `data`; a host stands for its subdomains, one that ends in `.`
    /// for every subdomain that starts so.
    #[serde(default)]
    hosts: Vec<String>,
    /// What stands before the country in the hosts under which others are registered: the `co` of
    /// `co.uk`. Such a host is a subdomain of none.
    #[serde(default)]
    second_levels: Vec<String>,
    /// Parts of addresses that are proof: host and the start of the path, in which one `*` stands
    /// for the rest of a part.
    #[serde(default)]
    addresses: Vec<String>,
    /// Words that do not count as text: labels, names of networks.
    #[serde(default)]
    labels: Vec<String>,
    /// Texts with which such things are labelled; their words do not count either.
    #[serde(default)]
    captions: Vec<String>,
    /// Sizes in which such things are sold: `728x90`, in pixels.
    #[serde(default)]
    sizes: Vec<String>,
    /// Hosts of frames that are content whatever their wrapper is called.
    #[serde(default)]
    content_hosts: Vec<String>,
    /// How class tokens of `blockquote` start that are posts of a network, kept for their text.
    #[serde(default)]
    posts: Vec<String>,
    /// Class tokens of boxes that stand for a post or a film of a network, which is content.
    #[serde(default)]
    embeds: Vec<String>,
    /// How much the element may hold, by the kind of proof.
    #[serde(default)]
    limits: Limits,
    /// How many words it may hold, labels aside, between the paragraphs of an article.
    #[serde(default)]
    in_flow: usize,
    /// The same for what a vendor's name proves.
    #[serde(default)]
    vendor_in_flow: Option<usize>,
    /// The same for what a strong word proves and a field for an e-mail address confirms.
    #[serde(default)]
    email_in_flow: usize,
    /// How many words, labels aside, it may hold if there is no link, button or script in it.
    #[serde(default)]
    words_only: usize,
    /// Whether numbers (`1.2k`) are labels.
    #[serde(default)]
    numbers_are_labels: bool,
    /// Whether it may hold form fields that take text (passwords and long texts never).
    #[serde(default)]
    form: bool,
    /// Whether a weak word needs a field for an e-mail address.
    #[serde(default)]
    weak_needs_email: bool,
    /// The share of link words, in percent, that a weak word needs; 0 needs none.
    #[serde(default)]
    weak_link_percent: usize,
    /// The share of link words, in percent, that any proof needs; 0 needs none.
    #[serde(default)]
    need_link_percent: usize,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Limits {
    strong: Limit,
    vendor: Limit,
    weak: Limit,
}

/// In words.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Limit {
    plain: usize,
    per_block: usize,
    linked: usize,
    /// Whether images may go with it.
    images: bool,
}

struct JunkBox {
    config: Config,
    strong: FxHashSet<String>,
    vendor: FxHashSet<String>,
    weak: FxHashSet<String>,
    known: FxHashSet<String>,
    beside: FxHashSet<String>,
    statements: FxHashSet<String>,
    joins: FxHashSet<String>,
    authored: FxHashSet<String>,
    labels: FxHashSet<String>,
    names: FxHashSet<String>,
}

/// How many words, labels aside, may stand in a place that is named after an author: a name.
const AUTHORED_WORDS: usize = 5;

/// What kind of proof there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Proof {
    Weak,
    Strong,
    Vendor,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let set = |words: &[String]| words.iter().map(|word| word.to_lowercase()).collect();
    let mut known: FxHashSet<String> = set(&config.parts);
    for words in [&config.strong, &config.vendor, &config.weak] {
        known.extend(words.iter().cloned());
    }
    Ok(Built::Element(Box::new(JunkBox {
        strong: set(&config.strong),
        vendor: set(&config.vendor),
        weak: set(&config.weak),
        beside: set(&config.beside),
        statements: set(&config.statements),
        joins: set(&config.joins),
        authored: set(&config.authored),
        labels: config
            .labels
            .iter()
            .map(|label| label.to_lowercase())
            .chain(
                config
                    .captions
                    .iter()
                    .flat_map(|caption| html::words(caption)),
            )
            .collect(),
        names: set(&config.names),
        known,
        config,
    })))
}

impl ElementCheck for JunkBox {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let Some((proof, by)) = self.proof(document, element) else {
            return;
        };
        if !self.may_go(document, element, proof) {
            return;
        }
        let report = Report::at(document.arena().element(element).start);
        let report = report.message(by);
        reports.push(report.propose(Proposal::Remove {
            element,
            safety: Safety::Safe,
        }));
    }
}

impl JunkBox {
    /// The strongest proof about `element`, and the sentence that states it.
    fn proof(&self, document: &Document, element: ElementId) -> Option<(Proof, String)> {
        let arena = document.arena();
        let source = document.bytes();
        let mut best: Option<(Proof, String)> = None;
        let mut add = |proof: Proof, by: String| {
            if best.as_ref().is_none_or(|(known, _)| *known < proof) {
                best = Some((proof, by));
            }
        };
        // A picture or a field is what it is, whatever it is called; only its address tells.
        let by_name = !shows_by_itself(arena, source, element);
        let tag = arena.name(element);
        if self.config.elements.iter().any(|name| name == tag) {
            add(
                Proof::Strong,
                format!("`<{tag}>` tells what this element is for"),
            );
        }
        // The id of a heading, or of a bare anchor, is made of its text: a place to link to.
        let is_place = matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
            || tag == "a" && arena.attribute(source, element, "href").is_none();
        for attribute in arena.attributes(element) {
            let name = String::from_utf8_lossy(attribute.name.slice(source)).to_ascii_lowercase();
            match name.as_str() {
                "id" if is_place => {}
                "class" | "id" if by_name => {
                    for token in attribute.text(source).split_ascii_whitespace() {
                        if let Some(proof) = self.name(token) {
                            add(proof, format!("`{token}` tells what this element is for"));
                        }
                    }
                }
                "src" | "href" | "data" | "data-src" | "action" => {
                    let url = attribute.text(source);
                    let leads_to_readers = tag != "a" || !self.is_site_itself(&url);
                    if leads_to_readers && self.is_host(&url) && may_lead_to_a_form(document, &url)
                    {
                        add(Proof::Strong, "Its address tells what it is for".to_owned());
                    }
                }
                _ => {}
            }
            if by_name && is_one_of(&name, &self.config.attributes) {
                add(
                    Proof::Strong,
                    format!("`{name}` tells what this element is for"),
                );
            }
        }
        best
    }

    fn name(&self, token: &str) -> Option<Proof> {
        let lower = token.to_lowercase();
        if self
            .config
            .starts
            .iter()
            .any(|start| lower.starts_with(start.as_str()))
        {
            return Some(Proof::Vendor);
        }
        if self.names.contains(&lower) {
            return Some(Proof::Strong);
        }
        let words = self.words_of(token);
        let states = words
            .first()
            .is_some_and(|first| self.statements.contains(first));
        if states || words.iter().any(|word| self.beside.contains(word)) {
            return None;
        }
        let has = |set: &FxHashSet<String>| words.iter().any(|word| set.contains(word));
        let together = self.config.together.iter().any(|all| {
            all.split(' ')
                .all(|one| words.iter().any(|word| word == one))
        });
        if has(&self.vendor) {
            Some(Proof::Vendor)
        } else if has(&self.strong) || together {
            Some(Proof::Strong)
        } else if has(&self.weak) {
            Some(Proof::Weak)
        } else {
            None
        }
    }

    /// The words of a class token or an id, without those that tell what the element has.
    fn words_of(&self, token: &str) -> Vec<String> {
        let mut words = Vec::new();
        for word in names::split(token) {
            if self.known.contains(&word) {
                words.push(word);
            } else {
                match names::take_apart(&word, &self.known) {
                    Some(parts) => words.extend(parts),
                    None => words.push(word),
                }
            }
        }
        let join = words
            .iter()
            .skip(1)
            .position(|word| self.joins.contains(word));
        words.truncate(join.map_or(words.len(), |at| at + 1));
        words
    }

    /// Whether `url` is a page about a service, at its own site, and none that the service serves:
    /// an article may well list such links.
    fn is_site_itself(&self, url: &str) -> bool {
        let Some(host) = html::host(url) else {
            return false;
        };
        let bare = host.strip_prefix("www.").unwrap_or(&host);
        !url.contains('?')
            && !self.is_address(url)
            && self.config.hosts.iter().any(|wanted| wanted == bare)
    }

    fn is_host(&self, url: &str) -> bool {
        let by_host = html::host(url)
            .is_some_and(|host| is_host(&host, &self.config.hosts, &self.config.second_levels));
        by_host || self.is_address(url)
    }

    fn is_address(&self, url: &str) -> bool {
        self.config
            .addresses
            .iter()
            .any(|place| address::starts_with(url, place))
    }

    /// Whether what `element` holds is little enough.
    fn may_go(&self, document: &Document, element: ElementId, proof: Proof) -> bool {
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

    /// Whether `element` is a part of the text with a heading of its own: it has a paragraph and no
    /// form, and is a section or named after its heading.
    fn is_chapter(&self, document: &Document, element: ElementId) -> bool {
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

    fn says_more_than_a_label(&self, document: &Document, element: ElementId) -> bool {
        let arena = document.arena();
        let prose = arena.prose(document.bytes(), document.mask());
        let span = arena.element(element).whole();
        prose.words_in(span, |word| self.is_label(word)).plain > 0
    }

    fn is_label(&self, word: &str) -> bool {
        self.labels.contains(word)
            || self.config.numbers_are_labels
                && word.starts_with(|c: char| c.is_ascii_digit())
                && word
                    .trim_end_matches(['k', 'm'])
                    .bytes()
                    .all(|b| b.is_ascii_digit())
    }

    /// Whether `element` says something within a line that says more. What it says may be no more
    /// than a label: `the year <span class="ad">AD</span> 79`.
    fn is_part_of_a_sentence(&self, document: &Document, element: ElementId) -> bool {
        let arena = document.arena();
        if !html::is_inline(arena.name(element)) || !says_anything(document, element) {
            return false;
        }
        let source = document.bytes();
        let prose = arena.prose(source, document.mask());
        let own = arena.element(element).whole();
        let line = prose.line(own);
        // In Markdown an empty line ends one as a tag does.
        let empty_lines = document.format() == Format::Markdown;
        let is_said = |word: &String| !self.is_label(word);
        let is_said_in = |span: Span| {
            html::words(&arena.text_in(source, document.mask(), span))
                .iter()
                .any(is_said)
        };
        let says = |run: &&Run| run.words.iter().any(is_said);
        // What an empty line cuts off from the element is farther away.
        let ends_near = |run: &Run| {
            let near = Span::new(run.span.start, own.start);
            match last_empty_line(near.slice(source)).filter(|_| empty_lines) {
                None => true,
                Some(end) => {
                    let start = near.start + end;
                    start < run.span.end && is_said_in(Span::new(start, run.span.end))
                }
            }
        };
        let starts_near = |run: &Run| {
            let near = Span::new(own.end, run.span.end);
            match first_empty_line(near.slice(source)).filter(|_| empty_lines) {
                None => true,
                Some(start) => {
                    let end = near.start + start;
                    run.span.start < end && is_said_in(Span::new(run.span.start, end))
                }
            }
        };
        let before = Span::new(line.start, own.start);
        let after = Span::new(own.end, line.end);
        // The nearest run that says anything decides, among those outside links and among those of
        // the link that the element is in.
        let link = link_around(arena, element).map(|link| arena.element(link).content.join(own));
        let beside = |run: Option<&Run>, is_near: &dyn Fn(&Run) -> bool| run.is_some_and(is_near);
        let in_link = link.is_some_and(|link| {
            let before = Span::new(before.start.max(link.start), own.start);
            let after = Span::new(own.end, after.end.min(link.end));
            beside(prose.runs(before).rev().find(says), &ends_near)
                || beside(prose.runs(after).find(says), &starts_near)
        });
        in_link
            || beside(prose.plain_runs(before).rev().find(says), &ends_near)
            || beside(prose.plain_runs(after).find(says), &starts_near)
    }

    fn weak_is_enough(&self, document: &Document, element: ElementId, words: Words) -> bool {
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
    fn network_links(&self, document: &Document, element: ElementId) -> Vec<String> {
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
    fn says_what_it_is(&self, document: &Document, element: ElementId, others: usize) -> bool {
        let arena = document.arena();
        let prose = arena.prose(document.bytes(), document.mask());
        let all = prose.words_in(arena.element(element).whole(), |_| false);
        let text = arena.text(document.bytes(), document.mask(), element);
        all.plain + all.linked > others || text.trim_start().starts_with('@')
    }

    /// Whether `element`, which has no words but labels, is a label, a button or an icon: a block
    /// that says nothing and leads nowhere may be the place of a film, and a picture in it may be
    /// of anything.
    fn only_names_itself(&self, document: &Document, element: ElementId) -> bool {
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

    fn holds_no_content(
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
            if content || marked || quoted || embedded || captioned || authored {
                return false;
            }
        }
        true
    }

    /// Whether `element` is named after somebody's own text, and holds more than a name.
    fn is_authored(&self, document: &Document, element: ElementId) -> bool {
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

    fn is_dead_frame(&self, src: &str) -> bool {
        let src = src.trim();
        src.is_empty()
            || src.starts_with("about:")
            || src.starts_with("javascript:")
            || src.starts_with('#')
            || self.is_host(src)
    }

    fn is_content_host(&self, src: &str) -> bool {
        // A path on the page's own host may be anything.
        !html::is_absolute_or_rooted(src)
            || html::host(src).is_some_and(|host| is_host(&host, &self.config.content_hosts, &[]))
    }

    fn is_content_image(
        &self,
        arena: &Arena,
        source: &[u8],
        image: ElementId,
        proof: Proof,
    ) -> bool {
        if self.tells_what_it_is(arena, source, image, proof) {
            return false;
        }
        let value = |name: &str| arena.value(source, image, name).unwrap_or_default();
        let style = value("style");
        let small = |name: &str| {
            let styled = style.split(';').find_map(|declaration| {
                let (property, length) = declaration.split_once(':')?;
                property.trim().eq_ignore_ascii_case(name).then_some(length)
            });
            styled
                .unwrap_or(&value(name))
                .trim()
                .trim_end_matches("px")
                .parse::<f64>()
                .is_ok_and(|size| size <= 64.0)
        };
        let is_icon = small("width") || small("height");
        !is_icon && value("src").len() > 1
    }

    /// Whether `image` says in place of its picture what it is (`alt="Advertisement"`), or has a
    /// size in which such things are sold.
    fn is_labelled_or_sold_by_size(&self, arena: &Arena, source: &[u8], image: ElementId) -> bool {
        let value = |name: &str| arena.value(source, image, name).unwrap_or_default();
        let alt = html::words(&value("alt"));
        if !alt.is_empty() && alt.iter().all(|word| self.is_label(word)) {
            return true;
        }
        let pixels = |name: &str| value(name).trim().trim_end_matches("px").to_owned();
        let size = format!("{}x{}", pixels("width"), pixels("height"));
        self.config.sizes.contains(&size)
    }

    /// Whether the address of `image`, or of the link around it, tells that it is no content.
    fn tells_what_it_is(
        &self,
        arena: &Arena,
        source: &[u8],
        image: ElementId,
        proof: Proof,
    ) -> bool {
        let src = arena.value(source, image, "src").unwrap_or_default();
        if self.is_host(&src) || html::is_blank_data_image(&src) {
            return true;
        }
        if proof > Proof::Weak && self.is_labelled_or_sold_by_size(arena, source, image) {
            return true;
        }
        // `facebook.png`, `icons/share.svg`. What is weak in one name is no stronger in two.
        let least = match proof {
            Proof::Weak if !self.config.weak_names_images => Proof::Strong,
            _ => Proof::Weak,
        };
        let path = src.split(['?', '#']).next().unwrap_or("");
        let named =
            |part: &str| part.len() < 60 && self.name(part).is_some_and(|proof| proof >= least);
        if path.rsplit('/').take(2).any(named) {
            return true;
        }
        // The icon of a link to a network, or the picture of an ad.
        arena.ancestors(image).take(4).any(|up| {
            arena.name(up) == "a"
                && arena
                    .value(source, up, "href")
                    .is_some_and(|href| self.is_host(&href))
        })
    }
}

/// Whether there is a field for an e-mail address in `element`.
fn asks_for_email(document: &Document, element: ElementId) -> bool {
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

/// Whether `host` is one of `hosts`.
fn is_host(host: &str, hosts: &[String], second_levels: &[String]) -> bool {
    hosts.iter().any(|wanted| {
        if wanted.ends_with('.') {
            return host
                .strip_prefix(wanted.as_str())
                .is_some_and(|rest| is_registrable(rest, second_levels));
        }
        host.strip_suffix(wanted.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Whether `url` leads to another page, or to a place in this one that holds a form. Any other place
/// is a part of the text, whatever it is called: an entry of a table of contents leads there. Where
/// no element of the page is the place, it may be a heading of Markdown, which generators name after
/// its words.
fn may_lead_to_a_form(document: &Document, url: &str) -> bool {
    let Some(fragment) = url.trim().strip_prefix('#') else {
        return true;
    };
    let arena = document.arena();
    let source = document.bytes();
    let fragment = html::percent_decoded(fragment);
    arena.answer(&format!("form at {fragment}"), || {
        let is_form = |id: ElementId| matches!(arena.name(id), "form" | "input" | "iframe");
        let mut places = arena.ids().filter(|&id| {
            let named = |attribute: &str| {
                arena
                    .value(source, id, attribute)
                    .is_some_and(|name| name == fragment.as_str())
            };
            named("id") || arena.name(id) == "a" && named("name")
        });
        // The first of several is where a browser goes.
        places.next().is_some_and(|id| {
            std::iter::once(id)
                .chain(arena.descendants(id))
                .any(is_form)
        })
    })
}

/// Whether `host` looks like one that somebody has registered, or a subdomain of it: it has a dot,
/// and is none like `co.uk`.
fn is_registrable(host: &str, second_levels: &[String]) -> bool {
    host.split_once('.').is_some_and(|(second, top)| {
        top.len() != 2 || !second_levels.iter().any(|level| level == second)
    })
}

/// Whether `element` is a picture, a drawing, a player or a field that a reader can see.
fn shows_by_itself(arena: &Arena, source: &[u8], element: ElementId) -> bool {
    let name = arena.name(element);
    if !matches!(
        name,
        "img"
            | "amp-img"
            | "picture"
            | "svg"
            | "canvas"
            | "video"
            | "audio"
            | "input"
            | "textarea"
            | "select"
    ) {
        return false;
    }
    let value = |name: &str| arena.value(source, element, name).unwrap_or_default();
    let dot = |name: &str| matches!(value(name).trim().trim_end_matches("px"), "0" | "1");
    let src = value("src");
    let waits = || {
        arena
            .attributes(element)
            .iter()
            .filter(|attribute| !attribute.name.slice(source).eq_ignore_ascii_case(b"src"))
            .any(|attribute| html::looks_like_url(&attribute.text(source)))
    };
    let is_nothing = dot("width") && dot("height")
        || matches!(name, "img" | "amp-img")
            && (src.trim().is_empty() || html::is_blank_data_image(&src))
            && !waits();
    !is_nothing
}

#[cfg(test)]
mod tests;
