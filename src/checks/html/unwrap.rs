use crate::finding::Safety;
use crate::html::ElementId;
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `unwrap`: the tags of the matched element go, what is between them stays. No options.
struct Unwrap;

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    options.none()?;
    Ok(Built::Element(Box::new(Unwrap)))
}

impl ElementCheck for Unwrap {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let arena = context.document.arena();
        let report = Report::at(arena.element(element).start);
        reports.push(report.propose(Proposal::Unwrap {
            element,
            safety: Safety::Safe,
        }));
    }
}
