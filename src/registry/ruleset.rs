use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::{Registry, RuleEntry, Selection, SelectionProblem};
use crate::checks;
use crate::finding::{Safety, Severity};
use crate::html::{Index, Selector};
use crate::rule::{
    Budget, Built, DocumentCheck, ElementCheck, EngineCheck, FixKind, Marks, Options, Phase,
    Preset, Profile, Scope, When,
};

/// A rule that is ready to run.
pub struct CompiledRule {
    /// The rule as written.
    pub entry: Arc<RuleEntry>,
    /// The message of a finding unless the check gives a more exact one.
    pub summary: Arc<str>,
    /// Why it matters.
    pub why: Arc<str>,
    /// What to do.
    pub help: Arc<str>,
    /// Weight of a finding.
    pub severity: Severity,
    /// The ceiling of its fixes.
    pub safety: Safety,
    /// Whether it has fixes at all.
    pub fixes: bool,
    /// When its fixes are applied.
    pub phase: Phase,
    /// Conditions on an element that matter in the profile.
    pub when: Option<When>,
    /// The pages it is limited to.
    pub scope: Scope,
    /// What it runs.
    pub kind: Kind,
}

/// What a rule runs.
pub enum Kind {
    /// A check over the document.
    Document(Box<dyn DocumentCheck>),
    /// A check over each element that its selector matches.
    Element {
        /// Conditions beyond the selector.
        when: Option<Box<When>>,
        /// The check or action.
        check: Box<dyn ElementCheck>,
    },
    /// Something the engine sees to.
    Engine(EngineCheck),
}

/// The rules that run together over a document.
pub struct Ruleset {
    /// Whose pages.
    pub profile: Profile,
    /// The site generator.
    pub preset: Arc<Preset>,
    /// How much of a page may go. It holds whether the rule that speaks of it runs or not.
    pub budget: Budget,
    /// The comments that programs read.
    pub marks: Marks,
    rules: Vec<CompiledRule>,
    index: Index,
    // Place in `rules` of the rule whose selector is the n-th of `index`.
    selectors: Vec<usize>,
    // Places in `rules` of those that the engine sees to.
    engine: Vec<usize>,
    // Everything a directive may name, whether it runs or not.
    known: FxHashSet<Arc<str>>,
}

impl Ruleset {
    /// The rules, in the order of the registry.
    pub fn rules(&self) -> &[CompiledRule] {
        &self.rules
    }

    /// The selectors of the element rules.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The rule whose selector has this number in the index.
    pub fn by_selector(&self, selector: usize) -> Option<(usize, &CompiledRule)> {
        let place = *self.selectors.get(selector)?;
        Some((place, self.rules.get(place)?))
    }

    /// Whether any rule looks at elements.
    pub fn has_element_rules(&self) -> bool {
        !self.selectors.is_empty()
    }

    /// The rule that speaks for what the engine sees to, if it runs.
    pub fn engine_rule(&self, check: EngineCheck) -> Option<&CompiledRule> {
        self.engine
            .iter()
            .filter_map(|place| self.rules.get(*place))
            .find(|rule| matches!(rule.kind, Kind::Engine(own) if own == check))
    }

    /// Whether a rule or group of this name exists, running or not.
    pub fn knows(&self, name: &str) -> bool {
        name == "all" || self.known.contains(name)
    }

    /// The rule or group that `name` was probably meant to be.
    pub fn suggest(&self, name: &str) -> Option<&Arc<str>> {
        let mut names: Vec<&Arc<str>> = self.known.iter().collect();
        names.sort();
        super::closest(name, names)
    }

    /// Whether any rule that `name` stands for runs here.
    pub fn runs(&self, name: &str) -> bool {
        self.rules.iter().any(|rule| rule.entry.answers_to(name))
    }
}

