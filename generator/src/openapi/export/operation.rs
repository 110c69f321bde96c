//! An operation of a spec → one of a document.

use std::collections::{BTreeMap, BTreeSet};

use super::amend;
use super::schema::{members, schema};
use crate::openapi::documents::Documents;
use crate::openapi::extension;
use crate::openapi::import::Reader;
use crate::openapi::node::{Entry, Node};
use crate::spec::{ErrorCode, Example, Field, Location, Operation, Protocol, Required, Response, Service, Style, Type};

/// An operation, with the extensions that bring its spec back.
pub(super) fn operation(service: &Service, operation: &Operation, key: &str, method: &str) -> Node {
    let node = plain(service, operation);
    // As the whole document has it.
    let asked = vec![Node::from(vec![Entry::new("bearer", Vec::<Node>::new())])];
    let documents = Documents::of(vec![Entry::new("operation", node), Entry::new("security", asked)].into());
    let got = documents.whole(0).and_then(|whole| amend::alone(whole, key, method)).map(|found| {
        let (got, _) = Reader::new(&documents).operation(found, service.protocol, "");
        got
    });
    let mut files = documents.files;
    let root = files.pop().map(|file| file.root).unwrap_or_default();
    let mut node = match root.value {
        crate::openapi::node::Value::Map(entries) => entries.into_iter().next().map(|entry| entry.node),
        _ => None,
    }
    .unwrap_or_default();
    if let Some(got) = got {
        amend::operation(&mut node, operation, &got);
    }
    node
}

/// What OpenAPI itself can say of an operation.
fn plain(service: &Service, operation: &Operation) -> Node {
    let mut entries = vec![Entry::new("operationId", operation.operation.as_str())];
    let mut put = |key: &str, node: Option<Node>| entries.extend(node.map(|node| Entry::new(key, node)));
    put("summary", operation.summary.as_deref().map(Node::from));
    put("description", operation.description.as_deref().map(Node::from));
    put("deprecated", Some(true.into()).filter(|_| operation.deprecated));
    let parameters = parameters(service, operation);
    put("parameters", Some(parameters).filter(|list| !list.is_empty()).map(Node::from));
    put("requestBody", body(operation));
    put("responses", responses(operation));
    let open = service.protocol == Protocol::RestJson && operation.anonymous;
    put("security", Some(Vec::<Node>::new().into()).filter(|_| open));
    for (key, value) in operation.extensions.iter().filter(|(key, _)| !key.starts_with(extension::PREFIX)) {
        put(key, Some(value.clone().into()));
    }
    entries.into()
}

fn parameters(service: &Service, operation: &Operation) -> Vec<Node> {
    let placeholders = placeholders(&operation.http.path);
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    for field in &operation.request {
        let place = match field.location {
            Some(Location::Query) => "query",
            Some(Location::Path) if placeholders.contains(field.name.as_str()) => "path",
            Some(Location::Header) => "header",
            _ => continue,
        };
        let name = if place == "header" { field.name.to_ascii_lowercase() } else { field.name.clone() };
        if !field.name.trim().is_empty() && seen.insert((place, name)) {
            out.push(parameter(field, place, service.protocol));
        }
    }
    for name in placeholders {
        if !seen.contains(&("path", name.to_owned())) {
            out.push(added(name, "path", None));
        }
    }
    for (name, value) in fixed(&operation.http.path) {
        if seen.insert(("query", name.to_owned())) {
            out.push(added(name, "query", Some(value)));
        }
    }
    if service.protocol == Protocol::AliyunRpc {
        let version = service.api_version.as_deref();
        for (name, value) in [("x-acs-action", Some(operation.operation.as_str())), ("x-acs-version", version)] {
            if seen.insert(("header", name.to_owned())) {
                out.push(added(name, "header", value));
            }
        }
    }
    out
}

/// A parameter that the protocol sends, or that OpenAPI asks for, and the spec does not have.
fn added(name: &str, place: &str, value: Option<&str>) -> Node {
    let mut schema = vec![Entry::new("type", "string")];
    schema.extend(value.map(|value| Entry::new("enum", vec![Node::from(value)])));
    vec![
        Entry::new("name", name),
        Entry::new("in", place),
        Entry::new("required", true),
        Entry::new("schema", schema),
        Entry::new(extension::ADDED, true),
    ]
    .into()
}

