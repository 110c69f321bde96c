//! `overlay.yaml`: what people know better than the pages.
//!
//! ```yaml
//! overlay:
//!   - set: CreateBackup.request.DBInstanceId.required
//!     to: true
//!     reason: the vendor's SDKs always send it
//! ```
//!
//! An entry does one thing to one place, addressed by a name path that begins with the operation's name, and says why.
//! An entry that finds no place, or changes nothing, is an error: the pages moved on, and the overlay has to.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::path;
use super::place::{self, Step};
use super::{Operation, yaml};
use crate::diagnostic::{Diagnostic, Severity};
use crate::page::Span;
use crate::suggest;

/// The rule under which an overlay's facts stand in `sources.lock`.
pub const RULE: &str = "overlay";

/// A whole `overlay.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// The entries, applied in order.
    #[serde(default)]
    pub overlay: Vec<Entry>,
    /// What became of renamed members; these outrank the differ's scores and change no spec.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<Rename>,
}

/// A rename that a person settled; `to: none` says that the member is really gone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// The operation (its new name) that the paths are in; none for a rename of an operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The old path, `request.SnapshotId`, or the old name of an operation.
    pub from: String,
    /// The new path or name, or `none`.
    pub to: String,
}

impl Rename {
    /// Where the member is now; `None` where it is gone.
    pub fn target(&self) -> Option<&str> {
        (self.to != "none").then_some(self.to.as_str())
    }
}

/// One correction: exactly one of `set`, `add`, `remove`, `rename` and `confirm`, and the reason.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The value to set: `CreateBackup.request.DBInstanceId.required`, or `CreateBackup.deprecated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// The list to add to: `CreateBackup.request`, `CreateBackup.request.Method.values`, `CreateBackup.errors`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<String>,
    /// What to take out: a parameter, a field, a value, an error, a key, or a whole operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove: Option<String>,
    /// What to call otherwise: an operation, a parameter, a field, a listed value, an error code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// What was read right: of a doubtful fact, or one that another source contradicts. Changes no spec; the fact counts as
    /// certain from here on, and the entry is an error once the pages say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// With `set` the new value, with `rename` the new name, with `confirm` the value that was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
    /// With `add`, what is added, as it would stand in the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Why, and where that is known from.
    pub reason: String,
}

/// What an entry did to an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The operation, by the name it now has.
    pub operation: String,
    /// What was done.
    pub change: Change,
    /// The entry in the overlay.
    pub span: Span,
}

/// What was done to a place of an operation's spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The value at a name path was set or added.
    Set(String),
    /// Everything at and below a name path was taken out.
    Removed(String),
    /// Everything at and below a name path moved.
    Renamed {
        /// The path before.
        from: String,
        /// The path now.
        to: String,
    },
    /// The whole operation was taken out.
    OperationRemoved,
    /// The whole operation was renamed from this name.
    OperationRenamed(String),
}

/// Reads an overlay.
///
/// # Errors
/// A diagnostic at what is wrong in the YAML.
pub fn read(source: &str, file: &str) -> Result<Overlay, Box<Diagnostic>> {
    yaml::read(source, file)
}

/// Applies an overlay to a service's operations: what it settled, and what is wrong with it.
///
/// Entries with something wrong are left out; the others are applied all the same.
pub fn apply(
    overlay: &Overlay,
    source: &str,
    file: &str,
    operations: &mut BTreeMap<String, Operation>,
) -> (Vec<Settled>, Vec<Diagnostic>) {
    let (mut settled, mut findings) = (Vec::new(), Vec::new());
    for (index, entry) in overlay.overlay.iter().enumerate() {
        let given = [
            ("set", &entry.set),
            ("add", &entry.add),
            ("remove", &entry.remove),
            ("rename", &entry.rename),
            ("confirm", &entry.confirm),
        ];
        let verb = given.into_iter().find(|(_, path)| path.is_some()).map(|(verb, _)| Step::Key(verb.to_owned()));
        let steps: Vec<Step> = [Step::Key("overlay".into()), Step::Index(index)].into_iter().chain(verb).collect();
        let span = place::find(source, &steps).unwrap_or_default();
        match apply_entry(entry, operations) {
            Ok(mut facts) => {
                for fact in &mut facts {
                    fact.span = span;
                }
                settled.extend(facts);
            }
            Err(fault) => {
                let finding = Diagnostic::new(fault.id, Severity::Error, file, fault.message);
                findings.push(finding.at(span, "this entry").help(fault.help));
            }
        }
    }
    (settled, findings)
}

struct Fault {
    id: &'static str,
    message: String,
    help: String,
}