impl Registry {
    /// Makes the rules that `selection` admits ready to run.
    ///
    /// # Errors
    /// Names that mean nothing, and options that do not fit.
    pub fn compile(&self, selection: &Selection) -> Result<Ruleset, Vec<SelectionProblem>> {
        let mut problems = self.unknown_names(selection);
        let table: FxHashMap<&str, crate::rule::Builder> = checks::table().collect();
        let mut rules = Vec::new();
        let mut parsed = Vec::new();
        let mut selectors = Vec::new();
        for entry in self.rules().iter().filter(|entry| selection.admits(entry)) {
            match compile(entry, selection, &table) {
                Ok((rule, selector)) => {
                    if let Some(selector) = selector {
                        parsed.push(selector);
                        selectors.push(rules.len());
                    }
                    rules.push(rule);
                }
                Err(message) => problems.push(SelectionProblem::Options {
                    rule: entry.id.clone(),
                    message,
                }),
            }
        }
        let budget = self.budget(selection).unwrap_or_else(|problem| {
            problems.push(problem);
            Budget::UNLIMITED
        });
        if !problems.is_empty() {
            return Err(problems);
        }
        let known = self
            .rules()
            .iter()
            .flat_map(|entry| {
                let old = entry.rule.redirects.iter().map(|old| old.as_str().into());
                [entry.id.clone(), entry.group.clone()]
                    .into_iter()
                    .chain(old)
            })
            .collect();
        Ok(Ruleset {
            profile: selection.profile,
            preset: selection.preset.clone(),
            budget,
            marks: self.marks().clone(),
            index: Index::new(&parsed),
            engine: rules
                .iter()
                .enumerate()
                .filter(|(_, rule)| matches!(rule.kind, Kind::Engine(_)))
                .map(|(place, _)| place)
                .collect(),
            rules,
            selectors,
            known,
        })
    }
}

/// Whether the check, the options and the scope of `rule` fit together.
///
/// # Errors
/// What does not fit.
pub(super) fn fits(rule: &crate::rule::Rule) -> Result<(), String> {
    let table: FxHashMap<&str, crate::rule::Builder> = checks::table().collect();
    let options = Options {
        value: rule.with.clone(),
        sound: false,
    };
    let selector = rule.selector.is_some();
    match (&rule.check, action_name(rule.fix)) {
        (Some(name), _) if engine_check(name) == Some(EngineCheck::RemovalBudget) => {
            let _: Budget = options.parse().map_err(|error| error.0)?;
        }
        (Some(name), _) if engine_check(name).is_some() => {
            options.none().map_err(|error| error.0)?;
        }
        (Some(name), _) => drop(build(&table, name, &options, selector, None)?),
        (None, Some(action)) => drop(build(&table, action, &options, selector, None)?),
        (None, None) => options.none().map_err(|error| error.0)?,
    }
    Scope::new(&rule.hosts, &rule.paths)
        .map(drop)
        .map_err(|error| error.to_string())
}

impl Registry {
    /// The options of the rule that speaks of the budget, under `selection`.
    fn budget(&self, selection: &Selection) -> Result<Budget, SelectionProblem> {
        let entry = self.rules().iter().find(|entry| {
            let check = entry.rule.check.as_deref().and_then(engine_check);
            check == Some(EngineCheck::RemovalBudget)
        });
        entry.map_or(Ok(Budget::UNLIMITED), |entry| {
            options(entry, selection)
                .parse()
                .map_err(|error| SelectionProblem::Options {
                    rule: entry.id.clone(),
                    message: error.0,
                })
        })
    }
}

/// The rule's own options, with those of the user laid over them.
fn options(entry: &RuleEntry, selection: &Selection) -> Options {
    match selection.options.get(&*entry.id) {
        Some(over) => Options {
            value: overlay(&entry.rule.with, over),
            sound: false,
        },
        None => Options {
            value: entry.rule.with.clone(),
            sound: entry.built_in,
        },
    }
}

fn compile(
    entry: &Arc<RuleEntry>,
    selection: &Selection,
    table: &FxHashMap<&str, crate::rule::Builder>,
) -> Result<(CompiledRule, Option<Selector>), String> {
    let rule = &entry.rule;
    let selector = match &rule.selector {
        Some(text) => Some(Selector::parse(text).map_err(|error| error.message)?),
        None => None,
    };
    let options = at(options(entry, selection), selection.now.as_deref());
    let when = rule
        .when
        .as_ref()
        .and_then(|when| when.under(selection.profile));
    let kind = match (&rule.check, action_name(rule.fix)) {
        (Some(name), _) => match engine_check(name) {
            Some(check) => {
                // The budget is read for all rules together.
                if check != EngineCheck::RemovalBudget {
                    options.none().map_err(|error| error.0)?;
                }
                Kind::Engine(check)
            }
            None => build(table, name, &options, selector.is_some(), when.as_ref())?,
        },
        (None, Some(action)) => build(table, action, &options, selector.is_some(), when.as_ref())?,
        (None, None) => build(table, "report", &options, selector.is_some(), when.as_ref())?,
    };
    let change = rule
        .profile
        .get(&selection.profile)
        .copied()
        .unwrap_or_default();
    let compiled = CompiledRule {
        summary: rule.summary.as_str().into(),
        why: rule.why.trim().into(),
        help: rule.help.trim().into(),
        severity: selection.severity_of(entry),
        safety: change.safety.unwrap_or(rule.safety),
        fixes: rule.fix != FixKind::None,
        phase: rule.phase,
        when,
        scope: Scope::new(&rule.hosts, &rule.paths).map_err(|error| error.to_string())?,
        kind,
        entry: entry.clone(),
    };
    let selector = selector.filter(|_| matches!(compiled.kind, Kind::Element { .. }));
    Ok((compiled, selector))
}

