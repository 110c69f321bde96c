//! That a change of any key of a spec is seen: the JSON Schemas of specs say which keys there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::compare;
use crate::diff::Files;

/// Keys whose change alone is nothing to tell, and why.
const SILENT: [(&str, &str); 3] = [
    ("Field.in", "a parameter that says nothing travels in the query, and answers travel one way"),
    ("Field.style", "answers have no style"),
    ("Field.rust_type", "what has no type of its own has no name of one"),
];

/// A spec that has every key at least once.
const OPERATION: &str = r#"
operation: GetDisks
rust_name: Disks
summary: Finds disks.
description: All of them.
deprecated: true
http: { method: GET, path: /disks }
anonymous: true
request:
- name: Kind
  rust_name: sort
  in: query
  type: string
  format: password
  rust_type: Sort
  required: unknown
  description: Which kind.
  example: ssd
  default: hdd
  values:
  - { value: ssd, rust_name: Solid, description: Fast., deprecated: true }
  - { value: hdd }
  min_length: 1
  max_length: 9
  pattern: "[a-z]+"
  required_when:
  - { parameter: Zone, equals: [a, b], not_equals: [c, d], present: true }
  declared_type: String
  deprecated: true
- { name: Count, in: query, type: integer, min: 1, max: 9 }
- name: Ids
  in: query
  type: array
  style: json
  min_items: 1
  max_items: 9
  items: { type: object, fields: [{ name: Id, type: string }, { name: Other, type: string }] }
- name: Filter
  in: query
  type: string
  json: { type: object, fields: [{ name: Key, type: string }, { name: Value, type: string }] }
responses:
- status: 200
  description: Found.
  fields:
  - name: Disks
    type: array
    items: { type: object, fields: [{ name: Id, type: string }, { name: State, type: string }] }
  - { name: Size, in: body, type: string, style: json, rust_type: Text }
errors:
- { status: 400, code: Bad, rust_name: Wrong, message: Mend it., description: What was sent is wrong. }
- { code: Odd }
permissions:
- { action: "disk:Get", access: read, resources: ["*"], conditions: ["disk:Zone"], dependent_actions: ["zone:Get"] }
examples:
- { title: One, status: 200, request: GET /disks, response: "{}", format: json }
history:
- { date: "2026-01-01", summary: The first. }
pagination: { style: page, position: Page, first: 1, size: Count, sends_size: true, items: Disks, next: Next, total: Total, more: More }
waiters:
- { name: ready, status: "Disks[].State", until: [Ready], failed: [Broken] }
x-owner: me
"#;
const SERVICE: &str = r#"
service: disk
title: Disk
provider: aliyun
api_version: "1"
protocol: rest-json
endpoints: { default: "https://a", regional: "https://{region}", regions: { a: "https://b" } }
errors:
- { status: 400, code: Bad, rust_name: Wrong, message: Mend it., description: What was sent is wrong. }
x-owner: me
"#;

/// A spec with one key changed, and which: `Field.type` and where it stands.
struct Mutant {
    key: String,
    place: String,
    spec: Value,
}

struct Mutator<'s> {
    schema: &'s Value,
    whole: &'s Value,
    mutants: Vec<Mutant>,
    seen: BTreeSet<String>,
}

impl Mutator<'_> {
    /// Changes each key of the node at a place, which the schema describes.
    fn node(&mut self, name: &str, schema: &Value, pointer: &str) {
        let node = self.whole.pointer(pointer).and_then(Value::as_object).unwrap().clone();
        for (key, about) in schema["properties"].as_object().unwrap() {
            let id = format!("{name}.{key}");
            let (inner, is_list) = self.refers(about);
            let Some(value) = node.get(key) else { continue };
            self.seen.insert(id.clone());
            let at = format!("{pointer}/{key}");
            for other in others(value, inner.as_ref().map_or(about, |(_, schema)| schema)) {
                let mut spec = self.whole.clone();
                *spec.pointer_mut(&at).unwrap() = other;
                self.mutants.push(Mutant { key: id.clone(), place: at.clone(), spec });
            }
            let required = schema["required"].as_array().is_some_and(|keys| keys.contains(&json!(key)));
            if !required {
                let mut spec = self.whole.clone();
                spec.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap().remove(key);
                self.mutants.push(Mutant { key: id.clone(), place: at.clone(), spec });
            }
            let Some((name, inner)) = inner.filter(|(_, schema)| schema["properties"].is_object()) else { continue };
            let places = if is_list { value.as_array().map_or(0, Vec::len) } else { 1 };
            for index in 0..places {
                let place = if is_list { format!("{at}/{index}") } else { at.clone() };
                self.node(&name, &inner, &place);
            }
        }
    }

    /// The definition that a key's value follows, and whether it is a list of such.
    fn refers(&self, about: &Value) -> (Option<(String, Value)>, bool) {
        let is_list = about["items"].is_object();
        let about = if is_list { &about["items"] } else { about };
        let options = ["allOf", "anyOf"].iter().filter_map(|key| about[*key].as_array()).flatten();
        let reference = options.chain([about]).find_map(|option| option["$ref"].as_str());
        let name = reference.and_then(|reference| reference.rsplit('/').next());
        (name.map(|name| (name.to_owned(), self.schema["definitions"][name].clone())), is_list)
    }
}

