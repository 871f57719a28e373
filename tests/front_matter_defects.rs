//! Mistakes that authors make in front matter: each is found at its place, said in their words,
//! and repaired where it can be.

mod common;

use copydesk::document::Document;
use copydesk::engine::{fix, lint};
use copydesk::finding::Safety;
use copydesk::rule::Profile;

/// What a block holds, the rule, the text it marks, a part of its message, and what the fixes (the
/// unsafe ones too) make of the block; `""` where it stays as it is.
type Defect = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const YAML: &[Defect] = &[
    (
        "title: 一: 二",
        "unquoted-colon",
        ":",
        "`title` has a colon",
        "title: \"一: 二\"",
    ),
    ("a: b: c: d", "unquoted-colon", ":", "`a`", "a: \"b: c: d\""),
    (
        "title: 12:30: news",
        "unquoted-colon",
        ":",
        "colon",
        "title: \"12:30: news\"",
    ),
    (
        "image:\n  alt: x: y",
        "unquoted-colon",
        ":",
        "`alt`",
        "image:\n  alt: \"x: y\"",
    ),
    (
        "title: “foo: bar”",
        "unquoted-colon",
        ":",
        "colon",
        "title: \"“foo: bar”\"",
    ),
    (
        "title: a\\b: c",
        "unquoted-colon",
        ":",
        "colon",
        "title: \"a\\\\b: c\"",
    ),
    (
        "title: foo:\n  bar",
        "unquoted-colon",
        ":",
        "colon",
        "title: \"foo:\n  bar\"",
    ),
    (
        "list:\n  - x: a: b\n    y: c",
        "unquoted-colon",
        ":",
        "`x`",
        "list:\n  - x: \"a: b\"\n    y: c",
    ),
    (
        "title: \"foo\nlayout: post",
        "unbalanced-quote",
        "\"",
        "never closed",
        "title: \"foo\"\nlayout: post",
    ),
    (
        "title: 'foo\nlayout: post",
        "unbalanced-quote",
        "'",
        "never closed",
        "title: 'foo'\nlayout: post",
    ),
    (
        "title: 'it's me'",
        "unbalanced-quote",
        "'",
        "inside",
        "title: 'it''s me'",
    ),
    (
        "title: \"a \"b\" c\"",
        "unbalanced-quote",
        "\"",
        "inside",
        "title: \"a \\\"b\\\" c\"",
    ),
    (
        "title: \"甲\" 乙",
        "unbalanced-quote",
        "乙",
        "follows",
        "title: '\"甲\" 乙'",
    ),
    (
        "title: \"a \\d\"",
        "invalid-escape",
        "\\d",
        "`\\d`",
        "title: \"a \\\\d\"",
    ),
    (
        "title: \"\\水\\智\"",
        "invalid-escape",
        "\\水",
        "`\\水`",
        "title: \"\\\\水\\\\智\"",
    ),
    (
        "author: @名",
        "reserved-character",
        "@名",
        "`@`",
        "author: \"@名\"",
    ),
    (
        "title: `a`",
        "reserved-character",
        "`a`",
        "keeps for itself",
        "title: \"`a`\"",
    ),
    (
        "title: %a",
        "reserved-character",
        "%a",
        "`%`",
        "title: \"%a\"",
    ),
    (
        "title: , a",
        "reserved-character",
        ", a",
        "`,`",
        "title: \", a\"",
    ),
    (
        "title: *a b*",
        "reserved-character",
        "*a b*",
        "anchor",
        "title: \"*a b*\"",
    ),
    (
        "title: *a",
        "reserved-character",
        "*a",
        "anchor",
        "title: \"*a\"",
    ),
    (
        "title: > a b\nlayout: post",
        "reserved-character",
        "> a b",
        "next line",
        "title: \"> a b\"\nlayout: post",
    ),
    (
        "title: | a b\nlayout: post",
        "reserved-character",
        "| a b",
        "next line",
        "title: \"| a b\"\nlayout: post",
    ),
    (
        "title: ? a",
        "reserved-character",
        "? a",
        "`? `",
        "title: \"? a\"",
    ),
    (
        "title: - a\nlayout: post",
        "reserved-character",
        "- a",
        "`- `",
        "title: \"- a\"\nlayout: post",
    ),
    (
        "title: [视频] a",
        "reserved-character",
        "[视频] a",
        "a list",
        "title: \"[视频] a\"",
    ),
    (
        "title: {{ a }} b",
        "reserved-character",
        "{{ a }} b",
        "a mapping",
        "title: \"{{ a }} b\"",
    ),
    (
        "tags: [a, b\nlayout: post",
        "invalid-syntax",
        "[",
        "never closed",
        "tags: [a, b]\nlayout: post",
    ),
    (
        "map: {a: b\nlayout: post",
        "invalid-syntax",
        "{",
        "never closed",
        "map: {a: b}\nlayout: post",
    ),
    (
        "tags: [a, b]]",
        "invalid-syntax",
        "]",
        "too many",
        "tags: [a, b]",
    ),
    (
        "tags: [a, \"b]",
        "unbalanced-quote",
        "\"",
        "quote inside",
        "tags: [a, \"b\"]",
    ),
    (
        "tags:\n\t- 甲\n\t- 乙",
        "tab-indentation",
        "\t",
        "2 lines",
        "tags:\n  - 甲\n  - 乙",
    ),
    (
        "map:\n\ta: b",
        "tab-indentation",
        "\t",
        "tab",
        "map:\n  a: b",
    ),
    (
        "title: a\n  layout: post",
        "invalid-syntax",
        "  layout",
        "deeper than `title`",
        "title: a\nlayout: post",
    ),
    (
        " title: a\nlayout: post",
        "invalid-syntax",
        " title",
        "`title` is indented",
        "title: a\nlayout: post",
    ),
    (
        "map:\n  a: 1\n b: 2",
        "invalid-syntax",
        "b: 2",
        "indented like nothing",
        "",
    ),
    (
        "tags:\n  - a\n - b",
        "invalid-syntax",
        " -",
        "another column",
        "tags:\n  - a\n  - b",
    ),
    ("- a\ntitle: b", "invalid-syntax", "title: b", "no item", ""),
    (
        "tags:\n- a\n-b\n- c",
        "invalid-syntax",
        "-",
        "hyphen",
        "tags:\n- a\n- b\n- c",
    ),
    (
        "title: a\nlayout:post",
        "invalid-syntax",
        ":",
        "no blank after the colon of `layout`",
        "title: a\nlayout: post",
    ),
    (
        "title：标题\nlayout: post",
        "invalid-syntax",
        "：",
        "full-width",
        "title: 标题\nlayout: post",
    ),
    (
        "title 标题\nlayout: post",
        "invalid-syntax",
        "title 标题",
        "no colon",
        "",
    ),
    (
        "title = a\nlayout: post",
        "invalid-syntax",
        "=",
        "`=`",
        "title: a\nlayout: post",
    ),
    (
        "title: a\u{1}b",
        "invalid-syntax",
        "\u{1}",
        "U+0001",
        "title: ab",
    ),
    (
        "title: \"a\"#b",
        "invalid-syntax",
        "#b",
        "comment",
        "title: \"a\" #b",
    ),
    (
        "<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> x",
        "conflict-marker",
        "<<<<<<< HEAD",
        "merge",
        "",
    ),
    (
        "title: a\nlayout: post\ntitle: a",
        "duplicate-key",
        "title",
        "same value (lines 2 and 4)",
        "title: a\nlayout: post",
    ),
    (
        "title: a\ntitle: b",
        "duplicate-key",
        "title",
        "different values",
        "",
    ),
    (
        "map: {a: 1, a: 1}",
        "duplicate-key",
        "a",
        "twice",
        "map: {a: 1}",
    ),
    ("- a\n- b", "non-mapping-root", "- a", "a list", ""),
    ("标题", "non-mapping-root", "标题", "a text", ""),
    (
        "title:foo",
        "non-mapping-root",
        "title:foo",
        "no blank",
        "title: foo",
    ),
    ("title:", "empty-title", "title", "empty", ""),
    ("title: ''", "empty-title", "''", "empty", ""),
    ("date: 2022-02-30", "invalid-date", "02-30", "28 days", ""),
    (
        "date: '2022-13-01'",
        "invalid-date",
        "13-01",
        "no month 13",
        "",
    ),
    (
        "date: 2022-07-09 25:00",
        "invalid-date",
        "25",
        "no hour 25",
        "",
    ),
    ("date: 09/07/2022", "invalid-date", "09", "four digits", ""),
    (
        "date: 2022-07-09T08:00.000Z",
        "invalid-date",
        ".000Z",
        "seconds",
        "",
    ),
    ("date: true", "invalid-date", "true", "boolean", ""),
    (
        "date: 0001-01-01",
        "implausible-date",
        "0001-01-01",
        "before 1971",
        "",
    ),
    (
        "date: 2022-07-09\nupdated: 2021-07-09",
        "date-order",
        "2021-07-09",
        "is before `date`",
        "",
    ),
    (
        "tags: [甲, 乙, '甲']",
        "duplicate-tag",
        "'甲'",
        "`甲` stands twice",
        "tags: [甲, 乙]",
    ),
    (
        "tags:\n  - a\n  - a",
        "duplicate-tag",
        "a",
        "twice",
        "tags:\n  - a",
    ),
    (
        "tags: a, b",
        "terms-in-text",
        "a, b",
        "not a list",
        "tags: [a, b]",
    ),
    (
        "tags: ['#a', b]",
        "hash-in-term",
        "#",
        "starts with `#`",
        "tags: ['a', b]",
    ),
    (
        "tags: [a, '', b]",
        "empty-term",
        "''",
        "says nothing",
        "tags: [a, b]",
    ),
    (
        "tags: [no, 012]",
        "disputed-type",
        "no",
        "YAML 1.1",
        "tags: [\"no\", 012]",
    ),
    (
        "title: 1984",
        "number-as-text",
        "1984",
        "whole number",
        "title: \"1984\"",
    ),
    (
        "published: 'false'",
        "text-as-boolean",
        "'false'",
        "true or false",
        "published: false",
    ),
    (
        "draft: true\npublished: true",
        "conflicting-keys",
        "published",
        "contradict",
        "",
    ),
    (
        "authorURL: https://example.com",
        "deprecated-key",
        "authorURL",
        "`author_url`",
        "author_url: https://example.com",
    ),
    (
        "color: #fff",
        "text-taken-for-comment",
        "#fff",
        "comment",
        "color: \"#fff\"",
    ),
    (
        "title: &Co 甲",
        "text-taken-for-anchor",
        "&Co",
        "anchor",
        "title: \"&Co 甲\"",
    ),
    (
        "name: !new 甲",
        "text-taken-for-tag",
        "!new",
        "tag",
        "name: \"!new 甲\"",
    ),
    (
        "title: \" a  b \"",
        "surplus-blank",
        " ",
        "blanks",
        "title: \"a b\"",
    ),
    (
        "title: a\u{200b}b",
        "invisible-character",
        "\u{200b}",
        "invisible",
        "title: ab",
    ),
    (
        "title: Itâ€™s",
        "mojibake",
        "â€™",
        "wrong encoding",
        "title: It’s",
    ),
    (
        "title: a\u{fffd}b",
        "replacement-character",
        "\u{fffd}",
        "lost",
        "",
    ),
    ("title: TODO", "placeholder", "TODO", "placeholder", ""),
    (
        "from: https:/example.com",
        "invalid-url",
        "https:/example.com",
        "two slashes",
        "",
    ),
    (
        "from: https://example.com/?utm_source=a&b=1",
        "tracking-parameter-in-front-matter",
        "https://example.com/?utm_source=a&b=1",
        "`utm_source`",
        "from: https://example.com/?b=1",
    ),
    (
        "image: https://example.com/a b.png",
        "unencoded-url",
        "https://example.com/a b.png",
        "a blank",
        "image: https://example.com/a%20b.png",
    ),
    ("title: a\t", "trailing-tab", "\t", "tab", "title: a"),
];

