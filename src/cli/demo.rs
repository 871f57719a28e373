use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstream::ColorChoice;

use super::Exit;
use super::args::DemoArgs;
use super::screen::{look_err, look_out, stderr, stdout, usage_errors};
use crate::config::{Configs, Flags, Origin, Resolved};
use crate::finding::Safety;
use crate::output::{Console, Diff, Full, Many, Paint};
use crate::workspace::{Mode, Run, Sink, Totals};

/// The sample: path and content.
const FILES: &[(&str, &[u8])] = &[
    (
        "_posts/2024-03-09-harbour-light.md",
        include_bytes!("demo/_posts/2024-03-09-harbour-light.md"),
    ),
    (
        "_posts/2024-05-01-spring-market.md",
        include_bytes!("demo/_posts/2024-05-01-spring-market.md"),
    ),
    ("notes/about.md", include_bytes!("demo/notes/about.md")),
];

/// `copydesk demo`: nothing is read from the disk, and nothing written unless a folder is named.
pub fn demo(args: &DemoArgs, color: ColorChoice) -> io::Result<Exit> {
    if let Some(folder) = &args.into {
        return unpack(folder, color);
    }
    for (number, (command, mode)) in [
        ("copydesk check demo/", Mode::Check),
        ("copydesk fix demo/", Mode::Preview(Safety::Safe)),
    ]
    .into_iter()
    .enumerate()
    {
        let mut out = stdout();
        let prompt = look_out(color)
            .paint(Paint::Strong, format_args!("$ {command}"))
            .to_string();
        writeln!(out, "{}{prompt}\n", if number > 0 { "\n" } else { "" })?;
        out.flush()?;
        run(mode, color)?;
    }
    let mut err = stderr();
    let again = look_err(color)
        .paint(Paint::Strong, "copydesk demo --into FOLDER")
        .to_string();
    let text = format!("Nothing was written. {again} puts the sample there, to try it yourself.");
    writeln!(err, "\n{}", look_err(color).line(&text, ""))?;
    err.flush()?;
    Ok(Exit::Clean)
}

fn run(mode: Mode, color: ColorChoice) -> io::Result<()> {
    let mut sinks = Many::default();
    match mode {
        Mode::Check => sinks.add(Full::new(stdout(), look_out(color), false)),
        _ => sinks.add(Diff::new(stdout(), look_out(color))),
    }
    sinks.add(Console::new(stderr(), look_err(color), mode, false));
    let flags = Flags {
        preset: Some("jekyll".to_owned()),
        ..Flags::default()
    };
    let mut configs = Configs::new(flags, Origin::Isolated, PathBuf::from("/"));
    let mut totals = Totals::default();
    for (path, bytes) in FILES {
        let path = format!("demo/{path}");
        if let Resolved::Settings(settings) = configs.resolve(Path::new(&path)) {
            let run = Run {
                mode,
                jobs: 1,
                baseline: None,
                stop: None,
                with_fixes: false,
                way_back: false,
                reason: "",
            };
            let report = run.content(path.into(), bytes.to_vec(), &settings);
            totals.add(&report);
            sinks.file(&report)?;
        }
    }
    sinks.finish(&totals)
}

fn unpack(folder: &Path, color: ColorChoice) -> io::Result<Exit> {
    for (path, _) in FILES {
        let path = folder.join(path);
        if path.exists() {
            let error = format!("`{}` is there already; name another folder", path.display());
            usage_errors(&[error], color)?;
            return Ok(Exit::Failed);
        }
    }
    for (path, bytes) in FILES {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    let mut out = stdout();
    writeln!(
        out,
        "The sample is in {0}. Try `copydesk check {0}`.",
        folder.display()
    )?;
    out.flush()?;
    Ok(Exit::Clean)
}
