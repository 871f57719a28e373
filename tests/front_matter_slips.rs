//! Slips from other languages, other editors and other keyboards, each told once, at its place, in
//! the words of the author, and repaired where there is a reading.

mod common;

use copydesk::document::Document;
use copydesk::engine::{fix, lint};
use copydesk::finding::{Safety, Severity};
use copydesk::rule::Profile;

/// A file, the rule, the text it marks, a part of its message, and what the fixes (the unsafe ones
/// too) make of the file; `""` where it stays as it is.
type Slip = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const YAML: &[Slip] = &[
    (
        "---\ntags: [甲, b}\n---\n",
        "invalid-syntax",
        "}",
        "ends with `}`",
        "---\ntags: [甲, b]\n---\n",
    ),
    (
        "---\ntags: [a, b)\n---\n",
        "invalid-syntax",
        ")",
        "ends with `)`",
        "---\ntags: [a, b]\n---\n",
    ),
    (
        "---\ntags: [a, \"乙]\nx: y\n---\n",
        "unbalanced-quote",
        "\"",
        "inside its brackets",
        "---\ntags: [a, \"乙\"]\nx: y\n---\n",
    ),
    (
        "---\ntags: [\"a, b]\nx: y\n---\n",
        "unbalanced-quote",
        "\"",
        "inside its brackets",
        "",
    ),
    (
        "---\ntags: [#a, 乙]\n---\n",
        "reserved-character",
        "#",
        "`#` in its list",
        "---\ntags: [\"a\", 乙]\n---\n",
    ),
    (
        "---\ntags: [#a #b]\n---\n",
        "reserved-character",
        "#",
        "`#` in its list",
        "---\ntags: [\"a\", \"b\"]\n---\n",
    ),
    (
        "---\ntags:\n  - a\n - b\n  - c\n---\n",
        "invalid-syntax",
        " -",
        "another column",
        "---\ntags:\n  - a\n  - b\n  - c\n---\n",
    ),
    (
        "---\ntags:\n  - a\n    - b\n  - c\n---\n",
        "items-taken-for-text",
        "a\n    - b",
        "one column",
        "---\ntags:\n  - a\n  - b\n  - c\n---\n",
    ),
    (
        "---\ntags:\n-\u{a0}a\n- b\n---\n",
        "invalid-syntax",
        "\u{a0}",
        "U+00A0",
        "---\ntags:\n- a\n- b\n---\n",
    ),
    (
        "---\ntags:\n  - 船: 旧\n  - b\n---\n",
        "term-with-colon",
        "船: 旧",
        "a mapping",
        "---\ntags:\n  - \"船: 旧\"\n  - b\n---\n",
    ),
    (
        "---\nimage:\n\u{a0}\u{a0}src: a\n---\n",
        "odd-blank-in-key",
        "\u{a0}\u{a0}src",
        "U+00A0",
        "---\nimage:\n  src: a\n---\n",
    ),
    (
        "---\nimage:\n\u{3000}src: a\n---\n",
        "odd-blank-in-key",
        "\u{3000}src",
        "U+3000",
        "---\nimage:\n  src: a\n---\n",
    ),
    (
        "---\n\u{200b}title: a\nb: c\n---\n",
        "odd-blank-in-key",
        "\u{200b}title",
        "U+200B",
        "---\ntitle: a\nb: c\n---\n",
    ),
    (
        "---\nb: c\n\u{feff}title: a\n---\n",
        "invalid-syntax",
        "\u{feff}",
        "byte order mark",
        "---\nb: c\ntitle: a\n---\n",
    ),
    (
        "\u{200b}---\ntitle: a\n---\n",
        "front-matter-delimiter",
        "\u{200b}---",
        "U+200B",
        "---\ntitle: a\n---\n",
    ),
    (
        "---\u{a0}\ntitle: 标题\n---\n",
        "front-matter-delimiter",
        "---\u{a0}",
        "U+00A0",
        "---\ntitle: 标题\n---\n",
    ),
    (
        "```yaml\ntitle: 标题\ndate: 2022-07-09\n```\n\n正文\n",
        "front-matter-delimiter",
        "```yaml",
        "fence",
        "---\ntitle: 标题\ndate: 2022-07-09\n---\n\n正文\n",
    ),
    (
        "---\ntitle: a\n ---\n\n正文\n",
        "unclosed-front-matter",
        "---",
        "is indented",
        "---\ntitle: a\n---\n\n正文\n",
    ),
    (
        "---\ntitle: a\n===\n\n正文\n",
        "unclosed-front-matter",
        "===",
        "`===` does not close",
        "---\ntitle: a\n---\n\n正文\n",
    ),
    (
        "---\ntitle: a\n+++\n\n正文\n",
        "unclosed-front-matter",
        "+++",
        "`+++` does not close",
        "---\ntitle: a\n---\n\n正文\n",
    ),
    (
        "---\ntitle: a\n—\n\n正文\n",
        "unclosed-front-matter",
        "—",
        "`—` does not close",
        "---\ntitle: a\n---\n\n正文\n",
    ),
    (
        "---\ntitle: a\n--- 正文\n\n更多\n",
        "unclosed-front-matter",
        "--- 正文",
        "Text follows",
        "---\ntitle: a\n---\n正文\n\n更多\n",
    ),
    (
        "---\ntitle: a\n...\ndate: 2022-07-09\n---\n\n正文\n",
        "double-front-matter",
        "...",
        "ends the front matter",
        "",
    ),
    (
        "---\ntitle:标题\n---\n",
        "non-mapping-root",
        "title:标题",
        "no blank",
        "---\ntitle: 标题\n---\n",
    ),
    (
        "---\ntitle：标题\n---\n",
        "non-mapping-root",
        "title：标题",
        "no blank",
        "---\ntitle: 标题\n---\n",
    ),
    (
        "---\ntitle = \"标题\"\n---\n",
        "non-mapping-root",
        "title = \"标题\"",
        "TOML",
        "",
    ),
    (
        "---\ntitle => 标题\nb: c\n---\n",
        "invalid-syntax",
        "=>",
        "`=>`",
        "---\ntitle: 标题\nb: c\n---\n",
    ),
    (
        "---\ntitle\nb: c\n---\n",
        "invalid-syntax",
        "title",
        "no colon",
        "",
    ),
    (
        "---\ntitle: \"a\",\nb: c\n---\n",
        "invalid-syntax",
        ",",
        "`,` follows",
        "---\ntitle: \"a\"\nb: c\n---\n",
    ),
    (
        "---\ntitle: 'a';\nb: c\n---\n",
        "invalid-syntax",
        ";",
        "`;` follows",
        "---\ntitle: 'a'\nb: c\n---\n",
    ),
    (
        "---\ntitle: a\n// 注\nb: c\n---\n",
        "invalid-syntax",
        "// 注",
        "no comment in YAML",
        "---\ntitle: a\n# 注\nb: c\n---\n",
    ),
    (
        "---\ntitle: a\n/* 注 */\nb: c\n---\n",
        "invalid-syntax",
        "/* 注 */",
        "no comment in YAML",
        "---\ntitle: a\n# 注\nb: c\n---\n",
    ),
    (
        "---\ntext: |\n    a\n  b\ntitle: x\n---\n",
        "invalid-syntax",
        "b",
        "indented like nothing",
        "",
    ),
    (
        "---\nimage: {src:a, alt: 乙}\n---\n",
        "value-taken-for-key",
        "src:a",
        "no blank",
        "---\nimage: {src: a, alt: 乙}\n---\n",
    ),
    (
        "---\ntitle: !new 闻\n---\n",
        "text-taken-for-tag",
        "!new",
        "a tag",
        "---\ntitle: \"!new 闻\"\n---\n",
    ),
    (
        "---\ntitle: !\n---\n",
        "text-taken-for-tag",
        "!",
        "a tag",
        "---\ntitle: \"!\"\n---\n",
    ),
    (
        "---\n: a\ntitle: b\n---\n",
        "key-is-no-text",
        ":",
        "no name",
        "",
    ),
    (
        "---\ntrue: a\n---\n",
        "key-is-no-text",
        "true",
        "is true to the reader",
        "---\n\"true\": a\n---\n",
    ),
    (
        "---\n? [a]\n: b\n---\n",
        "key-is-no-text",
        "[a]",
        "a list",
        "",
    ),
    (
        "---\ncmd: `ls`\n---\n",
        "reserved-character",
        "`ls`",
        "a backtick",
        "---\ncmd: \"`ls`\"\n---\n",
    ),
];

