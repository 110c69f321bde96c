//! Each rule by itself, from `cases.yaml`.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_yaml::{Mapping, Value};

use super::compare;
use crate::diff::{Files, OWN_RULES, RULES, Rule};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    rule: String,
    #[serde(default)]
    also: Vec<String>,
    files: Option<[Mapping; 2]>,
    service: Option<[Value; 2]>,
    operation: Option<[Value; 2]>,
    request: Option<[Value; 2]>,
    response: Option<[Value; 2]>,
}

impl Case {
    /// The old side (0) or the new one (1).
    fn side(&self, index: usize) -> Files {
        let mut files = Files { label: index.to_string(), ..Files::default() };
        let mut add = |path: &str, base: &str, keys: &Value| {
            let mut value: Value = serde_yaml::from_str(base).unwrap();
            for (key, held) in keys.as_mapping().unwrap() {
                value.as_mapping_mut().unwrap().insert(key.clone(), held.clone());
            }
            files.contents.insert(path.to_owned(), serde_yaml::to_string(&value).unwrap().into_bytes());
        };
        let (head, operation) = ("service: s\nprotocol: rest-json\n", "operation: Op\nhttp: {method: GET, path: /}\n");
        if let Some(sides) = &self.files {
            sides[index].iter().for_each(|(path, keys)| add(path.as_str().unwrap(), "{}", keys));
            return files;
        }
        let none = Value::Mapping(Mapping::new());
        add("s/service.yaml", head, self.service.as_ref().map_or(&none, |sides| &sides[index]));
        let mut keys = self.operation.as_ref().map_or(none, |sides| sides[index].clone());
        if let Some(sides) = &self.request {
            keys["request"] = sides[index].clone();
        }
        if let Some(sides) = &self.response {
            keys["responses"] = serde_yaml::from_str("[{status: 200}]").unwrap();
            keys["responses"][0]["fields"] = sides[index].clone();
        }
        add("s/operations/Op.yaml", operation, &keys);
        files
    }
}

fn cases() -> Vec<Case> {
    serde_yaml::from_str(include_str!("cases.yaml")).unwrap()
}

#[test]
fn each_case_gives_exactly_its_findings() {
    let mut wrong = Vec::new();
    for (index, case) in cases().iter().enumerate() {
        let found = compare(&case.side(0), &case.side(1)).unwrap();
        let mut ids: Vec<&str> = found.findings.iter().map(|finding| finding.rule.id).collect();
        ids.sort_unstable();
        let mut expected: Vec<&str> = case.also.iter().map(String::as_str).chain([&*case.rule]).collect();
        expected.sort_unstable();
        if ids != expected {
            let texts: Vec<String> = found.findings.iter().map(crate::diff::Finding::text).collect();
            wrong.push(format!("case {index}: expected {expected:?}, found {ids:?}: {texts:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    let cased: BTreeSet<String> = cases().into_iter().map(|case| case.rule).collect();
    // What only the crate shows, the tests of releases show.
    let rules = Rule::all().filter(|rule| !rule.id.starts_with("public-item-"));
    let missing: Vec<&str> = rules.map(|rule| rule.id).filter(|id| !cased.contains(*id)).collect();
    assert!(missing.is_empty(), "rules without a case in cases.yaml: {missing:?}");
}

#[test]
fn a_side_against_itself_gives_nothing() {
    for case in cases() {
        for index in [0, 1] {
            let side = case.side(index);
            assert!(compare(&side, &side).unwrap().findings.is_empty(), "{}", case.rule);
        }
    }
}

#[test]
fn ids_are_unique_and_words_are_whole() {
    let ids: BTreeSet<&str> = Rule::all().map(|rule| rule.id).collect();
    assert_eq!((ids.len(), RULES.len()), (134 + OWN_RULES.len(), 134));
    for rule in Rule::all() {
        assert!(!rule.noun.is_empty() && !rule.effect.is_empty() && !rule.advice.is_empty(), "{}", rule.id);
    }
}
