use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeStyles,
};

use super::excerpt::{Excerpt, Mark, excerpt, printable};
use super::look::{Look, Paint, count};
use crate::finding::{Finding, Safety, Severity};
use crate::source::Span;
use crate::workspace::{FileReport, Sink, Totals};

/// Findings for people: message, excerpt, why it matters, what to do.
pub struct Full<W> {
    out: W,
    look: Look,
    show_all: bool,
    styles: ThemeStyles,
}

/// So many findings of one rule in one file are shown; the rest is counted.
const SHOWN: usize = 5;

/// So many line numbers of findings that are not shown are listed.
const LISTED: usize = 8;

impl<W: Write> Full<W> {
    /// Writes to `out`. `show_all` shows every finding, also where a rule has many in a file.
    pub fn new(out: W, look: Look, show_all: bool) -> Self {
        let styles = if look.color {
            ThemeStyles::ansi()
        } else {
            ThemeStyles::none()
        };
        Self {
            out,
            look,
            show_all,
            styles,
        }
    }

    fn finding(&mut self, report: &FileReport, finding: &Finding, first: bool) -> io::Result<()> {
        let marks = marks(report, finding);
        let numbers = marks
            .iter()
            .map(|mark| report.lines().line_of(mark.span.start) + 2)
            .max()
            .unwrap_or(1)
            .to_string()
            .len();
        // Two blanks, the number, and a bar between blanks stand before the text.
        let room = self.look.width.saturating_sub(numbers + 4);
        let shown = Shown {
            finding,
            path: printable(&report.path),
            excerpt: excerpt(&report.bytes, report.lines(), &marks, room),
        };
        self.header(finding)?;
        let mut text = String::new();
        self.handler(&shown)
            .render_report(&mut text, &shown)
            .map_err(|_| io::Error::other("the excerpt cannot be drawn"))?;
        // miette's own first line is the message, which stands above in our words and wrapping.
        for line in text.lines().skip(1) {
            writeln!(self.out, "{}", line.trim_end())?;
        }
        self.notes(finding, first)?;
        writeln!(self.out)
    }

    fn header(&mut self, finding: &Finding) -> io::Result<()> {
        let name = format!("{}[{}]:", finding.severity, finding.rule);
        // The name is painted after the lines are broken, so that its colour takes no room.
        let text = format!("{name} {}", printable(&finding.message));
        let options = self.look.wrapping().subsequent_indent("  ");
        let filled = textwrap::fill(text.trim(), options);
        match filled.strip_prefix(&name) {
            Some(rest) => {
                let paint = Look::of_severity(finding.severity);
                writeln!(self.out, "{}{rest}", self.look.paint(paint, name))
            }
            None => writeln!(self.out, "{filled}"),
        }
    }

    fn handler(&self, shown: &Shown<'_>) -> GraphicalReportHandler {
        let mut theme = GraphicalTheme::unicode();
        theme.styles = self.styles.clone();
        if self.look.color {
            theme.styles.error = theme.styles.error.bold();
            theme.styles.warning = theme.styles.warning.bold();
            theme.styles.advice = theme.styles.advice.bold();
        }
        let main = match shown.finding.severity {
            Severity::Error => theme.styles.error,
            Severity::Warning => theme.styles.warning,
            Severity::Info => theme.styles.advice,
        };
        // miette takes one style after the other for the labels in the order of their places.
        let mut order: Vec<(usize, usize)> = shown
            .excerpt
            .marks
            .iter()
            .enumerate()
            .map(|(number, mark)| (mark.range.start, number))
            .collect();
        order.sort_unstable();
        theme.styles.highlights = order
            .iter()
            .map(|(_, number)| {
                if *number == 0 {
                    main
                } else {
                    theme.styles.help
                }
            })
            .collect();
        GraphicalReportHandler::new_themed(theme)
            .with_width(self.look.width)
            .with_context_lines(1)
            .with_wrap_lines(false)
            .without_cause_chain()
            .with_urls(false)
            .without_syntax_highlighting()
    }

    fn notes(&mut self, finding: &Finding, first: bool) -> io::Result<()> {
        for label in &finding.labels {
            if let Some(path) = &label.path {
                let text = format!("{}: {}", printable(path), printable(&label.message));
                self.note("see", Paint::Term, &text)?;
            }
        }
        if first {
            self.note("why", Paint::Term, &finding.why)?;
        }
        self.note("help", Paint::Term, &finding.help)?;
        if let Some(fix) = &finding.fix {
            let (paint, safety) = match fix.safety {
                Safety::Safe => (Paint::Good, "safe"),
                Safety::Unsafe => (Paint::Warning, "unsafe, only with --unsafe"),
            };
            self.note(
                "fix",
                paint,
                &format!("{} ({safety})", printable(&fix.title)),
            )?;
        } else if let Some(reason) = &finding.withheld {
            self.note(
                "fix",
                Paint::Faint,
                &format!("withheld: {}", printable(reason)),
            )?;
        }
        Ok(())
    }

