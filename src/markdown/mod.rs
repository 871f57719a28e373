//! Where a body's code and templates are, as a [`Mask`].

mod commonmark;
mod continued;
mod flow;
mod healing;
mod mdx;
mod raw;
mod reading;
mod same;
mod tags;
mod template;
mod trace;

use crate::source::{Mask, Region, Span};

pub use flow::{Flow, Standing};
pub use healing::Healing;
pub use reading::Reading;
pub use same::same_but_for;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// CommonMark with HTML in it.
    Markdown,
    /// MDX: JSX and expressions instead of HTML.
    Mdx,
    /// HTML.
    Html,
}

/// The regions of `body` in `source` that are code or template, or only look like tags.
///
/// In HTML there are only templates, and so in bytes that are not UTF-8, which no Markdown parser
/// reads.
pub fn mask(source: &[u8], body: Span, format: Format) -> Mask {
    let bytes = body.slice(source);
    let mut regions = Vec::new();
    template::find(bytes, body.start, &mut regions);
    if format != Format::Html
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        commonmark::find(text, body.start, format, &mut regions);
        if format == Format::Mdx {
            let code = Mask::new(regions.clone());
            mdx::find(bytes, body.start, &code, &mut regions);
        }
    }
    Mask::new(regions)
}

fn region(base: usize, range: std::ops::Range<usize>, kind: crate::source::MaskKind) -> Region {
    Region {
        span: Span::new(base + range.start, base + range.end),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MaskKind;

    fn masked(text: &str, format: Format) -> Vec<(MaskKind, &str)> {
        mask(text.as_bytes(), Span::new(0, text.len()), format)
            .regions()
            .iter()
            .map(|region| (region.kind, region.span.text(text)))
            .collect()
    }

    #[test]
    fn code_of_every_kind() {
        assert_eq!(
            masked(
                "a `<b>` c\n\n```html\n<div>\n```\n\n    <i>\n\n<u>\n",
                Format::Markdown
            ),
            [
                (MaskKind::InlineCode, "`<b>`"),
                (MaskKind::FencedCode, "```html\n<div>\n```"),
                (MaskKind::IndentedCode, "<i>\n"),
            ]
        );
    }

    #[test]
    fn an_unclosed_fence_reaches_to_the_end() {
        let text = "~~~~\n<div>\n~~~\n<p>\n";
        assert_eq!(
            masked(text, Format::Markdown),
            [(MaskKind::FencedCode, text)]
        );
    }

    #[test]
    fn fences_in_comments_and_scripts_are_no_code() {
        assert_eq!(
            masked(
                "<!--\n```\n-->\n<div></div>\n<!--\n```\n-->\n",
                Format::Markdown
            ),
            []
        );
        assert_eq!(masked("<pre>\n\n    <i>\n\n</pre>\n", Format::Markdown), []);
        assert_eq!(
            masked("<script>\n\n    a\n\n`<b>`</script>\n", Format::Markdown),
            []
        );
        assert_eq!(
            masked(
                "<div>\n<script>\n```\n`<b>`\n```\n</script> a\n</div>\n",
                Format::Markdown
            ),
            []
        );
        assert_eq!(
            masked(
                "<i title=\"`\"></i><b></b><i title=\"`\"></i>\n",
                Format::Markdown
            ),
            []
        );
    }

    #[test]
    fn code_in_raw_html() {
        for text in [
            "<div>\n¦```\n<b>\n```¦\n</div>\n",
            "<div>\r\n    ¦~~~~ html\r\n<b>\r\n~~~\r\n~~~~¦\r\n</div>\r\n",
            "<div>文 ¦`<b></b>`¦ `c`</div>\n",
            "<div>\n¦``<b>`</b>``¦ ` <i>\n",
            "<!-- ` --><i>¦`<b>`¦\n",
            "<div></div>¦```html\n<b>\n```¦\n",
            "<div>文\r\n<i></i> </div> ¦~~~\r\n<b>\r\n~~~¦\r\n",
            "<div><pre> ``` </pre> ¦`<b>`¦\n",
            // Up to the end of the raw HTML, as nothing closes it.
            "<div>\n¦```\n<b>\n¦\n<i>a</i>\n",
            // Code of more than one paragraph.
            "<div>\n¦```\n<b>\n\n<i></i>\n```¦\n</div>\n",
            "> <div>\n> ¦```\n> <b>\n> ```¦\n> </div>\n",
        ] {
            let parts: Vec<&str> = text.split('¦').collect();
            let code = masked(&parts.concat(), Format::Markdown)
                .iter()
                .find(|(kind, _)| kind.is_code())
                .map(|(_, code)| (*code).to_owned());
            assert_eq!(code.as_deref(), Some(parts[1]), "{text:?}");
            assert_eq!(masked(&parts.concat(), Format::Html), []);
        }
    }

    #[test]
    fn what_only_looks_like_a_tag() {
        let literal = |text| masked(text, Format::Markdown);
        assert_eq!(literal("\\<div> a"), [(MaskKind::Literal, "<")]);
        assert_eq!(literal("<https://a.b>"), [(MaskKind::Literal, "<")]);
        assert_eq!(literal("[a](<b c>) 1 < 2"), [(MaskKind::Literal, "<"); 2]);
        assert_eq!(literal("a <b>x</b>"), []);
        assert_eq!(literal("a <b c='\n\n'>"), [(MaskKind::Literal, "<")]);
    }

    #[test]
    fn templates_in_every_format() {
        for format in [Format::Markdown, Format::Html, Format::Mdx] {
            assert_eq!(
                masked("{% raw %}<div>{% endraw %} a", format)[0],
                (MaskKind::Template, "{% raw %}<div>{% endraw %}")
            );
        }
        assert_eq!(
            masked("<a href=\"{{ x | y: '<b>' }}\">", Format::Html),
            [(MaskKind::Template, "{{ x | y: '<b>' }}")]
        );
        assert_eq!(masked("`<b>` <p>", Format::Html), []);
    }

    #[test]
    fn mdx_expressions_and_modules() {
        assert_eq!(
            masked(
                "import A from '<a>'\n\n<p>{() => '<b>}'}</p>\n",
                Format::Mdx
            ),
            [
                (MaskKind::Mdx, "import A from '<a>'\n"),
                (MaskKind::Mdx, "{() => '<b>}'}"),
            ]
        );
    }

    #[test]
    fn offsets_are_those_of_the_file() {
        let text = "\u{feff}---\na: b\n---\n标题 `<b>`\r\n\r\n```\r\n<i>\r\n```\r\n";
        let start = text.find("标题").unwrap();
        let mask = mask(
            text.as_bytes(),
            Span::new(start, text.len()),
            Format::Markdown,
        );
        assert_eq!(mask.regions()[0].span.text(text), "`<b>`");
        assert_eq!(mask.regions()[1].span.text(text), "```\r\n<i>\r\n```");
    }

    #[test]
    fn bytes_that_are_not_utf8_have_templates_only() {
        let bytes = b"\xff `<b>` {{ x }}";
        let mask = mask(bytes, Span::new(0, bytes.len()), Format::Markdown);
        assert_eq!(mask.regions().len(), 1);
        assert_eq!(mask.regions()[0].span.slice(bytes), b"{{ x }}");
    }
}
