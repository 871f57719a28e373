use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::excerpt::printable;
use super::look::{Look, Paint, count};
use crate::finding::{Safety, Severity};
use crate::workspace::{FileReport, Sink, Totals};

/// Findings by rule, with counts and a few places each: for huge folders.
pub struct Grouped<W> {
    out: W,
    look: Look,
    show_all: bool,
    rules: BTreeMap<Arc<str>, Group>,
}

struct Group {
    severity: Severity,
    why: Arc<str>,
    // Absent where the findings differ in it.
    help: Option<Arc<str>>,
    message: Option<String>,
    findings: usize,
    files: usize,
    safe: usize,
    not_safe: usize,
    places: Vec<Place>,
}

struct Place {
    place: String,
    message: String,
}

/// So many places of a rule are shown.
const SHOWN: usize = 5;

impl<W: Write> Grouped<W> {
    /// Writes to `out`. `show_all` lists every place.
    pub fn new(out: W, look: Look, show_all: bool) -> Self {
        Self {
            out,
            look,
            show_all,
            rules: BTreeMap::new(),
        }
    }

    fn note(&mut self, term: &str, text: &str) -> io::Result<()> {
        let indent = " ".repeat(8);
        let options = self
            .look
            .wrapping()
            .initial_indent(&indent)
            .subsequent_indent(&indent);
        let filled = textwrap::fill(text.trim(), options);
        let head = format!("{term:<6}");
        let head = self.look.paint(Paint::Term, head);
        writeln!(self.out, "  {head}{}", filled.trim_start())
    }
}

