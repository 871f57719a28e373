//! Wrong versions of every file that a user writes: each is told with its place and a remedy, and
//! nothing is done.

#[path = "common/cli.rs"]
mod cli;

use cli::{folder, joined, piped, put, run};

const CLEAN: &str = "---\ntitle: a\n---\n\nb\n";

/// Content, place, what is said of it, what to do.
type Wrong<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Each of `wrongs` as the file `name`, with a run of `check` that looks at it.
fn are_told(name: &str, wrongs: &[Wrong<'_>]) {
    for (content, place, message, help) in wrongs {
        let root = folder(&[("a.md", CLEAN)]);
        put(root.path(), name, content);
        let said = run(root.path(), &["check"]);
        assert_eq!(said.code, 2, "{content}\n{}{}", said.out, said.err);
        let words = joined(&format!("{} {}", said.out, said.err));
        let place = format!("{name}:{place}");
        assert!(words.contains(&place), "{content}\n{place}\n{words}");
        let lower = words.to_lowercase();
        assert!(
            lower.contains(&message.to_lowercase()),
            "{content}\n{words}"
        );
        assert!(words.contains(help), "{content}\n{help}\n{words}");
    }
}

#[test]
fn configurations() {
    are_told(
        "copydesk.yaml",
        &[
            (
                "# 配置\r\noptions: {removal-budget: {finding: -1}}\r\n",
                "2:28]",
                "`finding` is the number -1",
                "Write a whole number that is not negative.",
            ),
            (
                "# 选项\noptions: {empty-paragraph: {keep: 3}}\n",
                "2:29]",
                "`empty-paragraph` has no option called `keep`",
                "`empty-paragraph` has no options; take it out.",
            ),
            (
                "options: {nul-byte: {}, unused-suppression: {most: 3}}\n",
                "1:46]",
                "`unused-suppression` has no option called `most`",
                "take it out.",
            ),
            (
                "profil: own\n",
                "1:1]",
                "no setting called `profil`",
                "Did you mean `profile`?",
            ),
            (
                "# 配置\nprofile: archived\n",
                "2:10]",
                "`profile` cannot be `archived`",
                "`archive`",
            ),
            (
                "preset: jekyl\r\n",
                "1:9]",
                "no preset is called `jekyl`",
                "`jekyll`",
            ),
            (
                "ignore: [lazy-load]\n",
                "1:10]",
                "no rule or group is called",
                "`lazyload`",
            ),
            (
                "severity: {ads: fatal}\n",
                "1:17]",
                "`fatal`",
                "`error`, `warning` or `info`",
            ),
            (
                "exclude: ['drafts/[']\n",
                "1:11]",
                "not a pattern over paths",
                "`**`",
            ),
            ("select: [ads\n", "2:1]", "not valid YAML", "brackets"),
            (
                "title: a: b\n",
                "1:9]",
                "a colon stands where no key can be",
                "in quotes",
            ),
            (
                "ignore: [ads]\nignore: [urls]\n",
                "2:1]",
                "stands here twice",
                "Keep one",
            ),
            (
                "overrides:\n\t- paths: [a]\n",
                "2:1]",
                "indented with a tab",
                "spaces",
            ),
            (
                "overrides: [{profile: own}]\n",
                "1:13]",
                "for which files",
                "Add `paths:",
            ),
            (
                "extends: [gone.yaml]\n",
                "1:11]",
                "cannot be extended",
                "path of a configuration",
            ),
            (
                "extends: copydesk.yaml\n",
                "1:10]",
                "in a circle",
                "Give the path",
            ),
            ("packs: [house/]\n", "1:9]", "cannot be had", "YAML file"),
            (
                "content: [contents]\n",
                "1:11]",
                "no folder `contents`",
                "path of a folder",
            ),
            (
                "limits: {look-back: 0}\n",
                "1:21]",
                "`look-back` cannot be the number 0",
                "1 MiB",
            ),
            (
                "limits: {memory: 1}\n",
                "1:10]",
                "no setting called `memory`",
                "`look-back`",
            ),
            (
                "filters: [easylist.txt]\n",
                "1:1]",
                "no setting called `filters`",
                "as a pack",
            ),
            (
                "hosts: [example.com]\n",
                "1:1]",
                "no setting called `hosts`",
                "rules of a pack",
            ),
            ("[ads]\n", "1:1]", "a mapping of settings", "Write it as"),
            (
                "profile: own\n<<<<<<< 我们\nignore: [ads]\n=======\nignore: []\n>>>>>>> b\n",
                "2:1]",
                "a merge was not finished",
                "Take either side",
            ),
            ("profile: own\0\n", "1:13]", "a NUL byte", "Delete it"),
            (
                "# 配置\nprofile: own\n---\nignore: [ads]\n",
                "3:1]",
                "a second document",
                "Keep one of the two",
            ),
            (
                "overrides:\n  - paths: [a]\n    profile: own\n    profile: archive\n",
                "4:5]",
                "`profile` stands here twice",
                "Keep one",
            ),
            (
                "overrides: [{paths: [], profile: own}]\n",
                "1:13]",
                "for which files",
                "Add `paths:",
            ),
            (
                "extends: .\n",
                "1:10]",
                "it is a folder",
                "path of a configuration",
            ),
            (
                "ignore: {ads: true}\n",
                "1:9]",
                "a list of texts",
                "Write it as",
            ),
            ("exclude: [3]\n", "1:11]", "must be text", "in quotes"),
            (
                "options: {empty-title: {kys: [a]}}\n",
                "1:25]",
                "no option called `kys`",
                "`keys`",
            ),
        ],
    );
}

#[test]
fn files_in_other_encodings() {
    for (bytes, place, message) in [
        (&b"\xFF\xFEp\0r\0"[..], "1:1]", "the file is UTF-16"),
        (b"# ok\nhouse: \xD7\xD4\n", "2:8]", "not UTF-8 from here on"),
    ] {
        for name in ["copydesk.yaml", "pack.yaml"] {
            let root = folder(&[("a.md", CLEAN), ("copydesk.yaml", "packs: [pack.yaml]\n")]);
            std::fs::write(root.path().join(name), bytes).unwrap();
            let said = run(root.path(), &["check"]);
            let words = joined(&said.out);
            assert_eq!(said.code, 2, "{words}");
            assert!(words.contains(&format!("{name}:{place}")), "{words}");
            let lower = words.to_lowercase();
            assert!(lower.contains(&message.to_lowercase()), "{words}");
            assert!(words.contains("Save it as UTF-8"), "{words}");
        }
    }
    // What some editors put before a text is no harm.
    let root = folder(&[
        ("a.md", CLEAN),
        ("copydesk.yaml", "\u{feff}profile: own\r\n"),
    ]);
    assert_eq!(run(root.path(), &["check"]).code, 0);
}

#[test]
fn configurations_under_other_names_and_what_is_no_file() {
    let post = "---\ntitle: a: b\n---\n";
    for name in [
        "copydesk.yml",
        ".copydesk.yaml",
        "copydesk.yaml.txt",
        "copydesk.toml",
    ] {
        let root = folder(&[("posts/a.md", post), (name, "ignore: [syntax]\n")]);
        let said = run(root.path(), &["check"]);
        let words = joined(&said.err);
        assert_eq!(said.code, 2, "{name}: {words}");
        let message = format!("`{name}` is not read");
        assert!(
            words.contains(&message) && words.contains("called `copydesk.yaml`"),
            "{words}"
        );
        // A file of the right name is meant, whatever lies beside it.
        put(root.path(), "copydesk.yaml", "ignore: [syntax]\n");
        assert_eq!(run(root.path(), &["check"]).code, 0, "{name}");
    }
    let root = folder(&[("a.md", post)]);
    std::fs::create_dir(root.path().join("copydesk.yaml")).unwrap();
    let said = run(root.path(), &["check"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err
            .contains("`copydesk.yaml` cannot be read: it is a folder"),
        "{}",
        said.err
    );
    let said = run(root.path(), &["check", "--config", "gone.yaml"]);
    assert_eq!(said.code, 2);
    assert!(
        said.err
            .contains("`gone.yaml` cannot be read: there is no file"),
        "{}",
        said.err
    );
}

const RULE: &str = "group: house\nrules:\n  - id: house-box\n    summary: 盒子\n    why: It is over.\n    help: Delete it.\n    match: 'div.promo'\n    fix: remove\n    safety: safe\n    examples: [{before: '<p>a</p><div class=\"promo\"></div>', after: '<p>a</p>'}, {keep: '<div>b</div>'}]\n";

#[test]
fn packs() {
    let with = |old: &str, new: &str| {
        assert!(RULE.contains(old), "{old}");
        RULE.replacen(old, new, 1)
    };
    let wrongs = [
        (String::new(), "1:1]", "`group` is missing", "Add `group:`"),
        (
            with("group: house\n", ""),
            "1:1]",
            "`group` is missing",
            "Add `group:`",
        ),
        (
            with("why:", "wy:"),
            "5:5]",
            "no key called `wy`",
            "Did you mean `why`?",
        ),
        (
            with("remove", "delete"),
            "8:10]",
            "`delete` is no value of `fix`",
            "Write one of",
        ),
        (
            with("div.promo", "div["),
            "7:17]",
            "does not parse",
            "as CSS knows it",
        ),
        (
            with("house-box", "House Box"),
            "3:9]",
            "not in kebab-case",
            "`my-rule`",
        ),
        (
            with("house-box", "empty-paragraph"),
            "3:9]",
            "is there already",
            "Choose another id",
        ),
        (
            with("match: 'div.promo'", "check: pattrn\n    with: {keys: [a]}"),
            "7:12]",
            "no check called `pattrn`",
            "pattern",
        ),
        (
            with(
                "match: 'div.promo'",
                "check: pattern\n    with: {keys: [a], require: '('}",
            ),
            "8:23]",
            "no regular expression",
            "Correct the expression",
        ),
        (
            with("group: house\n", "group: house\r\ngroup: b\r\n"),
            "2:1]",
            "`group` stands here twice",
            "Keep one",
        ),
        (
            with("    why", "\twhy"),
            "5:1]",
            "indented with a tab",
            "Indent with spaces",
        ),
        (
            with("group", "<<<<<<< 我们\ngroup"),
            "1:1]",
            "a merge was not finished",
            "Take either side",
        ),
        (
            "- a\n".to_owned(),
            "1:1]",
            "the file is a list",
            "Write keys",
        ),
    ];
    for (content, place, message, help) in &wrongs {
        let root = folder(&[
            ("a.md", CLEAN),
            ("copydesk.yaml", "packs: [house.yaml]\n"),
            ("house.yaml", content),
        ]);
        for args in [&["check"][..], &["rules", "test", "house.yaml"]] {
            let said = run(root.path(), args);
            let words = joined(&format!("{} {}", said.out, said.err));
            assert_eq!(said.code, 2, "{content}\n{words}");
            let place = format!("house.yaml:{place}");
            assert!(
                words.contains(&place),
                "{args:?} {content}\n{place}\n{words}"
            );
            let lower = words.to_lowercase();
            assert!(
                lower.contains(&message.to_lowercase()),
                "{content}\n{words}"
            );
            assert!(words.contains(help), "{content}\n{words}");
        }
    }
    let root = folder(&[
        ("a.md", CLEAN),
        ("copydesk.yaml", "packs: [house.yaml]\n"),
        ("house.yaml", RULE),
    ]);
    for args in [&["check"][..], &["rules", "test", "house.yaml"]] {
        let said = run(root.path(), args);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    }
}

#[test]
fn a_chain_of_configurations_tells_where_it_breaks() {
    let root = folder(&[
        ("a.md", CLEAN),
        ("copydesk.yaml", "extends: house/one.yaml\n"),
        ("house/one.yaml", "extends: two.yaml\nignore: [ads]\n"),
        ("house/two.yaml", "profile: mine\npacks: [none.yaml]\n"),
    ]);
    let said = run(root.path(), &["check", "--format", "concise"]);
    assert_eq!(said.code, 2);
    assert!(
        said.out
            .contains("house/two.yaml:1:10: error[config-invalid-value]"),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("house/two.yaml:2:9: error[config-missing-file]"),
        "{}",
        said.out
    );
    assert_eq!(
        said.out.lines().count(),
        2,
        "each is told once: {}",
        said.out
    );
    put(root.path(), "house/two.yaml", "extends: ../copydesk.yaml\n");
    let said = run(root.path(), &["check", "--format", "concise"]);
    assert!(
        said.out.contains("house/two.yaml:1:10: error"),
        "{}",
        said.out
    );
    assert!(said.out.contains("in a circle"), "{}", said.out);
}

#[test]
fn baselines() {
    let anew = "take a new one with `copydesk baseline`";
    are_told(
        "copydesk-baseline.json",
        &[
            ("", " ", "the file is empty", anew),
            (
                "{\"version\": 1, \"files\": {",
                "1:25]",
                "not valid JSON",
                anew,
            ),
            (
                "{\"version\": 1,\n<<<<<<< 我们\n\"files\": {}}",
                "2:1]",
                "a merge",
                "Take either side",
            ),
            (
                "{\"version\": 9, \"files\": {}}",
                "1:2]",
                "version 9",
                "Use the Copydesk that wrote it",
            ),
            ("{\"version\": 1}", "1:14]", "`files` is missing", anew),
            ("{\"version\": 1, \"file\": {}}", "1:21]", "no `file`", anew),
            (
                "{\"version\": 1, \"files\": []}",
                "1:24]",
                "a mapping belongs here",
                anew,
            ),
            ("version: 1\nfiles: {}\n", "1:1]", "not valid JSON", anew),
            (
                "{\"version\": 1, \"files\": {\"文.md\": {\"ads\": {\"0\": -1}}}}\r\n",
                "1:49]",
                "a number",
                anew,
            ),
            ("[1]\n", "1:3]", "not what a baseline holds", anew),
        ],
    );
}

#[test]
fn directives() {
    for (directive, message, help) in [
        ("copydesk-ignore", "names no rule", "Name rules or groups"),
        ("copydesk-ignore:", "names no rule", "Name rules or groups"),
        (
            "copydesk-ignore ads",
            "no colon",
            "Write `copydesk-ignore: rule-id`",
        ),
        (
            "copydesk-ignore: ad-slot-dpf",
            "called `ad-slot-dpf`",
            "Did you mean `ad-slot-dfp`?",
        ),
        (
            "copydesk-ignore: 广告",
            "called `广告`",
            "Name rules or groups",
        ),
        (
            "copydesk-ignore: ads; urls",
            "called `ads; urls`",
            "`copydesk-ignore: ads, urls`",
        ),
        (
            "copydesk-ignore: ads urls",
            "called `ads urls`",
            "`copydesk-ignore: ads, urls`",
        ),
        (
            "copydesk-ignore: ads - ours",
            "called `ads - ours`",
            "`copydesk-ignore: ads -- reason`",
        ),
        (
            "copydesk-ignore-line: ads",
            "not one that Copydesk knows",
            "`-file`, `-start` or `-end`",
        ),
        (
            "copydesk-ignore-start: ads",
            "never ended",
            "Put `copydesk-ignore-end`",
        ),
        (
            "copydesk-ignore-end",
            "nothing has started",
            "Put `copydesk-ignore-start",
        ),
        ("copydesk-ignore: ads", "hides nothing", "Delete it"),
    ] {
        let front = ("---\ntitle: t\n# ", "\ntags: [a]\n---\n\n文。\n", "3:");
        let body = (
            "---\ntitle: t\n---\r\n\r\n<!-- ",
            " -->\r\n\r\n文。\r\n",
            "5:",
        );
        for (before, after, line) in [front, body] {
            let root = folder(&[("a.md", &format!("{before}{directive}{after}"))]);
            let said = run(root.path(), &["check"]);
            assert_eq!(said.code, 1, "{directive}");
            let words = joined(&said.out);
            assert!(words.contains(&format!("[a.md:{line}")), "{words}");
            assert!(words.contains(message), "{directive}: {words}");
            assert!(words.contains(help), "{directive}: {words}");
        }
    }
}

#[test]
fn file_lists() {
    let root = folder(&[("a.md", CLEAN), ("b/c.md", CLEAN)]);
    for (list, more, message, help) in [
        (
            &b"a.md\0b/c.md\0"[..],
            &[][..],
            "holds NUL bytes",
            "read it with -0",
        ),
        (
            b"a.md\nb/c.md\n",
            &["-0"],
            "no NUL bytes",
            "read it without -0",
        ),
        (
            b"a.md\ngone.md\n",
            &[],
            "gone.md: there is no file",
            "(entry 2 of the list)",
        ),
        (
            b"a.md b/c.md\n",
            &[],
            "a.md b/c.md: there is no file",
            "(entry 1 of the list)",
        ),
        (
            b"\xFF\xFEa\0.\0m\0d\0",
            &[],
            "the list is UTF-16",
            "save it as UTF-8",
        ),
        (
            b"\"\\346\\226\\207.md\"\n",
            &[],
            "there is no file",
            "with -z, and they are read with -0",
        ),
        (
            b"a.md\0gone.md\0",
            &["-0"],
            "gone.md: there is no file",
            "(entry 2 of the list)",
        ),
    ] {
        let args = [&["check", "--files-from", "-"], more].concat();
        let said = piped(root.path(), &args, list);
        let words = joined(&said.err);
        assert_eq!(said.code, 2, "{words}");
        assert!(words.contains(message), "{words}");
        assert!(words.contains(help), "{words}");
    }
    let missing = run(root.path(), &["check", "--files-from", "list.txt"]);
    assert_eq!(missing.code, 2);
    let words = joined(&missing.err);
    assert!(
        words.contains("`list.txt` cannot be read: there is no file"),
        "{words}"
    );
    // What is right: a byte order mark, folders, blank lines, what is no content.
    let good = piped(
        root.path(),
        &["check", "--files", "--files-from", "-"],
        "\u{feff}a.md\r\n\nb\nphoto.jpg.md.bak\n".as_bytes(),
    );
    assert_eq!(good.out, "a.md\nb/c.md\n", "{}", good.err);
}
