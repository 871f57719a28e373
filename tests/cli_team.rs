//! What a team uses: directives for what is there today, the baseline, the configuration of a site,
//! and patches that lead back.

#[path = "common/cli.rs"]
mod cli;

use std::fs;
use std::path::Path;
use std::process::Command;

use cli::{copydesk, folder, get, joined, put, run};

const POST: &str =
    "---\ntitle: 茶: 散步\n---\n\n一段。\n\n<div id=\"dfp-ad-x\"></div>\n\n- a <p></p>\n- b\n";
const HTML: &str =
    "<html>\r\n<body>\r\n  <div id=\"dfp-ad-x\"></div><p> </p>\r\n</body>\r\n</html>\r\n";
const MDX: &str = "import A from 'a'\n\n<div id=\"dfp-ad-x\"></div>\n\n<A>文</A>\n";
const JSON: &str = "{\"title\": \"\"}\n\nText.\n";

/// Whether `new` is `old` with comments added.
fn only_comments_are_new(old: &str, new: &str) -> bool {
    let comment = regex::Regex::new(
        r" ?(<!-- copydesk-.*? -->|\{/\* copydesk-.*? \*/\}|# copydesk-[^\r\n]*)",
    )
    .unwrap();
    let lines = |text: &str| -> Vec<String> {
        text.split_inclusive('\n')
            .filter_map(|line| {
                let rest = comment.replace_all(line, "").into_owned();
                (!rest.trim().is_empty() || rest == line).then_some(rest)
            })
            .collect()
    };
    lines(old) == lines(new)
}

