//! Dates as site generators write them.

use std::ops::Range;

/// A date with as much of a time and a zone as is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// The day.
    pub day: jiff::civil::Date,
    /// The time of day, if there is one.
    pub time: Option<jiff::civil::Time>,
    /// Whether the time has seconds.
    pub seconds: bool,
    /// How far local time is ahead of UTC, if it is written.
    pub offset: Option<jiff::tz::Offset>,
}

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateProblem {
    /// What is wrong, in words that follow "`…` is not a date: ".
    pub reason: String,
    /// Where in the text, in bytes.
    pub at: Range<usize>,
}

impl DateProblem {
    fn new(reason: impl Into<String>, at: Range<usize>) -> Self {
        Self {
            reason: reason.into(),
            at,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, wanted: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| wanted.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    fn blanks(&mut self) -> usize {
        let from = self.at;
        while self.eat(b" \t").is_some() {}
        self.at - from
    }

    fn digits(&mut self, most: usize) -> (Range<usize>, &'t str) {
        let from = self.at;
        while self.at - from < most && self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (from..self.at, self.text.get(from..self.at).unwrap_or(""))
    }

    fn number(
        &mut self,
        least: usize,
        most: usize,
        what: &str,
    ) -> Result<(Range<usize>, i32), DateProblem> {
        let (range, digits) = self.digits(most);
        match digits.parse() {
            Ok(number) if digits.len() >= least => Ok((range, number)),
            _ => Err(DateProblem::new(
                format!("the {what} is not where it should be"),
                range.start..self.text.len().max(range.end),
            )),
        }
    }
}

impl Date {
    /// Reads a date as site generators accept it: `2022-07-09`, `2022/7/9`, with a time after `T`
    /// or a blank (`11:10`, `11:10:00.000`), with a zone after it (`Z`, `+08:00`, `+0800`, `UTC`, `+0000 UTC`),
    /// `9 July 2022` and `July 9, 2022`.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, DateProblem> {
        let trimmed = text.trim_end();
        let start = trimmed.len() - trimmed.trim_start().len();
        let mut reader = Reader {
            text: trimmed,
            at: start,
        };
        let first = reader.peek();
        if !first.is_some_and(|byte| byte.is_ascii_digit()) {
            return match with_month_name(trimmed) {
                Some(date) => Ok(date),
                None => Err(DateProblem::new(
                    "it does not start with a year",
                    0..text.len(),
                )),
            };
        }
        if let Some(date) = epoch(trimmed) {
            return Ok(date);
        }
        let (year_at, digits) = reader.digits(8);
        if digits.len() == 8 && reader.at == trimmed.len() {
            let part =
                |range: Range<usize>| digits.get(range).and_then(|d| d.parse().ok()).unwrap_or(0);
            let day = civil(part(0..4), part(4..6), part(6..8), 0..8)?;
            return Ok(Self {
                day,
                time: None,
                seconds: false,
                offset: None,
            });
        }
        if digits.len() != 4 {
            return match with_month_name(trimmed) {
                Some(date) => Ok(date),
                None => Err(DateProblem::new(
                    "it does not start with a year of four digits",
                    year_at,
                )),
            };
        }
        let year: i32 = digits.parse().unwrap_or(0);
        let Some(separator) = reader.eat(b"-/.") else {
            return Err(DateProblem::new(
                "month and day do not follow the year",
                reader.at..text.len(),
            ));
        };
        let (month_at, month) = reader.number(1, 2, "month")?;
        if reader.eat(&[separator]).is_none() {
            return Err(DateProblem::new(
                "the day does not follow the month",
                reader.at..text.len(),
            ));
        }
        let (day_at, day) = reader.number(1, 2, "day")?;
        let day = civil(year, month, day, month_at.start..day_at.end)?;
        let mut date = Self {
            day,
            time: None,
            seconds: false,
            offset: None,
        };
        if reader.at == trimmed.len() {
            return Ok(date);
        }
        let blanks = reader.blanks();
        let letter = if blanks == 0 { reader.eat(b"Tt") } else { None };
        if blanks == 0 && letter.is_none() {
            return Err(DateProblem::new(
                format!(
                    "`{}` follows the day",
                    trimmed.get(reader.at..).unwrap_or("")
                ),
                reader.at..trimmed.len(),
            ));
        }
        date.read_time(&mut reader)?;
        date.read_zone(&mut reader)?;
        if reader.at < trimmed.len() {
            return Err(DateProblem::new(
                format!(
                    "`{}` is left over after the time",
                    trimmed.get(reader.at..).unwrap_or("").trim()
                ),
                reader.at..trimmed.len(),
            ));
        }
        Ok(date)
    }

    fn read_time(&mut self, reader: &mut Reader<'_>) -> Result<(), DateProblem> {
        let (hour_at, mut hour) = reader.number(1, 2, "hour")?;
        if reader.eat(b":").is_none() {
            return Err(DateProblem::new(
                "the minutes are missing after the hour",
                hour_at.start..reader.text.len(),
            ));
        }
        let (minute_at, minute) = reader.number(1, 2, "minute")?;
        let (mut second_at, mut second, mut nanosecond) = (minute_at.clone(), 0, 0);
        if reader.eat(b":").is_some() {
            (second_at, second) = reader.number(1, 2, "second")?;
            self.seconds = true;
            if reader.eat(b".,").is_some() {
                let (_, fraction) = reader.digits(usize::MAX);
                let nine: String = fraction
                    .chars()
                    .chain(std::iter::repeat('0'))
                    .take(9)
                    .collect();
                nanosecond = nine.parse().unwrap_or(0);
            }
        } else if reader.peek() == Some(b'.') {
            return Err(DateProblem::new(
                "the seconds are missing before the fraction",
                reader.at..reader.text.len(),
            ));
        }
        let rest = reader.text.get(reader.at..).unwrap_or("");
        let half = rest.trim_start().get(..2).map(str::to_ascii_lowercase);
        if let Some(half @ ("am" | "pm")) = half.as_deref()
            && (1..=12).contains(&hour)
        {
            hour = hour % 12 + if half == "pm" { 12 } else { 0 };
            reader.blanks();
            reader.at += 2;
        }
        // The midnight that ends a day, as ISO 8601 and JavaScript have it.
        if hour == 24
            && (minute, second, nanosecond) == (0, 0, 0)
            && let Ok(next) = self.day.tomorrow()
        {
            self.day = next;
            hour = 0;
        }
        if hour > 23 {
            return Err(DateProblem::new(
                format!("there is no hour {hour}"),
                hour_at,
            ));
        }
        if minute > 59 {
            return Err(DateProblem::new(
                format!("there is no minute {minute}"),
                minute_at,
            ));
        }
        if second > 60 {
            return Err(DateProblem::new(
                format!("there is no second {second}"),
                second_at,
            ));
        }
        let small = |n: i32| i8::try_from(n).unwrap_or(0);
        self.time = jiff::civil::Time::new(
            small(hour),
            small(minute),
            small(second.min(59)),
            nanosecond,
        )
        .ok();
        Ok(())
    }

    fn read_zone(&mut self, reader: &mut Reader<'_>) -> Result<(), DateProblem> {
        let before = reader.at;
        reader.blanks();
        if reader.eat(b"Zz").is_some() {
            self.offset = Some(jiff::tz::Offset::UTC);
        } else if let Some(sign) = reader.eat(b"+-") {
            let (hours_at, hours) = reader.number(1, 2, "offset from UTC")?;
            reader.eat(b":");
            let (_, minutes) = reader.digits(2);
            let minutes: i32 = minutes.parse().unwrap_or(0);
            if hours > 15 || minutes > 59 {
                return Err(DateProblem::new(
                    "no place on earth is so far from UTC",
                    hours_at.start..reader.at,
                ));
            }
            let seconds = (hours * 60 + minutes) * 60;
            self.offset =
                jiff::tz::Offset::from_seconds(if sign == b'-' { -seconds } else { seconds }).ok();
            // `+0000 UTC`, as Go prints a time: the name of the zone after its offset.
            let rest = reader.text.get(reader.at..).unwrap_or("");
            let name = rest.trim_start();
            if name.len() < rest.len()
                && (2..=5).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_uppercase())
            {
                reader.at = reader.text.len();
            }
        } else {
            let rest = reader.text.get(reader.at..).unwrap_or("");
            let word = rest.len()
                - rest
                    .trim_start_matches(|c: char| c.is_ascii_uppercase())
                    .len();
            if (1..=5).contains(&word) {
                if matches!(rest.get(..word), Some("UTC" | "GMT")) {
                    self.offset = Some(jiff::tz::Offset::UTC);
                }
                reader.at += word;
            } else {
                reader.at = before;
            }
        }
        let rest = reader.text.get(reader.at..).unwrap_or("");
        if rest.starts_with('[') && rest.ends_with(']') {
            reader.at = reader.text.len();
        }
        Ok(())
    }

