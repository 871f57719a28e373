use std::ops::Range;

/// One image of a `srcset`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The URL, in bytes of the attribute's value.
    pub url: Range<usize>,
    /// Width, density or height descriptor, in bytes of the value; empty where there is none.
    pub descriptor: Range<usize>,
}

/// Reads the value of a `srcset` attribute as the HTML standard does ("Parsing a srcset
/// attribute"): commas belong to a URL unless white space or the end follows them.
///
/// `None` where the value is not a list of images: a descriptor that is not one, or no URL at all.
pub fn parse_srcset(value: &str) -> Option<Vec<Candidate>> {
    let bytes = value.as_bytes();
    let blank = |at: usize| {
        bytes
            .get(at)
            .is_some_and(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0C))
    };
    let mut candidates = Vec::new();
    let mut at = 0;
    loop {
        while blank(at) || bytes.get(at) == Some(&b',') {
            at += 1;
        }
        if at >= bytes.len() {
            break;
        }
        let start = at;
        while at < bytes.len() && !blank(at) {
            at += 1;
        }
        let mut end = at;
        while end > start && bytes.get(end - 1) == Some(&b',') {
            end -= 1;
        }
        let url = start..end;
        let mut descriptor = at..at;
        if end == at {
            while blank(at) {
                at += 1;
            }
            let from = at;
            let mut depth = 0usize;
            while let Some(&b) = bytes.get(at) {
                match b {
                    b'(' => depth += 1,
                    b')' => depth = depth.saturating_sub(1),
                    b',' if depth == 0 => break,
                    _ => {}
                }
                at += 1;
            }
            let text = value.get(from..at)?;
            descriptor = from..from + text.trim_end().len();
        }
        if !value
            .get(descriptor.clone())?
            .split_ascii_whitespace()
            .all(is_descriptor)
        {
            return None;
        }
        candidates.push(Candidate { url, descriptor });
    }
    (!candidates.is_empty()).then_some(candidates)
}

fn is_descriptor(text: &str) -> bool {
    let Some(number) = text.strip_suffix(['w', 'x', 'h']) else {
        return false;
    };
    number.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(value: &str) -> Option<Vec<&str>> {
        Some(
            parse_srcset(value)?
                .into_iter()
                .map(|candidate| &value[candidate.url])
                .collect(),
        )
    }

    #[test]
    fn commas_inside_urls_belong_to_them() {
        assert_eq!(
            urls("/w_300,h_200/a.jpg 1x, /w_600,h_400/a.jpg 2x"),
            Some(vec!["/w_300,h_200/a.jpg", "/w_600,h_400/a.jpg"])
        );
        assert_eq!(urls("a.jpg, b.jpg 2x"), Some(vec!["a.jpg", "b.jpg"]));
        assert_eq!(urls("a.jpg 300w,b.jpg 600w"), Some(vec!["a.jpg", "b.jpg"]));
        assert_eq!(
            urls("data:image/gif;base64,R0lGOD 1w"),
            Some(vec!["data:image/gif;base64,R0lGOD"])
        );
        assert_eq!(urls(" 图.jpg  2x "), Some(vec!["图.jpg"]));
    }

    #[test]
    fn what_is_no_srcset_is_none() {
        assert_eq!(urls(""), None);
        assert_eq!(urls(" , "), None);
        assert_eq!(urls("{\"a\": 1}"), None);
        assert_eq!(urls("a sentence of words"), None);
    }
}
