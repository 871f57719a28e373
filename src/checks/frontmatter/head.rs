//! `head`: front matter that is not where, or not between what, a site generator looks for it.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::finding::Safety;
use crate::frontmatter::{Block, FrontMatter, looks_like_key, read};
use crate::rule::{
    Built, Claim, Context, DocumentCheck, OptionError, Options, Preset, Proposal, Report,
};
use crate::source::{Edit, Span, line_ending_at};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// Blank lines or a comment stand before it.
    NotFirst,
    /// Its delimiters have too many dashes, or blanks between them.
    Delimiter,
    /// A second block follows.
    Second,
}

/// Front matter that is not where, or not between what, a site generator looks for it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// What is looked for.
    kind: Kind,
    /// Keys that front matter has and text has not, besides those of the preset.
    #[serde(default)]
    known: Vec<String>,
    /// What the words behind the fence of a code block stand for: the delimiter of front matter
    /// in that language.
    #[serde(default)]
    fences: BTreeMap<String, String>,
}

struct Head(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Head(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Head {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let document = context.document;
        let Some(text) = document.text() else { return };
        let start = document.body().start;
        match (self.0.kind, document.front_matter()) {
            (Kind::NotFirst, FrontMatter::Absent) => {
                reports.extend(self.not_first(text, start, context.preset));
            }
            (Kind::Delimiter, FrontMatter::Absent) => reports.extend(
                lone_returns(text, start)
                    .or_else(|| invisible(text, start))
                    .or_else(|| self.fence(text, start, context.preset))
                    .or_else(|| delimiter(text, start))
                    .or_else(|| self.beside(text, start, context.preset))
                    .or_else(|| self.without_opener(text, start, context.preset)),
            ),
            (Kind::Second, FrontMatter::Parsed { block, .. })
                if dots_inside(text, block).is_some() =>
            {
                reports.extend(dots_inside(text, block));
            }
            (Kind::Second, FrontMatter::Parsed { block, .. })
                if self.is_empty_first(text, block, context.preset) =>
            {
                reports.push(
                    Report::at(block.closer.unwrap_or(block.opener))
                        .message("this line ends the front matter before its keys, which are text")
                        .label(block.opener, "it starts here")
                        .help("Delete one of the two lines."),
                );
            }
            (Kind::Second, FrontMatter::Parsed { block, .. }) => {
                let rest = text.get(start..).unwrap_or("");
                let lead = rest.len() - rest.trim_start_matches(['\r', '\n', ' ', '\t']).len();
                let at = start + lead;
                if has_block(text, at) && block.closer.is_some() {
                    let line = rest
                        .get(lead..)
                        .and_then(|rest| rest.lines().next())
                        .unwrap_or("");
                    reports.push(
                        Report::at(Span::new(at, at + line.trim_end().len()))
                            .message("a second block of front matter follows the first")
                            .label(block.opener, "the first one starts here"),
                    );
                }
            }
            _ => {}
        }
    }
}

/// Whether a block with keys that parses starts at `at`.
fn has_block(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("");
    (rest.starts_with("---") || rest.starts_with("+++"))
        && read(rest)
            .tree()
            .is_some_and(|tree| !tree.root().entries().is_empty())
}

impl Head {
    /// Whether the block that starts at `at` is front matter beyond doubt: two keys, and one of them
    /// known to the site generator. `None` where it may as well be text between two thematic breaks.
    fn evidence(&self, text: &str, at: usize, preset: &Preset) -> Option<bool> {
        let front_matter = read(text.get(at..)?);
        let entries = front_matter.tree()?.root().entries();
        let known = entries.iter().any(|entry| {
            let name = entry.name();
            preset.keys.contains_key(name) || self.0.known.iter().any(|key| key == name)
        });
        (known || entries.len() > 1).then_some(known && entries.len() > 1)
    }

    /// `---` twice before the keys: an empty block, and front matter beyond doubt from its end on.
    fn is_empty_first(&self, text: &str, block: &Block, preset: &Preset) -> bool {
        block.content.text(text).trim().is_empty()
            && block
                .closer
                .is_some_and(|closer| self.evidence(text, closer.start, preset) == Some(true))
    }

    /// A delimiter that is indented, has a sign too few or too many, or has the first key beside
    /// it.
    fn beside(&self, text: &str, start: usize, preset: &Preset) -> Option<Report> {
        let rest = text.get(start..)?;
        let line = rest.lines().next()?.trim_end();
        let bare = line.trim_start();
        let after = rest.get(line.len()..)?;
        let is_block = |block: &str| self.evidence(block, 0, preset) == Some(true);
        let opener = Span::new(start, start + line.len());
        let report = |message: String, edits| {
            Report::at(opener)
                .message(message)
                .propose(Proposal::Edits {
                    title: "Write the delimiter alone on the line".to_owned(),
                    safety: Safety::Unsafe,
                    edits,
                    claim: Claim::Syntax,
                })
        };
        if bare.len() < line.len() && matches!(bare, "---" | "+++") {
            return is_block(&format!("{bare}{after}")).then(|| {
                report(
                    format!("this `{bare}` is indented, so that it opens no front matter"),
                    vec![Edit::replace(opener, bare)],
                )
            });
        }
        if let Some(tail) = line.strip_prefix("---").filter(|tail| !tail.is_empty()) {
            let key = tail.trim_start();
            let eol = line_ending_at(text.as_bytes(), start).as_str();
            return (looks_like_key(key) && is_block(&format!("---\n{key}{after}"))).then(|| {
                report(
                    "a key stands beside this `---`, so that it opens no front matter".to_owned(),
                    vec![Edit::replace(
                        Span::new(start + 3, start + line.len() - key.len()),
                        eol,
                    )],
                )
            });
        }
        let pluses = |line: &str| line.len() > 1 && line.bytes().all(|byte| byte == b'+');
        if pluses(line) && line != "+++" {
            let mut at = start + line.len();
            let closer = after.split_inclusive('\n').find_map(|line| {
                let span = Span::new(at, at + line.trim_end().len());
                at += line.len();
                pluses(line.trim_end()).then_some(span)
            })?;
            let content = text.get(opener.end..closer.start)?;
            return is_block(&format!("+++{content}+++\n")).then(|| {
                report(
                    format!("`{line}` does not open front matter; `+++` does"),
                    vec![Edit::replace(opener, "+++"), Edit::replace(closer, "+++")],
                )
            });
        }
        None
    }

    /// Keys from the first line on and a `---` after them, which nothing opens.
    fn without_opener(&self, text: &str, start: usize, preset: &Preset) -> Option<Report> {
        let rest = text.get(start..)?;
        let first = rest.lines().next()?.trim_end();
        let name = first.split(':').next()?;
        let known = preset.keys.contains_key(name) || self.0.known.iter().any(|key| key == name);
        if !known || !looks_like_key(first) || !is_run_of_keys(rest) {
            return None;
        }
        let block = format!("---\n{rest}");
        let eol = line_ending_at(text.as_bytes(), start).as_str();
        (self.evidence(&block, 0, preset) == Some(true)).then(|| {
            Report::at(Span::new(start, start + first.len()))
                .message("front matter starts here, and no `---` opens it")
                .propose(Proposal::Edits {
                    title: "Write `---` before it".to_owned(),
                    safety: Safety::Unsafe,
                    edits: vec![Edit::insert(start, format!("---{eol}"))],
                    claim: Claim::Syntax,
                })
        })
    }

    fn not_first(&self, text: &str, start: usize, preset: &Preset) -> Option<Report> {
        let rest = text.get(start..)?;
        let mut lead = rest.len() - rest.trim_start().len();
        let mut only_blank = true;
        while let Some(comment) = rest.get(lead..).filter(|rest| rest.starts_with("<!--")) {
            only_blank = false;
            lead += comment.find("-->")? + 3;
            let after = rest.get(lead..)?;
            lead += after.len() - after.trim_start().len();
        }
        // A `---` behind blanks on its own line is no delimiter.
        let at = start + lead;
        let margin = text.get(..at)?.ends_with('\n');
        if lead == 0 || !margin || !has_block(text, at) {
            return None;
        }
        let certain = self.evidence(text, at, preset)?;
        let line = text.get(at..)?.lines().next()?;
        let report = Report::at(Span::new(at, at + line.trim_end().len()));
        Some(if only_blank && !certain {
            report
                .message("blank lines stand before what looks like front matter")
                .propose(Proposal::Withheld(
                    "it may be text between two thematic breaks".to_owned(),
                ))
        } else if only_blank {
            report
                .message("blank lines stand before the front matter")
                .propose(Proposal::Edits {
                    title: "Delete the blank lines".to_owned(),
                    safety: Safety::Safe,
                    edits: vec![Edit::delete(Span::new(start, at))],
                    claim: Claim::Syntax,
                })
        } else {
            report
                .message("a comment stands before the front matter")
                .propose(Proposal::Withheld(
                    "only you know where the comment belongs".to_owned(),
                ))
        })
    }
}

/// Whether no line up to the first `---` is blank, and there is such a line.
fn is_run_of_keys(rest: &str) -> bool {
    rest.lines()
        .map(str::trim_end)
        .find(|line| line.is_empty() || *line == "---")
        == Some("---")
}

/// `...` in the midst of the keys: it ends the front matter, and the keys after it are text.
fn dots_inside(text: &str, block: &Block) -> Option<Report> {
    let closer = block
        .closer
        .filter(|closer| closer.text(text).trim_end() == "...")?;
    let rest = text.get(block.body_start..)?;
    let next = rest.lines().next().filter(|line| looks_like_key(line))?;
    let end = rest
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .any(|line| line.trim_end() == "---");
    end.then(|| {
        Report::at(closer)
            .message("this `...` ends the front matter, and the keys after it are text")
            .label(
                Span::new(block.body_start, block.body_start + next.len()),
                "this is text",
            )
            .help("Delete the line.")
    })
}

/// A file whose lines end with a carriage return only.
fn lone_returns(text: &str, start: usize) -> Option<Report> {
    let rest = text.get(start..)?;
    let after = rest
        .strip_prefix("---")
        .or_else(|| rest.strip_prefix("+++"))?;
    let odd = after.starts_with('\r') && !after.starts_with("\r\n") && after.contains(':');
    odd.then(|| {
        Report::at(Span::new(start, start + 3))
            .message("the lines end with a carriage return only, so no tool sees this as a line")
            .help("Save the file with the line ends of Unix (LF) or Windows (CRLF).")
    })
}

/// A delimiter beside characters that nobody sees.
fn invisible(text: &str, start: usize) -> Option<Report> {
    let rest = text.get(start..)?;
    let line = rest.lines().next()?.trim_end_matches('\r');
    let unseen = |c: char| {
        (c.is_whitespace() && !c.is_ascii())
            || matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
            )
    };
    let bare = line.trim_matches(|c: char| unseen(c) || c == ' ');
    let odd = line.chars().find(|c| unseen(*c))?;
    if !matches!(bare, "---" | "+++") {
        return None;
    }
    let span = Span::new(start, start + line.len());
    let repaired = format!("{bare}{}", rest.get(line.len()..)?);
    has_block(&repaired, 0).then(|| {
        Report::at(span)
            .message(format!(
                "U+{:04X}, which nobody sees, stands beside this `{bare}`, so it opens no front matter",
                u32::from(odd)
            ))
            .propose(Proposal::Edits {
                title: format!("Write `{bare}`"),
                safety: Safety::Safe,
                edits: vec![Edit::replace(span, bare)],
                claim: Claim::Syntax,
            })
    })
}

