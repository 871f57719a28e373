use serde::Deserialize;

use crate::finding::Safety;
use crate::html::{self, ElementId};
use crate::rule::{Built, Context, ElementCheck, OptionError, Options, Proposal, Report};

/// `foreign-host`: the address of the matched element is at a host that is not on a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ForeignHost {
    /// The attribute that holds the address.
    attribute: String,
    /// The hosts that are known; each stands for its subdomains too.
    hosts: Vec<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    Ok(Built::Element(Box::new(options.parse::<ForeignHost>()?)))
}

impl ElementCheck for ForeignHost {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let arena = context.document.arena();
        let source = context.document.bytes();
        // An address without a host is one of the page's own.
        let Some(host) = arena
            .value(source, element, &self.attribute)
            .and_then(|url| html::host(&url))
        else {
            return;
        };
        let known = self.hosts.iter().any(|known| {
            host.strip_suffix(known.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        if known {
            return;
        }
        let report = Report::at(arena.element(element).start);
        let message = format!("A frame from `{host}`, which is not on the list of known hosts");
        reports.push(report.message(message).propose(Proposal::Remove {
            element,
            safety: Safety::Unsafe,
        }));
    }
}
