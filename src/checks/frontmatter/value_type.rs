//! `type`: values that have to be of a type, by option.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;

use super::select::{Keys, Place};
use super::support::{dialect, document, is_template_value};
use crate::finding::Safety;
use crate::frontmatter::{Data, Dialect, Native, Node, Scalar, Style, Syntax, Tree, write_string};
use crate::rule::{
    Built, Claim, Context, DocumentCheck, OptionError, Options, Proposal, Report, ValueType,
};

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Only {
    /// Every value of another type.
    All,
    /// Only values that one reader of YAML takes for text and another does not.
    Disputed,
    /// Only values that every reader takes for the same wrong type.
    Agreed,
}

/// Values that have to be of a type, by option.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Config {
    /// The types that keys may have.
    keys: BTreeMap<String, Vec<ValueType>>,
    /// Which values this rule speaks of.
    #[serde(default = "all")]
    only: Only,
    /// Whether the items of a list are looked at, too.
    #[serde(default)]
    items: bool,
    /// Mappings with these keys and no others are meant, whatever the types.
    #[serde(default)]
    shapes: Vec<Vec<String>>,
    /// How safe it is to write a text without its quotes, or a value with them.
    #[serde(default)]
    fix: Option<Safety>,
}

fn all() -> Only {
    Only::All
}

struct TypeCheck {
    config: Config,
    keys: Vec<(Keys, Vec<ValueType>)>,
}

pub(super) fn build(options: &Options) -> Result<Built, OptionError> {
    let config: Config = options.parse()?;
    let keys = config
        .keys
        .iter()
        .map(|(key, types)| (Keys::from(vec![key.clone()]), types.clone()))
        .collect();
    document(TypeCheck { config, keys })
}

/// What `with` may say.
pub(super) fn options() -> Schema {
    schema_for!(Config)
}

impl DocumentCheck for TypeCheck {
    fn check(&self, context: Context<'_>, reports: &mut Vec<Report>) {
        let Some(tree) = context.document.front_matter().tree() else {
            return;
        };
        let dialect = dialect(context);
        for (keys, types) in &self.keys {
            for (path, node, _) in keys.values(tree) {
                match &node.data {
                    Data::List(items) if self.config.items => {
                        for (index, item) in items.iter().enumerate() {
                            let path = path.item(index);
                            self.value(tree, dialect, types, (path, item), reports);
                        }
                    }
                    Data::Alias(_) => {}
                    _ => self.value(tree, dialect, types, (path, node), reports),
                }
            }
        }
    }
}

/// More types than a reader keeps in mind.
const MANY: usize = 3;

impl TypeCheck {
    /// Whether a mapping has the keys of one that is meant.
    fn has_shape(&self, node: &Node) -> bool {
        let entries = node.entries();
        self.config.shapes.iter().any(|keys| {
            keys.len() == entries.len()
                && entries
                    .iter()
                    .all(|entry| keys.iter().any(|key| key == entry.name()))
        })
    }

