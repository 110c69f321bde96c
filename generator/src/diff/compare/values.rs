//! The values that a page lists for a field.

use std::collections::BTreeMap;

use super::rust_names::Names;
use super::side::{Place, Side};
use super::{collision, order, text};
use crate::diff::finding::Recorder;
use crate::diff::pairing::{MOST_LEFTOVERS, Mean, by_likeness, name_likeness, rust_type_name, squashed, text_likeness};
use crate::diff::rule::Bump;
use crate::spec::{Field, Type, Value};

pub(super) fn compare(recorder: &mut Recorder<'_>, side: Side, place: &Place, old: &Field, new: &Field) {
    let (was, is) = (&old.values, &new.values);
    let listed = |values: &[Value]| Some(values.iter().map(|value| &*value.value).collect::<Vec<_>>().join(", "));
    match (was.is_empty(), is.is_empty()) {
        (true, true) => return,
        (true, false) => {
            recorder.add(&side.id("values-closed"), &*place.path).from(&place.old).after(listed(is));
            return;
        }
        (false, true) => {
            recorder.add(&side.id("values-opened"), &*place.path).from(&place.old).before(listed(was));
            return;
        }
        (false, false) => {}
    }
    let rust_names = if new.kind == Type::String { Names::of_values(was, is) } else { Names::default() };
    let (names, new_names) = (|| was.iter().map(|value| &*value.value), || is.iter().map(|value| &*value.value));
    order::compare(recorder, place, "values", names(), new_names());
    if new.kind == Type::String {
        let called = is.iter().map(|value| (&*value.value, value.called()));
        collision::compare(recorder, rust_type_name, names(), called, |name| format!("{}={name}", place.path));
    }
    let mut values = Values { recorder, side, place, names: rust_names };
    let (left, left_new) = values.by_name(was, is);
    values.rest(&left, &left_new);
}

struct Values<'r, 'a> {
    recorder: &'r mut Recorder<'a>,
    side: Side,
    place: &'r Place,
    names: Names,
}

impl Values<'_, '_> {
    /// Pairs by exact name, then by spelling; gives back what is left over.
    fn by_name<'v>(&mut self, was: &'v [Value], is: &'v [Value]) -> (Vec<&'v Value>, Vec<&'v Value>) {
        let mut free: BTreeMap<&str, &Value> = is.iter().rev().map(|value| (&*value.value, value)).collect();
        let mut left = Vec::new();
        for old in was {
            match free.remove(&*old.value) {
                Some(new) => self.pair(old, new),
                None => left.push(old),
            }
        }
        let mut spelled = BTreeMap::<String, &Value>::new();
        for new in is.iter().rev().filter(|new| free.contains_key(&*new.value)) {
            spelled.insert(squashed(&new.value), new);
        }
        left.retain(|old| {
            let key = squashed(&old.value);
            let Some(new) = spelled.remove(&key).filter(|_| !key.is_empty()) else { return true };
            free.remove(&*new.value);
            let same = self.names.same(&old.value, &new.value);
            let same = same.unwrap_or_else(|| rust_type_name(&old.value) == rust_type_name(&new.value));
            self.renamed(if same { "value-recased" } else { "value-renamed" }, old, new, (!same).then_some(1.0));
            false
        });
        (left, is.iter().filter(|new| free.remove(&*new.value).is_some()).collect())
    }

    fn rest(&mut self, left: &[&Value], left_new: &[&Value]) {
        let bounded = left.len().max(left_new.len()) > MOST_LEFTOVERS;
        if bounded {
            let place = &self.place.path;
            self.recorder.note(format!("`{place}`: too many values changed to look for renames by likeness"));
        }
        let names = |values: &[&Value]| -> Vec<String> { values.iter().map(|value| value.value.clone()).collect() };
        let (old_names, new_names) = (names(left), names(left_new));
        let pairs = by_likeness(
            &old_names.iter().map(String::as_str).collect::<Vec<_>>(),
            &new_names.iter().map(String::as_str).collect::<Vec<_>>(),
            |i, j| {
                let (old, new) = (left.get(i)?, left_new.get(j)?);
                let (before, after) = (old.description.as_deref(), new.description.as_deref());
                if bounded {
                    return (before.is_some() && before == after).then_some(1.0);
                }
                Mean::default()
                    .part(0.3, Some(name_likeness(&old.value, &new.value)))
                    .part(0.7, text_likeness(before, after))
                    .value()
            },
        );
        for &(i, j, score) in &pairs.renamed {
            if let (Some(old), Some(new)) = (left.get(i), left_new.get(j)) {
                self.renamed("value-renamed", old, new, Some(score));
            }
        }
        for (_, old) in left.iter().enumerate().filter(|(i, _)| pairs.is_gone(*i)) {
            let (path, from) = self.paths(&old.value, &old.value);
            self.recorder.add(&self.side.id("value-removed"), path).from(&from).before(Some(&*old.value));
        }
        for (_, new) in left_new.iter().enumerate().filter(|(j, _)| pairs.is_new(*j)) {
            let path = self.paths(&new.value, &new.value).0;
            self.recorder.add(&self.side.id("value-added"), path).after(Some(&*new.value));
        }
        for &(i, j, score) in &pairs.candidates {
            if let (Some(old), Some(new)) = (left.get(i), left_new.get(j)) {
                let (path, from) = self.paths(&old.value, &new.value);
                let entry = self.recorder.add("rename-candidate", path).from(&from).confidence(score);
                entry.before(Some(&*old.value)).after(Some(&*new.value));
            }
        }
    }

    fn renamed(&mut self, id: &str, old: &Value, new: &Value, score: Option<f64>) {
        let (path, from) = self.paths(&old.value, &new.value);
        let entry = self.recorder.add(&self.side.id(id), path).from(&from);
        let mut entry = entry.before(Some(&*old.value)).after(Some(&*new.value));
        if let Some(score) = score {
            entry = entry.confidence(score);
        }
        if self.names.same(&old.value, &new.value) == Some(true) {
            entry.rust(Bump::Patch);
        }
        self.pair(old, new);
    }

    /// What a value says beside its name.
    fn pair(&mut self, old: &Value, new: &Value) {
        let (path, from) = self.paths(&old.value, &new.value);
        let place = Place { path, old: from };
        if let Some((was, is)) = self.names.pair(&old.value, &new.value).filter(|(was, is)| was != is)
            && old.value == new.value
        {
            let entry = self.recorder.add(&self.side.id("value-rust-renamed"), &*place.path).from(&place.old);
            entry.before(Some(was)).after(Some(is));
        }
        if old.deprecated != new.deprecated {
            let rule = if new.deprecated { "field-deprecated" } else { "field-undeprecated" };
            self.recorder.add(&self.side.id(rule), &*place.path).from(&place.old);
        }
        let (before, after) = (old.description.as_deref(), new.description.as_deref());
        text::compare(self.recorder, "description-changed", &place, before, after);
    }

    fn paths(&self, old: &str, new: &str) -> (String, String) {
        (format!("{}={new}", self.place.path), format!("{}={old}", self.place.old))
    }
}
