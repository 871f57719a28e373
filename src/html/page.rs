//! What the scripts and style sheets of a page say about its elements.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::arena::{Arena, ElementId};
use super::reads;

/// What the code of a page that was read before a part of it says, for that part.
#[derive(Debug, Clone, Default)]
pub struct EarlierCode {
    words: FxHashSet<String>,
    stems: FxHashSet<String>,
    /// Those of the parts that rules ask for which its scripts have.
    in_scripts: FxHashSet<String>,
    /// There is too much to remember: every name counts as used from here on.
    full: bool,
}

/// How many names are remembered of a page: more than any one page uses, and not many megabytes.
const MOST_NAMES: usize = 100_000;

impl EarlierCode {
    /// Adds what the code in `arena` says. `parts` (lower case) are what rules ask of scripts.
    pub fn learn(&mut self, arena: &Arena, source: &[u8], parts: &FxHashSet<&str>) {
        let code = arena.code(source);
        for part in parts {
            if !self.in_scripts.contains(*part) && code.scripts.contains(part) {
                self.in_scripts.insert((*part).to_owned());
            }
        }
        for (own, new) in [
            (&mut self.words, &code.words),
            (&mut self.stems, &code.stems),
        ] {
            for word in new {
                if self.full || own.contains(word) {
                    continue;
                }
                own.insert(word.clone());
                self.full = own.len() > MOST_NAMES;
            }
        }
    }
}

/// What is asked of a page again and again, answered once.
#[derive(Debug, Default)]
pub(super) struct PageCache {
    earlier: Option<Arc<EarlierCode>>,
    code: OnceCell<Code>,
    answers: RefCell<FxHashMap<String, bool>>,
    shown: OnceCell<FxHashSet<String>>,
}

/// The scripts and style sheets of a page.
#[derive(Debug, Default)]
struct Code {
    /// Addresses and texts of the scripts, in lower case, as they stand and in one spelling.
    scripts: String,
    /// The words of scripts and style sheets of which names of elements are made.
    words: FxHashSet<String>,
    /// Those that end in a joint: `slot-` names `slot-1` and all its kin.
    stems: FxHashSet<String>,
}

impl Code {
    fn read(arena: &Arena, source: &[u8]) -> Self {
        let mut code = Self::default();
        for id in arena.ids() {
            for attribute in arena.attributes(id) {
                let name = attribute.name.slice(source);
                if starts_like(name, &[b"on"]) {
                    code.add_names(&attribute.text(source));
                }
                if starts_like(name, &PROGRAMS) {
                    code.scripts
                        .push_str(&reads::plain(&attribute.text(source)));
                }
            }
            let name = arena.name(id);
            if !matches!(name, "script" | "style") {
                continue;
            }
            let text = String::from_utf8_lossy(arena.element(id).content.slice(source));
            if name == "script" {
                let kind = arena.value(source, id, "type").unwrap_or_default();
                if kind.to_ascii_lowercase().contains("json") {
                    // Data for search engines, no program.
                    continue;
                }
                for address in ["src", "data-src"] {
                    let address = arena.value(source, id, address).unwrap_or_default();
                    code.scripts.push_str(&address.to_lowercase());
                    code.scripts.push('\n');
                }
                code.scripts.push_str(&text.to_lowercase());
                code.scripts.push('\n');
                code.scripts.push_str(&reads::plain(&text));
            }
            code.add_names(&text);
        }
        code
    }

    fn add_names(&mut self, text: &str) {
        for word in text.split(|c: char| !is_name_char(c)) {
            if word.is_empty() {
                continue;
            }
            if word.len() > 2 && word.ends_with(['-', '_']) {
                self.stems.insert(word.to_owned());
            }
            if !self.words.contains(word) {
                self.words.insert(word.to_owned());
            }
        }
    }
}

/// How the names of attributes start that hold programs: of HTML, and of Alpine, Vue and htmx.
const PROGRAMS: [&[u8]; 6] = [b"on", b"x-", b"v-", b"@", b":", b"hx-on"];

fn starts_like(name: &[u8], starts: &[&[u8]]) -> bool {
    starts.iter().any(|start| {
        name.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    })
}

