//! A field's type → a schema.

use serde_json::Number;

use crate::openapi::node::{Entry, Node, Value};
use crate::spec::{Field, Required, Type};

/// The schema of a field; with its description where no parameter has it.
pub(super) fn schema(field: &Field, described: bool) -> Node {
    let mut entries = Vec::new();
    let mut put = |key: &str, node: Option<Node>| entries.extend(node.map(|node| Entry::new(key, node)));
    let word = match field.kind {
        Type::Any => None,
        Type::Map => Some("object"),
        kind => Some(kind.word()),
    };
    put("type", word.map(Node::from));
    put("format", field.format.as_deref().map(Node::from));
    put("description", field.description.as_deref().filter(|_| described).map(Node::from));
    put("deprecated", Some(true.into()).filter(|_| described && field.deprecated));
    put("enum", listed(field).map(Node::from));
    put("minimum", field.min.as_ref().and_then(number));
    put("maximum", field.max.as_ref().and_then(number));
    let count = |count: Option<u64>| count.map(|count| Node::from(serde_json::Value::from(count)));
    put("minLength", count(field.min_length));
    put("maxLength", count(field.max_length));
    put("pattern", field.pattern.as_deref().filter(|pattern| is_regex(pattern)).map(Node::from));
    put("minItems", count(field.min_items));
    put("maxItems", count(field.max_items));
    put("default", field.default.as_deref().and_then(|text| default(field, text)));
    let example = field.example.as_deref().and_then(|text| literal(field.kind, text));
    put("examples", example.map(|example| vec![example].into()));
    match field.kind {
        Type::Object if !field.fields.is_empty() => entries.extend(members(&field.fields)),
        Type::Array => entries.extend(field.items.as_deref().map(|items| Entry::new("items", schema(items, true)))),
        Type::Map => {
            let items = field.items.as_deref().map_or_else(|| Vec::<Entry>::new().into(), |items| schema(items, true));
            entries.push(Entry::new("additionalProperties", items));
        }
        _ => {}
    }
    entries.into()
}

/// `properties` and `required` of an object; a name that is there twice has the first's type.
pub(super) fn members<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Vec<Entry> {
    let mut properties: Vec<Entry> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut required: Vec<Node> = Vec::new();
    for field in fields {
        if !seen.insert(field.name.as_str()) {
            continue;
        }
        properties.push(Entry::new(field.name.clone(), schema(field, true)));
        if field.required == Some(Required::Yes) {
            required.push(field.name.as_str().into());
        }
    }
    let mut entries = vec![Entry::new("properties", properties)];
    if !required.is_empty() {
        entries.push(Entry::new("required", required));
    }
    entries
}

/// The listed values as the schema's type has them, where all of them can be.
fn listed(field: &Field) -> Option<Vec<Node>> {
    let scalar = matches!(field.kind, Type::String | Type::Integer | Type::Number | Type::Boolean);
    // A text that holds several values has none of them as its own.
    if !scalar || field.style.is_some() || field.values.is_empty() {
        return None;
    }
    field.values.iter().map(|value| literal(field.kind, &value.value)).collect()
}

/// A text as a value of a type, where it reads as just that text again.
fn literal(kind: Type, text: &str) -> Option<Node> {
    let node: Node = match kind {
        Type::String | Type::Any => text.into(),
        Type::Integer => serde_json::Value::from(text.parse::<i64>().ok()?).into(),
        Type::Number => match text.parse::<i64>() {
            Ok(whole) => serde_json::Value::from(whole).into(),
            Err(_) => serde_json::Value::from(Number::from_f64(text.parse().ok()?)?).into(),
        },
        Type::Boolean => text.parse::<bool>().ok()?.into(),
        Type::Object | Type::Array | Type::Map => return None,
    };
    (node.scalar()? == text).then_some(node)
}

/// The default, where it keeps to what the schema says of the type.
fn default(field: &Field, text: &str) -> Option<Node> {
    let node = literal(field.kind, text)?;
    let listed = field.values.is_empty() || field.values.iter().any(|value| value.value == text);
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let long = field.min_length.is_none_or(|min| length >= min) && field.max_length.is_none_or(|max| length <= max);
    let number = text.parse::<f64>().unwrap_or_default();
    let least = field.min.as_ref().and_then(serde_yaml::Number::as_f64).is_none_or(|min| number >= min);
    let most = field.max.as_ref().and_then(serde_yaml::Number::as_f64).is_none_or(|max| number <= max);
    let free = field.kind != Type::String || field.format.is_none() && field.pattern.is_none();
    (listed && long && least && most && free).then_some(node)
}

fn number(number: &serde_yaml::Number) -> Option<Node> {
    let whole = number.as_i64().map(serde_json::Value::from).or_else(|| number.as_u64().map(serde_json::Value::from));
    let number = whole.or_else(|| Number::from_f64(number.as_f64()?).map(serde_json::Value::from))?;
    Some(number.into())
}

fn is_regex(pattern: &str) -> bool {
    regex::Regex::new(pattern).is_ok() && !pattern.contains("(?")
}

/// What an operation's schemas are found by when extensions are added to them.
pub(super) fn below<'n>(node: &'n mut Node, field: &Field) -> Option<&'n mut Node> {
    match field.kind {
        Type::Array => node.get_mut("items"),
        Type::Map => node.get_mut("additionalProperties"),
        _ => None,
    }
}

/// The properties of a schema.
pub(super) fn properties(node: &mut Node) -> &mut [Entry] {
    match node.get_mut("properties").map(|node| &mut node.value) {
        Some(Value::Map(entries)) => entries,
        _ => &mut [],
    }
}
