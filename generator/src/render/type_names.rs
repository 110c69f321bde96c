//! What the types of an operation's fields are called, without rendering it.

use std::collections::BTreeMap;

use super::context::answer_fields;
use super::sample::{self, Holder};
use super::types::Types;
use crate::spec::{Field, Operation, Protocol, Type};

/// The names of an operation's types by the places that have one: `request.Tags[]`, `response.Disk.State`. Answers of
/// success share one type, so that a place in them names no status.
pub(crate) fn type_names(operation: &Operation) -> BTreeMap<String, String> {
    let builder = Types::builder_name(operation.called());
    let own = ["Output", "Error", "ErrorKind"].map(|suffix| format!("{builder}{suffix}"));
    let own: Vec<&str> = own.iter().map(String::as_str).chain([builder.as_str()]).collect();
    // How a call travels names no type.
    let mut types = Types::new(Protocol::default(), &own);
    types.keep(&operation.request);
    types.keep(operation.responses.iter().flat_map(|response| &response.fields));
    let mut walk = Walk { types, shared: BTreeMap::new(), names: BTreeMap::new() };
    for field in &operation.request {
        walk.parameter(field, "request");
    }
    for field in &answer_fields(operation) {
        walk.field(field, &field.name, &format!("response.{}", field.name), false);
    }
    walk.names
}

struct Walk {
    types: Types,
    /// The types whose names the spec gives, by whether they are of the request.
    shared: BTreeMap<(bool, String), String>,
    names: BTreeMap<String, String>,
}

impl Walk {
    /// Goes through what is below a place as it is rendered, which is the order in which names are given out.
    fn field(&mut self, field: &Field, name: &str, path: &str, sent: bool) {
        match field.kind {
            Type::String if !field.values.is_empty() => {
                let name = self.types.values(name, field);
                self.names.insert(path.to_owned(), name);
            }
            Type::Object if !field.fields.is_empty() => self.object(field, name, path, sent),
            Type::Array | Type::Map => {
                let suffix = if field.kind == Type::Array { "[]" } else { "{}" };
                if let Some(items) = field.items.as_deref() {
                    self.field(items, name, &format!("{path}{suffix}"), sent);
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, field: &Field, name: &str, path: &str, sent: bool) {
        let shared = field.rust_type.clone().map(|given| (sent, given));
        if let Some(known) = shared.as_ref().and_then(|key| self.shared.get(key)) {
            self.names.insert(path.to_owned(), known.clone());
            return;
        }
        let made = self.types.type_name(field.rust_type.as_deref(), name, if sent { "Input" } else { "" });
        self.shared.extend(shared.map(|key| (key, made.clone())));
        self.names.insert(path.to_owned(), made);
        for inner in &field.fields {
            if sent {
                self.parameter(inner, path);
            } else {
                self.field(inner, &inner.name, &format!("{path}.{}", inner.name), false);
            }
        }
    }

    fn parameter(&mut self, field: &Field, within: &str) {
        let path = format!("{within}.{}", field.name);
        self.field(field, &field.name, &path, true);
        if let Some(shape) = sample::shape(field) {
            let suffix = match shape.holder {
                Holder::One => "",
                Holder::List => "[]",
                Holder::Map => "{}",
            };
            self.object(&shape.object, &field.name, &format!("{path}.json{suffix}"), true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::type_names;
    use crate::render::context;
    use crate::spec::{Operation, Service, yaml};

    #[track_caller]
    fn test(operation: &str, expected: &[(&str, &str)]) {
        let source = format!("operation: Get\nhttp: {{ method: GET, path: / }}\n{operation}");
        let operation: Operation = yaml::read(&source, "x.yaml").unwrap();
        let names = type_names(&operation);
        let found: Vec<_> = names.iter().map(|(path, name)| (path.as_str(), name.as_str())).collect();
        assert_eq!(found, expected);
        // The same types as the rendered operation has, but for its own.
        let rendered = context::operation(&Service::default(), &operation, ("get", "get"), &[]);
        let rendered: BTreeSet<String> = rendered.type_names().map(str::to_owned).collect();
        assert_eq!(names.into_values().collect::<BTreeSet<_>>(), rendered);
    }

    #[test]
    fn names_are_those_that_are_rendered() {
        let object = "{ name: Tag, type: object, fields: [{ name: Key, type: string }] }";
        test(
            &format!(
                "request: [{object}]\nresponses: [{{ status: 200, fields: [{object}, {{ name: Old, type: object, fields: [{object}] }}] }}]\n"
            ),
            &[
                ("request.Tag", "TagInput"),
                ("response.Old", "Old"),
                ("response.Old.Tag", "Tag2"),
                ("response.Tag", "Tag"),
            ],
        );
        let given = object.replace("object,", "object, rust_type: Tag,");
        test(
            &format!(
                "responses: [{{ status: 200, fields: [{{ name: Old, type: array, items: {{ type: object, fields: [{object}] }} }}, {given}] }}]\n"
            ),
            &[("response.Old[]", "Old"), ("response.Old[].Tag", "Tag2"), ("response.Tag", "Tag")],
        );
        test(
            "request:\n- { name: Mode, type: string, values: [{ value: a }] }\n- name: Labels\n  type: string\n  json: { type: array, items: { type: object, fields: [{ name: Mode, type: string, values: [{ value: b }] }] } }\n- { name: Sample, type: string, format: json, example: '[{\"a\": 1}]' }\nresponses: [{ status: 200, fields: [{ name: Mode, type: string, values: [{ value: a }] }] }, { status: 404, fields: [{ name: Gone, type: object, fields: [{ name: A, type: string }] }] }]\n",
            &[
                ("request.Labels.json[]", "LabelsInput"),
                ("request.Labels.json[].Mode", "Mode2"),
                ("request.Mode", "Mode"),
                ("request.Sample.json[]", "SampleInput"),
                ("response.Mode", "Mode"),
            ],
        );
    }
}
