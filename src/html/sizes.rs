//! The `sizes` attribute of images.

/// Whether `value` is a list as HTML wants it in `sizes`: media conditions with a length each, and
/// last a length, or `auto`, alone. What a condition and a calculation are made of is not looked at.
pub fn is_sizes(value: &str) -> bool {
    let mut entries = split_outside(value, ',').into_iter().peekable();
    while let Some(entry) = entries.next() {
        let words: Vec<&str> = split_outside(entry.trim(), ' ')
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect();
        let Some((length, condition)) = words.split_last() else {
            return false;
        };
        let is_last = entries.peek().is_none();
        let holds_alone = length.eq_ignore_ascii_case("auto") || is_last;
        let fits = if condition.is_empty() {
            holds_alone
        } else {
            condition.iter().all(|word| {
                word.starts_with('(')
                    || ["and", "or", "not", "only", "screen", "print", "all"]
                        .iter()
                        .any(|known| word.eq_ignore_ascii_case(known))
            })
        };
        if !fits || !is_length(length) {
            return false;
        }
    }
    true
}

/// The parts of `text` between the separators that stand outside of parentheses.
fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0usize;
    let outside = move |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && (c == separator || separator == ' ' && c.is_ascii_whitespace())
    };
    text.split(outside).collect()
}

/// Whether `word` is a length of CSS, a calculation of one, or `auto`.
fn is_length(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    if matches!(word.as_str(), "0" | "auto") {
        return true;
    }
    if let Some((function, rest)) = word.split_once('(') {
        return matches!(function, "calc" | "min" | "max" | "clamp" | "var") && rest.ends_with(')');
    }
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = word.get(number.len()..).unwrap_or("");
    number.parse::<f64>().is_ok_and(|size| size >= 0.0)
        && matches!(
            unit,
            "px" | "em"
                | "rem"
                | "ex"
                | "ch"
                | "vw"
                | "vh"
                | "vmin"
                | "vmax"
                | "vi"
                | "vb"
                | "svw"
                | "lvw"
                | "dvw"
                | "cm"
                | "mm"
                | "q"
                | "in"
                | "pt"
                | "pc"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_conditions_are_sizes_and_words_are_not() {
        for value in [
            "100vw",
            "auto",
            "auto, 100vw",
            "(max-width: 600px) 100vw, 600px",
            "(max-width: 1em) and (min-height:3px) calc(100vw - 2em),\n 33.3vw",
            "not (min-width: 2px) 0, min(3px, 4vw)",
            "(max-width: 600px) 100vw",
        ] {
            assert!(is_sizes(value), "{value:?}");
        }
        for value in [
            "",
            "large",
            "大",
            "50%",
            "300",
            "100vw, large",
            "(a) ",
            "100vw 50vw",
            "100vw,",
            "{w}px",
            "-3px",
        ] {
            assert!(!is_sizes(value), "{value:?}");
        }
    }
}
