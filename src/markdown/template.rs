use std::ops::Range;

use super::region;
use crate::source::{MaskKind, Region};

/// How long a tag of a template language may be, in bytes: an unclosed `{{` must not take half a
/// page with it.
const MAX_TAG: usize = 4096;

/// Block tags whose content the template language takes as it stands or throws away: `raw`,
/// `comment` and `highlight` of Liquid, `verbatim` of Twig, `codeblock` and `code` of Hexo,
/// `highlight` of Hugo.
const VERBATIM: [&str; 6] = [
    "raw",
    "comment",
    "highlight",
    "verbatim",
    "codeblock",
    "code",
];

/// Finds the tags of Liquid, Nunjucks, Twig, Hugo shortcodes, ERB and PHP.
pub(super) fn find(bytes: &[u8], base: usize, regions: &mut Vec<Region>) {
    let mut at = 0;
    // Blocks that are not closed anywhere, so that each is looked for once.
    let mut open: Vec<String> = Vec::new();
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| memchr::memchr2(b'{', b'<', rest))
    {
        let start = at + found;
        match tag(bytes, start) {
            Some(range) => {
                at = verbatim_end(bytes, &range, &mut open).unwrap_or(range.end);
                regions.push(region(base, start..at, MaskKind::Template));
            }
            None => at = start + 1,
        }
    }
}

/// The template tag that starts at `start`.
fn tag(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let (close, to_end): (&[u8], bool) = match (bytes.get(start)?, bytes.get(start + 1)?) {
        (b'{', b'%') => (b"%}", false),
        (b'{', b'{') => (b"}}", false),
        (b'{', b'#') => (b"#}", false),
        (b'<', b'%') => (b"%>", false),
        (b'<', b'?') => {
            let rest = bytes.get(start + 2..)?;
            let php = rest.starts_with(b"=")
                || rest
                    .get(..3)
                    .is_some_and(|word| word.eq_ignore_ascii_case(b"php"));
            // A PHP file may leave its last tag open.
            (b"?>", php)
        }
        _ => return None,
    };
    let inside = bytes.get(start + 2..)?;
    let limit = if to_end {
        inside.len()
    } else {
        inside.len().min(MAX_TAG)
    };
    match memchr::memmem::find(inside.get(..limit)?, close) {
        Some(length) => {
            let end = start + 2 + length + close.len();
            let is_short =
                close == b"?>" || !inside.get(..length)?.windows(2).any(|pair| pair == b"\n\n");
            // `{{{ x }}}`
            let more = usize::from(close == b"}}" && bytes.get(end) == Some(&b'}'));
            is_short.then_some(start..end + more)
        }
        None if to_end => Some(start..bytes.len()),
        None => None,
    }
}

/// The end of the block that the tag `open` starts, if its content is verbatim.
fn verbatim_end(bytes: &[u8], open: &Range<usize>, unclosed: &mut Vec<String>) -> Option<usize> {
    let (name, kind) = name(bytes.get(open.clone())?)?;
    if !VERBATIM.contains(&name.as_str()) || unclosed.contains(&name) {
        return None;
    }
    let mut at = open.end;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'{', rest)) {
        let start = at + found;
        at = start + 1;
        let Some(range) = tag(bytes, start) else {
            continue;
        };
        let Some((closing, closing_kind)) = self::name(bytes.get(range.clone())?) else {
            continue;
        };
        let closes = match kind {
            b'%' => closing == format!("end{name}"),
            _ => closing == format!("/{name}"),
        };
        if closes && closing_kind == kind {
            return Some(range.end);
        }
    }
    unclosed.push(name);
    None
}

/// The first word of a template tag, and the character that tells `{% … %}` from `{{ … }}`.
fn name(tag: &[u8]) -> Option<(String, u8)> {
    let kind = *tag.get(1)?;
    let word = |rest: &[u8]| -> String {
        rest.iter()
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'-' | b'~'))
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/'))
            .map(|&b| char::from(b))
            .collect()
    };
    match (kind, tag.get(2)?) {
        (b'%', _) => Some((word(tag.get(2..)?), b'%')),
        (b'{', b'<' | b'%') => Some((word(tag.get(3..)?).replace("/ ", "/"), b'{')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut regions = Vec::new();
        find(text.as_bytes(), 0, &mut regions);
        regions
            .iter()
            .map(|region| region.span.text(text))
            .collect()
    }

    #[test]
    fn tags_of_every_language() {
        for tag in [
            "{% if a < b %}",
            "{{ page.title }}",
            "{{< figure src=\"a\" >}}",
            "{{</* x */>}}",
            "{{% note %}}",
            "{# c #}",
            "<% a > b %>",
            "<?php echo '>' ?>",
            "<?= $x ?>",
            "{{{ x }}}",
        ] {
            assert_eq!(found(&format!("文<p>{tag}</p>")), [tag], "{tag}");
        }
    }

    #[test]
    fn verbatim_blocks_are_whole() {
        for block in [
            "{% raw %}{{ <b> }}{% endraw %}",
            "{%- comment -%}<b>{%- endcomment -%}",
            "{% highlight html %}\n\n<b>\n{% endhighlight %}",
            "{{< highlight html >}}<b>{{< /highlight >}}",
            "{{% highlight html %}}<b>{{% /highlight %}}",
            "{% codeblock %}<b>{% endcodeblock %}",
        ] {
            assert_eq!(found(&format!("a{block}b")), [block], "{block}");
        }
        assert_eq!(found("{% raw %}<b>"), ["{% raw %}"]);
        assert_eq!(
            found("{% if x %}<b>{% endif %}"),
            ["{% if x %}", "{% endif %}"]
        );
    }

    #[test]
    fn what_is_not_closed_is_no_tag_but_for_php() {
        assert_eq!(found("{{ a\n\nb }} {% c"), Vec::<&str>::new());
        assert_eq!(found("<p><?php if (a > b) {"), ["<?php if (a > b) {"]);
        assert_eq!(found("<?xml version=1>"), Vec::<&str>::new());
    }
}
