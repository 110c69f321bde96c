//! The same members in another order.

use std::collections::BTreeMap;

use super::side::Place;
use crate::diff::finding::Recorder;

/// Adds a finding where the members that both sides have stand in another order.
pub(super) fn compare<'a>(
    recorder: &mut Recorder<'_>,
    place: &Place,
    facet: &'static str,
    old: impl IntoIterator<Item = &'a str>,
    new: impl IntoIterator<Item = &'a str>,
) {
    let old: BTreeMap<&str, usize> = old.into_iter().enumerate().map(|(index, name)| (name, index)).collect();
    let kept: Vec<(&str, usize)> =
        new.into_iter().filter_map(|name| old.get(name).map(|index| (name, *index))).collect();
    if kept.is_sorted_by_key(|(_, index)| *index) {
        return;
    }
    let after = kept.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let mut before = kept;
    before.sort_by_key(|(_, index)| *index);
    let before = before.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    recorder.add("order-changed", &*place.path).from(&place.old).facet(facet).before(Some(before)).after(Some(after));
}
