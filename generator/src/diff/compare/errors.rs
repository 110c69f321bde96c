//! Error codes, of an operation or common to a service.

use std::collections::{BTreeMap, BTreeSet};

use super::rust_names::Names;
use super::side::Place;
use super::{collision, order, text};
use crate::diff::finding::Recorder;
use crate::diff::pairing::{MOST_LEFTOVERS, Mean, by_likeness, name_likeness, rust_type_name, squashed, text_likeness};
use crate::diff::rule::Bump;
use crate::spec::ErrorCode;

/// The entries of one code; pages list a code once for each of its messages.
type ByCode<'e> = BTreeMap<&'e str, Vec<&'e ErrorCode>>;

/// Compares two lists; codes that moved between an operation and its service are told elsewhere.
pub(super) fn compare(
    recorder: &mut Recorder<'_>,
    base: &str,
    old: &[ErrorCode],
    new: &[ErrorCode],
    moved: &BTreeSet<String>,
) {
    let codes = |errors| codes_in_order(errors);
    order::compare(recorder, &Place::at(base), "errors", codes(old), codes(new));
    let names = Names::of_codes(old, new);
    let called = new.iter().map(|error| (&*error.code, error.called()));
    collision::compare(recorder, rust_type_name, codes(old), called, |code| format!("{base}.{code}"));
    let (mut was, mut is) = (by_code(old), by_code(new));
    let kept: Vec<&str> = was.keys().copied().filter(|code| is.contains_key(code)).collect();
    for code in kept {
        if let (Some(was), Some(is)) = (was.remove(code), is.remove(code)) {
            let place = Place::at(format!("{base}.{code}"));
            if let Some((was, is)) = names.pair(code, code).filter(|(was, is)| was != is) {
                recorder.add("error-code-rust-renamed", &*place.path).before(Some(was)).after(Some(is));
            }
            pair(recorder, &place, &was, &is);
        }
    }
    was.retain(|code, _| !moved.contains(*code));
    is.retain(|code, _| !moved.contains(*code));
    recased(recorder, base, &names, &mut was, &mut is);
    rest(recorder, base, &names, &was, &is);
}

/// Each code once, as the page orders them.
fn codes_in_order(errors: &[ErrorCode]) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    errors.iter().map(|error| &*error.code).filter(|code| seen.insert(*code)).collect()
}

fn by_code(errors: &[ErrorCode]) -> ByCode<'_> {
    let mut codes = ByCode::new();
    for error in errors {
        codes.entry(&error.code).or_default().push(error);
    }
    codes
}

fn recased(recorder: &mut Recorder<'_>, base: &str, names: &Names, was: &mut ByCode<'_>, is: &mut ByCode<'_>) {
    let spelled: BTreeMap<String, &str> = is.keys().rev().map(|code| (squashed(code), *code)).collect();
    let mut spelled = spelled;
    let gone: Vec<&str> = was.keys().copied().collect();
    for code in gone {
        let key = squashed(code);
        let Some(new) = spelled.remove(&key).filter(|_| !key.is_empty()) else { continue };
        let place = Place { path: format!("{base}.{new}"), old: format!("{base}.{code}") };
        let same = names.same(code, new).unwrap_or_else(|| rust_type_name(code) == rust_type_name(new));
        let id = if same { "error-code-recased" } else { "error-code-renamed" };
        let entry = recorder.add(id, &*place.path).from(&place.old).before(Some(code)).after(Some(new));
        if !same {
            entry.confidence(1.0);
        }
        if let (Some(was), Some(is)) = (was.remove(code), is.remove(new)) {
            pair(recorder, &place, &was, &is);
        }
    }
}

