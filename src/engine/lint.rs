use std::sync::Arc;

use super::removal::{self, Candidate, Removal};
use super::suppress::{Directives, Name, Role};
use super::{Settings, verify};
use crate::checks;
use crate::document::{Document, host_of};
use crate::finding::{Finding, Fix, Label, Safety, clipped, sentence};
use crate::html::ElementId;
use crate::registry::{CompiledRule, Kind, Ruleset};
use crate::rule::{Context, EngineCheck, MediaLimit, Proposal, Report};
use crate::source::{MaskKind, Span};

/// Everything that is wrong with `document`, sorted by place.
pub fn lint(document: &Document, settings: &Settings) -> Vec<Finding> {
    let run = Run {
        document,
        rules: &settings.rules,
        directives: Directives::read(document),
    };
    let (mut removals, mut others) = (Vec::new(), Vec::new());
    let wrapper_rule = run.rules.engine_rule(EngineCheck::EmptiedWrapper);
    let leftovers = wrapper_rule.map(|rule| &*rule.entry.group);
    for (rule, report) in run.reports(&settings.source_keys) {
        if run.directives.hide(&rule.entry, report.span.start) {
            continue;
        }
        match removal_of(rule, &report, leftovers) {
            Some(removal) if rule.fixes => removals.push((rule, report, removal)),
            _ => others.push((rule, report)),
        }
    }
    let mut findings = run.findings(others);
    run.plan(removals, &mut findings);
    run.engine_rule(EngineCheck::NestingTooDeep, &mut findings, |reports| {
        if let Some(span) = document.arena().nesting_too_deep() {
            reports.push(Report::at(span));
        }
    });
    run.engine_rule(EngineCheck::InvalidSuppression, &mut findings, |reports| {
        invalid_suppressions(&run, reports);
    });
    run.engine_rule(EngineCheck::UnusedSuppression, &mut findings, |reports| {
        unused_suppressions(&run, reports);
    });
    findings.sort_by(|a, b| (a.span, &a.rule, &a.message).cmp(&(b.span, &b.rule, &b.message)));
    findings
}

/// Rule and start of everything that the checks have to say of `document` and no directive hides,
/// also of what would go with the removal of something larger.
pub(super) fn heard(document: &Document, settings: &Settings) -> Vec<(Arc<str>, usize)> {
    let run = Run {
        document,
        rules: &settings.rules,
        directives: Directives::read(document),
    };
    run.reports(&settings.source_keys)
        .into_iter()
        .map(|(rule, report)| (rule, report.span.start))
        .filter(|(rule, start)| !run.directives.hide(&rule.entry, *start))
        .map(|(rule, start)| (rule.entry.id.clone(), start))
        .collect()
}

struct Run<'a> {
    document: &'a Document,
    rules: &'a Ruleset,
    directives: Directives,
}

type Reported<'a> = (&'a CompiledRule, Report);

impl<'a> Run<'a> {
    /// What the checks of the rules in scope say, suppressed or not.
    fn reports(&self, source_keys: &[String]) -> Vec<Reported<'a>> {
        let document = self.document;
        let context = Context {
            document,
            preset: &self.rules.preset,
            source_url: document.source_url(source_keys),
        };
        let mut host = None;
        let mut admits = |rule: &CompiledRule| {
            let scope = &rule.scope;
            scope.admits_path(document.path())
                && (!scope.names_hosts() || {
                    let host = host.get_or_insert_with(|| context.source_url.and_then(host_of));
                    scope.admits_host(host.as_deref())
                })
        };

