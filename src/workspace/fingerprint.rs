use std::collections::BTreeMap;

use super::sink::FileReport;
use crate::finding::Finding;

/// What a finding is about, whatever line it stands on: rule and content. Two findings of a file
/// have the same key when nothing but their places tells them apart.
pub fn key(report: &FileReport, finding: &Finding) -> u64 {
    let mut hash = Hash::new();
    hash.write(finding.rule.as_bytes());
    hash.write(&[0]);
    let content = finding.span.slice(&report.bytes);
    let content = if content.is_empty() {
        let lines = report.lines();
        let line = lines.line_of(finding.span.start.min(report.bytes.len()));
        lines.line_content(&report.bytes, line).slice(&report.bytes)
    } else {
        content
    };
    hash.write_words(content);
    hash.0
}

/// For each finding a name that stays the same when lines move: the file as the report calls it,
/// which is `path`, rule, content, and which one of its like it is.
pub fn fingerprints(report: &FileReport, path: &str) -> Vec<String> {
    let mut seen: BTreeMap<u64, u64> = BTreeMap::new();
    let name = |finding: &Finding| {
        let key = key(report, finding);
        let number = seen.entry(key).or_default();
        *number += 1;
        let mut hash = Hash::new();
        hash.write(path.as_bytes());
        hash.write(&[0]);
        hash.write(&key.to_le_bytes());
        hash.write(&number.to_le_bytes());
        format!("{:016x}", hash.0)
    };
    report.findings.iter().map(name).collect()
}

/// FNV-1a, 64 bits: the same on every machine and in every version, which the standard library's
/// hash is not.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Words with one blank between them: a line that was wrapped or indented anew is the same.
    fn write_words(&mut self, bytes: &[u8]) {
        for word in bytes
            .split(u8::is_ascii_whitespace)
            .filter(|word| !word.is_empty())
        {
            self.write(word);
            self.write(b" ");
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::source::Span;

    pub fn report(text: &str, needles: &[&str]) -> FileReport {
        let mut from = 0;
        let findings = needles
            .iter()
            .map(|needle| {
                let start = from + text[from..].find(needle).unwrap();
                from = start + needle.len();
                Finding {
                    rule: "ad-slot-dfp".into(),
                    group: "ads".into(),
                    severity: Severity::Warning,
                    span: Span::new(start, from),
                    message: "An ad".into(),
                    why: "".into(),
                    help: "".into(),
                    labels: Vec::new(),
                    fix: None,
                    withheld: None,
                }
            })
            .collect();
        FileReport {
            path: "a.md".into(),
            bytes: text.as_bytes().to_vec(),
            findings,
            ..FileReport::default()
        }
    }

    #[test]
    fn a_fingerprint_survives_moved_lines_and_tells_twins_apart() {
        let before = fingerprints(&report("<ad>\n<ad>\n", &["<ad>", "<ad>"]), "a.md");
        let after = fingerprints(
            &report("标题\n\n<ad>\n文\n<ad>\n", &["<ad>", "<ad>"]),
            "a.md",
        );
        assert_eq!(before, after);
        assert_ne!(before[0], before[1]);
        let other = fingerprints(&report("<ad id=x>", &["<ad id=x>"]), "a.md");
        assert!(!before.contains(&other[0]));
    }

    #[test]
    fn the_numbers_do_not_change_between_versions() {
        // A baseline that was written long ago must still be understood.
        let report = report("<ad>", &["<ad>"]);
        assert_eq!(
            format!("{:016x}", key(&report, &report.findings[0])),
            "a8c22b5404d9574b"
        );
    }
}
