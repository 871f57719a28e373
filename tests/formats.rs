//! Reports for programs, read by those who read them: each has what its format asks for, and nothing
//! that it does not know.

#[path = "common/cli.rs"]
mod cli;

use cli::{FORMATS, copydesk, folder, get, run};
use serde_json::{Value, json};

/// Names and texts with everything that a format might trip over.
const NAME: &str = "posts/文, 章: 50% \"q\" & <b>.md";

/// A folder with findings of every kind: on bytes that are no UTF-8, on control characters, on long
/// lines, with and without fixes and labels, hidden ones, and a file that is clean.
fn messy() -> tempfile::TempDir {
    let long = format!(
        "{}<p>&nbsp;</p>{}\n",
        "很长的一行。".repeat(400),
        "x".repeat(400)
    );
    let post = format!(
        "\u{feff}---\r\ntitle: 一: 二\r\ntags: [a, a]\r\n---\r\n\r\n<div id=\"dfp-ad-x\">\r\n\r\n</div>\r\n{long}\r\n<!-- copydesk-ignore: no-such-rule -->\r\n"
    );
    let mut files = vec![
        (
            "posts/twins.md",
            "---\ntitle: t\n---\n\n<p> </p>\n\n<p> </p>\n",
        ),
        ("posts/clean.html", "<p>a</p>\n"),
        (
            "posts/controls.md",
            "---\ntitle: \"x\"\ndate: \"2024\\e[31m\\0\\u202E\\u0085%0A\\uFFFF\"\n---\n\n<p> </p>\0\u{b}\n\n<!-- copydesk-ignore: \u{1b}[1m -->\n",
        ),
        (
            "posts/hidden.md",
            "---\ntitle: t\n---\n\n<!-- copydesk-ignore: empty-paragraph -- ours -->\n<p> </p>\n",
        ),
    ];
    if cfg!(unix) {
        files.push((NAME, &post));
        files.push(("posts/it's 100%25 a=b.md", "---\ntitle: a: b\n---\n"));
    } else {
        files.push(("posts/文章.md", &post));
    }
    let root = folder(&files);
    let gbk = b"---\ntitle: \xB1\xEA\xCC\xE2\n---\n\n<p> </p>\n";
    std::fs::write(root.path().join("posts/gbk.md"), gbk).unwrap();
    root
}

fn report(format: &str) -> String {
    let root = messy();
    let output = format!("{format}=report");
    let args = ["check", "posts", "gone.md", "--exit-zero", "--output"];
    let said = run(root.path(), &[&args[..], &[output.as_str()]].concat());
    assert_eq!(said.code, 2, "one path is not there: {}", said.err);
    get(root.path(), "report")
}

/// The report on the messy folder, on a clean one, on one whose findings are known, of a repair, and
/// on a configuration that cannot be used.
fn reports(format: &str) -> Vec<String> {
    let output = format!("{format}=report");
    let of = |root: &std::path::Path, args: &[&str], code| {
        let said = run(root, &[args, &["--output", output.as_str()]].concat());
        assert_eq!(said.code, code, "{args:?}: {}{}", said.out, said.err);
        get(root, "report")
    };
    let clean = folder(&[("a.md", "---\ntitle: 文\n---\n\n文\n")]);
    let known = messy();
    run(known.path(), &["baseline"]);
    let mended = messy();
    let broken = folder(&[
        ("a.md", "---\ntitle: a: b\n---\n"),
        ("copydesk.yaml", "profil: own\nselect: [\"<&>'%\\e\"]\n"),
    ]);
    vec![
        report(format),
        of(clean.path(), &["check"], 0),
        of(known.path(), &["check"], 0),
        of(mended.path(), &["fix", "--write"], 1),
        of(broken.path(), &["check"], 2),
    ]
}

