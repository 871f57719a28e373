use crate::finding::Safety;
use crate::html::ElementId;
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `remove`: the matched element goes with all it holds. No options.
struct Remove;

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    options.none()?;
    Ok(Built::Element(Box::new(Remove)))
}

impl ElementCheck for Remove {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let arena = context.document.arena();
        let report = Report::at(arena.element(element).start);
        reports.push(report.propose(Proposal::Remove {
            element,
            safety: Safety::Safe,
        }));
    }
}
