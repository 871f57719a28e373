use super::Document;
use crate::frontmatter::Path;

/// The lower-case host of an absolute `http` or `https` URL, without port and user information.
pub fn host_of(url: &str) -> Option<String> {
    let rest = url
        .trim()
        .split_once("://")
        .filter(|(scheme, _)| {
            scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
        })?
        .1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.trim_end_matches('.');
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

impl Document {
    /// The URL the content was taken from: the first of `keys` that the front matter has as text.
    pub fn source_url(&self, keys: &[String]) -> Option<&str> {
        let tree = self.front_matter().tree()?;
        keys.iter()
            .find_map(|key| tree.scalar(&Path::key(key.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn hosts_are_read_as_hosts() {
        let host = |url| host_of(url);
        assert_eq!(
            host("https://News.Example.com:8080/a?b#c").as_deref(),
            Some("news.example.com")
        );
        assert_eq!(
            host("http://me@example.com").as_deref(),
            Some("example.com")
        );
        assert_eq!(host("ftp://example.com"), None);
        assert_eq!(host("/a//example.com"), None);
    }
}
