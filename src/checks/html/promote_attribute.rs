use serde::Deserialize;

use super::attribute;
use crate::finding::Safety;
use crate::html::{
    Attribute, DataKind, ElementId, data_image, is_blank_data_image, is_sizes, looks_like_url,
    parse_srcset,
};
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};
use crate::source::Edit;

/// `promote-attribute`: what a script would have put into the live attribute is put there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PromoteAttribute {
    /// The live attribute.
    to: String,
    /// Where its value waits, the best source first.
    from: Vec<String>,
    /// What the value is.
    #[serde(default)]
    value: Kind,
    /// Words of which the names of files are made that stand for an image: see `is_placeholder`.
    #[serde(default)]
    placeholders: Vec<String>,
    /// Values that mean nothing to a browser.
    #[serde(default)]
    not: Vec<String>,
    /// Up to how many characters a picture that is written out in a `data:` address stands for
    /// another one.
    #[serde(default)]
    longest_data: usize,
    /// Whether to promote only where there is no live attribute at all.
    #[serde(default)]
    only_if_absent: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// A URL.
    #[default]
    Url,
    /// A list of images as in `srcset`.
    Srcset,
    /// Lengths and conditions as in `sizes`.
    Sizes,
    /// Anything that is no template and no JSON.
    Text,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let check: PromoteAttribute = options.parse()?;
    if check.from.is_empty() {
        return Err(OptionError("`from` names none".to_owned()));
    }
    Ok(Built::Element(Box::new(check)))
}

impl ElementCheck for PromoteAttribute {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let source = document.bytes();
        let live = arena.attribute(source, element, &self.to);
        if let Some(live) = live
            && (self.only_if_absent || !self.is_placeholder(&live.text(source)))
        {
            return;
        }
        let waiting: Option<&Attribute> = self.from.iter().find_map(|name| {
            arena
                .attribute(source, element, name)
                .filter(|attribute| self.fits(&attribute.text(source)))
        });
        let Some(waiting) = waiting else { return };
        let name = String::from_utf8_lossy(waiting.name.slice(source)).to_ascii_lowercase();
        let proposal = match attribute::reason_to_keep(document, element) {
            Some(reason) => Proposal::Withheld(reason.to_owned()),
            None => {
                // The value stays where it is, in its own quotes; only the name changes.
                let mut edits = vec![Edit::replace(waiting.name, self.to.as_str())];
                let of_name = |attribute: &&Attribute| {
                    attribute
                        .name
                        .slice(source)
                        .eq_ignore_ascii_case(self.to.as_bytes())
                };
                for old in arena.attributes(element).iter().filter(of_name) {
                    edits.push(attribute::removal(document, old));
                }
                edits.sort_unstable();
                Proposal::Edits {
                    title: format!("Make `{name}` the `{}`", self.to),
                    safety: Safety::Safe,
                    edits,
                    claim: Claim::Attributes(element),
                }
            }
        };
        let what = if live.is_some() {
            format!("`{}` is a placeholder; `{name}` has the real one", self.to)
        } else {
            format!("There is no `{}`; `{name}` has it", self.to)
        };
        reports.push(Report::at(waiting.whole).message(what).propose(proposal));
    }
}

impl PromoteAttribute {
    fn fits(&self, value: &str) -> bool {
        match self.value {
            Kind::Url => looks_like_url(value) && !self.is_placeholder(value),
            Kind::Srcset => parse_srcset(value).is_some_and(|list| {
                list.iter().all(|candidate| {
                    value
                        .get(candidate.url.clone())
                        .is_some_and(|url| looks_like_url(url) && !self.is_placeholder(url))
                })
            }),
            Kind::Sizes => is_sizes(value) && !self.means_nothing(value),
            Kind::Text => {
                !value.trim().is_empty()
                    && !self.means_nothing(value)
                    && !value.contains(['{', '}', '<', '>', '[', ']'])
            }
        }
    }

    fn means_nothing(&self, value: &str) -> bool {
        self.not
            .iter()
            .any(|word| value.trim().eq_ignore_ascii_case(word))
    }

