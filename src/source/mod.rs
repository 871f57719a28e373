//! Bytes: spans, edits, masks, line positions, line ends and encodings. Knows nothing of HTML, YAML or rules.

mod edit;
mod encoding;
mod lines;
mod mask;
mod span;

pub use edit::{Edit, apply};
pub use encoding::{Encoding, detect};
pub use lines::{LineEnding, LineIndex, Position, line_ending_at};
pub use mask::{Mask, MaskKind, Region};
pub use span::Span;
