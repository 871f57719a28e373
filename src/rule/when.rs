use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::html::Selector;

/// Conditions on a matched element beyond its selector.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// Limits on its visible text.
    pub text: Option<TextLimit>,
    /// Whether it may hold images, frames, video, audio or other embedded content.
    pub media: Option<MediaLimit>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CommentLimit {
    /// None.
    None,
    /// Any but those that programs read, which the engine keeps.
    Any,
}

/// What the rest of the page must not have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PageLimit {
    /// No element of the page matches this.
    #[schemars(with = "Option<String>")]
    pub without: Option<SelectorText>,
}

/// A selector as it is written in a pack, parsed when the pack is read.
#[derive(Debug, Clone)]
pub struct SelectorText {
    text: String,
    selector: Selector,
}

impl SelectorText {
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
