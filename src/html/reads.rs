//! What programs read of the attributes of elements, however they spell it.

/// `code` in one spelling: in lower case, without white space, all quotes as `"`, `?.` as `.`; and
/// after it each name that it takes out of a `dataset` with `{ name } = x.dataset`, as
/// `dataset.name`. Nothing if it reads no `data-…` attribute.
pub(super) fn plain(code: &str) -> String {
    if !code.contains("data") {
        return String::new();
    }
    let mut plain: String = code
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if matches!(c, '\'' | '`') { '"' } else { c })
        .flat_map(char::to_lowercase)
        .collect();
    if plain.contains("?.") {
        plain = plain.replace("?.", ".");
    }
    let taken: Vec<String> = memchr::memmem::find_iter(plain.as_bytes(), ".dataset")
        .filter_map(|at| plain.get(..at))
        .flat_map(taken_out)
        .map(|name| format!("\ndataset.{name}"))
        .collect();
    plain.extend(taken);
    plain.push('\n');
    plain
}

/// The names in the braces of `{ a, b: c } = element`, the end of `code`.
fn taken_out(code: &str) -> impl Iterator<Item = &str> {
    let is_of_element = |c: char| c.is_alphanumeric() || "_$.[]()\"".contains(c);
    code.trim_end_matches(is_of_element)
        .strip_suffix("}=")
        .and_then(|head| head.rsplit_once('{'))
        .map_or("", |(_, names)| names)
        .split(',')
        .filter_map(|part| part.split([':', '=']).next())
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_read_is_one() {
        for (code, read) in [
            ("i.dataset [ 'src' ]", "dataset[\"src"),
            ("i.dataset?.src", "dataset.src"),
            ("getAttribute(`data-src`)", "getattribute(\"data-src"),
            ("$(e).attr(\n \"data-src\" )", "attr(\"data-src"),
            ("const { alt, src: s } = e.target.dataset;", "dataset.src"),
            ("const {src}=list[0].dataset", "dataset.src"),
            ("({图, lazySrc = 1} = i?.dataset)", "dataset.lazysrc"),
        ] {
            assert!(plain(code).contains(read), "{code}: {}", plain(code));
        }
        for code in [
            "const {src} = props; i.dataset.id",
            "f({src}, i.dataset)",
            "a = i.dataset; {src}",
        ] {
            assert!(!plain(code).contains("dataset.src"), "{code}");
        }
    }
}
