//! One deed at one place of an operation's tree.

use std::collections::BTreeSet;

use serde_json::Value;

use super::entry::Deed;
use super::fault::{Fault, astray, unfit};
use super::pattern::Found;
use super::role::Role;
use super::settled::Change;
use super::types;
use crate::render::{camel, snake};
use crate::spec::path;
use crate::spec::place::Step;

/// What a deed did at a place.
#[derive(Debug, Default)]
pub(super) struct Edit {
    /// The place that counts as changed by the entry.
    pub(super) place: String,
    /// What was done; nothing where all was so already.
    pub(super) changes: Vec<Change>,
}

/// Does a deed at a place.
pub(super) fn edit(tree: &mut Value, found: &Found, deed: Deed<'_>) -> Result<Edit, Fault> {
    match deed {
        Deed::Set(to) => set(tree, found, to),
        Deed::Add(value) => add(tree, found, value),
        Deed::Remove => remove(tree, found),
        Deed::Call(name) => call(tree, found, name),
        Deed::Correct(name) => correct(tree, found, name),
        Deed::Confirm(to) => confirm(tree, found, to),
        Deed::Merge(name) | Deed::Split(name) => types::name(tree, found, name),
    }
}

fn lost(path: &str) -> Fault {
    astray(format!("`{path}` leads nowhere"), "mend the path; if the pages dropped this, take the entry out")
}

