//! Cleaning HTML that is too large to hold: a window moves over it, and what is behind is written.
//!
//! The window ends where nothing that could still be decided is open ([`cut`]); the tags of the
//! elements that are open there stand before the next window, so that it is read in its place.
//!
//! What needs more than that is left to whole files: text that flows around an element, an image
//! that shows elsewhere in the page too, front matter past the first window, link targets, budgets,
//! unused suppressions, template blocks that are larger than the window.
//!
//! Where a rule asks for the scripts and style sheets of the page, those that went by are
//! remembered ([`EarlierCode`]) and decide together with those of the window: the ones to come
//! cannot be known. A page of the author's own whose scripts stand after what they fill is one for
//! whole files.

mod cut;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::Settings;
use super::fix::fix_part;
use super::suppress;
use crate::document::Document;
use crate::finding::Safety;
use crate::html::EarlierCode;

/// What a tag counts for at least where the length of a window is measured, in bytes. What is known
/// of an element takes a kilobyte or more, so that a window full of `<p></p>` takes as much memory as
/// one of articles that is many times as long; those seldom have more than one tag to 30 bytes.
const WEIGHT_OF_TAG: usize = 24;

/// A chunk is taken in so many parts to a window, and a try to write is made after a part only: the
/// limits hold also where all is written in one chunk, and the parts are the same for all chunks.
const PARTS_OF_WINDOW: usize = 16;

/// How much a [`Cleaner`] holds, in bytes. A tag counts for 24 of them where it is shorter than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// So much is gathered before the first try to write some.
    pub window: usize,
    /// Past so much the window moves on even where an element is open that a rule would have
    /// removed: it stays.
    pub look_back: usize,
    /// A single tag, comment or script longer than this ends the cleaning: what follows is passed
    /// on as it is. Here bytes are bytes.
    pub longest_token: usize,
}

impl Default for Limits {
    /// 256 KiB, 1 MiB and 6 MiB.
    fn default() -> Self {
        Self {
            window: 256 << 10,
            look_back: 1 << 20,
            longest_token: 6 << 20,
        }
    }
}

/// Cleans HTML that is written to it in chunks of any size, and writes on what is done with.
///
/// Memory is bounded whatever the length of the input; see the module's introduction for what
/// a stream cannot see. For HTML on which that plays no part the bytes are those of
/// [`fix`](super::fix()), whatever the chunks.
///
/// * **The end** is where [`finish`](Self::finish) is called, and it may be anywhere: input that
///   breaks off within a tag, a comment, a character or an entity is read as a file that ends there,
///   and every byte that no fix takes is written. A `Cleaner` that is dropped without `finish` has
///   written only what was decided by then; the rest is lost.
/// * **Errors** of the writer are handed on from [`write`](Write::write) and `finish`, and are final:
///   how much it had taken is not known, so nothing is tried again, and after one every further
///   call fails with the same kind of error and writes nothing. [`io::ErrorKind::Interrupted`] is no
///   error: it is tried again, as is what is left of a short write.
pub struct Cleaner<W: Write> {
    out: W,
    settings: Settings,
    allowed: Safety,
    limits: Limits,
    // What says where the window stands: written already, or never there.
    context: Vec<u8>,
    window: Vec<u8>,
    // How many tags, at most, start in the window.
    tags: usize,
    // The weight of the window at which the next try is made.
    try_at: usize,
    first: bool,
    // The error of the writer that ended it.
    failed: Option<io::ErrorKind>,
    // What the scripts and style sheets said so far.
    code: Arc<EarlierCode>,
    report: Cleaned,
}

/// What a [`Cleaner`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// How many fixes of each rule were applied.
    pub applied: BTreeMap<Arc<str>, usize>,
    /// Bytes read.
    pub read: u64,
    /// Bytes written.
    pub written: u64,
    /// Where the input has a tag, comment or script so long that the rest was passed on as it is,
    /// in bytes from the start.
    pub gave_up_at: Option<u64>,
}

impl<W: Write> Cleaner<W> {
    /// Writes to `out` what the fixes of `settings` up to `allowed` leave of the input.
    pub fn new(out: W, settings: Settings, allowed: Safety) -> Self {
        Self {
            out,
            settings,
            allowed,
            limits: Limits::default(),
            context: Vec::new(),
            window: Vec::new(),
            tags: 0,
            try_at: Limits::default().window,
            first: true,
            failed: None,
            code: Arc::default(),
            report: Cleaned::default(),
        }
    }

