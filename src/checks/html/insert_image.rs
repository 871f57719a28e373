use serde::Deserialize;

use super::attribute;
use super::promote_attribute::is_placeholder;
use crate::finding::Safety;
use crate::html::{ElementId, looks_like_url};
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

/// `insert-image`: an element without content whose attribute names a picture gets that picture.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct InsertImage {
    /// Where the address waits, the best source first.
    from: Vec<String>,
    /// Endings of the files that are pictures; an address without one is no proof.
    endings: Vec<String>,
    /// Names of files that stand for an image.
    #[serde(default)]
    placeholders: Vec<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let check: InsertImage = options.parse()?;
    if check.from.is_empty() {
        return Err(OptionError("`from` names none".to_owned()));
    }
    Ok(Built::Element(Box::new(check)))
}

impl ElementCheck for InsertImage {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let source = document.bytes();
        let waiting = self.from.iter().find_map(|name| {
            let attribute = arena.attribute(source, element, name)?;
            let span = attribute.value?;
            self.is_picture(&attribute.text(source))
                .then_some((name, attribute, span))
        });
        let Some((name, waiting, span)) = waiting else {
            return;
        };
        // The address as it stands, in its own kind of quotes.
        let quote = match source.get(span.end) {
            Some(b'\'') => "'",
            _ => "\"",
        };
        let address = String::from_utf8_lossy(span.slice(source));
        let at = arena.element(element).start.end;
        let image = format!("<img src={quote}{address}{quote} alt=\"\">");
        let proposal = match attribute::reason_to_keep(document, element) {
            Some(reason) => Proposal::Withheld(reason.to_owned()),
            None => Proposal::Edits {
                title: "Insert the image".to_owned(),
                safety: Safety::Unsafe,
                edits: vec![
                    attribute::removal(document, waiting),
                    Edit::replace(Span::empty(at), image),
                ],
                claim: Claim::Attributes(element),
            },
        };
        let message = format!("`{name}` names an image that nothing shows");
        reports.push(Report::at(waiting.whole).message(message).propose(proposal));
    }
}

impl InsertImage {
    fn is_picture(&self, value: &str) -> bool {
        let path = value.split(['?', '#']).next().unwrap_or(value);
        let ending = path
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| self.endings.contains(&ending))
            && looks_like_url(value)
            && !is_placeholder(value, &self.placeholders, false)
    }
}
