//! The types that generated code has for an operation: which places have one, which share one, and in what two differ.

use std::collections::BTreeMap;

use super::place::Step;
use super::{Field, Operation, Type};

/// A place of an operation whose values have a generated type.
#[derive(Clone, Debug)]
pub(super) struct Site<'o> {
    /// The steps to the object or the listed values.
    pub(super) steps: Vec<Step>,
    /// What is there.
    pub(super) field: &'o Field,
    /// The name on the wire that the type is named after.
    name: &'o str,
    /// Whether it is part of the request.
    pub(super) sent: bool,
}

impl Site<'_> {
    /// Whether generated code has one type for two places.
    pub(super) fn shares(&self, other: &Self) -> bool {
        match (&self.field.rust_type, &other.field.rust_type) {
            (Some(a), Some(b)) => a == b,
            (None, None) => !is_object(self.field) && self.name == other.name && self.listed().eq(other.listed()),
            _ => false,
        }
    }

    fn listed(&self) -> impl Iterator<Item = &str> {
        self.field.values.iter().map(|value| value.value.as_str())
    }

    /// What the type's name is made from.
    pub(super) fn called(&self) -> &str {
        self.field.rust_type.as_deref().unwrap_or(self.name)
    }
}

fn is_object(field: &Field) -> bool {
    field.kind == Type::Object
}

/// The places of an operation whose values have a generated type, in its order.
pub(super) fn sites(operation: &Operation) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    let key = |key: &str| Step::Key(key.to_owned());
    for (index, field) in operation.request.iter().enumerate() {
        gather(field, &field.name, true, &mut vec![key("request"), Step::Index(index)], &mut sites);
    }
    for (number, response) in operation.responses.iter().enumerate() {
        for (index, field) in response.fields.iter().enumerate() {
            let mut steps = vec![key("responses"), Step::Index(number), key("fields"), Step::Index(index)];
            gather(field, &field.name, false, &mut steps, &mut sites);
        }
    }
    sites
}

fn gather<'o>(field: &'o Field, name: &'o str, sent: bool, steps: &mut Vec<Step>, sites: &mut Vec<Site<'o>>) {
    let name = if field.name.is_empty() { name } else { &field.name };
    let is_enum = field.kind == Type::String && !field.values.is_empty();
    if is_enum || (is_object(field) && !field.fields.is_empty()) {
        sites.push(Site { steps: steps.clone(), field, name, sent });
    }
    for (key, inner) in [("items", &field.items), ("json", &field.json)] {
        if let Some(inner) = inner.as_deref() {
            steps.push(Step::Key(key.to_owned()));
            gather(inner, name, sent, steps, sites);
            steps.pop();
        }
    }
    for (index, inner) in field.fields.iter().enumerate() {
        steps.extend([Step::Key("fields".to_owned()), Step::Index(index)]);
        gather(inner, name, sent, steps, sites);
        steps.truncate(steps.len() - 2);
    }
}

/// In what two places differ that are to have one type; nothing where they are alike.
pub(super) fn differing(a: &Site<'_>, b: &Site<'_>) -> Option<String> {
    if is_object(a.field) != is_object(b.field) {
        return Some("one has fields, the other listed values".to_owned());
    }
    if !is_object(a.field) {
        let only = |a: &Site<'_>, b: &Site<'_>| {
            a.listed().find(|value| !b.listed().any(|other| other == *value)).map(str::to_owned)
        };
        return only(a, b).or_else(|| only(b, a)).map(|value| format!("only one lists `{value}`"));
    }
    if a.sent != b.sent {
        return Some("one is sent, the other is part of an answer".to_owned());
    }
    fields_differ(&a.field.fields, &b.field.fields, a.sent)
}

fn fields_differ(a: &[Field], b: &[Field], sent: bool) -> Option<String> {
    let by_name: BTreeMap<&str, &Field> = b.iter().map(|field| (field.name.as_str(), field)).collect();
    let of_a: BTreeMap<&str, &Field> = a.iter().map(|field| (field.name.as_str(), field)).collect();
    let lone = a.iter().find(|field| !by_name.contains_key(field.name.as_str()));
    let lone = lone.or_else(|| b.iter().find(|field| !of_a.contains_key(field.name.as_str())));
    if let Some(lone) = lone {
        return Some(format!("only one has `{}`", lone.name));
    }
    a.iter().find_map(|field| {
        let other = by_name.get(field.name.as_str())?;
        field_differs(field, other, sent).map(|how| format!("`{}`: {how}", field.name))
    })
}

/// In what two fields of one name differ, as far as generated code shows it.
fn field_differs(a: &Field, b: &Field, sent: bool) -> Option<String> {
    let listed = |field: &Field| field.values.iter().map(|value| value.value.clone()).collect::<Vec<_>>();
    let limits = |field: &Field| {
        (field.min.clone(), field.max.clone(), field.min_length, field.max_length, field.min_items, field.max_items)
    };
    let differences = [
        ("the type", a.kind != b.kind || a.format != b.format),
        ("the listed values", listed(a) != listed(b)),
        ("the Rust name", a.rust_name != b.rust_name || a.rust_type != b.rust_type),
        ("whether it must be given", sent && (a.required != b.required || a.required_when != b.required_when)),
        ("the default", sent && a.default != b.default),
        ("the limits", sent && limits(a) != limits(b)),
        ("how it travels", sent && a.style != b.style),
    ];
    if let Some((what, _)) = differences.into_iter().find(|(_, differs)| *differs) {
        return Some(format!("{what} is not the same"));
    }
    for (a, b) in [(&a.items, &b.items), (&a.json, &b.json)] {
        match (a, b) {
            (Some(a), Some(b)) => {
                if let Some(how) = field_differs(a, b, sent) {
                    return Some(how);
                }
            }
            (None, None) => {}
            _ => return Some("what it holds is not the same".to_owned()),
        }
    }
    fields_differ(&a.fields, &b.fields, sent)
}