    /// The day and time as written, midnight where there is no time.
    pub fn civil(&self) -> jiff::civil::DateTime {
        self.day
            .to_datetime(self.time.unwrap_or(jiff::civil::Time::midnight()))
    }

    /// Milliseconds since 1970 in UTC, if the offset is written.
    pub fn epoch_milliseconds(&self) -> Option<i64> {
        let offset = self.offset?;
        offset
            .to_timestamp(self.civil())
            .ok()
            .map(|timestamp| timestamp.as_millisecond())
    }

    /// The same as if it were in UTC, whatever the zone.
    pub fn civil_milliseconds(&self) -> Option<i64> {
        jiff::tz::Offset::UTC
            .to_timestamp(self.civil())
            .ok()
            .map(|timestamp| timestamp.as_millisecond())
    }
}

/// Seconds or milliseconds since 1970 in UTC, from 2001 on: ten digits or thirteen. Hugo reads the
/// former, JavaScript the latter.
fn epoch(text: &str) -> Option<Date> {
    let text = text.trim();
    // Other first digits are a date and an hour written together.
    let number: i64 = text.parse().ok().filter(|_| text.starts_with('1'))?;
    let milliseconds = match text.len() {
        10 => number.checked_mul(1000)?,
        13 => number,
        _ => return None,
    };
    let at = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    let civil = jiff::tz::Offset::UTC.to_datetime(at);
    Some(Date {
        day: civil.date(),
        time: Some(civil.time()),
        seconds: true,
        offset: Some(jiff::tz::Offset::UTC),
    })
}

