//! Wire names of one scope that became one Rust name.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::finding::Recorder;

/// Adds a finding for each name that is new to a Rust name which another name has. The new names come with what their
/// names in Rust are made from.
pub(super) fn compare<'a>(
    recorder: &mut Recorder<'_>,
    rust_name: fn(&str) -> String,
    old: impl IntoIterator<Item = &'a str>,
    new: impl IntoIterator<Item = (&'a str, &'a str)>,
    path: impl Fn(&str) -> String,
) {
    let old: BTreeSet<&str> = old.into_iter().collect();
    let mut scope = BTreeMap::<String, Vec<&str>>::new();
    let mut seen = BTreeSet::new();
    for (name, called) in new {
        if seen.insert(name) {
            scope.entry(rust_name(called)).or_default().push(name);
        }
    }
    for (rust, names) in scope.into_iter().filter(|(rust, names)| !rust.is_empty() && names.len() > 1) {
        // The name that was there before keeps the Rust name; of names that are all new, the first.
        let keeper = names.iter().find(|name| old.contains(*name)).or(names.first()).copied().unwrap_or_default();
        for name in names.into_iter().filter(|name| *name != keeper && !old.contains(name)) {
            recorder
                .add("rust-name-collision", path(name))
                .before(Some(keeper))
                .after(Some(format!("{name} (both `{rust}`)")));
        }
    }
}
