//! What tells that an element is a box of its kind: names, hosts, attributes.

use rustc_hash::FxHashSet;

use super::JunkBox;
use super::surroundings::shows_by_itself;
use crate::checks::html::condition::is_one_of;
use crate::checks::html::{address, names};
use crate::document::Document;
use crate::html::{self, ElementId};

/// What kind of proof there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Proof {
    Weak,
    Strong,
    Vendor,
}

impl JunkBox {
    /// The strongest proof about `element`, and the sentence that states it.
    pub(super) fn proof(&self, document: &Document, element: ElementId) -> Option<(Proof, String)> {
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

    pub(super) fn name(&self, token: &str) -> Option<Proof> {
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
    pub(super) fn words_of(&self, token: &str) -> Vec<String> {
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
    pub(super) fn is_site_itself(&self, url: &str) -> bool {
        let Some(host) = html::host(url) else {
            return false;
        };
        let bare = host.strip_prefix("www.").unwrap_or(&host);
        self.is_site(&host)
            || !url.contains('?')
                && !self.is_address(url)
                && self.config.hosts.iter().any(|wanted| wanted == bare)
    }

    /// Whether `host` is one that looks like a service, and is none.
    fn is_site(&self, host: &str) -> bool {
        self.config.sites.iter().any(|site| site == host)
    }

    pub(super) fn is_host(&self, url: &str) -> bool {
        let by_host = html::host(url).is_some_and(|host| {
            !self.is_site(&host) && is_host(&host, &self.config.hosts, &self.config.second_levels)
        });
        by_host || self.is_address(url)
    }

    pub(super) fn is_address(&self, url: &str) -> bool {
        address::starts_with_any(url, &self.config.addresses)
    }
}

/// Whether `host` is one of `hosts`.
pub(super) fn is_host(host: &str, hosts: &[String], second_levels: &[String]) -> bool {
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
pub(super) fn may_lead_to_a_form(document: &Document, url: &str) -> bool {
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
pub(super) fn is_registrable(host: &str, second_levels: &[String]) -> bool {
    host.split_once('.').is_some_and(|(second, top)| {
        top.len() != 2 || !second_levels.iter().any(|level| level == second)
    })
}
