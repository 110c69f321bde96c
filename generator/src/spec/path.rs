//! Name paths: `request.DBInstanceId.required`, `responses.200.Items[].Name.type`, `errors.400.InvalidX.message`.
//!
//! A path names list entries by what tells them apart (a field's name, an answer's status, an error's status and code),
//! leaves out the key `fields`, and writes `[]` for an array's items and `{}` for a map's. Names may hold dots: of the
//! entries whose name the path goes on with, the longest counts.

use serde_json::{Map, Value};

use super::Operation;
use super::place::Step;

/// How far a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// The steps that are there.
    pub steps: Vec<Step>,
    /// What is left of the path; empty where it leads to something.
    pub rest: &'a str,
}

/// An operation as the tree that paths lead through, its keys in the order of the spec.
pub(crate) fn tree(operation: &Operation) -> Value {
    serde_json::to_value(operation).expect("an operation is plain data")
}

/// Follows a path as far as the tree goes.
pub fn resolve<'a>(root: &Value, path: &'a str) -> Resolved<'a> {
    let mut steps = Vec::new();
    let mut node = root;
    let mut rest = path;
    while !rest.is_empty() {
        let Some((taken, next, tail)) = step(node, rest) else { break };
        steps.extend(taken);
        node = next;
        rest = tail;
    }
    Resolved { steps, rest }
}

/// One step of a path: the steps into the tree, where they lead, and the rest of the path.
pub(super) fn step<'v, 'p>(node: &'v Value, path: &'p str) -> Option<(Vec<Step>, &'v Value, &'p str)> {
    match node {
        Value::Array(list) => {
            let (index, tail) = entry(list, path)?;
            Some((vec![Step::Index(index)], list.get(index)?, tail))
        }
        Value::Object(map) => {
            if let Some(tail) = path.strip_prefix("[]").or_else(|| path.strip_prefix("{}")) {
                return Some((vec![Step::Key("items".into())], map.get("items")?, trim_dot(tail)));
            }
            let field = map.get("fields").and_then(Value::as_array).and_then(|fields| {
                let (index, tail) = entry(fields, path)?;
                Some((vec![Step::Key("fields".into()), Step::Index(index)], fields.get(index)?, tail))
            });
            let (key, tail) = path.split_once('.').unwrap_or((path, ""));
            let own = map.get(key).map(|value| (vec![Step::Key(key.to_owned())], value, tail));
            match field {
                Some(field) if own.is_none() || !field.2.is_empty() => Some(field),
                _ => own,
            }
        }
        _ => None,
    }
}

/// The entry that a path begins with, and the rest of the path.
fn entry<'p>(list: &[Value], path: &'p str) -> Option<(usize, &'p str)> {
    let mut best: Option<(usize, usize)> = None;
    for (index, value) in list.iter().enumerate() {
        for name in names(value, index) {
            let Some(tail) = path.strip_prefix(name.as_str()) else { continue };
            let ends = tail.is_empty() || tail.starts_with(['.', '[', '{']);
            if ends && best.is_none_or(|(length, _)| name.len() > length) {
                best = Some((name.len(), index));
            }
        }
    }
    best.map(|(length, index)| (index, trim_dot(&path[length..])))
}

pub(super) fn trim_dot(path: &str) -> &str {
    path.strip_prefix('.').unwrap_or(path)
}

/// What a list entry may be called in a path, the usual name first.
pub fn names(entry: &Value, index: usize) -> Vec<String> {
    let text = |key: &str| match entry.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    if let Some(code) = text("code") {
        return match text("status") {
            Some(status) => vec![format!("{status}.{code}"), code],
            None => vec![code],
        };
    }
    let by = ["name", "status", "value", "parameter", "action"].iter().find_map(|key| text(key));
    let named = matches!(entry, Value::Object(map) if !map.contains_key("request") && !map.contains_key("response"));
    by.filter(|_| named).into_iter().chain([index.to_string()]).collect()
}

/// Every path that ends in a value, in the order of the tree.
pub fn leaves(root: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    walk(root, "", &mut paths);
    paths
}

