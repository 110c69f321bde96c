//! Paths → operations.

use std::collections::BTreeSet;

use super::reader::{Place, Reader};
use crate::openapi::documents::At;
use crate::openapi::extension;
use crate::openapi::loss;
use crate::spec::{Field, Http, Location, Operation, Protocol, Required, Type};

/// The methods that path items have.
pub(in crate::openapi) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation of a document.
#[derive(Clone, Copy, Debug)]
pub(in crate::openapi) struct Found<'a> {
    pub(in crate::openapi) root: At<'a>,
    /// The key under `paths`.
    pub(in crate::openapi) key: &'a str,
    /// What is said of all operations of the path.
    pub(in crate::openapi) path: At<'a>,
    pub(in crate::openapi) method: &'a str,
    pub(in crate::openapi) at: At<'a>,
}

impl<'a> Reader<'a> {
    /// The operations of a document, in its order.
    pub(super) fn found(&mut self, root: At<'a>) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        let Some(paths) = root.get("paths").and_then(|paths| self.map(paths, "paths")) else { return found };
        for (key, path) in paths.entries().filter(|(key, _)| !key.starts_with("x-")) {
            if !key.starts_with('/') {
                self.lose(loss::SHAPE, path, format!("the path `{key}` does not begin with `/`"));
                continue;
            }
            let Some(target) = self.follow(path).and_then(|target| self.map(target, "a path's operations")) else {
                continue;
            };
            let path = At { span: path.span, ..target };
            for (method, at) in path.entries() {
                match method {
                    _ if METHODS.contains(&method) => found.push(Found { root, key, path, method, at }),
                    extension::METHODS => {
                        found.extend(at.entries().map(|(method, at)| Found { root, key, path, method, at }));
                    }
                    "$ref" | "parameters" | "summary" | "description" => {}
                    "servers" => self.lose(loss::SERVER, at, "servers of a path are left out"),
                    _ if method.starts_with(extension::PREFIX) => {}
                    _ => self.lose(loss::LEFT_OUT, at, format!("`{method}` of a path is left out")),
                }
            }
        }
        found
    }

    /// The operation, and where its facts stand.
    pub(in crate::openapi) fn operation(
        &mut self,
        found: Found<'a>,
        protocol: Protocol,
        folder: &str,
    ) -> (Operation, Vec<Place>) {
        let Found { root, key, path, method, at } = found;
        self.begin();
        let bare = key.split('#').next().unwrap_or_default();
        let http = Http { method: method.to_ascii_uppercase(), path: format!("{folder}{bare}") };
        let known = [
            "operationId",
            "summary",
            "description",
            "deprecated",
            "parameters",
            "requestBody",
            "responses",
            "security",
            "servers",
        ];
        let extensions = self.extensions(at, "an operation", &known);
        if let Some(servers) = at.get("servers") {
            self.lose(loss::SERVER, servers, "servers of an operation are left out");
        }
        let line = |key| at.text(key).or_else(|| path.text(key)).map(|text| text.trim().to_owned());
        let mut operation = Operation {
            operation: self.name(at, method, bare),
            summary: line("summary"),
            description: line("description"),
            deprecated: at.node.is_true("deprecated"),
            http,
            extensions,
            ..Operation::default()
        };
        let named = at.get("operationId").unwrap_or(at);
        self.fact("operation", named, "openapi-operation");
        self.fact("http.method", at, "openapi-method");
        self.fact("http.path", path, "openapi-path");
        let mut request = self.parameters(path, at, protocol);
        operation.anonymous = Self::is_anonymous(root, at, protocol);
        request.extend(self.security(root, at));
        request.extend(self.request_body(at, &mut operation.examples));
        operation.request = self.placed(request, &operation.http.path, at);
        operation.responses = self.responses(at, &mut operation.examples);
        let operation = self.settled(operation, at);
        let fields = names(&operation);
        let mut seen = BTreeSet::new();
        let mut places = std::mem::take(&mut self.places);
        places.retain(|place| fields.contains(&place.path) && seen.insert(place.path.clone()));
        (operation, places)
    }

