//! The command line: arguments, one file per command, exit codes.

mod args;
mod baseline;
mod check;
mod checkout;
mod config;
mod configs;
mod demo;
mod explain;
mod files;
mod init;
mod known;
mod reports;
mod rules;
mod screen;
mod stream;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command, ConfigCommand, RulesCommand, SchemaOf};

use crate::config::io_in_words;
use crate::output::schema;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing to complain about.
    Clean,
    /// Findings, or something to fix.
    Findings,
    /// The command, the configuration or a file could not be used.
    Failed,
    /// The user stopped the run: 128 and the number of the signal, as shells have it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Runs the tool with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            // A reader that has gone away needs no help text.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match run(cli) {
        Ok(exit) => exit.into(),
        // The reader (`head`, a pager that was left) has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // What has a name of its own was told with it; what is left are the standard streams.
            let words = match error.raw_os_error() {
                Some(_) => {
                    let reason = io_in_words(&error);
                    format!("the standard input or output cannot be used: {reason}")
                }
                None => error.to_string(),
            };
            let _ = writeln!(io::stderr(), "error: {words}");
            Exit::Failed.into()
        }
    }
}

fn run(cli: Cli) -> io::Result<Exit> {
    let color = cli.color.into();
    match cli.command {
        Command::Check(args) => check::check(&args, color),
        Command::Fix(args) => check::fix(&args, color),
        Command::Config(args) => match &args.command {
            ConfigCommand::Show(show) => config::show(show, color),
        },
        Command::Init(args) => init::init(&args, color),
        Command::Baseline(args) => baseline::baseline(&args, color),
        Command::Rules(args) => match &args.command {
            Some(RulesCommand::Test(test)) => rules::test(test, color),
            None => rules::list(&args, color),
        },
        Command::Explain(args) => explain::explain(&args, color),
        Command::Schema(args) => schema(args.of),
        Command::Demo(args) => demo::demo(&args, color),
    }
}

fn schema(of: SchemaOf) -> io::Result<Exit> {
    let schema = match of {
        SchemaOf::Config => schema::config(),
        SchemaOf::Pack => schema::pack(),
        SchemaOf::Preset => schema::preset(),
        SchemaOf::Output => schema::output(),
    };
    let mut out = screen::stdout();
    serde_json::to_writer_pretty(&mut out, &schema)?;
    writeln!(out)?;
    out.flush()?;
    Ok(Exit::Clean)
}
