//! Which pictures and frames in a box are content.

use super::JunkBox;
use super::proof::{Proof, is_host};
use crate::html::{self, Arena, ElementId};

impl JunkBox {
    pub(super) fn is_dead_frame(&self, src: &str) -> bool {
        let src = src.trim();
        src.is_empty()
            || src.starts_with("about:")
            || src.starts_with("javascript:")
            || src.starts_with('#')
            || self.is_host(src)
    }

    pub(super) fn is_content_host(&self, src: &str) -> bool {
        // A path on the page's own host may be anything.
        !html::is_absolute_or_rooted(src)
            || html::host(src).is_some_and(|host| is_host(&host, &self.config.content_hosts, &[]))
    }

    pub(super) fn is_content_image(
        &self,
        arena: &Arena,
        source: &[u8],
        image: ElementId,
        proof: Proof,
    ) -> bool {
        if self.tells_what_it_is(arena, source, image, proof) {
            return false;
        }
        let value = |name: &str| arena.value(source, image, name).unwrap_or_default();
        let style = value("style");
        let small = |name: &str| {
            let styled = style.split(';').find_map(|declaration| {
                let (property, length) = declaration.split_once(':')?;
                property.trim().eq_ignore_ascii_case(name).then_some(length)
            });
            styled
                .unwrap_or(&value(name))
                .trim()
                .trim_end_matches("px")
                .parse::<f64>()
                .is_ok_and(|size| size <= 64.0)
        };
        let is_icon = small("width") || small("height");
        !is_icon && value("src").len() > 1
    }

    /// Whether `image` says in place of its picture what it is (`alt="Advertisement"`), or has a
    /// size in which such things are sold.
    pub(super) fn is_labelled_or_sold_by_size(
        &self,
        arena: &Arena,
        source: &[u8],
        image: ElementId,
    ) -> bool {
        let value = |name: &str| arena.value(source, image, name).unwrap_or_default();
        let alt = html::words(&value("alt"));
        if !alt.is_empty() && alt.iter().all(|word| self.is_label(word)) {
            return true;
        }
        let pixels = |name: &str| value(name).trim().trim_end_matches("px").to_owned();
        let size = format!("{}x{}", pixels("width"), pixels("height"));
        self.config.sizes.contains(&size)
    }

    /// Whether the address of `image`, or of the link around it, tells that it is no content.
    pub(super) fn tells_what_it_is(
        &self,
        arena: &Arena,
        source: &[u8],
        image: ElementId,
        proof: Proof,
    ) -> bool {
        let src = arena.value(source, image, "src").unwrap_or_default();
        if self.is_host(&src) || html::is_blank_data_image(&src) {
            return true;
        }
        if proof > Proof::Weak && self.is_labelled_or_sold_by_size(arena, source, image) {
            return true;
        }
        // `facebook.png`, `icons/share.svg`. What is weak in one name is no stronger in two.
        let least = match proof {
            Proof::Weak if !self.config.weak_names_images => Proof::Strong,
            _ => Proof::Weak,
        };
        let path = src.split(['?', '#']).next().unwrap_or("");
        let named =
            |part: &str| part.len() < 60 && self.name(part).is_some_and(|proof| proof >= least);
        if path.rsplit('/').take(2).any(named) {
            return true;
        }
        // The icon of a link to a network, or the picture of an ad.
        arena.ancestors(image).take(4).any(|up| {
            arena.name(up) == "a"
                && arena
                    .value(source, up, "href")
                    .is_some_and(|href| self.is_host(&href))
        })
    }
}
