use std::io::{self, BufWriter, IsTerminal, LineWriter, Write};

use anstream::ColorChoice;

use super::args::Format;
use std::sync::Arc;

use crate::output::{
    Checkout, Checkstyle, Concise, Diff, Full, Github, Gitlab, Grouped, Json, JsonLines, Junit,
    Look, Paint, Rdjson, Sarif,
};
use crate::registry::Registry;
use crate::workspace::Sink;

/// The standard output, for much text. On a screen, which it may share with the standard error, it
/// goes out line by line, so that what belongs together stays together.
pub fn stdout() -> Box<dyn Write> {
    let out = io::stdout();
    match out.is_terminal() {
        true => Box::new(LineWriter::new(out)),
        false => Box::new(BufWriter::with_capacity(1 << 16, out)),
    }
}

/// The standard error, as [`stdout`].
pub fn stderr() -> Box<dyn Write> {
    let out = io::stderr();
    match out.is_terminal() {
        true => Box::new(LineWriter::new(out)),
        false => Box::new(BufWriter::new(out)),
    }
}

/// How the standard output is drawn on.
pub fn look_out(color: ColorChoice) -> Look {
    Look::of(&io::stdout(), color)
}

/// How the standard error is drawn on.
pub fn look_err(color: ColorChoice) -> Look {
    Look::of(&io::stderr(), color)
}

/// The sink of a format.
pub fn sink<'a>(
    format: Format,
    out: impl Write + 'a,
    look: Look,
    show_all: bool,
    registry: &Arc<Registry>,
    checkout: &Checkout,
) -> Box<dyn Sink + 'a> {
    match format {
        Format::Full => Box::new(Full::new(out, look, show_all)),
        Format::Concise => Box::new(Concise::new(out, look)),
        Format::Json => Box::new(Json::new(out)),
        Format::Jsonl => Box::new(JsonLines::new(out)),
        Format::Grouped => Box::new(Grouped::new(out, look, show_all)),
        Format::Sarif => Box::new(Sarif::new(out, registry.clone(), checkout.clone())),
        Format::Github => Box::new(Github::new(out, checkout.clone())),
        Format::Gitlab => Box::new(Gitlab::new(out, checkout.clone())),
        Format::Junit => Box::new(Junit::new(out)),
        Format::Checkstyle => Box::new(Checkstyle::new(out)),
        Format::Rdjson => Box::new(Rdjson::new(out)),
        Format::Diff => Box::new(Diff::new(out, look)),
    }
}

/// Prints sentences that say why the command cannot run.
pub fn usage_errors(errors: &[String], color: ColorChoice) -> io::Result<()> {
    let look = look_err(color);
    let mut err = stderr();
    for error in errors {
        writeln!(err, "{} {error}", look.paint(Paint::Error, "error:"))?;
    }
    err.flush()
}
