use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::condition::is_one_of;
use super::{address, names};
use crate::document::Document;
use crate::finding::Safety;
use crate::html::{self, Arena, ElementId, Words};
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
    labels: FxHashSet<String>,
    names: FxHashSet<String>,
}

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
                    if self.is_host(&url) && may_lead_to_a_form(document, &url) {
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
        // The nearest run that says anything decides: what an empty line cuts off from the element
        // is farther away.
        let before = prose
            .plain_runs(Span::new(line.start, own.start))
            .rev()
            .find(|run| run.words.iter().any(is_said))
            .is_some_and(|run| {
                let near = Span::new(run.span.start, own.start);
                match last_empty_line(near.slice(source)).filter(|_| empty_lines) {
                    None => true,
                    Some(end) => {
                        let start = near.start + end;
                        start < run.span.end && is_said_in(Span::new(start, run.span.end))
                    }
                }
            });
        let after = prose
            .plain_runs(Span::new(own.end, line.end))
            .find(|run| run.words.iter().any(is_said))
            .is_some_and(|run| {
                let near = Span::new(own.end, run.span.end);
                match first_empty_line(near.slice(source)).filter(|_| empty_lines) {
                    None => true,
                    Some(start) => {
                        let end = near.start + start;
                        run.span.start < end && is_said_in(Span::new(run.span.start, end))
                    }
                }
            });
        before || after
    }

    fn weak_is_enough(&self, document: &Document, element: ElementId, words: Words) -> bool {
        let arena = document.arena();
        let source = document.bytes();
        let all = words.plain + words.linked;
        if self.config.weak_link_percent > 0
            && words.linked * 100 < all * self.config.weak_link_percent
        {
            return false;
        }
        if self.config.weak_needs_email {
            return arena.descendants(element).any(|inner| {
                arena.name(inner) == "input"
                    && ["type", "name", "placeholder"].iter().any(|attribute| {
                        arena
                            .value(source, inner, attribute)
                            .is_some_and(|value| value.to_lowercase().contains("mail"))
                    })
            });
        }
        true
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
                    inner != element && !limit.images && self.is_content_image(arena, source, inner)
                }
                "input" => {
                    let kind = value(inner, "type").to_ascii_lowercase();
                    // A field to copy an address from, or one of the box's own.
                    let readonly = arena.attribute(source, inner, "readonly").is_some()
                        || html::host(&value(inner, "value")).is_some()
                        || self.proof(document, inner).is_some();
                    kind == "password"
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
            if content || marked || quoted || embedded || captioned {
                return false;
            }
        }
        true
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

    fn is_content_image(&self, arena: &Arena, source: &[u8], image: ElementId) -> bool {
        let value = |name: &str| arena.value(source, image, name).unwrap_or_default();
        let src = value("src");
        if self.is_host(&src) || html::is_blank_data_image(&src) {
            return false;
        }
        let small = |name: &str| {
            value(name)
                .trim_end_matches("px")
                .parse::<f64>()
                .is_ok_and(|size| size <= 64.0)
        };
        if small("width") || small("height") {
            return false;
        }
        // `facebook.png`, `icons/share.svg`.
        let path = src.split(['?', '#']).next().unwrap_or("");
        let named = |part: &str| part.len() < 60 && self.name(part).is_some();
        if path.rsplit('/').take(2).any(named) {
            return false;
        }
        // The icon of a link to a network, or the picture of an ad.
        let leads_away = arena.ancestors(image).take(4).any(|up| {
            arena.name(up) == "a"
                && arena
                    .value(source, up, "href")
                    .is_some_and(|href| self.is_host(&href))
        });
        !leads_away && src.len() > 1
    }
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

/// Whether there is a word in `element`, in a link or out of one.
fn says_anything(document: &Document, element: ElementId) -> bool {
    let arena = document.arena();
    let prose = arena.prose(document.bytes(), document.mask());
    let said = prose.words_in(arena.element(element).whole(), |_| false);
    said.plain + said.linked > 0
}

/// Where the first line of `text` that holds nothing but blanks starts, in bytes.
fn first_empty_line(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', text).find_map(|feed| {
        let rest = text.get(feed + 1..)?;
        let line = rest.split(|&byte| byte == b'\n').next()?;
        (line.len() < rest.len() && line.trim_ascii().is_empty()).then_some(feed + 1)
    })
}

/// The same for the last such line.
fn last_empty_line(text: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(b'\n', text).find_map(|feed| {
        let before = text.get(..feed)?;
        let start = memchr::memrchr(b'\n', before)? + 1;
        before
            .get(start..)?
            .trim_ascii()
            .is_empty()
            .then_some(start)
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

/// Whether `element` stands between the paragraphs of an article: one of its six nearest ancestors
/// has three children that hold a paragraph.
fn in_flow(arena: &Arena, document: &Document, element: ElementId) -> bool {
    let prose = arena.prose(document.bytes(), document.mask());
    arena
        .ancestors(element)
        .take(6)
        .any(|up| prose.paragraph_children(up) >= 3)
}

#[cfg(test)]
mod tests;
