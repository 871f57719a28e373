//! The command line: arguments, one file per command, exit codes.

mod args;
mod baseline;
mod check;
mod config;
mod demo;
mod explain;
mod init;
mod rules;
mod screen;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command, ConfigCommand, RulesCommand};

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing to complain about.
    Clean,
    /// Findings, or something to fix.
    Findings,
    /// The command, the configuration or a file could not be used.
    Failed,
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
            let _ = writeln!(io::stderr(), "error: {error}");
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
        Command::Demo(args) => demo::demo(&args, color),
    }
}
