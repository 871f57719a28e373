//! The tags in a piece of HTML, one after the other.

use super::flow::is_raw_text;
use super::raw::{find, tag_length};

/// The names of the tags in `html`, in lower case, and whether they are end tags. Comments, and what
/// is text to HTML, hold none.
pub(super) fn tags(html: &str) -> impl Iterator<Item = (String, bool)> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = rest.get(rest.find('<')?..)?;
            if rest.starts_with("<!--") {
                rest = rest.get(4..)?;
                rest = rest.get(rest.find("-->")?..)?;
                continue;
            }
            let Some((name, is_end)) = tag_name(rest) else {
                rest = rest.get(1..)?;
                continue;
            };
            let length = Some(tag_length(rest.as_bytes())).filter(|&length| length > 1)?;
            rest = rest.get(length..)?;
            if !is_end && is_raw_text(&name) {
                rest = rest.get(find(rest.as_bytes(), &format!("</{name}"))?..)?;
            }
            return Some((name, is_end));
        }
    })
}

/// Whether a tag is the first thing in `text`, white space aside.
pub(super) fn starts_with_tag(text: &str) -> bool {
    tag_name(text.trim_start()).is_some()
}

/// The name in the tag that `text` starts with, in lower case, and whether it is an end tag.
fn tag_name(text: &str) -> Option<(String, bool)> {
    let rest = text.strip_prefix('<')?;
    let (rest, is_end) = rest
        .strip_prefix('/')
        .map_or((rest, false), |rest| (rest, true));
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        .then(|| {
            let name = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                .map(|c| c.to_ascii_lowercase())
                .collect();
            (name, is_end)
        })
}