const TOML: &[Slip] = &[
    (
        "+++\ntags = [甲, b]\n+++\n",
        "invalid-syntax",
        "[甲, b]",
        "in quotes",
        "+++\ntags = [\"甲\", \"b\"]\n+++\n",
    ),
    (
        "+++\ntags = [a, b\nx = 1\n+++\n",
        "invalid-syntax",
        "[",
        "never closed",
        "+++\ntags = [\"a\", \"b\"]\nx = 1\n+++\n",
    ),
    (
        "+++\ntags = [\"a\", \"b\")\n+++\n",
        "invalid-syntax",
        ")",
        "closed with `)`",
        "+++\ntags = [\"a\", \"b\"]\n+++\n",
    ),
    (
        "+++\ntags = [\"a\" \"b\"]\n+++\n",
        "invalid-syntax",
        "\"",
        "comma is missing",
        "+++\ntags = [\"a\", \"b\"]\n+++\n",
    ),
    (
        "+++\ntags = [\"a\"; \"b\"]\n+++\n",
        "invalid-syntax",
        ";",
        "wants a comma",
        "+++\ntags = [\"a\", \"b\"]\n+++\n",
    ),
    (
        "+++\ntags =\n- a\n- 乙\nx = 1\n+++\n",
        "invalid-syntax",
        "- a\n- 乙",
        "hyphens",
        "+++\ntags = [\"a\", \"乙\"]\nx = 1\n+++\n",
    ),
    (
        "+++\ntitle = \"a\",\nx = 1\n+++\n",
        "invalid-syntax",
        ",",
        "`,` follows",
        "+++\ntitle = \"a\"\nx = 1\n+++\n",
    ),
    (
        "+++\ntitle = \"a\";\n+++\n",
        "invalid-syntax",
        ";",
        "`;` follows",
        "+++\ntitle = \"a\"\n+++\n",
    ),
    (
        "+++\ntitle = \"a\" // 注\n+++\n",
        "invalid-syntax",
        "//",
        "no comment in TOML",
        "+++\ntitle = \"a\" # 注\n+++\n",
    ),
    (
        "+++\nmy key = 1\n+++\n",
        "invalid-syntax",
        "my key",
        "a blank in it",
        "+++\n\"my key\" = 1\n+++\n",
    ),
    (
        "+++\ntitle == \"a\"\n+++\n",
        "invalid-syntax",
        "==",
        "twice",
        "+++\ntitle = \"a\"\n+++\n",
    ),
    ("+++\n= \"a\"\n+++\n", "invalid-syntax", "=", "no key", ""),
    (
        "+++\ndraft = yes\n+++\n",
        "invalid-syntax",
        "yes",
        "not true or false",
        "+++\ndraft = true\n+++\n",
    ),
    (
        "+++\nx = null\ny = 1\n+++\n",
        "invalid-syntax",
        "null",
        "no value for nothing",
        "+++\n# x = null\ny = 1\n+++\n",
    ),
    (
        "+++\nweight = 012\n+++\n",
        "invalid-syntax",
        "012",
        "starts with a zero",
        "",
    ),
    (
        "+++\ndate = 2024-01-01 10:00\n+++\n",
        "invalid-syntax",
        "2024-01-01 10:00",
        "seconds",
        "+++\ndate = 2024-01-01 10:00:00\n+++\n",
    ),
    (
        "+++\ndate = 2024-13-01\n+++\n",
        "invalid-syntax",
        "2024-13-01",
        "no month 13",
        "",
    ),
    (
        "+++\nt = {\n  a = 1,\n  b = 2,\n}\n+++\n",
        "invalid-syntax",
        "{",
        "goes over lines",
        "+++\nt = { a = 1, b = 2}\n+++\n",
    ),
    (
        "+++\nt = {\"a\": 1, \"b\": 2}\n+++\n",
        "invalid-syntax",
        ":",
        "colons",
        "+++\nt = {\"a\" = 1, \"b\" = 2}\n+++\n",
    ),
    (
        "+++\ntitle = \"\"\"一\nx = 1\n+++\n",
        "unbalanced-quote",
        "\"\"\"",
        "never closed",
        "+++\ntitle = \"\"\"一\"\"\"\nx = 1\n+++\n",
    ),
    (
        "+++\n\u{a0}title = \"a\"\n+++\n",
        "invalid-syntax",
        "\u{a0}",
        "U+00A0",
        "+++\n title = \"a\"\n+++\n",
    ),
    (
        "+++\n<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> b\n+++\n",
        "conflict-marker",
        "<<<<<<< HEAD",
        "not finished",
        "",
    ),
    (
        "+++\na = 1\nb = 2\na = 1\n+++\n",
        "duplicate-key-toml",
        "a",
        "same value",
        "+++\na = 1\nb = 2\n+++\n",
    ),
    (
        "+++\n[t]\na = 1\n[t]\nb = 2\n+++\n",
        "duplicate-key-toml",
        "t",
        "opened twice",
        "",
    ),
    (
        "+++\ntitle = \"a\"\n---\n\n正文\n",
        "unclosed-front-matter",
        "---",
        "`---` does not close",
        "+++\ntitle = \"a\"\n+++\n\n正文\n",
    ),
];