fn rest(recorder: &mut Recorder<'_>, base: &str, names: &Names, was: &ByCode<'_>, is: &ByCode<'_>) {
    let (gone, come): (Vec<&str>, Vec<&str>) = (was.keys().copied().collect(), is.keys().copied().collect());
    let bounded = gone.len().max(come.len()) > MOST_LEFTOVERS;
    if bounded {
        recorder.note(format!("`{base}`: too many codes changed to look for renames by likeness"));
    }
    let first = |codes: &ByCode<'_>, code: &str| {
        codes.get(code).and_then(|errors| errors.first()).map(|error| (*error).clone())
    };
    let old: Vec<Option<ErrorCode>> = gone.iter().map(|code| first(was, code)).collect();
    let new: Vec<Option<ErrorCode>> = come.iter().map(|code| first(is, code)).collect();
    let pairs = by_likeness(&gone, &come, |i, j| {
        let (old, new) = (old.get(i)?.as_ref()?, new.get(j)?.as_ref()?);
        if bounded {
            return (old.message.is_some() && old.message == new.message).then_some(1.0);
        }
        likeness(old, new)
    });
    for &(i, j, score) in &pairs.renamed {
        let (Some(old), Some(new)) = (gone.get(i), come.get(j)) else { continue };
        let place = Place { path: format!("{base}.{new}"), old: format!("{base}.{old}") };
        let entry = recorder.add("error-code-renamed", &*place.path).from(&place.old);
        let entry = entry.before(Some(*old)).after(Some(*new)).confidence(score);
        if names.same(old, new) == Some(true) {
            entry.rust(Bump::Patch);
        }
        if let (Some(was), Some(is)) = (was.get(old), is.get(new)) {
            pair(recorder, &place, was, is);
        }
    }
    for (_, code) in gone.iter().enumerate().filter(|(i, _)| pairs.is_gone(*i)) {
        recorder.add("error-code-removed", format!("{base}.{code}")).before(Some(*code));
    }
    for (_, code) in come.iter().enumerate().filter(|(j, _)| pairs.is_new(*j)) {
        recorder.add("error-code-added", format!("{base}.{code}")).after(Some(*code));
    }
    for &(i, j, score) in &pairs.candidates {
        let (Some(old), Some(new)) = (gone.get(i), come.get(j)) else { continue };
        let entry = recorder.add("rename-candidate", format!("{base}.{new}")).from(&format!("{base}.{old}"));
        entry.before(Some(*old)).after(Some(*new)).confidence(score);
    }
}

/// Compares the entries of one code: equal ones first, then those of one status, then in order.
fn pair(recorder: &mut Recorder<'_>, place: &Place, old: &[&ErrorCode], new: &[&ErrorCode]) {
    let same =
        |a: &ErrorCode, b: &ErrorCode| a.status == b.status && a.message == b.message && a.description == b.description;
    let mut come: Vec<&ErrorCode> = new.to_vec();
    let mut gone = Vec::new();
    for old in old {
        match come.iter().position(|new| same(old, new)) {
            Some(index) => {
                come.remove(index);
            }
            None => gone.push(*old),
        }
    }
    for old in gone {
        let found = come.iter().position(|new| new.status == old.status).or((!come.is_empty()).then_some(0));
        if let Some(index) = found {
            entry(recorder, place, old, come.remove(index));
        } else {
            // One message less of a code that stays.
            let entry = recorder.add("error-message-changed", &*place.path).from(&place.old);
            entry.before(old.message.as_deref());
        }
    }
    for new in come {
        recorder.add("error-message-changed", &*place.path).from(&place.old).after(new.message.as_deref());
    }
}

fn entry(recorder: &mut Recorder<'_>, place: &Place, old: &ErrorCode, new: &ErrorCode) {
    if old.status != new.status {
        let id =
            if class(old.status) == class(new.status) { "error-status-changed" } else { "error-status-class-changed" };
        let text = |status: Option<u16>| status.map(|status| status.to_string());
        let entry = recorder.add(id, &*place.path).from(&place.old);
        entry.before(text(old.status)).after(text(new.status));
    }
    text::compare(recorder, "error-message-changed", place, old.message.as_deref(), new.message.as_deref());
    text::compare(recorder, "description-changed", place, old.description.as_deref(), new.description.as_deref());
}

/// What `is_retryable()` goes by: the hundred, and 429 apart; an unknown status is taken for a refusal.
fn class(status: Option<u16>) -> u16 {
    match status {
        Some(429) => 429,
        Some(status) => status / 100,
        None => 4,
    }
}

fn likeness(old: &ErrorCode, new: &ErrorCode) -> Option<f64> {
    let status =
        (old.status.is_some() || new.status.is_some()).then_some(if old.status == new.status { 1.0 } else { 0.0 });
    Mean::default()
        .part(0.4, Some(name_likeness(&old.code, &new.code)))
        .part(0.4, text_likeness(old.message.as_deref(), new.message.as_deref()))
        .part(0.2, status)
        .value()
}