fn civil(
    year: i32,
    month: i32,
    day: i32,
    at: Range<usize>,
) -> Result<jiff::civil::Date, DateProblem> {
    let small = |n: i32| i8::try_from(n).unwrap_or(0);
    let year16 = i16::try_from(year).unwrap_or(0);
    if !(1..=12).contains(&month) {
        return Err(DateProblem::new(format!("there is no month {month}"), at));
    }
    jiff::civil::Date::new(year16, small(month), small(day)).map_err(|_| {
        let length = jiff::civil::Date::new(year16, small(month), 1)
            .map(|first| first.days_in_month())
            .unwrap_or(31);
        DateProblem::new(format!("month {month} of {year} has {length} days"), at)
    })
}

/// `9 July 2022`, `July 9, 2022`, `Sat, 09 Jul 2022 11:10:00 GMT`, `Sat Jul 9 11:10:00 2022`: the
/// day only, English.
fn with_month_name(text: &str) -> Option<Date> {
    let words: Vec<&str> = text
        .split([' ', ',', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    let month_at = words.iter().position(|word| month(word).is_some())?;
    let month = month(words.get(month_at)?)?;
    let number = |at: Option<usize>| -> Option<i32> {
        let word = words.get(at?)?;
        let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
        digits.parse().ok().filter(|_| digits.len() <= 4)
    };
    let before = number(month_at.checked_sub(1));
    let after = number(Some(month_at + 1));
    // `Mon Jan 2 15:04:05 2006`: the year comes last, after the time.
    let timed = words
        .get(month_at + 2)
        .is_some_and(|word| word.contains(':'));
    let later = match timed {
        true => number(words.len().checked_sub(1)),
        false => number(Some(month_at + 2)),
    };
    let (day, year) = match (before, after, later) {
        (Some(day), Some(year), _) if year > 31 => (day, year),
        (_, Some(day), Some(year)) if year > 31 => (day, year),
        _ => return None,
    };
    let day = civil(year, month, day, 0..text.len()).ok()?;
    Some(Date {
        day,
        time: None,
        seconds: false,
        offset: None,
    })
}

/// The number of an English month name or its three letters.
fn month(word: &str) -> Option<i32> {
    let formats = ["%B", "%b"];
    let word = word.trim_end_matches('.');
    if !(3..=9).contains(&word.len()) || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    formats.iter().find_map(|format| {
        jiff::fmt::strtime::parse(format!("%Y %d {format}"), format!("2000 1 {word}"))
            .ok()
            .and_then(|parsed| parsed.month())
            .map(i32::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_generators_read() {
        for (text, day) in [
            ("2022-07-09 11:10:00 +0800", (2022, 7, 9)),
            ("2022/07/09", (2022, 7, 9)),
            ("2022-7-9", (2022, 7, 9)),
            ("2022-07-09T11:10:00.000Z", (2022, 7, 9)),
            ("2014-08-19T08:23", (2014, 8, 19)),
            ("2014-08-19 8:23 PM", (2014, 8, 19)),
            ("2022-07-09T11:10:00+08:00[Asia/Shanghai]", (2022, 7, 9)),
            ("2022-07-09 11:10:00 UTC", (2022, 7, 9)),
            ("20220709", (2022, 7, 9)),
            ("2022-7-9 1:2:3", (2022, 7, 9)),
            ("2022-07-09T24:00:00Z", (2022, 7, 10)),
            ("1657365000", (2022, 7, 9)),
            ("1657365000000", (2022, 7, 9)),
            ("July 9, 2022", (2022, 7, 9)),
            ("Sat, 09 Jul 2022 11:10:00 GMT", (2022, 7, 9)),
        ] {
            let date = Date::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
            let (year, month, d) = day;
            assert_eq!(date.day, jiff::civil::date(year, month, d), "{text}");
        }
    }

    #[test]
    fn impossible_and_unreadable_ones_say_why() {
        for (text, reason) in [
            ("2022-02-30", "month 2 of 2022 has 28 days"),
            ("2022-13-45", "there is no month 13"),
            ("2022-07-09 24:00:01", "there is no hour 24"),
            ("2022070911", "it does not start with a year of four digits"),
            ("-001-11-30", "it does not start with a year"),
            (
                "2022-01-01T08:00.000+07:00",
                "the seconds are missing before the fraction",
            ),
            (
                "2023-01-29 18:30:22 2023 -0800",
                "`2023 -0800` is left over after the time",
            ),
            ("yesterday", "it does not start with a year"),
            ("2022年7月9日", "month and day do not follow the year"),
        ] {
            assert_eq!(Date::parse(text).unwrap_err().reason, reason, "{text}");
        }
    }

    #[test]
    fn instants_count_from_1970() {
        let date = Date::parse("2022-07-09T11:10:00.000Z").unwrap();
        assert_eq!(date.epoch_milliseconds(), Some(1_657_365_000_000));
        let local = Date::parse("2022-07-09 19:10:00 +0800").unwrap();
        assert_eq!(local.epoch_milliseconds(), Some(1_657_365_000_000));
    }
}
