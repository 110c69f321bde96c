//! The names in Rust that a spec gives: whether each is free, and whether places that share a type are alike.

use std::collections::BTreeMap;

use super::place::Step;
use super::sites::{Site, differing, sites};
use super::validate::Issue;
use super::{Field, Operation};
use crate::render::{camel, snake};

/// What is wrong with the names in Rust that an operation's spec gives.
pub(super) fn issues(operation: &Operation) -> Vec<Issue> {
    let mut issues = Vec::new();
    let key = |key: &str| vec![Step::Key(key.to_owned())];
    fields(&operation.request, &key("request"), &mut issues);
    for (index, response) in operation.responses.iter().enumerate() {
        let place = [Step::Key("responses".into()), Step::Index(index), Step::Key("fields".into())];
        fields(&response.fields, &place, &mut issues);
    }
    let codes = operation.errors.iter().map(|error| (error.code.as_str(), error.rust_name.as_deref()));
    scope(codes, camel, &key("errors"), &mut issues);
    types(operation, &mut issues);
    issues
}

fn fields(list: &[Field], place: &[Step], issues: &mut Vec<Issue>) {
    scope(list.iter().map(|field| (field.name.as_str(), field.rust_name.as_deref())), snake, place, issues);
    for (index, field) in list.iter().enumerate() {
        inner(field, &[place, &[Step::Index(index)]].concat(), issues);
    }
}

fn inner(field: &Field, place: &[Step], issues: &mut Vec<Issue>) {
    let below = |key: &str| [place, &[Step::Key(key.to_owned())]].concat();
    let values = field.values.iter().map(|value| (value.value.as_str(), value.rust_name.as_deref()));
    scope(values, camel, &below("values"), issues);
    for (key, inner) in [("items", &field.items), ("json", &field.json)] {
        if let Some(field) = inner.as_deref() {
            self::inner(field, &below(key), issues);
        }
    }
    fields(&field.fields, &below("fields"), issues);
}

/// Reports names that a spec gives and that something else of their scope has too. Where a spec gives none, names that come
/// out alike are numbered.
fn scope<'a>(
    names: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    rust: fn(&str) -> String,
    place: &[Step],
    issues: &mut Vec<Issue>,
) {
    let names: Vec<_> = names.collect();
    if names.iter().all(|(_, given)| given.is_none()) {
        return;
    }
    let mut known: BTreeMap<String, (&str, bool)> = BTreeMap::new();
    for (index, (wire, given)) in names.into_iter().enumerate() {
        let name = rust(given.unwrap_or(wire));
        match known.get(&name) {
            Some((other, chosen)) if *other != wire && (*chosen || given.is_some()) => issues.push(Issue {
                id: "rust-name",
                place: [place, &[Step::Index(index)]].concat(),
                message: format!("`{wire}` and `{other}` are both called `{name}` in Rust"),
                help: "give one of the two another name in the service's overlay: `rename` with `to`".to_owned(),
            }),
            Some(_) => {}
            None => drop(known.insert(name, (wire, given.is_some()))),
        }
    }
}

fn types(operation: &Operation, issues: &mut Vec<Issue>) {
    let sites = sites(operation);
    let mut first: BTreeMap<String, &Site<'_>> = BTreeMap::new();
    for site in sites.iter().filter(|site| site.field.rust_type.is_some()) {
        let name = camel(site.called());
        let Some(known) = first.get(&name) else {
            first.insert(name, site);
            continue;
        };
        if let Some(how) = differing(known, site) {
            issues.push(Issue {
                id: "rust-type",
                place: site.steps.clone(),
                message: format!("what shares the type `{name}` is not alike: {how}"),
                help: "give one of the places a type of its own in the service's overlay: `split`".to_owned(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::issues;
    use crate::spec::{Operation, yaml};

    #[track_caller]
    fn test(request: &str, expected: &[&str]) {
        let source = format!("operation: A\nhttp: {{ method: POST, path: / }}\nrequest:\n{request}");
        let operation: Operation = yaml::read(&source, "A.yaml").unwrap();
        assert_eq!(issues(&operation).iter().map(|issue| issue.message.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn given_names_are_free_and_shared_types_alike() {
        let one = |name: &str, more: &str| format!("- {{ name: {name}, in: query, type: string{more} }}\n");
        test(&(one("Aa", "") + &one("aa", "")), &[]);
        test(&(one("X", ", rust_name: y") + &one("Y", "")), &["`Y` and `X` are both called `y` in Rust"]);
        test(&(one("X", ", rust_name: y") + &one("Z", "")), &[]);
        let listed = |name: &str, values: &str| one(name, &format!(", rust_type: Mode, values: [{values}]"));
        test(&(listed("X", "{ value: a }, { value: b }") + &listed("Y", "{ value: b }, { value: a }")), &[]);
        test(
            &(listed("X", "{ value: a }") + &listed("Y", "{ value: b }")),
            &["what shares the type `Mode` is not alike: only one lists `a`"],
        );
    }
}
