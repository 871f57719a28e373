//! `date-form`: how exactly a date is written, and whether it can be meant.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::select::{Found, Keys};
use super::support::{document, is_template_in, trimmed};
use crate::finding::Safety;
use crate::frontmatter::{Date, Style, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Form {
    /// A day without a time.
    Date,
    /// A day and a time.
    DateTime,
}

/// How exactly a date is written, and whether it can be meant.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The keys whose dates are looked at.
    keys: Keys,
    /// What has to be written.
    #[serde(default)]
    form: Option<Form>,
    /// Whether a time needs an offset from UTC.
    #[serde(default)]
    offset: bool,
    /// Whether the date has to be of the form of RFC 3339: `2022-07-09`, or
    /// `2022-07-09T11:10:00Z`.
    #[serde(default)]
    rfc3339: bool,
    /// The first day that can be meant.
    #[serde(default)]
    not_before: Option<String>,
    /// The last day or moment that can be meant; `now` is the one given with `--now`, and without
    /// that there is no limit.
    #[serde(default)]
    not_after: Option<String>,
}

struct DateForm {
    config: Config,
    not_before: Option<Date>,
    not_after: Option<Date>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let day = |name: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => Date::parse(text).map(Some).map_err(|problem| {
            OptionError(format!(
                "{name}: `{text}` is not a date: {}",
                problem.reason
            ))
        }),
    };
    let last = config.not_after.clone().filter(|last| last != "now");
    document(DateForm {
        not_before: day("not-before", &config.not_before)?,
        not_after: day("not-after", &last)?,
        config,
    })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for DateForm {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for found in self.config.keys.scalars(tree) {
            let Some(text) = found.node.text().filter(|text| !is_template_in(tree, text)) else {
                continue;
            };
            let Ok(date) = tree.date(found.node) else {
                continue;
            };
            if let Some(what) = self.fault(text, &date) {
                let report = Report::at(trimmed(found.node.span, found.node))
                    .message(format!("`{}` is `{text}`: {what}", found.name));
                reports.push(match self.rewritten(tree, &found, text, &date) {
                    Some(proposal) => report.propose(proposal),
                    None => report,
                });
            }
        }
    }
}

impl DateForm {
    fn fault(&self, text: &str, date: &Date) -> Option<String> {
        let config = &self.config;
        match (config.form, date.time) {
            (Some(Form::Date), Some(_)) => {
                return Some("a day without a time is wanted".to_owned());
            }
            (Some(Form::DateTime), None) => return Some("a time is missing".to_owned()),
            _ => {}
        }
        if config.offset && date.time.is_some() && date.offset.is_none() {
            return Some("the offset from UTC is missing, so the moment depends on the machine that builds the site".to_owned());
        }
        if config.rfc3339 && !is_rfc3339(text) {
            return Some("it is not of the form 2022-07-09 or 2022-07-09T11:10:00Z".to_owned());
        }
        if let Some(first) = self.not_before.filter(|first| date.day < first.day) {
            return Some(format!("it is before {}", first.day));
        }
        let later = |last: &Date| match (date.epoch_milliseconds(), last.epoch_milliseconds()) {
            (Some(date), Some(last)) => date > last,
            _ => date.day > last.day,
        };
        if let Some(last) = self.not_after.filter(later) {
            return Some(format!("it is after {}", last.day));
        }
        None
    }
}

impl DateForm {
    /// The same moment in the form of RFC 3339, as exactly as the author wrote it.
    fn rewritten(
        &self,
        tree: &Tree,
        found: &Found<'_>,
        text: &str,
        date: &Date,
    ) -> Option<Proposal> {
        if !self.config.rfc3339 || is_rfc3339(text) {
            return None;
        }
        if date.time.is_some() && date.offset.is_none() {
            return Some(Proposal::Withheld(
                "only you know the time zone of this time".to_owned(),
            ));
        }
        let fraction: String = match text.split_once(['.', ',']) {
            Some((_, tail)) if date.time.is_some() => {
                tail.chars().take_while(char::is_ascii_digit).collect()
            }
            _ => String::new(),
        };
        let mut written = date.day.to_string();
        if let Some(time) = date.time {
            let (hour, minute, second) = (time.hour(), time.minute(), time.second());
            written.push_str(&format!("T{hour:02}:{minute:02}:{second:02}"));
            if !fraction.is_empty() {
                written.push_str(&format!(".{fraction}"));
            }
            let seconds = date.offset?.seconds();
            let utc = text.trim_end().ends_with(|c: char| c.is_ascii_alphabetic());
            written.push_str(&match seconds {
                0 if utc => "Z".to_owned(),
                seconds => format!(
                    "{}{:02}:{:02}",
                    if seconds < 0 { '-' } else { '+' },
                    seconds.abs() / 3600,
                    seconds.abs() / 60 % 60
                ),
            });
        }
        // Held against what was read: the moment and the precision are the same.
        let same = Date::parse(&written).is_ok_and(|again| {
            again.day == date.day && again.time == date.time && again.offset == date.offset
        });
        if !same || found.node.properties.is_some() || found.node.style == Style::Folded {
            return None;
        }
        let edit = match found.node.style {
            Style::Plain => tree.replace_value(found.node, &written),
            _ => tree.set_text(found.node, &written, found.in_flow)?,
        };
        Some(Proposal::Edits {
            title: format!("Write `{written}`"),
            safety: Safety::Safe,
            edits: vec![edit],
            claim: Claim::Data(vec![found.name.path()]),
        })
    }
}

fn is_rfc3339(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let Some(rest) = shape.strip_prefix("0000-00-00") else {
        return false;
    };
    if rest.is_empty() {
        return true;
    }
    let Some(rest) = rest.strip_prefix("T00:00:00") else {
        return false;
    };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => rest,
    };
    matches!(zone, "Z" | "+00:00" | "-00:00")
}
