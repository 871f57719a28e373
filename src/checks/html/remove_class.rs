use serde::Deserialize;

use super::attribute;
use crate::document::Document;
use crate::finding::Safety;
use crate::html::{ElementId, same_url};
use crate::rule::{Built, Claim, Context, ElementCheck, OptionError, Options, Proposal, Report};
use crate::source::{Edit, Span};

/// `remove-class`: class tokens go from the matched element, and the attribute when none is left.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RemoveClass {
    /// The tokens. One that a script or a style sheet in the page names stays.
    tokens: Vec<String>,
    /// Attributes in which an address waits for the script that looks for the class: while one
    /// has another than `src` and `srcset`, the class stays.
    #[serde(default)]
    waiting: Vec<String>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let check: RemoveClass = options.parse()?;
    if check.tokens.is_empty() {
        return Err(OptionError("`tokens` names none".to_owned()));
    }
    Ok(Built::Element(Box::new(check)))
}

impl ElementCheck for RemoveClass {
    fn check(&self, context: Context<'_>, element: ElementId, reports: &mut Vec<Report>) {
        let document = context.document;
        let source = document.bytes();
        let Some(class) = document.arena().attribute(source, element, "class") else {
            return;
        };
        let Some(value) = class.value else { return };
        if self.still_waits(document, element) {
            return;
        }
        let tokens = tokens(value, source);
        let (gone, kept): (Vec<&Span>, Vec<&Span>) = tokens.iter().partition(|token| {
            self.tokens.iter().any(|wanted| {
                wanted.as_bytes() == token.slice(source)
                    && !document.arena().is_named(source, wanted)
            })
        });
        let (Some(first), Some(last)) = (gone.first(), gone.last()) else {
            return;
        };
        let proposal = match attribute::reason_to_keep(document, element) {
            Some(reason) => Proposal::Withheld(reason.to_owned()),
            None => Proposal::Edits {
                title: "Remove the class".to_owned(),
                safety: Safety::Safe,
                edits: if kept.is_empty() {
                    vec![attribute::removal(document, class)]
                } else {
                    removals(value, &tokens, &gone)
                },
                claim: Claim::Attributes(element),
            },
        };
        reports.push(Report::at(first.join(**last)).propose(proposal));
    }
}

impl RemoveClass {
    /// Whether `element`, or one with it in a `picture`, names something that is not in place.
    fn still_waits(&self, document: &Document, element: ElementId) -> bool {
        let arena = document.arena();
        let source = document.bytes();
        let waits = |id: ElementId| {
            self.waiting.iter().any(|name| {
                arena.value(source, id, name).is_some_and(|value| {
                    let in_place = ["src", "srcset"].iter().any(|live| {
                        arena
                            .value(source, id, live)
                            .is_some_and(|live| same_url(&live, &value))
                    });
                    attribute::holds_content(&value) && !in_place
                })
            })
        };
        let picture = arena
            .ancestors(element)
            .next()
            .filter(|&up| arena.name(up) == "picture");
        waits(element) || picture.is_some_and(|picture| arena.descendants(picture).any(waits))
    }
}

/// The class tokens of an attribute's value.
fn tokens(value: Span, source: &[u8]) -> Vec<Span> {
    let bytes = value.slice(source);
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, byte) in bytes.iter().chain([&b' ']).enumerate() {
        match (byte.is_ascii_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                tokens.push(Span::new(value.start + from, value.start + at));
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// Each token goes with the white space before it, those at the head with the white space after.
fn removals(value: Span, tokens: &[Span], gone: &[&Span]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut at_head = true;
    for (place, token) in tokens.iter().enumerate() {
        if !gone.contains(&token) {
            at_head = false;
            continue;
        }
        let span = if at_head {
            let next = tokens.get(place + 1).map_or(value.end, |next| next.start);
            Span::new(token.start, next)
        } else {
            let before = place
                .checked_sub(1)
                .and_then(|before| tokens.get(before))
                .map_or(value.start, |before| before.end);
            Span::new(before, token.end)
        };
        edits.push(Edit::delete(span));
    }
    edits
}