fn unfit(message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { id: "overlay-entry", message: message.into(), help: help.into() }
}

fn astray(message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { id: "overlay-astray", message: message.into(), help: help.into() }
}

fn redundant(message: impl Into<String>) -> Fault {
    let help = "the pages say so themselves by now: take the entry out";
    Fault { id: "overlay-redundant", message: message.into(), help: help.to_owned() }
}

fn apply_entry(entry: &Entry, operations: &mut BTreeMap<String, Operation>) -> Result<Vec<Settled>, Fault> {
    if entry.reason.trim().is_empty() {
        return Err(unfit(
            "the entry gives no reason",
            "say in `reason` why the page is wrong and where that is known from",
        ));
    }
    let verbs = [&entry.set, &entry.add, &entry.remove, &entry.rename, &entry.confirm];
    let given = verbs.iter().filter_map(|verb| verb.as_deref()).collect::<Vec<_>>();
    let [full_path] = given.as_slice() else {
        let message = format!("the entry does {} things", given.len());
        return Err(unfit(message, "give exactly one of `set`, `add`, `remove`, `rename` and `confirm`"));
    };
    let (name, path) = split_operation(full_path, operations)?;
    let operation = operations.get(&name).ok_or_else(|| astray(format!("no operation `{name}`"), ""))?;
    if path.is_empty() {
        return whole_operation(entry, &name, operations);
    }
    let mut tree = path::tree(operation);
    let mut settled = match (&entry.set, &entry.add, &entry.remove) {
        (Some(_), _, _) => set(&mut tree, path, needed(entry.to.as_ref(), "set", "to")?)?,
        (_, Some(_), _) => add(&mut tree, path, needed(entry.value.as_ref(), "add", "value")?)?,
        (_, _, Some(_)) => remove(&mut tree, path)?,
        _ if entry.confirm.is_some() => confirm(&tree, path, needed(entry.to.as_ref(), "confirm", "to")?)?,
        _ => rename(&mut tree, path, new_name(entry)?)?,
    };
    let changed: Operation = serde_json::from_value(tree).map_err(|error| {
        unfit(
            format!("`{full_path}` can't hold that: {error}"),
            "see the JSON Schema of operations for what each key holds",
        )
    })?;
    for fact in &mut settled {
        fact.operation.clone_from(&name);
    }
    operations.insert(name, changed);
    Ok(settled)
}

fn needed<'a>(value: Option<&'a Value>, verb: &str, key: &str) -> Result<&'a Value, Fault> {
    value.ok_or_else(|| unfit(format!("`{verb}` needs `{key}`"), format!("add `{key}: …` to the entry")))
}

fn new_name(entry: &Entry) -> Result<&str, Fault> {
    let to = needed(entry.to.as_ref(), "rename", "to")?;
    to.as_str().filter(|name| !name.is_empty()).ok_or_else(|| unfit("the new name is no text", "write `to: NewName`"))
}

