use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use super::checkout::Checkout;
use crate::finding::{Finding, Fix, Severity};
use crate::registry::Registry;
use crate::source::Span;
use crate::workspace::{FileReport, Sink, Totals, fingerprints};

/// SARIF 2.1.0 (OASIS), with rule metadata, fixes and fingerprints.
pub struct Sarif<W> {
    out: W,
    registry: Arc<Registry>,
    checkout: Checkout,
    rules: BTreeMap<Arc<str>, Value>,
    results: Vec<(Arc<str>, Value)>,
    notifications: Vec<Value>,
}

impl<W: Write> Sarif<W> {
    /// Writes to `out`; the summaries of the rules come from `registry`, and paths count from the top
    /// of `checkout`.
    pub fn new(out: W, registry: Arc<Registry>, checkout: Checkout) -> Self {
        Self {
            out,
            registry,
            checkout,
            rules: BTreeMap::new(),
            results: Vec::new(),
            notifications: Vec::new(),
        }
    }

    fn rule(&self, finding: &Finding) -> Value {
        let entry = self.registry.rule(&finding.rule);
        let summary = entry.map_or(finding.message.as_str(), |entry| entry.rule.summary.trim());
        let severity = entry.map_or(finding.severity, |entry| entry.rule.severity);
        let help = entry.map_or(&*finding.help, |entry| entry.rule.help.trim());
        let mut rule = json!({
            "id": &*finding.rule,
            "shortDescription": {"text": summary},
            "help": {"text": help},
            "defaultConfiguration": {"level": level(severity)},
            "properties": {"tags": [&*finding.group]},
        });
        if !finding.why.is_empty() {
            rule["fullDescription"] = json!({"text": &*finding.why});
        }
        rule
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Whether a path with `/` between its parts is absolute, here or on Windows.
fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || matches!(path.as_bytes(), [b'A'..=b'Z' | b'a'..=b'z', b':', b'/', ..])
}

/// A path as a relative or absolute URI.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    let drive = is_absolute(path) && !path.starts_with('/');
    if is_absolute(path) {
        uri.push_str(if drive { "file:///" } else { "file://" });
    }
    for (place, byte) in path.bytes().enumerate() {
        match byte {
            b':' if drive && place == 1 => uri.push(':'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn artifact(path: &str) -> Value {
    if is_absolute(path) {
        json!({"uri": uri(path)})
    } else {
        json!({"uri": uri(path), "uriBaseId": "%SRCROOT%"})
    }
}

/// Lines and UTF-16 columns, and bytes.
fn region(report: &FileReport, span: Span) -> Value {
    let (start, end) = report.positions(span);
    let lines = report.lines();
    json!({
        "startLine": start.line,
        "startColumn": lines.utf16_column(&report.bytes, span.start),
        "endLine": end.line,
        "endColumn": lines.utf16_column(&report.bytes, span.end),
        "byteOffset": span.start,
        "byteLength": span.len(),
    })
}

fn fix(report: &FileReport, artifact: &Value, fix: &Fix) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            json!({
                "deletedRegion": region(report, edit.span),
                "insertedContent": {"text": edit.text},
            })
        })
        .collect();
    json!({
        "description": {"text": format!("{} ({})", fix.title, fix.safety.as_str())},
        "artifactChanges": [{
            "artifactLocation": artifact,
            "replacements": replacements,
        }],
    })
}

fn result(
    report: &FileReport,
    own: &Value,
    checkout: &Checkout,
    finding: &Finding,
    fingerprint: String,
) -> Value {
    let mut result = json!({
        "ruleId": &*finding.rule,
        "level": level(finding.severity),
        "message": {"text": finding.message},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": own,
                "region": region(report, finding.span),
            },
        }],
        "partialFingerprints": {"copydesk/v1": fingerprint},
    });
    let related: Vec<Value> = finding
        .labels
        .iter()
        .enumerate()
        .map(|(number, label)| {
            let place = match &label.path {
                None => {
                    json!({"artifactLocation": own, "region": region(report, label.span)})
                }
                Some(path) => json!({"artifactLocation": artifact(&checkout.path(path))}),
            };
            json!({
                "id": number,
                "message": {"text": label.message},
                "physicalLocation": place,
            })
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    // A fix without an edit is none in SARIF.
    if let Some(it) = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
        result["fixes"] = json!([fix(report, own, it)]);
    }
    result
}

impl<W: Write> Sink for Sarif<W> {
    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let path = self.checkout.path(&report.path).into_owned();
        let own = artifact(&path);
        for (finding, fingerprint) in report.findings.iter().zip(fingerprints(report, &path)) {
            if !self.rules.contains_key(&finding.rule) {
                let rule = self.rule(finding);
                self.rules.insert(finding.rule.clone(), rule);
            }
            let result = result(report, &own, &self.checkout, finding, fingerprint);
            self.results.push((finding.rule.clone(), result));
        }
        if let Some(error) = &report.error {
            self.notifications.push(json!({
                "level": "error",
                "message": {"text": error},
                "locations": [{"physicalLocation": {"artifactLocation": own}}],
            }));
        }
        Ok(())
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let places: BTreeMap<Arc<str>, usize> = self
            .rules
            .keys()
            .enumerate()
            .map(|(place, rule)| (rule.clone(), place))
            .collect();
        let results: Vec<Value> = std::mem::take(&mut self.results)
            .into_iter()
            .map(|(rule, mut result)| {
                result["ruleIndex"] = places.get(&rule).copied().unwrap_or_default().into();
                result
            })
            .collect();
        let successful = self.notifications.is_empty() && !totals.refused;
        let mut invocation = json!({"executionSuccessful": successful});
        if !self.notifications.is_empty() {
            let notifications = std::mem::take(&mut self.notifications);
            invocation["toolExecutionNotifications"] = notifications.into();
        }
        let mut driver = json!({
            "name": "Copydesk",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": std::mem::take(&mut self.rules).into_values().collect::<Vec<_>>(),
        });
        // Once the package says where it lives.
        let addresses = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")];
        if let Some(address) = addresses.iter().find(|address| !address.is_empty()) {
            driver["informationUri"] = (*address).into();
        }
        let log = json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": driver},
                "columnKind": "utf16CodeUnits",
                "invocations": [invocation],
                "results": results,
            }],
        });
        serde_json::to_writer_pretty(&mut self.out, &log)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_addresses() {
        assert_eq!(
            uri("文, 章/50% a:b.md"),
            "%E6%96%87%2C%20%E7%AB%A0/50%25%20a%3Ab.md"
        );
        assert_eq!(uri("/w/a b.md"), "file:///w/a%20b.md");
        assert_eq!(uri("C:/w/a:b.md"), "file:///C:/w/a%3Ab.md");
        assert!(artifact("C:/w/a.md").get("uriBaseId").is_none());
        assert_eq!(artifact("c:.md")["uriBaseId"], "%SRCROOT%");
    }
}
