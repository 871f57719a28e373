//! `url`: values that have to be URLs, and what does not belong in them.

use rustc_hash::FxHashSet;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::select::{Found, Keys};
use super::support::{dialect, document, is_template_in, trimmed};
use crate::finding::Safety;
use crate::frontmatter::{Scalar, Tree};
use crate::rule::{Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Aspect {
    /// It has to be an absolute URL.
    Absolute,
    /// `https` is wanted.
    Secure,
    /// Blanks and other characters that a URL cannot hold.
    Encoded,
    /// Parameters that only follow the reader.
    Parameters,
}

/// Values that have to be URLs, and what does not belong in them.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The keys whose values are looked at.
    keys: Keys,
    /// What is looked at.
    aspect: Aspect,
    /// Names of parameters; one that ends in `*` stands for all that start so.
    #[serde(default)]
    parameters: Vec<String>,
}

struct Url {
    config: Config,
    names: FxHashSet<String>,
    prefixes: Vec<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let (prefixes, names): (Vec<&String>, Vec<&String>) = config
        .parameters
        .iter()
        .partition(|name| name.ends_with('*'));
    document(Url {
        names: names.into_iter().map(|name| name.to_lowercase()).collect(),
        prefixes: prefixes
            .into_iter()
            .map(|name| name.trim_end_matches('*').to_lowercase())
            .collect(),
        config,
    })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for Url {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        for found in self.config.keys.scalars(tree) {
            let Some(Scalar::String(text)) = found.node.resolve(dialect(context)) else {
                continue;
            };
            if text.trim().is_empty() || is_template_in(tree, text) {
                continue;
            }
            if let Some(report) = self.report(tree, &found, text) {
                reports.push(report);
            }
        }
    }
}

impl Url {
    fn report(&self, tree: &Tree, found: &Found<'_>, text: &str) -> Option<Report> {
        let name = &found.name;
        let report = Report::at(trimmed(found.node.span, found.node));
        let is_web = has_scheme(text, "http") || has_scheme(text, "https");
        match self.config.aspect {
            Aspect::Absolute => fault(text)
                .map(|fault| report.message(format!("`{name}` is no absolute URL: {fault}"))),
            Aspect::Secure => has_scheme(text, "http").then(|| {
                let edit = text.get(4..).map(|rest| format!("https{rest}"));
                self.offer(
                    tree,
                    found,
                    report.message(format!("`{name}` is an http URL")),
                    edit,
                )
            }),
            Aspect::Encoded => {
                let bad: Vec<char> = text.trim().chars().filter(|c| must_escape(*c)).collect();
                let first = *bad.first().filter(|_| is_web)?;
                let shown = if first == ' ' {
                    "a blank".to_owned()
                } else {
                    format!("`{first}`")
                };
                let fixed = escape(text.trim());
                Some(self.offer(
                    tree,
                    found,
                    report.message(format!("`{name}` has {shown} in its URL")),
                    Some(fixed),
                ))
            }
            Aspect::Parameters => {
                let (clean, gone) = self.without_parameters(text)?;
                let gone: Vec<String> = gone.iter().map(|name| format!("`{name}`")).collect();
                Some(self.offer(
                    tree,
                    found,
                    report.message(format!("`{name}` carries {}", gone.join(", "))),
                    Some(clean),
                ))
            }
        }
    }

    fn offer(
        &self,
        tree: &Tree,
        found: &Found<'_>,
        report: Report,
        text: Option<String>,
    ) -> Report {
        let Some(edit) = text.and_then(|text| tree.set_text(found.node, &text, found.in_flow))
        else {
            return report;
        };
        report.propose(Proposal::Edits {
            title: "Correct the URL".to_owned(),
            safety: Safety::Safe,
            edits: vec![edit],
            claim: Claim::Data(vec![found.name.path()]),
        })
    }

    /// The URL without the parameters of the list, the rest in its order and as it is written.
    fn without_parameters(&self, text: &str) -> Option<(String, Vec<String>)> {
        let question = text.find('?')?;
        let (head, rest) = text.split_at(question);
        let (query, fragment) = match rest.find('#') {
            Some(hash) => rest.split_at(hash),
            None => (rest, ""),
        };
        let mut gone = Vec::new();
        let kept: Vec<&str> = query
            .get(1..)?
            .split('&')
            .filter(|part| {
                let name = part.split('=').next().unwrap_or("");
                let lower = name.to_lowercase();
                let out = self.names.contains(&lower)
                    || self
                        .prefixes
                        .iter()
                        .any(|prefix| lower.starts_with(prefix.as_str()));
                if out {
                    gone.push(name.to_owned());
                }
                !out
            })
            .collect();
        if gone.is_empty() {
            return None;
        }
        let query = if kept.is_empty() {
            String::new()
        } else {
            format!("?{}", kept.join("&"))
        };
        Some((format!("{head}{query}{fragment}"), gone))
    }
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        && text
            .get(scheme.len()..)
            .is_some_and(|rest| rest.starts_with("://"))
}

/// What keeps `text` from being an absolute web address.
fn fault(text: &str) -> Option<String> {
    let Some((scheme, rest)) = text.split_once(':') else {
        return Some("it has no scheme such as `https://`".to_owned());
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !is_scheme {
        return Some("it has no scheme such as `https://`".to_owned());
    }
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return (rest.is_empty()).then(|| format!("nothing follows `{scheme}:`"));
    }
    let Some(rest) = rest.strip_prefix("//") else {
        return Some(format!("two slashes have to follow `{scheme}:`"));
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    if host.is_empty() {
        return Some("it has no host".to_owned());
    }
    if host.contains(char::is_whitespace) {
        return Some("there is a blank in its host".to_owned());
    }
    None
}

/// Characters that no URL holds as they are, letters of other scripts aside: browsers and
/// generators encode these by themselves.
fn must_escape(c: char) -> bool {
    matches!(
        c,
        ' ' | '|' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}'
    ) || c.is_control()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if must_escape(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}
