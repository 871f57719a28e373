/// Which YAML a reader speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// YAML 1.1 as Psych (Jekyll) and PyYAML read it: `yes`, `012`, `12:30` and `1_000` are not
    /// strings, and dates are dates.
    V1_1,
    /// The core schema of YAML 1.2.
    V1_2,
}

/// What a scalar means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar<'a> {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i128),
    /// A number.
    Float(f64),
    /// A YAML 1.1 timestamp or a TOML date, as written.
    Timestamp(&'a str),
    /// Text.
    String(&'a str),
}

impl Scalar<'_> {
    /// Whether two scalars are the same datum (two NaN are).
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            (a, b) => a == b,
        }
    }
}

/// The type that the syntax itself gives a scalar (TOML and JSON); YAML's depend on the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Native {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A number with a fraction or an exponent.
    Float,
    /// `true` or `false`.
    Boolean,
    /// A TOML date, time or date-time.
    Date,
    /// JSON's `null`.
    Null,
}

pub(super) fn from_native(text: &str, native: Native) -> Scalar<'_> {
    match native {
        Native::String => Scalar::String(text),
        Native::Boolean => Scalar::Boolean(text == "true"),
        Native::Null => Scalar::Null,
        Native::Date => Scalar::Timestamp(text),
        Native::Integer => integer(text, 10).map_or(Scalar::String(text), Scalar::Integer),
        Native::Float => text
            .replace('_', "")
            .parse()
            .map_or(Scalar::String(text), Scalar::Float),
    }
}

/// What the plain scalar `text` means in `dialect`.
pub fn resolve(text: &str, dialect: Dialect) -> Scalar<'_> {
    let Some(&first) = text.as_bytes().first() else {
        return Scalar::Null;
    };
    match text {
        "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Boolean(true),
        "false" | "False" | "FALSE" => return Scalar::Boolean(false),
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        _ => {}
    }
    if dialect == Dialect::V1_1 {
        match text {
            "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Scalar::Boolean(true),
            "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Scalar::Boolean(false),
            _ => {}
        }
    }
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return Scalar::String(text);
    }
    let number = match dialect {
        Dialect::V1_2 => core_number(text),
        Dialect::V1_1 => old_number(text),
    };
    number.unwrap_or(Scalar::String(text))
}

fn core_number(text: &str) -> Option<Scalar<'_>> {
    if let Some(digits) = text.strip_prefix("0o") {
        return integer(digits, 8).map(Scalar::Integer);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return integer(digits, 16).map(Scalar::Integer);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(Scalar::Float(infinity(text)));
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return Some(whole_or_float(text));
    }
    is_float(unsigned).then(|| text.parse().ok().map(Scalar::Float))?
}

fn old_number(text: &str) -> Option<Scalar<'_>> {
    if is_timestamp(text) {
        return Some(Scalar::Timestamp(text));
    }
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(Scalar::Float(infinity(text)));
    }
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let sign = |n: i128| Scalar::Integer(if negative { -n } else { n });
    if unsigned.contains(':') {
        let mut total: i128 = 0;
        for (at, part) in unsigned.split(':').enumerate() {
            let part = part.replace('_', "");
            let value: i128 = part.parse().ok().filter(|_| !part.starts_with('+'))?;
            if (at > 0 && (value > 59 || part.len() > 2)) || (at == 0 && value == 0) {
                return None;
            }
            total = total.checked_mul(60)?.checked_add(value)?;
        }
        return Some(sign(total));
    }
    if let Some(digits) = unsigned.strip_prefix("0b") {
        return integer(digits, 2).map(sign);
    }
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return integer(digits, 16).map(sign);
    }
    if let Some(digits) = unsigned.strip_prefix('0').filter(|rest| !rest.is_empty())
        && let Some(octal) = integer(digits, 8)
    {
        return Some(sign(octal));
    }
    let plain = unsigned.replace('_', "");
    if !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit()) {
        // `08` is no octal number, and Psych reads it as text.
        return (!plain.starts_with('0') || plain == "0")
            .then(|| whole_or_float_owned(negative, &plain));
    }
    let value = is_float(&plain).then(|| plain.parse::<f64>().ok())??;
    Some(Scalar::Float(if negative { -value } else { value }))
}

fn infinity(text: &str) -> f64 {
    if text.starts_with('-') {
        f64::NEG_INFINITY
    } else {
        f64::INFINITY
    }
}

fn whole_or_float(text: &str) -> Scalar<'_> {
    match text.parse() {
        Ok(whole) => Scalar::Integer(whole),
        Err(_) => Scalar::Float(text.parse().unwrap_or(f64::INFINITY)),
    }
}

