use std::io::{self, Write};

use super::look::{Look, Paint, count};
use crate::workspace::{FileReport, Sink, Totals};

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
        let mut rules: Vec<_> = totals.by_rule.iter().collect();
        rules.sort_by(|a, b| b.1.findings.cmp(&a.1.findings).then(a.0.cmp(b.0)));
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