impl Head {
    /// Front matter between the fences of a code block.
    fn fence(&self, text: &str, start: usize, preset: &Preset) -> Option<Report> {
        let rest = text.get(start..)?;
        let first = rest.lines().next()?.trim_end();
        let sign = self.0.fences.get(first.strip_prefix("```")?.trim())?;
        let mut at = start + rest.find('\n')? + 1;
        let inner = at;
        let closer = text.get(at..)?.split_inclusive('\n').find_map(|line| {
            let span = Span::new(at, at + line.trim_end().len());
            at += line.len();
            (line.trim_end() == "```").then_some(span)
        })?;
        let content = text.get(inner..closer.start)?;
        let block = format!("{sign}\n{content}{sign}\n");
        if !self.evidence(&block, 0, preset)? {
            return None;
        }
        let opener = Span::new(start, start + first.len());
        Some(
            Report::at(opener)
                .message(format!(
                    "this fence opens a code block; `{sign}` opens front matter"
                ))
                .propose(Proposal::Edits {
                    title: format!("Write `{sign}`"),
                    safety: Safety::Unsafe,
                    edits: vec![
                        Edit::replace(opener, sign.as_str()),
                        Edit::replace(closer, sign.as_str()),
                    ],
                    claim: Claim::Syntax,
                }),
        )
    }
}

