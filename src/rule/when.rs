use serde::Deserialize;

/// Conditions on a matched element beyond its selector.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct When {
    /// Limits on its visible text.
    pub text: Option<TextLimit>,
    /// Whether it may hold images, frames, video, audio or other embedded content.
    pub media: Option<MediaLimit>,
}

/// Limits on the visible text of an element, white space and `&nbsp;` aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TextLimit {
    /// At most so many display columns (a CJK character is two).
    pub max: Option<usize>,
}

/// What an element may embed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaLimit {
    /// Nothing.
    None,
    /// Anything.
    Any,
}
