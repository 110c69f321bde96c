//! The fields of a request or of one status: pairs them level by level, and compares the pairs.

use std::collections::BTreeMap;

use super::rust_names::{Names, Types};
use super::shape::{rust_type, shape, type_text};
use super::side::{Place, Side};
use super::{collision, condition, facts, order};
use crate::diff::finding::Recorder;
use crate::diff::pairing::{
    MOST_LEFTOVERS, Mean, by_likeness, name_likeness, names_dice, rust_value_name, squashed, text_likeness,
};
use crate::diff::rule::Bump;
use crate::spec::overlay::Rename;
use crate::spec::{Field, Required, Type};

/// Descriptions of a moved field share at least this much.
const MOVED: f64 = 0.6;

/// The fields of one parent, on both sides.
struct Level<'f> {
    place: Place,
    old: &'f [Field],
    new: &'f [Field],
    /// Indices that have no counterpart yet.
    left: (Vec<usize>, Vec<usize>),
    names: Names,
}

/// Fields that are paired whatever their names are.
#[derive(Debug)]
pub(super) struct Settled<'a> {
    /// Old and new names of path parameters whose placeholder was renamed: their rename is told elsewhere.
    pub(super) placeholders: Vec<(String, String)>,
    /// What a person settled for this operation.
    pub(super) renames: Vec<&'a Rename>,
    /// The operation's types, whose names people may have given.
    pub(super) types: Types<'a>,
}

/// Compares two lists of fields and all that is below them.
pub(super) fn compare(
    recorder: &mut Recorder<'_>,
    side: Side,
    place: Place,
    old: &[Field],
    new: &[Field],
    settled: &Settled<'_>,
) {
    let mut members = Members { recorder, side, settled, queue: Vec::new(), open: Vec::new() };
    members.enqueue(place, old, new);
    members.run();
}

struct Members<'r, 'a, 'f> {
    recorder: &'r mut Recorder<'a>,
    side: Side,
    settled: &'r Settled<'r>,
    queue: Vec<Level<'f>>,
    open: Vec<Level<'f>>,
}

impl<'f> Members<'_, '_, 'f> {
    fn enqueue(&mut self, place: Place, old: &'f [Field], new: &'f [Field]) {
        if !old.is_empty() || !new.is_empty() {
            let names = Names::of_fields(self.side, old, new);
            self.queue.push(Level { place, old, new, left: (Vec::new(), Vec::new()), names });
        }
    }

    /// Names first, on all levels; then what moved between levels; then likeness. Each pair may open new levels.
    fn run(&mut self) {
        loop {
            while let Some(mut level) = self.queue.pop() {
                self.by_name(&mut level);
                if !level.left.0.is_empty() || !level.left.1.is_empty() {
                    self.open.push(level);
                }
            }
            if self.open.is_empty() {
                return;
            }
            self.moved();
            if !self.queue.is_empty() {
                continue;
            }
            for level in std::mem::take(&mut self.open) {
                self.by_likeness(&level);
            }
        }
    }

    fn by_name(&mut self, level: &mut Level<'f>) {
        let (old, new) = (level.old, level.new);
        let names = |fields: &'f [Field]| fields.iter().map(|field| &*field.name);
        order::compare(self.recorder, &level.place, self.side.word(), names(old), names(new));
        let place = level.place.clone();
        let called = new.iter().map(|field| (&*field.name, field.called()));
        collision::compare(self.recorder, rust_value_name, names(old), called, |name| format!("{}.{name}", place.path));
        let mut free: BTreeMap<&str, usize> = names(new).enumerate().map(|(j, name)| (name, j)).rev().collect();
        let mut left = Vec::new();
        for (i, field) in old.iter().enumerate() {
            match free.remove(&*field.name) {
                Some(j) => self.pair(level, i, j),
                None => left.push(i),
            }
        }
        let mut rest: BTreeMap<usize, &str> = free.into_iter().map(|(name, j)| (j, name)).collect();
        self.settled(level, &mut left, &mut rest);
        self.recased(level, &mut left, &mut rest);
        level.left = (left, rest.into_keys().collect());
    }

