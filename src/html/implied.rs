//! What the HTML standard says of tags that may be left out. The names here are the standard's
//! (section 13.2.6, "Tree construction"), not rules of ours.

/// Whether elements of this name have no content and no end tag.
pub fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether elements of this name are taken up again after a block closes over them.
pub fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}

/// Whether an end tag cannot reach through an open element of this name.
pub(super) fn is_scope_barrier(name: &str) -> bool {
    matches!(
        name,
        "applet" | "caption" | "html" | "table" | "td" | "th" | "marquee" | "object" | "template"
    )
}

/// Whether the end tag `end` may close table structure from inside a cell.
pub(super) fn is_table_part(end: &str) -> bool {
    matches!(
        end,
        "table"
            | "tbody"
            | "thead"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "colgroup"
            | "body"
            | "html"
            | "template"
    )
}

/// Whether a start tag of this name ends an open paragraph.
fn ends_paragraph(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "header"
            | "hgroup"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "search"
            | "section"
            | "summary"
            | "ul"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "pre"
            | "listing"
            | "form"
            | "table"
            | "hr"
            | "xmp"
            | "plaintext"
            | "li"
            | "dd"
            | "dt"
    )
}

fn is_special(name: &str) -> bool {
    ends_paragraph(name)
        || is_scope_barrier(name)
        || matches!(
            name,
            "body"
                | "button"
                | "colgroup"
                | "head"
                | "iframe"
                | "noscript"
                | "select"
                | "tbody"
                | "textarea"
                | "tfoot"
                | "thead"
                | "tr"
        )
}

fn in_head(name: &str) -> bool {
    matches!(
        name,
        "base"
            | "basefont"
            | "bgsound"
            | "link"
            | "meta"
            | "noframes"
            | "noscript"
            | "script"
            | "style"
            | "template"
            | "title"
    )
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Whether a start tag `next` ends an open element `open` when that is the innermost one.
pub fn ends_at_start_of(open: &str, next: &str) -> bool {
    let open = Open {
        count: 1,
        name: |_| open,
    };
    implied_end(&open, next) == Some(0)
}

/// The names of the open elements.
pub(super) struct Open<'a, F: Fn(usize) -> &'a str> {
    /// How many there are.
    pub count: usize,
    /// The name at a place below `count`; the innermost element has the last one.
    pub name: F,
}

impl<'a, F: Fn(usize) -> &'a str> Open<'a, F> {
    fn last(&self) -> Option<&'a str> {
        self.count.checked_sub(1).map(|last| (self.name)(last))
    }

    /// The innermost one that is `wanted`, unless a `stop` comes first.
    fn search(&self, stop: impl Fn(&str) -> bool, wanted: impl Fn(&str) -> bool) -> Option<usize> {
        (0..self.count)
            .rev()
            .find(|&place| wanted((self.name)(place)) || stop((self.name)(place)))
            .filter(|&place| wanted((self.name)(place)))
    }

    /// The outermost of `parts` that is open inside the innermost table.
    fn outermost_in_table(&self, parts: &[&str]) -> Option<usize> {
        (0..self.count)
            .rev()
            .take_while(|&place| !matches!((self.name)(place), "table" | "template"))
            .filter(|&place| parts.contains(&(self.name)(place)))
            .last()
    }
}

/// The open element that a start tag `name` ends by implication, as its place among the open ones;
/// all that is open inside it ends too.
pub(super) fn implied_end<'a, F: Fn(usize) -> &'a str>(
    open: &Open<'a, F>,
    name: &str,
) -> Option<usize> {
    let innermost = open.last()?;
    let by_kind = match name {
        "li" => open.search(
            |open| is_special(open) && !matches!(open, "address" | "div" | "p"),
            |open| open == "li",
        ),
        "dt" | "dd" => open.search(
            |open| is_special(open) && !matches!(open, "address" | "div" | "p"),
            |open| matches!(open, "dt" | "dd"),
        ),
        "option" if innermost == "option" => open.count.checked_sub(1),
        "optgroup" if innermost == "option" => {
            let outer = open.count.checked_sub(2);
            outer
                .filter(|&place| (open.name)(place) == "optgroup")
                .or(open.count.checked_sub(1))
        }
        "optgroup" if innermost == "optgroup" => open.count.checked_sub(1),
        "rt" | "rp" if matches!(innermost, "rt" | "rp") => open.count.checked_sub(1),
        "td" | "th" => open.search(
            |open| matches!(open, "table" | "template" | "tr"),
            |open| matches!(open, "td" | "th" | "caption"),
        ),
        "tr" => open.outermost_in_table(&["tr", "td", "th", "caption", "colgroup"]),
        "tbody" | "thead" | "tfoot" => open.outermost_in_table(&[
            "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup",
        ]),
        "body" => open.search(|_| false, |open| open == "head"),
        _ if innermost == "head" && !in_head(name) => open.count.checked_sub(1),
        _ if is_heading(name) && is_heading(innermost) => open.count.checked_sub(1),
        _ => None,
    };
    let paragraph = if ends_paragraph(name) {
        open.search(
            |open| is_scope_barrier(open) || open == "button",
            |open| open == "p",
        )
    } else {
        None
    };
    match (by_kind, paragraph) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn implied_end(open: &[&str], name: &str) -> Option<usize> {
        let open = Open {
            count: open.len(),
            name: |place: usize| open[place],
        };
        super::implied_end(&open, name)
    }

    #[test]
    fn blocks_end_paragraphs_but_not_through_tables() {
        assert_eq!(implied_end(&["div", "p", "b"], "div"), Some(1));
        assert_eq!(implied_end(&["p", "table", "tr", "td"], "div"), None);
        assert_eq!(implied_end(&["p", "b"], "span"), None);
    }

    #[test]
    fn list_items_end_each_other_within_one_list() {
        assert_eq!(implied_end(&["ul", "li", "b"], "li"), Some(1));
        assert_eq!(implied_end(&["ul", "li", "ul"], "li"), None);
        assert_eq!(implied_end(&["ul", "li", "p"], "li"), Some(1));
        assert_eq!(implied_end(&["dl", "dt"], "dd"), Some(1));
    }

    #[test]
    fn rows_and_cells_end_within_their_table() {
        assert_eq!(implied_end(&["table", "tr", "td", "i"], "td"), Some(2));
        assert_eq!(implied_end(&["table", "tr", "td"], "tr"), Some(1));
        assert_eq!(
            implied_end(&["table", "tbody", "tr", "td"], "tbody"),
            Some(1)
        );
        assert_eq!(implied_end(&["table", "tr", "td", "table"], "tr"), None);
    }
}
