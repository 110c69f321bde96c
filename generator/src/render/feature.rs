//! Which features switch which operations on. crates.io allows 300 features a crate.

use std::collections::{BTreeMap, BTreeSet};

/// What is left for operations, beside `default`, `serde`, `testing` and what a person may add.
const LIMIT: usize = 290;

/// The feature of each operation's module: one an operation, or, where they are too many, one a thing that operations
/// work on (`describe_backups` and `create_backup`: `backup`).
pub(super) fn of_modules(modules: &[String]) -> Vec<String> {
    if modules.len() <= LIMIT {
        return modules.iter().map(|module| own(module)).collect();
    }
    // Ever fewer words of the thing's name, until there are few enough.
    for length in (1..=4).rev() {
        let features: Vec<_> = modules.iter().map(|module| thing(module, length)).collect();
        if features.iter().collect::<BTreeSet<_>>().len() <= LIMIT {
            return features;
        }
    }
    let mut letters = BTreeMap::new();
    for module in modules {
        letters
            .entry(module.chars().next())
            .or_insert_with(|| format!("operations-{}", module.get(..1).unwrap_or("x")));
    }
    modules.iter().map(|module| letters.get(&module.chars().next()).cloned().unwrap_or_default()).collect()
}

fn own(module: &str) -> String {
    let feature = module.trim_end_matches('_').replace('_', "-");
    if matches!(feature.as_str(), "default" | "serde" | "testing") { format!("{feature}-operation") } else { feature }
}

fn thing(module: &str, length: usize) -> String {
    let words: Vec<_> = module.split('_').filter(|word| !word.is_empty()).collect();
    let words = if words.len() > 1 { words.get(1..).unwrap_or_default() } else { &words };
    let taken = words.get(..length.min(words.len())).unwrap_or_default().join("-");
    own(taken.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s')).unwrap_or(&taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_operations_have_a_feature_each() {
        assert_eq!(of_modules(&["create_backup".to_owned(), "serde".to_owned()]), ["create-backup", "serde-operation"]);
    }

    #[test]
    fn many_operations_share_the_features_of_what_they_work_on() {
        let modules: Vec<_> = (0..400).map(|n| format!("{}_thing{}", ["get", "list"][n % 2], n / 2)).collect();
        let features = of_modules(&modules);
        assert_eq!(features[0..3], ["thing0", "thing0", "thing1"]);
        assert!(features.iter().collect::<BTreeSet<_>>().len() <= LIMIT);
    }
}