    /// The operation's name, fit to be a file's.
    fn name(&mut self, at: At<'a>, method: &str, path: &str) -> String {
        let Some(id) = at.text("operationId") else {
            let words = path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let name: String = std::iter::once(method).chain(words).map(capital).collect();
            self.lose(loss::NAME, at, format!("an operation without `operationId` is called `{name}`"));
            return name;
        };
        let unfit = |c: char| c.is_control() || c.is_whitespace() || "/\\:*?\"<>|".contains(c);
        let fit = id.trim().trim_start_matches('.').replace(unfit, "-");
        let fit: String = fit.chars().take(120).collect();
        let name = if fit.is_empty() { capital(method) } else { fit };
        if name != id {
            self.lose(loss::NAME, at.get("operationId").unwrap_or(at), format!("`{id}` is called `{name}`"));
        }
        name
    }

    /// Each parameter once, and those that fill the path's placeholders.
    fn placed(&mut self, request: Vec<Field>, path: &str, at: At<'a>) -> Vec<Field> {
        let placeholders: BTreeSet<&str> = path
            .split('{')
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('}')?.0))
            .filter(|n| !n.is_empty())
            .collect();
        let mut out: Vec<Field> = Vec::new();
        let mut seen = BTreeSet::new();
        for field in request {
            if field.location == Some(Location::Path) && !placeholders.contains(field.name.as_str()) {
                self.lose(loss::SHAPE, at, format!("`{}` has no place in the path `{path}`", field.name));
                continue;
            }
            let header = field.location == Some(Location::Header);
            let name = if header { field.name.to_ascii_lowercase() } else { field.name.clone() };
            if seen.insert((name, field.location)) {
                out.push(field);
            } else {
                self.lose(loss::SHAPE, at, format!("the parameter `{}` is there twice", field.name));
            }
        }
        for name in placeholders {
            let known =
                self.added.contains(name) || out.iter().any(|f| f.name == name && f.location == Some(Location::Path));
            if !known {
                self.lose(loss::SHAPE, at, format!("nothing says what fills `{{{name}}}` in the path"));
                out.push(Field {
                    name: name.to_owned(),
                    location: Some(Location::Path),
                    kind: Type::String,
                    required: Some(Required::Yes),
                    ..Field::default()
                });
            }
        }
        out
    }

    /// The operation as extensions of docsdk settle it.
    fn settled(&mut self, mut operation: Operation, at: At<'a>) -> Operation {
        if let Some(order) = at.get(extension::ORDER) {
            let positions: Vec<usize> =
                order.node.items().iter().filter_map(|item| item.scalar()?.parse().ok()).collect();
            let mut from: Vec<Option<Field>> = operation.request.drain(..).map(Some).collect();
            let sorted: Vec<Field> = positions.iter().filter_map(|at| from.get_mut(*at)?.take()).collect();
            operation.request = sorted;
            operation.request.extend(from.into_iter().flatten());
        }
        let settings = extension::settings(at.node);
        if settings.is_empty() {
            return operation;
        }
        let touched = |key: &str| settings.iter().any(|(set, _)| set == key);
        let request = std::mem::take(&mut operation.request);
        let responses = std::mem::take(&mut operation.responses);
        let extensions = std::mem::take(&mut operation.extensions);
        let (keep_request, keep_responses) = (!touched("request"), !touched("responses"));
        let mut set = match extension::set(&operation, settings) {
            Ok(set) => set,
            Err(error) => {
                self.lose(loss::SHAPE, at, format!("the extensions of docsdk can't be read: {error}"));
                operation
            }
        };
        if keep_request {
            set.request = request;
        }
        if keep_responses {
            set.responses = responses;
        }
        set.extensions = extensions;
        set
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The name paths of an operation's fields and answers, and of what every operation has.
fn names(operation: &Operation) -> BTreeSet<String> {
    fn walk(fields: &[Field], path: &str, out: &mut BTreeSet<String>) {
        for field in fields {
            let path = format!("{path}.{}", field.name);
            below(field, &path, out);
            out.insert(path);
        }
    }
    fn below(field: &Field, path: &str, out: &mut BTreeSet<String>) {
        walk(&field.fields, path, out);
        if let Some(items) = &field.items {
            let step = if field.kind == Type::Map { "{}" } else { "[]" };
            below(items, &format!("{path}{step}"), out);
        }
    }
    let mut out: BTreeSet<String> = ["operation", "http.method", "http.path"].map(str::to_owned).into();
    walk(&operation.request, "request", &mut out);
    for response in &operation.responses {
        let path = format!("responses.{}", response.status);
        walk(&response.fields, &path, &mut out);
        out.insert(path);
    }
    out
}