fn walk(node: &Value, path: &str, paths: &mut Vec<String>) {
    match node {
        Value::Object(map) => walk_map(map, path, paths),
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for (index, value) in list.iter().enumerate() {
                let name = names(value, index).into_iter().next().unwrap_or_default();
                walk(value, &join(path, &name), paths);
            }
        }
        _ => paths.push(path.to_owned()),
    }
}

fn walk_map(map: &Map<String, Value>, path: &str, paths: &mut Vec<String>) {
    for (key, value) in map {
        match key.as_str() {
            "fields" => walk(value, path, paths),
            "items" => {
                let mark = if map.get("type").and_then(Value::as_str) == Some("map") { "{}" } else { "[]" };
                walk(value, &format!("{path}{mark}"), paths);
            }
            _ => walk(value, &join(path, key), paths),
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The path that steps are, as far as they lead.
pub(crate) fn of_steps(root: &Value, steps: &[Step]) -> String {
    let (mut node, mut path) = (root, String::new());
    for step in steps {
        let next = match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.get(index),
        };
        let Some(next) = next else { break };
        match step {
            Step::Key(key) if key == "fields" => {}
            Step::Key(key) if key == "items" => {
                path += if node.get("type").and_then(Value::as_str) == Some("map") { "{}" } else { "[]" };
            }
            Step::Key(key) => path = join(&path, key),
            Step::Index(index) => path = join(&path, names(next, *index).first().map_or("", String::as_str)),
        }
        node = next;
    }
    path
}

/// What is left of a path after another that it lies at or below.
pub(crate) fn below<'a>(path: &'a str, ancestor: &str) -> Option<&'a str> {
    path.strip_prefix(ancestor).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']))
}

/// The value that steps lead to.
pub fn get<'v>(root: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    steps.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.get(index),
    })
}

/// The value that steps lead to, to be changed.
pub fn get_mut<'v>(root: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps.iter().try_fold(root, |node, step| match step {
        Step::Key(key) => node.get_mut(key),
        Step::Index(index) => node.get_mut(index),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{get, leaves, of_steps, resolve};

    fn tree() -> serde_json::Value {
        json!({
            "operation": "A",
            "request": [
                { "name": "Tag", "type": "array", "items": { "type": "object", "fields": [
                    { "name": "type", "type": "string" }, { "name": "Key.Name", "type": "string", "required": true }
                ] } },
                { "name": "Tag.1", "type": "string" }
            ],
            "errors": [{ "status": 400, "code": "A.B", "message": "one" }, { "status": 400, "code": "A", "message": "two" }]
        })
    }

    #[track_caller]
    fn test(path: &str, expected: &serde_json::Value) {
        let tree = tree();
        let found = resolve(&tree, path);
        assert_eq!(found.rest, "", "{path}");
        assert_eq!(get(&tree, &found.steps).unwrap(), expected, "{path}");
    }

    #[test]
    fn names_with_dots_and_fields_named_like_keys() {
        test("operation", &json!("A"));
        test("request.Tag.type", &json!("array"));
        test("request.Tag.1.type", &json!("string"));
        test("request.Tag[].type", &json!("object"));
        test("request.Tag[].type.type", &json!("string"));
        test("request.Tag[].Key.Name.required", &json!(true));
        test("errors.400.A.B.message", &json!("one"));
        test("errors.A.message", &json!("two"));
    }

    #[test]
    fn says_what_is_left() {
        assert_eq!(resolve(&tree(), "request.Tag.1.required").rest, "required");
        assert_eq!(resolve(&tree(), "request.Tog.required").rest, "Tog.required");
    }

    #[test]
    fn every_leaf_resolves() {
        let tree = tree();
        for path in leaves(&tree) {
            assert_eq!(resolve(&tree, &path).rest, "", "{path}");
        }
    }

    #[test]
    fn steps_are_paths() {
        let tree = tree();
        for path in leaves(&tree).iter().filter(|path| !path.starts_with("errors")) {
            assert_eq!(of_steps(&tree, &resolve(&tree, path).steps), *path);
        }
    }
}