const JSON: &[Slip] = &[
    (
        "{title: \"标题\"}\n\nx\n",
        "invalid-syntax",
        "title",
        "double quotes",
        "{\"title\": \"标题\"}\n\nx\n",
    ),
    (
        "{'title': '一'}\n\nx\n",
        "invalid-syntax",
        "'title'",
        "double quotes",
        "{\"title\": \"一\"}\n\nx\n",
    ),
    (
        "{“title”: \"一\"}\n\nx\n",
        "unbalanced-quote",
        "“title”",
        "typographic",
        "{\"title\": \"一\"}\n\nx\n",
    ),
    (
        "{\n  // 注\n  \"a\": 1\n}\n\nx\n",
        "invalid-syntax",
        "// 注",
        "no comments",
        "{\n  \n  \"a\": 1\n}\n\nx\n",
    ),
    (
        "{\"a\" 1}\n\nx\n",
        "invalid-syntax",
        "1",
        "colon is missing",
        "{\"a\": 1}\n\nx\n",
    ),
    (
        "{\"a\" = 1}\n\nx\n",
        "invalid-syntax",
        "=",
        "wants a colon",
        "{\"a\" : 1}\n\nx\n",
    ),
    (
        "{\"a\"：1，\"b\": 2}\n\nx\n",
        "invalid-syntax",
        "：",
        "wants a colon",
        "{\"a\":1,\"b\": 2}\n\nx\n",
    ),
    (
        "{\"a\": 1; \"b\": 2}\n\nx\n",
        "invalid-syntax",
        ";",
        "wants a comma",
        "{\"a\": 1, \"b\": 2}\n\nx\n",
    ),
    (
        "{\"a\": 1,, \"b\": 2}\n\nx\n",
        "invalid-syntax",
        ",",
        "after another",
        "{\"a\": 1, \"b\": 2}\n\nx\n",
    ),
    (
        "{\"a\": \"甲, \"b\": 2}\n\nx\n",
        "unbalanced-quote",
        "\"",
        "closing quote",
        "{\"a\": \"甲\", \"b\": 2}\n\nx\n",
    ),
    (
        "{\"a\": [\"甲\"}\n\nx\n",
        "invalid-syntax",
        "}",
        "before this one",
        "{\"a\": [\"甲\"]}\n\nx\n",
    ),
    (
        "{\"a\": 1}}\n\nx\n",
        "invalid-syntax",
        "}",
        "too many",
        "{\"a\": 1}\n\nx\n",
    ),
    (
        "{\"a\": 012}\n\nx\n",
        "invalid-syntax",
        "012",
        "starts with a zero",
        "",
    ),
    (
        "{\"a\": +1}\n\nx\n",
        "invalid-syntax",
        "+",
        "without a plus",
        "{\"a\": 1}\n\nx\n",
    ),
    (
        "{\"a\": \"C:\\dir\"}\n\nx\n",
        "invalid-escape",
        "\\d",
        "no escape of JSON",
        "{\"a\": \"C:\\\\dir\"}\n\nx\n",
    ),
    (
        "{\"a\": \"x\ty\"}\n\nx\n",
        "invalid-syntax",
        "\t",
        "A tab",
        "{\"a\": \"x\\ty\"}\n\nx\n",
    ),
    (
        "{\"a\": \"x\u{1}y\"}\n\nx\n",
        "invalid-syntax",
        "\u{1}",
        "U+0001",
        "{\"a\": \"xy\"}\n\nx\n",
    ),
];

