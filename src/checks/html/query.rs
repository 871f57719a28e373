//! The parameters in the query of an address, by their places: nothing is decoded and written anew.

/// One parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parameter<'a> {
    /// What stands before the `=`, or all of it.
    pub(super) name: &'a [u8],
    /// What stands after the `=`.
    pub(super) value: &'a [u8],
}

/// Where the query of `url` starts (at its `?`) and ends, in bytes, if it has one.
pub(super) fn query(url: &[u8]) -> Option<(usize, usize)> {
    let mark = memchr::memchr(b'?', url)?;
    // The `#` of `&#038;` starts no fragment.
    let end = (mark + 1..url.len())
        .find(|&at| url.get(at) == Some(&b'#') && url.get(at - 1) != Some(&b'&'))
        .unwrap_or(url.len());
    Some((mark, end))
}

/// The ways a separator of parameters is written in HTML, the longest first.
const SEPARATORS: [&[u8]; 5] = [b"&#038;", b"&#x26;", b"&#38;", b"&amp;", b"&"];

/// What to take out of `url` so that the parameters that are `wanted` are gone: ranges that do not
/// overlap. One of `broken` right after such a parameter is what a program left of a separator, and
/// goes with it.
pub(super) fn gaps(
    url: &[u8],
    broken: &[String],
    wanted: impl Fn(Parameter<'_>) -> bool,
) -> Vec<(usize, usize)> {
    let Some((mark, end)) = query(url) else {
        return Vec::new();
    };
    let mut end = end;
    // Start, end and wantedness of each parameter; what is between two is the separator.
    let mut parts: Vec<(usize, usize, bool)> = Vec::new();
    let mut start = mark + 1;
    let mut at = start;
    while at <= end {
        let rest = url.get(at..end).unwrap_or(&[]);
        let separator = SEPARATORS
            .iter()
            .find(|separator| rest.starts_with(separator))
            .map(|separator| separator.len())
            .filter(|&length| length > 1 || !is_reference(rest));
        if at < end && separator.is_none() {
            at += 1;
            continue;
        }
        let part = parameter(url.get(start..at).unwrap_or(&[]));
        let gone = !part.name.is_empty() && wanted(part);
        parts.push((start, at, gone));
        let mut step = separator.unwrap_or(1);
        if gone && at == end {
            let after = url.get(end..).unwrap_or(&[]);
            let found = broken
                .iter()
                .find(|text| after.starts_with(text.as_bytes()));
            if let Some(text) = found {
                // The query goes on after it.
                step = text.len();
                end = (end + step..url.len())
                    .find(|&at| url.get(at) == Some(&b'#'))
                    .unwrap_or(url.len());
            }
        }
        at += step;
        start = at;
    }
    if parts.iter().all(|part| part.2) {
        return vec![(mark, end)];
    }
    // Of the separators between two that stay, the first one stays: it follows no parameter that
    // goes, so no program has broken it.
    let mut gaps = Vec::new();
    let mut gap: Option<usize> = None;
    let mut last_kept: Option<usize> = None;
    for &(start, part_end, gone) in &parts {
        if gone {
            gap.get_or_insert(start);
        } else {
            gaps.extend(gap.take().map(|from| (from, start)));
            last_kept = Some(part_end);
        }
    }
    if gap.is_some() {
        gaps.extend(last_kept.map(|from| (from, end)));
    }
    gaps
}

/// Whether `text` starts with a character reference: its `&` separates nothing.
fn is_reference(text: &[u8]) -> bool {
    let rest = text.get(1..).unwrap_or(&[]);
    let name = rest.strip_prefix(b"#").unwrap_or(rest);
    let length = name
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    length > 0 && name.get(length) == Some(&b';')
}

fn parameter(part: &[u8]) -> Parameter<'_> {
    match memchr::memchr(b'=', part) {
        Some(at) => Parameter {
            name: part.get(..at).unwrap_or(part),
            value: part.get(at + 1..).unwrap_or(&[]),
        },
        None => Parameter {
            name: part,
            value: &[],
        },
    }
}

/// `url` without the parameters that are `wanted`.
pub(super) fn without(
    url: &str,
    broken: &[String],
    wanted: impl Fn(Parameter<'_>) -> bool,
) -> String {
    let mut out = url.to_owned();
    for (start, end) in gaps(url.as_bytes(), broken, wanted).into_iter().rev() {
        out.replace_range(start..end, "");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("/图?utm_x=文&b=字", "/图?b=字"),
            ("/a?utm_x=&quot;b+c&quot;&amp;d=7", "/a?d=7"),
            ("/a?b=&#39;c&#x27;&utm_x=&rdquo;文#f", "/a?b=&#39;c&#x27;#f"),
        ] {
            let utm = |parameter: Parameter<'_>| parameter.name.starts_with(b"utm_");
            assert_eq!(without(before, &[], utm), after, "{before}");
        }
    }

    #[test]
    fn what_a_program_left_of_a_separator_goes_too() {
        for (before, after) in [
            ("/a?w=1&amp;x=1#038;ssl=1", "/a?w=1&amp;ssl=1"),
            ("/a?x=1#038;ssl=1#top", "/a?ssl=1#top"),
            ("/a?w=1&x=1#038", "/a?w=1#038"),
            ("/a?w=1#038;ssl=1", "/a?w=1#038;ssl=1"),
            ("/a?x=1#038;", "/a?"),
            ("/a?x=1#038;x=2", "/a"),
        ] {
            let broken = ["#038;".to_owned()];
            let x = |parameter: Parameter<'_>| parameter.name == b"x";
            assert_eq!(without(before, &broken, x), after, "{before}");
        }
    }
}