fn holds(schema: &Value, document: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let wrong: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The schema of OASIS, as the crate ships that reads SARIF here.
fn sarif_schema() -> Value {
    let cargo = |args: &[&str]| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = std::process::Command::new(cargo);
        let said = command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
        let said = said.output().unwrap();
        let error = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success(), "{args:?}: {error}");
        String::from_utf8(said.stdout).unwrap()
    };
    // Packages for other systems need not be there.
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = cargo(&[
        "metadata",
        "--offline",
        "--locked",
        "--format-version=1",
        "--filter-platform",
        host.unwrap(),
    ]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|it| it["name"] == "serde-sarif");
    let manifest = std::path::Path::new(package.unwrap()["manifest_path"].as_str().unwrap());
    let schema = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json"));
    let mut schema: Value = serde_json::from_str(&schema.unwrap()).unwrap();
    // The pattern of a language has a bracket too many, and no language is written here.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        assert!(
            language
                .as_object_mut()
                .unwrap()
                .remove("pattern")
                .is_some()
        );
    }
    schema
}

#[test]
fn sarif_holds_to_its_schema() {
    let schema = sarif_schema();
    assert!(schema["title"].as_str().unwrap().contains("SARIF"));
    let reports = reports("sarif");
    let successful: Vec<bool> = reports
        .iter()
        .map(|text| {
            let log: Value = serde_json::from_str(text).unwrap();
            holds(&schema, &log);
            let run = &log["runs"][0];
            run["invocations"][0]["executionSuccessful"]
                .as_bool()
                .unwrap()
        })
        .collect();
    assert_eq!(successful, [false, true, true, true, false]);
    let mut wrong: Value = serde_json::from_str(&reports[0]).unwrap();
    wrong["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] =
        0.into();
    assert!(!jsonschema::validator_for(&schema).unwrap().is_valid(&wrong));
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

#[test]
fn junit_has_what_jenkins_allows_and_no_more() {
    let children = |element: &str| match element {
        "" => &["testsuites"][..],
        "testsuites" => &["testsuite"],
        "testsuite" => &["testcase", "properties", "system-out", "system-err"],
        "testcase" => &["failure", "error", "skipped", "system-out", "system-err"],
        _ => &[],
    };
    let attributes = |element: &str| match element {
        "testsuites" => (
            &[][..],
            &["name", "time", "tests", "failures", "errors"][..],
        ),
        "testsuite" => (
            &["name", "tests", "failures", "errors"][..],
            &["skipped", "time", "timestamp", "hostname", "file"][..],
        ),
        "testcase" => (&["name"][..], &["classname", "time"][..]),
        "failure" | "error" => (&["type", "message"][..], &[][..]),
        _ => (&[][..], &[][..]),
    };
    for text in reports("junit") {
        let mut within = vec![String::new()];
        let mut reader = quick_xml::Reader::from_str(&text);
        loop {
            use quick_xml::events::Event;
            let event = reader.read_event().unwrap();
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    let parent = within.last().unwrap();
                    assert!(
                        children(parent).contains(&name.as_str()),
                        "{name} in {parent}"
                    );
                    let own: Vec<String> = tag
                        .attributes()
                        .map(|attribute| attribute.unwrap().key.as_ref().to_owned())
                        .collect();
                    let (needed, allowed) = attributes(&name);
                    let own: Vec<&str> = own.iter().map(String::as_str).collect();
                    assert!(
                        needed.iter().all(|key| own.contains(key)),
                        "{name}: {own:?}"
                    );
                    let known = |key: &&str| needed.contains(key) || allowed.contains(key);
                    assert!(own.iter().all(known), "{name}: {own:?}");
                    if matches!(event, Event::Start(_)) {
                        within.push(name);
                    }
                }
                Event::End(_) => {
                    within.pop();
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(within, [""]);
        junit_parser::from_reader(text.as_bytes()).unwrap();
        assert!(
            text.chars().all(in_xml),
            "characters that XML has no place for"
        );
    }
}

/// The characters of XML 1.0.
const fn in_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
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
    for text in reports("checkstyle") {
        assert_eq!(elements(&text)[0].0, "checkstyle");
        assert!(
            text.chars().all(in_xml),
            "characters that XML has no place for"
        );
    }
    let found = elements(&report("checkstyle"));
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
    let schema = json!({
        "type": "array",
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
    });
    for text in reports("gitlab") {
        holds(&schema, &serde_json::from_str(&text).unwrap());
    }
    let document: Value = serde_json::from_str(&report("gitlab")).unwrap();
    let entries = document.as_array().unwrap();
    let prints: std::collections::BTreeSet<&str> = entries
        .iter()
        .map(|entry| entry["fingerprint"].as_str().unwrap())
        .collect();
    assert!(entries.len() > 5);
    assert_eq!(prints.len(), entries.len(), "GitLab drops twins");
}

#[test]
fn rdjson_is_what_reviewdog_reads() {
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
    let schema = json!({
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
    });
    for text in reports("rdjson") {
        holds(&schema, &serde_json::from_str(&text).unwrap());
    }
    let document: Value = serde_json::from_str(&report("rdjson")).unwrap();
    assert!(document["diagnostics"].as_array().unwrap().len() > 5);
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
    let text = reports("github").concat();
    let lines: Vec<_> = text.lines().map(runner).collect();
    assert!(lines.len() > 5);
    for (name, properties, message) in &lines {
        assert!(["error", "warning", "notice"].contains(&name.as_str()));
        let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert!(keys.iter().all(|key| known.contains(key)), "{keys:?}");
        assert!(properties.iter().all(|(_, value)| !value.is_empty()));
        assert!(!message.is_empty());
        let controls = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(
            !message.contains(controls),
            "the log is a terminal too: {message:?}"
        );
    }
    // What stands in the message as %0A was no line end.
    let date = lines.iter().find(|(.., message)| message.contains("%0A"));
    assert!(date.unwrap().2.contains("is not a date"));
    assert!(lines.iter().any(|(.., message)| message.contains("profil")));
    #[cfg(unix)]
    for name in [NAME, "posts/it's 100%25 a=b.md"] {
        let named = |(_, properties, _): &(_, Vec<(String, String)>, _)| properties[0].1 == name;
        assert!(lines.iter().any(named), "{name}");
    }
}

/// What a report for `format` calls the file of each of its findings.
fn paths(format: &str, text: &str) -> Vec<String> {
    let list = |value: &Value, pointer: &str| -> Vec<String> {
        let items = value.as_array().unwrap().iter();
        let path = |item: &Value| item.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        items.map(path).collect()
    };
    let json = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    match format {
        "sarif" => list(
            &json(text)["runs"][0]["results"],
            "/locations/0/physicalLocation/artifactLocation/uri",
        ),
        "gitlab" => list(&json(text), "/location/path"),
        "rdjson" => list(&json(text)["diagnostics"], "/location/path"),
        _ => text
            .lines()
            .map(|line| runner(line).1[0].1.clone())
            .collect(),
    }
}

#[test]
fn paths_count_from_the_top_of_the_checkout_for_those_who_count_from_there() {
    let post = "---\ntitle: a: b\n---\n";
    let root = folder(&[
        ("top/docs/文/a.md", post),
        ("top/posts/b.md", post),
        ("c.md", post),
    ]);
    let (top, here) = (root.path().join("top"), root.path().join("top/docs/文"));
    let absolute = top.join("posts/b.md");
    let args = [
        "check",
        ".",
        "../../posts",
        "../../../c.md",
        absolute.to_str().unwrap(),
    ];
    let uri = |path: &str| path.replace('文', "%E6%96%87");
    let outside = root.path().canonicalize().unwrap().join("c.md");
    let outside = [
        outside.to_str().unwrap(),
        root.path().join("c.md").to_str().unwrap(),
    ]
    .map(str::to_owned);
    for variable in [Some("GITHUB_WORKSPACE"), Some("CI_PROJECT_DIR"), None] {
        if variable.is_none() {
            // As git has it in a work tree of its own. It is asked before the variables are.
            std::fs::write(top.join(".git"), "gitdir: elsewhere\n").unwrap();
        }
        for format in ["sarif", "gitlab", "github"] {
            let mut command = copydesk(&here, &[&args[..], &["--format", format]].concat());
            match variable {
                Some(name) => command.env(name, &top),
                None => command.env("GITHUB_WORKSPACE", root.path()),
            };
            let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
            let found = paths(format, &text);
            let own = "docs/文/a.md";
            let own = if format == "sarif" {
                uri(own)
            } else {
                own.to_owned()
            };
            assert!(found.contains(&own), "{format} {variable:?}: {found:?}");
            assert!(
                found.contains(&"posts/b.md".to_owned()),
                "{format}: {found:?}"
            );
            let far = |path: &String| outside.iter().any(|it| path.ends_with(it.as_str()));
            assert!(found.iter().any(far), "{format}: {found:?}");
            assert!(!found.iter().any(|path| path.contains("..")), "{found:?}");
        }
    }
    // reviewdog adds the folder that it runs in by itself.
    let text = run(&here, &["check", "--format", "rdjson"]).out;
    assert_eq!(paths("rdjson", &text), ["a.md"]);
}

#[test]
fn fingerprints_do_not_depend_on_the_folder_that_the_tool_ran_in() {
    let root = folder(&[
        ("docs/a.md", "<p> </p>\n"),
        ("blog/a.md", "<p> </p>\n"),
        (".git", ""),
    ]);
    let prints = |folder: &str| -> Vec<String> {
        let said = run(&root.path().join(folder), &["check", "--format", "gitlab"]);
        let entries: Value = serde_json::from_str(&said.out).unwrap();
        let entries = entries.as_array().unwrap().iter();
        entries
            .map(|entry| entry["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!([prints("blog"), prints("docs")].concat(), prints("."));
    assert_ne!(prints("blog"), prints("docs"));
}

#[test]
fn annotations_of_a_runner_tell_what_is_wrong_with_the_configuration() {
    let root = folder(&[
        ("site/copydesk.yaml", "profil: own\n"),
        ("site/a.md", "a\n"),
    ]);
    let out = copydesk(&root.path().join("site"), &["check"])
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_WORKSPACE", root.path())
        .output()
        .unwrap();
    let out = String::from_utf8(out.stdout).unwrap();
    assert!(
        out.contains("::error file=site/copydesk.yaml,line=1,"),
        "{out}"
    );
    assert!(out.contains("[copydesk.yaml:1:1]"), "{out}");
}

#[test]
fn as_many_threads_as_there_may_be_write_the_same_bytes() {
    let root = messy();
    for number in 0..40 {
        let post = format!("---\ntitle: 文{number}: b\n---\n\n<p> </p>\n\n<p>&nbsp;</p>\n");
        cli::put(
            root.path(),
            &format!("many/{}/{number}.md", number % 7),
            &post,
        );
    }
    let of = |format: &str, jobs: &str| {
        let args = ["check", ".", "gone.md", "--format", format, "--jobs", jobs];
        let said = copydesk(root.path(), &args).output().unwrap();
        (said.stdout, said.stderr)
    };
    for format in FORMATS {
        let one = of(format, "1");
        assert!(one.0.len() > 1000, "{format}");
        for jobs in ["2", "3", "16"] {
            assert!(of(format, jobs) == one, "{format} on {jobs} threads");
        }
    }
    // The list above is whole.
    let help = run(root.path(), &["check", "--format", "none"]).err;
    let line = help.lines().find(|line| line.contains("possible values"));
    let values = line.unwrap_or_else(|| panic!("{help}"));
    let values = values
        .split_once("values: ")
        .unwrap()
        .1
        .trim_end_matches(']');
    let mut known: Vec<&str> = FORMATS.to_vec();
    let mut listed: Vec<&str> = values.split(", ").collect();
    known.sort_unstable();
    listed.sort_unstable();
    assert_eq!(known, listed);
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