    /// Holds as much as `limits` say.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.try_at = limits.window;
        self.limits = limits;
        self
    }

    /// Writes the rest, flushes the writer and gives it back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> io::Result<(W, Cleaned)> {
        self.has_not_failed()?;
        let end = self.window.len();
        self.emit(end, None)?;
        self.out.flush()?;
        Ok((self.out, self.report))
    }

    /// The length of the window as the limits measure it, in bytes.
    fn weight(&self) -> usize {
        self.window.len().max(self.tags * WEIGHT_OF_TAG)
    }

    /// Writes what can be decided now.
    fn advance(&mut self) -> io::Result<()> {
        let limits = self.limits;
        while self.report.gave_up_at.is_none()
            && (self.weight() >= self.try_at || self.window.len() >= limits.longest_token)
        {
            let mut text = self.context.clone();
            text.extend_from_slice(&self.window);
            let relaxed = self.weight() >= limits.look_back;
            let code = Arc::make_mut(&mut self.code);
            let rules = &self.settings.rules;
            let document = Document::new("stream.html", text);
            let cut = cut::find(&document, self.context.len(), rules, relaxed, code);
            // What was read of it is read again for the part that is written: not both at a time.
            drop(document);
            match cut {
                Some(cut) => {
                    self.emit(cut.at - self.context.len(), Some(cut.context))?;
                    let left = self.weight();
                    let limit = limits.look_back.max(left);
                    self.try_at = (left + limits.window).min(limit);
                }
                None if self.window.len() >= limits.longest_token => {
                    let at = self.report.read - self.window.len() as u64;
                    self.report.gave_up_at = Some(at);
                    let rest = std::mem::take(&mut self.window);
                    self.pass_on(&rest)?;
                }
                None => {
                    // Each try reads the window again, so that the next one has to be far off.
                    let now = self.weight();
                    self.try_at = if now < limits.look_back {
                        limits.look_back.min(now * 2)
                    } else {
                        now * 2
                    };
                }
            }
        }
        Ok(())
    }

    /// Cleans and writes the first `length` bytes of the window; `context` is what the rest stands
    /// in.
    fn emit(&mut self, length: usize, context: Option<Vec<u8>>) -> io::Result<()> {
        let rest = self.window.split_off(length);
        let part = std::mem::replace(&mut self.window, rest);
        self.tags = count_tags(&self.window);
        if self.report.gave_up_at.is_some() {
            return self.pass_on(&part);
        }
        let frozen = self.context.len();
        let mut text = std::mem::take(&mut self.context);
        text.extend_from_slice(&part);
        let is_whole = self.first && context.is_none();
        let mut document = Document::new("stream.html", text);
        if !is_whole {
            document = document.part_of_page(self.code.clone());
        }
        let frozen = if self.first { 0 } else { frozen };
        let fixed = fix_part(&document, &self.settings, self.allowed, frozen);
        for (rule, count) in fixed.applied {
            *self.report.applied.entry(rule).or_default() += count;
        }
        self.first = false;
        if let Some(context) = context {
            self.context = suppress::in_force_at_the_end(&document);
            self.context.extend_from_slice(&context);
        }
        let bytes = fixed.bytes.get(frozen..).unwrap_or_default();
        self.pass_on(bytes)
    }

    fn pass_on(&mut self, bytes: &[u8]) -> io::Result<()> {
        let done = self.out.write_all(bytes);
        match &done {
            Ok(()) => self.report.written += bytes.len() as u64,
            Err(error) => self.failed = Some(error.kind()),
        }
        done
    }

    fn has_not_failed(&self) -> io::Result<()> {
        match self.failed {
            None => Ok(()),
            Some(kind) => Err(io::Error::new(kind, "the writer failed before")),
        }
    }
}

impl<W: Write> Write for Cleaner<W> {
    /// Takes all of `chunk`. An error of the writer behind is final.
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        self.has_not_failed()?;
        let part = (self.limits.window / PARTS_OF_WINDOW).max(1);
        let mut rest = chunk;
        while !rest.is_empty() && self.report.gave_up_at.is_none() {
            let taken = (self.report.read % part as u64) as usize;
            let (now, later) = rest.split_at(rest.len().min(part - taken));
            self.window.extend_from_slice(now);
            self.tags += count_tags(now);
            self.report.read += now.len() as u64;
            if taken + now.len() == part {
                self.advance()?;
            }
            rest = later;
        }
        if !rest.is_empty() {
            self.report.read += rest.len() as u64;
            self.pass_on(rest)?;
        }
        Ok(chunk.len())
    }

    /// Flushes what was written; what is not decided yet stays.
    fn flush(&mut self) -> io::Result<()> {
        self.has_not_failed()?;
        self.out.flush()
    }
}

/// How many tags and comments start in `bytes`, at most.
fn count_tags(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'<', bytes).count()
}
