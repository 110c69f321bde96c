//! The answers of an operation, by status.

use super::members::{self, Settled};
use super::side::{Place, Side};
use super::{order, text};
use crate::diff::finding::Recorder;
use crate::diff::pairing::names_dice;
use crate::spec::Response;

/// One status stands for another where their fields overlap at least so far.
const SAME_FIELDS: f64 = 2.0 / 3.0;

pub(super) fn compare(recorder: &mut Recorder<'_>, old: &[Response], new: &[Response], settled: &Settled<'_>) {
    let names = |responses: &[Response]| responses.iter().map(|response| response.status.to_string()).collect();
    let (was, is): (Vec<String>, Vec<String>) = (names(old), names(new));
    let place = Place::at("response");
    order::compare(recorder, &place, "response", was.iter().map(String::as_str), is.iter().map(String::as_str));
    let mut come: Vec<&Response> = new.iter().filter(|new| old.iter().all(|old| old.status != new.status)).collect();
    for response in old {
        if let Some(same) = new.iter().find(|new| new.status == response.status) {
            pair(recorder, response, same, settled);
            continue;
        }
        let best = come
            .iter()
            .enumerate()
            .filter(|(_, new)| is_success(response.status) && is_success(new.status))
            .map(|(index, new)| (overlap(response, new), index))
            .filter(|(overlap, _)| *overlap >= SAME_FIELDS)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((_, index)) = best {
            let new = come.remove(index);
            let (from, path) = (path(response.status), path(new.status));
            let entry = recorder.add("response-status-replaced", path).from(&from);
            entry.before(Some(response.status.to_string())).after(Some(new.status.to_string()));
            pair(recorder, response, new, settled);
        } else {
            let status = response.status;
            recorder.add("response-status-removed", path(status)).before(Some(status.to_string()));
        }
    }
    for new in come {
        recorder.add("response-status-added", path(new.status)).after(Some(new.status.to_string()));
    }
}

fn pair(recorder: &mut Recorder<'_>, old: &Response, new: &Response, settled: &Settled<'_>) {
    let place = Place { path: path(new.status), old: path(old.status) };
    text::compare(recorder, "description-changed", &place, old.description.as_deref(), new.description.as_deref());
    members::compare(recorder, Side::Response, place, &old.fields, &new.fields, settled);
}

fn path(status: u16) -> String {
    format!("response.{status}")
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// How far the fields overlap; two statuses without fields are alike.
fn overlap(old: &Response, new: &Response) -> f64 {
    let names = |response: &'_ Response| response.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    let (old, new) = (names(old), names(new));
    names_dice(old.iter().map(String::as_str), new.iter().map(String::as_str)).unwrap_or(1.0)
}