    /// Pairs what a placeholder or a person says.
    fn settled(&mut self, level: &Level<'f>, left: &mut Vec<usize>, rest: &mut BTreeMap<usize, &'f str>) {
        left.retain(|&i| {
            let Some(name) = level.old.get(i).map(|field| &*field.name) else { return false };
            let placeholder = (level.place.path == "request")
                .then(|| self.settled.placeholders.iter().find(|(old, _)| old == name))
                .flatten();
            let old_path = level.place.member(name, name).old;
            let target = self.settled.renames.iter().find(|rename| rename.from == old_path);
            let wanted = match (placeholder, target.and_then(|rename| rename.target())) {
                (Some((_, new)), _) => new.as_str(),
                (None, Some(path)) => match path.strip_prefix(&format!("{}.", level.place.path)) {
                    Some(new) => new,
                    None => return true,
                },
                (None, None) => return true,
            };
            let Some(j) = rest.iter().find(|(_, new)| **new == wanted).map(|(j, _)| *j) else { return true };
            rest.remove(&j);
            if placeholder.is_none() {
                self.add_renamed(level, "field-renamed", i, j, 1.0);
            }
            self.pair(level, i, j);
            false
        });
    }

    /// Whether a person said that this member is really gone.
    fn is_settled_as_gone(&self, level: &Level<'f>, name: &str) -> bool {
        let path = level.place.member(name, name).old;
        self.settled.renames.iter().any(|rename| rename.from == path && rename.target().is_none())
    }

    fn recased(&mut self, level: &Level<'f>, left: &mut Vec<usize>, rest: &mut BTreeMap<usize, &'f str>) {
        let mut spelled = BTreeMap::<String, usize>::new();
        for (j, name) in rest.iter().rev() {
            spelled.insert(squashed(name), *j);
        }
        left.retain(|&i| {
            let Some(name) = level.old.get(i).map(|field| &*field.name) else { return false };
            let key = squashed(name);
            if key.is_empty() || self.is_settled_as_gone(level, name) {
                return true;
            }
            let Some(j) = spelled.remove(&key) else { return true };
            let Some(new) = rest.remove(&j) else { return true };
            let same = level.names.same(name, new);
            if same.unwrap_or_else(|| rust_value_name(name) == rust_value_name(new)) {
                let place = level.place.member(name, new);
                let entry = self.recorder.add(&self.side.id("field-recased"), place.path).from(&place.old);
                entry.before(Some(name)).after(Some(new));
            } else {
                self.add_renamed(level, "field-renamed", i, j, 1.0);
            }
            self.pair(level, i, j);
            false
        });
    }

    /// Pairs what left one parent and came to another.
    fn moved(&mut self) {
        let mut levels = std::mem::take(&mut self.open);
        let mut come = BTreeMap::<&str, Vec<(usize, usize)>>::new();
        for (at, level) in levels.iter().enumerate() {
            for &j in &level.left.1 {
                if let Some(field) = level.new.get(j) {
                    come.entry(&field.name).or_default().push((at, j));
                }
            }
        }
        let mut pairs = Vec::new();
        for (at, level) in levels.iter().enumerate() {
            for &i in &level.left.0 {
                let Some(old) = level.old.get(i) else { continue };
                let Some(places) = come.get_mut(&*old.name) else { continue };
                let fits = |&(to, j): &(usize, usize)| {
                    to != at && levels.get(to).and_then(|level| level.new.get(j)).is_some_and(|new| is_same(old, new))
                };
                if let Some(found) = places.iter().position(fits) {
                    pairs.push(((at, i), places.remove(found)));
                }
            }
        }
        for ((at, i), (to, j)) in pairs {
            let (Some(from), Some(target)) = (levels.get(at), levels.get(to)) else { continue };
            let (Some(old), Some(new)) = (from.old.get(i), target.new.get(j)) else { continue };
            let place = Place {
                path: target.place.member(&new.name, &new.name).path,
                old: from.place.member(&old.name, &old.name).old,
            };
            let entry = self.recorder.add(&self.side.id("field-moved"), &*place.path).from(&place.old);
            entry.before(Some(&*place.old)).after(Some(&*place.path));
            self.descend(place, old, new);
            if let Some(level) = levels.get_mut(at) {
                level.left.0.retain(|index| *index != i);
            }
            if let Some(level) = levels.get_mut(to) {
                level.left.1.retain(|index| *index != j);
            }
        }
        self.open = levels;
    }

