//! Every rule that ships does what its examples say and keeps the laws.

use copydesk::engine::test_rule;
use copydesk::registry::Registry;

#[test]
fn every_example_holds() {
    let registry = Registry::documented();
    let mut failures = Vec::new();
    let mut examples = 0;
    for entry in registry.rules() {
        examples += entry.rule.examples.len();
        failures.extend(test_rule(registry, entry).iter().map(ToString::to_string));
    }
    assert!(examples > 0);
    assert!(
        failures.is_empty(),
        "{} failures:\n{}",
        failures.len(),
        failures.join("\n")
    );
}