fn delimiter(text: &str, start: usize) -> Option<Report> {
    let rest = text.get(start..)?;
    let is_dashes = |line: &str| {
        let line = line.trim_end();
        let dashes = line
            .chars()
            .filter(|c| matches!(c, '-' | '–' | '—'))
            .count();
        let blanks = line.chars().filter(|c| *c == ' ').count();
        dashes + blanks == line.chars().count()
            && (dashes >= 2 || line.contains('—'))
            && line != "---"
            && line.starts_with(['-', '–', '—'])
    };
    let mut at = start;
    let mut lines = Vec::new();
    for line in rest.split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        lines.push((Span::new(at, at + content.len()), content));
        at += line.len();
        if lines.len() > 200 {
            break;
        }
    }
    let ((opener, first), inner) = lines.split_first()?;
    let closer = inner
        .iter()
        .position(|(_, line)| is_dashes(line) || line.trim_end() == "---")?;
    let keys = inner.get(..closer)?;
    if !is_dashes(first) || keys.is_empty() || !looks_like_key(keys.first()?.1) {
        return None;
    }
    let (closer, last) = inner.get(closer)?;
    let mut edits = vec![Edit::replace(*opener, "---")];
    if last.trim_end() != "---" {
        edits.push(Edit::replace(*closer, "---"));
    }
    Some(
        Report::at(*opener)
            .message(format!(
                "`{}` does not open front matter; `---` does",
                first.trim_end()
            ))
            .propose(Proposal::Edits {
                title: "Write `---`".to_owned(),
                safety: Safety::Unsafe,
                edits,
                claim: Claim::Syntax,
            }),
    )
}
