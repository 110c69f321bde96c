//! Who did what where, so that entries that undo each other are found.

use std::collections::BTreeMap;

use crate::spec::path::below;

/// The places that entries have changed, and those that they have taken away.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// The entry at each changed place, by operation.
    places: BTreeMap<String, BTreeMap<String, usize>>,
    /// What became of places that are no longer there, by operation.
    gone: BTreeMap<String, BTreeMap<String, Gone>>,
    /// What became of operations that are no longer there.
    operations: BTreeMap<String, Gone>,
}

/// Who took a name away, and what it is called now.
#[derive(Clone, Debug)]
pub(super) struct Gone {
    pub(super) entry: usize,
    pub(super) now: Option<String>,
}

impl Claims {
    /// The entry that changed a place, something below it, or the whole that it is part of; with the place.
    pub(super) fn overlapping(&self, operation: &str, path: &str) -> Option<(usize, String)> {
        let places = self.places.get(operation)?;
        if path.is_empty() {
            return places.first_key_value().map(|(place, entry)| (*entry, place.clone()));
        }
        let cuts = path.match_indices(['.', '[', '{']).map(|(at, _)| at).chain([path.len()]);
        let above = cuts.into_iter().find_map(|cut| places.get_key_value(path.get(..cut)?));
        let beneath = || {
            let rest = places.range(path.to_owned()..).take_while(|(place, _)| place.starts_with(path));
            rest.into_iter().find(|(place, _)| below(place, path).is_some())
        };
        above.or_else(beneath).map(|(place, entry)| (*entry, place.clone()))
    }

    /// What became of a place of an operation, or of what it was part of.
    pub(super) fn gone(&self, operation: &str, path: &str) -> Option<&Gone> {
        let gone = self.gone.get(operation)?;
        gone.iter().find(|(place, _)| below(path, place).is_some()).map(|(_, gone)| gone)
    }

    /// What became of an operation that a path begins with.
    pub(super) fn operation_gone(&self, path: &str) -> Option<&Gone> {
        let begins = |name: &str| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.operations.iter().find(|(name, _)| begins(name)).map(|(_, gone)| gone)
    }

    pub(super) fn claim(&mut self, operation: &str, path: String, entry: usize) {
        self.places.entry(operation.to_owned()).or_default().insert(path, entry);
    }

    pub(super) fn removed(&mut self, operation: &str, path: &str, entry: usize) {
        self.gone.entry(operation.to_owned()).or_default().insert(path.to_owned(), Gone { entry, now: None });
    }

    /// A place has another name on the wire: what was done below it was done below that.
    pub(super) fn moved(&mut self, operation: &str, from: &str, to: &str, entry: usize) {
        let places = self.places.entry(operation.to_owned()).or_default();
        *places = std::mem::take(places)
            .into_iter()
            .map(|(place, by)| match below(&place, from) {
                Some(rest) => (format!("{to}{rest}"), by),
                None => (place, by),
            })
            .collect();
        let gone = Gone { entry, now: Some(to.to_owned()) };
        self.gone.entry(operation.to_owned()).or_default().insert(from.to_owned(), gone);
    }

    pub(super) fn operation_removed(&mut self, name: &str, entry: usize) {
        self.operations.insert(name.to_owned(), Gone { entry, now: None });
    }

    pub(super) fn operation_renamed(&mut self, from: &str, to: &str, entry: usize) {
        let moved = self.places.remove(from).unwrap_or_default();
        self.places.insert(to.to_owned(), moved);
        let moved = self.gone.remove(from).unwrap_or_default();
        self.gone.insert(to.to_owned(), moved);
        self.operations.insert(from.to_owned(), Gone { entry, now: Some(to.to_owned()) });
    }
}