const TOML: &[Defect] = &[
    (
        "title = 标题",
        "invalid-syntax",
        "标题",
        "quotes",
        "title = \"标题\"",
    ),
    (
        "title: \"a\"",
        "invalid-syntax",
        ":",
        "colon",
        "title = \"a\"",
    ),
    (
        "draft = False",
        "invalid-syntax",
        "False",
        "small letters",
        "draft = false",
    ),
    (
        "title = \"a\nlayout = \"b\"",
        "unbalanced-quote",
        "\"",
        "never closed",
        "title = \"a\"\nlayout = \"b\"",
    ),
    (
        "title = \"a\"b\"",
        "unbalanced-quote",
        "\"a\"b\"",
        "inside",
        "title = \"a\\\"b\"",
    ),
    (
        "title = “甲”",
        "unbalanced-quote",
        "“甲”",
        "typographic",
        "title = \"甲\"",
    ),
    (
        "path = \"C:\\dir\"",
        "invalid-escape",
        "\"C:\\dir\"",
        "backslash",
        "path = \"C:\\\\dir\"",
    ),
    (
        "tags = [\"a\", \"b\"\ntitle = \"c\"",
        "invalid-syntax",
        "[",
        "never closed",
        "tags = [\"a\", \"b\"]\ntitle = \"c\"",
    ),
    (
        "[extra\na = 1",
        "invalid-syntax",
        "[extra",
        "table",
        "[extra]\na = 1",
    ),
    (
        "title =",
        "invalid-syntax",
        "title",
        "no value",
        "title = \"\"",
    ),
    (
        "title = \"a\"\ntitle = \"b\"",
        "duplicate-key-toml",
        "title",
        "stands twice",
        "",
    ),
    (
        "date = 2022-13-01",
        "invalid-syntax",
        "2022-13-01",
        "date",
        "",
    ),
    (
        "t = {a = 1,}",
        "invalid-syntax",
        ",",
        "comma",
        "t = {a = 1}",
    ),
    (
        "tags = [\"a\", \"a\"]",
        "duplicate-tag",
        "\"a\"",
        "twice",
        "tags = [\"a\"]",
    ),
];

