//! What serde says of a file that people write, in their words.

/// The words of the deserialiser in ours, and what to do if they tell.
pub fn slip_in_words(error: &str) -> (String, Option<String>) {
    let error = match error.rfind(" at line ") {
        Some(at) => error.get(..at).unwrap_or(error),
        None => error,
    };
    // `rules[0].phase: …` names the field where the message does not.
    let (path, words) = match error.split_once(": ") {
        Some((path, words)) if !path.contains([' ', '`']) => (path, words),
        _ => ("", error),
    };
    let field = path.rsplit(['.', ']']).next().unwrap_or("");
    let mut names = words.split('`').skip(1).step_by(2);
    let first = names.next().unwrap_or("");
    let known: Vec<&str> = names.collect();
    let list = known
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let near = super::closest(first, known.iter().copied());
    let help = match near {
        Some(near) => format!("Did you mean `{near}`?"),
        None if known.is_empty() => "There are none here; take it out.".to_owned(),
        None => format!("Write one of {list}."),
    };
    if words.starts_with("unknown variant") {
        let of = match field {
            "" => String::new(),
            field => format!(" of `{field}`"),
        };
        return (format!("`{first}` is no value{of}"), Some(help));
    }
    if words.starts_with("unknown field") {
        return (format!("there is no key called `{first}` here"), Some(help));
    }
    if words.starts_with("missing field") {
        return (
            format!("the key `{first}` is missing"),
            Some(format!("Add `{first}:`.")),
        );
    }
    if let Some((found, wanted)) = words
        .strip_prefix("invalid type: ")
        .or_else(|| words.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split_once(", expected "))
    {
        let wanted = match wanted {
            "a sequence" => "a list, as in `[a, b]`".to_owned(),
            "a map" => "a mapping, as in `{ a: b }`".to_owned(),
            "a string" => "a text".to_owned(),
            "a boolean" => "`true` or `false`".to_owned(),
            wanted if wanted.starts_with("struct ") => {
                "keys with values, as in `key: value`".to_owned()
            }
            wanted
                if wanted.starts_with('u')
                    && wanted.len() <= 5
                    && (found.starts_with("integer `-") || found.starts_with("floating")) =>
            {
                "a whole number that is not negative".to_owned()
            }
            wanted if wanted.starts_with(['u', 'i', 'f']) && wanted.len() <= 5 => {
                "a number".to_owned()
            }
            wanted => wanted.to_owned(),
        };
        let found = match found.split_once(' ') {
            Some(("string", text)) => format!("the text `{}`", text.trim_matches('"')),
            Some(("integer" | "floating", text)) => {
                format!(
                    "the number {}",
                    text.trim_start_matches("point ").trim_matches('`')
                )
            }
            Some(("boolean", text)) => text.to_owned(),
            Some(("unit", _)) => "empty".to_owned(),
            _ if found == "sequence" => "a list".to_owned(),
            _ if found == "map" => "a mapping".to_owned(),
            _ => found.to_owned(),
        };
        let of = match field {
            "" => "it is ".to_owned(),
            field => format!("`{field}` is "),
        };
        return (
            format!("{of}{found}, where another kind of value is wanted"),
            Some(format!("Write {wanted}.")),
        );
    }
    (words.to_owned(), None)
}