/// What is wrong with the handling of each slip, with both line ends.
fn failures(slips: &[Slip]) -> Vec<String> {
    let settings = common::settings(Profile::Own, &[]);
    let mut failures = Vec::new();
    for eol in ["\n", "\r\n"] {
        for (file, rule, marked, part, fixed) in slips {
            let text = file.replace('\n', eol);
            let document = Document::new("a.md", text.clone().into_bytes());
            let findings: Vec<_> = lint(&document, &settings)
                .into_iter()
                .filter(|finding| finding.severity != Severity::Info)
                .collect();
            let said = || -> Vec<String> {
                findings
                    .iter()
                    .map(|finding| format!("{}: {}", finding.rule, finding.message))
                    .collect()
            };
            let Some(finding) = findings.iter().find(|finding| &*finding.rule == *rule) else {
                failures.push(format!("{text:?}: {rule} is silent; {:?}", said()));
                continue;
            };
            if findings.iter().any(|finding| &*finding.rule != *rule) {
                failures.push(format!("{text:?}: told more than once: {:?}", said()));
            }
            let shown = String::from_utf8_lossy(finding.span.slice(text.as_bytes())).into_owned();
            if shown != marked.replace('\n', eol) {
                failures.push(format!("{text:?}: marks {shown:?}"));
            }
            if !finding.message.contains(part) {
                failures.push(format!("{text:?}: says {:?}", finding.message));
            }
            let result = fix(&document, &settings, Safety::Unsafe);
            let result = String::from_utf8_lossy(&result.bytes).into_owned();
            let expected = match fixed.is_empty() {
                true => text.clone(),
                false => fixed.replace('\n', eol),
            };
            if fixed.is_empty() && finding.fix.is_some() {
                failures.push(format!("{text:?}: offers {:?}", finding.fix));
            } else if result != expected {
                failures.push(format!("{text:?}: becomes {result:?}"));
            }
            let again = Document::new("a.md", result.clone().into_bytes());
            if !fixed.is_empty()
                && lint(&again, &settings)
                    .iter()
                    .any(|f| f.severity == Severity::Error)
            {
                failures.push(format!("{text:?}: {result:?} is wrong still"));
            }
        }
    }
    failures
}

