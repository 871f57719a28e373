//! Reports for programs, read by those who read them: each has what its format asks for, and nothing
//! that it does not know.

#[path = "common/cli.rs"]
mod cli;

use cli::{copydesk, folder, get, run};
use serde_json::{Value, json};

/// Names and texts with everything that a format might trip over.
const NAME: &str = "posts/文, 章: 50% \"q\" & <b>.md";

fn report(format: &str) -> String {
    let long = format!(
        "{}<p>&nbsp;</p>{}\n",
        "很长的一行。".repeat(400),
        "x".repeat(400)
    );
    let post = format!(
        "\u{feff}---\r\ntitle: 一: 二\r\ntags: [a, a]\r\n---\r\n\r\n<div id=\"dfp-ad-x\">\r\n\r\n</div>\r\n{long}\r\n<!-- copydesk-ignore: no-such-rule -->\r\n"
    );
    let twins = "---\ntitle: t\n---\n\n<p> </p>\n\n<p> </p>\n";
    let mut files = vec![
        ("posts/twins.md", twins),
        ("posts/clean.html", "<p>a</p>\n"),
    ];
    if cfg!(unix) {
        files.push((NAME, &post));
    } else {
        files.push(("posts/文章.md", &post));
    }
    let root = folder(&files);
    let output = format!("{format}=report");
    let args = ["check", "posts", "gone.md", "--exit-zero", "--output"];
    let said = run(root.path(), &[&args[..], &[output.as_str()]].concat());
    assert_eq!(said.code, 2, "one path is not there: {}", said.err);
    get(root.path(), "report")
}

fn holds(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sarif_is_read_back_without_a_loss() {
    let text = report("sarif");
    let plain: Value = serde_json::from_str(&text).unwrap();
    let read: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), plain);
    let run = &read.runs[0];
    let rules = run.tool.driver.rules.as_ref().unwrap();
    let results = run.results.as_ref().unwrap();
    assert!(results.len() > 4);
    let mut prints = std::collections::BTreeSet::new();
    for result in results {
        let rule = &rules[usize::try_from(result.rule_index.unwrap()).unwrap()];
        assert_eq!(Some(&rule.id), result.rule_id.as_ref());
        assert!(rule.help.is_some() && rule.short_description.is_some());
        assert!(rule.full_description.is_some() && rule.default_configuration.is_some());
        let place = &result.locations.as_ref().unwrap()[0];
        let place = place.physical_location.as_ref().unwrap();
        let region = place.region.as_ref().unwrap();
        assert!(region.start_line.unwrap() >= 1 && region.start_column.unwrap() >= 1);
        let uri = place.artifact_location.as_ref().unwrap().uri.as_ref();
        assert!(uri.unwrap().is_ascii() && !uri.unwrap().contains([' ', '"', '<']));
        let print = result.partial_fingerprints.as_ref().unwrap();
        prints.insert(format!("{print:?}"));
        for fix in result.fixes.iter().flatten() {
            assert!(
                fix.artifact_changes
                    .iter()
                    .all(|it| !it.replacements.is_empty())
            );
        }
    }
    assert_eq!(prints.len(), results.len(), "twins are told apart");
    assert!(results.iter().any(|result| result.fixes.is_some()));
    let invocation = &run.invocations.as_ref().unwrap()[0];
    assert!(!invocation.execution_successful, "a path is not there");
}

#[test]
fn junit_is_read_back_with_its_sums() {
    let text = report("junit");
    let suites = junit_parser::from_reader(text.as_bytes()).unwrap();
    let sum = |of: fn(&junit_parser::TestSuite) -> u64| suites.suites.iter().map(of).sum::<u64>();
    assert_eq!(suites.tests, sum(|suite| suite.cases.len() as u64));
    assert_eq!(suites.tests, sum(|suite| suite.tests));
    assert_eq!(suites.failures, sum(|suite| suite.failures));
    assert_eq!((suites.errors, sum(|suite| suite.errors)), (1, 1));
    let failed = |case: &&junit_parser::TestCase| case.status.is_failure();
    let cases = suites.suites.iter().flat_map(|suite| &suite.cases);
    assert_eq!(cases.filter(failed).count() as u64, suites.failures);
    assert!(suites.failures > 0 && suites.suites.iter().any(|suite| suite.failures == 0));
    #[cfg(unix)]
    assert!(suites.suites.iter().any(|suite| suite.name == NAME));
}

