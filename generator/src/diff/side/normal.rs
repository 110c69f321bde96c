//! Brings a spec's YAML to the keys and types of the model, keeping apart what the format does not know.
//!
//! The differ must read specs of other versions of docsdk, and with keys that people added: what the model
//! has no place for is compared as text.

use std::collections::BTreeMap;

use serde_yaml::{Mapping, Value};

/// Keys that the format does not know: their path, and the value as JSON text.
pub(super) type Extensions = BTreeMap<String, String>;

/// What stands under a key.
#[derive(Clone, Copy)]
enum Holds {
    /// One word or text; numbers and booleans become their text.
    Text,
    /// Words.
    Texts,
    /// A number.
    Number,
    /// Anything that serde reads by itself.
    Plain,
    /// A node, or a list of nodes.
    Node(&'static Node),
    Nodes(&'static Node),
}

/// A kind of mapping: its keys, and the key that a bare scalar stands for.
pub(super) struct Node {
    keys: &'static [(&'static str, Holds)],
    bare: Option<&'static str>,
    /// The key that names a member of a list, and what joins it to the path.
    named: Option<(&'static str, &'static str)>,
}

use Holds::{Nodes, Number, Plain, Text, Texts};

/// A whole operation.
pub(super) static OPERATION: Node = Node {
    keys: &[
        ("operation", Text),
        ("rust_name", Text),
        ("summary", Text),
        ("description", Text),
        ("deprecated", Plain),
        ("http", Holds::Node(&HTTP)),
        ("anonymous", Plain),
        ("request", Nodes(&FIELD)),
        ("responses", Nodes(&RESPONSE)),
        ("errors", Nodes(&ERROR)),
        ("permissions", Nodes(&PERMISSION)),
        ("examples", Nodes(&EXAMPLE)),
        ("history", Nodes(&HISTORY)),
        ("pagination", Holds::Node(&PAGINATION)),
        ("waiters", Nodes(&WAITER)),
    ],
    bare: None,
    named: None,
};
/// A service's head.
pub(super) static SERVICE: Node = Node {
    keys: &[
        ("service", Text),
        ("title", Text),
        ("provider", Text),
        ("api_version", Text),
        ("protocol", Text),
        ("endpoints", Holds::Node(&ENDPOINTS)),
        ("errors", Nodes(&ERROR)),
    ],
    bare: None,
    named: None,
};
static ENDPOINTS: Node =
    Node { keys: &[("default", Text), ("regional", Text), ("regions", Plain)], bare: Some("default"), named: None };
static HTTP: Node = Node { keys: &[("method", Text), ("path", Text)], bare: None, named: None };
static FIELD: Node = Node {
    keys: &[
        ("name", Text),
        ("rust_name", Text),
        ("in", Text),
        ("type", Text),
        ("format", Text),
        ("rust_type", Text),
        ("required", Plain),
        ("description", Text),
        ("example", Text),
        ("default", Text),
        ("values", Nodes(&VALUE)),
        ("min", Number),
        ("max", Number),
        ("min_length", Number),
        ("max_length", Number),
        ("pattern", Text),
        ("min_items", Number),
        ("max_items", Number),
        ("required_when", Nodes(&CONDITION)),
        ("declared_type", Text),
        ("style", Text),
        ("deprecated", Plain),
        ("items", Holds::Node(&FIELD)),
        ("fields", Nodes(&FIELD)),
        ("json", Holds::Node(&FIELD)),
    ],
    bare: None,
    named: Some(("name", ".")),
};
static VALUE: Node = Node {
    keys: &[("value", Text), ("rust_name", Text), ("description", Text), ("deprecated", Plain)],
    bare: Some("value"),
    named: Some(("value", "=")),
};
static CONDITION: Node = Node {
    keys: &[("parameter", Text), ("equals", Texts), ("not_equals", Texts), ("present", Plain)],
    bare: None,
    named: Some(("parameter", ".required_when.")),
};
static RESPONSE: Node = Node {
    keys: &[("status", Number), ("description", Text), ("fields", Nodes(&FIELD))],
    bare: None,
    named: Some(("status", ".")),
};
static ERROR: Node = Node {
    keys: &[("status", Number), ("code", Text), ("rust_name", Text), ("message", Text), ("description", Text)],
    bare: Some("code"),
    named: Some(("code", ".")),
};
static PERMISSION: Node = Node {
    keys: &[
        ("action", Text),
        ("access", Text),
        ("resources", Texts),
        ("conditions", Texts),
        ("dependent_actions", Texts),
    ],
    bare: Some("action"),
    named: Some(("action", ".")),
};
static EXAMPLE: Node = Node {
    keys: &[("title", Text), ("status", Number), ("request", Text), ("response", Text), ("format", Text)],
    bare: Some("request"),
    named: None,
};
static PAGINATION: Node = Node {
    keys: &[
        ("style", Text),
        ("position", Text),
        ("first", Number),
        ("size", Text),
        ("sends_size", Plain),
        ("items", Text),
        ("next", Text),
        ("total", Text),
        ("more", Text),
    ],
    bare: None,
    named: None,
};
static WAITER: Node = Node {
    keys: &[("name", Text), ("status", Text), ("until", Texts), ("failed", Texts)],
    bare: None,
    named: Some(("name", ".")),
};
static HISTORY: Node = Node { keys: &[("date", Text), ("summary", Text)], bare: None, named: None };

