//! URLs as they stand in attributes: compared, never rewritten.

use std::borrow::Cow;

/// Whether two attribute values (character references decoded) are the same URL. The scheme may be
/// left out on one side, `http` and `https` are the same place, and white space around does not
/// count; everything else is compared as it stands.
pub fn same_url(a: &str, b: &str) -> bool {
    normal(a) == normal(b)
}

/// As [`same_url`], with what follows `?` or `#` left out of account on both sides.
pub fn same_url_but_query(a: &str, b: &str) -> bool {
    let (a, b) = (url_without_query(a), url_without_query(b));
    !a.is_empty() && a == b
}

/// What [`same_url_but_query`] compares of a URL.
pub fn url_without_query(url: &str) -> Cow<'_, str> {
    let end = |url: &str| url.find(['?', '#']).unwrap_or(url.len());
    match normal(url) {
        Cow::Borrowed(url) => Cow::Borrowed(url.get(..end(url)).unwrap_or(url)),
        Cow::Owned(mut url) => {
            url.truncate(end(&url));
            Cow::Owned(url)
        }
    }
}

fn normal(url: &str) -> Cow<'_, str> {
    let url = url.trim_matches(|c: char| c.is_ascii_whitespace() || c.is_ascii_control());
    let url = strip_prefix_ignoring_case(url, "https:")
        .or_else(|| strip_prefix_ignoring_case(url, "http:"))
        .unwrap_or(url);
    // A reference decoded once too often, or once too seldom, names the same resource.
    if url.contains("&amp;") || url.contains("&#038;") {
        Cow::Owned(url.replace("&amp;", "&").replace("&#038;", "&"))
    } else {
        Cow::Borrowed(url)
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| text.get(prefix.len()..))
        .flatten()
}

/// The lower-case host of a URL with a host, the scheme given or left out (`//host/path`).
pub fn host(url: &str) -> Option<String> {
    let url = normal(url);
    let rest = url.strip_prefix("//")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_end_matches('.');
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Whether the URL means the same wherever it stands: it has a host, or starts at the root.
pub fn is_absolute_or_rooted(url: &str) -> bool {
    let url = url.trim();
    url.starts_with('/')
        || strip_prefix_ignoring_case(url, "https://").is_some_and(|rest| !rest.is_empty())
        || strip_prefix_ignoring_case(url, "http://").is_some_and(|rest| !rest.is_empty())
}

/// Whether `value` can be the address of a file: one word without the characters of JSON, templates
/// and markup, that has a host, a path or a file's ending. A template of addresses (`a.jpg?w=%d`) is
/// none.
pub fn looks_like_url(value: &str) -> bool {
    let value = value.trim();
    if value.is_empty()
        || value.len() > 8192
        || value
            .contains(|c: char| c.is_whitespace() || c.is_control() || "{}<>\"`|\\^[]".contains(c))
    {
        return false;
    }
    if is_template(value) {
        return false;
    }
    if is_absolute_or_rooted(value) {
        return true;
    }
    // `mailto:`, `blob:`, `javascript:` and the like are no files.
    let head = value.split(['/', '?', '#']).next().unwrap_or(value);
    if head.contains(':') {
        return false;
    }
    let path = value.split(['?', '#']).next().unwrap_or(value);
    path.contains('/')
        || path.rsplit_once('.').is_some_and(|(stem, ending)| {
            !stem.is_empty()
                && (2..=5).contains(&ending.len())
                && ending.bytes().all(|b| b.is_ascii_alphanumeric())
                && ending.bytes().any(|b| b.is_ascii_alphabetic())
        })
}

/// Whether a program has to fill something in before `url` is an address: `/:width/`, `%d`,
/// `%7Bwidth%7D`.
fn is_template(url: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    let bytes = url.as_bytes();
    let to_fill_in = memchr::memchr_iter(b'%', bytes).any(|at| {
        let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        match bytes.get(at + 1) {
            Some(b's') => true,
            Some(b'd') => !hex(at + 2),
            Some(b'7') => {
                bytes.get(at + 2).is_some_and(|b| matches!(b, b'B' | b'b'))
                    && url
                        .get(at + 3..)
                        .and_then(|rest| rest.split_once('%'))
                        .is_some_and(|(word, rest)| {
                            is_word(word)
                                && rest
                                    .get(..2)
                                    .is_some_and(|end| end.eq_ignore_ascii_case("7d"))
                        })
            }
            _ => false,
        }
    });
    let path = url.split(['?', '#']).next().unwrap_or(url);
    to_fill_in
        || path.split('/').any(|part| {
            part.strip_prefix(':').is_some_and(|name| {
                is_word(name) && name.starts_with(|c: char| c.is_ascii_alphabetic())
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_and_references_make_no_difference() {
        assert!(same_url("https://a.b/c?x=1&y=2", "//a.b/c?x=1&amp;y=2"));
        assert!(!same_url("https://a.b/c?x=1", "https://a.b/c?x=2"));
        assert!(same_url_but_query("https://a.b/c?x=1", "http://a.b/c#f"));
        assert!(!same_url_but_query("?a", "?b"));
    }

    #[test]
    fn hosts() {
        assert_eq!(
            host("HTTPS://Ads.Example.com:80/x").as_deref(),
            Some("ads.example.com")
        );
        assert_eq!(
            host("//cdn.example.com").as_deref(),
            Some("cdn.example.com")
        );
        assert_eq!(host("/a//example.com"), None);
    }

    #[test]
    fn json_and_words_are_no_urls() {
        for url in [
            "a.jpg",
            "img/a",
            "/a",
            "//cdn/x.png",
            "https://a.b/文.jpg",
            "../a.png?x=1",
            "/a%20b/%da%E5.jpg?r=16:9",
            "https://a.b:80/c:d/16:9/a.jpg",
        ] {
            assert!(looks_like_url(url), "{url}");
        }
        for word in [
            "",
            "true",
            "1.5",
            "{\"src\":\"a.jpg\"}",
            "a.jpg 1x",
            "javascript:a/b",
            "lazy",
            "https://",
            "https://a.b/:width/a.jpg",
            "/a.jpg?w=%d",
            "/a-%dx%d.jpg",
            "/%7bwidth%7D/a.jpg",
        ] {
            assert!(!looks_like_url(word), "{word}");
        }
    }
}
