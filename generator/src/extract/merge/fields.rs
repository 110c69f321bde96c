//! Fields of several pages, joined by their wire names.

use super::align::{List, align};
use super::contest::{At, Joining, below};
use crate::spec::{Field, Required, Type, Value};

/// The most levels of lists and maps around an object's fields.
const DEEPEST: usize = 8;

impl Joining<'_, '_> {
    /// Joins lists of fields; `path` is where they stand in the joined spec.
    pub(super) fn fields(&mut self, path: &str, lists: &[List<'_, Field>]) -> Vec<Field> {
        let mut lists: Vec<&List<'_, Field>> = lists.iter().filter(|list| !list.entries.is_empty()).collect();
        lists.sort_by_key(|list| list.witness);
        let lists: Vec<List<'_, Field>> = lists
            .into_iter()
            .map(|list| List { witness: list.witness, path: list.path.clone(), entries: list.entries })
            .collect();
        let asked: Vec<usize> = lists.iter().map(|list| list.witness).collect();
        let rows = align(&lists, |field| field.name.clone(), true);
        let mut fields = Vec::with_capacity(rows.len());
        for row in rows {
            let of: Vec<At<'_, Field>> = row
                .entries
                .iter()
                .filter_map(|(list, field)| {
                    let list = lists.get(*list)?;
                    Some(At { witness: list.witness, path: below(&list.path, &field.name), node: *field })
                })
                .collect();
            let first = of.first().map(|at| at.node.name.clone()).unwrap_or_default();
            let have: Vec<usize> = of.iter().map(|at| at.witness).collect();
            if self.is_outvoted(&have, &asked, of.iter().all(|at| is_bare(at.node))) {
                self.leave_out(path, &first, &of);
                continue;
            }
            let name = self.name(path, &first, &of);
            let place = below(path, &name);
            self.weigh_absence(&below(&place, "name"), &format!("`{place}`"), &have, &asked);
            fields.push(Field { name, ..self.field(&place, &of, &[]) });
        }
        fields
    }

    /// The name of a field, where pages write it in different cases.
    fn name(&mut self, path: &str, first: &str, of: &[At<'_, Field>]) -> String {
        let from = self.facts.len();
        let place = below(path, first);
        let name = self.settle(&place, "name", of, |field| Some(field.name.clone())).unwrap_or_default();
        if name != first {
            let settled = below(&below(path, &name), "name");
            let stated = below(&place, "name");
            self.facts
                .iter_mut()
                .skip(from)
                .filter(|fact| fact.path == stated)
                .for_each(|fact| fact.path.clone_from(&settled));
        }
        name
    }

    /// Joins a field, all but its name. `strays` are the fields that pages give an object where others have lists of
    /// objects, or the other way round: they stand for the fields within.
    fn field(&mut self, path: &str, of: &[At<'_, Field>], strays: &[List<'_, Field>]) -> Field {
        let told = self.settle(path, "type", of, |field| (field.kind != Type::Any).then_some(field.kind));
        let kind = told.or_else(|| self.settle(path, "type", of, |field| Some(field.kind)));
        let inner = || if strays.is_empty() { Type::Any } else { Type::Object };
        let kind = kind.filter(|kind| *kind != Type::Any).unwrap_or_else(inner);
        let (same, others): (Vec<_>, Vec<_>) = of.iter().cloned().partition(|at| at.node.kind == kind);
        let mut within: Vec<List<'_, Field>> = others.iter().filter_map(innermost).collect();
        within.extend(strays.iter().map(|list| List {
            witness: list.witness,
            path: list.path.clone(),
            entries: list.entries,
        }));
        let (items, fields) = match kind {
            Type::Array | Type::Map => (self.items(path, kind, &same, &within).map(Box::new), Vec::new()),
            Type::Object => {
                within.extend(same.iter().filter_map(innermost));
                (None, self.fields(path, &within))
            }
            Type::String | Type::Integer | Type::Number | Type::Boolean | Type::Any => (None, Vec::new()),
        };
        let required =
            self.settle(path, "required", of, |field| field.required.filter(|told| *told != Required::Unknown));
        Field {
            name: String::new(),
            location: self.settle(path, "in", of, |field| field.location),
            kind,
            format: self.settle(path, "format", &same, |field| field.format.clone()),
            required: required.or_else(|| self.settle(path, "required", of, |field| field.required)),
            description: self.text(path, "description", of, |field| field.description.as_ref()),
            example: self.text(path, "example", of, |field| field.example.as_ref()),
            default: self.settle(path, "default", of, |field| field.default.clone()),
            values: self.values(path, of),
            min: self.settle(path, "min", &same, |field| field.min.clone()),
            max: self.settle(path, "max", &same, |field| field.max.clone()),
            min_length: self.settle(path, "min_length", &same, |field| field.min_length),
            max_length: self.settle(path, "max_length", &same, |field| field.max_length),
            pattern: self.settle(path, "pattern", &same, |field| field.pattern.clone()),
            min_items: self.settle(path, "min_items", &same, |field| field.min_items),
            max_items: self.settle(path, "max_items", &same, |field| field.max_items),
            required_when: self
                .settle(path, "required_when", of, |field| {
                    (!field.required_when.is_empty()).then(|| field.required_when.clone())
                })
                .unwrap_or_default(),
            declared_type: self.text(path, "declared_type", &same, |field| field.declared_type.as_ref()),
            style: self.settle(path, "style", &same, |field| field.style),
            deprecated: self.settle(path, "deprecated", of, |field| field.deprecated.then_some(true)).is_some(),
            items,
            fields,
            // Pages state none of these; people's overlays come later.
            rust_name: None,
            rust_type: None,
            json: None,
        }
    }

    /// Joins the items of lists and maps; pages that say nothing of them are not asked.
    fn items(&mut self, path: &str, kind: Type, same: &[At<'_, Field>], strays: &[List<'_, Field>]) -> Option<Field> {
        let mark = mark(kind);
        let of: Vec<At<'_, Field>> = same
            .iter()
            .filter_map(|at| {
                let node = at.node.items.as_deref()?;
                Some(At { witness: at.witness, path: format!("{}{mark}", at.path), node })
            })
            .collect();
        (!of.is_empty() || !strays.is_empty()).then(|| self.field(&format!("{path}{mark}"), &of, strays))
    }

    /// Joins listed values.
    fn values(&mut self, path: &str, of: &[At<'_, Field>]) -> Vec<Value> {
        let path = below(path, "values");
        let mut lists: Vec<List<'_, Value>> = of
            .iter()
            .filter(|at| !at.node.values.is_empty())
            .map(|at| List { witness: at.witness, path: below(&at.path, "values"), entries: at.node.values.as_slice() })
            .collect();
        lists.sort_by_key(|list| list.witness);
        let asked: Vec<usize> = lists.iter().map(|list| list.witness).collect();
        let rows = align(&lists, |value| value.value.clone(), false);
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let of: Vec<At<'_, Value>> = row
                .entries
                .iter()
                .filter_map(|(list, node)| {
                    let list = lists.get(*list)?;
                    Some(At { witness: list.witness, path: below(&list.path, &node.value), node: *node })
                })
                .collect();
            let Some(first) = of.first() else { continue };
            let (value, place) = (first.node.value.clone(), below(&path, &first.node.value));
            self.settle(&path, &value, &lifted(&of, &value), |value| Some(value.value.clone()));
            let have: Vec<usize> = of.iter().map(|at| at.witness).collect();
            self.weigh_absence(&place, &format!("the value `{place}`"), &have, &asked);
            values.push(Value {
                value,
                rust_name: None,
                description: self.text(&place, "description", &of, |value| value.description.as_ref()),
                deprecated: self.settle(&place, "deprecated", &of, |value| value.deprecated.then_some(true)).is_some(),
            });
        }
        values
    }
}

/// Whether a field is a name and little more: the row may be a piece of another one.
fn is_bare(field: &Field) -> bool {
    field.required.is_none()
        && field.description.is_none()
        && field.items.as_deref().is_none_or(is_bare)
        && field.fields.is_empty()
        && field.values.is_empty()
}

/// Entries by the path of their list: the fact of a listed value stands at the value itself.
fn lifted<'n, T>(of: &[At<'n, T>], key: &str) -> Vec<At<'n, T>> {
    let list = |path: &str| path.strip_suffix(key).and_then(|path| path.strip_suffix('.')).unwrap_or(path).to_owned();
    of.iter().map(|at| At { witness: at.witness, path: list(&at.path), node: at.node }).collect()
}

fn mark(kind: Type) -> &'static str {
    if kind == Type::Map { "{}" } else { "[]" }
}

/// The fields of an object, or of the objects within lists and maps.
fn innermost<'n>(at: &At<'n, Field>) -> Option<List<'n, Field>> {
    let (mut node, mut path) = (at.node, at.path.clone());
    for _ in 0..DEEPEST {
        if !matches!(node.kind, Type::Array | Type::Map) {
            break;
        }
        path.push_str(mark(node.kind));
        node = node.items.as_deref()?;
    }
    (!node.fields.is_empty()).then_some(List { witness: at.witness, path, entries: &node.fields })
}