/// Elements and attributes of an XML text, which is well-formed.
fn elements(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_owned();
                    let value = attribute.value.into_owned();
                    (
                        key,
                        quick_xml::escape::unescape(&value).unwrap().into_owned(),
                    )
                });
                let name = tag.name().as_ref().to_owned();
                found.push((name, attributes.collect()));
            }
            quick_xml::events::Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn checkstyle_has_its_elements_and_no_others() {
    let found = elements(&report("checkstyle"));
    assert_eq!(found[0].0, "checkstyle");
    let allowed = |element: &str| match element {
        "checkstyle" => &["version"][..],
        "file" => &["name"],
        "error" => &["line", "column", "severity", "message", "source"],
        "exception" => &[],
        other => panic!("no element is called {other}"),
    };
    for (name, attributes) in &found {
        let names: Vec<&str> = attributes.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(names, allowed(name), "{name}");
    }
    let of = |name: &str| found.iter().filter(|(own, _)| own == name).count();
    assert!(of("file") >= 2 && of("error") > 4);
    for (_, attributes) in found.iter().filter(|(name, _)| name == "error") {
        assert!(attributes[0].1.parse::<u32>().unwrap() >= 1);
        assert!(["error", "warning", "info", "ignore"].contains(&attributes[2].1.as_str()));
    }
    #[cfg(unix)]
    assert!(found.iter().any(|(_, attributes)| attributes[0].1 == NAME));
}

#[test]
fn gitlab_has_the_fields_that_code_quality_asks_for() {
    let document: Value = serde_json::from_str(&report("gitlab")).unwrap();
    holds(
        &json!({
            "type": "array",
            "minItems": 5,
            "items": {
                "type": "object",
                "required": ["description", "check_name", "fingerprint", "severity", "location"],
                "additionalProperties": false,
                "properties": {
                    "description": {"type": "string", "minLength": 1},
                    "check_name": {"type": "string", "pattern": "^[a-z0-9-]+$"},
                    "fingerprint": {"type": "string", "minLength": 16},
                    "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                    "location": {
                        "type": "object",
                        "required": ["path", "lines"],
                        "properties": {
                            "path": {"type": "string", "not": {"pattern": "^\\./"}},
                            "lines": {
                                "type": "object",
                                "required": ["begin"],
                                "properties": {"begin": {"type": "integer", "minimum": 1}},
                            },
                        },
                    },
                },
            },
        }),
        &document,
    );
    let entries = document.as_array().unwrap();
    let prints: std::collections::BTreeSet<&str> = entries
        .iter()
        .map(|entry| entry["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(prints.len(), entries.len(), "GitLab drops twins");
}

#[test]
fn rdjson_is_what_reviewdog_reads() {
    let document: Value = serde_json::from_str(&report("rdjson")).unwrap();
    let place = json!({
        "type": "object",
        "required": ["line", "column"],
        "additionalProperties": false,
        "properties": {
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1},
        },
    });
    let range = json!({
        "type": "object",
        "required": ["start"],
        "additionalProperties": false,
        "properties": {"start": place, "end": place},
    });
    holds(
        &json!({
            "type": "object",
            "required": ["diagnostics", "source"],
            "additionalProperties": false,
            "properties": {
                "source": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": {"type": "string"}, "url": {"type": "string"}},
                },
                "severity": {"type": "string"},
                "diagnostics": {
                    "type": "array",
                    "minItems": 5,
                    "items": {
                        "type": "object",
                        "required": ["message", "location"],
                        "additionalProperties": false,
                        "properties": {
                            "message": {"type": "string"},
                            "location": {
                                "type": "object",
                                "required": ["path", "range"],
                                "properties": {"path": {"type": "string"}, "range": range},
                            },
                            "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                            "code": {
                                "type": "object",
                                "required": ["value"],
                                "properties": {"value": {"type": "string"}},
                            },
                            "suggestions": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "required": ["range", "text"],
                                    "additionalProperties": false,
                                    "properties": {"range": range, "text": {"type": "string"}},
                                },
                            },
                        },
                    },
                },
            },
        }),
        &document,
    );
    // Columns are bytes: `<p>` stands after 400 times six characters of three bytes.
    let columns = document["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["location"]["range"]["start"]["column"].as_u64().unwrap());
    assert_eq!(columns.max(), Some(400 * 6 * 3 + 1));
}

