use serde::Deserialize;

use super::attribute;
use crate::finding::Safety;
use crate::html::{self, ElementId, escape_attribute, percent_decoded};
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};
use crate::source::Edit;

/// `unwrap-redirect`: an address that only leads on to another one becomes that other one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct UnwrapRedirect {
    /// The attribute that holds the address.
    attribute: String,
    /// The services that lead on.
    redirects: Vec<Redirect>,
}

/// A service that leads on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Redirect {
    /// Its hosts; `www.` before one makes no difference, and one that starts with `.` stands for
    /// its subdomains.
    hosts: Vec<String>,
    /// The paths at which it does; empty: all.
    #[serde(default)]
    paths: Vec<String>,
    /// The parameters that have the target, the best first; none: it is what follows the path.
    #[serde(default)]
    parameters: Vec<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let check: UnwrapRedirect = options.parse()?;
    if check.redirects.is_empty() {
        return Err(OptionError("`redirects` names none".to_owned()));
    }
    Ok(Built::Element(Box::new(check)))
}

impl ElementCheck for UnwrapRedirect {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let source = document.bytes();
        let Some((value, url)) = document
            .arena()
            .attribute(source, element, &self.attribute)
            .and_then(|attribute| Some((attribute.value?, attribute.text(source))))
        else {
            return;
        };
        let Some(target) = self
            .redirects
            .iter()
            .find_map(|redirect| redirect.target(&url))
        else {
            return;
        };
        let proposal = match attribute::reason_to_keep(document, element) {
            Some(reason) => Proposal::Withheld(reason.to_owned()),
            None => Proposal::Edits {
                title: "Link to the target".to_owned(),
                safety: Safety::Safe,
                // What an address cannot hold is not in it, so it fits into any quotes, or none.
                edits: vec![Edit::replace(value, escape_attribute(&target, '"'))],
                claim: Claim::Attributes(element),
            },
        };
        let host = html::host(&target).unwrap_or_default();
        let message = format!("The link takes a detour on its way to `{host}`");
        reports.push(Report::at(value).message(message).propose(proposal));
    }
}

impl Redirect {
    /// The address that `url` leads on to: absolute, `http` or `https`, without anything that an
    /// address cannot hold.
    fn target(&self, url: &str) -> Option<String> {
        let host = html::host(url)?;
        let bare = host.strip_prefix("www.").unwrap_or(&host);
        let named = self
            .hosts
            .iter()
            .any(|wanted| match wanted.strip_prefix('.') {
                Some(parent) => bare
                    .strip_suffix(parent)
                    .is_some_and(|rest| rest.ends_with('.')),
                None => bare == wanted,
            });
        if !named {
            return None;
        }
        let (_, rest) = url.trim().split_once("//")?;
        let path_start = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let rest = rest.get(path_start..)?;
        let (before_query, query) = rest.split_once('?').unwrap_or((rest, ""));
        if self.parameters.is_empty() {
            let target = self
                .paths
                .iter()
                .find_map(|path| rest.strip_prefix(path.as_str()))?;
            return absolute(target).or_else(|| absolute(&percent_decoded(target)));
        }
        if !self.paths.is_empty() && !self.paths.iter().any(|path| path == before_query) {
            return None;
        }
        let query = query.split('#').next().unwrap_or(query);
        self.parameters.iter().find_map(|name| {
            query.split('&').find_map(|part| {
                let (key, value) = part.split_once('=')?;
                (key == name).then(|| absolute(&percent_decoded(value)))?
            })
        })
    }
}

/// `target` if it is an absolute address of the web.
fn absolute(target: &str) -> Option<String> {
    let target = target.trim();
    let scheme = ["https://", "http://"].iter().any(|scheme| {
        target
            .get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    });
    let host = html::host(target)?;
    let is_host = host.contains('.') && !host.starts_with('.') && !host.contains("..");
    (scheme && is_host && html::looks_like_url(target) && !target.contains(['\'', '\u{fffd}']))
        .then(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect(paths: &[&str], parameters: &[&str]) -> Redirect {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        Redirect {
            hosts: owned(&["go.example", ".sub.example"]),
            paths: owned(paths),
            parameters: owned(parameters),
        }
    }

    #[test]
    fn the_target_is_read_from_the_parameter() {
        let target = |url: &str| redirect(&["/url"], &["q", "url"]).target(url);
        for (url, expected) in [
            (
                "https://www.go.example/url?sa=t&q=https%3A%2F%2Fe.com%2F%3Fa%3D1%26b&x",
                "https://e.com/?a=1&b",
            ),
            ("//go.example/url?url=http://e.com/文#f", "http://e.com/文"),
            ("https://a.sub.example/url?q=https://e.com", "https://e.com"),
        ] {
            assert_eq!(target(url).as_deref(), Some(expected), "{url}");
        }
        for url in [
            "https://go.example/url?q=javascript:alert(1)",
            "https://go.example/url?q=/page",
            "https://go.example/url?q=https://localhost/",
            "https://go.example/url?q=https%3A%2F%2Fe.com%2F%22%3E%3Cb%3E",
            "https://go.example/url?q=https://e.com/a%20b",
            "https://go.example/url?q=https://e.com/%ff",
            "https://go.example/search?q=https://e.com",
            "https://sub.example/url?q=https://e.com",
            "https://nogo.example/url?q=https://e.com",
            "/url?q=https://e.com",
        ] {
            assert_eq!(target(url), None, "{url}");
        }
    }

    #[test]
    fn the_target_may_follow_the_path() {
        let target = |url: &str| redirect(&["/web/"], &[]).target(url);
        assert_eq!(
            target("https://go.example/web/https://e.com/?a=1").as_deref(),
            Some("https://e.com/?a=1")
        );
        assert_eq!(
            target("https://go.example/web/https%3A%2F%2Fe.com").as_deref(),
            Some("https://e.com")
        );
        assert_eq!(target("https://go.example/web/page"), None);
    }
}
