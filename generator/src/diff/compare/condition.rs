//! Whether a field must be given, always or under conditions.

use super::order;
use super::side::{Place, Side};
use crate::diff::finding::Recorder;
use crate::spec::{Condition, Field, Required};

/// The rule for a field that is new in a request.
pub(super) fn added_rule(field: &Field) -> &'static str {
    match field.required.unwrap_or(Required::No) {
        Required::Yes if field.default.is_some() => "request-field-added-required-with-default",
        Required::Yes => "request-field-added-required",
        _ if !field.required_when.is_empty() => "request-field-added-conditional",
        Required::Unknown => "request-field-added-unknown",
        Required::No => "request-field-added-optional",
    }
}

/// Compares `required` and `required_when`.
pub(super) fn compare(recorder: &mut Recorder<'_>, side: Side, place: &Place, old: &Field, new: &Field) {
    let (was, is) = (old.required.unwrap_or(Required::No), new.required.unwrap_or(Required::No));
    let id = match side {
        Side::Request => request_rule(was, is, old, new),
        Side::Response => response_rule(was, is),
    };
    if let Some(id) = id {
        let (before, after) = (state(was, &old.required_when), state(is, &new.required_when));
        recorder.add(id, &*place.path).from(&place.old).before(Some(before)).after(Some(after));
    }
    if side == Side::Request && id.is_none() {
        let names = |field: &Field| field.required_when.iter().map(text).collect::<Vec<_>>();
        let (old, new) = (names(old), names(new));
        order::compare(recorder, place, "conditions", old.iter().map(String::as_str), new.iter().map(String::as_str));
    }
}

fn request_rule(was: Required, is: Required, old: &Field, new: &Field) -> Option<&'static str> {
    use Required::{No, Unknown, Yes};
    let (had, has) = (!old.required_when.is_empty(), !new.required_when.is_empty());
    Some(match (was, is) {
        (Yes, No | Unknown) if has => "request-field-became-conditional",
        (No | Unknown, No | Unknown) if has && !had => "request-condition-added",
        (No, Yes) => "request-field-became-required",
        (Yes, No) => "request-field-became-optional",
        (Yes | No, Unknown) => "request-field-required-unknown",
        (Unknown, Yes) => "request-field-required-clarified",
        (Unknown, No) => "request-field-optional-clarified",
        _ => return conditions_rule(&old.required_when, &new.required_when),
    })
}

/// Of a field whose `required` stays: its conditions, as sets.
fn conditions_rule(old: &[Condition], new: &[Condition]) -> Option<&'static str> {
    let gone = old.iter().any(|condition| !new.contains(condition));
    let come = new.iter().any(|condition| !old.contains(condition));
    match (gone, come) {
        (false, false) => None,
        (true, false) => Some("request-condition-removed"),
        // On a field that is required anyway, the first condition changes no call.
        (false, true) if old.is_empty() => None,
        _ => Some("request-condition-changed"),
    }
}

fn response_rule(was: Required, is: Required) -> Option<&'static str> {
    use Required::{No, Unknown, Yes};
    Some(match (was, is) {
        (Yes, No) => "response-field-became-optional",
        (No, Yes) => "response-field-became-required",
        (Yes | No, Unknown) => "response-field-required-unknown",
        (Unknown, Yes | No) => "response-field-required-clarified",
        (Yes, Yes) | (No, No) | (Unknown, Unknown) => return None,
    })
}

fn state(required: Required, conditions: &[Condition]) -> String {
    let word = match required {
        Required::Yes => "required",
        Required::No if !conditions.is_empty() => "",
        Required::No => "optional",
        Required::Unknown => "unknown",
    };
    let conditions = conditions.iter().map(text).collect::<Vec<_>>().join(" and ");
    match (word, conditions.as_str()) {
        (word, "") => word.to_owned(),
        ("" | "unknown", conditions) => format!("required when {conditions}"),
        (word, conditions) => format!("{word}, when {conditions}"),
    }
}

/// A condition as people read it: `Kind = ssd | hdd`.
fn text(condition: &Condition) -> String {
    let mut parts = Vec::new();
    if !condition.equals.is_empty() {
        parts.push(format!("{} = {}", condition.parameter, condition.equals.join(" | ")));
    }
    if !condition.not_equals.is_empty() {
        parts.push(format!("{} ≠ {}", condition.parameter, condition.not_equals.join(" | ")));
    }
    match condition.present {
        Some(true) => parts.push(format!("{} is given", condition.parameter)),
        Some(false) => parts.push(format!("{} is left out", condition.parameter)),
        None if parts.is_empty() => parts.push(condition.parameter.clone()),
        None => {}
    }
    parts.join(", ")
}
