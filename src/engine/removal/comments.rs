//! Comments that are more than a remark.

/// Whether a comment is a condition of old browsers: `<!--[if IE]>…<![endif]-->`, or one end of it.
pub(super) fn is_condition(comment: &[u8]) -> bool {
    let text = comment
        .strip_prefix(b"<!--")
        .unwrap_or(comment)
        .trim_ascii_start();
    text.starts_with(b"[if") || text.starts_with(b"<![")
}
