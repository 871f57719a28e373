use std::io::{self, Read, Write};

use anstream::ColorChoice;

use super::Exit;
use super::screen::{look_err, stderr, stdout};
use crate::engine::{Cleaned, Cleaner, Limits, Settings};
use crate::finding::Safety;
use crate::output::Paint;

/// Reads `input`, of which `head` is read already, up to the look-back of a stream. `true` when there
/// is more.
pub(super) fn read_head(
    input: &mut impl Read,
    head: &mut Vec<u8>,
    limits: Limits,
) -> io::Result<bool> {
    let most = limits.look_back.saturating_add(1);
    let missing = most.saturating_sub(head.len());
    input.take(missing as u64).read_to_end(head)?;
    Ok(head.len() >= most)
}

/// Cleans `head` and what follows it in `input` onto the standard output, in bounded memory, and
/// says on the standard error what was done. Findings are not listed: what a page is large enough
/// for this has is known only as it goes by.
pub(super) fn clean(
    head: &[u8],
    input: &mut impl Read,
    settings: Settings,
    limits: Limits,
    allowed: Safety,
    quiet: bool,
    color: ColorChoice,
) -> io::Result<Exit> {
    let mut cleaner = Cleaner::new(stdout(), settings, allowed).limits(limits);
    cleaner.write_all(head)?;
    io::copy(input, &mut cleaner)?;
    let (_, report) = cleaner.finish()?;
    if !quiet {
        tell(&report, color)?;
    }
    Ok(match report.gave_up_at {
        None => Exit::Clean,
        Some(_) => Exit::Findings,
    })
}

fn tell(report: &Cleaned, color: ColorChoice) -> io::Result<()> {
    let (mut out, look) = (stderr(), look_err(color));
    let count: usize = report.applied.values().sum();
    let noun = if count == 1 { "fix" } else { "fixes" };
    let done = format!("Applied {count} {noun}");
    writeln!(
        out,
        "{}; the input is large and was cleaned as a stream, so findings are not listed.",
        look.paint(Paint::Good, done)
    )?;
    if let Some(at) = report.gave_up_at {
        writeln!(
            out,
            "{}: from byte {at} on everything was passed on as it is: a tag, comment or script there is too long.",
            look.paint(Paint::Warning, "warning")
        )?;
    }
    out.flush()
}