/// Normalises a node in place; unknown keys move to `extensions` under their path.
pub(super) fn normalise(value: &mut Value, node: &Node, path: &str, extensions: &mut Extensions) {
    if let (Some(bare), Value::String(_) | Value::Number(_) | Value::Bool(_)) = (node.bare, &*value) {
        let scalar = std::mem::take(value);
        *value = Value::Mapping(Mapping::from_iter([(Value::from(bare), scalar)]));
    }
    let Value::Mapping(mapping) = value else { return };
    let items = if mapping.get("type").and_then(Value::as_str) == Some("map") { "{}" } else { "[]" };
    let keys: Vec<Value> = mapping.keys().cloned().collect();
    for key in keys {
        let name = scalar_text(&key).unwrap_or_default();
        let Some((_, holds)) = node.keys.iter().find(|(known, _)| *known == name) else {
            if let Some(value) = mapping.remove(&key) {
                let text = serde_json::to_string(&value).unwrap_or_else(|_| "…".to_owned());
                extensions.insert(join(path, &name), text);
            }
            continue;
        };
        if mapping.get(&key).is_some_and(Value::is_null) {
            mapping.remove(&key);
            continue;
        }
        let Some(value) = mapping.get_mut(&key) else { continue };
        match *holds {
            Plain => {}
            Text => *value = scalar_text(value).map_or_else(|| std::mem::take(value), Value::String),
            Texts => {
                if !value.is_sequence() {
                    *value = Value::Sequence(vec![std::mem::take(value)]);
                }
                for item in value.as_sequence_mut().into_iter().flatten() {
                    *item = scalar_text(item).map_or_else(|| std::mem::take(item), Value::String);
                }
            }
            Number => {
                let number = value.as_str().and_then(|text| serde_yaml::from_str::<serde_yaml::Number>(text).ok());
                if let Some(number) = number {
                    *value = Value::Number(number);
                }
            }
            Holds::Node(inner) if name == "items" => normalise(value, inner, &format!("{path}{items}"), extensions),
            Holds::Node(inner) => normalise(value, inner, &join(path, &name), extensions),
            Nodes(inner) => normalise_list(value, inner, &list_path(path, &name), extensions),
        }
    }
}

fn normalise_list(value: &mut Value, node: &Node, path: &str, extensions: &mut Extensions) {
    for (index, item) in value.as_sequence_mut().into_iter().flatten().enumerate() {
        let name = match (node.named, &*item) {
            (Some((key, _)), Value::Mapping(mapping)) => mapping.get(key).and_then(scalar_text),
            _ => None,
        };
        let below = match (node.named, name) {
            (Some((_, joint)), Some(name)) => format!("{path}{joint}{name}"),
            _ => format!("{path}.{index}"),
        };
        normalise(item, node, &below, extensions);
    }
}

/// `fields`, `values` and `required_when` are not named in paths; `responses` is `response`.
fn list_path(path: &str, name: &str) -> String {
    match name {
        "fields" | "values" | "required_when" => path.to_owned(),
        "responses" => join(path, "response"),
        name => join(path, name),
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The text of a scalar; `None` of anything else.
pub(super) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}
