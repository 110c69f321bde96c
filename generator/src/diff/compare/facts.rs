//! The facts of one field that has a counterpart.

use serde_yaml::Number;

use super::shape::{TypeChange, type_change, type_text};
use super::side::{Place, Side};
use super::{condition, text, values};
use crate::diff::finding::Recorder;
use crate::spec::{Field, Location, Style};

/// Compares everything but what is below the field; whether its insides are to be compared.
pub(super) fn compare(recorder: &mut Recorder<'_>, side: Side, place: &Place, old: &Field, new: &Field) -> bool {
    if side == Side::Request {
        travel(recorder, place, old, new);
    }
    condition::compare(recorder, side, place, old, new);
    if old.deprecated != new.deprecated {
        let rule = if new.deprecated { "field-deprecated" } else { "field-undeprecated" };
        recorder.add(&side.id(rule), &*place.path).from(&place.old);
    }
    let change = type_change(side, old, new);
    match change {
        TypeChange::None => declared_type(recorder, place, old, new),
        TypeChange::Format(id) | TypeChange::Near(id) | TypeChange::Far(id) => {
            let (before, after) = (type_text(old), type_text(new));
            recorder.add(&side.id(id), &*place.path).from(&place.old).before(Some(before)).after(Some(after));
        }
    }
    if let TypeChange::Far(_) = change {
        return false;
    }
    default(recorder, side, place, old, new);
    values::compare(recorder, side, place, old, new);
    bounds(recorder, side, place, old, new);
    let ids = ["pattern-added", "pattern-removed", "pattern-changed"].map(|id| side.id(id));
    change_of(recorder, &ids, place, old.pattern.as_deref(), new.pattern.as_deref());
    text::compare(recorder, "description-changed", place, old.description.as_deref(), new.description.as_deref());
    if let Some(facet) = facet(old.example.as_deref(), new.example.as_deref()) {
        let entry = recorder.add("example-changed", &*place.path).from(&place.old).facet(facet);
        entry.before(old.example.as_deref()).after(new.example.as_deref());
    }
    true
}

/// `added`, `removed` or `changed`.
fn facet(old: Option<&str>, new: Option<&str>) -> Option<&'static str> {
    match (old, new) {
        (None, Some(_)) => Some("added"),
        (Some(_), None) => Some("removed"),
        (Some(old), Some(new)) if old != new => Some("changed"),
        _ => None,
    }
}

fn change_of(recorder: &mut Recorder<'_>, ids: &[String; 3], place: &Place, old: Option<&str>, new: Option<&str>) {
    let [added, removed, changed] = ids;
    let id = match facet(old, new) {
        Some("added") => added,
        Some("removed") => removed,
        Some(_) => changed,
        None => return,
    };
    recorder.add(id, &*place.path).from(&place.old).before(old).after(new);
}

/// Where and how a parameter travels.
fn travel(recorder: &mut Recorder<'_>, place: &Place, old: &Field, new: &Field) {
    let top = |path: &str, field: &Field| path.strip_prefix("request.") == Some(&*field.name);
    // A parameter that says nothing travels in the query; a field within one travels with it.
    let (was, is) = if top(&place.old, old) && top(&place.path, new) {
        let usual = Location::Query;
        (Some(old.location.unwrap_or(usual)), Some(new.location.unwrap_or(usual)))
    } else {
        (old.location, new.location)
    };
    if let (Some(was), Some(is)) = (was, is)
        && was != is
    {
        let entry = recorder.add("request-field-in-changed", &*place.path).from(&place.old);
        entry.before(Some(location(was))).after(Some(location(is)));
        return;
    }
    let (was, is) = (old.style.unwrap_or(Style::Flat), new.style.unwrap_or(Style::Flat));
    // A shape that changes has another style for that reason alone.
    if was != is && old.kind == new.kind {
        let entry = recorder.add("request-field-in-changed", &*place.path).from(&place.old).facet("style");
        entry.before(Some(style(was))).after(Some(style(is)));
    }
}

fn location(location: Location) -> &'static str {
    match location {
        Location::Query => "query",
        Location::Path => "path",
        Location::Header => "header",
        Location::Body => "body",
        Location::Form => "form",
    }
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Flat => "flat",
        Style::Json => "json",
        Style::Comma => "comma",
        Style::Repeat => "repeat",
    }
}

fn declared_type(recorder: &mut Recorder<'_>, place: &Place, old: &Field, new: &Field) {
    if old.declared_type != new.declared_type {
        let entry = recorder.add("declared-type-changed", &*place.path).from(&place.old);
        entry.before(old.declared_type.as_deref()).after(new.declared_type.as_deref());
    }
}

fn default(recorder: &mut Recorder<'_>, side: Side, place: &Place, old: &Field, new: &Field) {
    let (was, is) = (old.default.as_deref(), new.default.as_deref());
    if side == Side::Request {
        let ids = ["default-added", "default-removed", "default-changed"].map(|id| side.id(id));
        change_of(recorder, &ids, place, was, is);
    } else if let Some(facet) = facet(was, is) {
        let entry = recorder.add("response-default-changed", &*place.path).from(&place.old);
        entry.facet(facet).before(was).after(is);
    }
}

fn bounds(recorder: &mut Recorder<'_>, side: Side, place: &Place, old: &Field, new: &Field) {
    let number = |number: Option<u64>| number.map(Number::from);
    let bounds = [
        ("min", false, old.min.clone(), new.min.clone()),
        ("max", true, old.max.clone(), new.max.clone()),
        ("min_length", false, number(old.min_length), number(new.min_length)),
        ("max_length", true, number(old.max_length), number(new.max_length)),
        ("min_items", false, number(old.min_items), number(new.min_items)),
        ("max_items", true, number(old.max_items), number(new.max_items)),
    ];
    for (facet, upper, was, is) in bounds {
        let rule = match (&was, &is) {
            (None, Some(_)) => "bound-added",
            (Some(_), None) => "bound-removed",
            (Some(was), Some(is)) => match compare_numbers(was, is) {
                std::cmp::Ordering::Equal => continue,
                order if upper == order.is_lt() => "bound-loosened",
                _ => "bound-tightened",
            },
            (None, None) => continue,
        };
        let text = |number: Option<Number>| number.map(|number| number.to_string());
        let entry = recorder.add(&side.id(rule), &*place.path).from(&place.old);
        entry.facet(facet).before(text(was)).after(text(is));
    }
}

/// By value: whole numbers exactly, others as floats.
fn compare_numbers(a: &Number, b: &Number) -> std::cmp::Ordering {
    let whole = |number: &Number| number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().unwrap_or(f64::NAN).total_cmp(&b.as_f64().unwrap_or(f64::NAN)),
    }
}
