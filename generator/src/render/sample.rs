//! The shape of JSON that travels as text, as the page's sample shows it.

use serde_json::{Map, Value};

use crate::spec::{Field, Type};

/// The deepest nesting that is typed; beyond it is any JSON.
const DEEPEST: usize = 8;

/// An object, and whether there is one of it.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) object: Field,
    pub(super) holder: Holder,
    /// Whether the page's sample shows it; else the spec says so.
    pub(super) from_sample: bool,
}

/// What holds an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// Nothing: it is the whole text.
    One,
    /// A list.
    List,
    /// A map, whose keys are the caller's.
    Map,
}

/// The shape of a parameter of JSON text: as its spec says, else as its sample shows. A list of objects has one; an object only where the page tells of its members,
/// as others are maps whose keys are the caller's.
pub(super) fn shape(field: &Field) -> Option<Shape> {
    if let Some(said) = field.json.as_deref() {
        return said_shape(said);
    }
    if field.kind != Type::String || field.format.as_deref() != Some("json") {
        return None;
    }
    match serde_json::from_str(field.example.as_deref()?).ok()? {
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.into_iter().map(object).collect();
            let fields = members(&items.filter(|items| !items.is_empty())?, 1)?;
            let object = Field { kind: Type::Object, fields, ..Field::default() };
            Some(Shape { object, holder: Holder::List, from_sample: true })
        }
        Value::Object(map) => {
            let told = field.description.as_deref().unwrap_or_default();
            let named = |key: &String| told.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == key);
            let fields = members(&[map], 1).filter(|fields| fields.iter().all(|field| named(&field.name)))?;
            let object = Field { kind: Type::Object, fields, ..Field::default() };
            Some(Shape { object, holder: Holder::One, from_sample: true })
        }
        _ => None,
    }
}

/// The shape that a spec gives; what holds no objects has no type of its own.
fn said_shape(said: &Field) -> Option<Shape> {
    let holder = match said.kind {
        Type::Array => Holder::List,
        Type::Map => Holder::Map,
        _ => Holder::One,
    };
    let object = if holder == Holder::One { said } else { said.items.as_deref()? };
    let has_type = object.kind == Type::Object && !object.fields.is_empty();
    has_type.then(|| Shape { object: object.clone(), holder, from_sample: false })
}

fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

/// The members of objects of one kind, in the order of the sample. Names that are none of a program are a sign that they
/// are the caller's.
fn members(objects: &[Map<String, Value>], depth: usize) -> Option<Vec<Field>> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
    };
    let mut names: Vec<&String> = Vec::new();
    for name in objects.iter().flat_map(Map::keys) {
        if !is_name(name) {
            return None;
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return None;
    }
    let member = |name: &String| {
        let values: Vec<&Value> = objects.iter().filter_map(|object| object.get(name)).collect();
        let example = values.first().and_then(|value| match value {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
        Field { name: name.clone(), example, ..kind(&values, depth) }
    };
    Some(names.into_iter().map(member).collect())
}

/// What holds all values that a sample shows in one place.
fn kind(values: &[&Value], depth: usize) -> Field {
    let all = |fits: fn(&Value) -> bool| !values.is_empty() && values.iter().all(|value| fits(value));
    let of = |kind| Field { kind, ..Field::default() };
    if all(Value::is_string) {
        return of(Type::String);
    }
    if all(Value::is_i64) {
        return of(Type::Integer);
    }
    if all(Value::is_number) {
        return of(Type::Number);
    }
    if all(Value::is_boolean) {
        return of(Type::Boolean);
    }
    if depth < DEEPEST && all(Value::is_object) {
        let objects: Vec<_> = values.iter().filter_map(|value| value.as_object().cloned()).collect();
        if let Some(fields) = members(&objects, depth + 1) {
            return Field { kind: Type::Object, fields, ..Field::default() };
        }
    }
    if depth < DEEPEST && all(Value::is_array) {
        let inner: Vec<&Value> = values.iter().filter_map(|value| value.as_array()).flatten().collect();
        return Field { kind: Type::Array, items: Some(Box::new(kind(&inner, depth + 1))), ..Field::default() };
    }
    of(Type::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(field: &Field) -> String {
        match (field.kind, &field.items) {
            (Type::Object, _) if !field.fields.is_empty() => {
                let members = field.fields.iter().map(|field| format!("{}: {}", field.name, shown(field)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
            (Type::Array, Some(items)) => format!("[{}]", shown(items)),
            (kind, _) => format!("{kind:?}"),
        }
    }

    #[track_caller]
    fn test(example: &str, description: &str, expected: &str) {
        let field = Field {
            name: "TableMeta".to_owned(),
            kind: Type::String,
            format: Some("json".to_owned()),
            example: Some(example.to_owned()),
            description: Some(description.to_owned()),
            ..Field::default()
        };
        let found = shape(&field).map(|shape| {
            let object = shown(&shape.object);
            if shape.holder == Holder::List { format!("[{object}]") } else { object }
        });
        assert_eq!(found.unwrap_or_default(), expected);
    }

    #[test]
    fn lists_of_objects_have_the_shape_of_all_their_objects() {
        test(
            r#"[{"type":"db","tables":[{"name":"a","newname":"b"}]},{"type":"db","size":1}]"#,
            "",
            "[{type: String, tables: [{name: String, newname: String}], size: Integer}]",
        );
        test(r#"[{"a":1,"b":[]},{"a":"x"}]"#, "", "[{a: Any, b: [Any]}]");
        test(r#"[{"a":1.5,"b":true,"c":null}]"#, "", "[{a: Number, b: Boolean, c: Any}]");
    }

    #[test]
    fn objects_have_one_where_the_page_tells_of_their_members() {
        let sample = r#"{"Database":"a","Tables":["x"]}"#;
        test(sample, "An object with Database and Tables.", "{Database: String, Tables: [String]}");
        test(sample, "The parameters of the command.", "");
    }

    #[test]
    fn what_is_no_object_or_not_whole_has_none() {
        for sample in [r#"["i-1"]"#, r#"[{"a":1}, … ]"#, "[]", "[{}]", "7", r#"[{"my key": 1}]"#, r#"[{"a":1},2]"#] {
            test(sample, "", "");
        }
    }
}
