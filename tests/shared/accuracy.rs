//! What extraction scores on the corpora, by the scorer that comes with them.

use std::collections::BTreeMap;

use docsdk_tests::scorer::{kept, score, shares};
use serde_json::{Map, Value};

#[test]
#[cfg_attr(not(scorer), ignore = "the scorer, or a Python that reads YAML, is not there")]
fn the_reference_pages_are_read_exactly() {
    let scores = score("^seeds", None).unwrap();
    let seeds = &scores.sets["seeds text"];
    assert_eq!(seeds["operations"]["found"], 5);
    let shares = shares(seeds);
    assert!(shares.len() >= 16, "{shares:?}");
    for (name, share) in shares {
        assert!((share - 1.0).abs() < 1e-9, "{name}: {share}");
    }
}

#[test]
#[cfg_attr(not(scorer), ignore = "the scorer, or a Python that reads YAML, is not there")]
fn no_figure_has_fallen() {
    let committed: Map<String, Value> =
        serde_json::from_str(&std::fs::read_to_string(kept("accuracy.json")).unwrap()).unwrap();
    let scores = score("", None).unwrap();
    let mut fallen = Vec::new();
    for (set, before) in &committed {
        let now = &scores.sets[set];
        let found = |set: &Value| set["operations"]["found"].as_u64().unwrap_or(0);
        if found(now) < found(before) {
            fallen.push(format!("{set}: {} operations, not {}", found(now), found(before)));
        }
        let now: BTreeMap<String, f64> = shares(now);
        for (name, before) in shares(before) {
            let now = now.get(&name).copied().unwrap_or(0.0);
            if now < before - 0.0001 {
                fallen.push(format!("{set}: {name} is {now:.4}, not {before:.4}"));
            }
        }
    }
    assert!(fallen.is_empty(), "docs/accuracy.json has better figures:\n{}", fallen.join("\n"));
}
