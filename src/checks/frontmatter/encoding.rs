//! `encoding`: how the bytes of the file can be read.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::support::document;
use crate::finding::Safety;
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Encoding as Detected, Span};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    NotUtf8,
    #[serde(rename = "utf-16")]
    Utf16,
    NulByte,
    ByteOrderMark,
}

/// How the bytes of the file can be read.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// What this rule speaks of.
    kind: Kind,
}

struct Encoding(Config);

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    document(Encoding(options.parse()?))
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

impl DocumentCheck for Encoding {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let document = context.document;
        let bytes = document.bytes();
        match (self.0.kind, document.encoding()) {
            (
                Kind::NotUtf8,
                Detected::Other {
                    first_invalid,
                    invalid_runs,
                    guess,
                },
            ) => {
                let place = Span::new(first_invalid, (first_invalid + 1).min(bytes.len()));
                let byte = bytes.get(first_invalid).copied().unwrap_or(0);
                let times = if invalid_runs > 1 {
                    format!(", the first of {invalid_runs} such places")
                } else {
                    String::new()
                };
                let report =
                    Report::at(place).message(format!("byte 0x{byte:02X} is not UTF-8{times}"));
                reports.push(match guess {
                    Some(guess) => report.help(format!(
                        "The file looks like {guess}. Save it as UTF-8 in your editor, and look at a few lines afterwards."
                    )),
                    None => report.help(
                        "The file is UTF-8 but for this place: retype what is damaged here.",
                    ),
                });
            }
            (Kind::Utf16, Detected::Utf16(name)) => {
                reports.push(
                    Report::at(Span::new(0, 2.min(bytes.len())))
                        .message(format!("the file is {name}, not UTF-8")),
                );
            }
            (Kind::NulByte, Detected::Utf8 | Detected::Other { .. }) => {
                let told: Vec<Span> = document
                    .front_matter()
                    .problems()
                    .iter()
                    .map(|problem| problem.span)
                    .collect();
                let mut nuls = memchr::memchr_iter(0, bytes)
                    .filter(|at| !told.iter().any(|span| span.contains(*at)));
                if let Some(first) = nuls.next() {
                    let more = nuls.count();
                    let message = match more {
                        0 => "a NUL byte stands in the text".to_owned(),
                        more => format!("{} NUL bytes stand in the text, the first here", more + 1),
                    };
                    reports.push(Report::at(Span::new(first, first + 1)).message(message));
                }
            }
            (Kind::ByteOrderMark, Detected::Utf8)
                // Before HTML without front matter the mark says how to read the file.
                if bytes.starts_with(BOM) && document.front_matter().block().is_some() => {
                    let span = Span::new(0, BOM.len());
                    let report = Report::at(span).message("a byte order mark stands before the front matter");
                    reports.push(report.propose(Proposal::Edits {
                        title: "Delete the byte order mark".to_owned(),
                        safety: Safety::Safe,
                        edits: vec![Edit::delete(span)],
                        claim: Claim::Layout,
                    }));
                }
            _ => {}
        }
    }
}