fn whole_or_float_owned(negative: bool, digits: &str) -> Scalar<'static> {
    match digits.parse::<i128>() {
        Ok(whole) => Scalar::Integer(if negative { -whole } else { whole }),
        Err(_) => Scalar::Float(f64::INFINITY),
    }
}

fn integer(digits: &str, radix: u32) -> Option<i128> {
    let (radix, digits) = match (radix, digits.get(..2)) {
        (10, Some("0x")) => (16, &digits[2..]),
        (10, Some("0o")) => (8, &digits[2..]),
        (10, Some("0b")) => (2, &digits[2..]),
        _ => (radix, digits),
    };
    if radix != 10 && digits.starts_with(['+', '-']) {
        return None;
    }
    i128::from_str_radix(&digits.replace('_', ""), radix).ok()
}

/// `\.[0-9]+ | [0-9]+(\.[0-9]*)?`, then an optional exponent.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let mantissa = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
        }
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa && exponent
}

/// The timestamp type of YAML 1.1: a date of the form `2022-07-09`, or a date and a time.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    let digits = |at: &mut usize, min: usize, max: usize| {
        let count = bytes
            .iter()
            .skip(*at)
            .take(max)
            .take_while(|b| b.is_ascii_digit())
            .count();
        *at += count;
        count >= min
    };
    let byte = |at: &mut usize, wanted: &[u8]| {
        let hit = bytes.get(*at).is_some_and(|b| wanted.contains(b));
        *at += usize::from(hit);
        hit
    };
    if !(digits(&mut at, 4, 4)
        && byte(&mut at, b"-")
        && digits(&mut at, 1, 2)
        && byte(&mut at, b"-")
        && digits(&mut at, 1, 2))
    {
        return false;
    }
    if at == bytes.len() {
        return at == 10;
    }
    if !byte(&mut at, b"Tt") {
        let blanks = at;
        while byte(&mut at, b" \t") {}
        if at == blanks {
            return false;
        }
    }
    if !(digits(&mut at, 1, 2)
        && byte(&mut at, b":")
        && digits(&mut at, 2, 2)
        && byte(&mut at, b":")
        && digits(&mut at, 2, 2))
    {
        return false;
    }
    if byte(&mut at, b".") {
        digits(&mut at, 0, usize::MAX);
    }
    while byte(&mut at, b" \t") {}
    if byte(&mut at, b"Z") || at == bytes.len() {
        return at == bytes.len();
    }
    byte(&mut at, b"+-")
        && digits(&mut at, 1, 2)
        && {
            if byte(&mut at, b":") {
                digits(&mut at, 2, 2)
            } else {
                digits(&mut at, 0, 2)
            }
        }
        && at == bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_dialects_part_where_they_do() {
        let cases: &[(&str, Scalar, Scalar)] = &[
            ("yes", Scalar::Boolean(true), Scalar::String("yes")),
            ("012", Scalar::Integer(10), Scalar::Integer(12)),
            ("08", Scalar::String("08"), Scalar::Integer(8)),
            ("12:30", Scalar::Integer(750), Scalar::String("12:30")),
            ("1_000", Scalar::Integer(1000), Scalar::String("1_000")),
            ("0b11", Scalar::Integer(3), Scalar::String("0b11")),
            ("0o14", Scalar::String("0o14"), Scalar::Integer(12)),
            (
                "2022-07-09",
                Scalar::Timestamp("2022-07-09"),
                Scalar::String("2022-07-09"),
            ),
            ("True", Scalar::Boolean(true), Scalar::Boolean(true)),
            ("~", Scalar::Null, Scalar::Null),
            ("-0x1F", Scalar::Integer(-31), Scalar::String("-0x1F")),
            ("1.5e3", Scalar::Float(1500.0), Scalar::Float(1500.0)),
            ("1.", Scalar::Float(1.0), Scalar::Float(1.0)),
            (".", Scalar::String("."), Scalar::String(".")),
            ("1.2.3", Scalar::String("1.2.3"), Scalar::String("1.2.3")),
            ("标题", Scalar::String("标题"), Scalar::String("标题")),
            ("y", Scalar::String("y"), Scalar::String("y")),
        ];
        for (text, old, core) in cases {
            assert_eq!(resolve(text, Dialect::V1_1), *old, "{text} in 1.1");
            assert_eq!(resolve(text, Dialect::V1_2), *core, "{text} in 1.2");
        }
    }

    #[test]
    fn timestamps_are_told_from_text() {
        for text in [
            "2022-07-09T11:10:00.000Z",
            "2022-07-09 11:10:00 +0800",
            "2022-7-9 1:10:00 +08:00",
            "2022-07-09t11:10:00",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2022-7-9",
            "2014-08-19T08:23",
            "2022-07-09x",
            "2022-07-09 ",
            "2023-01-29 18:30:22 2023 -0800",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
