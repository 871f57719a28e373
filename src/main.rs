//! The command-line tool.

fn main() -> std::process::ExitCode {
    copydesk::cli::main()
}
