//! Options of rules that do not fit, for people.

use serde_yaml::Value;

use super::load::Loaded;
use super::problem::{Kind, finding};
use crate::finding::Finding;
use crate::registry::{closest, slip_in_words};
use crate::source::Span;

/// What is wrong with the options of `rule`, which stand at `span` in the layer at `path`.
pub(super) fn misfit(
    loaded: &Loaded,
    path: &[String],
    rule: &str,
    message: &str,
    span: Span,
) -> Finding {
    let mut words = message.split('`').skip(1).step_by(2);
    if let (true, Some(unknown)) = (message.starts_with("unknown field"), words.next()) {
        let known: Vec<&str> = words.collect();
        let mut key: Vec<&str> = path.iter().map(String::as_str).collect();
        key.extend(["options", rule, unknown]);
        let help = match closest(unknown, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None if known.is_empty() => format!("`{rule}` has no options; take it out."),
            None => format!("It has {}.", known.join(", ")),
        };
        let message = format!("`{rule}` has no option called `{unknown}`");
        return finding(Kind::UnknownKey, loaded.places.key(&key), message, help);
    }
    let (words, help) = slip_in_words(message);
    let options = format!("`copydesk explain {rule}` shows the options the rule has.");
    let help = help.map_or(options.clone(), |help| format!("{help} {options}"));
    // The message does not name the option; where only one has such a value, it is that.
    if let Some(key) = of_kind(loaded, path, rule, message) {
        let mut at: Vec<&str> = path.iter().map(String::as_str).collect();
        at.extend(["options", rule, key]);
        let span = loaded.places.key(&at);
        let words = words.replacen("it is", &format!("`{key}` is"), 1);
        let message = format!("the options of `{rule}` do not fit: {words}");
        return finding(Kind::InvalidValue, span, message, help);
    }
    let message = format!("the options of `{rule}` do not fit: {words}");
    finding(Kind::InvalidValue, span, message, help)
}

/// The only option in the layer at `path` that has a value of the kind which `message` is about.
fn of_kind<'a>(loaded: &'a Loaded, path: &[String], rule: &str, message: &str) -> Option<&'a str> {
    let found = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, _) = found.split_once(", expected ")?;
    let options = match path {
        [_, number] => {
            let number: usize = number.parse().ok()?;
            let entry = loaded.file.overrides.as_ref()?.get(number)?;
            entry.options.as_ref()?
        }
        _ => loaded.file.options.as_ref()?,
    };
    let is_it = |value: &Value| match value {
        Value::Null => found.starts_with("unit"),
        Value::Bool(value) => found == format!("boolean `{value}`"),
        Value::Number(value) => found.ends_with(&format!(" `{value}`")),
        Value::String(value) => found == format!("string {value:?}"),
        Value::Sequence(_) => found == "sequence",
        Value::Mapping(_) => found == "map",
        Value::Tagged(_) => false,
    };
    let mut keys = options
        .get(rule)?
        .as_mapping()?
        .iter()
        .filter(|(_, value)| is_it(value));
    let (key, _) = keys.next()?;
    keys.next().is_none().then_some(key.as_str()?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::config::{Configs, Flags, Origin, Resolved};

    #[test]
    fn an_option_of_the_wrong_kind_is_told_at_its_place() {
        let root = tempfile::tempdir().unwrap();
        let config = "options:\n  required-key: { keys: 标题 }\n";
        let path = root.path().join("copydesk.yaml");
        fs::write(&path, config).unwrap();
        let mut configs =
            Configs::new(Flags::default(), Origin::File(path), root.path().to_owned());
        assert!(matches!(configs.resolve("a.md".as_ref()), Resolved::Broken));
        let problems = configs.problems();
        let finding = &problems[0].findings[0];
        assert_eq!(
            finding.message,
            "The options of `required-key` do not fit: `keys` is the text `标题`, where another kind of value is wanted"
        );
        assert!(finding.help.starts_with("Write a list, as in `[a, b]`."));
        assert_eq!(finding.span.text(config), "keys");
    }
}
