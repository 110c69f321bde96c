//! The differ over the shared cases, where they are at hand: exactly the expected findings, verdicts and exit status.

use std::fs;

use docsdk::diff::{AllowFile, Files, Now, Policy, compare};
use serde_json::Value;

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn shared_cases_give_exactly_their_findings() {
    let folder = crate::shared("diff-cases");
    let mut count = 0;
    for case in fs::read_dir(folder).unwrap() {
        let case = case.unwrap().path();
        let Ok(expected) = fs::read_to_string(case.join("expected.json")) else { continue };
        let expected: Value = serde_json::from_str(&expected).unwrap();
        let (old, new) = (Files::read(&case.join("before")).unwrap(), Files::read(&case.join("after")).unwrap());
        let mut comparison = compare(&old, &new).unwrap();
        let now = Now { today: "2026-01-01", version: None };
        let verdict = Policy::default().judge(&mut comparison, &AllowFile::default(), now).unwrap();
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let mut wanted: Vec<[String; 7]> = expected["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| {
                ["rule", "service", "operation", "path", "wire", "rust", "facet"].map(|key| text(change, key))
            })
            .collect();
        let mut found: Vec<[String; 7]> = comparison
            .findings
            .iter()
            .map(|finding| {
                let (wire, rust) = (finding.wire.word(), finding.rust.word());
                let facet = finding.facet.unwrap_or_default();
                [finding.rule.id, &finding.service, &finding.operation, &finding.path, wire, rust, facet]
                    .map(str::to_owned)
            })
            .collect();
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "{}", case.display());
        assert_eq!(Value::from(verdict.exit), expected["exit"], "{}", case.display());
        count += 1;
    }
    assert!(count > 0, "the folder of cases holds none");
}