#[test]
fn slips_in_yaml() {
    let failures = failures(YAML);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn slips_in_toml() {
    let failures = failures(TOML);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn slips_in_json() {
    let failures = failures(JSON);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn look_alikes_are_silent() {
    let settings = common::settings(Profile::Own, &[]);
    for text in [
        "{title: value}\n\nText.\n",
        "{: .wide }\n\nText.\n",
        "{/* a note */}\n\n# Text\n",
        "{{ content }}\n",
        "{% include a.html %}\n\nText.\n",
        "```yaml\nversion: 2\nsteps: [a, b]\n```\n\nThat is how it is set.\n",
        "```\n$ ls\n```\n",
        "---\ntitle: a // b\npath: a/*/b\nweb: http://example.com/a=>b\n---\n",
        "---\ntags: [a#b, \"c#\"]\nset: {a, b}\nlink: {http://example.com/a}\n---\n",
        "---\ntext: |\n  - a\n    - b\nmore: >\n  c: d\n---\n",
        "---\ntitle: a\n...\n\nText: more.\n\n---\n",
        "+++\nurl = \"https://example.com\" # // no\ntime = 10:00:00\nt = {a = 1, b = [1, 2]}\n+++\n",
        "{\"a\": \"b // c\", \"d\": \"e, \\\"f\\\": 1\"}\n\nText.\n",
    ] {
        let document = Document::new("a.md", text.as_bytes().to_vec());
        let findings: Vec<_> = lint(&document, &settings)
            .into_iter()
            .filter(|finding| finding.severity != Severity::Info)
            .collect();
        assert!(findings.is_empty(), "{text:?}: {findings:?}");
    }
}
