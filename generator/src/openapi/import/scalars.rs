//! Numbers and texts of a document as a spec has them.

use crate::openapi::node::{Node, Value};
use crate::spec::Type;

/// A default or sample as text: scalars as they are, lists and maps as JSON, nothing of null.
pub(super) fn text(node: &Node) -> Option<String> {
    match &node.value {
        Value::Null => None,
        Value::List(_) | Value::Map(_) => Some(node.json().to_string()),
        _ => node.scalar(),
    }
}

/// A count, where it is one.
pub(super) fn count(node: &Node) -> Option<u64> {
    match &node.value {
        Value::Number(number, _) => number.as_u64(),
        _ => None,
    }
}

/// A number as specs keep it.
pub(super) fn number(node: &Node) -> Option<serde_yaml::Number> {
    let Value::Number(number, _) = &node.value else { return None };
    let whole = number.as_i64().map(serde_yaml::Number::from).or_else(|| number.as_u64().map(serde_yaml::Number::from));
    whole.or_else(|| number.as_f64().map(serde_yaml::Number::from))
}

/// The type of a schema that does not name it, by what else it says.
pub(super) fn implied(schema: &Node) -> Type {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
    let listed = schema.get("const").or_else(|| schema.get("enum").and_then(|list| list.items().first()));
    match listed.map(|value| &value.value) {
        Some(Value::Text(_)) => return Type::String,
        Some(Value::Bool(_)) => return Type::Boolean,
        Some(Value::Number(number, _)) if number.is_f64() => return Type::Number,
        Some(Value::Number(..)) => return Type::Integer,
        _ => {}
    }
    if has(&["properties", "additionalProperties"]) {
        Type::Object
    } else if has(&["items", "prefixItems"]) {
        Type::Array
    } else if has(&["pattern", "minLength", "maxLength"]) {
        Type::String
    } else {
        Type::Any
    }
}
