//! From a name path with wildcards to the places that it means.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::fault::{Fault, astray, unfit};
use super::role::Role;
use crate::spec::Operation;
use crate::spec::path::{self, trim_dot};
use crate::spec::place::Step;
use crate::suggest;

/// A place that a path means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The steps that are there.
    pub(super) steps: Vec<Step>,
    /// A key that the spec leaves out there; empty where the place is there.
    pub(super) key: String,
}

impl Found {
    /// The place's path, as facts have it.
    pub(super) fn path(&self, tree: &Value) -> String {
        let base = path::of_steps(tree, &self.steps);
        match (base.as_str(), self.key.as_str()) {
            (_, "") => base,
            ("", key) => key.to_owned(),
            (base, key) => format!("{base}.{key}"),
        }
    }

    /// What stands there.
    pub(super) fn role(&self) -> Role {
        Role::Operation.after(&self.steps)
    }
}

/// Whether a path means more than one place can be.
pub(super) fn is_wild(path: &str) -> bool {
    path.contains('*')
}

/// The operations that a path means, and what is left of it within them.
pub(super) fn operations<'p>(
    path: &'p str,
    operations: &BTreeMap<String, Operation>,
) -> Result<(Vec<String>, &'p str), Fault> {
    if path.ends_with("**") {
        let help = "`**` stands for what lies between: end the path with a name or a key, as `**.Tag.style`";
        return Err(unfit(format!("`{path}` does not say what it leads to"), help));
    }
    if path.starts_with("**.") {
        return Ok((operations.keys().cloned().collect(), path));
    }
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    if is_wild(first) {
        let found: Vec<String> = operations.keys().filter(|name| fits(first, name)).cloned().collect();
        if found.is_empty() {
            let help = "mend the path; if the pages dropped the operations, take the entry out";
            return Err(astray(format!("no operation is called like `{first}`"), help));
        }
        return Ok((found, rest));
    }
    // Names may hold dots: the longest that the path begins with counts.
    let begins =
        |name: &&String| path.strip_prefix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    if let Some(name) = operations.keys().filter(begins).max_by_key(|name| name.len()) {
        return Ok((vec![name.clone()], path[name.len()..].trim_start_matches('.')));
    }
    let help = match suggest::nearest(first, operations.keys().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`? if the pages dropped the operation, take the entry out"),
        None => "a path begins with the operation's name; if the pages dropped it, take the entry out".to_owned(),
    };
    Err(astray(format!("no operation `{first}`"), help))
}

/// The places of an operation that a path means, in the order of its spec. Where `absent` keys are meant too, a path may
/// end in one that the spec leaves out.
pub(super) fn places(tree: &Value, path: &str, absent: bool) -> Vec<Found> {
    let mut search = Search { absent, seen: BTreeSet::new(), found: Vec::new() };
    search.walk(tree, Role::Operation, path, &mut Vec::new());
    let mut found = search.found;
    found.sort_by(|a, b| a.steps.cmp(&b.steps));
    found.dedup();
    found
}

struct Search {
    absent: bool,
    /// What was looked at with how much of the path left: `**` leads to one place in several ways.
    seen: BTreeSet<(*const Value, usize)>,
    found: Vec<Found>,
}

impl Search {
    fn walk(&mut self, node: &Value, role: Role, pattern: &str, steps: &mut Vec<Step>) {
        if !self.seen.insert((std::ptr::from_ref(node), pattern.len())) {
            return;
        }
        if pattern.is_empty() {
            self.found.push(Found { steps: steps.clone(), key: String::new() });
            return;
        }
        if let Some(rest) = pattern.strip_prefix("**").filter(|rest| rest.starts_with(['.', '[', '{'])) {
            self.walk(node, role, trim_dot(rest), steps);
            let named = role.children(node).into_iter().map(|(_, way, child)| (way, child));
            for (way, child) in named.chain(role.insides(node)) {
                self.enter(child, role, way, pattern, steps);
            }
            return;
        }
        let end = pattern.find(['.', '[', '{']).unwrap_or(pattern.len());
        let (first, rest) = pattern.split_at(end);
        if is_wild(first) {
            for (name, way, child) in role.children(node) {
                if fits(first, &name) {
                    self.enter(child, role, way, trim_dot(rest), steps);
                }
            }
            return;
        }
        if let Some((way, child, rest)) = path::step(node, pattern) {
            self.enter(child, role, way, rest, steps);
        } else if self.absent
            && rest.is_empty()
            && node.is_object()
            && role.keys().is_none_or(|keys| keys.contains(first))
        {
            self.found.push(Found { steps: steps.clone(), key: first.to_owned() });
        }
    }

    fn enter(&mut self, child: &Value, role: Role, way: Vec<Step>, rest: &str, steps: &mut Vec<Step>) {
        let (depth, role) = (steps.len(), role.after(&way));
        steps.extend(way);
        self.walk(child, role, rest, steps);
        steps.truncate(depth);
    }
}

/// Whether a name is like a pattern in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// What to say of a path that leads nowhere.
pub(super) fn nowhere(tree: &Value, name: &str, path: &str) -> Fault {
    if is_wild(path) {
        let help = "mend the path; if the pages dropped what it meant, take the entry out";
        return astray(format!("`{path}` means no place of `{name}`"), help);
    }
    let found = path::resolve(tree, path);
    let message = format!("`{path}` leads nowhere: there is no `{}`", found.rest);
    let first = found.rest.split(['.', '[', '{']).next().unwrap_or_default();
    let near = path::get(tree, &found.steps).and_then(|node| {
        let role = Role::Operation.after(&found.steps);
        let names: Vec<String> = role.children(node).into_iter().map(|(name, ..)| name).collect();
        let keys = role.keys().into_iter().flatten().cloned();
        let known: Vec<String> = names.into_iter().chain(keys).collect();
        suggest::nearest(first, known.iter().map(String::as_str)).map(str::to_owned)
    });
    astray(
        message,
        match near {
            Some(near) => format!("did you mean `{near}`? if the pages dropped this, take the entry out"),
            None => "mend the path; if the pages dropped this, take the entry out".to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{fits, places};

    fn tree() -> serde_json::Value {
        json!({
            "operation": "A",
            "request": [
                { "name": "Tag", "type": "array", "items": { "type": "object", "fields": [
                    { "name": "Key", "type": "string" },
                    { "name": "Tag", "type": "object", "fields": [{ "name": "Key", "type": "string", "required": true }] }
                ] } },
                { "name": "Key", "type": "string" }
            ],
            "responses": [{ "status": 200, "fields": [{ "name": "Key", "type": "string" }] }],
            "errors": [{ "status": 400, "code": "A.B", "message": "one" }]
        })
    }

    #[track_caller]
    fn test(path: &str, expected: &[&str]) {
        let tree = tree();
        let found: Vec<String> = places(&tree, path, true).iter().map(|found| found.path(&tree)).collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn stars_are_steps() {
        test("request.*", &["request.Tag", "request.Key"]);
        test("request.*.required", &["request.Tag.required", "request.Key.required"]);
        test("*.Key", &["request.Key"]);
        test("*.*.Key.type", &["responses.200.Key.type"]);
        test("request.Tag[].*.Key", &["request.Tag[].Tag.Key"]);
        test("request.T*", &["request.Tag"]);
        test("errors.4*.message", &["errors.400.A.B.message"]);
    }

    #[test]
    fn double_stars_are_any_steps() {
        let all = ["request.Tag[].Key", "request.Tag[].Tag.Key", "request.Key", "responses.200.Key"];
        test("**.Key", &all);
        test("**.request.**.Key", &all[..3]);
        test("request.**.Tag", &["request.Tag", "request.Tag[].Tag"]);
        test("**.Tag[]", &["request.Tag[]"]);
        test("**.Key.required", &all.map(|path| format!("{path}.required")).each_ref().map(String::as_str));
        test("**.message", &["errors.400.A.B.message"]);
    }

    #[test]
    fn keys_are_only_where_they_can_be() {
        test(
            "**.style",
            &[
                "request.Tag.style",
                "request.Tag[].style",
                "request.Tag[].Key.style",
                "request.Tag[].Tag.style",
                "request.Tag[].Tag.Key.style",
                "request.Key.style",
                "responses.200.Key.style",
            ],
        );
        test("request.*.colour", &[]);
    }

    #[test]
    fn parts_of_names_are_matched() {
        assert!(
            fits("*", "x") && fits("a*", "abc") && fits("*c", "abc") && fits("a*c", "abc") && fits("a*b*c", "axbxc")
        );
        assert!(!fits("a*c", "abd") && !fits("ab*ba", "aba") && !fits("b*", "abc"));
    }
}
