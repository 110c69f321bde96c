//! Lists of several pages, joined entry by entry.

use std::collections::{BTreeMap, BTreeSet};

use super::contest::At;
use crate::extract::vocabulary::folded;

/// A page's list of some part of the spec, and the path it has there.
pub(super) struct List<'n, T> {
    /// The page, by its number among the witnesses.
    pub(super) witness: usize,
    pub(super) path: String,
    pub(super) entries: &'n [T],
}

impl<'n, T> From<At<'n, Vec<T>>> for List<'n, T> {
    fn from(at: At<'n, Vec<T>>) -> Self {
        Self { witness: at.witness, path: at.path, entries: at.node }
    }
}

/// An entry that pages have in common.
pub(super) struct Row<'n, T> {
    /// The lists that have it, by number, and the entry there.
    pub(super) entries: Vec<(usize, &'n T)>,
}

/// Joins the entries of several lists by what tells them apart, in the order of the first list; what it lacks stands
/// behind what it follows in its own. With `fold`, an entry that no other list has may differ in letters' case from one.
pub(super) fn align<'n, T>(lists: &[List<'n, T>], key: impl Fn(&T) -> String, fold: bool) -> Vec<Row<'n, T>> {
    let mut rows: Vec<Row<'n, T>> = Vec::new();
    // What follows each row in some list, the first list first. Number 0 is the start; row `n` is number `n + 1`.
    let mut followers: Vec<Vec<usize>> = vec![Vec::new()];
    let mut by_key: BTreeMap<(String, usize), usize> = BTreeMap::new();
    let mut by_folded: BTreeMap<String, usize> = BTreeMap::new();
    for (number, list) in lists.iter().enumerate() {
        let own: BTreeSet<String> = list.entries.iter().map(&key).collect();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut last = 0;
        for entry in list.entries {
            let name = key(entry);
            let nth = seen.entry(name.clone()).or_default();
            let place = (name.clone(), *nth);
            *nth += 1;
            let other_case = || {
                let row = *by_folded.get(&folded(&name)).filter(|_| fold)?;
                let theirs: &T = rows.get(row)?.entries.first()?.1;
                (!own.contains(&key(theirs)) && place.1 == 0).then_some(row)
            };
            let row = by_key.get(&place).copied().or_else(other_case);
            let row = row.unwrap_or_else(|| {
                rows.push(Row { entries: Vec::new() });
                followers.push(Vec::new());
                followers[last].push(rows.len());
                by_folded.entry(folded(&name)).or_insert(rows.len() - 1);
                rows.len() - 1
            });
            by_key.entry(place).or_insert(row);
            rows[row].entries.push((number, entry));
            last = row + 1;
        }
    }
    let mut ordered = Vec::with_capacity(rows.len());
    let mut waiting: Vec<usize> = vec![0];
    while let Some(number) = waiting.pop() {
        ordered.extend(number.checked_sub(1));
        waiting.extend(&followers[number]);
    }
    let mut rows: Vec<Option<Row<'n, T>>> = rows.into_iter().map(Some).collect();
    ordered.into_iter().filter_map(|row| rows.get_mut(row)?.take()).collect()
}

#[cfg(test)]
mod tests {
    use super::{List, align};

    #[track_caller]
    fn test(lists: &[&[&str]], expected: &[&str]) {
        let owned: Vec<Vec<String>> =
            lists.iter().map(|list| list.iter().map(|name| (*name).to_owned()).collect()).collect();
        let lists: Vec<List<'_, String>> =
            owned.iter().enumerate().map(|(witness, entries)| List { witness, path: String::new(), entries }).collect();
        let rows = align(&lists, Clone::clone, true);
        let shown: Vec<String> = rows.iter().map(|row| format!("{}{}", row.entries[0].1, row.entries.len())).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn entries_stand_behind_what_they_follow() {
        test(
            &[&["a", "b", "c"], &["a", "x", "y", "b"], &["z", "a", "x", "w"]],
            &["z1", "a3", "x2", "w1", "y1", "b2", "c1"],
        );
    }

    #[test]
    fn names_in_another_case_are_one_where_no_page_has_both() {
        test(&[&["dbName", "id"], &["DBName"]], &["dbName2", "id1"]);
        test(&[&["Pay"], &["pay", "Pay"]], &["pay1", "Pay2"]);
        test(&[&["a", "a"], &["a"]], &["a2", "a1"]);
    }
}