#[test]
fn directives_take_the_place_of_a_baseline() {
    let files = [
        ("posts/文.md", POST),
        ("page.html", HTML),
        ("a.mdx", MDX),
        ("j.md", JSON),
        ("clean.md", "---\ntitle: a\n---\n\nb\n"),
    ];
    let root = folder(&files);
    assert_eq!(run(root.path(), &["check"]).code, 1);
    let said = run(root.path(), &["baseline", "--add-ignore=旧主题, see #12"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(
        said.err
            .contains("Hid 7 findings by directives in 4 files."),
        "{}",
        said.err
    );
    assert!(!root.path().join("copydesk-baseline.json").exists());
    assert_eq!(
        get(root.path(), "posts/文.md"),
        "---\n# copydesk-ignore: unquoted-colon -- 旧主题, see #12\ntitle: 茶: 散步\n---\n\n一段。\n\n<!-- copydesk-ignore: ad-slot-dfp -- 旧主题, see #12 -->\n<div id=\"dfp-ad-x\"></div>\n\n<!-- copydesk-ignore: empty-paragraph -- 旧主题, see #12 -->\n- a <p></p>\n- b\n"
    );
    let page = get(root.path(), "page.html");
    assert!(
        page.contains("\r\n  <!-- copydesk-ignore: ad-slot-dfp, empty-paragraph -- "),
        "{page}"
    );
    for (name, old) in files {
        let new = get(root.path(), name);
        assert!(only_comments_are_new(old, &new), "{new}");
        assert_eq!(new.contains('\r'), new.contains("\r\n"));
    }
    let silent = run(root.path(), &["check"]);
    assert_eq!(
        (silent.code, silent.out.as_str()),
        (0, ""),
        "{}",
        silent.err
    );
    let before: Vec<String> = files
        .iter()
        .map(|(name, _)| get(root.path(), name))
        .collect();
    let again = run(root.path(), &["baseline", "--add-ignore"]);
    assert_eq!(again.code, 0);
    let after: Vec<String> = files
        .iter()
        .map(|(name, _)| get(root.path(), name))
        .collect();
    assert_eq!(before, after, "a second run adds nothing");
}

#[test]
fn what_no_directive_can_hide_is_listed() {
    let root = folder(&[("a.md", POST)]);
    fs::write(root.path().join("latin.md"), b"---\ntitle: caf\xE9\n---\n").unwrap();
    let said = run(root.path(), &["baseline", "--add-ignore"]);
    assert_eq!(said.code, 1);
    assert!(
        said.out.starts_with("latin.md:2:11: error[not-utf8]"),
        "{}",
        said.out
    );
    assert!(joined(&said.err).contains("1 finding in 1 of 2 files could not be hidden"));
    assert_eq!(
        fs::read(root.path().join("latin.md")).unwrap(),
        b"---\ntitle: caf\xE9\n---\n"
    );
    for (reason, words) in [("a --> b", "end the comment"), ("a\nb", "on one line")] {
        let wrong = run(
            root.path(),
            &["baseline", &format!("--add-ignore={reason}")],
        );
        assert_eq!(wrong.code, 2);
        assert!(wrong.err.contains(words), "{}", wrong.err);
    }
    let both = run(root.path(), &["baseline", "--add-ignore", "--prune"]);
    assert_eq!(both.code, 2, "one or the other");
}

#[test]
fn a_byte_order_mark_before_a_file_of_the_project_is_passed_over() {
    let root = folder(&[("a.md", POST)]);
    let config = "profile: own\nignore: [default-of-ours]\npacks: [house.yaml]\n";
    put(root.path(), "house.yaml", &format!("\u{feff}{HOUSE}"));
    put(root.path(), "copydesk.yaml", &format!("\u{feff}{config}"));
    let said = run(root.path(), &["check", "--format", "concise"]);
    assert!(
        said.out
            .contains("copydesk.yaml:2:10: error[config-unknown-name]"),
        "{}{}",
        said.out,
        said.err
    );
    let config = config.replace("default-of-ours", "syntax");
    put(root.path(), "copydesk.yaml", &format!("\u{feff}{config}"));
    assert_eq!(run(root.path(), &["baseline"]).code, 0);
    let baseline = get(root.path(), "copydesk-baseline.json");
    put(
        root.path(),
        "copydesk-baseline.json",
        &format!("\u{feff}{baseline}"),
    );
    let said = run(root.path(), &["check"]);
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
    let said = run(root.path(), &["rules", "test", "house.yaml"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
}

const HOUSE: &str = "group: house\nrules:\n  - id: house-subtitle\n    summary: No subtitle\n    why: w\n    help: h\n    check: required\n    with: { keys: [subtitle] }\n    examples:\n      - keep: \"---\\ntitle: a\\nsubtitle: b\\n---\\n\"\n      - message: no `subtitle`\n        before: \"---\\ntitle: a\\n---\\n\"\n";

#[test]
fn names_that_do_nothing_where_they_stand_are_refused() {
    let root = folder(&[("a.md", POST)]);
    for (config, words) in [
        ("ignore: [default]\n", "`default` means nothing in `ignore`"),
        (
            "severity: { all: error }\n",
            "`all` means nothing in `severity`",
        ),
        (
            "options: { ads: { a: 1 } }\n",
            "`ads` means nothing in `options`",
        ),
    ] {
        put(root.path(), "copydesk.yaml", config);
        let said = run(root.path(), &["check"]);
        assert_eq!(said.code, 2, "{config}");
        assert!(joined(&said.out).contains(words), "{}", said.out);
    }
    let said = run(root.path(), &["check", "--isolated", "--ignore", "default"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("--ignore: `default` means nothing"),
        "{}",
        said.err
    );
}

#[test]
fn statistics_and_files_are_json_where_it_is_asked_for() {
    let root = folder(&[("文/a.md", POST)]);
    let json = |args: &[&str]| -> serde_json::Value {
        let said = run(root.path(), args);
        serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}", said.out))
    };
    let statistics = json(&[
        "check",
        "--statistics",
        "--format",
        "json",
        "--select",
        "ads",
    ]);
    assert_eq!(
        statistics,
        serde_json::json!([
            {"rule": "ad-slot-dfp", "findings": 1, "fixes": {"safe": 1, "unsafe": 0}}
        ])
    );
    let files = json(&["check", "--files", "--format", "json"]);
    assert_eq!(files, serde_json::json!([{"path": "文/a.md"}]));
    let line = json(&["check", "--files", "--format", "jsonl"]);
    assert_eq!(line["path"], "文/a.md");
    for flag in ["--statistics", "--files"] {
        let said = run(root.path(), &["check", flag, "--format", "sarif"]);
        assert_eq!((said.code, said.out.as_str()), (2, ""));
        assert!(said.err.contains("json or jsonl"), "{}", said.err);
    }
}

#[test]
#[cfg(unix)]
fn a_configuration_that_is_no_file_is_not_passed_over() {
    let root = folder(&[("a.md", POST)]);
    let path = root.path().join("copydesk.yaml");
    std::os::unix::fs::symlink("gone.yaml", &path).unwrap();
    let said = run(root.path(), &["check"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err
            .contains("`copydesk.yaml` cannot be read: it is a symbolic link"),
        "{}",
        said.err
    );
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    let said = run(root.path(), &["check"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("it is a folder"), "{}", said.err);
}

#[test]
fn a_baseline_follows_a_file_to_its_new_name() {
    let root = folder(&[
        ("posts/a.md", POST),
        ("posts/b.md", POST),
        ("posts/gone.md", JSON),
    ]);
    assert_eq!(
        run(root.path(), &["baseline", "--prune"]).code,
        2,
        "there is none yet"
    );
    assert_eq!(run(root.path(), &["baseline"]).code, 0);
    fs::create_dir(root.path().join("posts/2024")).unwrap();
    fs::rename(
        root.path().join("posts/a.md"),
        root.path().join("posts/2024/新.md"),
    )
    .unwrap();
    fs::remove_file(root.path().join("posts/gone.md")).unwrap();
    let check = run(root.path(), &["check"]);
    assert_eq!((check.code, check.out.as_str()), (0, ""));
    let words = joined(&check.err);
    assert!(
        words.contains("6 known findings are in the baseline"),
        "{words}"
    );
    assert!(
        words.contains("1 entry of the baseline no longer occurs: take it out"),
        "{words}"
    );
    let alone = run(root.path(), &["check", "posts/b.md"]);
    assert!(
        !alone.err.contains("no longer"),
        "a hook asks about one file: {}",
        alone.err
    );
    let pruned = run(root.path(), &["baseline", "--prune"]);
    assert!(pruned.out.starts_with("Took 1 entry out"), "{}", pruned.out);
    let text = get(root.path(), "copydesk-baseline.json");
    assert!(
        text.contains("posts/2024/新.md") && !text.contains("posts/a.md"),
        "{text}"
    );
    let check = run(root.path(), &["check"]);
    assert_eq!((check.code, check.err.contains("no longer")), (0, false));
}

#[test]
fn a_run_without_paths_looks_where_the_content_is() {
    let root = folder(&[
        ("copydesk.yaml", "content: [content, notes/]\n"),
        ("content/a.md", POST),
        ("notes/b.md", POST),
        ("README.md", POST),
    ]);
    let files =
        |folder: &Path, args: &[&str]| run(folder, &[&["check", "--files"], args].concat()).out;
    assert_eq!(files(root.path(), &[]), "content/a.md\nnotes/b.md\n");
    assert_eq!(
        files(root.path(), &["README.md"]),
        "README.md\n",
        "what is named counts"
    );
    assert_eq!(files(&root.path().join("content"), &[]), "a.md\n");
    let recorded = run(root.path(), &["baseline"]);
    assert!(
        recorded.out.starts_with("Recorded 6 findings"),
        "{}",
        recorded.out
    );
    let shown = run(root.path(), &["config", "show", "--origin"]).out;
    assert!(
        shown.contains("# copydesk.yaml:1\ncontent:\n- content\n- notes\n"),
        "{shown}"
    );
    // A base names folders from where it lies.
    put(
        root.path(),
        "site/copydesk.yaml",
        "extends: ../copydesk.yaml\n",
    );
    let shown = run(&root.path().join("site"), &["config", "show"]).out;
    assert!(
        shown.contains("content:\n- ../content\n- ../notes\n"),
        "{shown}"
    );
}

#[test]
fn limits_are_those_of_the_configuration() {
    let page = format!("<p>{}</p>\n<p> </p>\n", "文 ".repeat(3000));
    let root = folder(&[
        ("copydesk.yaml", "limits: {look-back: 4 KiB}\n"),
        ("x.html", &page),
    ]);
    let args = ["fix", "-", "--stdin-filename", "page.html"];
    let said = cli::piped(root.path(), &args, page.as_bytes());
    assert!(said.err.contains("cleaned as a stream"), "{}", said.err);
    assert!(!said.out.contains("<p> </p>"), "{}", said.err);
    let isolated = [&args[..], &["--isolated"]].concat();
    let said = cli::piped(root.path(), &isolated, page.as_bytes());
    assert!(!said.err.contains("stream"), "{}", said.err);
}

#[test]
fn init_names_the_generator_and_where_its_content_lies() {
    let page = "---\ntitle: a\n---\n\n<p>&nbsp;</p>\n\nText.\n";
    let root = folder(&[
        ("hugo.toml", "baseURL = '/'\n"),
        ("content/posts/a.md", page),
        ("archetypes/default.md", "---\ntitle: {{ .Name }}\n---\n"),
        ("README.md", "# Site\n"),
    ]);
    let said = run(root.path(), &["init"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("one of Hugo, by hugo.toml, archetypes."),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("A first copydesk check finds 1 finding in 1 of 1 file"),
        "{}",
        said.out
    );
    let config = get(root.path(), "copydesk.yaml");
    assert!(config.contains("\ncontent: [content]\n"), "{config}");
    let check = run(root.path(), &["check", "--format", "concise"]);
    assert!(
        check
            .out
            .starts_with("content/posts/a.md:5:1: warning[empty-paragraph]"),
        "{}",
        check.out
    );
    assert_eq!(check.out.lines().count(), 1);
    // A site of Hexo has the configuration file of Jekyll and its `_posts`, and is none.
    let hexo = folder(&[
        ("_config.yml", "title: x\nnew_post_name: :title.md\n"),
        ("package.json", "{\"dependencies\": {\"hexo\": \"7\"}}\n"),
        ("scaffolds/post.md", "---\ntitle: {{ title }}\n---\n"),
        ("source/_posts/a.md", page),
    ]);
    let shown = run(hexo.path(), &["config", "show", "source/_posts/a.md"]).out;
    assert!(shown.contains("preset: generic\n"), "{shown}");
    let said = run(hexo.path(), &["init"]);
    assert!(
        said.out
            .contains("one of Hexo, by scaffolds, source/_posts"),
        "{}",
        said.out
    );
    #[cfg(unix)]
    {
        let none = run(hexo.path(), &["init", "gone"]);
        assert_eq!(none.code, 2);
        assert!(none.err.contains("`gone` is no folder"), "{}", none.err);
    }
}

#[test]
fn a_patch_leads_back_with_git_and_with_patch() {
    let files = [
        ("posts/b.md", POST),
        ("posts/a crlf.html", HTML),
        ("posts/a.md", "---\ntitle: x\n---\n\n<p></p>\n\nno line end"),
    ];
    for (program, args) in [
        ("git", &["apply", "back.patch"][..]),
        ("patch", &["-p1", "--binary", "-s", "-i", "back.patch"]),
    ] {
        let root = folder(&files);
        let fixed = ["fix", "--write", "--save-patch", "back.patch", "posts"];
        run(root.path(), &fixed);
        for (name, old) in files {
            assert_ne!(get(root.path(), name), old, "{name}");
        }
        let patch = get(root.path(), "back.patch");
        let places: Vec<usize> = ["a crlf.html", "a.md", "b.md"]
            .iter()
            .map(|name| patch.find(&format!("--- a/posts/{name}")).unwrap())
            .collect();
        assert!(places.is_sorted(), "in the order of the paths: {patch}");
        // The way back is not lost by running again.
        let again = run(root.path(), &fixed);
        assert_eq!(again.code, 2);
        assert!(
            joined(&again.err).contains("the way back from an earlier run"),
            "{}",
            again.err
        );
        assert_eq!(get(root.path(), "back.patch"), patch);
        let Ok(out) = Command::new(program)
            .args(args)
            .current_dir(root.path())
            .output()
        else {
            continue;
        };
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        for (name, old) in files {
            assert_eq!(get(root.path(), name), old, "{program} {name}");
        }
    }
}

#[test]
fn excludes_hold_for_paths_that_are_named_and_listed() {
    let root = folder(&[
        ("copydesk.yaml", "exclude: ['drafts/**']\n"),
        ("drafts/a.md", POST),
        ("b.md", POST),
    ]);
    let named = run(
        root.path(),
        &["check", "drafts/a.md", "b.md", "--format", "concise"],
    );
    assert!(!named.out.contains("drafts"), "{}", named.out);
    let list = ["check", "--files-from", "-", "--format", "concise"];
    let listed = cli::piped(root.path(), &list, b"drafts/a.md\nb.md\n");
    assert_eq!(listed.out, named.out);
    assert_eq!(listed.code, 1);
    let before = get(root.path(), "drafts/a.md");
    run(root.path(), &["fix", "--write", "drafts/a.md"]);
    assert_eq!(get(root.path(), "drafts/a.md"), before);
    let out = copydesk(root.path(), &["check", "drafts/a.md"])
        .output()
        .unwrap();
    assert!(out.status.success(), "nothing is left to do");
    let err = String::from_utf8(out.stderr).unwrap();
    assert!(err.contains("No file was looked at"), "{err}");
    let listed = cli::piped(root.path(), &["check", "--files-from", "-", "--quiet"], b"");
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
}

#[test]
fn the_configuration_of_the_readme_holds() {
    let readme = include_str!("../README.md");
    let config = readme
        .split("\n```")
        .filter_map(|piece| piece.strip_prefix("yaml\n"))
        .find(|text| text.starts_with("profile:"))
        .unwrap();
    let root = folder(&[
        ("copydesk.yaml", config),
        ("a.md", "---\ntitle: a\n---\n\nb\n"),
    ]);
    let shown = run(
        root.path(),
        &["config", "show", "own-posts/a.md", "--origin"],
    );
    assert_eq!(shown.code, 0, "{}{}", shown.out, shown.err);
    assert!(
        shown
            .out
            .contains("(entry 1 of `overrides`)\nprofile: own\n"),
        "{}",
        shown.out
    );
    assert_ne!(run(root.path(), &["check"]).code, 2);
}