/// Whether a page whose code has these words and stems may use `name`.
fn uses(words: &FxHashSet<String>, stems: &FxHashSet<String>, name: &str) -> bool {
    words.contains(name)
        || name
            .match_indices(['-', '_'])
            .any(|(at, _)| name.get(..=at).is_some_and(|stem| stems.contains(stem)))
        // `a:b` is written `a\:b` in a style sheet: its parts have to do.
        || name.contains(|c| !is_name_char(c))
            && name
                .split(|c| !is_name_char(c))
                .all(|part| part.is_empty() || words.contains(part))
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

impl Arena {
    fn code(&self, source: &[u8]) -> &Code {
        self.page.code.get_or_init(|| Code::read(self, source))
    }

    /// Whether a script (an `on…` attribute is one) or a style sheet in the page names the id or
    /// class `name`.
    pub fn is_named(&self, source: &[u8], name: &str) -> bool {
        let code = self.code(source);
        uses(&code.words, &code.stems, name)
            || self
                .page
                .earlier
                .as_ref()
                .is_some_and(|earlier| earlier.full || uses(&earlier.words, &earlier.stems, name))
    }

    /// Says what the code before this part of a page says, before anything is asked of the part.
    pub fn follows(&mut self, earlier: Arc<EarlierCode>) {
        self.page.earlier = Some(earlier);
    }

    /// Whether a script or a style sheet in the page names the id or a class of `id`.
    pub fn names_element(&self, source: &[u8], id: ElementId) -> bool {
        ["id", "class"].iter().any(|attribute| {
            self.value(source, id, attribute).is_some_and(|value| {
                value
                    .split_ascii_whitespace()
                    .any(|name| self.is_named(source, name))
            })
        })
    }

    /// Whether a script or a style sheet in the page names the id or a class of `id`, or of an
    /// element in it.
    pub fn is_in_use(&self, source: &[u8], id: ElementId) -> bool {
        std::iter::once(id)
            .chain(self.descendants(id))
            .any(|inner| self.names_element(source, inner))
    }

    /// Whether a script of the page (an attribute that holds a program and reads others is one)
    /// has one of `parts` in its address or its text: in lower case, as it stands or as
    /// `reads::plain` spells it.
    pub fn has_script(&self, source: &[u8], parts: &[String]) -> bool {
        self.answer(&parts.join("\n"), || {
            let scripts = &self.code(source).scripts;
            let earlier = self.page.earlier.as_ref();
            parts.iter().any(|part| {
                scripts.contains(part.as_str())
                    || earlier.is_some_and(|code| code.in_scripts.contains(part))
            })
        })
    }

    /// The addresses that the page shows, as `gather` finds them; it is asked once for a page.
    pub fn shown(&self, gather: impl FnOnce() -> FxHashSet<String>) -> &FxHashSet<String> {
        self.page.shown.get_or_init(gather)
    }

    /// The answer to `question`, sought once for a page.
    pub fn answer(&self, question: &str, seek: impl FnOnce() -> bool) -> bool {
        let known = self.page.answers.borrow().get(question).copied();
        known.unwrap_or_else(|| {
            let answer = seek();
            self.page
                .answers
                .borrow_mut()
                .insert(question.to_owned(), answer);
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Mask, Span};

    fn arena(text: &str) -> Arena {
        let body = Span::new(0, text.len());
        Arena::parse(text.as_bytes(), body, &Mask::default())
    }

    #[test]
    fn scripts_and_style_sheets_name_what_they_use() {
        let text = "<style>.lazy, #a\\:b{}</style><script>show('slot-' + n)</script>\
                    <b onclick=\"go('here')\"></b><script type=application/ld+json>word</script>";
        let arena = arena(text);
        for (name, named) in [
            ("lazy", true),
            ("a:b", true),
            ("slot-7", true),
            ("here", true),
            ("slots", false),
            ("lazyload", false),
            ("word", false),
        ] {
            assert_eq!(arena.is_named(text.as_bytes(), name), named, "{name}");
        }
    }

    #[test]
    fn a_script_is_known_by_address_and_text() {
        let text =
            "<p>lozad</p><script src=/js/LazySizes.min.js></script><script>x.dataset.src</script>";
        let arena = arena(text);
        let has = |part: &str| arena.has_script(text.as_bytes(), &[part.to_owned()]);
        assert!(has("lazysizes") && has("dataset.src"));
        assert!(!has("lozad"));
        let text = "<img onload='this.src = this.dataset[`src`]' alt='dataset.lazy'>\
                    <b x-intersect=\"$el.src = $el.dataset.original\">";
        let arena = self::arena(text);
        let has = |part: &str| arena.has_script(text.as_bytes(), &[part.to_owned()]);
        assert!(has("dataset[\"src\"]") && has("dataset.original") && !has("dataset.lazy"));
    }
}
