//! Addresses by where they lead: a host and how the path starts.

use crate::html;

/// Whether `url` leads to `place`: a host, which stands for its subdomains and may end in `*` for
/// every host that starts so, and after its `/` how the path and the query start. What only holds
/// such an address, in its path or its query, leads somewhere else.
pub(super) fn leads_to(url: &str, place: &str) -> bool {
    let (wanted, start) = place.split_once('/').unwrap_or((place, ""));
    let Some(host) = html::host(url) else {
        return false;
    };
    let at_host = match wanted.strip_suffix('*') {
        Some(wanted) => host.starts_with(wanted),
        None => host
            .strip_suffix(wanted)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
    };
    let path = without_scheme(url)
        .split_once('/')
        .map_or("", |(_, path)| path);
    at_host && path.starts_with(start)
}

/// Whether `url`, its scheme and a `www.` left out unless the place has a scheme, starts with one of
/// `places`, in which one `*` stands for the rest of a part of the path: `example.com/v*/like`. A
/// word at the end of a place is a whole word of `url`: `example.com/share` is not how
/// `example.com/shares` starts.
pub(super) fn starts_with_any(url: &str, places: &[String]) -> bool {
    let whole = url.trim();
    let bare = without_scheme(whole);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let firsts = [whole, bare].map(|text| text.as_bytes().first());
    places.iter().any(|place| {
        // Rules have hundreds of places, and pages thousands of addresses: nearly always the first
        // letter tells.
        let first = place.as_bytes().first();
        let may = first.is_none_or(|&first| first == b'*') || firsts.contains(&first);
        may && starts_with(if place.contains("://") { whole } else { bare }, place)
    })
}

fn starts_with(bare: &str, place: &str) -> bool {
    match place.split_once('*') {
        None => follows(bare, place),
        Some((head, tail)) => bare.strip_prefix(head).is_some_and(|rest| {
            let end = rest.find('/').unwrap_or(rest.len());
            rest.get(end..).is_some_and(|rest| follows(rest, tail))
        }),
    }
}

fn follows(text: &str, start: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.strip_prefix(start)
        .is_some_and(|rest| !(start.ends_with(is_word) && rest.starts_with(is_word)))
}

/// The scheme of `url` (`https`, `mailto`), if it has one.
pub(super) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.trim().split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then_some(scheme)
}

/// Whether another address stands in the path of `url`, as in those of archives: a query that
/// follows is that of the other one.
pub(super) fn holds_another(url: &str) -> bool {
    let path = without_scheme(url).split(['?', '#']).next().unwrap_or("");
    path.contains("http:/") || path.contains("https:/")
}

fn without_scheme(url: &str) -> &str {
    let url = url.trim();
    url.split_once("//")
        .filter(|(scheme, _)| scheme.is_empty() || scheme.ends_with(':'))
        .map_or(url, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_host_and_not_any_part_of_an_address() {
        for (url, place, leads) in [
            ("https://stats.e.com/g.gif", "stats.e.com", true),
            ("//a.stats.e.com/图.gif", "stats.e.com/", true),
            ("HTTP://Stats.E.com", "stats.e.com", true),
            ("https://www.e.com/tr?id=1", "e.com/tr?", true),
            ("https://www.e.com/track.gif", "e.com/tr?", false),
            ("https://track.er.com/a", "track.e*", true),
            ("https://x.com/stats.e.com/a.jpg", "stats.e.com", false),
            ("https://mystats.e.com/a.jpg", "stats.e.com", false),
            ("/stats.e.com/a.jpg", "stats.e.com", false),
            ("https://x.com/1/https://stats.e.com/", "stats.e.com", false),
        ] {
            assert_eq!(leads_to(url, place), leads, "{url}");
        }
    }

    #[test]
    fn a_star_is_part_of_a_path() {
        for (url, starts) in [
            ("https://www.e.com/v2.3/plugins/like.php", true),
            ("//e.com/v10/plugins/like", true),
            ("https://e.com/v2.3/plugins/video.php", false),
            ("https://e.com/v2.3/a/plugins/like", false),
        ] {
            let place = "e.com/v*/plugins/like".to_owned();
            assert_eq!(starts_with_any(url, &[place]), starts, "{url}");
        }
    }

    #[test]
    fn a_word_at_the_end_of_a_place_is_a_whole_word() {
        for (url, place, starts) in [
            ("https://e.com/tr?id=1", "e.com/tr", true),
            ("https://e.com/tr/", "e.com/tr", true),
            ("https://e.com/tr", "e.com/tr", true),
            ("https://e.com/travel", "e.com/tr", false),
            ("https://e.com/tr图", "e.com/tr", false),
            ("https://e.com/tr_1", "e.com/tr", false),
            ("https://e.com/share/x", "e.com/share/", true),
            (
                "https://e.com/plugins/likebox.php",
                "e.com/plugins/like*",
                true,
            ),
            ("#newsletter-form", "#newsletter*", true),
            (" app://send?text=图", "app://send", true),
            ("https://e.com/app://send", "app://send", false),
            ("app://sender", "app://send", false),
        ] {
            let places = ["x.com/".to_owned(), place.to_owned()];
            assert_eq!(starts_with_any(url, &places), starts, "{url}");
        }
    }

    #[test]
    fn schemes() {
        assert_eq!(scheme(" javascript:a('https://e.com')"), Some("javascript"));
        assert_eq!(scheme("HTTPS://e.com"), Some("HTTPS"));
        for url in ["/a:b", "a/b:c", "文:a", "{{ url }}?a:b", "a"] {
            assert_eq!(scheme(url), None, "{url}");
        }
        assert!(holds_another("https://e.com/web/2020/https://e.org/?a=1"));
        assert!(!holds_another("https://e.com/?to=https://e.org/"));
    }
}