const JSON: &[Defect] = &[
    (
        "\"title\": \"a\",",
        "invalid-syntax",
        ",",
        "last member",
        "\"title\": \"a\"",
    ),
    (
        "\"title\": \"a\"\n  \"b\": 1",
        "invalid-syntax",
        "\"",
        "comma is missing",
        "\"title\": \"a\",\n  \"b\": 1",
    ),
    (
        "\"title\": 'a'",
        "invalid-syntax",
        "'a'",
        "single",
        "\"title\": \"a\"",
    ),
    (
        "\"title\": \"a\", // 注\n  \"b\": 1",
        "invalid-syntax",
        "// 注",
        "no comments",
        "\"title\": \"a\", \n  \"b\": 1",
    ),
    (
        "\"draft\": True",
        "invalid-syntax",
        "True",
        "neither",
        "\"draft\": true",
    ),
    (
        "\"title\": \"标题",
        "unbalanced-quote",
        "\"",
        "closing quote",
        "\"title\": \"标题\"",
    ),
    (
        "\"title\": \"a\",\n  b: 1",
        "invalid-syntax",
        "b",
        "Keys need",
        "\"title\": \"a\",\n  \"b\": 1",
    ),
    (
        "\"title\": \"a\",\n  \"title\": \"a\"",
        "duplicate-key",
        "\"title\"",
        "twice",
        "\"title\": \"a\"",
    ),
];

