use super::region;
use crate::source::{Mask, MaskKind, Region};

/// Finds `import` and `export` paragraphs, and expressions in braces, outside `code`.
pub(super) fn find(bytes: &[u8], base: usize, code: &Mask, regions: &mut Vec<Region>) {
    let mut at = 0;
    let mut after_blank = true;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or(&[]);
        if after_blank && (rest.starts_with(b"import ") || rest.starts_with(b"export ")) {
            let end = at + paragraph(rest);
            regions.push(region(base, at..end, MaskKind::Mdx));
            at = end;
            continue;
        }
        let line_end = at + memchr::memchr(b'\n', rest).map_or(rest.len(), |length| length + 1);
        after_blank = bytes
            .get(at..line_end)
            .is_some_and(|line| line.iter().all(u8::is_ascii_whitespace));
        let mut next = line_end;
        let mut from = at;
        while let Some(found) = bytes
            .get(from..line_end)
            .and_then(|line| memchr::memchr(b'{', line))
        {
            let start = from + found;
            if let Some(masked) = code.at(base + start) {
                from = (masked.span.end - base).max(start + 1);
            } else if let Some(end) = expression_end(bytes, start) {
                regions.push(region(base, start..end, MaskKind::Mdx));
                from = end;
            } else {
                from = start + 1;
            }
            if from >= line_end {
                next = from;
                break;
            }
        }
        at = next;
    }
}

/// The length up to the next blank line.
fn paragraph(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)) {
        at += found + 1;
        let next = bytes.get(at..).unwrap_or(&[]);
        let line = next.split(|&b| b == b'\n').next().unwrap_or(&[]);
        if line.iter().all(u8::is_ascii_whitespace) {
            return at;
        }
    }
    bytes.len()
}

/// The end of the expression whose brace opens at `start`, strings and comments skipped.
fn expression_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = start;
    while let Some(&b) = bytes.get(at) {
        match b {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' | b'\'' | b'`' => at = string_end(bytes, at).unwrap_or(at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let rest = bytes.get(at + 2..)?;
                at += 2 + memchr::memmem::find(rest, b"*/")? + 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The closing quote of the string that opens at `start`; an apostrophe in a sentence opens none.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    while let Some(&b) = bytes.get(at) {
        match b {
            b'\\' => at += 1,
            b'\n' if quote != b'`' => return None,
            b if b == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut regions = Vec::new();
        find(text.as_bytes(), 0, &Mask::default(), &mut regions);
        regions
            .iter()
            .map(|region| region.span.text(text))
            .collect()
    }

    #[test]
    fn expressions_hold_strings_comments_and_braces() {
        assert_eq!(
            found("a {b({c: '}'})} d\n{/* <i> } */} {`${x}`}\n"),
            ["{b({c: '}'})}", "{/* <i> } */}", "{`${x}`}"]
        );
        assert_eq!(found("{\n<b>\n}\n{"), ["{\n<b>\n}"]);
    }

    #[test]
    fn modules_stand_at_the_start_of_a_paragraph() {
        assert_eq!(
            found("import a\nfrom 'b'\n\ntext\nexport is a word {x}\n\nexport const c = {\n}\n"),
            ["import a\nfrom 'b'\n", "{x}", "export const c = {\n}\n"]
        );
    }
}
