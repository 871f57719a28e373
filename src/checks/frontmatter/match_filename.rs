//! `match-filename`: a value that has to be the one in the file's name.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use super::pattern::Pattern;
use super::support::{document, is_template_value, pattern, place};
use crate::frontmatter::Date;
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Difference {
    /// Any that a time zone does not explain.
    Other,
    /// A day that a time zone explains.
    TimeZone,
}

/// A value that has to be the one in the file's name.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// A top-level key.
    key: String,
    /// A regular expression over the file's name; its first group is the value, or its groups
    /// `year`, `month` and `day` are a date.
    pattern: String,
    /// Which differences between dates this rule speaks of.
    #[serde(default = "other")]
    difference: Difference,
    /// Whether only letters and digits count: blanks, hyphens, marks and letter case do not.
    #[serde(default)]
    loose: bool,
}

fn other() -> Difference {
    Difference::Other
}

struct MatchFilename {
    config: Config,
    pattern: Pattern,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    document(MatchFilename {
        pattern: pattern(options, "pattern", &config.pattern)?,
        config,
    })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

const DAY: i64 = 24 * HOUR;
const HOUR: i64 = 3_600_000;

impl DocumentCheck for MatchFilename {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let key = self.config.key.as_str();
        let Some(entry) = tree.entry(key) else { return };
        // Without a time no zone explains anything: nearly always nothing else has to be read.
        if self.config.difference == Difference::TimeZone
            && !tree
                .date(&entry.value)
                .is_ok_and(|date| date.time.is_some())
        {
            return;
        }
        let Some(captures) = self.pattern.captures(context.document.file_name()) else {
            return;
        };
        let Some(text) = entry.value.text() else {
            return;
        };
        if is_template_value(tree, &entry.value) || text.is_empty() {
            return;
        }
        let number = |group: &str| -> Option<i16> {
            captures
                .name(group)
                .and_then(|found| found.as_str().parse().ok())
        };
        let Some((year, month, day)) = number("year")
            .zip(number("month"))
            .zip(number("day"))
            .map(|((year, month), day)| (year, month, day))
        else {
            if self.config.difference == Difference::Other
                && let Some(wanted) = captures.get(1).filter(|found| found.as_str() != text)
                && !(self.config.loose && letters(wanted.as_str()) == letters(text))
            {
                reports.push(Report::at(place(entry)).message(format!(
                    "`{key}` is `{text}`, and the file's name has `{}`",
                    wanted.as_str()
                )));
            }
            return;
        };
        let year = if year < 100 { 2000 + year } else { year };
        let small = |n: i16| i8::try_from(n).unwrap_or(0);
        let (Ok(named), Ok(date)) = (
            jiff::civil::Date::new(year, small(month), small(day)),
            tree.date(&entry.value),
        ) else {
            return;
        };
        if date.day == named {
            return;
        }
        let by_zone = date.time.is_some() && explained(&date, named);
        match self.config.difference {
            Difference::Other if !by_zone => reports.push(Report::at(place(entry)).message(
                format!("`{key}` is {}, and the file's name says {named}", date.day),
            )),
            Difference::TimeZone if by_zone => reports.push(Report::at(place(entry)).message(
                format!(
                    "`{key}` is {}, and the file's name says {named}: the same moment in another time zone",
                    date.day
                ),
            )),
            _ => {}
        }
    }
}

/// Letters and digits in small letters, their marks apart and left out.
fn letters(text: &str) -> String {
    text.nfkd()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether somewhere on earth the clock shows the day `named` at the moment `date`.
fn explained(date: &Date, named: jiff::civil::Date) -> bool {
    let Some(midnight) = jiff::tz::Offset::UTC
        .to_timestamp(named.to_datetime(jiff::civil::Time::midnight()))
        .ok()
        .map(|timestamp| timestamp.as_millisecond())
    else {
        return false;
    };
    // Without an offset the moment itself is only known to within the same span.
    let (moment, early, late) = match date.epoch_milliseconds() {
        Some(moment) => (moment, 14 * HOUR, 12 * HOUR),
        None => match date.civil_milliseconds() {
            Some(civil) => (civil, 14 * HOUR, 12 * HOUR),
            None => return false,
        },
    };
    moment + early >= midnight && moment - late < midnight + DAY
}
