//! `date-order`: dates that cannot be before others.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::{document, place};
use crate::frontmatter::Date;
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};

/// Dates that cannot be before others.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// Top-level keys: the first of them that is there is the earlier date.
    earlier: Vec<String>,
    /// Top-level keys with dates that cannot be before it.
    later: Vec<String>,
}

struct DateOrder(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(DateOrder(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

const DAY: i64 = 24 * 3_600_000;

impl DocumentCheck for DateOrder {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let read = |key: &String| {
            let entry = tree.entry(key)?;
            entry.value.text()?;
            let date = tree.date(&entry.value).ok()?;
            Some((entry, date))
        };
        let Some((first, earlier)) = self.0.earlier.iter().find_map(read) else {
            return;
        };
        for (entry, later) in self.0.later.iter().filter_map(read) {
            if !is_before(&later, &earlier) {
                continue;
            }
            reports.push(
                Report::at(place(entry))
                    .message(format!(
                        "`{}` ({}) is before `{}` ({})",
                        entry.name(),
                        later.day,
                        first.name(),
                        earlier.day
                    ))
                    .label(place(first), "this is the earlier date"),
            );
        }
    }
}

/// Whether `one` is surely before `two`: by the moment where both are moments, else by more than
/// a day, which no time zone explains.
fn is_before(one: &Date, two: &Date) -> bool {
    match (one.epoch_milliseconds(), two.epoch_milliseconds()) {
        (Some(a), Some(b)) if one.time.is_some() && two.time.is_some() => a < b,
        _ => match (one.civil_milliseconds(), two.civil_milliseconds()) {
            (Some(a), Some(b)) => a + DAY < b,
            _ => false,
        },
    }
}
