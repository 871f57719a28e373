//! Images, frames and other things an element shows besides text.

use super::arena::{Arena, ElementId};

/// What an embedded thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaKind {
    /// `img`, `picture`, `amp-img`, `svg` and image inputs.
    Image,
    /// `iframe`, `embed`, `object`.
    Frame,
    /// `video` and `audio`.
    Player,
    /// `canvas`, `math` and form fields: something a reader sees or uses.
    Other,
}

/// Something embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Media {
    /// The element.
    pub element: ElementId,
    /// What it is.
    pub kind: MediaKind,
}

impl Arena {
    /// What `id` is, if it shows something by itself.
    pub fn media_kind(&self, id: ElementId) -> Option<MediaKind> {
        Some(match self.name(id) {
            "img" | "picture" | "amp-img" | "svg" | "image" => MediaKind::Image,
            "iframe" | "embed" | "object" | "amp-iframe" | "portal" | "frame" => MediaKind::Frame,
            "video" | "audio" | "amp-video" | "amp-audio" | "amp-youtube" => MediaKind::Player,
            "canvas" | "math" | "input" | "textarea" | "select" | "button" | "meter"
            | "progress" => MediaKind::Other,
            _ => return None,
        })
    }

    /// Everything in `id` (itself included) that shows something, in file order. What lies in a
    /// `noscript` counts: it may be the only copy.
    pub fn media(&self, id: ElementId) -> impl Iterator<Item = Media> + '_ {
        std::iter::once(id)
            .chain(self.descendants(id))
            .filter_map(|element| self.media_kind(element).map(|kind| Media { element, kind }))
    }
}
