use serde::Deserialize;

use super::attribute;
use crate::finding::Safety;
use crate::html::{ElementId, is_void};
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

/// `rename-element`: the matched element gets another name; its attributes and what it holds stay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RenameElement {
    /// The new name. That of an element without content goes only where there is no content.
    to: String,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let check: RenameElement = options.parse()?;
    let letters = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if check.to.is_empty() || !letters(&check.to) {
        return Err(OptionError("`to` is no name of an element".to_owned()));
    }
    Ok(Built::Element(Box::new(check)))
}

impl ElementCheck for RenameElement {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let found = arena.element(element);
        let report = Report::at(found.start);
        let proposal = match (attribute::reason_to_keep(document, element), found.end) {
            (Some(reason), _) => Proposal::Withheld(reason.to_owned()),
            (None, None) => Proposal::Withheld(
                "it is not closed by its own end tag, so it is not certain where it ends"
                    .to_owned(),
            ),
            (None, Some(end)) => {
                // `<` before the start tag's name, `</` before the end tag's.
                let name = |at: usize| Span::new(at, at + arena.name(element).len());
                let start = Edit::replace(name(found.start.start + 1), self.to.as_str());
                let held = Span::new(found.start.end, end.start).slice(document.bytes());
                let second = if !is_void(&self.to) {
                    Edit::replace(name(end.start + 2), self.to.as_str())
                } else if held.iter().all(u8::is_ascii_whitespace) {
                    Edit::delete(Span::new(found.start.end, end.end))
                } else {
                    let reason = format!("it holds something, and `{}` cannot", self.to);
                    return reports.push(report.propose(Proposal::Withheld(reason)));
                };
                Proposal::Edits {
                    title: format!("Make it `<{}>`", self.to),
                    safety: Safety::Safe,
                    edits: vec![start, second],
                    claim: Claim::Attributes(element),
                }
            }
        };
        reports.push(report.propose(proposal));
    }
}