    fn note(&mut self, term: &str, paint: Paint, text: &str) -> io::Result<()> {
        let indent = " ".repeat(8);
        let options = self
            .look
            .wrapping()
            .initial_indent(&indent)
            .subsequent_indent(&indent);
        let filled = textwrap::fill(text.trim(), options);
        let rest = filled.strip_prefix(&indent).unwrap_or(&filled);
        let head = format!("{term}:");
        writeln!(
            self.out,
            "  {}{rest}",
            self.look.paint(paint, format_args!("{head:<6}"))
        )
    }
}

/// The finding's own place first, then the others in the same file. What spans several lines is
/// underlined in its first.
fn marks(report: &FileReport, finding: &Finding) -> Vec<Mark> {
    let lines = report.lines();
    let mark = |span: Span, message: Option<&str>| {
        let first = lines.line_of(span.start);
        let last = lines.line_of(span.end.saturating_sub(1).max(span.start));
        let until = (last > first).then(|| format!("to line {}", last + 1));
        let message = match (message.map(printable), until) {
            (Some(message), Some(until)) => Some(format!("{message} ({until})")),
            (message, until) => message.or(until),
        };
        Mark { span, message }
    };
    let own = mark(finding.span, None);
    let others = finding
        .labels
        .iter()
        .filter(|label| label.path.is_none())
        .map(|label| mark(label.span, Some(&label.message)));
    std::iter::once(own).chain(others).collect()
}

impl<W: Write> Sink for Full<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let mut seen: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
        let mut hidden: BTreeMap<&Arc<str>, Vec<usize>> = BTreeMap::new();
        let mut last: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
        for (number, finding) in report.findings.iter().enumerate() {
            last.insert(&finding.rule, number);
        }
        for (number, finding) in report.findings.iter().enumerate() {
            let count = seen.entry(&finding.rule).or_default();
            *count += 1;
            // One that would be the only hidden one may as well be shown.
            let is_last = last.get(&finding.rule) == Some(&number);
            let lone = is_last && !hidden.contains_key(&finding.rule);
            if self.show_all || *count <= SHOWN || lone {
                let first = *count == 1;
                self.finding(report, finding, first)?;
            } else {
                let line = report.positions(finding.span).0.line;
                hidden.entry(&finding.rule).or_default().push(line);
            }
        }
        for (rule, lines) in hidden {
            let more = count(lines.len(), "more finding", "more findings");
            let severity = report
                .findings
                .iter()
                .find(|finding| finding.rule == *rule)
                .map_or(Severity::Info, |finding| finding.severity);
            let name = format!("{severity}[{rule}]:");
            let path = printable(&report.path);
            let mut numbers = lines.clone();
            numbers.dedup();
            let mut listed: Vec<String> = numbers
                .iter()
                .take(LISTED)
                .map(ToString::to_string)
                .collect();
            if numbers.len() > LISTED {
                listed.push("…".to_owned());
            }
            let word = if numbers.len() == 1 { "line" } else { "lines" };
            let listed = listed.join(", ");
            let text = format!("{more} in {path}, {word} {listed} (--show-all shows them)");
            let line = self.look.line(&format!("{name} {text}"), "  ");
            // Painted after the line is broken, so that the colour takes no room.
            let rest = line.strip_prefix(&name).unwrap_or(&line);
            let name = self.look.paint(Look::of_severity(severity), name);
            writeln!(self.out, "{name}{rest}\n")?;
        }
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        self.out.flush()
    }
}

/// A finding with its excerpt, as miette wants it.
#[derive(Debug)]
struct Shown<'a> {
    finding: &'a Finding,
    path: String,
    excerpt: Excerpt,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.finding.rule)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let marks = self.excerpt.marks.iter().enumerate();
        Some(Box::new(marks.map(|(number, mark)| {
            let span = SourceSpan::new(mark.range.start.into(), mark.range.len());
            match number {
                0 => LabeledSpan::new_primary_with_span(mark.message.clone(), span),
                _ => LabeledSpan::new_with_span(mark.message.clone(), span),
            }
        })))
    }
}

impl SourceCode for Shown<'_> {
    /// Spans are places in the excerpt; lines and columns are those of the file. Without context
    /// miette asks for the place of a label, with context for what to draw around it.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let group = self
            .excerpt
            .groups
            .iter()
            .find(|group| group.range.start <= start && end < group.range.end)
            .ok_or(MietteError::OutOfBounds)?;
        let data = self
            .excerpt
            .text
            .as_bytes()
            .get(group.range.clone())
            .ok_or(MietteError::OutOfBounds)?;
        let position = self
            .excerpt
            .marks
            .iter()
            .find(|mark| mark.range.start == start && mark.range.len() == span.len())
            .filter(|_| before == 0)
            .map(|mark| mark.position);
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.clone(),
            data,
            SourceSpan::new(group.range.start.into(), group.range.len()),
            position.map_or(group.line, |place| place.line - 1),
            position.map_or(0, |place| place.column - 1),
            group.count,
        )))
    }
}
