//! The checked-in specs of the reference pages say what a person reads on those pages.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use docsdk::spec::{Field, Operation, Required, Type};
use serde_yaml::Value;

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    service: String,
    parameters: usize,
    errors: usize,
    history: Vec<String>,
    permissions: Vec<String>,
    request: BTreeMap<String, BTreeMap<String, Value>>,
    response: BTreeMap<String, Type>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn operations(service: &str) -> Vec<Operation> {
    let folder = root().join("specs").join(service).join("operations");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

/// A field's keys as YAML, with what a person would write for flags and values.
fn keys(field: &Field) -> BTreeMap<String, Value> {
    let mut keys: BTreeMap<String, Value> = serde_yaml::from_value(serde_yaml::to_value(field).unwrap()).unwrap();
    if field.required == Some(Required::Unknown) {
        keys.insert("required".into(), "unknown".into());
    }
    if !field.values.is_empty() {
        let values: Vec<Value> = field.values.iter().map(|listed| listed.value.as_str().into()).collect();
        keys.insert("values".into(), Value::Sequence(values));
    }
    keys
}

#[test]
fn specs_say_what_the_pages_say() {
    let labels = std::fs::read_to_string(root().join("tests/facts/reference-pages.yaml")).unwrap();
    let labels: BTreeMap<String, Labels> = serde_yaml::from_str(&labels).unwrap();
    let mut faults = Vec::new();
    let mut judged = 0;
    for (key, label) in &labels {
        let operations = operations(&label.service);
        let has_key = |o: &&Operation| o.operation == *key || format!("{} {}", o.http.method, o.http.path) == *key;
        let Some(operation) = operations.iter().find(has_key) else {
            faults.push(format!("{key}: no such operation"));
            continue;
        };
        let mut judge = |what: String, found: String, expected: String| {
            judged += 1;
            if found != expected {
                faults.push(format!("{key} {what}: found {found}, the page says {expected}"));
            }
        };
        judge("parameters".into(), operation.request.len().to_string(), label.parameters.to_string());
        judge("errors".into(), operation.errors.len().to_string(), label.errors.to_string());
        let dates: Vec<&String> = operation.history.iter().map(|entry| &entry.date).collect();
        judge("history".into(), format!("{dates:?}"), format!("{:?}", label.history));
        let actions: Vec<&String> = operation.permissions.iter().map(|permission| &permission.action).collect();
        judge("permissions".into(), format!("{actions:?}"), format!("{:?}", label.permissions));
        for (name, expected) in &label.request {
            let found = operation.request.iter().find(|field| field.name == *name).map(keys).unwrap_or_default();
            for (key, expected) in expected {
                if key == "absent" {
                    for absent in expected.as_sequence().unwrap() {
                        judge(
                            format!("{name} {absent:?}"),
                            format!("{:?}", found.get(absent.as_str().unwrap())),
                            "None".into(),
                        );
                    }
                } else {
                    judge(format!("{name}.{key}"), format!("{:?}", found.get(key)), format!("{:?}", Some(expected)));
                }
            }
        }
        let success = operation.responses.iter().find(|response| response.status == 200);
        let fields: BTreeMap<&str, Type> =
            success.iter().flat_map(|response| &response.fields).map(|f| (f.name.as_str(), f.kind)).collect();
        let expected: BTreeMap<&str, Type> = label.response.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
        judge("response".into(), format!("{fields:?}"), format!("{expected:?}"));
    }
    assert!(judged > 100, "only {judged} facts were judged");
    assert!(faults.is_empty(), "{} of {judged} facts are wrong:\n{}", faults.len(), faults.join("\n"));
}
