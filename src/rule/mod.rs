//! What a rule is: the pack format as types, the traits a named check implements, and what a check
//! may propose. Loads nothing.

mod budget;
mod check;
mod marks;
mod pack;
mod preset;
mod scope;
mod when;

pub use budget::Budget;
pub use check::{
    Builder, Built, Claim, Context, DocumentCheck, ElementCheck, EngineCheck, OptionError, Options,
    Proposal, Report,
};
pub use marks::Marks;
pub use pack::{Activation, Example, FixKind, Pack, Phase, Profile, ProfileOverride, Rule};
pub use preset::{KeySpec, Preset, RequiredKey, ValueType, YamlVersion};
pub use scope::{Scope, globs_over_paths};
pub use when::{
    CommentLimit, HoldLimit, MediaLimit, PageLimit, SelectorText, TextLimit, Unless, When,
};