fn set(tree: &mut Value, found: &Found, to: &Value) -> Result<Edit, Fault> {
    let place = found.path(tree);
    let (key, holder) = match found.steps.split_last() {
        _ if !found.key.is_empty() => (found.key.as_str(), found.steps.as_slice()),
        Some((Step::Key(key), holder)) => (key.as_str(), holder),
        _ => {
            let help = format!("say which of its keys: `{place}.required`, `{place}.description`…");
            return Err(unfit(format!("`{place}` is no key"), help));
        }
    };
    if Role::Operation.after(holder).name_key() == Some(key) {
        let owner = place.strip_suffix(key).unwrap_or(&place).trim_end_matches('.');
        let help =
            format!("write `rename: OPERATION.{owner}` with `wire: name`, or with `to: name` for its name in Rust")
                .replace(".`", "`");
        return Err(unfit(format!("`{place}` is a name, and other places go by it"), help));
    }
    let (key, holder) = (key.to_owned(), holder.to_vec());
    let Some(Value::Object(map)) = path::get_mut(tree, &holder) else { return Err(lost(&place)) };
    let old = map.get(&key);
    if old == Some(to) {
        return Ok(Edit { place, changes: Vec::new() });
    }
    if !is_container(to) && !old.is_some_and(is_container) {
        map.insert(key, to.clone());
        return Ok(Edit { changes: vec![Change::Set(place.clone())], place });
    }
    let before: BTreeSet<String> = path::leaves(tree).into_iter().collect();
    if let Some(Value::Object(map)) = path::get_mut(tree, &holder) {
        map.insert(key, to.clone());
    }
    let after = path::leaves(tree);
    let kept: BTreeSet<&String> = after.iter().collect();
    let gone = before.iter().filter(|leaf| !kept.contains(leaf)).cloned().map(Change::Removed);
    let set = after.iter().filter(|leaf| !before.contains(*leaf) || path::below(leaf, &place).is_some());
    let changes = gone.chain(set.cloned().map(Change::Set)).collect();
    Ok(Edit { place, changes })
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

fn confirm(tree: &Value, found: &Found, to: &Value) -> Result<Edit, Fault> {
    let place = found.path(tree);
    let node = path::get(tree, &found.steps).ok_or_else(|| lost(&place))?;
    if found.steps.is_empty() {
        return Err(unfit("that is a whole operation", "say which of its keys: `OPERATION.request.Id.type`…"));
    }
    if node != to {
        let help = "look at the page again: confirm what it says now, or `set` what is right";
        return Err(astray(format!("`{place}` is `{node}` by now, not `{to}`"), help));
    }
    Ok(Edit { changes: vec![Change::Set(place.clone())], place })
}

/// The lists that an entry can begin.
const LISTS: [&str; 9] =
    ["request", "responses", "errors", "permissions", "examples", "history", "fields", "values", "required_when"];

fn add(tree: &mut Value, found: &Found, value: &Value) -> Result<Edit, Fault> {
    let path = found.path(tree);
    let mut node = path::get_mut(tree, &found.steps).ok_or_else(|| lost(&path))?;
    if !found.key.is_empty() {
        match node {
            Value::Object(map) if LISTS.contains(&found.key.as_str()) || found.key == "waiters" => {
                node = map.entry(&found.key).or_insert_with(|| Value::Array(Vec::new()));
            }
            _ => return Err(unfit(format!("`{path}` is no list"), "use `set` to give a key its value")),
        }
    } else if node.get("type").and_then(Value::as_str) == Some("object") || node.get("status").is_some() {
        let Value::Object(map) = node else { return Err(lost(&path)) };
        node = map.entry("fields").or_insert_with(|| Value::Array(Vec::new()));
    }
    let Value::Array(entries) = node else {
        return Err(unfit(format!("`{path}` is no list"), "use `set` to give a key its value"));
    };
    let name = path::names(value, entries.len()).into_iter().next().unwrap_or_default();
    let base = path.strip_suffix(".fields").unwrap_or(&path);
    let place = format!("{base}.{name}");
    if entries.iter().enumerate().any(|(index, other)| path::names(other, index).first() == Some(&name)) {
        return Ok(Edit { place, changes: Vec::new() });
    }
    entries.push(value.clone());
    let changes = path::leaves(value).into_iter().map(|leaf| Change::Set(format!("{place}.{leaf}")));
    Ok(Edit { changes: changes.collect(), place })
}

fn remove(tree: &mut Value, found: &Found) -> Result<Edit, Fault> {
    let place = found.path(tree);
    let (leaf, parent) = found.steps.split_last().ok_or_else(|| lost(&place))?;
    match (path::get_mut(tree, parent), leaf) {
        (Some(Value::Object(map)), Step::Key(key)) => drop(map.shift_remove(key)),
        (Some(Value::Array(list)), Step::Index(index)) if *index < list.len() => drop(list.remove(*index)),
        _ => return Err(lost(&place)),
    }
    Ok(Edit { changes: vec![Change::Removed(place.clone())], place })
}

fn nameless(path: &str) -> Fault {
    let help = "operations, parameters, fields, listed values, errors and types have names; a key has none";
    unfit(format!("`{path}` has no name"), help)
}

/// Gives a name in Rust.
fn call(tree: &mut Value, found: &Found, name: &str) -> Result<Edit, Fault> {
    let place = found.path(tree);
    if let Some(typed) = types::named_by(tree, found) {
        return types::name(tree, &typed, name);
    }
    let role = found.role();
    let key = role.name_key().ok_or_else(|| nameless(&place))?;
    let rust: fn(&str) -> String = if matches!(role, Role::Listed | Role::ErrorCode) { camel } else { snake };
    let called = |node: &Value| {
        let name = node.get("rust_name").or_else(|| node.get(key)).and_then(Value::as_str);
        rust(name.unwrap_or_default())
    };
    let own = path::get(tree, &found.steps).map(called).ok_or_else(|| lost(&place))?;
    let target = if place.is_empty() { "rust_name".to_owned() } else { format!("{place}.rust_name") };
    if own == rust(name) {
        return Ok(Edit { place: target, changes: Vec::new() });
    }
    if let Some(other) = sibling(tree, found, |node| called(node) == rust(name)) {
        let help = "choose another name, or rename the other first";
        return Err(unfit(format!("`{}` is the Rust name of `{other}` already", rust(name)), help));
    }
    let Some(Value::Object(map)) = path::get_mut(tree, &found.steps) else { return Err(lost(&place)) };
    map.insert("rust_name".to_owned(), Value::String(name.to_owned()));
    Ok(Edit { changes: vec![Change::Set(target.clone())], place: target })
}

/// Another entry of the list that a place stands in, of which something holds: its name.
fn sibling(tree: &Value, found: &Found, holds: impl Fn(&Value) -> bool) -> Option<String> {
    let (Step::Index(own), list) = found.steps.split_last()? else { return None };
    let list = path::get(tree, list)?.as_array()?;
    let (index, other) = list.iter().enumerate().find(|(index, other)| index != own && holds(other))?;
    path::names(other, index).into_iter().next()
}

/// Puts a name right that the page has wrong.
fn correct(tree: &mut Value, found: &Found, name: &str) -> Result<Edit, Fault> {
    let place = found.path(tree);
    let key = found.role().name_key().ok_or_else(|| nameless(&place))?;
    let node = path::get(tree, &found.steps).ok_or_else(|| lost(&place))?;
    let old = node.get(key).and_then(Value::as_str).ok_or_else(|| nameless(&place))?.to_owned();
    if old == name {
        return Ok(Edit { place, changes: Vec::new() });
    }
    let apart = ["in", "status"];
    let same = |other: &Value| {
        other.get(key).and_then(Value::as_str) == Some(name) && apart.iter().all(|key| other.get(key) == node.get(key))
    };
    if let Some(other) = sibling(tree, found, same) {
        return Err(unfit(format!("there is `{other}` already"), "rename or remove the other first"));
    }
    let Some(Value::Object(map)) = path::get_mut(tree, &found.steps) else { return Err(lost(&place)) };
    map.insert(key.to_owned(), Value::String(name.to_owned()));
    if found.steps.len() == 2 && found.role() == Role::Field {
        follow(tree, &old, name);
    }
    let to = found.path(tree);
    Ok(Edit { changes: vec![Change::Renamed { from: place, to: to.clone() }], place: to })
}

/// Lets what goes by a parameter's name follow it: the placeholder in the path, and conditions of other parameters.
fn follow(tree: &mut Value, old: &str, new: &str) {
    if let Some(Value::String(path)) = tree.pointer_mut("/http/path") {
        *path = path.replace(&format!("{{{old}}}"), &format!("{{{new}}}"));
    }
    let mut left: Vec<&mut Value> = tree.get_mut("request").into_iter().collect();
    while let Some(node) = left.pop() {
        match node {
            Value::Array(list) => left.extend(list),
            Value::Object(map) => {
                for (key, value) in map {
                    match (key.as_str(), value) {
                        ("required_when", Value::Array(conditions)) => {
                            let named = conditions.iter_mut().filter_map(|condition| condition.get_mut("parameter"));
                            named.filter(|name| name.as_str() == Some(old)).for_each(|name| *name = new.into());
                        }
                        ("fields" | "items", inner) => left.push(inner),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}
