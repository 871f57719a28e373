//! What the header of an image in a `data:` URI says.

/// An image in a `data:` URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataImage {
    /// Width and height in pixels, where the header says them.
    pub size: Option<(u32, u32)>,
    /// What it is.
    pub kind: DataKind,
    /// Length of the payload as written, in bytes.
    pub payload: usize,
}

/// What an image in a `data:` URI is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataKind {
    /// Pixels.
    Raster,
    /// SVG.
    Svg {
        /// Whether it has anything that shows.
        draws: bool,
    },
}

/// Reads a `data:image/…` URI (GIF, PNG and SVG; of other types only the length is known). `None`
/// if `url` is not one.
pub fn data_image(url: &str) -> Option<DataImage> {
    let url = url.trim();
    let head = url.get(..5)?;
    if !head.eq_ignore_ascii_case("data:") {
        return None;
    }
    let (kind, payload) = url.get(5..)?.split_once(',')?;
    let kind = kind.to_ascii_lowercase();
    if !kind.starts_with("image/") {
        return None;
    }
    let base64 = kind.split(';').any(|part| part.trim() == "base64");
    let bytes = if base64 {
        // A header is all that is asked for, except of SVG, which is short where it is a
        // placeholder.
        decode_base64(payload, 16 * 1024)
    } else {
        percent_decode(payload)
    };
    let (size, kind) = if kind.starts_with("image/svg") {
        let (size, draws) = svg(&String::from_utf8_lossy(&bytes));
        (size, DataKind::Svg { draws })
    } else if bytes.starts_with(b"GIF8") {
        (gif(&bytes), DataKind::Raster)
    } else if bytes.starts_with(b"\x89PNG") {
        (png(&bytes), DataKind::Raster)
    } else {
        (None, DataKind::Raster)
    };
    Some(DataImage {
        size,
        kind,
        payload: payload.len(),
    })
}

/// Whether a `data:` URI is a picture of nothing: at most a pixel wide or high, or an SVG that
/// draws nothing. The size alone of an SVG says nothing.
pub fn is_blank_data_image(url: &str) -> bool {
    data_image(url).is_some_and(|image| match image.kind {
        DataKind::Svg { draws } => !draws,
        DataKind::Raster => image.size.is_some_and(|(w, h)| w <= 1 && h <= 1),
    })
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    let [a, b, c, d] = bytes.get(6..10)?.try_into().ok()?;
    Some((
        u16::from_le_bytes([a, b]).into(),
        u16::from_le_bytes([c, d]).into(),
    ))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let width = bytes.get(16..20)?.try_into().ok()?;
    let height = bytes.get(20..24)?.try_into().ok()?;
    Some((u32::from_be_bytes(width), u32::from_be_bytes(height)))
}

/// SVG elements that show something (SVG 2, "Graphics elements", and what refers to them).
const DRAWN: [&str; 12] = [
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "image",
    "use",
    "foreignobject",
    "animate",
];

fn svg(text: &str) -> (Option<(u32, u32)>, bool) {
    let lower = text.to_ascii_lowercase();
    let Some(start) = lower.find("<svg") else {
        return (None, true);
    };
    let draws = DRAWN.iter().any(|name| {
        lower
            .match_indices(name)
            .any(|(at, _)| at > 0 && matches!(lower.as_bytes().get(at - 1), Some(b'<' | b':')))
    }) || lower.contains("background");
    let tag = lower
        .get(start..)
        .and_then(|rest| rest.split('>').next())
        .unwrap_or("");
    let size = |name: &str| -> Option<u32> {
        let (_, rest) = tag.split_once(&format!(" {name}="))?;
        let rest = rest.trim_start_matches(['"', '\'']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    (size("width").zip(size("height")), draws)
}

/// Decodes up to `limit` bytes; stops at the first character that is not base64. Percent escapes
/// (`%2B`, `%3D`) are understood.
fn decode_base64(text: &str, limit: usize) -> Vec<u8> {
    let text = percent_decode(text);
    let mut out = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for b in text {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b' ' | b'\n' | b'\r' | b'\t' => continue,
            _ => break,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
        if out.len() >= limit {
            break;
        }
    }
    out
}

/// `text` with its percent escapes (`%2d`) decoded, as UTF-8.
pub fn percent_decoded(text: &str) -> String {
    String::from_utf8_lossy(&percent_decode(text)).into_owned()
}

fn percent_decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        let hex = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        if b == b'%' {
            let mut ahead = bytes.clone();
            if let (Some(high), Some(low)) = (hex(ahead.next()), hex(ahead.next())) {
                out.push((high * 16 + low) as u8);
                bytes = ahead;
                continue;
            }
        }
        out.push(b);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_is_blank_and_a_picture_is_not() {
        assert!(is_blank_data_image(
            "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
        ));
        assert!(is_blank_data_image(
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
        ));
        // A PNG header that says 16 by 16.
        assert_eq!(
            data_image("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQ")
                .and_then(|i| i.size),
            Some((16, 16))
        );
        assert_eq!(data_image("https://a.b/data:image/gif,x"), None);
    }

    #[test]
    fn an_svg_is_blank_when_it_draws_nothing() {
        let blank = "data:image/svg+xml;charset=utf-8,%3Csvg xmlns%3D'http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg' width='600' viewBox%3D'0 0 600 400'%2F%3E";
        assert!(is_blank_data_image(blank));
        assert!(!is_blank_data_image(
            "data:image/svg+xml,<svg width='1' height='1'><path d='M0 0h1'/></svg>"
        ));
    }
}
