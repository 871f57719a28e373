//! `match-link`: a URL that has to be that of the heading link which opens the body.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::pattern::Pattern;
use super::support::{document, head_of_body, is_template_value, pattern, place};
use crate::rule::{Built, Context, DocumentCheck, OptionError, Options, Report};
use crate::source::Span;

/// A URL that has to be that of the heading link which opens the body.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// A top-level key with a URL.
    key: String,
    /// A regular expression over the head of the body; the first of its groups that takes part is
    /// the URL.
    pattern: String,
}

struct MatchLink {
    config: Config,
    pattern: Pattern,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    document(MatchLink {
        pattern: pattern(options, "pattern", &config.pattern)?,
        config,
    })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

/// How much of the body is the head of it, in bytes.
const HEAD: usize = 8192;

impl DocumentCheck for MatchLink {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let front_matter = context.document.front_matter();
        let (Some(tree), Some(block), Some(text)) = (
            front_matter.tree(),
            front_matter.block(),
            context.document.text(),
        ) else {
            return;
        };
        let key = self.config.key.as_str();
        let Some(entry) = tree.entry(key) else { return };
        let Some(url) = entry.value.text().filter(|url| url.contains("://")) else {
            return;
        };
        let (start, head) = head_of_body(text, block, HEAD);
        let found = self.pattern.captures(head);
        let Some(link) = found.and_then(|found| found.iter().skip(1).flatten().next()) else {
            return;
        };
        if !link.as_str().contains("://")
            || is_template_value(tree, &entry.value)
            || identity(url) == identity(link.as_str())
        {
            return;
        }
        let span = Span::new(start + link.start(), start + link.end());
        reports.push(
            Report::at(place(entry))
                .message(format!(
                    "`{key}` is not the URL that the body's heading links to"
                ))
                .label(span, "the heading links here"),
        );
    }
}

/// The parts of a URL that tell one page from another: no scheme, no `www.`, no fragment, no
/// closing slash, and no difference between `%E4` and the character it stands for.
fn identity(url: &str) -> String {
    let url = url.trim().replace("&amp;", "&");
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or("");
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    format!("{host}{}", decoded(path).trim_end_matches('/'))
}

/// `text` with its percent escapes undone, byte for byte.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = (byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(hex.unwrap_or(byte));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::identity;

    #[test]
    fn spellings_of_one_page_are_one() {
        let page = identity("https://www.Example.com/a/%E4%B8%AD?x=1&amp;y=2#top");
        assert_eq!(page, identity("http://example.com/a/中?x=1&y=2"));
        assert_eq!(identity("https://a.com/"), identity("https://a.com"));
        assert_ne!(page, identity("https://example.com/a/中?x=1&y=3"));
        assert_ne!(identity("https://a.com/B"), identity("https://a.com/b"));
    }
}