    /// Whether `value` stands for an image that is not there yet.
    fn is_placeholder(&self, value: &str) -> bool {
        is_placeholder(value, &self.placeholders, self.value == Kind::Srcset)
            || data_image(value).is_some_and(|image| {
                image.kind == DataKind::Raster && image.payload <= self.longest_data
            })
    }
}

/// Whether `value`, of `src` or (`list`) of `srcset`, stands for an image that is not there yet:
/// nothing, an empty page, a picture of nothing, or a file with one of these `names`.
pub(super) fn is_placeholder(value: &str, names: &[String], list: bool) -> bool {
    let value = value.trim();
    if value.is_empty() || value == "#" || value.eq_ignore_ascii_case("about:blank") {
        return true;
    }
    if list && let Some(candidates) = parse_srcset(value) {
        return candidates.iter().all(|candidate| {
            value
                .get(candidate.url.clone())
                .is_some_and(|url| is_placeholder(url, names, false))
        });
    }
    if value
        .get(..5)
        .is_some_and(|head| head.eq_ignore_ascii_case("data:"))
    {
        return is_blank_data_image(value);
    }
    let path = value.split(['?', '#']).next().unwrap_or(value);
    let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let Some((stem, ending)) = file.rsplit_once('.') else {
        return false;
    };
    is_placeholder_name(stem, ending, names)
}

/// Whether all of a file's name is made of `words` and, besides, sizes and numbers: `blank`,
/// `spacer_1x1`, `loading-300x200@2x`. A longer name that only starts so is somebody's picture.
///
/// A word with an ending (`pixel.gif`) counts only in files with that ending, and with no number
/// but sizes beside it: `pixel-6.jpg` may be the photo of a telephone.
fn is_placeholder_name(stem: &str, ending: &str, words: &[String]) -> bool {
    let (with_ending, words): (Vec<&str>, Vec<&str>) = words
        .iter()
        .map(String::as_str)
        .partition(|word| word.contains('.'));
    let with_ending: Vec<&str> = with_ending
        .into_iter()
        .filter_map(|word| word.rsplit_once('.'))
        .filter_map(|(word, of)| (of == ending).then_some(word))
        .chain(words.iter().copied())
        .collect();
    is_made_of(stem, &words, |part| {
        part.bytes().all(|b| b.is_ascii_digit() || b == b'x')
    }) || is_made_of(stem, &with_ending, |part| {
        part.split_once('x').is_some_and(|(width, height)| {
            [width, height]
                .iter()
                .all(|side| side.bytes().all(|b| b.is_ascii_digit()))
        })
    })
}

fn is_made_of(stem: &str, words: &[&str], is_size: impl Fn(&str) -> bool) -> bool {
    if words.contains(&stem) {
        return true;
    }
    let mut has_word = false;
    for part in stem.split(['-', '_', '.', '@', ' ']) {
        let is_word = words.iter().any(|word| {
            part.strip_prefix(word)
                .is_some_and(|rest| rest.is_empty() || is_size(rest) || rest == "px")
        });
        if !is_word && !is_size(part.strip_suffix("px").unwrap_or(part)) {
            return false;
        }
        has_word |= is_word;
    }
    has_word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_the_whole_name_of_the_file() {
        let words = [
            "1x1",
            "blank",
            "spacer",
            "pixel.gif",
            "loading",
            "lazy",
            "load",
        ]
        .map(str::to_owned);
        for (name, is) in [
            ("blank.gif", true),
            ("/a/1x1.png?x", true),
            ("1x1-blank.png", true),
            ("pixel1x1.gif", true),
            ("spacer_300x200@2x.png", true),
            ("lazy-load.svg", true),
            ("loading-1.gif", true),
            ("pixel.gif", true),
            ("pixel-1x1.gif", true),
            ("pixel.jpg", false),
            ("pixel-6.gif", false),
            ("pixel-6-review.jpg", false),
            ("loading-dock.jpg", false),
            ("blankets.jpg", false),
            ("300x200.jpg", false),
            ("blank", false),
        ] {
            assert_eq!(is_placeholder(name, &words, false), is, "{name}");
        }
    }
}
