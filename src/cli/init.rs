use std::fs;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anstream::ColorChoice;

use super::Exit;
use super::args::InitArgs;
use super::screen::{look_out, stdout, usage_errors};
use crate::config::{
    Configs, FILE_NAME, Flags, Generator, Origin, Resolved, Thorough, detect_generator, io_in_words,
};
use crate::document::Document;
use crate::output::{Look, Paint, count};
use crate::registry::Registry;
use crate::rule::Profile;
use crate::workspace::{FileReport, Input, Mode, Run, Sink, Task, Totals, shown, walk};

/// So many pages are opened to see whether they were taken from elsewhere.
const SAMPLE: usize = 200;

/// `copydesk init`: looks at a folder and writes a configuration for it.
pub fn init(args: &InitArgs, color: ColorChoice) -> io::Result<Exit> {
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let path = folder.join(FILE_NAME);
    if path.exists() && !args.force {
        let error = format!(
            "`{}` is there already; --force writes it anew",
            shown(&path)
        );
        usage_errors(&[error], color)?;
        return Ok(Exit::Failed);
    }
    if !folder.is_dir() {
        let error = format!("`{}` is no folder", shown(&folder));
        usage_errors(&[error], color)?;
        return Ok(Exit::Failed);
    }
    let seen = Seen::look(&folder)?;
    if let Err(error) = fs::write(&path, seen.config()) {
        let words = io_in_words(&error);
        usage_errors(
            &[format!("`{}` cannot be written: {words}", shown(&path))],
            color,
        )?;
        return Ok(Exit::Failed);
    }
    let look = look_out(color);
    let mut out = stdout();
    seen.tell(&mut out, look, &shown(&path))?;
    out.flush()?;
    first_check(&seen.inputs, look)?;
    Ok(Exit::Clean)
}

/// What was seen in a folder.
struct Seen {
    generator: Option<Generator>,
    pages: usize,
    opened: usize,
    with_source: usize,
    inputs: Vec<Input>,
}

impl Seen {
    fn look(folder: &Path) -> io::Result<Self> {
        let generator = detect_generator(Registry::builtin(), folder, Thorough::Always);
        let inputs = walk(&roots(generator.as_ref(), folder), false).inputs;
        let mut configs =
            Configs::new(Flags::default(), Origin::Isolated, std::env::current_dir()?);
        // Evenly over the folder, so that one old section does not speak for all.
        let step = inputs.len().div_ceil(SAMPLE).max(1);
        let (mut opened, mut with_source) = (0, 0);
        for input in inputs.iter().step_by(step) {
            let Resolved::Settings(settings) = configs.resolve(&input.path) else {
                continue;
            };
            let Ok(bytes) = fs::read(&input.path) else {
                continue;
            };
            let document = Document::new(input.shown.clone(), bytes);
            opened += 1;
            with_source += usize::from(document.source_url(&settings.source_keys).is_some());
        }
        Ok(Self {
            generator,
            pages: inputs.len(),
            opened,
            with_source,
            inputs,
        })
    }

    fn profile(&self) -> Profile {
        if self.opened > 0 && self.with_source * 2 > self.opened {
            Profile::Archive
        } else {
            Profile::Own
        }
    }

    fn source_in_words(&self) -> String {
        let of = if self.opened < self.pages {
            format!("{} pages looked at", self.opened)
        } else {
            count(self.opened, "page", "pages")
        };
        match self.with_source {
            0 => format!("none of {of} carries the URL it was taken from"),
            1 => format!("1 of {of} carries the URL it was taken from"),
            number => format!("{number} of {of} carry the URL they were taken from"),
        }
    }

    fn config(&self) -> String {
        let mut text = String::from(
            "# Configuration of Copydesk; `copydesk config show --origin` tells what holds and why.\n\n",
        );
        match &self.generator {
            Some(generator) => {
                let (title, markers) = (&generator.title, generator.markers.join(", "));
                text.push_str(&format!(
                    "# The site generator: {title}, known by {markers}."
                ));
                match &generator.preset {
                    Some(preset) => text.push_str(&format!("\npreset: {}\n\n", preset.preset)),
                    None => text.push_str(
                        " It has no preset of its own;\n# the rules that hold for any generator are used.\npreset: generic\n\n",
                    ),
                }
                if !generator.content.is_empty() {
                    text.push_str(&format!(
                        "# Where the content lies; a run without paths looks there.\ncontent: [{}]\n\n",
                        generator.content.join(", ")
                    ));
                }
            }
            None => {
                let names: Vec<_> = Registry::builtin()
                    .presets()
                    .iter()
                    .map(|preset| preset.preset.as_str())
                    .collect();
                text.push_str(&format!(
                    "# The site generator; none was recognised. There are {}.\n# preset: generic\n\n",
                    names.join(", ")
                ));
            }
        }
        text.push_str(&format!(
            "# Whose pages they are: `own`, `archive` (taken from elsewhere: ads, share bars and trackers go\n# too) or `sanitize` (and scripts). Here, {}.\nprofile: {}\n\n",
            self.source_in_words(),
            self.profile().as_str()
        ));
        text.push_str("# Paths to leave alone, from this folder.\n# exclude: [\"drafts/**\"]\n\n");
        text.push_str("# Rules and groups that do not run, and other weights; `copydesk rules` lists the names.\n# ignore: [layout]\n# severity: {urls: info}\n\n");
        text.push_str("# What differs for some of the files.\n# overrides:\n#   - paths: [\"imported/**\"]\n#     profile: archive\n");
        text
    }

