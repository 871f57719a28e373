//! The command line from the outside: what it prints, to which stream, and how it exits. The
//! snapshots lie in the top-level `snapshots/`.

#[path = "common/cli.rs"]
mod cli;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use insta_cmd::assert_cmd_snapshot;

use cli::{FORMATS, copydesk, folder, output_of};

fn run(folder: &Path, args: &[&str]) -> Output {
    copydesk(folder, args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

macro_rules! snapshot {
    ($name:expr, $command:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.remove_info();
        settings.add_filter(r"(?:/[^\s/]+)+/\.tmp\w+", "[FOLDER]");
        settings.bind(|| assert_cmd_snapshot!($name, $command));
    }};
}

/// A post with a directive that hides nothing (fixable) and one that names no rule (not fixable).
const POST: &str = "---\ntitle: 标题\n# copydesk-ignore: invalid-suppression\ntags: [a]\n---\n\n第一段 <!-- copydesk-ignore: nothing-of-that-name --> 之后的文字。\n";
const FIXED: &str = "---\ntitle: 标题\ntags: [a]\n---\n\n第一段 <!-- copydesk-ignore: nothing-of-that-name --> 之后的文字。\n";
const CLEAN: &str = "---\ntitle: Clean\n---\n\nNothing to say.\n";

#[test]
fn check_tells_what_is_wrong() {
    let root = folder(&[("posts/a.md", POST), ("posts/b.md", CLEAN)]);
    snapshot!(
        "check_full",
        &mut copydesk(root.path(), &["check", "posts", "--select", "suppressions"])
    );
    snapshot!(
        "check_concise",
        &mut copydesk(
            root.path(),
            &[
                "check",
                "posts",
                "--select",
                "suppressions",
                "--format",
                "concise"
            ]
        )
    );
    snapshot!(
        "check_json",
        &mut copydesk(
            root.path(),
            &[
                "check",
                "posts",
                "--select",
                "suppressions",
                "--format",
                "json"
            ]
        )
    );
    snapshot!(
        "check_color",
        copydesk(root.path(), &["check", "posts", "--select", "suppressions"])
            .env("CLICOLOR_FORCE", "1")
    );
    snapshot!(
        "check_statistics",
        &mut copydesk(
            root.path(),
            &["check", "--select", "suppressions", "--statistics"]
        )
    );
}

/// Each was held against its schema or a consumer of it when its snapshot was taken: the SARIF
/// schema of OASIS, GitLab's own fields, junitparser, an XML parser, rdformat-validator.
#[test]
fn programs_are_told_in_their_formats() {
    let name = "posts/文, 章 50%.md";
    let root = folder(&[(name, POST), ("posts/b.md", CLEAN)]);
    for format in [
        "grouped",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "rdjson",
    ] {
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(&regex::escape(env!("CARGO_PKG_VERSION")), "[VERSION]");
        settings.bind(|| {
            let args = [
                "check",
                "posts",
                "--select",
                "suppressions",
                "--quiet",
                "--format",
                format,
            ];
            snapshot!(
                format!("format_{format}"),
                &mut copydesk(root.path(), &args)
            );
        });
    }
}

#[test]
fn reports_go_to_files_beside_the_screen() {
    let root = folder(&[("a.md", POST)]);
    let args = [
        "check",
        "--format",
        "concise",
        "--output",
        "json=a.json",
        "--output",
        "sarif=a.sarif",
    ];
    let out = run(root.path(), &args);
    assert!(text(&out.stdout).contains("a.md:3:1"));
    let json = run(root.path(), &["check", "a.md", "--format", "json"]).stdout;
    assert_eq!(
        text(&fs::read(root.path().join("a.json")).unwrap()),
        text(&json)
    );
    let sarif = fs::read(root.path().join("a.sarif")).unwrap();
    let sarif: serde_json::Value = serde_json::from_slice(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 2);
    for wrong in ["json", "jsn=a", "json="] {
        let out = run(root.path(), &["check", "--output", wrong]);
        assert_eq!(out.status.code(), Some(2), "{wrong}");
    }
    let out = run(root.path(), &["check", "--output", "json=gone/a.json"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(
        text(&out.stderr).contains("`gone/a.json` cannot be written: there is no folder `gone`")
    );
}

#[test]
fn a_report_overwrites_no_content_and_no_other_report() {
    let root = folder(&[
        ("a.md", POST),
        ("文.txt", POST),
        ("copydesk.yaml", "# 配置\n"),
    ]);
    let refused: [&[&str]; 7] = [
        &["fix", "--write", "--save-patch", "x", "--output", "json=x"],
        &["check", "a.md", "--output", "sarif=a.md"],
        &["check", "文.txt", "--output", "sarif=./文.txt"],
        &["check", "文.txt", "--output", "sarif=a.md"],
        &["check", "--output", "json=x", "--output", "sarif=./x"],
        &["check", "--output", "json=copydesk.yaml"],
        &["fix", "-", "--output", "json=a.md"],
    ];
    for args in refused {
        let out = run(root.path(), args);
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        assert!(text(&out.stderr).contains("overwrite"), "{args:?}");
        assert_eq!(fs::read(root.path().join("a.md")).unwrap(), POST.as_bytes());
        assert!(!root.path().join("x").exists());
    }
    let config = fs::read(root.path().join("copydesk.yaml")).unwrap();
    assert_eq!(config, "# 配置\n".as_bytes());
    let out = run(root.path(), &["check", "--output", "sarif=-"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("`--format sarif`"));
    assert!(!root.path().join("-").exists());
    for _ in 0..2 {
        let out = run(root.path(), &["check", "--output", "json=x.json"]);
        assert_eq!(out.status.code(), Some(1), "a report may be written anew");
    }
}

#[test]
fn annotations_come_by_themselves_on_a_runner_of_github() {
    let root = folder(&[("a.md", POST)]);
    let out = copydesk(root.path(), &["check"])
        .env("GITHUB_ACTIONS", "true")
        .output()
        .unwrap();
    assert!(text(&out.stdout).contains("::warning file=a.md,line=3,endLine=3,col=1,"));
    assert!(text(&out.stdout).contains("╭─[a.md:3:1]"));
    let asked = copydesk(root.path(), &["check", "--format", "concise"])
        .env("GITHUB_ACTIONS", "true")
        .output()
        .unwrap();
    assert!(!text(&asked.stdout).contains("::warning"));
}

#[test]
fn jsonl_holds_the_objects_of_json() {
    let root = folder(&[("a.md", POST)]);
    let array = run(root.path(), &["check", "--format", "json"]).stdout;
    let lines = text(&run(root.path(), &["check", "--format", "jsonl"]).stdout);
    let array: Vec<serde_json::Value> = serde_json::from_slice(&array).unwrap();
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(!array.is_empty());
    assert_eq!(array, lines);
}

#[test]
fn a_clean_folder_is_clean() {
    let root = folder(&[("a.md", CLEAN)]);
    snapshot!(
        "check_clean",
        &mut copydesk(root.path(), &["check", "--select", "suppressions"])
    );
    assert_eq!(
        text(
            &run(
                root.path(),
                &["check", "--format", "json", "--select", "suppressions"]
            )
            .stdout
        ),
        "[]\n"
    );
}

#[test]
fn fix_shows_a_diff_and_writes_nothing() {
    let root = folder(&[("posts/a.md", POST)]);
    snapshot!(
        "fix_diff",
        &mut copydesk(root.path(), &["fix", "posts", "--select", "suppressions"])
    );
    assert_eq!(
        fs::read_to_string(root.path().join("posts/a.md")).unwrap(),
        POST
    );
}

#[test]
fn fix_write_applies_what_is_safe_and_then_finds_no_more_to_do() {
    let root = folder(&[("posts/a.md", POST)]);
    snapshot!(
        "fix_write",
        &mut copydesk(
            root.path(),
            &["fix", "--write", "posts", "--select", "suppressions"]
        )
    );
    assert_eq!(
        fs::read_to_string(root.path().join("posts/a.md")).unwrap(),
        FIXED
    );
    let again = run(
        root.path(),
        &["fix", "--write", "posts", "--select", "suppressions"],
    );
    assert!(!text(&again.stderr).contains("Applied"));
    assert_eq!(
        fs::read_to_string(root.path().join("posts/a.md")).unwrap(),
        FIXED
    );
    let names: Vec<_> = fs::read_dir(root.path().join("posts")).unwrap().collect();
    assert_eq!(names.len(), 1, "no temporary file is left");
}

#[test]
fn the_diff_is_one_that_patch_takes() {
    let root = folder(&[("posts/a.md", POST)]);
    let diff = run(root.path(), &["fix", "posts", "--select", "suppressions"]).stdout;
    let mut patch = match Command::new("git")
        .args(["apply", "-"])
        .current_dir(root.path())
        .stdin(Stdio::piped())
        .spawn()
    {
        Ok(patch) => patch,
        Err(_) => return,
    };
    std::io::Write::write_all(patch.stdin.as_mut().unwrap(), &diff).unwrap();
    assert!(patch.wait().unwrap().success());
    assert_eq!(
        fs::read_to_string(root.path().join("posts/a.md")).unwrap(),
        FIXED
    );
}

fn piped(folder: &Path, args: &[&str], input: &str) -> Output {
    output_of(folder, args, input.as_bytes())
}

#[test]
fn the_standard_input_is_checked_and_fixed() {
    let root = folder(&[]);
    let select = ["--select", "suppressions"];
    let checked = piped(
        root.path(),
        &[
            &[
                "check",
                "-",
                "--format",
                "concise",
                "--stdin-filename",
                "posts/x.md",
            ],
            &select[..],
        ]
        .concat(),
        POST,
    );
    assert!(text(&checked.stdout).starts_with("posts/x.md:3:1: warning[unused-suppression]"));
    assert_eq!(checked.status.code(), Some(1));
    let fixed = piped(root.path(), &[&["fix", "-"], &select[..]].concat(), POST);
    assert_eq!(text(&fixed.stdout), FIXED);
    assert!(
        text(&fixed.stderr).contains("nothing-of-that-name"),
        "what is left is told"
    );
    assert_eq!(fixed.status.code(), Some(1));
    let clean = piped(root.path(), &[&["fix", "-"], &select[..]].concat(), CLEAN);
    assert_eq!(text(&clean.stdout), CLEAN);
    assert_eq!(clean.status.code(), Some(0));
}

#[test]
fn a_page_on_the_standard_input_needs_no_name() {
    let root = folder(&[]);
    // Indented and fenced as it is, nothing of it is code: HTML has none.
    let body = "<p>a</p>\n\n    <div id=\"dfp-ad-1\"></div>\n```\n<div id=\"dfp-ad-2\"></div>\n";
    let page = format!("<!-- 存 -->\n<!DOCTYPE html>\n{body}");
    let fixed = piped(root.path(), &["fix", "-"], &page);
    assert!(!text(&fixed.stdout).contains("dfp-ad"));
    let checked = piped(root.path(), &["check", "-", "--format", "concise"], &page);
    assert!(text(&checked.stdout).starts_with("stdin.html:5:5: warning[ad-slot-dfp]"));
    let same = piped(root.path(), &["fix", "-"], body);
    assert_eq!(text(&same.stdout), body);
    // Larger than a stream holds, it is cleaned as one.
    let large = format!("{page}{}", "<p>一行没有换行的长文字</p>".repeat(50_000));
    let fixed = piped(root.path(), &["fix", "-"], &large);
    assert!(!text(&fixed.stdout).contains("dfp-ad"));
    assert!(text(&fixed.stderr).contains("cleaned as a stream"));
    assert_eq!(fixed.status.code(), Some(0));
}

#[test]
fn exit_codes_are_as_promised() {
    let root = folder(&[("a.md", POST), ("clean/b.md", CLEAN), ("empty/c.txt", "x")]);
    let code = |args: &[&str]| {
        let args = [args, &["--select", "suppressions"]].concat();
        run(root.path(), &args).status.code().unwrap()
    };
    assert_eq!(code(&["check", "clean"]), 0);
    assert_eq!(code(&["check", "a.md"]), 1);
    assert_eq!(code(&["check", "a.md", "--exit-zero"]), 0);
    assert_eq!(code(&["check", "a.md", "--fail-on", "error"]), 0);
    assert_eq!(code(&["check", "a.md", "--ignore", "suppressions"]), 0);
    assert_eq!(
        code(&["fix", "a.md", "--fail-on", "error"]),
        1,
        "something to fix"
    );
    assert_eq!(code(&["fix", "clean"]), 0);
    assert_eq!(code(&["check", "empty"]), 2);
    assert_eq!(code(&["check", "gone.md"]), 2);
    assert_eq!(
        code(&["check", "a.md", "gone.md", "--exit-zero"]),
        2,
        "2 wins"
    );
    assert_eq!(code(&["check", "19*/*.md"]), 2);
    assert_eq!(code(&["check", "--no-such-flag"]), 2);
    assert_eq!(code(&["check", "--ignore", "no-such-rule"]), 2);
    assert_eq!(
        code(&[
            "fix",
            "--write",
            "a.md",
            "--fail-on",
            "error",
            "--exit-non-zero-on-fix"
        ]),
        1
    );
    assert_eq!(
        code(&[
            "fix",
            "--write",
            "a.md",
            "--fail-on",
            "error",
            "--exit-non-zero-on-fix"
        ]),
        0
    );
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let root = folder(&[("a.md", POST)]);
    let out = run(
        root.path(),
        &["check", "a.md", "gone.md", "--format", "concise"],
    );
    assert!(text(&out.stdout).contains("a.md:3:1"));
    assert!(text(&out.stderr).contains("gone.md: there is no file or folder of this name"));
}

#[test]
fn one_thread_and_many_say_the_same() {
    let names: Vec<String> = (0..60)
        .map(|number| format!("posts/{number:02}/文章.md"))
        .collect();
    let long = format!("{POST}{}", "段落。\n\n".repeat(2000));
    let files: Vec<(&str, &str)> = names
        .iter()
        .enumerate()
        .map(|(number, name)| {
            (
                name.as_str(),
                if number % 7 == 0 { long.as_str() } else { POST },
            )
        })
        .collect();
    let root = folder(&files);
    for format in FORMATS.iter().copied() {
        for command in ["check", "fix"] {
            let one = run(root.path(), &[command, "--jobs", "1", "--format", format]);
            let many = run(root.path(), &[command, "--jobs", "8", "--format", format]);
            assert_eq!(one.stdout, many.stdout, "{command} {format}");
            assert_eq!(one.stderr, many.stderr, "{command} {format}");
            assert!(!one.stdout.is_empty());
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_reason_to_complain() {
    let names: Vec<String> = (0..400).map(|number| format!("{number}.md")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), POST)).collect();
    let root = folder(&files);
    let mut child = copydesk(root.path(), &["check"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert!(
        !text(&out.stderr).contains("panicked"),
        "{}",
        text(&out.stderr)
    );
    assert!(
        !text(&out.stderr).contains("error"),
        "{}",
        text(&out.stderr)
    );
}

#[test]
fn many_findings_of_one_rule_are_cut_short() {
    let many = "<!-- copydesk-ignore: no-such -->\n\n段落。\n\n".repeat(40);
    let root = folder(&[("a.md", &many)]);
    let short = text(&run(root.path(), &["check"]).stdout);
    assert_eq!(short.matches("╭─[a.md:").count(), 5);
    assert!(
        short.contains("35 more findings in a.md, lines 21, 25,"),
        "{short}"
    );
    let all = text(&run(root.path(), &["check", "--show-all"]).stdout);
    assert_eq!(all.matches("╭─[a.md:").count(), 40);
    let concise = text(&run(root.path(), &["check", "--format", "concise"]).stdout);
    assert_eq!(concise.lines().count(), 40, "the short format is never cut");
}

#[test]
fn a_configuration_file_is_checked_like_any_other() {
    let root = folder(&[
        ("posts/a.md", POST),
        (
            "copydesk.yaml",
            "# 配置\nselct: [default]\nignore: [supressions]\nprofile: archived\nseverity:\n  unused-suppression: warn\nexclude: ['a[']\n",
        ),
    ]);
    snapshot!(
        "config_wrong",
        &mut copydesk(root.path(), &["check", "posts"])
    );
    snapshot!(
        "config_isolated",
        &mut copydesk(
            root.path(),
            &[
                "check",
                "posts",
                "--isolated",
                "--quiet",
                "--format",
                "concise"
            ]
        )
    );
}

#[test]
fn the_nearest_configuration_counts_and_overrides_hold_for_their_paths() {
    let root = folder(&[
        (
            "copydesk.yaml",
            "exclude: [drafts/**]\noverrides:\n  - paths: ['old/**']\n    severity: {suppressions: info}\n",
        ),
        ("old/a.md", POST),
        ("new/a.md", POST),
        ("drafts/a.md", POST),
        ("other/copydesk.yaml", "ignore: [unused-suppression]\n"),
        ("other/deep/a.md", POST),
    ]);
    let out = text(&run(root.path(), &["check", "--format", "concise"]).stdout);
    assert!(
        out.contains("new/a.md:3:1: warning[unused-suppression]"),
        "{out}"
    );
    assert!(
        out.contains("old/a.md:3:1: info[unused-suppression]"),
        "{out}"
    );
    assert!(!out.contains("drafts/"), "{out}");
    assert!(out.contains("other/deep/a.md:7"), "{out}");
    assert!(!out.contains("other/deep/a.md:3:"), "{out}");
    let inside = text(&run(&root.path().join("old"), &["check", "--format", "concise"]).stdout);
    assert!(
        inside.contains("a.md:3:1: info["),
        "globs start at the file's folder: {inside}"
    );
    let excluded = run(root.path(), &["check", "drafts/a.md"]);
    assert_eq!(
        excluded.status.code(),
        Some(0),
        "an excluded file may be named"
    );
    let all_excluded = run(root.path(), &["check", "drafts"]);
    assert_eq!(all_excluded.status.code(), Some(2));
    let named = run(
        root.path(),
        &[
            "check",
            "new/a.md",
            "--config",
            "other/copydesk.yaml",
            "--format",
            "concise",
        ],
    );
    assert_eq!(text(&named.stdout).lines().count(), 1);
}

#[test]
fn a_baseline_hides_what_was_there_and_nothing_else() {
    let root = folder(&[("posts/a.md", POST), ("posts/b.md", CLEAN)]);
    let concise = |args: &[&str]| {
        let out = run(root.path(), &[args, &["--format", "concise"]].concat());
        (
            text(&out.stdout),
            text(&out.stderr),
            out.status.code().unwrap(),
        )
    };
    let taken = run(root.path(), &["baseline"]);
    assert!(text(&taken.stdout).starts_with("Recorded 2 findings in copydesk-baseline.json."));
    let file = root.path().join("copydesk-baseline.json");
    let first = fs::read_to_string(&file).unwrap();
    let (out, err, code) = concise(&["check"]);
    assert_eq!((out.as_str(), code), ("", 0));
    assert!(
        err.contains("2 known findings are in the baseline"),
        "{err}"
    );
    assert_eq!(concise(&["check", "--no-baseline"]).2, 1);
    assert_eq!(concise(&["check", "--isolated"]).2, 1);

    // Lines move, and something new comes.
    let moved = POST.replace(
        "\n\n第",
        "\n\n新的一段。 <!-- copydesk-ignore: other-rule -->\n\n第",
    );
    fs::write(root.path().join("posts/a.md"), &moved).unwrap();
    let (out, _, code) = concise(&["check", "posts"]);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.contains("other-rule") && code == 1, "{out}");
    let inside = run(
        &root.path().join("posts"),
        &["check", "--baseline", "../copydesk-baseline.json"],
    );
    assert!(
        text(&inside.stderr).contains("2 known"),
        "paths count from the baseline's folder"
    );

    // Something is repaired.
    fs::write(root.path().join("posts/a.md"), FIXED).unwrap();
    let (_, err, code) = concise(&["check"]);
    assert_eq!(code, 0);
    assert!(
        err.contains("1 entry of the baseline no longer occurs"),
        "{err}"
    );
    let (_, err, _) = concise(&["check", "--select", "ads"]);
    assert!(
        !err.contains("no longer"),
        "rules that did not run say nothing: {err}"
    );
    let pruned = run(root.path(), &["baseline", "--prune"]);
    assert!(
        text(&pruned.stdout).starts_with("Took 1 entry out"),
        "{}",
        text(&pruned.stdout)
    );
    assert_ne!(fs::read_to_string(&file).unwrap(), first);
    assert_eq!(concise(&["check"]).2, 0);

    fs::write(&file, "{\"version\": 1}").unwrap();
    let (out, _, code) = concise(&["check"]);
    assert!(
        out.contains("copydesk-baseline.json:1:") && out.contains("invalid-baseline"),
        "{out}"
    );
    assert_eq!(code, 2);
    assert_eq!(concise(&["check", "--baseline", "gone.json"]).2, 2);
}

#[test]
fn init_looks_at_the_folder_and_writes_a_configuration_that_holds() {
    let page = "---\ntitle: a\nfrom: https://example.com/a\n---\n\nText.\n";
    let root = folder(&[
        ("_config.yml", "title: x\n"),
        ("_posts/2024-01-01-a.md", page),
        ("_posts/2024-01-02-b.md", page),
    ]);
    let out = run(root.path(), &["init"]);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let config = fs::read_to_string(root.path().join("copydesk.yaml")).unwrap();
    assert!(
        config.contains("\npreset: jekyll\n") && config.contains("\nprofile: archive\n"),
        "{config}"
    );
    assert_eq!(run(root.path(), &["check"]).status.code(), Some(0));
    // What is commented out can be used as it stands.
    let uncommented: String = config
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest)
                if rest.contains(": [")
                    || rest.contains(": {")
                    || rest.starts_with("overrides")
                    || rest.starts_with("  ") =>
            {
                format!("{rest}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    fs::write(root.path().join("copydesk.yaml"), &uncommented).unwrap();
    let check = run(root.path(), &["check"]);
    assert_eq!(
        check.status.code(),
        Some(0),
        "{uncommented}{}",
        text(&check.stdout)
    );
    assert_eq!(
        run(root.path(), &["init"]).status.code(),
        Some(2),
        "nothing is overwritten"
    );
    let plain = folder(&[("a.md", CLEAN)]);
    run(plain.path(), &["init"]);
    let config = fs::read_to_string(plain.path().join("copydesk.yaml")).unwrap();
    assert!(
        config.contains("none was recognised") && config.contains("\nprofile: own\n"),
        "{config}"
    );
}

#[test]
fn configurations_extend_others_and_say_where_values_come_from() {
    let root = folder(&[
        (
            "house/base.yaml",
            "profile: archive\nignore: [ads]\nseverity: {suppressions: info, urls: error}\npacks: [house.yaml]\n",
        ),
        ("house/house.yaml", HOUSE),
        (
            "site/copydesk.yaml",
            "extends: [../house/base.yaml]\npreset: jekyll\nignore: [layout]\nseverity: {suppressions: error}\noverrides:\n  - paths: ['old/**']\n    profile: own\n",
        ),
        (
            "site/a.md",
            "---\ntitle: a\n---\n\n<p class=\"house-note\">x</p>\n",
        ),
        ("circle/a.yaml", "extends: b.yaml\n"),
        ("circle/b.yaml", "extends: a.yaml\n"),
        ("circle/a.md", CLEAN),
    ]);
    let site = root.path().join("site");
    snapshot!(
        "config_show_origin",
        &mut copydesk(&site, &["config", "show", "--origin", "--ignore", "urls"])
    );
    let old = text(&run(&site, &["config", "show", "old/x.md", "--origin"]).stdout);
    assert!(
        old.contains("(entry 1 of `overrides`)\nprofile: own\n"),
        "{old}"
    );
    let out = run(&site, &["check", "--format", "concise"]);
    assert!(
        text(&out.stdout).contains("a.md:5:1: warning[house-note]"),
        "{}",
        text(&out.stdout)
    );
    let explained = run(&site, &["explain", "house-note"]);
    assert!(text(&explained.stdout).contains("A note of the house"));
    let circle = run(
        root.path(),
        &["check", "circle", "--config", "circle/a.yaml"],
    );
    assert_eq!(circle.status.code(), Some(2));
    assert!(
        text(&circle.stdout).contains("in a circle"),
        "{}",
        text(&circle.stdout)
    );
    assert!(
        text(&circle.stdout).contains("circle/b.yaml:1:10"),
        "{}",
        text(&circle.stdout)
    );
}

const HOUSE: &str = "group: house\nrules:\n  - id: house-note\n    summary: A note of the house\n    why: It is meant for authors.\n    help: Delete it.\n    match: p.house-note\n    fix: remove\n    safety: unsafe\n    severity: warning\n    examples:\n      - before: '<p class=\"house-note\">x</p>'\n        after: ''\n      - keep: '<p>x</p>'\n";

#[test]
fn packs_are_tested_with_the_laws_of_the_built_in_rules() {
    let root = folder(&[("house.yaml", HOUSE)]);
    let good = run(root.path(), &["rules", "test", "house.yaml"]);
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stdout));
    let wrong = HOUSE.replace("after: ''", "after: 'y'");
    fs::write(root.path().join("house.yaml"), wrong).unwrap();
    let bad = run(root.path(), &["rules", "test", "house.yaml"]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(
        text(&bad.stdout).contains("FAIL  house-note"),
        "{}",
        text(&bad.stdout)
    );
    // Wrong packs are told at their place.
    for (from, to, place, message) in [
        (
            "severity: warning",
            "severity: loud",
            "house.yaml:10:",
            "loud",
        ),
        ("summary:", "sumary:", "house.yaml:", "sumary"),
        (
            "match: p.house-note",
            "match: 'p['",
            "house.yaml:7:",
            "selector",
        ),
        (
            "id: house-note",
            "id: House_Note",
            "house.yaml:3:",
            "kebab-case",
        ),
        (
            "why: It is meant for authors.",
            "why: ''",
            "house.yaml:3:",
            "why",
        ),
        ("group: house", "group: [", "house.yaml:", ""),
    ] {
        fs::write(root.path().join("house.yaml"), HOUSE.replace(from, to)).unwrap();
        let out = run(root.path(), &["rules", "test", "house.yaml"]);
        assert_eq!(out.status.code(), Some(2), "{to}");
        let shown = text(&out.stdout);
        assert!(
            shown.contains(place) && shown.contains(message),
            "{to}: {shown}"
        );
    }
    assert_eq!(
        run(root.path(), &["rules", "test", "gone.yaml"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn files_come_from_lists() {
    let root = folder(&[
        ("a.md", POST),
        ("文 章.md", POST),
        ("b.md", CLEAN),
        ("x.png", ""),
    ]);
    let check = |list: &str, more: &[&str]| {
        let args = [&["check", "--format", "concise", "--files-from", "-"], more].concat();
        let out = piped(root.path(), &args, list);
        (
            text(&out.stdout).lines().count(),
            text(&out.stderr),
            out.status.code().unwrap(),
        )
    };
    assert_eq!(check("a.md\r\nx.png\n\nb.md\n", &[]).0, 2);
    assert_eq!(check("a.md\0文 章.md\0", &["-0"]).0, 4);
    assert_eq!(check("", &[]).2, 0, "nothing changed is fine");
    // Wrong lists.
    assert!(check("a.md\0b.md", &[]).1.contains("-0"));
    let (_, err, code) = check("gone.md\n", &[]);
    assert!(
        code == 2 && err.contains("gone.md: there is no file"),
        "{err}"
    );
    let missing = run(root.path(), &["check", "--files-from", "gone.txt"]);
    assert!(
        text(&missing.stderr).contains("gone.txt"),
        "the list is named"
    );
    assert_eq!(run(root.path(), &["check", "-0"]).status.code(), Some(2));
    assert_eq!(check("a.md b.md\n", &[]).2, 2);
}

#[test]
fn files_can_be_limited_to_what_changed() {
    let root = folder(&[
        ("posts/a.md", POST),
        ("posts/b.md", POST),
        ("posts/c.md", POST),
    ]);
    let git = |args: &[&str]| {
        Command::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
            .args(args)
            .current_dir(root.path())
            .output()
            .is_ok_and(|out| out.status.success())
    };
    if !git(&["init", "-q"]) {
        return;
    }
    assert!(git(&["add", "-A"]) && git(&["commit", "-q", "-m", "one"]));
    fs::write(root.path().join("posts/b.md"), format!("{POST}more\n")).unwrap();
    assert!(git(&["commit", "-q", "-a", "-m", "two"]));
    fs::write(root.path().join("posts/新.md"), POST).unwrap();
    fs::remove_file(root.path().join("posts/c.md")).unwrap();
    let files = |folder: &Path, args: &[&str]| {
        let args = [&["check", "--files"], args].concat();
        let out = run(folder, &args);
        (
            text(&out.stdout),
            text(&out.stderr),
            out.status.code().unwrap(),
        )
    };
    assert_eq!(
        files(root.path(), &["--changed-since", "HEAD~1"]).0,
        "posts/b.md\nposts/新.md\n"
    );
    assert_eq!(
        files(root.path(), &["--changed-since", "HEAD"]).0,
        "posts/新.md\n"
    );
    assert_eq!(
        files(&root.path().join("posts"), &["--changed-since", "HEAD~1"]).0,
        "b.md\n新.md\n"
    );
    let (_, err, code) = files(root.path(), &["--changed-since", "nowhere"]);
    assert!(
        code == 2 && err.contains("no commit called `nowhere`"),
        "{err}"
    );
    let plain = folder(&[("a.md", POST)]);
    let (_, err, code) = files(plain.path(), &["--changed-since", "HEAD"]);
    assert!(code == 2 && err.contains("git says"), "{err}");
}

#[test]
fn it_says_which_files_are_taken_and_why_others_are_not() {
    let root = folder(&[
        ("copydesk.yaml", "exclude: [drafts/**]\n"),
        ("posts/a.md", POST),
        ("posts/a.png", ""),
        ("drafts/b.md", POST),
        ("_layouts/post.html", ""),
    ]);
    let out = run(root.path(), &["check", "--files"]);
    assert_eq!(text(&out.stdout), "posts/a.md\n");
    let err = text(&out.stderr);
    assert!(
        err.contains("skipped _layouts/: templates of Jekyll"),
        "{err}"
    );
    assert!(
        err.contains("skipped drafts/b.md: excluded by the configuration"),
        "{err}"
    );
    assert!(
        err.contains("skipped posts/a.png: not a content file"),
        "{err}"
    );
}

#[test]
fn a_saved_patch_leads_back() {
    let root = folder(&[("posts/a.md", POST), ("posts/文 章.md", POST)]);
    let out = run(
        root.path(),
        &["fix", "--write", "--save-patch", "back.patch", "posts"],
    );
    assert!(
        text(&out.stderr).contains("Applied 2 fixes in 2 files"),
        "{}",
        text(&out.stderr)
    );
    assert_eq!(
        fs::read_to_string(root.path().join("posts/文 章.md")).unwrap(),
        FIXED
    );
    let applied = Command::new("git")
        .args(["apply", "back.patch"])
        .current_dir(root.path())
        .output();
    let Ok(applied) = applied else { return };
    assert!(applied.status.success(), "{}", text(&applied.stderr));
    for name in ["posts/a.md", "posts/文 章.md"] {
        assert_eq!(fs::read_to_string(root.path().join(name)).unwrap(), POST);
    }
    let wrong = run(
        root.path(),
        &["fix", "--write", "--save-patch", "gone/back.patch", "posts"],
    );
    assert_eq!(wrong.status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(root.path().join("posts/a.md")).unwrap(),
        POST,
        "nothing is written"
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_leaves_each_file_old_or_new() {
    let names: Vec<String> = (0..1500).map(|number| format!("{number:04}.md")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), POST)).collect();
    for (signal, code) in [("-INT", Some(130)), ("-KILL", None)] {
        let root = folder(&files);
        let child = copydesk(
            root.path(),
            &[
                "fix", "--write", "--jobs", "2", "--quiet", "--format", "concise",
            ],
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
        let first = root.path().join(&names[0]);
        // Once the first file is written, the run is under way.
        let begun = std::time::Instant::now();
        while fs::read_to_string(&first).unwrap() == POST && begun.elapsed().as_secs() < 30 {
            std::thread::yield_now();
        }
        Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap();
        let out = child.wait_with_output().unwrap();
        let contents: Vec<String> = names
            .iter()
            .map(|name| fs::read_to_string(root.path().join(name)).unwrap())
            .collect();
        let old = contents.iter().filter(|content| *content == POST).count();
        let new = contents.iter().filter(|content| *content == FIXED).count();
        assert_eq!(old + new, names.len(), "{signal}: a file is torn");
        if old > 0 {
            assert_eq!(out.status.code(), code, "{signal}");
        }
        if signal == "-INT" {
            let left = fs::read_dir(root.path()).unwrap().count();
            assert_eq!(left, names.len(), "a temporary file is left");
        }
    }
}

#[test]
fn options_and_files_that_do_not_fit_are_told_at_their_place() {
    let root = folder(&[("a.md", CLEAN)]);
    for (config, place, message, help) in [
        (
            "options:\n  empty-title: {kys: [title]}\n",
            "2:17",
            "`empty-title` has no option called `kys`",
            "Did you mean `keys`?",
        ),
        (
            "overrides:\n  - paths: [a.md]\n    options: {empty-title: {kys: []}}\n",
            "3:29",
            "no option called `kys`",
            "`keys`",
        ),
        (
            "options: {empty-title: {keys: 3}}\n",
            "1:25",
            "options of `empty-title` do not fit: `keys` is the number 3",
            "copydesk explain empty-title",
        ),
        (
            "extends: [gone.yaml]\n",
            "1:11",
            "`gone.yaml` cannot be extended: there is no file",
            "configuration file",
        ),
        ("packs: [gone/]\n", "1:9", "cannot be had", "YAML file"),
        (
            "preset: jekyl\n",
            "1:9",
            "no preset is called `jekyl`",
            "`jekyll`",
        ),
    ] {
        fs::write(root.path().join("copydesk.yaml"), config).unwrap();
        let out = run(root.path(), &["check"]);
        assert_eq!(out.status.code(), Some(2), "{config}");
        let shown = text(&out.stdout);
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            shown.contains(&format!("copydesk.yaml:{place}]")),
            "{shown}"
        );
        assert!(
            shown.to_lowercase().contains(&message.to_lowercase()),
            "{shown}"
        );
        assert!(shown.contains(help), "{shown}");
    }
}

#[test]
fn rules_are_listed_and_explained() {
    let root = folder(&[
        ("copydesk.yaml", "packs: [house.yaml]\n"),
        ("house.yaml", HOUSE),
    ]);
    snapshot!(
        "explain_rule",
        &mut copydesk(root.path(), &["explain", "house-note"])
    );
    snapshot!(
        "explain_unknown",
        &mut copydesk(root.path(), &["explain", "house-nte"])
    );
    let listed = text(&run(root.path(), &["rules"]).stdout);
    assert!(listed.contains("unused-suppression"), "{listed}");
    let json = run(root.path(), &["rules", "--json"]).stdout;
    let rules: Vec<serde_json::Value> = serde_json::from_slice(&json).unwrap();
    assert!(
        rules
            .iter()
            .all(|rule| !rule["why"].as_str().unwrap().is_empty())
    );
}

#[test]
fn the_demo_runs_and_can_be_unpacked() {
    let root = folder(&[]);
    assert_eq!(run(root.path(), &["demo"]).status.code(), Some(0));
    assert_eq!(
        run(root.path(), &["demo", "--into", "sample"])
            .status
            .code(),
        Some(0)
    );
    assert!(root.path().join("sample/notes/about.md").is_file());
    let again = run(root.path(), &["demo", "--into", "sample"]);
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten");
}

#[test]
fn a_page_of_which_too_much_would_go_stays_and_says_so() {
    let link = "买一送一，".repeat(12);
    let ads: String = (0..22)
        .map(|n| format!("<div class=\"ad-box\"><a href=\"/shop/{n}\">{link}</a></div>\n"))
        .collect();
    let page = format!("<h1>灯塔</h1>\n<p>灯塔还在转动。</p>\n{ads}");
    let root = folder(&[("page.html", &page)]);
    let run = |command: &'static str, more: &[&'static str]| {
        let args = [
            &[command, "page.html", "--isolated", "--profile", "archive"][..],
            &["--select", "ads,limits"],
            more,
        ];
        copydesk(root.path(), &args.concat())
    };
    snapshot!("removal_budget", &mut run("check", &[]));
    let output = run("fix", &["--write"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let left = fs::read_to_string(root.path().join("page.html")).unwrap();
    assert_eq!(left, page);
}
