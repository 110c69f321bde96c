//! What a caller must be allowed to do.

use super::order;
use super::side::Place;
use crate::diff::finding::Recorder;
use crate::diff::pairing::{MOST_LEFTOVERS, Mean, by_likeness, name_likeness, names_dice};
use crate::diff::wildcard::wildcard;
use crate::spec::{Access, Permission};

pub(super) fn compare(recorder: &mut Recorder<'_>, old: &[Permission], new: &[Permission]) {
    let names = |permissions: &[Permission]| permissions.iter().map(|entry| entry.action.clone()).collect::<Vec<_>>();
    let (was, is) = (names(old), names(new));
    let place = Place::at("permissions");
    order::compare(recorder, &place, "permissions", was.iter().map(String::as_str), is.iter().map(String::as_str));
    let mut come: Vec<&Permission> = new.iter().collect();
    let mut gone = Vec::new();
    for entry in old {
        // An action that stands more than once pairs with its own resources first.
        let found = come
            .iter()
            .position(|new| new.action == entry.action && new.resources == entry.resources)
            .or_else(|| come.iter().position(|new| new.action == entry.action));
        match found {
            Some(index) => pair(recorder, entry, come.remove(index)),
            None => gone.push(entry),
        }
    }
    rest(recorder, &gone, &come);
}

fn rest(recorder: &mut Recorder<'_>, gone: &[&Permission], come: &[&Permission]) {
    let names = |entries: &[&Permission]| entries.iter().map(|entry| entry.action.clone()).collect::<Vec<_>>();
    let (was, is) = (names(gone), names(come));
    let bounded = was.len().max(is.len()) > MOST_LEFTOVERS;
    let pairs = by_likeness(
        &was.iter().map(String::as_str).collect::<Vec<_>>(),
        &is.iter().map(String::as_str).collect::<Vec<_>>(),
        |i, j| likeness(gone.get(i)?, come.get(j)?).filter(|_| !bounded),
    );
    for &(i, j, score) in &pairs.renamed {
        if let (Some(old), Some(new)) = (gone.get(i), come.get(j)) {
            let entry = recorder.add("permission-renamed", path(&new.action)).from(&path(&old.action));
            entry.before(Some(&*old.action)).after(Some(&*new.action)).confidence(score);
            pair(recorder, old, new);
        }
    }
    for (_, old) in gone.iter().enumerate().filter(|(i, _)| pairs.is_gone(*i)) {
        recorder.add("permission-removed", path(&old.action)).before(Some(&*old.action));
    }
    for (_, new) in come.iter().enumerate().filter(|(j, _)| pairs.is_new(*j)) {
        recorder.add("permission-added", path(&new.action)).after(Some(&*new.action));
    }
    for &(i, j, score) in &pairs.candidates {
        if let (Some(old), Some(new)) = (gone.get(i), come.get(j)) {
            let entry = recorder.add("rename-candidate", path(&new.action)).from(&path(&old.action));
            entry.before(Some(&*old.action)).after(Some(&*new.action)).confidence(score);
        }
    }
}

fn pair(recorder: &mut Recorder<'_>, old: &Permission, new: &Permission) {
    let place = Place { path: path(&new.action), old: path(&old.action) };
    if old.access != new.access {
        let entry = recorder.add("permission-access-changed", &*place.path).from(&place.old);
        entry.before(old.access.map(access)).after(new.access.map(access));
    }
    let listed = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
    if let Some(id) = resource_rule(&old.resources, &new.resources) {
        let entry = recorder.add(id, &*place.path).from(&place.old);
        entry.before(listed(&old.resources)).after(listed(&new.resources));
    }
    if sorted(&old.conditions) != sorted(&new.conditions) {
        let entry = recorder.add("permission-resource-changed", &*place.path).from(&place.old).facet("conditions");
        entry.before(listed(&old.conditions)).after(listed(&new.conditions));
    }
    for action in new.dependent_actions.iter().filter(|action| !old.dependent_actions.contains(action)) {
        recorder.add("permission-added", path(action)).facet("dependent").after(Some(&**action));
    }
    for action in old.dependent_actions.iter().filter(|action| !new.dependent_actions.contains(action)) {
        recorder.add("permission-removed", path(action)).facet("dependent").before(Some(&**action));
    }
}

fn path(action: &str) -> String {
    format!("permissions.{action}")
}

fn sorted(list: &[String]) -> Vec<&String> {
    let mut list: Vec<&String> = list.iter().collect();
    list.sort();
    list.dedup();
    list
}

fn resource_rule(old: &[String], new: &[String]) -> Option<&'static str> {
    if sorted(old) == sorted(new) {
        return None;
    }
    Some(match (old.is_empty() || new.is_empty(), covers(new, old), covers(old, new)) {
        (false, true, false) => "permission-resource-widened",
        (false, false, true) => "permission-resource-narrowed",
        _ => "permission-resource-changed",
    })
}

/// Whether each resource of `narrow` falls under one of `wide`; placeholders are equal by position.
fn covers(wide: &[String], narrow: &[String]) -> bool {
    let matchers: Vec<_> = wide.iter().filter_map(|wide| wildcard(&unnamed(wide))).collect();
    narrow.iter().all(|narrow| {
        let narrow = unnamed(narrow);
        matchers.iter().any(|matcher| matcher.is_match(&narrow))
    })
}

/// A resource whose placeholders have lost their names.
fn unnamed(resource: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in resource.chars() {
        match c {
            '{' => {
                inside = true;
                text.push('\u{1}');
            }
            '}' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

fn likeness(old: &Permission, new: &Permission) -> Option<f64> {
    let resources = |entry: &Permission| entry.resources.clone();
    let (was, is) = (resources(old), resources(new));
    let access =
        (old.access.is_some() || new.access.is_some()).then_some(if old.access == new.access { 1.0 } else { 0.0 });
    Mean::default()
        .part(0.6, Some(name_likeness(&old.action, &new.action)))
        .part(0.2, access)
        .part(0.2, names_dice(was.iter().map(String::as_str), is.iter().map(String::as_str)))
        .value()
}

fn access(access: Access) -> &'static str {
    match access {
        Access::Read => "read",
        Access::List => "list",
        Access::Create => "create",
        Access::Update => "update",
        Access::Delete => "delete",
        Access::Write => "write",
        Access::Get => "get",
        Access::None => "none",
    }
}

#[cfg(test)]
mod tests {
    use super::resource_rule;

    #[track_caller]
    fn test(old: &[&str], new: &[&str], expected: Option<&str>) {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(resource_rule(&owned(old), &owned(new)), expected);
    }

    #[test]
    fn widens_and_narrows() {
        test(&["lrn:disk/{DiskId}"], &["*"], Some("permission-resource-widened"));
        test(&["lrn:disk/{DiskId}"], &["lrn:disk/*"], Some("permission-resource-widened"));
        test(&["*"], &["lrn:disk/{DiskId}"], Some("permission-resource-narrowed"));
        test(&["lrn:tag/{TagId}"], &["lrn:label/{TagId}"], Some("permission-resource-changed"));
        test(&["lrn:disk/{DiskId}"], &["lrn:disk/{Id}"], Some("permission-resource-changed"));
        test(&["a", "b"], &["b", "a"], None);
        test(&[], &["*"], Some("permission-resource-changed"));
    }
}
