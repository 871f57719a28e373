use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::Styles;
use clap::builder::styling::{AnsiColor, Effects};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::engine::reason_problem;
use crate::finding::Severity;
use crate::rule::Profile;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

/// The copy desk for content folders.
///
/// Reads posts and pages (Markdown or HTML with front matter), strips what a scraper, an exporter
/// or an old theme left behind, checks the front matter, and fixes what can be fixed safely.
#[derive(Debug, Parser)]
#[command(name = "copydesk", version, styles = STYLES, max_term_width = 100)]
pub struct Cli {
    /// When to use colours [env: NO_COLOR, CLICOLOR_FORCE]
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,

    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Report what is wrong; never writes
    Check(CheckArgs),
    /// Show the fixes as a diff, or apply them with --write
    Fix(FixArgs),
    /// Look at a folder and write a configuration for it
    Init(InitArgs),
    /// Record what is wrong today, so that `check` reports only what is new
    Baseline(BaselineArgs),
    /// Show the configuration that holds for a file
    Config(ConfigArgs),
    /// List the rules, or test packs of your own
    Rules(RulesArgs),
    /// Say what a rule is about: why it matters, what to do, with examples
    Explain(ExplainArgs),
    /// Print a JSON Schema, for editors and programs
    Schema(SchemaArgs),
    /// Check and fix a small sample folder, to see what it looks like
    Demo(DemoArgs),
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal
    #[default]
    Auto,
    /// Also in a pipe
    Always,
    /// Never
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct FixArgs {
    /// Apply the fixes to the files
    #[arg(long, short)]
    pub write: bool,

    /// Also the fixes that a person should look at
    #[arg(long)]
    pub r#unsafe: bool,

    /// With --write, exit with 1 where a file was changed
    #[arg(long, requires = "write")]
    pub exit_non_zero_on_fix: bool,

    /// With --write, keep the way back in this file, as a patch
    #[arg(long, value_name = "FILE", requires = "write")]
    pub save_patch: Option<PathBuf>,

    /// With --write, wait until each file is on the disk
    #[arg(long, requires = "write")]
    pub durable: bool,

    #[command(flatten)]
    pub common: Common,
}

/// What `check` and `fix` have in common.
#[derive(Debug, Args)]
pub struct Common {
    /// Files, folders or patterns; `-` reads the standard input [default: `content` of the configuration,
    /// else this folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Also the content files of this list, one a line; `-` reads the list from the standard input
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub files_from: Option<PathBuf>,

    /// The list has NUL bytes between its entries, as of `git diff -z`
    #[arg(short = '0', long, requires = "files_from", help_heading = "Files")]
    pub null: bool,

    /// Only files that changed since this commit, or that git does not know yet
    #[arg(long, value_name = "REF", help_heading = "Files")]
    pub changed_since: Option<String>,

    /// Print which files are taken, and why others are not
    #[arg(long, help_heading = "Files")]
    pub files: bool,

    /// This baseline, in place of the `copydesk-baseline.json` beside the configuration
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub baseline: Option<PathBuf>,

    /// Also report what the baseline knows
    #[arg(long)]
    pub no_baseline: bool,

    /// How findings are written [default: full]
    #[arg(long, value_enum, help_heading = "Output")]
    pub format: Option<Format>,

    /// Also write a report to a file, as in `sarif=report.sarif`; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", help_heading = "Output")]
    pub output: Vec<Report>,

    /// How often each rule fires, in place of the findings
    #[arg(long, help_heading = "Output")]
    pub statistics: bool,

    /// Show every finding, also where a rule has many in one file
    #[arg(long, help_heading = "Output")]
    pub show_all: bool,

    /// No summary
    #[arg(long, short, help_heading = "Output")]
    pub quiet: bool,

    /// Exit with 1 only for findings of at least this weight
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "SEVERITY",
        help_heading = "Exit code"
    )]
    pub fail_on: FailOn,

    /// Exit with 0 whatever was found
    #[arg(long, help_heading = "Exit code")]
    pub exit_zero: bool,

    /// Threads [default: as many as there are cores]
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub jobs: Option<NonZeroUsize>,

    /// The path that the standard input stands for; without it, input that starts as a page of HTML is
    /// taken for one, and all other for Markdown
    #[arg(long, value_name = "PATH", help_heading = "Files")]
    pub stdin_filename: Option<PathBuf>,

    // Last: its heading holds for what follows.
    #[command(flatten)]
    pub selection: SelectionArgs,
}

#[derive(Debug, Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    pub command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print what holds for a file, as YAML
    Show(ShowArgs),
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The content file, which need not exist [default: one in the current folder]
    #[arg(
        value_name = "PATH",
        default_value = "example.md",
        hide_default_value = true
    )]
    pub path: PathBuf,

    /// Say where each value comes from
    #[arg(long)]
    pub origin: bool,

    #[command(flatten)]
    pub selection: SelectionArgs,
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder [default: the current one]
    #[arg(value_name = "FOLDER")]
    pub folder: Option<PathBuf>,

    /// Write the file anew where there is one
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct BaselineArgs {
    /// Files, folders or patterns [default: `content` of the configuration, else this folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Only take out what no longer occurs
    #[arg(long)]
    pub prune: bool,

    /// Write `copydesk-ignore` directives into the files instead, with this reason if one is given
    #[arg(
        long,
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        value_parser = reason,
        conflicts_with_all = ["prune", "baseline"]
    )]
    pub add_ignore: Option<String>,

    /// Write to this file, in place of the `copydesk-baseline.json` beside the configuration
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    #[command(flatten)]
    pub selection: SelectionArgs,
}

fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .map_err(|_| "give the number of threads, 1 or more".to_owned())
}

fn reason(text: &str) -> Result<String, String> {
    match reason_problem(text) {
        Some(problem) => Err(problem.to_owned()),
        None => Ok(text.trim().to_owned()),
    }
}

/// The name of a rule or group, which is not empty.
fn name(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err(
            "give rules or groups, as in `ads,empty-title`; `copydesk rules` lists them".to_owned(),
        ),
        name => Ok(name.to_owned()),
    }
}

/// Which rules run.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub struct SelectionArgs {
    /// Rules and groups that run, in place of the configured ones; `default`, `all`
    #[arg(long, value_delimiter = ',', value_name = "NAMES", value_parser = name)]
    pub select: Vec<String>,

    /// Rules and groups that do not run
    #[arg(long, value_delimiter = ',', value_name = "NAMES", value_parser = name)]
    pub ignore: Vec<String>,

    /// Whose pages they are
    #[arg(long, value_enum)]
    pub profile: Option<ProfileArg>,

    /// The site generator [default: detected from the folder]
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,

    /// This configuration file, in place of the nearest `copydesk.yaml` upward
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub config: Option<PathBuf>,

    /// No configuration file
    #[arg(long)]
    pub isolated: bool,

    /// The moment that rules about the future take for the present; no rule reads the clock
    #[arg(long, value_name = "DATE", value_parser = moment)]
    pub now: Option<String>,
}

fn moment(text: &str) -> Result<String, String> {
    match crate::frontmatter::Date::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(problem) => Err(format!("this is not a date: {}", problem.reason)),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// With excerpt, reason and remedy
    #[default]
    Full,
    /// One line each: `path:line:column: severity[rule] message`
    Concise,
    /// By rule, with counts and a few places each
    Grouped,
    /// One array
    Json,
    /// One object a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality report of GitLab
    Gitlab,
    /// JUnit XML
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// Reviewdog Diagnostic Format
    Rdjson,
    /// What the safe fixes change, as a unified diff
    Diff,
}

/// A report that goes to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How it is written.
    pub format: Format,
    /// Where to.
    pub path: PathBuf,
}

impl std::str::FromStr for Report {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or("write FORMAT=FILE, as in sarif=report.sarif")?;
        let format = Format::from_str(format, true).map_err(|_| {
            let names: Vec<_> = Format::value_variants()
                .iter()
                .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
                .collect();
            format!(
                "no format is called `{format}`; there are {}",
                names.join(", ")
            )
        })?;
        Ok(Self {
            format,
            path: path.into(),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FailOn {
    Info,
    #[default]
    Warning,
    Error,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Info => Self::Info,
            FailOn::Warning => Self::Warning,
            FailOn::Error => Self::Error,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileArg {
    /// The folder's author wrote them: only what is dead goes
    Own,
    /// Taken from elsewhere: ads, share bars and trackers go too
    Archive,
    /// And scripts, event handlers and unknown frames
    Sanitize,
}

impl From<ProfileArg> for Profile {
    fn from(profile: ProfileArg) -> Self {
        match profile {
            ProfileArg::Own => Self::Own,
            ProfileArg::Archive => Self::Archive,
            ProfileArg::Sanitize => Self::Sanitize,
        }
    }
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RulesArgs {
    #[command(subcommand)]
    pub command: Option<RulesCommand>,

    /// As JSON
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,

    /// The whole reference, as Markdown
    #[arg(long)]
    pub markdown: bool,

    /// The named checks that front-matter rules of your own can use, with their options, as Markdown
    #[arg(long, conflicts_with_all = ["json", "markdown"])]
    pub checks: bool,

    #[command(flatten)]
    pub selection: SelectionArgs,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Run the examples of packs, and hold their rules to the laws that the built-in ones keep
    Test(TestArgs),
}

#[derive(Debug, Args)]
pub struct TestArgs {
    /// Pack files, or folders of them
    #[arg(value_name = "PACK", required = true)]
    pub packs: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The id of a rule, or the name of a group
    #[arg(value_name = "ID")]
    pub name: String,

    /// This configuration file, for the rules of its packs
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Of what
    #[arg(value_enum)]
    pub of: SchemaOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// `copydesk.yaml`
    Config,
    /// A pack of rules
    Pack,
    /// A preset
    Preset,
    /// What `--format json` prints
    Output,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Put the sample there, to try it yourself
    #[arg(long, value_name = "FOLDER")]
    pub into: Option<PathBuf>,
}