    fn by_likeness(&mut self, level: &Level<'f>) {
        let old: Vec<&Field> = level.left.0.iter().filter_map(|i| level.old.get(*i)).collect();
        let new: Vec<&Field> = level.left.1.iter().filter_map(|j| level.new.get(*j)).collect();
        let bounded = old.len().max(new.len()) > MOST_LEFTOVERS;
        if bounded {
            let place = &level.place.path;
            self.recorder.note(format!("`{place}`: too many fields changed to look for renames by likeness"));
        }
        let gone: Vec<bool> = old.iter().map(|field| self.is_settled_as_gone(level, &field.name)).collect();
        let neighbours = Neighbours::new(level);
        let names = |fields: &[&'f Field]| fields.iter().map(|field| &*field.name).collect::<Vec<&'f str>>();
        let pairs = by_likeness(&names(&old), &names(&new), |i, j| {
            let (before, after) = (*old.get(i)?, *new.get(j)?);
            if shape(before) != shape(after) || gone.get(i).copied().unwrap_or(false) {
                return None;
            }
            if bounded {
                let same = before.description.is_some() && before.description == after.description;
                return same.then_some(1.0);
            }
            likeness(before, after, neighbours.likeness(*level.left.0.get(i)?, *level.left.1.get(j)?))
        });
        for &(i, j, score) in &pairs.renamed {
            if let (Some(&i), Some(&j)) = (level.left.0.get(i), level.left.1.get(j)) {
                self.add_renamed(level, "field-renamed", i, j, score);
                self.pair(level, i, j);
            }
        }
        for (_, field) in old.iter().enumerate().filter(|(i, _)| pairs.is_gone(*i)) {
            let rule = if field.deprecated { "field-removed-after-deprecation" } else { "field-removed" };
            let place = level.place.member(&field.name, &field.name);
            let entry = self.recorder.add(&self.side.id(rule), place.path).from(&place.old);
            entry.before(Some(type_text(field)));
        }
        for (_, field) in new.iter().enumerate().filter(|(j, _)| pairs.is_new(*j)) {
            let id = match self.side {
                Side::Request => condition::added_rule(field),
                Side::Response => "response-field-added",
            };
            let path = level.place.member(&field.name, &field.name).path;
            self.recorder.add(id, path).after(Some(type_text(field)));
        }
        for &(i, j, score) in &pairs.candidates {
            if let (Some(old), Some(new)) = (old.get(i), new.get(j)) {
                let place = level.place.member(&old.name, &new.name);
                let entry = self.recorder.add("rename-candidate", place.path).from(&place.old).confidence(score);
                entry.before(Some(&*old.name)).after(Some(&*new.name));
            }
        }
    }

    fn add_renamed(&mut self, level: &Level<'f>, rule: &str, i: usize, j: usize, score: f64) {
        let (Some(old), Some(new)) = (level.old.get(i), level.new.get(j)) else { return };
        let place = level.place.member(&old.name, &new.name);
        // A name that people keep is no rename for the crate, unless a type is called after the old one.
        let kept = level.names.same(&old.name, &new.name) == Some(true)
            && self.settled.types.same_below(&place.old, &place.path);
        let entry = self.recorder.add(&self.side.id(rule), place.path).from(&place.old).confidence(score);
        let entry = entry.before(Some(&*old.name)).after(Some(&*new.name));
        if kept {
            entry.rust(Bump::Patch);
        }
    }

    fn pair(&mut self, level: &Level<'f>, i: usize, j: usize) {
        if let (Some(old), Some(new)) = (level.old.get(i), level.new.get(j)) {
            let place = level.place.member(&old.name, &new.name);
            if let Some((was, is)) = level.names.pair(&old.name, &new.name).filter(|(was, is)| was != is)
                && old.name == new.name
            {
                let entry = self.recorder.add(&self.side.id("field-rust-renamed"), &*place.path).from(&place.old);
                entry.before(Some(was)).after(Some(is));
            }
            self.descend(place, old, new);
        }
    }

    /// Compares a pair and, through any arrays and maps, queues what is below it.
    fn descend(&mut self, mut place: Place, mut old: &'f Field, mut new: &'f Field) {
        static UNKNOWN: std::sync::LazyLock<Field> = std::sync::LazyLock::new(Field::default);
        loop {
            if !facts::compare(self.recorder, self.side, &place, old, new) {
                return;
            }
            self.rust_type(&place, old, new);
            let suffix = match new.kind {
                Type::Object => return self.enqueue(place, &old.fields, &new.fields),
                Type::Array => "[]",
                Type::Map => "{}",
                Type::String => match self.json(&place, old, new) {
                    Some((was, is)) => {
                        (place, old, new) = (place.items(".json"), was, is);
                        continue;
                    }
                    None => return,
                },
                _ => return,
            };
            if old.items.is_none() && new.items.is_none() {
                return;
            }
            place = place.items(suffix);
            old = old.items.as_deref().unwrap_or(&UNKNOWN);
            new = new.items.as_deref().unwrap_or(&UNKNOWN);
        }
    }
}

impl<'f> Members<'_, '_, 'f> {
    /// Tells of a type that people gave another name. Below what was renamed, a type that follows the name is told with it.
    fn rust_type(&mut self, place: &Place, old: &Field, new: &Field) {
        if place.path != place.old && old.rust_type == new.rust_type {
            return;
        }
        if let Some((was, is)) = self.settled.types.pair(&place.old, &place.path) {
            let entry = self.recorder.add(&self.side.id("rust-type-changed"), &*place.path).from(&place.old);
            entry.before(Some(was)).after(Some(is));
        }
    }