fn failures(defects: &[Defect], open: &str, close: &str) -> Vec<String> {
    let settings = common::settings(Profile::Own, &[]);
    let mut failures = Vec::new();
    for eol in ["\n", "\r\n"] {
        for (inner, rule, marked, part, fixed) in defects {
            let whole = |inner: &str| format!("{open}{inner}{close}\n正文。\n").replace('\n', eol);
            let text = whole(inner);
            let document = Document::new("a.md", text.clone().into_bytes());
            let findings = lint(&document, &settings);
            let Some(finding) = findings.iter().find(|finding| &*finding.rule == *rule) else {
                let said: Vec<String> = findings
                    .iter()
                    .map(|finding| format!("{}: {}", finding.rule, finding.message))
                    .collect();
                failures.push(format!("{text:?}: {rule} is silent; {said:?}"));
                continue;
            };
            let shown = String::from_utf8_lossy(finding.span.slice(text.as_bytes())).into_owned();
            if shown != *marked {
                failures.push(format!("{text:?}: marks {shown:?}"));
            }
            let message = finding.message.contains(part);
            if !message {
                failures.push(format!("{text:?}: says {:?}", finding.message));
            }
            let expected = if fixed.is_empty() {
                text.clone()
            } else {
                whole(fixed)
            };
            let only = common::settings(Profile::Own, &[rule]);
            let result = fix(&document, &only, Safety::Unsafe);
            let result = String::from_utf8_lossy(&result.bytes).into_owned();
            if fixed.is_empty() && finding.fix.is_some() {
                failures.push(format!("{text:?}: offers {:?}", finding.fix));
            } else if !fixed.is_empty() && result != expected {
                failures.push(format!("{text:?}: becomes {result:?}"));
            }
        }
    }
    failures
}