    fn value(
        &self,
        tree: &Tree,
        dialect: Dialect,
        types: &[ValueType],
        (path, node): (Place<'_>, &Node),
        reports: &mut Vec<Report>,
    ) {
        if node.properties.is_some() || self.has_shape(node) {
            return;
        }
        let fits = |dialect| types.iter().any(|wanted| is(tree, node, dialect, *wanted));
        let other = match dialect {
            Dialect::V1_1 => Dialect::V1_2,
            Dialect::V1_2 => Dialect::V1_1,
        };
        let wrong = match self.config.only {
            Only::All => !fits(dialect),
            Only::Disputed => fits(dialect) != fits(other),
            Only::Agreed => !fits(dialect) && !fits(other),
        };
        // What is not there at all is another rule's business.
        if !wrong || (node.is_null() && node.style == Style::Empty) || is_template_value(tree, node)
        {
            return;
        }
        let source = tree.source(node.span);
        let shown: String = source.chars().take(40).collect();
        let wanted: Vec<&str> = types
            .iter()
            .filter(|wanted| types.len() < 2 || **wanted != ValueType::Null)
            .map(|wanted| name(*wanted))
            .collect();
        let wanted = wanted.join(" or ");
        let message = if self.config.only == Only::Disputed {
            format!(
                "`{path}` is `{shown}`: {} to a reader of YAML 1.1, {} to one of YAML 1.2",
                kind(node, Dialect::V1_1),
                kind(node, Dialect::V1_2),
            )
        } else if types.len() > MANY && types.contains(&ValueType::String) {
            format!("`{path}` is {} and no text: `{shown}`", kind(node, dialect))
        } else {
            format!(
                "`{path}` is {}, and has to be {wanted}: `{shown}`",
                kind(node, dialect)
            )
        };
        let mut report = Report::at(super::support::trimmed(node.span, node)).message(message);
        if let Some((title, edit, safety)) = self.fix(tree, node, types) {
            report = report.propose(Proposal::Edits {
                title,
                safety,
                edits: vec![edit],
                claim: Claim::Data(vec![path.path()]),
            });
        }
        reports.push(report);
    }

    fn fix(
        &self,
        tree: &Tree,
        node: &Node,
        types: &[ValueType],
    ) -> Option<(String, crate::source::Edit, Safety)> {
        let safety = self.config.fix?;
        if types.contains(&ValueType::String)
            && let Some(edit) = quoted_mapping(tree, node)
        {
            return Some(("Put the whole in quotes".to_owned(), edit, safety));
        }
        let text = node.text()?;
        if types.contains(&ValueType::String) && node.style == Style::Plain {
            return Some((
                "Put the value in quotes".to_owned(),
                tree.quote(node)?,
                safety,
            ));
        }
        // A text that says `true` or `12` where these are wanted.
        let native = matches!(
            &node.data,
            Data::Scalar {
                native: None | Some(Native::String),
                ..
            }
        );
        let bare = text.trim();
        let lower = bare.to_ascii_lowercase();
        let boolean =
            types.contains(&ValueType::Boolean) && matches!(lower.as_str(), "true" | "false");
        let number = (types.contains(&ValueType::Integer) || types.contains(&ValueType::Number))
            && bare.parse::<u32>().is_ok_and(|n| n.to_string() == bare);
        if node.is_quoted() && native && (boolean || number) {
            let written = if boolean { lower } else { bare.to_owned() };
            return Some((
                "Write it without quotes".to_owned(),
                tree.replace_value(node, &written),
                safety,
            ));
        }
        None
    }
}

/// A mapping of one entry on one line, `C++: an introduction`, as the text that was meant.
fn quoted_mapping(tree: &Tree, node: &Node) -> Option<crate::source::Edit> {
    let [entry] = node.entries() else { return None };
    let source = tree.source(node.span);
    let plain = |node: &Node| node.style == Style::Plain && node.properties.is_none();
    (node.style == Style::Block
        && tree.syntax() == Syntax::Yaml
        && plain(&entry.key)
        && (plain(&entry.value) || entry.value.style == Style::Empty)
        && !source.contains('\n'))
    .then(|| crate::source::Edit::replace(node.span, write_string(Syntax::Yaml, source, false)))
}

fn is(tree: &Tree, node: &Node, dialect: Dialect, wanted: ValueType) -> bool {
    match (&node.data, wanted) {
        (Data::List(_), ValueType::List) | (Data::Map(_), ValueType::Map) => true,
        (Data::Scalar { .. }, wanted) => match (node.resolve(dialect), wanted) {
            (Some(Scalar::Null), ValueType::Null)
            | (Some(Scalar::Boolean(_)), ValueType::Boolean)
            | (Some(Scalar::Integer(_)), ValueType::Integer | ValueType::Number)
            | (Some(Scalar::Float(_)), ValueType::Number)
            | (Some(Scalar::Timestamp(_)), ValueType::Date)
            | (Some(Scalar::String(_)), ValueType::String) => true,
            (Some(Scalar::String(_) | Scalar::Integer(_)), ValueType::Date) => {
                tree.date(node).is_ok()
            }
            _ => false,
        },
        _ => false,
    }
}

fn name(wanted: ValueType) -> &'static str {
    match wanted {
        ValueType::String => "a text",
        ValueType::Boolean => "true or false",
        ValueType::Integer => "a whole number",
        ValueType::Number => "a number",
        ValueType::Date => "a date",
        ValueType::List => "a list",
        ValueType::Map => "a mapping",
        ValueType::Null => "empty",
    }
}

fn kind(node: &Node, dialect: Dialect) -> &'static str {
    match (&node.data, node.resolve(dialect)) {
        (Data::List(_), _) => "a list",
        (Data::Map(_), _) => "a mapping",
        (_, Some(Scalar::Null)) => "empty",
        (_, Some(Scalar::Boolean(true))) => "true",
        (_, Some(Scalar::Boolean(false))) => "false",
        (_, Some(Scalar::Integer(_))) => "a whole number",
        (_, Some(Scalar::Float(_))) => "a number",
        (_, Some(Scalar::Timestamp(_))) => "a date",
        (_, Some(Scalar::String(_))) => "a text",
        (_, None) => "a reference",
    }
}
