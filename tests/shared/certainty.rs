//! Whether certainties mean something: each fact that the scorer can judge, by how sure its rule was.

use docsdk_tests::certainty::{CERTAINTIES, Tally, doubtful_tenth, judge, of};
use docsdk_tests::scorer::score;

#[test]
#[cfg_attr(not(scorer), ignore = "the scorer, or a Python that reads YAML, is not there")]
fn certain_facts_are_right_and_doubtful_ones_hold_the_errors() {
    let kept = tempfile::tempdir().unwrap();
    score("", Some(kept.path())).unwrap();
    let judged = judge(kept.path()).unwrap();
    assert!(judged.len() > 100_000, "only {} facts were judged", judged.len());
    let unsourced: Vec<_> =
        judged.iter().filter(|fact| fact.rule.is_empty()).map(|fact| (&fact.page, &fact.path)).collect();
    assert!(unsourced.is_empty(), "{} values have no fact: {:?}", unsourced.len(), unsourced.first());
    let [doubtful, likely, certain] = CERTAINTIES.map(|certainty| Tally::of(of(&judged, certainty)));
    assert_eq!(doubtful.facts + likely.facts + certain.facts, Tally::of(&judged).facts);
    assert!(certain.right() >= 0.999, "{} of {} certain facts are wrong", certain.wrong, certain.facts);
    assert!(doubtful.right() < likely.right() && likely.right() < certain.right());
    // Few certain facts would be easy to get right.
    assert!(certain.facts > doubtful.facts + likely.facts, "only {} facts are certain", certain.facts);
    let held = doubtful_tenth(&judged);
    assert!(held > 0.5, "the least certain tenth of facts holds {:.1} % of the errors", 100.0 * held);
}