/// What the runner makes of a line: it looks for `::name key=value,key=value::message` and undoes the
/// escapes.
fn runner(line: &str) -> (String, Vec<(String, String)>, String) {
    let rest = line.strip_prefix("::").unwrap();
    let (head, message) = rest.split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let undo = |text: &str| {
        text.replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let properties = properties.split(',').map(|property| {
        let (key, value) = property.split_once('=').unwrap();
        (key.to_owned(), undo(value))
    });
    (name.to_owned(), properties.collect(), undo(message))
}

#[test]
fn the_runner_of_github_reads_what_was_meant() {
    let text = report("github");
    let lines: Vec<_> = text.lines().map(runner).collect();
    assert!(lines.len() > 5);
    for (name, properties, message) in &lines {
        assert!(["error", "warning", "notice"].contains(&name.as_str()));
        let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert!(keys.iter().all(|key| known.contains(key)), "{keys:?}");
        assert!(!message.is_empty() && !message.contains("%0A"));
    }
    #[cfg(unix)]
    assert!(
        lines
            .iter()
            .any(|(_, properties, _)| properties[0].1 == NAME)
    );
}

#[test]
fn paths_for_the_runner_count_from_the_top_of_the_checkout() {
    let root = folder(&[("site/posts/a.md", "---\ntitle: a: b\n---\n")]);
    let out = copydesk(&root.path().join("site"), &["check", "posts"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_WORKSPACE", root.path())
        .output()
        .unwrap();
    let out = String::from_utf8(out.stdout).unwrap();
    assert!(
        out.contains("::error file=site/posts/a.md,line=2,"),
        "{out}"
    );
    assert!(out.contains("[posts/a.md:2:"), "{out}");
}

#[test]
fn a_diff_is_a_format_like_the_others() {
    let post =
        "---\r\ntitle: t\r\n---\r\n\r\n文。\r\n\r\n<p>&nbsp;</p>\r\n\r\nend without a line end";
    let root = folder(&[("a b.md", post), ("c.md", "---\ntitle: t\n---\n\nx\n")]);
    let shown = run(root.path(), &["check", "--format", "diff"]);
    assert_eq!(shown.code, 1);
    let args = [
        "check",
        "--format",
        "concise",
        "--output",
        "diff=fixes.patch",
    ];
    let both = run(root.path(), &args);
    assert!(
        both.out.contains("warning[empty-paragraph]"),
        "{}",
        both.out
    );
    assert_eq!(get(root.path(), "fixes.patch"), shown.out);
    assert_eq!(run(root.path(), &["fix"]).out, shown.out);
    let fix = run(root.path(), &["fix", "--format", "diff"]);
    assert_eq!(fix.out, shown.out);
    assert!(!fix.err.contains("@@"), "it is shown once: {}", fix.err);
    assert_eq!(get(root.path(), "a b.md"), post, "check never writes");
    let written = ["fix", "--write", "--output", "diff=done.patch", "--quiet"];
    run(root.path(), &written);
    assert_eq!(get(root.path(), "done.patch"), shown.out);
}

#[test]
fn the_schemas_are_schemas_and_hold_for_what_they_are_about() {
    let root = folder(&[("a.md", "---\ntitle: a: b\n---\n\n<p> </p>\n")]);
    let schema = |of: &str| -> Value {
        let said = run(root.path(), &["schema", of]);
        serde_json::from_str(&said.out).unwrap()
    };
    for of in ["config", "pack", "preset", "output"] {
        let schema = schema(of);
        assert!(jsonschema::meta::is_valid(&schema), "{of}");
    }
    let output = run(root.path(), &["check", "--format", "json"]).out;
    holds(&schema("output"), &serde_json::from_str(&output).unwrap());
    let config = "profile: archive\nselect: default\ncontent: [posts]\nlimits: {look-back: 1 MiB, longest-token: 9}\nseverity: {ads: info}\noptions: {required-key: {keys: [title]}}\noverrides: [{paths: 'a/**', profile: own}]\n";
    let yaml = |text: &str| -> Value { serde_yaml::from_str(text).unwrap() };
    holds(&schema("config"), &yaml(config));
    let validator = jsonschema::validator_for(&schema("config")).unwrap();
    for wrong in [
        "profil: own\n",
        "profile: all\n",
        "severity: {ads: loud}\n",
        "limits: {look-back: much}\n",
        "overrides: [{profile: own, path: a}]\n",
        "exclude: {a: b}\n",
    ] {
        assert!(!validator.is_valid(&yaml(wrong)), "{wrong}");
    }
    let pack = include_str!("../rules/ads.yaml");
    holds(&schema("pack"), &yaml(pack));
    holds(
        &schema("preset"),
        &yaml(include_str!("../rules/presets/jekyll.yaml")),
    );
}