    /// Compares whether it is known what JSON text holds; gives what is to be compared where both sides know.
    fn json(&mut self, place: &Place, old: &'f Field, new: &'f Field) -> Option<(&'f Field, &'f Field)> {
        let (was, is) = (old.json.as_deref(), new.json.as_deref());
        if self.side == Side::Response {
            // Answers are read as text, whatever it holds.
            let facet = match (was, is) {
                (None, Some(_)) => "added",
                (Some(_), None) => "removed",
                (Some(was), Some(is)) if was != is => "changed",
                _ => return None,
            };
            let entry = self.recorder.add("response-json-shape-changed", &*place.path).from(&place.old).facet(facet);
            entry.before(was.map(type_text)).after(is.map(type_text));
            return None;
        }
        let id = match (was, is) {
            (None, None) => return None,
            (Some(was), Some(is)) => return Some((was, is)),
            (None, Some(_)) => "request-json-shape-added",
            (Some(_), None) => "request-json-shape-removed",
        };
        // Text that becomes JSON, or the other way, has another setter; a sample may have given JSON types before.
        let retyped = old.format == new.format && rust_type(self.side, old) != rust_type(self.side, new);
        let rust = match (self.settled.types.of_json(&place.old, &place.path), is.is_some()) {
            _ if retyped => Bump::Major,
            ([true, _], _) => Bump::Major,
            ([false, true], true) => Bump::Minor,
            _ => Bump::Patch,
        };
        let entry = self.recorder.add(id, &*place.path).from(&place.old).rust(rust);
        entry.before(was.map(type_text)).after(is.map(type_text));
        None
    }
}

/// Whether a field elsewhere is this one, moved.
fn is_same(old: &Field, new: &Field) -> bool {
    let described = match (&old.description, &new.description) {
        (None, None) => true,
        (Some(old), Some(new)) => text_likeness(Some(old), Some(new)).is_some_and(|likeness| likeness >= MOVED),
        _ => false,
    };
    let names = |field| {
        let mut names: Vec<&str> = child_names(field).collect();
        names.sort_unstable();
        names
    };
    described && old.kind == new.kind && old.format == new.format && names(old) == names(new)
}

/// The names of a field's children, through arrays and maps.
fn child_names(field: &Field) -> impl Iterator<Item = &str> {
    let mut inner = field;
    while let Some(items) = &inner.items {
        inner = items;
    }
    inner.fields.iter().map(|field| &*field.name)
}

/// The score of two fields of one parent.
fn likeness(old: &Field, new: &Field, neighbours: Option<f64>) -> Option<f64> {
    let kind = match (old.kind == new.kind, old.format == new.format) {
        (true, true) => 1.0,
        (true, false) => 0.5,
        (false, _) => 0.0,
    };
    Mean::default()
        .part(0.35, Some(name_likeness(&old.name, &new.name)))
        .part(0.30, text_likeness(old.description.as_deref(), new.description.as_deref()))
        .part(0.30, names_dice(child_names(old), child_names(new)))
        .part(0.15, Some(kind))
        .part(0.10, neighbours)
        .part(0.10, fact_likeness(old, new))
        .value()
}

/// The share of equal ones among those of `required`, `default`, `in` and `values` that either side has.
fn fact_likeness(old: &Field, new: &Field) -> Option<f64> {
    let required = |field: &Field| field.required.unwrap_or(Required::No);
    let values = |field: &Field| field.values.iter().map(|value| value.value.clone()).collect::<Vec<_>>();
    let parts = [
        (old.required.is_some() || new.required.is_some(), required(old) == required(new)),
        (old.default.is_some() || new.default.is_some(), old.default == new.default),
        (old.location.is_some() || new.location.is_some(), old.location == new.location),
        (!old.values.is_empty() || !new.values.is_empty(), values(old) == values(new)),
    ];
    let mut mean = Mean::default();
    for (there, same) in parts {
        mean = mean.part(1.0, there.then_some(if same { 1.0 } else { 0.0 }));
    }
    mean.value()
}

/// For each member, the nearest member before and after it that both sides have, by name.
struct Neighbours<'f> {
    old: Vec<[Option<&'f str>; 2]>,
    new: Vec<[Option<&'f str>; 2]>,
}

impl<'f> Neighbours<'f> {
    fn new(level: &Level<'f>) -> Self {
        let names = |fields: &'f [Field]| fields.iter().map(|field| &*field.name).collect::<Vec<&str>>();
        let (old, new) = (names(level.old), names(level.new));
        let set: std::collections::BTreeSet<&str> = old.iter().copied().collect();
        let kept: std::collections::BTreeSet<&str> = new.iter().copied().filter(|name| set.contains(name)).collect();
        Self { old: nearest(&old, &kept), new: nearest(&new, &kept) }
    }

    fn likeness(&self, i: usize, j: usize) -> Option<f64> {
        let (old, new) = (self.old.get(i)?, self.new.get(j)?);
        let mut mean = Mean::default();
        for (old, new) in old.iter().zip(new) {
            let there = old.is_some() || new.is_some();
            mean = mean.part(1.0, there.then_some(if old == new { 1.0 } else { 0.0 }));
        }
        mean.value()
    }
}

fn nearest<'f>(names: &[&'f str], kept: &std::collections::BTreeSet<&str>) -> Vec<[Option<&'f str>; 2]> {
    let mut around = vec![[None; 2]; names.len()];
    let mut last = None;
    for (around, name) in around.iter_mut().zip(names) {
        around[0] = last;
        last = if kept.contains(name) { Some(*name) } else { last };
    }
    last = None;
    for (around, name) in around.iter_mut().zip(names).rev() {
        around[1] = last;
        last = if kept.contains(name) { Some(*name) } else { last };
    }
    around
}
