//! Class and id names, split as people write them.

use rustc_hash::FxHashSet;

/// Splits a name into lower-case words: at everything that is no letter or digit, and where a
/// capital follows a small letter (`GoogleDfpAd`, `ad--inArticleBanner`, `widget_x_ad`).
///
/// Trailing digits are dropped (`ad1`). What has a digit in any other place is a random id
/// (`e1ad`), and no word.
pub(super) fn split(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_alphanumeric()) {
        let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
        if part.is_empty() || part.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let chars: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (at, &c) in chars.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| chars.get(at));
            let after = chars.get(at + 1);
            let starts = c.is_uppercase()
                && (before.is_some_and(|before| before.is_lowercase())
                    || before.is_some() && after.is_some_and(|after| after.is_lowercase()));
            if starts && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.extend(c.to_lowercase());
        }
        words.push(word);
    }
    words
}

/// Takes a run-together name apart (`outeradcontainer` is `outer`, `ad`, `container`) if all of it
/// is made of `known` words; `None` if it is not.
pub(super) fn take_apart(name: &str, known: &FxHashSet<String>) -> Option<Vec<String>> {
    if !name.is_ascii() || name.len() > 40 {
        return None;
    }
    // The fewest words that lead up to each place, and where the last of them starts.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; name.len() + 1];
    *best.first_mut()? = Some((0, 0));
    for end in 1..=name.len() {
        for start in 0..end {
            let Some(Some((count, _))) = best.get(start).copied() else {
                continue;
            };
            let part = name.get(start..end)?;
            let better = best
                .get(end)
                .copied()
                .flatten()
                .is_none_or(|(fewest, _)| count + 1 < fewest);
            if better && known.contains(part) {
                *best.get_mut(end)? = Some((count + 1, start));
            }
        }
    }
    let mut parts = Vec::new();
    let mut end = name.len();
    while end > 0 {
        let (_, start) = best.get(end).copied().flatten()?;
        parts.push(name.get(start..end)?.to_owned());
        end = start;
    }
    parts.reverse();
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_as_people_write_them() {
        for (name, words) in [
            ("ad--inArticleBanner", "ad in article banner"),
            ("GoogleDfpAd", "google dfp ad"),
            ("widget_x_dfp_ad_widget", "widget x dfp ad widget"),
            ("OUTBRAIN", "outbrain"),
            ("HTMLAdBox", "html ad box"),
            ("ad-300", "ad"),
            ("ad1", "ad"),
            ("header shadow", "header shadow"),
            ("e1ad 8a7d", ""),
            ("广告-box", "广告 box"),
        ] {
            assert_eq!(split(name).join(" "), words, "{name}");
        }
    }

    #[test]
    fn run_together_names_come_apart_only_as_a_whole() {
        let known: FxHashSet<String> = ["ad", "outer", "container", "box", "load"]
            .map(str::to_owned)
            .into_iter()
            .collect();
        let apart = |name| take_apart(name, &known).map(|parts| parts.join(" "));
        assert_eq!(
            apart("outeradcontainer").as_deref(),
            Some("outer ad container")
        );
        assert_eq!(apart("adbox").as_deref(), Some("ad box"));
        for name in ["header", "shadow", "download", "thread", "adobe", "loads"] {
            assert_eq!(apart(name), None, "{name}");
        }
    }
}