/// Other values of the same kind.
fn others(value: &Value, schema: &Value) -> Vec<Value> {
    let mut words: Vec<Value> = schema["enum"].as_array().cloned().unwrap_or_default();
    let options = schema["oneOf"].as_array().into_iter().flatten();
    for option in options {
        words.extend(option["enum"].as_array().cloned().unwrap_or_default());
        words.extend(option.get("const").cloned());
    }
    if !words.is_empty() {
        words.retain(|word| word != value);
        return words;
    }
    match value {
        Value::Bool(yes) => vec![json!(!yes)],
        Value::Number(number) => vec![json!(number.as_i64().unwrap() + 1)],
        Value::String(text) => vec![json!(format!("{text}Zebra"))],
        Value::Array(items) => vec![json!(items[..items.len() - 1])],
        Value::Object(map) if schema["additionalProperties"].is_object() => {
            let other: Map<String, Value> = map.keys().map(|key| (key.clone(), json!("https://zebra"))).collect();
            vec![other.into()]
        }
        _ => Vec::new(),
    }
}

fn side(service: &Value, operation: &Value) -> Files {
    let files = [("disk/service.yaml", service), ("disk/operations/GetDisks.yaml", operation)];
    let text = |value: &Value| serde_yaml::to_string(value).unwrap().into_bytes();
    Files { contents: files.map(|(path, value)| (path.to_owned(), text(value))).into(), ..Files::default() }
}

#[test]
fn a_change_of_any_key_is_seen() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema");
    let (service, operation): (Value, Value) =
        (serde_yaml::from_str(SERVICE).unwrap(), serde_yaml::from_str(OPERATION).unwrap());
    let silent: BTreeSet<&str> = SILENT.iter().map(|(key, _)| *key).collect();
    let (mut unseen, mut loud, mut quiet) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (name, whole) in [("Operation", &operation), ("Service", &service)] {
        let schema = fs::read_to_string(folder.join(format!("{}.schema.json", name.to_lowercase()))).unwrap();
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let mut mutator = Mutator { schema: &schema, whole, mutants: Vec::new(), seen: BTreeSet::new() };
        mutator.node(name, &schema, "");
        let defined = schema["definitions"].as_object().unwrap().iter();
        let objects = defined.filter(|(_, schema)| schema["properties"].is_object());
        let all = objects.map(|(name, schema)| (name.as_str(), schema)).chain([(name, &schema)]);
        for (name, schema) in all {
            for key in schema["properties"].as_object().unwrap().keys() {
                let id = format!("{name}.{key}");
                assert!(mutator.seen.contains(&id), "the test's spec has no `{id}`: put one into it");
            }
        }
        let before = side(&service, &operation);
        for Mutant { key, place, spec } in mutator.mutants {
            let after = if name == "Service" { side(&spec, &operation) } else { side(&service, &spec) };
            // A spec that cannot be read so is an error, which is seen too.
            let Ok(found) = compare(&before, &after) else { continue };
            let told = found.findings.iter().any(|finding| finding.rule.id != "extension-changed");
            if told {
                loud.insert(key);
            } else if silent.contains(key.as_str()) {
                quiet.insert(key);
            } else {
                unseen.push(format!("{key} at {place}: {}", spec.pointer(&place).unwrap_or(&Value::Null)));
            }
        }
    }
    assert!(unseen.is_empty(), "changes that nothing tells:\n{}", unseen.join("\n"));
    for key in silent {
        assert!(loud.contains(key), "no change of `{key}` is told at all");
        assert!(quiet.contains(key), "each change of `{key}` is told: it needs no exception");
    }
}
