/// Which comments programs read: those that site generators cut, number or fill a page at, and
/// directives of tools.
///
/// The words are data of the packs. A `*` at the start or the end of one stands for anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks(Vec<String>);

impl Marks {
    /// Knows `words` too.
    pub fn add(&mut self, words: impl IntoIterator<Item = String>) {
        for word in words {
            let word = word.to_lowercase();
            if !self.0.contains(&word) {
                self.0.push(word);
            }
        }
    }

    /// Whether a program reads `comment`, which is written with its delimiters: its first word is one
    /// of these, or it is the stamp of an importer, a number of eight digits or more.
    pub fn has(&self, comment: &[u8]) -> bool {
        let text = String::from_utf8_lossy(comment);
        let text = text
            .trim_start_matches("<!--")
            .trim_end_matches("-->")
            .trim();
        let first = text.split_whitespace().next().unwrap_or("").to_lowercase();
        let stamp = text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit());
        stamp || self.0.iter().any(|word| is_like(&first, word))
    }
}

fn is_like(word: &str, pattern: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => word.contains(pattern.trim_matches('*')),
        (Some(end), None) => word.ends_with(end),
        (None, Some(start)) => word.starts_with(start),
        (None, None) => word == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_and_its_pattern() {
        let mut marks = Marks::default();
        marks.add(["more", "*-ignore*", "tool-*", "*:end"].map(str::to_owned));
        for comment in [
            "<!--more-->",
            "<!-- MORE read on -->",
            "<!-- prettier-ignore-start -->",
            "<!-- tool-x -->",
            "<!-- 目录:end -->",
            "<!-- 1657365000000 -->",
        ] {
            assert!(marks.has(comment.as_bytes()), "{comment}");
        }
        for comment in [
            "<!-- no more -->",
            "<!-- moreover -->",
            "<!-- a tool-x -->",
            "<!-- 2022 -->",
            "<!-- 12345678 a -->",
            "<!---->",
        ] {
            assert!(!marks.has(comment.as_bytes()), "{comment}");
        }
        assert!(!Marks::default().has(b"<!--more-->"));
    }
}
