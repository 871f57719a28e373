use crate::html::ElementId;
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Report};

/// `report`: the matched element is worth a look; there is nothing to fix. No options.
struct ReportOnly;

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    options.none()?;
    Ok(Built::Element(Box::new(ReportOnly)))
}

impl ElementCheck for ReportOnly {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let arena = context.document.arena();
        reports.push(Report::at(arena.element(element).start));
    }
}
