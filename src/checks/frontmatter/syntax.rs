//! `syntax`: what keeps a block from being read, by kind.

use std::collections::HashMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::frontmatter::ProblemKind;
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

/// What keeps a block from being read, by kind.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The kinds this rule speaks of.
    kinds: Vec<ProblemKind>,
    /// What to do about a kind, in place of the rule's help.
    #[serde(default)]
    help: HashMap<ProblemKind, String>,
}

struct Syntax(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Syntax(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Syntax {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        for problem in context.document.front_matter().problems() {
            if !self.0.kinds.contains(&problem.kind) {
                continue;
            }
            let mut report = Report::at(problem.span).message(problem.message.as_str());
            let help = match (&problem.help, &problem.fix) {
                (Some(help), _) => Some(help.clone()),
                (None, Some(fix)) if !self.0.help.is_empty() => Some(format!("{}.", fix.title)),
                (None, _) => self.0.help.get(&problem.kind).cloned(),
            };
            if let Some(help) = help {
                report = report.help(help);
            }
            for (span, message) in &problem.labels {
                report = report.label(*span, message.as_str());
            }
            if let Some(fix) = &problem.fix {
                report = report.propose(Proposal::Edits {
                    title: fix.title.clone(),
                    safety: fix.safety,
                    edits: fix.edits.clone(),
                    claim: Claim::Syntax,
                });
            } else if let Some(why) = &problem.withheld {
                report = report.propose(Proposal::Withheld(why.clone()));
            }
            reports.push(report);
        }
    }
}
