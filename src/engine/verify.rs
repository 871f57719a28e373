//! Holds fixes against what they say they change, before they are offered.

use crate::document::Document;
use crate::frontmatter::{self, FrontMatter, Path};
use crate::rule::Claim;
use crate::source::{Edit, apply};

/// A fix to be verified: its edits and what it says they change.
pub(super) type Claimed<'a> = (&'a [Edit], &'a Claim);

/// So few fixes are each verified alone.
const SINGLY: usize = 8;

/// For each of `fixes`, whether its edits change what it claims and nothing else.
///
/// Verifying a fix means reading the front matter again. Where there are many, they are applied
/// together and held against all claims together; only a set that fails is halved, so that a long
/// block costs a few readings and not one for each fix.
///
/// Each error says why not, in words for the user: a fix that breaks its claim is a bug in its rule.
pub(super) fn all(document: &Document, fixes: &[Claimed<'_>]) -> Vec<Result<(), String>> {
    let mut results: Vec<Result<(), String>> = fixes
        .iter()
        .map(|(edits, claim)| {
            sound(document, edits)?;
            unshared(document, edits, claim)
        })
        .collect();
    let mut of_data: Vec<usize> = (0..fixes.len())
        .filter(|&place| results[place].is_ok() && needs_reading(document, fixes[place]))
        .collect();
    if of_data.len() <= SINGLY {
        for place in of_data {
            results[place] = together(document, &[fixes[place]]);
        }
        return results;
    }
    of_data.sort_by_key(|&place| fixes[place].0.first().map_or(0, |edit| edit.span.start));
    // Sets of fixes that do not get into each other's way.
    let mut waiting = of_data;
    while !waiting.is_empty() {
        let (mut set, mut later, mut end) = (Vec::new(), Vec::new(), None);
        for place in waiting {
            let edits = fixes[place].0;
            let start = edits.first().map(|edit| edit.span.start);
            if start > end || end.is_none() {
                end = edits.last().map(|edit| edit.span.end);
                set.push(place);
            } else {
                later.push(place);
            }
        }
        halve(document, fixes, &set, &mut results);
        waiting = later;
    }
    results
}

fn halve(
    document: &Document,
    fixes: &[Claimed<'_>],
    set: &[usize],
    results: &mut [Result<(), String>],
) {
    let chosen: Vec<Claimed<'_>> = set.iter().map(|&place| fixes[place]).collect();
    let outcome = together(document, &chosen);
    match set {
        [] => {}
        [place] => results[*place] = outcome,
        _ if outcome.is_ok() => {}
        _ => {
            let (left, right) = set.split_at(set.len() / 2);
            halve(document, fixes, left, results);
            halve(document, fixes, right, results);
        }
    }
}

fn sound(document: &Document, edits: &[Edit]) -> Result<(), String> {
    let sound = edits
        .windows(2)
        .all(|pair| pair[0].span.end <= pair[1].span.start)
        && edits
            .iter()
            .all(|edit| edit.span.end <= document.bytes().len());
    if sound {
        Ok(())
    } else {
        Err(bug("its edits overlap"))
    }
}

/// Whether an edit would change data at an alias as well, which no claim names.
fn unshared(document: &Document, edits: &[Edit], claim: &Claim) -> Result<(), String> {
    let shared = document
        .front_matter()
        .tree()
        .filter(|_| matches!(claim, Claim::Data(_)))
        .and_then(|tree| edits.iter().find_map(|edit| tree.shared(edit.span)));
    match shared {
        Some(name) => Err(format!("`*{name}` uses this value elsewhere")),
        None => Ok(()),
    }
}

/// Whether the claim is about the data of front matter that parses.
fn needs_reading(document: &Document, (edits, claim): Claimed<'_>) -> bool {
    let body = document.body().start;
    matches!(claim, Claim::Layout | Claim::Data(_))
        && edits.iter().any(|edit| edit.span.start < body)
        && document.front_matter().tree().is_some()
}

/// Whether `fixes`, applied together, change what they claim and nothing else.
fn together(document: &Document, fixes: &[Claimed<'_>]) -> Result<(), String> {
    let Some(tree) = document.front_matter().tree() else {
        return Ok(());
    };
    let body = document.body().start;
    let mut edits: Vec<Edit> = fixes
        .iter()
        .flat_map(|(edits, _)| edits.iter().cloned())
        .collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    // Only the head of the file is read again; an edit that reaches into the body would not be seen
    // whole.
    if edits
        .iter()
        .any(|edit| edit.span.start < body && edit.span.end > body)
    {
        return Err(bug("it reaches from the front matter into the body"));
    }
    edits.retain(|edit| edit.span.start < body);
    let bytes = apply(&document.bytes()[..body], &edits);
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(bug("it cuts a character in two"));
    };
    let FrontMatter::Parsed { tree: after, .. } = frontmatter::read(text) else {
        return Err(bug("the front matter would not parse afterwards"));
    };
    let claimed = |path: &Path| {
        fixes.iter().any(|(_, claim)| match claim {
            Claim::Data(paths) => paths.iter().any(|claim| path.0.starts_with(&claim.0)),
            _ => false,
        })
    };
    match tree.differences(&after).iter().find(|path| !claimed(path)) {
        None => Ok(()),
        Some(path) => Err(bug(&format!("it would change `{path}` too"))),
    }
}

fn bug(what: &str) -> String {
    format!("the fix was dropped because {what}; please report this as a bug")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn document(keys: usize) -> Document {
        let lines: String = (0..keys).map(|key| format!("k{key}: 值{key}\n")).collect();
        Document::new("a.md", format!("---\n{lines}---\n").into_bytes())
    }

    /// A fix that puts `text` in the place of the value of key `key`, claiming that of `claimed`.
    fn fix(document: &Document, key: usize, text: &str, claimed: usize) -> (Vec<Edit>, Claim) {
        let whole = document.text().unwrap_or("");
        let needle = format!("k{key}: ");
        let start = whole.find(&format!("\n{needle}")).unwrap() + 1 + needle.len();
        let end = start + whole[start..].find('\n').unwrap();
        let path = Path::key(format!("k{claimed}"));
        (
            vec![Edit::replace(Span::new(start, end), text)],
            Claim::Data(vec![path]),
        )
    }

    fn verify(document: &Document, fixes: &[(Vec<Edit>, Claim)]) -> Vec<bool> {
        let fixes: Vec<Claimed<'_>> = fixes
            .iter()
            .map(|(edits, claim)| (edits.as_slice(), claim))
            .collect();
        all(document, &fixes).iter().map(Result::is_ok).collect()
    }

    #[test]
    fn the_one_that_breaks_its_claim_is_found_among_many() {
        let document = document(40);
        let mut fixes: Vec<_> = (0..40).map(|key| fix(&document, key, "new", key)).collect();
        fixes[17] = fix(&document, 17, "\"open", 17);
        fixes[30] = fix(&document, 30, "other", 99);
        let expected: Vec<bool> = (0..40).map(|key| key != 17 && key != 30).collect();
        assert_eq!(verify(&document, &fixes), expected);
    }

    #[test]
    fn two_fixes_of_one_place_are_both_verified() {
        let document = document(12);
        let mut fixes: Vec<_> = (0..12).map(|key| fix(&document, key, "new", key)).collect();
        fixes.push(fix(&document, 3, "[", 3));
        let results = verify(&document, &fixes);
        assert!(results[3]);
        assert!(!results[12]);
    }

    #[test]
    fn edits_that_overlap_are_refused() {
        let document = document(1);
        let edits = vec![Edit::delete(Span::new(4, 7)), Edit::delete(Span::new(6, 8))];
        assert_eq!(verify(&document, &[(edits, Claim::Layout)]), [false]);
    }
}
