//! Merging, splitting and naming the types that generated code has for an operation.

use serde_json::Value;

use super::edit::Edit;
use super::fault::{Fault, astray, unfit};
use super::pattern::Found;
use super::role::Role;
use super::settled::Change;
use crate::render::camel;
use crate::spec::place::Step;
use crate::spec::sites::{Site, differing, sites};
use crate::spec::{Operation, path};

/// The place whose type a rename means: the path ends in the key `type`, or leads to items, which have no name.
pub(super) fn named_by(tree: &Value, found: &Found) -> Option<Found> {
    let (last, holder) = found.steps.split_last()?;
    let is_type = *last == Step::Key("type".to_owned()) && Role::Operation.after(holder) == Role::Field;
    let nameless = found.role() == Role::Field && path::get(tree, &found.steps)?.get("name").is_none();
    let steps = if is_type { holder.to_vec() } else { found.steps.clone() };
    (is_type || nameless).then_some(Found { steps, key: String::new() })
}

/// The steps from a place on to what its type is of: through items and JSON text.
fn innermost(tree: &Value, found: &Found) -> Vec<Step> {
    let mut steps = found.steps.clone();
    while let Some(node) = path::get(tree, &steps) {
        let Some(key) = ["items", "json"].into_iter().find(|key| node.get(key).is_some()) else { break };
        steps.push(Step::Key(key.to_owned()));
    }
    steps
}

/// Gives the type of a place a name.
pub(super) fn name(tree: &mut Value, found: &Found, name: &str) -> Result<Edit, Fault> {
    let steps = innermost(tree, found);
    let path = path::of_steps(tree, &steps);
    let has = |node: &Value, key: &str| node.get(key).and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    let Some(Value::Object(map)) =
        path::get_mut(tree, &steps).filter(|node| has(node, "fields") || has(node, "values"))
    else {
        let help = "objects with fields and text with listed values have types of their own";
        return Err(unfit(format!("`{path}` has no type of its own"), help));
    };
    let place = format!("{path}.rust_type");
    if map.get("rust_type").and_then(Value::as_str) == Some(name) {
        return Ok(Edit { place, changes: Vec::new() });
    }
    map.insert("rust_type".to_owned(), name.into());
    Ok(Edit { changes: vec![Change::Set(place.clone())], place })
}

/// The sites that places mean.
fn meant<'o>(tree: &Value, operation: &'o Operation, found: &[Found]) -> Vec<Site<'o>> {
    let wanted: Vec<Vec<Step>> = found.iter().map(|found| innermost(tree, found)).collect();
    sites(operation).into_iter().filter(|site| wanted.contains(&site.steps)).collect()
}

/// Whether places of one operation are still to get one type called `name`; an error says why they can't.
pub(super) fn may_merge(tree: &Value, operation: &Operation, found: &[Found], name: &str) -> Result<bool, Fault> {
    let meant = meant(tree, operation, found);
    let Some((first, others)) = meant.split_first().filter(|(_, others)| others.len() + 1 == found.len()) else {
        let without = found.iter().find(|found| !meant.iter().any(|site| site.steps == innermost(tree, found)));
        let path = without.map(|found| found.path(tree)).unwrap_or_default();
        let help = "objects with fields and text with listed values have types of their own";
        return Err(unfit(format!("`{path}` has no type of its own"), help));
    };
    let path = |site: &Site<'_>| path::of_steps(tree, &site.steps);
    for other in others {
        if let Some(how) = differing(first, other) {
            let message = format!("`{}` and `{}` are not alike: {how}", path(first), path(other));
            let help = "types merge where their fields or values are the same: mend one of them first, or leave it out";
            return Err(astray(message, help));
        }
    }
    let shared = others.iter().all(|other| first.shares(other));
    if shared && camel(first.called()) == camel(name) {
        return Ok(false);
    }
    is_free(tree, operation, &meant, name)
}

/// Whether a place shares its type with others, so that it is to be split off and called `name`.
pub(super) fn may_split(tree: &Value, operation: &Operation, found: &Found, name: &str) -> Result<bool, Fault> {
    let meant = meant(tree, operation, std::slice::from_ref(found));
    let Some(site) = meant.first() else {
        let help = "objects with fields and text with listed values have types of their own";
        return Err(unfit(format!("`{}` has no type of its own", found.path(tree)), help));
    };
    let all = sites(operation);
    if !all.iter().any(|other| other.steps != site.steps && other.shares(site)) {
        return Ok(false);
    }
    is_free(tree, operation, &[], name)
}

/// That no other type of the operation is called so; else an error.
fn is_free(tree: &Value, operation: &Operation, meant: &[Site<'_>], name: &str) -> Result<bool, Fault> {
    let own = |site: &Site<'_>| meant.iter().any(|meant| meant.steps == site.steps || meant.shares(site));
    let taken = sites(operation).into_iter().find(|site| !own(site) && camel(site.called()) == camel(name));
    if let Some(taken) = taken {
        let path = path::of_steps(tree, &taken.steps);
        let help = "choose another name, or `merge` the places into one type";
        return Err(unfit(format!("`{}` is the type of `{path}` already", camel(name)), help));
    }
    let builder = camel(operation.called());
    let own = ["", "Output", "Error", "ErrorKind"].map(|ending| format!("{builder}{ending}"));
    if own.contains(&camel(name)) {
        let message = format!("`{}` is the operation's own name for something else", camel(name));
        return Err(unfit(message, "choose another name"));
    }
    Ok(true)
}

/// Whether a type is still to be called `name`.
pub(super) fn may_rename(tree: &Value, operation: &Operation, found: &Found, name: &str) -> Result<bool, Fault> {
    let meant = meant(tree, operation, std::slice::from_ref(found));
    match meant.first() {
        Some(site) if camel(site.called()) == camel(name) => Ok(false),
        Some(site) if sites(operation).iter().any(|other| other.steps != site.steps && other.shares(site)) => {
            let help = "`merge` all its places under the new name, or `split` this one off";
            Err(unfit(format!("the type of `{}` is that of other places too", found.path(tree)), help))
        }
        _ => is_free(tree, operation, &meant, name),
    }
}
