//! The extensions `x-docsdk-…`: keys of the spec format that OpenAPI has no place for, under their own names.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::node::{Entry, Node};

/// What every extension of docsdk begins with.
pub(super) const PREFIX: &str = "x-docsdk-";

/// Marks what the form or the protocol asks for and the spec does not have: an import passes over it.
pub(super) const ADDED: &str = "x-docsdk-added";
/// How a parameter goes on the wire where OpenAPI has no word for it.
pub(super) const WIRE_STYLE: &str = "x-docsdk-wire-style";
/// The region whose endpoint a server is.
pub(super) const REGION: &str = "x-docsdk-region";
/// The positions of an operation's parameters, those of the body after the others.
pub(super) const ORDER: &str = "x-docsdk-order";
/// Where an operation's facts came from.
pub(super) const SOURCES: &str = "x-docsdk-sources";
/// The pages that facts came from.
pub(super) const PAGES: &str = "x-docsdk-pages";
/// Operations of methods that OpenAPI does not know, by method.
pub(super) const METHODS: &str = "x-docsdk-methods";

/// Those that stand for no key of the spec format.
const OWN: &[&str] = &[ADDED, WIRE_STYLE, REGION, ORDER, SOURCES, PAGES, METHODS];

/// The extension of a key.
pub(super) fn name(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('_', "-"))
}

/// The keys of the spec format that a node's extensions set; null takes a key away.
pub(super) fn settings(node: &Node) -> Vec<(String, Value)> {
    let ours = node.entries().iter().filter(|entry| !OWN.contains(&entry.key.as_str()));
    let ours = ours.filter_map(|entry| Some((entry.key.strip_prefix(PREFIX)?.replace('-', "_"), entry.node.json())));
    ours.collect()
}

/// A part of a spec with some of its keys set.
///
/// # Errors
/// What is wrong with them.
pub(super) fn set<T: Serialize + DeserializeOwned>(part: &T, settings: Vec<(String, Value)>) -> Result<T, String> {
    let mut map = keys(part);
    for (key, value) in settings {
        if value.is_null() {
            map.shift_remove(&key);
        } else {
            map.insert(key, value);
        }
    }
    serde_json::from_value(Value::Object(map)).map_err(|error| error.to_string())
}

/// The extensions that make a part of a spec of what an import makes of the document.
pub(super) fn amendments<T: Serialize>(want: &T, got: &T, but: &[&str]) -> Vec<Entry> {
    let (want, got) = (keys(want), keys(got));
    let mut entries = Vec::new();
    for (key, value) in &want {
        if !but.contains(&key.as_str()) && got.get(key) != Some(value) {
            entries.push(Entry::new(name(key), value.clone()));
        }
    }
    for key in got.keys().filter(|key| !but.contains(&key.as_str()) && !want.contains_key(*key)) {
        entries.push(Entry::new(name(key), Value::Null));
    }
    entries
}

/// The keys of a part of a spec; those that its people added are none.
fn keys<T: Serialize>(part: &T) -> Map<String, Value> {
    match serde_json::to_value(part) {
        Ok(Value::Object(mut map)) => {
            map.retain(|key, _| !key.starts_with("x-"));
            map
        }
        _ => Map::new(),
    }
}
