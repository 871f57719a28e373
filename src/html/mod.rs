//! HTML: a flat arena of elements with byte spans, selectors matched over it, and what the
//! standard says of `srcset`, URLs and placeholder images.

mod arena;
mod builder;
mod entities;
mod image;
mod implied;
mod measure;
mod media;
mod page;
mod prose;
mod reads;
mod selector;
mod sizes;
mod srcset;
mod text;
mod url;

pub use arena::{Arena, Attribute, Element, ElementId};
pub use builder::{Builder, MAX_DEPTH};
pub use entities::{decode, escape_attribute};
pub use image::{DataImage, DataKind, data_image, is_blank_data_image, percent_decoded};
pub use implied::{ends_at_start_of, is_formatting, is_void};
pub use media::{Media, MediaKind};
pub use page::EarlierCode;
pub use prose::{Prose, Run, Words};
pub use selector::{Index, Selector, SelectorError};
pub use sizes::is_sizes;
pub use srcset::{Candidate, parse_srcset};
pub use text::{breaks_line, columns, is_blank, is_inline, words};
pub use url::{
    host, is_absolute_or_rooted, looks_like_url, same_url, same_url_but_query, url_without_query,
};
