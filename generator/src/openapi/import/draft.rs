//! A type while it is read: what several schemas say of it is brought together.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Number;

use crate::spec::{Field, Required, Type, Value};

/// A type, and which of its fields are required as far as is known yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) field: Field,
    pub(super) required: BTreeSet<String>,
    /// Fields that say themselves whether they are required.
    pub(super) settled: BTreeSet<String>,
    pub(super) nullable: bool,
}

impl Draft {
    /// Adds what another schema says of the same type (`allOf`); whether the two agree on what it is.
    pub(super) fn and(&mut self, other: Self) -> bool {
        self.required.extend(other.required);
        self.settled.extend(other.settled);
        self.nullable |= other.nullable;
        both(&mut self.field, other.field)
    }

    /// The type, its fields required as they are said to be.
    pub(super) fn finish(mut self, response: bool) -> Field {
        for field in &mut self.field.fields {
            if !self.settled.contains(&field.name) {
                field.required = match self.required.contains(&field.name) {
                    true => Some(Required::Yes),
                    false if response => None,
                    false => Some(Required::No),
                };
            }
        }
        self.field
    }
}

/// One field of what two schemas say of it, where both hold; whether they agree on its type.
fn both(field: &mut Field, other: Field) -> bool {
    let mut agree = true;
    field.kind = match (field.kind, other.kind) {
        (a, b) if a == b => a,
        (Type::Any, b) => b,
        (a, Type::Any) => a,
        (Type::Integer, Type::Number) | (Type::Number, Type::Integer) => Type::Integer,
        (Type::Object, Type::Map) | (Type::Map, Type::Object) => Type::Object,
        (a, _) => {
            agree = false;
            a
        }
    };
    if field.kind == Type::Object {
        field.items = None;
    }
    agree &= merge_fields(&mut field.fields, other.fields, both);
    match (&mut field.items, other.items) {
        (Some(items), Some(other)) => agree &= both(items, *other),
        (items @ None, other) if field.kind != Type::Object => *items = other,
        _ => {}
    }
    if field.values.is_empty() {
        field.values = other.values;
    } else if !other.values.is_empty() {
        let known: BTreeSet<&str> = other.values.iter().map(|value| value.value.as_str()).collect();
        let shared: Vec<Value> = field.values.iter().filter(|v| known.contains(v.value.as_str())).cloned().collect();
        if shared.is_empty() {
            agree = false;
        } else {
            field.values = shared;
        }
    }
    field.min = tighter(field.min.take(), other.min, |a, b| a >= b);
    field.max = tighter(field.max.take(), other.max, |a, b| a <= b);
    field.min_length = field.min_length.max(other.min_length);
    field.min_items = field.min_items.max(other.min_items);
    field.max_length = least(field.max_length, other.max_length);
    field.max_items = least(field.max_items, other.max_items);
    field.deprecated |= other.deprecated;
    fill(&mut field.format, other.format);
    fill(&mut field.description, other.description);
    fill(&mut field.example, other.example);
    fill(&mut field.default, other.default);
    fill(&mut field.pattern, other.pattern);
    agree
}

/// Joins two lists of fields by name; whether those that both have agree.
fn merge_fields(fields: &mut Vec<Field>, others: Vec<Field>, join: fn(&mut Field, Field) -> bool) -> bool {
    let mut agree = true;
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    if !others.is_empty() {
        known = fields.iter().enumerate().map(|(at, field)| (field.name.clone(), at)).collect();
    }
    for other in others {
        if let Some(field) = known.get(&other.name).and_then(|at| fields.get_mut(*at)) {
            agree &= join(field, other);
        } else {
            known.insert(other.name.clone(), fields.len());
            fields.push(other);
        }
    }
    agree
}

fn fill(text: &mut Option<String>, other: Option<String>) {
    if text.is_none() {
        *text = other;
    }
}

fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn tighter(a: Option<Number>, b: Option<Number>, first: fn(f64, f64) -> bool) -> Option<Number> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let keep = a.as_f64().zip(b.as_f64()).is_none_or(|(a, b)| first(a, b));
            Some(if keep { a } else { b })
        }
        (a, b) => a.or(b),
    }
}

/// One field for a value that is one of two; whether nothing of either is lost by it.
pub(super) fn either(field: &mut Field, other: Field) -> bool {
    let mut whole = true;
    match (field.kind, other.kind) {
        (a, b) if a == b => {}
        (Type::Integer | Type::Number, Type::Integer | Type::Number) => {
            field.kind = Type::Number;
            field.format = None;
        }
        _ => {
            let old = std::mem::take(field);
            *field = Field {
                name: old.name,
                location: old.location,
                required: old.required,
                description: old.description,
                ..Field::default()
            };
            return false;
        }
    }
    if field.kind == Type::Object {
        whole = field.fields.len() == other.fields.len()
            && field.fields.iter().zip(&other.fields).all(|(a, b)| a.name == b.name);
        // What one of the two lacks is not always there.
        for own in &mut field.fields {
            if own.required == Some(Required::Yes) && !other.fields.iter().any(|theirs| theirs.name == own.name) {
                own.required = Some(Required::No);
            }
        }
        whole &= merge_fields(&mut field.fields, other.fields, either);
    }
    match (&mut field.items, other.items) {
        (Some(items), Some(other)) => whole &= either(items, *other),
        (None, None) => {}
        (items, _) => *items = Some(Box::new(Field::default())),
    }
    if field.values.is_empty() || other.values.is_empty() {
        whole &= field.values.is_empty() && other.values.is_empty();
        field.values.clear();
    } else {
        for value in other.values {
            if !field.values.iter().any(|known| known.value == value.value) {
                field.values.push(value);
            }
        }
    }
    if field.required != other.required {
        field.required = Some(Required::No);
    }
    let counts = [other.min_length, other.max_length, other.min_items, other.max_items];
    whole
        & loosen(
            field,
            [other.format.as_ref(), other.pattern.as_ref()],
            [other.min.as_ref(), other.max.as_ref()],
            counts,
        )
}

/// Takes away the limits that only one of two has; whether there were none.
fn loosen(
    field: &mut Field,
    texts: [Option<&String>; 2],
    bounds: [Option<&Number>; 2],
    counts: [Option<u64>; 4],
) -> bool {
    fn keep<T: PartialEq>(own: &mut Option<T>, theirs: Option<&T>) -> bool {
        let same = own.as_ref() == theirs;
        if !same {
            *own = None;
        }
        same
    }
    let mut whole = true;
    for (own, theirs) in [&mut field.format, &mut field.pattern].into_iter().zip(texts) {
        whole &= keep(own, theirs);
    }
    for (own, theirs) in [&mut field.min, &mut field.max].into_iter().zip(bounds) {
        whole &= keep(own, theirs);
    }
    let own = [&mut field.min_length, &mut field.max_length, &mut field.min_items, &mut field.max_items];
    for (own, theirs) in own.into_iter().zip(&counts) {
        whole &= keep(own, theirs.as_ref());
    }
    whole
}