        let mut all = Vec::new();
        let mut reports = Vec::new();
        for rule in self.rules.rules() {
            let Kind::Document(check) = &rule.kind else {
                continue;
            };
            if admits(rule) {
                check.check(context, &mut reports);
                // Nearly always there is nothing.
                if !reports.is_empty() {
                    all.extend(reports.drain(..).map(|report| (rule, report)));
                }
            }
        }
        if self.rules.has_element_rules() {
            let in_scope: Vec<bool> = self.rules.rules().iter().map(admits).collect();
            let matches = self
                .rules
                .index()
                .matches(document.arena(), document.bytes());
            for (element, selector) in matches {
                let Some((place, rule)) = self.rules.by_selector(selector) else {
                    continue;
                };
                let Kind::Element { when, check } = &rule.kind else {
                    continue;
                };
                let holds = in_scope.get(place).copied().unwrap_or(false)
                    && !document.arena().is_preformatted(element)
                    && !starts_in_code(document, element, rule)
                    && when
                        .as_ref()
                        .is_none_or(|when| checks::html::holds(document, element, when));
                if holds {
                    check.check(context, element, &mut reports);
                    all.extend(reports.drain(..).map(|report| (rule, report)));
                }
            }
        }
        all
    }

    /// Turns reports whose proposals are not removals into findings.
    fn findings(&self, reports: Vec<Reported<'_>>) -> Vec<Finding> {
        if reports.is_empty() {
            return Vec::new();
        }
        let claimed: Vec<verify::Claimed<'_>> = reports
            .iter()
            .filter(|(rule, _)| rule.fixes)
            .filter_map(|(_, report)| match &report.proposal {
                Proposal::Edits { edits, claim, .. } => Some((edits.as_slice(), claim)),
                _ => None,
            })
            .collect();
        let mut verdicts = verify::all(self.document, &claimed).into_iter();
        reports
            .into_iter()
            .map(|(rule, mut report)| {
                let proposal = std::mem::replace(&mut report.proposal, Proposal::None);
                let (fix, withheld) = match proposal {
                    _ if !rule.fixes => (None, None),
                    Proposal::Withheld(reason) => (None, Some(reason)),
                    Proposal::Edits {
                        title,
                        safety,
                        edits,
                        ..
                    } => match verdicts.next() {
                        Some(Err(reason)) => (None, Some(reason)),
                        _ => {
                            let safety = safety.max(rule.safety);
                            let fix = Fix {
                                safety,
                                title,
                                edits,
                            };
                            (Some(fix), None)
                        }
                    },
                    Proposal::None | Proposal::Remove { .. } | Proposal::Unwrap { .. } => {
                        (None, None)
                    }
                };
                finding(rule, report, fix, withheld)
            })
            .collect()
    }

    /// Plans all removals together and adds their findings, and those of the wrappers that they
    /// leave empty.
    fn plan(
        &self,
        removals: Vec<(&'a CompiledRule, Report, Removal)>,
        findings: &mut Vec<Finding>,
    ) {
        if removals.is_empty() {
            return;
        }
        let wrapper_rule = self.rules.engine_rule(EngineCheck::EmptiedWrapper);
        let candidates: Vec<Candidate> = removals
            .iter()
            .map(|(rule, _, removal)| Candidate {
                element: removal.element,
                kind: removal.kind,
                safety: removal.safety.max(rule.safety),
                media: removal.media,
                foreign: removal.foreign,
                continued: removal.continued,
            })
            .collect();
        let wrapper_goes = |element: ElementId, span: Span, foreign: bool| {
            wrapper_rule.is_some_and(|rule| {
                let when = rule.when.as_ref();
                rule.scope.admits_path(self.document.path())
                    && when.is_none_or(|when| {
                        // What was only empty has not been brought by anybody: its wrapper may be
                        // a place that a script fills, or that links lead to.
                        (foreign || self.document.arena().attributes(element).is_empty())
                            && checks::html::holds_of_frame(self.document, element, when)
                    })
                    && !self.directives.hide(&rule.entry, span.start)
            })
        };
        let policy = removal::Policy {
            // A share of a part says nothing.
            budget: (!self.document.is_part()).then_some(self.rules.budget),
            marks: &self.rules.marks,
        };
        let plan = removal::plan(self.document, &candidates, policy, &wrapper_goes);
        for ((rule, report, _), outcome) in removals.into_iter().zip(plan.outcomes) {
            match outcome {
                removal::Outcome::Fix(fix) => findings.push(finding(rule, report, Some(fix), None)),
                removal::Outcome::Withheld(reason) => {
                    findings.push(finding(rule, report, None, Some(reason)));
                }
                removal::Outcome::Swallowed => {}
            }
        }
        if let Some(rule) = wrapper_rule {
            for (span, fix) in plan.wrappers {
                findings.push(finding(rule, Report::at(span), Some(fix), None));
            }
        }
        self.engine_rule(EngineCheck::RemovalBudget, findings, |reports| {
            let over = plan.over_budget.into_iter();
            reports.extend(over.map(|(span, message)| Report::at(span).message(message)));
        });
    }

    /// Adds the findings that `fill` reports under the rule of `check`, if it runs.
    fn engine_rule(
        &self,
        check: EngineCheck,
        findings: &mut Vec<Finding>,
        fill: impl FnOnce(&mut Vec<Report>),
    ) {
        let Some(rule) = self.rules.engine_rule(check) else {
            return;
        };
        if !rule.scope.admits_path(self.document.path()) {
            return;
        }
        let mut reports = Vec::new();
        fill(&mut reports);
        reports.retain(|report| !self.directives.hide(&rule.entry, report.span.start));
        if reports.is_empty() {
            return;
        }
        let reports = reports.into_iter().map(|report| (rule, report)).collect();
        findings.extend(self.findings(reports));
    }
}

/// Whether the start tag of `element` lies in a code sample of Markdown: it is text to a reader.
/// A rule may say that it knows what it looks for also where it is shown as code unmeant.
fn starts_in_code(document: &Document, element: ElementId, rule: &CompiledRule) -> bool {
    let start = document.arena().element(element).start.start;
    document.mask().at(start).is_some_and(|region| {
        let unmeant = region.kind == MaskKind::ContinuedHtml;
        region.kind.is_code() && !(unmeant && goes_on_in_code(rule))
    })
}

/// Whether the rule is for HTML, too, that CommonMark shows as code.
fn goes_on_in_code(rule: &CompiledRule) -> bool {
    let when = rule.entry.rule.when.as_ref();
    when.is_some_and(|when| when.continued_html)
}