    fn tell(&self, out: &mut impl Write, look: Look, path: &str) -> io::Result<()> {
        let mut say = |text: String| writeln!(out, "{}", look.line(&text, ""));
        match &self.generator {
            Some(generator) => {
                let title = look.paint(Paint::Strong, &generator.title);
                let markers = generator.markers.join(", ");
                say(format!("The folder is one of {title}, by {markers}."))?;
                if generator.preset.is_none() {
                    say("There is no preset for it; the rules that hold for any generator are used.".to_owned())?;
                }
            }
            None => say(
                "No site generator was recognised; the rules that hold for any are used."
                    .to_owned(),
            )?,
        }
        let mut words = self.source_in_words();
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let profile = look.paint(Paint::Strong, self.profile().as_str());
        say(format!("{words}, so the profile is {profile}."))?;
        let written = look.paint(Paint::Good, format!("Wrote {path}."));
        say(format!("{written}\n"))?;
        if self.inputs.is_empty() {
            say("There is no content file here yet.".to_owned())?;
        }
        Ok(())
    }
}

/// Where the content of `folder` lies.
fn roots(generator: Option<&Generator>, folder: &Path) -> Vec<PathBuf> {
    match generator.map(|generator| generator.content.as_slice()) {
        None | Some([]) => vec![folder.to_owned()],
        Some(content) => content.iter().map(|path| folder.join(path)).collect(),
    }
}

/// Says what a first `check` finds.
fn first_check(inputs: &[Input], look: Look) -> io::Result<()> {
    let mut configs = Configs::new(Flags::default(), Origin::Nearest, std::env::current_dir()?);
    let mut tasks = Vec::new();
    for input in inputs.iter().cloned() {
        if let Resolved::Settings(settings) = configs.resolve(&input.path) {
            tasks.push(Task { input, settings });
        }
    }
    if tasks.is_empty() {
        return Ok(());
    }
    let run = Run {
        mode: Mode::Check,
        jobs: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
        baseline: None,
        stop: None,
        with_fixes: false,
        way_back: false,
        reason: "",
    };
    let totals = run.run(&tasks, &mut Silent)?;
    let mut out = stdout();
    let check = look.paint(Paint::Strong, "copydesk check").to_string();
    if totals.findings() == 0 {
        let files = count(totals.files, "file", "files");
        let text = format!("A first {check} finds nothing in {files}.");
        writeln!(out, "{}", look.line(&text, ""))?;
        return out.flush();
    }
    let (safe, _) = totals.fixable();
    let text = format!(
        "A first {check} finds {} in {} of {}; {} can be fixed safely. Most often:",
        count(totals.findings(), "finding", "findings"),
        count(totals.files_with_findings, "", "").trim_end(),
        count(totals.files, "file", "files"),
        count(safe, "", "").trim_end()
    );
    writeln!(out, "{}", look.line(&text, ""))?;
    let mut rules: Vec<_> = totals.by_rule.iter().collect();
    rules.sort_by(|a, b| b.1.findings.cmp(&a.1.findings).then(a.0.cmp(b.0)));
    for (rule, number) in rules.into_iter().take(5) {
        writeln!(
            out,
            "  {:>7}  {rule}",
            count(number.findings, "", "").trim_end()
        )?;
    }
    let code = |text: &'static str| look.paint(Paint::Strong, text);
    writeln!(
        out,
        "\nNext: {} shows them, {} shows the fixes,",
        code("copydesk check"),
        code("copydesk fix")
    )?;
    writeln!(
        out,
        "and {} records them, so that only what is new is reported.",
        code("copydesk baseline")
    )?;
    out.flush()
}

struct Silent;

impl Sink for Silent {
    fn file(&mut self, _report: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _totals: &Totals) -> io::Result<()> {
        Ok(())
    }
}
