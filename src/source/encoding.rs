use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

/// How a file's bytes can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark: content.
    Utf8,
    /// UTF-16, known by its byte order mark; the name is a label of the WHATWG Encoding Standard.
    Utf16(&'static str),
    /// Not UTF-8.
    Other {
        /// Offset of the first byte that is not UTF-8.
        first_invalid: usize,
        /// How many separate runs of bytes are not UTF-8.
        invalid_runs: usize,
        /// The legacy encoding in which the whole file decodes without loss, if one is likely
        /// (a label of the WHATWG Encoding Standard).
        guess: Option<&'static str>,
    },
}

impl Encoding {
    /// Whether ASCII bytes mean ASCII characters wherever they stand outside multi-byte sequences,
    /// so that tags can be found in the bytes. False for UTF-16 and for encodings whose trail
    /// bytes reach into ASCII (GBK, Big5, Shift_JIS have trail bytes from 0x40, which include no
    /// `<`, `>`, `&` or quotes and are therefore fine).
    pub const fn is_ascii_compatible(self) -> bool {
        !matches!(self, Self::Utf16(_))
    }
}

/// Tells the encoding of a whole file.
pub fn detect(bytes: &[u8]) -> Encoding {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        return Encoding::Utf16(encoding.name());
    }
    let Err(error) = std::str::from_utf8(bytes) else {
        return Encoding::Utf8;
    };
    let (mut runs, mut wide) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        runs += usize::from(!chunk.invalid().is_empty());
        wide += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
    }
    Encoding::Other {
        first_invalid: error.valid_up_to(),
        invalid_runs: runs,
        // A file with more good multi-byte characters than bad bytes is damaged UTF-8; a detector
        // would call it by some single-byte name.
        guess: if wide > runs { None } else { guess(bytes) },
    }
}

fn guess(bytes: &[u8]) -> Option<&'static str> {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Deny);
    (encoding != UTF_8
        && encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .is_some())
    .then(|| encoding.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_with_and_without_a_mark() {
        assert_eq!(detect("标题".as_bytes()), Encoding::Utf8);
        assert_eq!(detect("\u{feff}a".as_bytes()), Encoding::Utf8);
    }

    #[test]
    fn utf16_is_known_by_its_mark() {
        assert_eq!(detect(b"\xFF\xFEa\0"), Encoding::Utf16("UTF-16LE"));
        assert_eq!(detect(b"\xFE\xFF\0a"), Encoding::Utf16("UTF-16BE"));
    }

    #[test]
    fn a_legacy_encoding_is_guessed_and_the_first_bad_byte_named() {
        let text = "这是一篇关于编码的文章，标题也是中文。".repeat(3);
        let (bytes, ..) = encoding_rs::GBK.encode(&text);
        match detect(&bytes) {
            Encoding::Other {
                guess,
                first_invalid,
                ..
            } => {
                assert_eq!(guess, Some("GBK"));
                assert_eq!(first_invalid, 0);
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn damaged_utf8_is_not_called_a_legacy_encoding() {
        let mut bytes = "一篇文章的标题".as_bytes().to_vec();
        bytes.pop();
        match detect(&bytes) {
            Encoding::Other {
                guess,
                first_invalid,
                invalid_runs,
            } => {
                assert_eq!((guess, invalid_runs), (None, 1));
                assert_eq!(first_invalid, 18);
            }
            other => panic!("{other:?}"),
        }
    }
}