impl<W: Write> Sink for Grouped<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let mut seen: Vec<&Arc<str>> = Vec::new();
        for finding in &report.findings {
            let group = self
                .rules
                .entry(finding.rule.clone())
                .or_insert_with(|| Group {
                    severity: finding.severity,
                    why: finding.why.clone(),
                    help: Some(finding.help.clone()),
                    message: Some(printable(&finding.message)),
                    findings: 0,
                    files: 0,
                    safe: 0,
                    not_safe: 0,
                    places: Vec::new(),
                });
            group.findings += 1;
            let message = printable(&finding.message);
            group.message = group.message.take().filter(|own| *own == message);
            group.help = group.help.take().filter(|own| **own == *finding.help);
            group.severity = group.severity.max(finding.severity);
            match finding.fix.as_ref().map(|fix| fix.safety) {
                Some(Safety::Safe) => group.safe += 1,
                Some(Safety::Unsafe) => group.not_safe += 1,
                None => {}
            }
            if !seen.contains(&&finding.rule) {
                seen.push(&finding.rule);
                group.files += 1;
            }
            if self.show_all || group.places.len() < SHOWN {
                let (start, _) = report.positions(finding.span);
                group.places.push(Place {
                    place: format!(
                        "{}:{}:{}",
                        printable(&report.path),
                        start.line,
                        start.column
                    ),
                    message,
                });
            }
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        let look = self.look;
        let mut rules: Vec<_> = std::mem::take(&mut self.rules).into_iter().collect();
        rules.sort_by(|(a, left), (b, right)| {
            (right.severity, right.findings)
                .cmp(&(left.severity, left.findings))
                .then(a.cmp(b))
        });
        for (rule, group) in rules {
            let name = format!("{}[{rule}]:", group.severity);
            let mut parts = vec![format!(
                "{} in {}",
                count(group.findings, "finding", "findings"),
                count(group.files, "file", "files")
            )];
            if group.safe > 0 {
                parts.push(format!("{} fixable", count(group.safe, "", "").trim_end()));
            }
            if group.not_safe > 0 {
                let number = count(group.not_safe, "", "");
                parts.push(format!("{} with --unsafe", number.trim_end()));
            }
            let name = look.paint(Look::of_severity(group.severity), name);
            writeln!(self.out, "{name} {}", parts.join(", "))?;
            if let Some(message) = &group.message {
                let line = look.line(&format!("  {message}"), "  ");
                writeln!(self.out, "{line}")?;
            }
            self.note("why:", &group.why)?;
            if let Some(help) = &group.help {
                self.note("help:", help)?;
            }
            for place in &group.places {
                let head = format!("    {}", place.place);
                let line = match group.message {
                    Some(_) => head.clone(),
                    None => look.line(&format!("{head}  {}", place.message), "      "),
                };
                // Painted after the line is broken, so that the colour takes no room.
                match line.strip_prefix(&head) {
                    Some(rest) => {
                        let head = look.paint(Paint::Strong, &place.place);
                        writeln!(self.out, "    {head}{rest}")?;
                    }
                    None => writeln!(self.out, "{line}")?,
                }
            }
            if group.findings > group.places.len() {
                let more = count(group.findings - group.places.len(), "more", "more");
                writeln!(
                    self.out,
                    "    {}",
                    look.paint(Paint::Faint, format!("… {more}"))
                )?;
            }
            writeln!(self.out)?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::super::{Concise, Full};
    use super::*;
    use crate::finding::Finding;
    use crate::source::Span;

    /// Findings whose messages differ, on lines that are long, in CJK, in emoji and with tabs.
    fn report() -> FileReport {
        let lines = [
            "标题：很长的一行。".repeat(40),
            "👨‍👩‍👧 e\u{301} 🇩🇪 ".repeat(30),
            "\ta\tb\t".repeat(30),
            "שלום عربي ".repeat(20),
        ];
        let mut report = FileReport {
            path: "文章/一 篇.md".into(),
            ..FileReport::default()
        };
        for number in 0..40 {
            let line = &lines[number % lines.len()];
            let start = report.bytes.len() + line.len() / 2;
            let start = (0..=start).rev();
            let text = format!("{}{line}\r\n", String::from_utf8_lossy(&report.bytes));
            let start = start.into_iter().find(|at| text.is_char_boundary(*at));
            let start = start.unwrap_or_default();
            report.bytes = text.into_bytes();
            report.findings.push(Finding {
                rule: "a-rule-with-a-name".into(),
                group: "ads".into(),
                severity: Severity::Warning,
                span: Span::new(start, start),
                message: format!(
                    "第 {number} 处：`{}` 不在这里，{}",
                    "很长".repeat(18),
                    "等".repeat(50)
                ),
                why: "Because it is said at some length why this matters, 用中文也说一遍。"
                    .repeat(3)
                    .into(),
                help: format!("Number {number}: {}", "do it in another way, ".repeat(8)).into(),
                labels: Vec::new(),
                fix: None,
                withheld: None,
            });
        }
        report
    }

    #[test]
    fn nothing_is_wider_than_the_screen() {
        let report = report();
        for width in [80, 120] {
            let mut plain = Vec::new();
            for color in [false, true] {
                let look = Look {
                    color,
                    width,
                    screen: true,
                };
                let mut out = Vec::new();
                for format in ["full", "concise", "grouped"] {
                    let mut own = Vec::new();
                    let mut sink: Box<dyn Sink + '_> = match format {
                        "full" => Box::new(Full::new(&mut own, look, false)),
                        "concise" => Box::new(Concise::new(&mut own, look)),
                        _ => Box::new(Grouped::new(&mut own, look, true)),
                    };
                    sink.file(&report).unwrap();
                    sink.finish(&Totals::default()).unwrap();
                    drop(sink);
                    out.extend(own);
                }
                let text = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap());
                let text = text.to_string();
                for line in text.lines() {
                    assert!(line.width() <= width, "{width}: {} {line}", line.width());
                    assert_eq!(line, line.trim_end(), "blanks at the end");
                }
                match color {
                    false => plain = text.into_bytes(),
                    true => assert!(out.len() > plain.len() && text.as_bytes() == plain),
                }
            }
        }
    }
}
