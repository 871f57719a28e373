use std::io::{self, Write};

use serde::Serialize;

use super::look::{Look, Paint, count};
use crate::workspace::{FileReport, RuleCount, Sink, Totals};

/// How many findings each rule has, the most frequent first.
pub struct Statistics<W> {
    out: W,
    look: Look,
}

impl<W: Write> Statistics<W> {
    /// Writes to `out`.
    pub fn new(out: W, look: Look) -> Self {
        Self { out, look }
    }
}

impl<W: Write> Sink for Statistics<W> {
    fn file(&mut self, _report: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let rules = by_frequency(totals);
        let numbers = |n: usize| count(n, "", "").trim_end().to_owned();
        let width = rules
            .first()
            .map_or(0, |(_, most)| numbers(most.findings).len());
        let names = rules.iter().map(|(rule, _)| rule.len()).max().unwrap_or(0);
        for (rule, number) in rules {
            let mut fixes = Vec::new();
            if number.safe > 0 {
                fixes.push(format!("{} fixable", numbers(number.safe)));
            }
            if number.unsafe_ > 0 {
                fixes.push(format!("{} with --unsafe", numbers(number.unsafe_)));
            }
            let fixes = fixes.join(", ");
            let pad = if fixes.is_empty() { 0 } else { names };
            writeln!(
                self.out,
                "{:>width$}  {}{}{}",
                numbers(number.findings),
                self.look.paint(Paint::Strong, format_args!("{rule:pad$}")),
                if fixes.is_empty() { "" } else { "  " },
                self.look.paint(Paint::Faint, fixes)
            )?;
        }
        self.out.flush()
    }
}

/// The same for programs: one array, or one object a line.
pub struct StatisticsJson<W> {
    out: W,
    lines: bool,
}

#[derive(Serialize)]
struct Record<'a> {
    rule: &'a str,
    findings: usize,
    fixes: Fixes,
}

#[derive(Serialize)]
struct Fixes {
    safe: usize,
    r#unsafe: usize,
}

impl<W: Write> StatisticsJson<W> {
    /// Writes to `out`, with `lines` one object a line.
    pub fn new(out: W, lines: bool) -> Self {
        Self { out, lines }
    }
}

impl<W: Write> Sink for StatisticsJson<W> {
    fn file(&mut self, _report: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let records = by_frequency(totals)
            .into_iter()
            .map(|(rule, number)| Record {
                rule,
                findings: number.findings,
                fixes: Fixes {
                    safe: number.safe,
                    r#unsafe: number.unsafe_,
                },
            });
        records_as_json(&mut self.out, self.lines, records)
    }
}

/// Writes `records` as one array, or with `lines` one a line.
pub fn records_as_json<T: Serialize>(
    out: &mut impl Write,
    lines: bool,
    records: impl Iterator<Item = T>,
) -> io::Result<()> {
    if lines {
        for record in records {
            serde_json::to_writer(&mut *out, &record)?;
            writeln!(out)?;
        }
    } else {
        let records: Vec<T> = records.collect();
        serde_json::to_writer_pretty(&mut *out, &records)?;
        writeln!(out)?;
    }
    out.flush()
}

/// The rules with findings, the most frequent first.
fn by_frequency(totals: &Totals) -> Vec<(&str, &RuleCount)> {
    let mut rules: Vec<_> = totals
        .by_rule
        .iter()
        .map(|(rule, number)| (&**rule, number))
        .collect();
    rules.sort_by(|a, b| b.1.findings.cmp(&a.1.findings).then(a.0.cmp(b.0)));
    rules
}