/// The options with the moment `now` in the place of the word.
fn at(options: Options, now: Option<&str>) -> Options {
    use serde_yaml::Value;
    let Options {
        mut value,
        mut sound,
    } = options;
    if let (Value::Mapping(map), Some(now)) = (&mut value, now) {
        for (_, value) in map.iter_mut() {
            if value.as_str() == Some("now") {
                *value = Value::from(now);
                sound = false;
            }
        }
    }
    Options { value, sound }
}

/// The name under which an action stands in the table of checks.
fn action_name(fix: FixKind) -> Option<&'static str> {
    match fix {
        FixKind::Remove => Some("remove"),
        FixKind::Unwrap => Some("unwrap"),
        FixKind::RemoveAttribute => Some("remove-attribute"),
        FixKind::RemoveClass => Some("remove-class"),
        FixKind::None | FixKind::Check => None,
    }
}

fn engine_check(name: &str) -> Option<EngineCheck> {
    let name = serde_yaml::Value::from(name);
    EngineCheck::deserialize(name).ok()
}

fn build(
    table: &FxHashMap<&str, crate::rule::Builder>,
    name: &str,
    options: &Options,
    has_selector: bool,
    when: Option<&When>,
) -> Result<Kind, String> {
    let Some(builder) = table.get(name) else {
        return Err(match super::closest(name, table.keys()) {
            Some(near) => format!("there is no check called `{name}`; did you mean `{near}`?"),
            None => format!("there is no check called `{name}`"),
        });
    };
    match (builder(options).map_err(|error| error.0)?, has_selector) {
        (Built::Document(check), false) => Ok(Kind::Document(check)),
        (Built::Element(check), true) => Ok(Kind::Element {
            when: when.cloned().map(Box::new),
            check,
        }),
        (Built::Document(_), true) => Err(format!(
            "`{name}` looks at the whole document; it cannot have `match`"
        )),
        (Built::Element(_), false) => Err(format!(
            "`{name}` looks at elements; say which with `match`"
        )),
    }
}

/// `over` laid on `base`: mappings are merged key by key, everything else is replaced.
pub(crate) fn overlay(base: &serde_yaml::Value, over: &serde_yaml::Value) -> serde_yaml::Value {
    use serde_yaml::Value;
    match (base, over) {
        (base, Value::Null) => base.clone(),
        (Value::Mapping(base), Value::Mapping(over)) => {
            let mut merged = base.clone();
            for (key, value) in over {
                let value = match base.get(key) {
                    Some(old) => overlay(old, value),
                    None => value.clone(),
                };
                merged.insert(key.clone(), value);
            }
            Value::Mapping(merged)
        }
        (_, over) => over.clone(),
    }
}

#[cfg(test)]
impl Ruleset {
    /// Rules of the given ids that run `checks`, with safe fixes: for tests of the engine.
    pub(crate) fn of_checks(checks: Vec<(&str, Box<dyn DocumentCheck>)>) -> Self {
        let mut registry = Registry::default();
        let rules: String = checks
            .iter()
            .map(|(id, _)| {
                format!("  - {{id: {id}, summary: s, why: w, help: h, check: root, fix: check, safety: safe}}\n")
            })
            .collect();
        let text = format!("group: test\nrules:\n{rules}");
        registry
            .add_pack(super::Source {
                path: "test.yaml",
                text: &text,
            })
            .unwrap_or_else(|problems| panic!("{problems:?}"));
        let preset = Registry::builtin()
            .preset("generic")
            .expect("it ships")
            .clone();
        let rules = registry
            .rules()
            .iter()
            .zip(checks)
            .map(|(entry, (_, check))| CompiledRule {
                entry: entry.clone(),
                summary: "s".into(),
                why: "w".into(),
                help: "h".into(),
                severity: Severity::Warning,
                safety: Safety::Safe,
                fixes: true,
                phase: Phase::default(),
                when: None,
                scope: Scope::default(),
                kind: Kind::Document(check),
            })
            .collect();
        Self {
            profile: Profile::Own,
            preset,
            budget: Budget::UNLIMITED,
            marks: Marks::default(),
            rules,
            index: Index::new([]),
            selectors: Vec::new(),
            engine: Vec::new(),
            known: FxHashSet::default(),
        }
    }
}
