use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::document::Document;
use crate::finding::Safety;
use crate::html::{ElementId, is_inline};
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `whole-text`: an element goes whose text, from its first word to its last, is one of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The texts; marks and case make no difference.
    #[serde(default)]
    texts: Vec<String>,
    /// More of them.
    #[serde(default)]
    phrases: Vec<String>,
    /// How texts end that count as well.
    #[serde(default)]
    endings: Vec<String>,
    /// Up to how many characters a text may have that ends so.
    #[serde(default)]
    longest: usize,
}

struct WholeText {
    texts: FxHashSet<String>,
    endings: Vec<String>,
    longest: usize,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let texts: Vec<String> = config.texts.into_iter().chain(config.phrases).collect();
    if texts.is_empty() && config.endings.is_empty() {
        return Err(OptionError(
            "neither `texts` nor `endings` names any".to_owned(),
        ));
    }
    let lower = |texts: Vec<String>| texts.into_iter().map(|text| normal(&text));
    Ok(Built::Element(Box::new(WholeText {
        texts: lower(texts).collect(),
        endings: lower(config.endings).collect(),
        longest: config.longest,
    })))
}

impl ElementCheck for WholeText {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let text = normal(&arena.text(document.bytes(), document.mask(), element));
        let ends = || {
            text.chars().count() <= self.longest
                && self.endings.iter().any(|end| text.ends_with(end.as_str()))
        };
        if text.is_empty() || !self.texts.contains(&text) && !ends() {
            return;
        }
        if is_inline(arena.name(element)) && !self.fills_its_block(document, element, &text) {
            return;
        }
        let report = Report::at(arena.element(element).start);
        reports.push(report.propose(Proposal::Remove {
            element,
            safety: Safety::Safe,
        }));
    }
}

impl WholeText {
    /// Whether the block around an element within a line says no more than the element.
    fn fills_its_block(&self, document: &Document, element: ElementId, text: &str) -> bool {
        let arena = document.arena();
        let block = arena
            .ancestors(element)
            .find(|&up| !is_inline(arena.name(up)));
        block.is_some_and(|block| {
            normal(&arena.text(document.bytes(), document.mask(), block)) == text
        })
    }
}

/// The words of `text`, in lower case, with single blanks in the place of marks.
fn normal(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn marks_and_blanks_around_do_not_count() {
        for (text, expected) in [
            (" — Advertisement — ", "advertisement"),
            ("【广告】", "广告"),
            ("Loading…", "loading"),
            ("Story\u{a0}continues \n below", "story continues below"),
            (
                "Already a subscriber? Log in.",
                "already a subscriber log in",
            ),
            ("…", ""),
        ] {
            assert_eq!(normal(text), expected);
        }
    }
}
