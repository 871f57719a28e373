use super::Span;

/// Why a region of the body is not HTML to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MaskKind {
    /// A fenced code block, its fences included.
    FencedCode,
    /// An indented code block.
    IndentedCode,
    /// Indented code to CommonMark, but HTML to whoever wrote it: it ends elements that the raw HTML
    /// before it left open.
    ContinuedHtml,
    /// A code span.
    InlineCode,
    /// A tag, output or comment of a template language: Liquid, Nunjucks, Hugo shortcodes, ERB, PHP.
    Template,
    /// An MDX expression, `import` or `export`.
    Mdx,
    /// Markdown that only looks like a tag: an escaped `<`, an autolink, a link destination.
    Literal,
}

impl MaskKind {
    /// Whether the region is shown as code.
    pub const fn is_code(self) -> bool {
        self.is_indented() || matches!(self, Self::FencedCode | Self::InlineCode)
    }

    /// Whether its indentation alone makes it code.
    pub const fn is_indented(self) -> bool {
        matches!(self, Self::IndentedCode | Self::ContinuedHtml)
    }
}

/// One masked region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Its bytes in the file.
    pub span: Span,
    /// What it is.
    pub kind: MaskKind,
}

/// The regions of a body that belong to Markdown or to a template language and not to HTML:
/// sorted, not overlapping, never empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mask {
    regions: Vec<Region>,
}

impl Mask {
    /// Sorts `regions` and cuts overlaps away: the region that starts first (the longer one where
    /// two start together) wins, and a later one keeps only what sticks out of it.
    pub fn new(mut regions: Vec<Region>) -> Self {
        regions.sort_by_key(|region| (region.span.start, std::cmp::Reverse(region.span.end)));
        let mut kept: Vec<Region> = Vec::with_capacity(regions.len());
        for mut region in regions {
            if let Some(last) = kept.last() {
                region.span.start = region.span.start.max(last.span.end);
            }
            if region.span.start < region.span.end {
                kept.push(region);
            }
        }
        Self { regions: kept }
    }

    /// The regions in file order.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Whether nothing is masked.
    pub fn is_empty(&self) -> bool {
        self.regions.is_empty()
    }

    /// The regions that share a byte with `span`.
    pub fn within(&self, span: Span) -> &[Region] {
        let first = self
            .regions
            .partition_point(|region| region.span.end <= span.start);
        let count = self.regions[first..].partition_point(|region| region.span.start < span.end);
        &self.regions[first..first + count]
    }

    /// The region that holds the byte at `offset`.
    pub fn at(&self, offset: usize) -> Option<Region> {
        self.within(Span::new(offset, offset + 1)).first().copied()
    }

    /// A copy of `source` in which every masked byte but the line ends is `filler`, so that
    /// offsets stay the same.
    pub fn fill(&self, source: &[u8], filler: u8) -> Vec<u8> {
        let mut out = source.to_vec();
        for region in &self.regions {
            let end = region.span.end.min(out.len());
            for byte in &mut out[region.span.start.min(end)..end] {
                if !matches!(*byte, b'\n' | b'\r') {
                    *byte = filler;
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(start: usize, end: usize, kind: MaskKind) -> Region {
        Region {
            span: Span::new(start, end),
            kind,
        }
    }

    #[test]
    fn overlaps_are_cut_and_lookups_find_their_region() {
        let mask = Mask::new(vec![
            region(8, 12, MaskKind::Template),
            region(2, 10, MaskKind::FencedCode),
            region(3, 5, MaskKind::InlineCode),
        ]);
        assert_eq!(
            mask.regions(),
            &[
                region(2, 10, MaskKind::FencedCode),
                region(10, 12, MaskKind::Template)
            ]
        );
        assert_eq!(mask.at(9).map(|r| r.kind), Some(MaskKind::FencedCode));
        assert_eq!(mask.at(12), None);
        assert_eq!(mask.within(Span::new(0, 3)).len(), 1);
        assert!(mask.within(Span::new(0, 2)).is_empty());
    }

    #[test]
    fn filling_keeps_length_and_line_ends() {
        let mask = Mask::new(vec![region(1, 8, MaskKind::FencedCode)]);
        assert_eq!(mask.fill("a文\r\nbcd".as_bytes(), b'x'), b"axxx\r\nxxd");
    }
}
