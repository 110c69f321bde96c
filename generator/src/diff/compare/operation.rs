//! One operation that both sides have, or that was renamed.

use std::collections::BTreeSet;

use super::members::{self, Settled};
use super::rust_names::{Names, Types};
use super::side::{Place, Side};
use super::{errors, history, http, paging, permissions, responses, text};
use crate::diff::finding::{Finding, Recorder};
use crate::diff::rule::{Bump, Direction};
use crate::diff::side::ParsedOperation;
use crate::render::snake;
use crate::spec::overlay::Rename;
use crate::spec::{Example, Field, Operation};

/// With fewer fields than this, an operation that loses them all is no sign of a broken page.
const EMPTIED: usize = 3;

/// What an operation's comparison needs to know of its service.
pub(super) struct Surroundings<'a> {
    pub(super) service: &'a str,
    /// Codes that moved between operations and the service.
    pub(super) moved_errors: &'a BTreeSet<String>,
    pub(super) renames: &'a [Rename],
}

/// Compares two states of an operation.
pub(super) fn compare(
    around: &Surroundings<'_>,
    old: &ParsedOperation,
    new: &ParsedOperation,
) -> (Vec<Finding>, Vec<String>) {
    let (was, is) = (&old.operation, &new.operation);
    let mut recorder = Recorder::new(around.service, &is.operation);
    let placeholders = http::compare(&mut recorder, &was.http, &is.http);
    if was.operation == is.operation && rust_name(was) != rust_name(is) {
        recorder.add("operation-rust-renamed", "").before(Some(rust_name(was))).after(Some(rust_name(is)));
    }
    keep_setters(&mut recorder, &placeholders, was, is);
    let mine = |rename: &&Rename| rename.operation.as_deref().is_some_and(|name| name == is.operation);
    let renames = around.renames.iter().filter(mine).collect();
    let settled = Settled { placeholders, renames, types: Types::new(was, is) };
    members::compare(&mut recorder, Side::Request, Place::at("request"), &was.request, &is.request, &settled);
    responses::compare(&mut recorder, &was.responses, &is.responses, &settled);
    if is_emptied(was, is) {
        emptied(&mut recorder, was);
    }
    if was.deprecated != is.deprecated {
        recorder.add(if is.deprecated { "operation-deprecated" } else { "operation-undeprecated" }, "");
    }
    if was.anonymous != is.anonymous {
        let id = if is.anonymous { "authentication-removed" } else { "authentication-added" };
        recorder.add(id, "anonymous");
    }
    paging::compare(&mut recorder, was, is);
    paging::compare_waiters(&mut recorder, &was.waiters, &is.waiters);
    errors::compare(&mut recorder, "errors", &was.errors, &is.errors, around.moved_errors);
    permissions::compare(&mut recorder, &was.permissions, &is.permissions);
    let place = Place::at("summary");
    text::compare(&mut recorder, "summary-changed", &place, was.summary.as_deref(), is.summary.as_deref());
    let place = Place::at("description");
    text::compare(&mut recorder, "description-changed", &place, was.description.as_deref(), is.description.as_deref());
    examples(&mut recorder, &was.examples, &is.examples);
    history::compare(&mut recorder, &was.history, &is.history);
    extensions(&mut recorder, old, new);
    text::mark_hints(recorder.findings_mut());
    if !touches(around.moved_errors, was, is) {
        history::mark_unseen(recorder.findings_mut());
    }
    recorder.finish()
}

/// The name of an operation's method.
pub(super) fn rust_name(operation: &Operation) -> String {
    snake(operation.called())
}

/// Where people keep the names of all setters whose placeholders were renamed, the crate stays as it is.
fn keep_setters(recorder: &mut Recorder<'_>, placeholders: &[(String, String)], old: &Operation, new: &Operation) {
    let names = Names::of_fields(Side::Request, &old.request, &new.request);
    if !placeholders.is_empty() && placeholders.iter().all(|(old, new)| names.same(old, new) == Some(true)) {
        let renamed = |finding: &&mut Finding| finding.rule.id == "http-path-placeholder-renamed";
        if let Some(finding) = recorder.findings_mut().iter_mut().find(renamed) {
            finding.rust = Bump::Patch;
        }
    }
}

/// Whether a code that moved to or from the service did so here, which is a visible change.
fn touches(moved: &BTreeSet<String>, old: &Operation, new: &Operation) -> bool {
    let has = |operation: &Operation, code: &String| operation.errors.iter().any(|error| error.code == *code);
    moved.iter().any(|code| has(old, code) != has(new, code))
}

fn is_emptied(old: &Operation, new: &Operation) -> bool {
    fields(new) == 0 && fields(old) >= EMPTIED
}

/// All fields of an operation, at any depth.
fn fields(operation: &Operation) -> usize {
    fn below(fields: &[Field]) -> usize {
        fields.iter().map(|field| 1 + below(&field.fields) + items(field)).sum()
    }
    fn items(field: &Field) -> usize {
        field.items.as_deref().map_or(0, |inner| below(&inner.fields) + items(inner))
    }
    below(&operation.request) + operation.responses.iter().map(|response| below(&response.fields)).sum::<usize>()
}

/// Puts one finding in place of all that was found in request and response.
fn emptied(recorder: &mut Recorder<'_>, old: &Operation) {
    recorder.findings_mut().retain(|finding| {
        !matches!(finding.rule.direction, Direction::Request | Direction::Response)
            && !finding.path.starts_with("request")
            && !finding.path.starts_with("response")
    });
    recorder.add("operation-emptied", "").before(Some(format!("{} fields", fields(old)))).after(Some("none"));
}

fn examples(recorder: &mut Recorder<'_>, old: &[Example], new: &[Example]) {
    let gone = old.iter().filter(|example| !new.contains(example)).count();
    let come = new.iter().filter(|example| !old.contains(example)).count();
    let facet = match (gone, come) {
        (0, 0) => {
            let names =
                |examples: &[Example]| examples.iter().map(|example| format!("{example:?}")).collect::<Vec<_>>();
            let (old, new) = (names(old), names(new));
            if old.len() == new.len() && old != new {
                recorder.add("order-changed", "examples").facet("examples");
            }
            return;
        }
        (0, _) => "added",
        (_, 0) => "removed",
        _ => "changed",
    };
    let count = |examples: &[Example]| {
        let titles: Vec<&str> = examples.iter().filter_map(|example| example.title.as_deref()).collect();
        if titles.is_empty() { format!("{} examples", examples.len()) } else { titles.join(", ") }
    };
    recorder.add("example-changed", "examples").facet(facet).before(Some(count(old))).after(Some(count(new)));
}

fn extensions(recorder: &mut Recorder<'_>, old: &ParsedOperation, new: &ParsedOperation) {
    let ids = ["extension-changed"; 3];
    let keys: BTreeSet<&String> = old.extensions.keys().chain(new.extensions.keys()).collect();
    for key in keys {
        let (was, is) = (old.extensions.get(key), new.extensions.get(key));
        recorder.add_change(ids, key, was.map(String::as_str), is.map(String::as_str));
    }
}
