use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::query::{self, Parameter};
use super::{address, attribute};
use crate::document::host_of;
use crate::finding::Safety;
use crate::html::{self, ElementId};
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
    #[serde(default)]
    parameters: Vec<String>,
    /// How names of parameters start.
    #[serde(default)]
    prefixes: Vec<String>,
    /// Names of parameters that go if their value is the host that the content was taken from.
    #[serde(default)]
    naming_source: Vec<String>,
    /// Parameters that mean nothing at these hosts.
    #[serde(default)]
    at: Vec<AtHosts>,
    /// What a program may have left of the separator after one of the parameters.
    #[serde(default)]
    broken_separators: Vec<String>,
    /// Whether only a value that is a number greater than zero counts.
    #[serde(default)]
    positive: bool,
    /// Whether an address is left alone that has another one in its path, as those of archives do.
    #[serde(default)]
    leave_nested: bool,
    /// Whether the whole query goes with one of the parameters.
    #[serde(default)]
    whole_query: bool,
}

/// Parameters of a site.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AtHosts {
    /// A host stands for its subdomains; one that ends in `.` for every host that starts so, or has
    /// a subdomain before it.
    hosts: Vec<String>,
    /// Names, lower case; one that ends in `*` stands for all that start so.
    parameters: Vec<String>,
}

struct StripParameters {
    config: Config,
    parameters: FxHashSet<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let mut config: Config = options.parse()?;
    Ok(Built::Element(Box::new(StripParameters {
        parameters: std::mem::take(&mut config.parameters).into_iter().collect(),
        config,
    })))
}

impl ElementCheck for StripParameters {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let source = document.bytes();
        let Some((value, url)) = document
            .arena()
            .attribute(source, element, &self.config.attribute)
            .and_then(|attribute| Some((attribute.value?, attribute.text(source))))
        else {
            return;
        };
        // `javascript:` and `mailto:` have no query that is made of parameters.
        let is_page = address::scheme(&url).is_none_or(|scheme| {
            ["http", "https"]
                .iter()
                .any(|known| scheme.eq_ignore_ascii_case(known))
        });
        if !is_page || self.config.leave_nested && address::holds_another(&url) {
            return;
        }
        let raw = value.slice(source);
        let host = html::host(&url);
        let own = context.source_url.and_then(host_of);
        let wanted =
            |parameter: Parameter<'_>| self.is_wanted(parameter, host.as_deref(), own.as_deref());
        let mut gaps = query::gaps(raw, &self.config.broken_separators, wanted);
        if self.config.whole_query && !gaps.is_empty() {
            gaps = query::query(raw).into_iter().collect();
        }
        let edits: Vec<Edit> = gaps
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
    /// Whether `parameter`, of an address at `host`, goes; `own` is where the content comes from.
    fn is_wanted(&self, parameter: Parameter<'_>, host: Option<&str>, own: Option<&str>) -> bool {
        let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_ascii_lowercase();
        let name = lower(parameter.name);
        let config = &self.config;
        let named = self.parameters.contains(&name)
            || config
                .prefixes
                .iter()
                .any(|prefix| name.starts_with(prefix.as_str()))
            || config.naming_source.contains(&name)
                && own.is_some_and(|own| {
                    let value = html::percent_decoded(&lower(parameter.value));
                    bare_host(&value) == bare_host(own)
                })
            || host.is_some_and(|host| {
                config.at.iter().any(|at| {
                    super::condition::is_one_of(&name, &at.parameters)
                        && at.hosts.iter().any(|wanted| is_at(host, wanted))
                })
            });
        named
            && (!config.positive
                || lower(parameter.value)
                    .parse::<f64>()
                    .is_ok_and(|value| value > 0.0))
    }
}

fn bare_host(text: &str) -> &str {
    let text = text.trim_end_matches('/');
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    text.strip_prefix("www.").unwrap_or(text)
}

/// Whether `host` is `wanted`, as `AtHosts` reads it.
fn is_at(host: &str, wanted: &str) -> bool {
    if wanted.ends_with('.') {
        return host
            .match_indices(wanted)
            .any(|(at, _)| at == 0 || host.as_bytes().get(at - 1) == Some(&b'.'));
    }
    host.strip_suffix(wanted)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
