//! Tries removals out: what is left must read as it did before.

use super::Kind;
use super::seams::{self, Gone, Seam, Wanted};
use crate::document::Document;
use crate::finding::Safety;
use crate::frontmatter;
use crate::html::is_inline;
use crate::markdown::{Flow, Format, Healing, Reading, Standing};
use crate::source::{Edit, MaskKind, Span, apply};

/// How to close the gap, the best way first. Only [`Seam::Break`] puts anything in its place.
const SEAMS: [Seam; 7] = [
    Seam::Line,
    Seam::Blanks,
    Seam::Bare,
    Seam::Tight,
    Seam::Ahead,
    Seam::Break,
    Seam::Join,
];

/// How often a document may be read again to find the removals that change it, and how many bytes
/// may be read for that: a long page has fewer trials.
const TRIALS: usize = 1024;
const TRIAL_BYTES: usize = 16 << 20;
const LEAST_TRIALS: usize = 12;

type Result = std::result::Result<(Safety, Vec<Edit>), String>;

/// The edits of every removal, or why it stays.
pub(super) fn edits(document: &Document, wanted: Vec<Wanted>) -> Vec<(Wanted, Result)> {
    let body = document.body().slice(document.bytes());
    let markdown = document.format() != Format::Html;
    let text = std::str::from_utf8(body).ok().filter(|_| markdown);
    let mut trial = Trial {
        document,
        text,
        results: wanted.iter().map(|_| None).collect(),
        healing: Vec::new(),
        left: (TRIAL_BYTES / body.len().max(1)).clamp(LEAST_TRIALS, TRIALS),
        wanted,
    };
    for level in [Safety::Safe, Safety::Unsafe] {
        let mut places: Vec<usize> = (0..trial.wanted.len())
            .filter(|&place| {
                let safety = trial.wanted.get(place).map(|wanted| wanted.safety);
                trial.result(place).is_none() && safety.is_some_and(|safety| safety <= level)
            })
            .collect();
        places.sort_by_key(|&place| trial.spans(place).first().map(|span| span.start));
        trial.level(&places);
    }
    trial
        .wanted
        .into_iter()
        .zip(trial.results.into_iter().map(Option::unwrap_or_default))
        .map(|(wanted, edits)| {
            let result = if edits.is_empty() {
                Err(reason(markdown).to_owned())
            } else {
                Ok((wanted.safety, edits))
            };
            (wanted, result)
        })
        .collect()
}

fn reason(markdown: bool) -> &'static str {
    if markdown {
        "Markdown would read the lines around it differently"
    } else {
        "the text on its two sides would run together"
    }
}

struct Trial<'a> {
    document: &'a Document,
    /// The body, if it is Markdown.
    text: Option<&'a str>,
    wanted: Vec<Wanted>,
    /// The edits of each that is decided; none where it stays.
    results: Vec<Option<Vec<Edit>>>,
    /// Those that change how Markdown reads the lines around them, for the better.
    healing: Vec<usize>,
    /// How many trials are left.
    left: usize,
}

/// Removals to be tried, with the seam of each.
type Chosen = Vec<(usize, Seam)>;