#[test]
fn yaml_defects_are_found_and_repaired() {
    let failures = failures(YAML, "---\n", "\n---");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn toml_defects_are_found_and_repaired() {
    let failures = failures(TOML, "+++\n", "\n+++");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn json_defects_are_found_and_repaired() {
    let failures = failures(JSON, "{\n  ", "\n}\n");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_healthy_block_is_silent() {
    let settings = common::settings(Profile::Own, &[]);
    for text in [
        "---\n# 关于\nlayout: post\ntitle: \"中美: 共识\" # why\ndate: 2022-07-09T11:10:00.000Z\nauthor: 联合早报\ntags: [ 联合早报, 'a''b' ]\ncomments: True\ndescription: >-\n  folded: text\n  # no comment\nextra: &e {a: 1, b: [x, y]}\nmore: *e\nempty:\n---\n正文\n",
        "+++\ntitle = \"标题\"\ndate = 2022-07-09T11:10:00Z\ntags = [\n  \"a\", # one\n  'b',\n]\n[extra]\nx = { y = 1 }\n[[list]]\nz = '''\nraw'''\n+++\n",
        "{\n  \"title\": \"标题\",\n  \"tags\": [\"a\", \"b\"],\n  \"date\": \"2022-07-09\",\n  \"n\": null\n}\n\n正文\n",
        "\"title\": \"Hexo\",\n\"date\": \"2022-07-09\"\n;;;\n正文\n",
        "---js\n{ title: `a: b` }\n---\n",
        "# No front matter\n\n---\n\ntext: a\n",
    ] {
        let document = Document::new("a.md", text.as_bytes().to_vec());
        let findings = lint(&document, &settings);
        assert!(findings.is_empty(), "{text:?}: {findings:?}");
    }
}
