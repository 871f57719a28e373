use crate::html::ElementId;
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Report};

/// `unclosed`: the matched element is not closed by an end tag of its own. Which elements need one
/// is for the rule's selector to say. No options.
struct Unclosed;

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    options.none()?;
    Ok(Built::Element(Box::new(Unclosed)))
}

impl ElementCheck for Unclosed {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let arena = document.arena();
        let found = arena.element(element);
        // A template may write the end tag, or another file.
        let templated = !document.mask().within(found.start).is_empty();
        if found.is_closed() || templated {
            return;
        }
        let name = arena.name(element);
        let report =
            Report::at(found.start).message(format!("`<{name}>` has no end tag of its own"));
        let parent = found
            .parent
            .filter(|&parent| arena.element(parent).is_closed());
        reports.push(match parent {
            Some(parent) => report.label(
                arena.element(parent).start,
                format!("it ends where this `<{}>` does", arena.name(parent)),
            ),
            None => report,
        });
    }
}