impl Trial<'_> {
    fn result(&self, place: usize) -> Option<&[Edit]> {
        self.results.get(place)?.as_deref()
    }

    /// Decides on those at `places`, in file order, given what is decided.
    fn level(&mut self, places: &[usize]) {
        let mut chosen: Chosen = Vec::new();
        if self.text.is_some() {
            self.choose(places, &mut chosen);
        } else {
            chosen = places.iter().map(|&place| (place, Seam::Line)).collect();
            let apart = self.holding_apart(&chosen);
            chosen.retain(|(place, _)| apart.binary_search(place).is_err());
        }
        let edits = self.edits_of(&chosen);
        for &place in places {
            if let Some(slot) = self.results.get_mut(place) {
                *slot = Some(Vec::new());
            }
        }
        for ((place, _), edits) in chosen.into_iter().zip(edits) {
            if let Some(slot) = self.results.get_mut(place) {
                *slot = Some(edits);
            }
        }
    }

    /// Adds to `chosen` those of `places` that leave the page as it is: all of them if they do
    /// together, else each half on its own.
    fn choose(&mut self, places: &[usize], chosen: &mut Chosen) {
        let [first, ..] = places else {
            return;
        };
        let before = chosen.len();
        if places.len() > 1 {
            chosen.extend(places.iter().map(|&place| {
                let blanks = self.follows_an_unfinished_tag(place);
                (place, if blanks { Seam::Blanks } else { Seam::Line })
            }));
            if self.spend() && self.reads_the_same(chosen) {
                return;
            }
            chosen.truncate(before);
        } else {
            // One that heals the text around it changes what is read: only if no seam changes nothing.
            let may_heal = self.may_heal(*first);
            for heals in [false, true].into_iter().take(1 + usize::from(may_heal)) {
                for seam in self.seams_for(*first) {
                    if !self.spend() {
                        return;
                    }
                    chosen.push((*first, seam));
                    if heals {
                        self.healing.push(*first);
                    }
                    if self.reads_the_same(chosen) {
                        return;
                    }
                    chosen.truncate(before);
                    if heals {
                        self.healing.pop();
                    }
                }
            }
        }
        if places.len() > 1 {
            let (left, right) = places.split_at(places.len() / 2);
            self.choose(left, chosen);
            self.choose(right, chosen);
        }
    }

    /// Whether it may be the element that made Markdown read its neighbours in another way. What
    /// stands in a line is no such thing: its author may have parted them with it.
    fn may_heal(&self, place: usize) -> bool {
        self.wanted.get(place).is_some_and(|wanted| {
            let name = self.document.arena().name(wanted.element);
            wanted.kind == Kind::Remove && standing(name) == Standing::Block
        })
    }

    /// Takes one of the trials that are left.
    fn spend(&mut self) -> bool {
        let any = self.left > 0;
        self.left = self.left.saturating_sub(1);
        any
    }

    /// The seams that can close the gap at `place`.
    fn seams_for(&self, place: usize) -> Vec<Seam> {
        if self.follows_an_unfinished_tag(place) {
            // Only a blank line keeps what follows out of that tag.
            return vec![Seam::Blanks];
        }
        let can_break = self
            .wanted
            .get(place)
            .is_some_and(|wanted| seams::can_break(self.document, wanted));
        SEAMS
            .into_iter()
            .filter(|seam| *seam != Seam::Break || can_break)
            .collect()
    }

    /// The edits of each of `chosen`, given that what is decided goes too.
    fn edits_of(&self, chosen: &Chosen) -> Vec<Vec<Edit>> {
        let decided = (0..self.wanted.len())
            .filter(|&place| self.result(place).is_some_and(|edits| !edits.is_empty()));
        let spans = chosen
            .iter()
            .map(|(place, _)| *place)
            .chain(decided)
            .filter_map(|place| self.wanted.get(place))
            .filter(|wanted| wanted.kind == Kind::Remove)
            .map(|wanted| self.document.arena().element(wanted.element).whole())
            .collect();
        let gone = Gone::new(self.document, spans);
        chosen
            .iter()
            .filter_map(|&(place, seam)| {
                let wanted = self.wanted.get(place)?;
                Some(seams::edits(self.document, wanted, seam, &gone))
            })
            .collect()
    }

    /// What is taken out at `place`, white space aside.
    fn spans(&self, place: usize) -> Vec<Span> {
        let Some(wanted) = self.wanted.get(place) else {
            return Vec::new();
        };
        let element = self.document.arena().element(wanted.element);
        match (wanted.kind, element.end) {
            (Kind::Unwrap, Some(end)) => vec![element.start, end],
            _ => vec![element.whole()],
        }
    }

    /// What is taken out by all that is decided and all of `chosen`, sorted, with its places.
    fn taken(&self, chosen: &Chosen) -> Vec<(Span, usize)> {
        let mut taken: Vec<(Span, usize)> = (0..self.wanted.len())
            .filter(|&place| self.result(place).is_some_and(|edits| !edits.is_empty()))
            .chain(chosen.iter().map(|(place, _)| *place))
            .flat_map(|place| self.spans(place).into_iter().map(move |span| (span, place)))
            .collect();
        taken.sort_unstable_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        taken
    }

    /// Whether a tag that was never finished stands before the element: `<div class` and a line
    /// end.
    fn follows_an_unfinished_tag(&self, place: usize) -> bool {
        let Some(wanted) = self.wanted.get(place) else {
            return false;
        };
        let start = self.document.arena().element(wanted.element).start.start;
        let body = self.document.body();
        let source = self.document.bytes();
        let before = Span::new(body.start, start);
        let Some(last) = self.document.mask().within(before).last() else {
            return false;
        };
        let tag = last.span.slice(source);
        let between = Span::new(last.span.end, start).slice(source);
        let starts = match tag {
            [b'<'] => between.first(),
            [b'<', next, ..] => Some(next),
            _ => None,
        };
        last.kind == MaskKind::Literal
            && starts.is_some_and(u8::is_ascii_alphabetic)
            && !between.contains(&b'>')
    }

    /// Whether Markdown makes the same page of the body without `chosen` as it does with them, what
    /// they remove left out.
    fn reads_the_same(&self, chosen: &Chosen) -> bool {
        let Some(text) = self.text else {
            return true;
        };
        let base = self.document.body().start;
        let shift = |span: Span| {
            Span::new(
                span.start.saturating_sub(base),
                span.end.saturating_sub(base),
            )
        };
        let removed: Vec<Span> = self
            .taken(chosen)
            .into_iter()
            .map(|(span, _)| shift(span))
            .collect();
        let mut cuts: Vec<Edit> = self
            .edits_of(chosen)
            .into_iter()
            .chain(self.results.iter().flatten().cloned())
            .flatten()
            .map(|edit| Edit::replace(shift(edit.span), edit.text))
            .collect();
        cuts.sort_unstable();
        let mut edits: Vec<Edit> = Vec::with_capacity(cuts.len());
        for cut in cuts {
            match edits.last_mut() {
                Some(last) if cut.span.start <= last.span.end => {
                    last.span.end = last.span.end.max(cut.span.end);
                    last.text.push_str(&cut.text);
                }
                _ => edits.push(cut),
            }
        }
        let after = apply(text.as_bytes(), &edits);
        let Ok(after) = std::str::from_utf8(&after) else {
            return false;
        };
        if self.starts_like_front_matter(after) {
            return false;
        }
        let before = Reading::of(text, &removed, standing);
        if before.is_kept_by(&Reading::of(after, &[], standing)) {
            return true;
        }
        if self.healing.is_empty() {
            return false;
        }
        let healed: Vec<Span> = self
            .healing
            .iter()
            .flat_map(|&place| self.spans(place))
            .map(shift)
            .collect();
        Healing::of(text, &removed, standing_of_words)
            .is_healed_by(&Healing::of(after, &[], standing_of_words), &healed)
    }

    /// Whether a body without front matter would be taken for front matter.
    fn starts_like_front_matter(&self, after: &str) -> bool {
        self.document.front_matter().block().is_none() && frontmatter::read(after).block().is_some()
    }

    /// Those of `chosen` that stand, in HTML, between what would be one line without them.
    fn holding_apart(&self, chosen: &Chosen) -> Vec<usize> {
        let arena = self.document.arena();
        let source = self.document.bytes();
        let body = self.document.body();
        let mut flow = Flow::new(standing_in_html);
        let mut at = body.start;
        for (span, place) in self.taken(chosen) {
            let Some(wanted) = self.wanted.get(place) else {
                continue;
            };
            if span.start < at {
                continue;
            }
            flow.feed(Span::new(at, span.start).slice(source));
            if standing(arena.name(wanted.element)) == Standing::Block {
                flow.left_out(arena.name(wanted.element), place);
            }
            at = span.end;
        }
        flow.feed(Span::new(at, body.end).slice(source));
        let mut held: Vec<usize> = flow.held().collect();
        held.sort_unstable();
        held
    }
}

fn standing(name: &str) -> Standing {
    match name {
        "script" | "noscript" | "style" | "link" | "meta" | "template" | "base" | "title" => {
            Standing::Nowhere
        }
        "img" | "picture" | "video" | "audio" | "iframe" | "object" | "embed" | "svg" | "math"
        | "canvas" | "input" | "button" | "select" | "textarea" | "meter" | "progress"
        | "output" => Standing::Line,
        _ if is_inline(name) => Standing::Line,
        _ => Standing::Block,
    }
}

/// As [`standing`], where what only marks words shows nothing of its own.
fn standing_of_words(name: &str) -> Standing {
    match standing(name) {
        Standing::Line if is_inline(name) && name != "img" => Standing::Nowhere,
        other => other,
    }
}

/// Text and what is text: a part of a page must say what the whole page says, and only text decides
/// where a page may be parted.
fn standing_in_html(name: &str) -> Standing {
    if is_inline(name) {
        Standing::Line
    } else {
        Standing::Block
    }
}