/// What the report wants gone. Rules of the group that the one on emptied wrappers belongs to look
/// for traces of editors; `leftovers` is that group.
fn removal_of(rule: &CompiledRule, report: &Report, leftovers: Option<&str>) -> Option<Removal> {
    let foreign = leftovers != Some(&*rule.entry.group);
    let when = rule.entry.rule.when.as_ref();
    let media = when.and_then(|when| when.media) == Some(MediaLimit::Any);
    match report.proposal {
        Proposal::Remove { element, safety } => Some(Removal {
            element,
            kind: removal::Kind::Remove,
            safety,
            media,
            foreign,
            continued: goes_on_in_code(rule),
        }),
        Proposal::Unwrap { element, safety } => Some(Removal {
            element,
            kind: removal::Kind::Unwrap,
            safety,
            media,
            foreign,
            continued: goes_on_in_code(rule),
        }),
        _ => None,
    }
}

fn finding(
    rule: &CompiledRule,
    report: Report,
    fix: Option<Fix>,
    withheld: Option<String>,
) -> Finding {
    let labels = report.labels.into_iter().map(|label| Label {
        message: clipped(label.message),
        ..label
    });
    let labels = labels.collect();
    Finding {
        rule: rule.entry.id.clone(),
        group: rule.entry.group.clone(),
        severity: report
            .severity
            .map_or(rule.severity, |severity| severity.min(rule.severity)),
        span: report.span,
        message: sentence(report.message.unwrap_or_else(|| rule.summary.to_string())),
        why: rule.why.clone(),
        help: report
            .help
            .map_or_else(|| rule.help.clone(), |help| clipped(help).into()),
        labels,
        fix: fix.map(|fix| Fix {
            title: clipped(fix.title),
            ..fix
        }),
        withheld: withheld.map(clipped),
    }
}

fn invalid_suppressions(run: &Run<'_>, reports: &mut Vec<Report>) {
    for directive in &run.directives.all {
        match directive.role {
            Role::End if directive.paired => continue,
            Role::End => {
                reports.push(
                    Report::at(directive.span)
                        .message("This directive ends what nothing has started")
                        .help("Put `copydesk-ignore-start: names` where it begins, or delete it."),
                );
                continue;
            }
            Role::Start if !directive.paired => reports.push(
                Report::at(directive.span)
                    .message("This directive is never ended and hides to the end of the file")
                    .help(
                        "Put `copydesk-ignore-end` where it ends, or write `copydesk-ignore-file`.",
                    ),
            ),
            Role::Unknown => {
                reports.push(
                    Report::at(directive.span)
                        .message("This directive is not one that Copydesk knows")
                        .help("Write `copydesk-ignore`, `-file`, `-start` or `-end`."),
                );
                continue;
            }
            _ if directive.no_colon => reports.push(
                Report::at(directive.span)
                    .message("This directive has no colon before its names")
                    .help("Write `copydesk-ignore: rule-id`."),
            ),
            _ if directive.names.is_empty() => reports.push(Report::at(directive.span)),
            _ => {}
        }
        for name in &directive.names {
            if run.rules.knows(&name.text) {
                continue;
            }
            let report = Report::at(name.span)
                .message(format!("No rule or group is called `{}`", name.text));
            reports.push(match help_with_name(run.rules, &name.text) {
                Some(help) => report.help(help),
                None => report,
            });
        }
    }
}

/// What somebody meant who wrote `name` where no rule or group is called so.
fn help_with_name(rules: &Ruleset, name: &str) -> Option<String> {
    if let Some(near) = rules.suggest(name) {
        return Some(format!("Did you mean `{near}`?"));
    }
    let (first, rest) = name.split_once(|c: char| c.is_whitespace() || c == ';')?;
    if !rules.knows(first) {
        return None;
    }
    let next = rest.split(|c: char| c.is_whitespace() || c == ';');
    Some(match next.into_iter().find(|word| !word.is_empty()) {
        Some(word) if rules.knows(word) => {
            format!("Put a comma between names, as in `copydesk-ignore: {first}, {word}`.")
        }
        _ => format!("Put ` -- ` before the reason, as in `copydesk-ignore: {first} -- reason`."),
    })
}

fn unused_suppressions(run: &Run<'_>, reports: &mut Vec<Report>) {
    for (directive, idle) in run.directives.unused(run.rules) {
        let all = idle.len() == directive.names.len();
        let span = match idle.as_slice() {
            [name] if !all => name.span,
            _ => directive.span,
        };
        let list = idle
            .iter()
            .map(|name| format!("`{}`", name.text))
            .collect::<Vec<_>>()
            .join(", ");
        let mut report = Report::at(span).message(if all {
            format!("This directive hides nothing: no finding of {list} here")
        } else {
            format!("{list} in this directive hides nothing")
        });
        if let Some(edits) = directive.without(run.document, &idle as &[&Name]) {
            report = report.propose(Proposal::Edits {
                title: if all {
                    "Remove the directive".to_owned()
                } else {
                    format!("Remove {list} from the directive")
                },
                safety: Safety::Safe,
                edits,
                claim: crate::rule::Claim::Layout,
            });
        }
        reports.push(report);
    }
}
