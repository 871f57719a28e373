use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::attribute;
use crate::finding::Safety;
use crate::html::ElementId;
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

/// `strip-parameters`: parameters go from the query of an address; the order, the separators and
/// the encoding of the others stay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The attribute that holds the address.
    attribute: String,
    /// Names of parameters, lower case.
    parameters: Vec<String>,
    /// How names of parameters start.
    #[serde(default)]
    prefixes: Vec<String>,
}

struct StripParameters {
    attribute: String,
    parameters: FxHashSet<String>,
    prefixes: Vec<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    Ok(Built::Element(Box::new(StripParameters {
        attribute: config.attribute,
        parameters: config.parameters.into_iter().collect(),
        prefixes: config.prefixes,
    })))
}

impl ElementCheck for StripParameters {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let source = document.bytes();
        let Some(value) = document
            .arena()
            .attribute(source, element, &self.attribute)
            .and_then(|attribute| attribute.value)
        else {
            return;
        };
        let edits: Vec<Edit> = gaps(value.slice(source), |name| self.is_wanted(name))
            .into_iter()
            .map(|(start, end)| Edit::delete(Span::new(value.start + start, value.start + end)))
            .collect();
        let (Some(first), Some(last)) = (edits.first(), edits.last()) else {
            return;
        };
        let at = first.span.join(last.span);
        let proposal = match attribute::reason_to_keep(document, element) {
            Some(reason) => Proposal::Withheld(reason.to_owned()),
            None => Proposal::Edits {
                title: "Remove the parameters".to_owned(),
                safety: Safety::Safe,
                edits,
                claim: Claim::Attributes(element),
            },
        };
        reports.push(Report::at(at).propose(proposal));
    }
}

impl StripParameters {
    fn is_wanted(&self, name: &[u8]) -> bool {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        self.parameters.contains(&name)
            || self
                .prefixes
                .iter()
                .any(|prefix| name.starts_with(prefix.as_str()))
    }
}

/// The ways a separator of parameters is written in HTML, the longest first.
const SEPARATORS: [&[u8]; 5] = [b"&#038;", b"&#x26;", b"&#38;", b"&amp;", b"&"];

/// What to take out of `url` so that the parameters that are `wanted` are gone: ranges that do not
/// overlap.
fn gaps(url: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<(usize, usize)> {
    let Some(mark) = memchr::memchr(b'?', url) else {
        return Vec::new();
    };
    // Where the fragment starts; the `#` of `&#038;` starts none.
    let end = (mark + 1..url.len())
        .find(|&at| url.get(at) == Some(&b'#') && url.get(at - 1) != Some(&b'&'))
        .unwrap_or(url.len());
    // Start, end and wantedness of each parameter; what is between two is the separator.
    let mut parts: Vec<(usize, usize, bool)> = Vec::new();
    let mut start = mark + 1;
    let mut at = start;
    while at <= end {
        let rest = url.get(at..end).unwrap_or(&[]);
        let separator = SEPARATORS
            .iter()
            .find(|separator| rest.starts_with(separator))
            .map(|separator| separator.len());
        if at == end || separator.is_some() {
            let part = url.get(start..at).unwrap_or(&[]);
            let name = part.split(|&b| b == b'=').next().unwrap_or(part);
            parts.push((start, at, !name.is_empty() && wanted(name)));
            at += separator.unwrap_or(1);
            start = at;
        } else {
            at += 1;
        }
    }
    if parts.iter().all(|part| part.2) {
        return vec![(mark, end)];
    }
    let mut gaps = Vec::new();
    let mut kept_one = false;
    for (place, &(start, part_end, gone)) in parts.iter().enumerate() {
        if !gone {
            kept_one = true;
            continue;
        }
        let next = parts.get(place + 1).map_or(end, |next| next.0);
        let before = place
            .checked_sub(1)
            .and_then(|before| parts.get(before))
            .map_or(start, |before| before.1);
        // With its separator: the one before it once something stays, the one after it until then.
        gaps.push(if kept_one {
            (before, part_end)
        } else {
            (start, next)
        });
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_utm(url: &str) -> String {
        let mut out = url.to_owned();
        for (start, end) in gaps(url.as_bytes(), |name| name.starts_with(b"utm_"))
            .into_iter()
            .rev()
        {
            out.replace_range(start..end, "");
        }
        out
    }

    #[test]
    fn the_other_parameters_stay_as_they_are() {
        for (before, after) in [
            ("/a?utm_source=x", "/a"),
            ("/a?utm_source=x#f", "/a#f"),
            ("/a?b=%20+1&amp;utm_source=x&amp;c", "/a?b=%20+1&amp;c"),
            ("/a?utm_source=x&#038;utm_medium=y&#038;b=1", "/a?b=1"),
            ("/a?b=1&utm_source=x&utm_medium=y", "/a?b=1"),
            (
                "/a?utm_source=x&b=1&utm_medium=y&c=2#utm_z",
                "/a?b=1&c=2#utm_z",
            ),
            ("/a?b=utm_source", "/a?b=utm_source"),
            ("/utm_a=1", "/utm_a=1"),
            ("?", "?"),
            ("/a?b&&utm_x", "/a?b&"),
        ] {
            assert_eq!(without_utm(before), after, "{before}");
        }
    }
}
