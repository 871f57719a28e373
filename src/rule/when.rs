use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::Profile;
use crate::html::Selector;

/// Conditions on a matched element beyond its selector.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// The profiles in which the conditions matter; empty: all.
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// Names that the element itself may have; empty: all.
    #[serde(default)]
    pub elements: Vec<String>,
    /// Attributes that it may have (`data-*` stands for all that start so). Whatever else is there,
    /// somebody uses the element.
    pub attributes: Option<Vec<String>>,
    /// Properties that its `style`, and those of the elements in it, may set (`font*` stands for all
    /// that start so).
    pub style: Option<Vec<String>>,
    /// What elements it may hold.
    pub holds: Option<HoldLimit>,
    /// What neither it nor an element around it, up to the body, may have.
    pub unless: Option<Unless>,
    /// Limits on its visible text.
    pub text: Option<TextLimit>,
    /// Whether it may hold images, frames, video, audio or other embedded content.
    pub media: Option<MediaLimit>,
    /// Whether it may be markup that CommonMark shows as code since a blank line parts it from the
    /// raw HTML that it belongs to. There only whole elements are removed, and only from lines that
    /// hold nothing else.
    #[serde(default)]
    pub continued_html: bool,
    /// Whether it may hold comments.
    pub comments: Option<CommentLimit>,
    /// Conditions on the rest of the page.
    pub page: Option<PageLimit>,
}

/// Limits on the visible text of an element, white space and `&nbsp;` aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TextLimit {
    /// At most so many display columns (a CJK character is two).
    pub max: Option<usize>,
}

/// What an element may embed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MediaLimit {
    /// Nothing.
    None,
    /// Anything.
    Any,
}

/// Which comments an element may hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CommentLimit {
    /// None.
    None,
    /// Any but those that programs read, which the engine keeps.
    Any,
    /// Those that have one of these words.
    #[serde(untagged)]
    With {
        /// In lower case.
        words: Vec<String>,
    },
}

/// What elements an element may hold, however deep.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HoldLimit {
    /// Their names.
    #[serde(default)]
    pub elements: Vec<String>,
    /// The attributes they may have (`data-*` stands for all that start so).
    #[serde(default)]
    pub attributes: Vec<String>,
}

/// What keeps an element from being matched.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Unless {
    /// Attributes (`data-consent*` stands for all that start so).
    #[serde(default)]
    pub attributes: Vec<String>,
    /// Words of class and id names, split as people write them; `two-click` stands for the two in one
    /// name, one after the other.
    #[serde(default)]
    pub words: Vec<String>,
}

/// What the rest of the page must not have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PageLimit {
    /// No element of the page matches this.
    #[schemars(with = "Option<String>")]
    pub without: Option<SelectorText>,
    /// No script of the page has one of these in its address or its text, in lower case. In a script
    /// that reads `data-…` attributes, and in an attribute that is one, white space and the kind of
    /// the quotes (write `"`) make no difference.
    #[serde(default)]
    pub scripts_without: Vec<String>,
    /// No script or style sheet in the page names an id or a class of the element, or of one in it.
    #[serde(default)]
    pub unnamed: bool,
    /// The profiles in which this matters; empty: all.
    #[serde(default)]
    pub profiles: Vec<Profile>,
}

impl When {
    /// What of it matters in `profile`, if anything.
    pub fn under(&self, profile: Profile) -> Option<Self> {
        let counts = |profiles: &[Profile]| profiles.is_empty() || profiles.contains(&profile);
        if !counts(&self.profiles) {
            return None;
        }
        let mut when = self.clone();
        when.page = when.page.filter(|page| counts(&page.profiles));
        Some(when)
    }
}

/// A selector as it is written in a pack, parsed when the pack is read.
#[derive(Debug, Clone)]
pub struct SelectorText {
    text: String,
    selector: Selector,
}

impl SelectorText {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The selector.
    pub fn selector(&self) -> &Selector {
        &self.selector
    }
}

impl PartialEq for SelectorText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for SelectorText {}

impl<'de> Deserialize<'de> for SelectorText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let selector = Selector::parse(&text).map_err(|error| {
            serde::de::Error::custom(format!(
                "the selector `{text}` does not parse: {}",
                error.message
            ))
        })?;
        Ok(Self { text, selector })
    }
}
