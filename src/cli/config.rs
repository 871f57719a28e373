use std::io::{self, Write};

use anstream::ColorChoice;

use super::Exit;
use super::args::ShowArgs;
use super::configs::{configs, report_problems};
use super::screen::{look_out, stdout, usage_errors};
use crate::output::{Full, Paint};

/// `copydesk config show`
pub fn show(args: &ShowArgs, color: ColorChoice) -> io::Result<Exit> {
    let mut configs = configs(&args.selection)?;
    let explained = configs.explain(&args.path);
    let look = look_out(color);
    let problems = configs.problems();
    if !problems.is_empty() || !configs.usage_errors().is_empty() {
        report_problems(problems, &mut Full::new(stdout(), look, true))?;
        usage_errors(configs.usage_errors(), color)?;
        return Ok(Exit::Failed);
    }
    let mut out = stdout();
    for entry in explained {
        let mut map = serde_yaml::Mapping::new();
        map.insert(entry.key.into(), entry.value);
        if args.origin {
            let origin = look.paint(Paint::Faint, format!("# {}", entry.origin));
            writeln!(out, "{origin}")?;
        }
        let text = serde_yaml::to_string(&map).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}