/// The operation that a path begins with, and the path in it.
fn split_operation<'p>(path: &'p str, operations: &BTreeMap<String, Operation>) -> Result<(String, &'p str), Fault> {
    let begins =
        |name: &&String| path.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if let Some(name) = operations.keys().filter(begins).max_by_key(|name| name.len()) {
        return Ok((name.clone(), path[name.len()..].trim_start_matches('.')));
    }
    let name = path.split('.').next().unwrap_or(path);
    let help = match suggest::nearest(name, operations.keys().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`? if the pages dropped the operation, take the entry out"),
        None => "a path begins with the operation's name; if the pages dropped it, take the entry out".to_owned(),
    };
    Err(astray(format!("no operation `{name}`"), help))
}

fn whole_operation(
    entry: &Entry,
    name: &str,
    operations: &mut BTreeMap<String, Operation>,
) -> Result<Vec<Settled>, Fault> {
    if entry.remove.is_some() {
        operations.remove(name);
        return Ok(vec![Settled { operation: name.to_owned(), ..fact(Change::OperationRemoved) }]);
    }
    if entry.rename.is_none() {
        return Err(unfit(
            format!("`{name}` is an operation"),
            "say which of its keys: `OPERATION.request`, `OPERATION.summary`…",
        ));
    }
    let to = new_name(entry)?;
    if to == name {
        return Err(redundant(format!("`{name}` has that name already")));
    }
    if operations.contains_key(to) {
        return Err(unfit(format!("there is an operation `{to}` already"), "rename or remove the other first"));
    }
    if let Some(mut operation) = operations.remove(name) {
        to.clone_into(&mut operation.operation);
        operations.insert(to.to_owned(), operation);
    }
    Ok(vec![Settled { operation: to.to_owned(), ..fact(Change::OperationRenamed(name.to_owned())) }])
}

fn fact(change: Change) -> Settled {
    Settled { operation: String::new(), change, span: Span::default() }
}

fn nowhere(path: &str, rest: &str) -> Fault {
    astray(
        format!("`{path}` leads nowhere: there is no `{rest}`"),
        "mend the path; if the pages dropped this, take the entry out",
    )
}

fn set(tree: &mut Value, path: &str, to: &Value) -> Result<Vec<Settled>, Fault> {
    let found = path::resolve(tree, path);
    let node = path::get_mut(tree, &found.steps).ok_or_else(|| nowhere(path, found.rest))?;
    if found.rest.is_empty() {
        if node == to {
            return Err(redundant(format!("`{path}` is `{to}` already")));
        }
        node.clone_from(to);
    } else {
        // One key that the spec leaves out may be set; more than one, or a key of a list, is a path gone astray.
        match node {
            Value::Object(map) if !found.rest.contains(['.', '[', '{']) => {
                if *to == Value::Bool(false) && found.rest == "deprecated" {
                    return Err(redundant(format!("`{path}` is `{to}` already")));
                }
                map.insert(found.rest.to_owned(), to.clone());
            }
            _ => return Err(nowhere(path, found.rest)),
        }
    }
    Ok(vec![fact(Change::Set(path.to_owned()))])
}

fn confirm(tree: &Value, path: &str, to: &Value) -> Result<Vec<Settled>, Fault> {
    let found = path::resolve(tree, path);
    let node = path::get(tree, &found.steps).filter(|_| found.rest.is_empty());
    let node = node.ok_or_else(|| nowhere(path, found.rest))?;
    if node != to {
        let help = "look at the page again: confirm what it says now, or `set` what is right";
        return Err(astray(format!("`{path}` is `{node}` by now, not `{to}`"), help));
    }
    Ok(vec![fact(Change::Set(path.to_owned()))])
}

fn add(tree: &mut Value, path: &str, value: &Value) -> Result<Vec<Settled>, Fault> {
    const LISTS: [&str; 8] =
        ["request", "responses", "errors", "permissions", "examples", "history", "fields", "values"];
    let found = path::resolve(tree, path);
    let mut node = path::get_mut(tree, &found.steps).ok_or_else(|| nowhere(path, found.rest))?;
    if !found.rest.is_empty() {
        let may_begin = LISTS.contains(&found.rest) || found.rest == "required_when";
        match node {
            Value::Object(map) if may_begin => node = map.entry(found.rest).or_insert_with(|| Value::Array(Vec::new())),
            _ => return Err(nowhere(path, found.rest)),
        }
    } else if node.get("type").and_then(Value::as_str) == Some("object") {
        let Value::Object(map) = node else { return Err(nowhere(path, "fields")) };
        node = map.entry("fields").or_insert_with(|| Value::Array(Vec::new()));
    }
    let Value::Array(entries) = node else {
        return Err(unfit(format!("`{path}` is no list"), "use `set` to give a key its value"));
    };
    let name = path::names(value, entries.len()).into_iter().next().unwrap_or_default();
    if entries.iter().enumerate().any(|(index, other)| path::names(other, index).first() == Some(&name)) {
        return Err(redundant(format!("`{path}` has `{name}` already")));
    }
    entries.push(value.clone());
    let base = path.strip_suffix(".fields").unwrap_or(path);
    Ok(path::leaves(value).into_iter().map(|leaf| fact(Change::Set(format!("{base}.{name}.{leaf}")))).collect())
}

fn remove(tree: &mut Value, path: &str) -> Result<Vec<Settled>, Fault> {
    let found = path::resolve(tree, path);
    if !found.rest.is_empty() {
        return Err(nowhere(path, found.rest));
    }
    let (leaf, parent) = found.steps.split_last().ok_or_else(|| nowhere(path, path))?;
    match (path::get_mut(tree, parent), leaf) {
        (Some(Value::Object(map)), Step::Key(key)) => drop(map.shift_remove(key)),
        (Some(Value::Array(list)), Step::Index(index)) if *index < list.len() => drop(list.remove(*index)),
        _ => return Err(nowhere(path, path)),
    }
    Ok(vec![fact(Change::Removed(path.to_owned()))])
}

fn rename(tree: &mut Value, path: &str, to: &str) -> Result<Vec<Settled>, Fault> {
    let found = path::resolve(tree, path);
    if !found.rest.is_empty() {
        return Err(nowhere(path, found.rest));
    }
    let help = "parameters, fields, listed values, errors and operations have names; a key has none";
    let node = path::get_mut(tree, &found.steps).ok_or_else(|| nowhere(path, path))?;
    let key = ["code", "name", "value"].into_iter().find(|key| node.get(key).is_some());
    let Some((key, Value::Object(map))) = key.zip(Some(node)) else {
        return Err(unfit(format!("`{path}` has no name"), help));
    };
    let old = map.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    if old == to {
        return Err(redundant(format!("`{path}` has that name already")));
    }
    map.insert(key.to_owned(), Value::String(to.to_owned()));
    let base = path.strip_suffix(old.as_str()).unwrap_or(path);
    Ok(vec![fact(Change::Renamed { from: path.to_owned(), to: format!("{base}{to}") })])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Change, apply, read};
    use crate::spec::{Operation, Required, yaml};

    fn operations() -> BTreeMap<String, Operation> {
        let source = "operation: A\nhttp: { method: POST, path: / }\nrequest:\n- { name: X, in: query, type: string }\n\
                      - { name: Y, in: query, type: object, fields: [{ name: Z, type: string }] }\n";
        [("A".to_owned(), yaml::read(source, "A.yaml").unwrap())].into()
    }

    #[track_caller]
    fn test(entry: &str, expected: Result<&str, &str>) -> BTreeMap<String, Operation> {
        let source = format!("overlay:\n- {entry}\n  reason: the vendor's SDK\n");
        let overlay = read(&source, "overlay.yaml").unwrap();
        let mut operations = operations();
        let (settled, findings) = apply(&overlay, &source, "overlay.yaml", &mut operations);
        let paths = settled
            .iter()
            .map(|fact| match &fact.change {
                Change::Set(path) => path.clone(),
                Change::Removed(path) => format!("-{path}"),
                Change::Renamed { from, to } => format!("{from}={to}"),
                Change::OperationRemoved => "-".to_owned(),
                Change::OperationRenamed(from) => format!("{from}={}", fact.operation),
            })
            .collect::<Vec<_>>()
            .join(" ");
        match findings.first() {
            Some(finding) => {
                assert_eq!(Err(format!("{}: {}", finding.id, finding.message).as_str()), expected);
                assert_eq!(finding.span.unwrap().start, 11);
            }
            None => assert_eq!(Ok(paths.as_str()), expected),
        }
        operations
    }

    #[test]
    fn sets_adds_removes_and_renames() {
        let changed = test("set: A.request.X.required\n  to: true", Ok("request.X.required"));
        assert_eq!(changed["A"].request[0].required, Some(Required::Yes));
        let changed =
            test("add: A.request.Y\n  value: { name: V, type: integer }", Ok("request.Y.V.name request.Y.V.type"));
        assert_eq!(changed["A"].request[1].fields.len(), 2);
        let changed = test("remove: A.request.Y.Z", Ok("-request.Y.Z"));
        assert_eq!(changed["A"].request[1].fields.len(), 0);
        let changed = test("rename: A.request.Y.Z\n  to: W", Ok("request.Y.Z=request.Y.W"));
        assert_eq!(changed["A"].request[1].fields[0].name, "W");
        let changed = test("rename: A\n  to: B", Ok("A=B"));
        assert_eq!(changed["B"].operation, "B");
        assert!(test("remove: A", Ok("-")).is_empty());
        let confirmed = test("confirm: A.request.X.type\n  to: string", Ok("request.X.type"));
        assert_eq!(confirmed, operations());
    }

    #[test]
    fn refuses_what_leads_nowhere_or_changes_nothing() {
        test(
            "set: A.request.Q.required\n  to: true",
            Err("overlay-astray: `request.Q.required` leads nowhere: there is no `Q.required`"),
        );
        test("set: A.request.X.type\n  to: string", Err("overlay-redundant: `request.X.type` is `\"string\"` already"));
        test(
            "add: A.request\n  value: { name: X, in: query, type: string }",
            Err("overlay-redundant: `request` has `X` already"),
        );
        test(
            "confirm: A.request.X.type\n  to: integer",
            Err("overlay-astray: `request.X.type` is `\"string\"` by now, not `\"integer\"`"),
        );
        test(
            "confirm: A.request.X.required\n  to: true",
            Err("overlay-astray: `request.X.required` leads nowhere: there is no `required`"),
        );
        test("confirm: A\n  to: A", Err("overlay-entry: `A` is an operation"));
        test("remove: B.request.X", Err("overlay-astray: no operation `B`"));
        test("set: A.request.X.required", Err("overlay-entry: `set` needs `to`"));
        test("set: A.request.X.type\n  remove: A\n  to: any", Err("overlay-entry: the entry does 2 things"));
    }
}
