mod content;
mod media;
mod proof;
mod sentence;
mod surroundings;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::finding::Safety;
use crate::html::{self, ElementId};
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

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
    /// Hosts that look like one of `hosts` and are none: where a company tells of its service, and its
    /// customers log in.
    #[serde(default)]
    sites: Vec<String>,
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
    /// How addresses end of files that are read by themselves: a link to one is content, but beside
    /// a field for an e-mail address.
    #[serde(default)]
    documents: Vec<String>,
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

#[cfg(test)]
mod tests;