fn parameter(field: &Field, place: &str, protocol: Protocol) -> Node {
    let mut entries = vec![Entry::new("name", field.name.as_str()), Entry::new("in", place)];
    let mut put = |key: &str, node: Option<Node>| entries.extend(node.map(|node| Entry::new(key, node)));
    put("description", field.description.as_deref().map(Node::from));
    let required = place == "path" || field.required == Some(Required::Yes);
    put("required", Some(true.into()).filter(|_| required));
    put("deprecated", Some(true.into()).filter(|_| field.deprecated));
    let schema = schema(field, false);
    let flat = matches!(protocol, Protocol::AliyunRpc | Protocol::AliyunRoa);
    let style = field.style.unwrap_or(match place {
        "query" if flat => Style::Flat,
        "query" => Style::Repeat,
        _ => Style::Comma,
    });
    let composite = matches!(field.kind, Type::Array | Type::Object | Type::Map);
    if composite && style == Style::Json && place != "path" {
        put("content", Some(vec![Entry::new("application/json", vec![Entry::new("schema", schema)])].into()));
    } else {
        if composite && place == "query" {
            put("style", Some("form".into()));
            put("explode", Some((style != Style::Comma).into()));
        }
        let said = match (field.kind, place, style) {
            (Type::Array, "query", style) => style != Style::Flat,
            (Type::Array, "header", _) => true,
            _ => !composite,
        };
        let word = serde_json::to_value(style).unwrap_or_default();
        put("schema", Some(schema));
        put(extension::WIRE_STYLE, Some(word.into()).filter(|_| !said));
    }
    let ignored = ["accept", "content-type", "authorization"];
    // An import passes over these, unless something shows that a spec has them.
    let shown = place == "header" && ignored.iter().any(|header| header.eq_ignore_ascii_case(&field.name));
    put(&extension::name("in"), Some("header".into()).filter(|_| shown));
    entries.into()
}

fn body(operation: &Operation) -> Option<Node> {
    let at = |location: Location| {
        let mut seen = BTreeSet::new();
        let fields = operation.request.iter().filter(move |field| field.location == Some(location));
        fields.filter(|field| seen.insert(field.name.as_str())).collect::<Vec<_>>()
    };
    let (json, form) = (at(Location::Body), at(Location::Form));
    let required = json.iter().chain(&form).any(|field| field.required == Some(Required::Yes));
    let mut content = Vec::new();
    for (media, fields) in [("application/json", &json), ("application/x-www-form-urlencoded", &form)] {
        if !fields.is_empty() {
            let mut schema = vec![Entry::new("type", "object")];
            schema.extend(members(fields.iter().copied()));
            content.push(Entry::new(media, vec![Entry::new("schema", schema)]));
        }
    }
    if content.is_empty() {
        return None;
    }
    let mut entries = vec![Entry::new("content", content)];
    if required {
        entries.insert(0, Entry::new("required", true));
    }
    Some(entries.into())
}

fn responses(operation: &Operation) -> Option<Node> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen = BTreeSet::new();
    for response in &operation.responses {
        if (100..600).contains(&response.status) && seen.insert(response.status) {
            entries.push(Entry::new(response.status.to_string(), answer(response, &operation.examples)));
        }
    }
    let mut codes: BTreeMap<u16, Vec<&ErrorCode>> = BTreeMap::new();
    for error in &operation.errors {
        let status = error.status.filter(|status| (100..600).contains(status) && !seen.contains(status));
        codes.entry(status.unwrap_or_default()).or_default().push(error);
    }
    codes.remove(&0);
    for (status, errors) in codes {
        let lines = errors.iter().map(|error| match &error.message {
            Some(message) => format!("- `{}`: {message}", error.code),
            None => format!("- `{}`", error.code),
        });
        let description = lines.collect::<Vec<_>>().join("\n");
        let answer = vec![Entry::new("description", description), Entry::new(extension::ADDED, true)];
        entries.push(Entry::new(status.to_string(), answer));
    }
    Some(entries).filter(|entries| !entries.is_empty()).map(Node::from)
}

fn answer(response: &Response, examples: &[Example]) -> Node {
    let description = match &response.description {
        Some(text) => text.clone(),
        None => format!("The answer of status {}.", response.status),
    };
    let mut entries = vec![Entry::new("description", description)];
    if response.fields.is_empty() {
        return entries.into();
    }
    let mut schema = vec![Entry::new("type", "object")];
    schema.extend(members(&response.fields));
    let mut media = vec![Entry::new("schema", schema)];
    let of_status = |example: &&Example| match example.status {
        Some(status) => status == response.status,
        None => (200..300).contains(&response.status),
    };
    let samples: Vec<Entry> = examples
        .iter()
        .filter(of_status)
        .filter_map(|example| {
            let value = serde_json::from_str::<serde_json::Value>(example.response.as_deref()?).ok()?;
            let mut entries: Vec<Entry> =
                example.title.as_deref().map(|title| Entry::new("summary", title)).into_iter().collect();
            entries.extend([Entry::new("value", value), Entry::new(extension::ADDED, true)]);
            Some(entries)
        })
        .enumerate()
        .map(|(index, entries)| Entry::new(format!("sample{}", index + 1), entries))
        .collect();
    if !samples.is_empty() {
        media.push(Entry::new("examples", samples));
    }
    entries.push(Entry::new("content", vec![Entry::new("application/json", media)]));
    entries.into()
}

/// The names in a path's braces.
fn placeholders(path: &str) -> BTreeSet<&str> {
    let bare = path.split(['?', '#']).next().unwrap_or_default();
    bare.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).filter(|name| !name.is_empty()).collect()
}

/// The pairs of a query that stands in the path itself.
fn fixed(path: &str) -> Vec<(&str, &str)> {
    let query = path.split_once('?').map(|(_, query)| query).unwrap_or_default();
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
}
