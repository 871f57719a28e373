//! `match-marker`: a date that has to be the moment in a comment of the body.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::pattern::Pattern;
use super::support::{document, head_of_body, is_template_value, pattern, place};
use crate::frontmatter::Date;
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};
use crate::source::Span;

/// A date that has to be the moment in a comment of the body.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// A top-level key with a date.
    key: String,
    /// A regular expression over the head of the body; its first group is the moment in
    /// milliseconds since 1970.
    pattern: String,
}

struct MatchMarker {
    config: Config,
    pattern: Pattern,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    document(MatchMarker {
        pattern: pattern(options, "pattern", &config.pattern)?,
        config,
    })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

/// How much of the body is the head of it, in bytes.
const HEAD: usize = 1024;
const HOUR: i64 = 3_600_000;

impl DocumentCheck for MatchMarker {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let front_matter = context.document.front_matter();
        let (Some(tree), Some(block)) = (front_matter.tree(), front_matter.block()) else {
            return;
        };
        let key = self.config.key.as_str();
        let Some(entry) = tree.entry(key) else { return };
        let Some(text) = context.document.text() else {
            return;
        };
        let (start, head) = head_of_body(text, block, HEAD);
        let Some(moment) = self.pattern.captures(head).and_then(|found| found.get(1)) else {
            return;
        };
        let Ok(milliseconds) = moment.as_str().parse::<i64>() else {
            return;
        };
        let date = entry
            .value
            .text()
            .and_then(|_| tree.date(&entry.value).ok());
        let Some(date) = date else {
            return;
        };
        if is_template_value(tree, &entry.value) || agrees(&date, milliseconds) {
            return;
        }
        let Ok(timestamp) = jiff::Timestamp::from_millisecond(milliseconds) else {
            return;
        };
        let span = Span::new(start + moment.start(), start + moment.end());
        reports.push(
            Report::at(place(entry))
                .message(format!(
                    "`{key}` is not the moment in the body's marker, {timestamp}"
                ))
                .label(span, format!("this is {timestamp}")),
        );
    }
}

/// Whether `date` may be the moment `milliseconds`, as exactly as it is written.
fn agrees(date: &Date, milliseconds: i64) -> bool {
    let precision = match (date.time, date.seconds) {
        (None, _) => 24 * HOUR,
        (Some(_), false) => 60_000,
        (Some(time), true) if time.subsec_nanosecond() == 0 => 1000,
        _ => 1,
    };
    match (date.epoch_milliseconds(), date.civil_milliseconds()) {
        (Some(moment), _) => (moment..moment + precision).contains(&milliseconds),
        // In any zone from UTC-12 to UTC+14.
        (None, Some(civil)) => {
            (civil - 14 * HOUR..civil + 12 * HOUR + precision).contains(&milliseconds)
        }
        (None, None) => true,
    }
}
