//! The extensions without which an import would give another spec: the document is read as an import reads it, and
//! what differs is said by its own key of the spec format.

use serde::Serialize;

use super::schema::{below, properties};
use crate::openapi::extension::{self, amendments};
use crate::openapi::import::Found;
use crate::openapi::node::{Entry, Node};
use crate::spec::{Field, Location, Operation, Response};

/// Adds extensions to an operation, of which an import makes `got`.
pub(super) fn operation(node: &mut Node, want: &Operation, got: &Operation) {
    let mut out = amendments(want, got, &["request", "responses"]);
    match order(&want.request, &got.request) {
        None => out.push(Entry::new(extension::name("request"), json(&want.request))),
        Some(order) => {
            if !order.is_sorted() {
                let order: Vec<Node> = order.iter().map(|at| serde_json::Value::from(*at).into()).collect();
                out.push(Entry::new(extension::ORDER, order));
            }
            for (field, at) in want.request.iter().zip(&order) {
                if let Some(got) = got.request.get(*at) {
                    parameter(node, field, got);
                }
            }
        }
    }
    let statuses = |responses: &[Response]| responses.iter().map(|response| response.status).collect::<Vec<_>>();
    if statuses(&want.responses) == statuses(&got.responses) {
        for (want, got) in want.responses.iter().zip(&got.responses) {
            response(node, want, got);
        }
    } else {
        out.push(Entry::new(extension::name("responses"), json(&want.responses)));
    }
    node.entries_mut().extend(out);
}

/// Where each wanted parameter stands among those that an import gives; nothing where one is missing.
fn order(want: &[Field], got: &[Field]) -> Option<Vec<usize>> {
    let mut places = std::collections::BTreeMap::new();
    for (at, field) in got.iter().enumerate() {
        places.insert((field.name.as_str(), field.location), at);
    }
    let order: Option<Vec<usize>> =
        want.iter().map(|field| places.remove(&(field.name.as_str(), field.location))).collect();
    order.filter(|_| places.is_empty() && want.len() == got.len())
}

fn parameter(operation: &mut Node, want: &Field, got: &Field) {
    let body = match want.location {
        Some(Location::Body) => Some("application/json"),
        Some(Location::Form) => Some("application/x-www-form-urlencoded"),
        _ => None,
    };
    if let Some(media) = body {
        let schema = operation.get_mut("requestBody").and_then(|body| media_schema(body, media));
        let property = schema.and_then(|schema| {
            properties(schema).iter_mut().find(|property| property.key == want.name).map(|property| &mut property.node)
        });
        if let Some(property) = property {
            let out = field(property, want, got);
            property.entries_mut().extend(out);
        }
        return;
    }
    let place = match want.location {
        Some(Location::Path) => "path",
        Some(Location::Header) => "header",
        _ => "query",
    };
    let Some(list) = operation.get_mut("parameters") else { return };
    let crate::openapi::node::Value::List(parameters) = &mut list.value else { return };
    let is = |node: &Node, key: &str, text: &str| node.get(key).and_then(Node::as_text) == Some(text);
    let found = parameters.iter_mut().find(|node| is(node, "name", &want.name) && is(node, "in", place));
    let Some(parameter) = found else { return };
    let mut none = Node::default();
    let schema = match parameter.get("schema") {
        Some(_) => parameter.get_mut("schema"),
        None => media_schema(parameter, "application/json"),
    };
    let out = field(schema.unwrap_or(&mut none), want, got);
    parameter.entries_mut().extend(out);
}

fn response(operation: &mut Node, want: &Response, got: &Response) {
    let Some(node) = operation.get_mut("responses").and_then(|all| all.get_mut(&want.status.to_string())) else {
        return;
    };
    let mut out = amendments(want, got, &["status", "fields"]);
    let same =
        want.fields.len() == got.fields.len() && want.fields.iter().zip(&got.fields).all(|(a, b)| a.name == b.name);
    if same {
        if let Some(schema) = media_schema(node, "application/json") {
            members(schema, &want.fields, &got.fields);
        }
    } else {
        out.push(Entry::new(extension::name("fields"), json(&want.fields)));
    }
    node.entries_mut().extend(out);
}

/// The extensions of one field; those of what it holds are added to their schemas.
fn field(schema: &mut Node, want: &Field, got: &Field) -> Vec<Entry> {
    let mut out = amendments(want, got, &["name", "in", "fields", "items"]);
    let names = |fields: &[Field]| fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    if names(&want.fields) == names(&got.fields) {
        members(schema, &want.fields, &got.fields);
    } else {
        out.push(Entry::new(extension::name("fields"), json(&want.fields)));
    }
    match (&want.items, &got.items) {
        (Some(items), Some(got)) => match below(schema, want) {
            Some(node) => {
                let inner = field(node, items, got);
                node.entries_mut().extend(inner);
            }
            None => out.push(Entry::new(extension::name("items"), json(items))),
        },
        (Some(items), None) => out.push(Entry::new(extension::name("items"), json(items))),
        (None, Some(_)) => out.push(Entry::new(extension::name("items"), serde_json::Value::Null)),
        (None, None) => {}
    }
    out
}

/// Adds the extensions of an object's fields to its properties, which stand in their order.
fn members(schema: &mut Node, want: &[Field], got: &[Field]) {
    for ((want, got), property) in want.iter().zip(got).zip(properties(schema)) {
        let out = field(&mut property.node, want, got);
        property.node.entries_mut().extend(out);
    }
}

fn media_schema<'n>(node: &'n mut Node, media: &str) -> Option<&'n mut Node> {
    node.get_mut("content")?.get_mut(media)?.get_mut("schema")
}

fn json<T: Serialize>(part: &T) -> serde_json::Value {
    serde_json::to_value(part).unwrap_or_default()
}

/// The operation of a document that is not written yet.
pub(super) fn alone<'a>(whole: crate::openapi::documents::At<'a>, key: &'a str, method: &'a str) -> Option<Found<'a>> {
    Some(Found { root: whole, key, path: whole, method, at: whole.get("operation")? })
}
