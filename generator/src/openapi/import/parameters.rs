//! Parameters of path, query and headers → fields.

use super::reader::{Reader, Side};
use super::scalars;
use crate::openapi::documents::At;
use crate::openapi::extension;
use crate::openapi::loss;
use crate::openapi::node::Value;
use crate::spec::{Field, Location, Protocol, Required, Style, Type};

const KNOWN: &[&str] = &[
    "$ref",
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "schema",
    "content",
    "style",
    "explode",
    "example",
    "examples",
    "allowEmptyValue",
    "allowReserved",
];

/// Headers that the HTTP client or the signature sets, and that OpenAPI says are ignored.
const IGNORED: &[&str] = &["accept", "content-type", "authorization"];

impl<'a> Reader<'a> {
    /// The parameters of an operation, its own before those of its path.
    pub(super) fn parameters(&mut self, path: At<'a>, operation: At<'a>, protocol: Protocol) -> Vec<Field> {
        let mut found: Vec<(At<'a>, At<'a>)> = Vec::new();
        for list in [path.get("parameters"), operation.get("parameters")].into_iter().flatten() {
            for at in list.items() {
                let Some(target) = self.follow(at).and_then(|target| self.map(target, "a parameter")) else { continue };
                let key = |at: At<'a>| (at.text("name"), at.text("in"));
                // What the operation says of a parameter replaces what its path says.
                match found.iter_mut().find(|(_, known)| key(*known) == key(target)) {
                    Some(known) => *known = (at, target),
                    None => found.push((at, target)),
                }
            }
        }
        self.side = Side::Request;
        found.into_iter().flat_map(|(at, target)| self.parameter(at, target, protocol)).collect()
    }

    fn parameter(&mut self, used: At<'a>, at: At<'a>, protocol: Protocol) -> Vec<Field> {
        if at.node.is_true(extension::ADDED) {
            self.added.extend(at.text("name"));
            return Vec::new();
        }
        let (Some(name), Some(place)) = (at.text("name"), at.text("in")) else {
            self.lose(loss::SHAPE, used, "a parameter without `name` or `in` is left out");
            return Vec::new();
        };
        let location = match place {
            "query" => Location::Query,
            "path" => Location::Path,
            "header" => Location::Header,
            _ => {
                self.lose(loss::PARAMETER_PLACE, at, format!("the parameter `{name}` travels in `{place}`"));
                return Vec::new();
            }
        };
        let known = !extension::settings(at.node).is_empty();
        if location == Location::Header && !known && IGNORED.iter().any(|header| header.eq_ignore_ascii_case(name)) {
            self.lose(loss::LEFT_OUT, at, format!("the header `{name}` is the client's to set"));
            return Vec::new();
        }
        self.leave_out(at, "a parameter", KNOWN);
        let content = at.get("content").and_then(|content| content.entries().next());
        let schema = content.and_then(|(_, media)| media.get("schema")).or_else(|| at.get("schema"));
        let field = self.under("request", |reader| {
            reader.under(name, |reader| {
                reader.fact("", at, "openapi-parameter");
                schema.map_or_else(Field::default, |schema| reader.schema(schema))
            })
        });
        let mut field = Field { name: name.to_owned(), location: Some(location), ..field };
        if let Some(text) = at.text("description") {
            field.description = Some(text.trim().to_owned());
        }
        let required = location == Location::Path || at.node.is_true("required");
        field.required = Some(if required { Required::Yes } else { Required::No });
        field.deprecated |= at.node.is_true("deprecated");
        let examples = at.get("examples").and_then(|examples| examples.entries().next());
        let example = at.node.get("example").or_else(|| examples.and_then(|(_, example)| example.node.get("value")));
        field.example = example.and_then(scalars::text).or(field.example);
        let json = content.is_some_and(|(media, _)| media.contains("json"));
        let fields = self.styled(field, at, json, protocol);
        match fields.as_slice() {
            [_] => fields.into_iter().map(|field| self.set(field, at)).collect(),
            _ => fields,
        }
    }

    /// The parameter in the style it has on the wire; an object that goes as several pairs is several parameters.
    fn styled(&mut self, mut field: Field, at: At<'a>, json: bool, protocol: Protocol) -> Vec<Field> {
        let flat_by_default = matches!(protocol, Protocol::AliyunRpc | Protocol::AliyunRoa);
        let usual = if flat_by_default { Style::Flat } else { Style::Repeat };
        if let Some(word) = at.text(extension::WIRE_STYLE) {
            let style = serde_json::from_value(serde_json::Value::from(word)).ok();
            field.style = style.filter(|style| *style != usual);
            return vec![field];
        }
        let composite = matches!(field.kind, Type::Array | Type::Object | Type::Map);
        if json {
            if composite || field.kind == Type::Any {
                field.style = Some(Style::Json);
            }
            return vec![field];
        }
        if !composite {
            return vec![field];
        }
        let location = field.location.unwrap_or(Location::Query);
        let style = at.text("style").unwrap_or(if location == Location::Query { "form" } else { "simple" });
        let explode = match at.node.get("explode").map(|node| &node.value) {
            Some(Value::Bool(explode)) => *explode,
            _ => style == "form" || style == "deepObject",
        };
        match (location, style, field.kind, explode) {
            (Location::Query, "form", Type::Array, true) => {
                field.style = Some(Style::Repeat).filter(|style| *style != usual);
            }
            (Location::Query, "form", Type::Array, false) => field.style = Some(Style::Comma),
            (Location::Header, "simple", Type::Array, _) => {}
            (Location::Path, "simple", Type::Array, _) => {
                field = Field { kind: Type::String, style: Some(Style::Comma), items: None, format: None, ..field };
                (field.min_items, field.max_items) = (None, None);
                field.values.clear();
            }
            (Location::Query, "form", Type::Object, true) if !field.fields.is_empty() => {
                return apart(field, |_, name| name.to_owned());
            }
            (Location::Query, "deepObject", Type::Object, _) if !field.fields.is_empty() => {
                return apart(field, |object, name| format!("{object}[{name}]"));
            }
            _ => {
                let word = field.kind.word();
                let message = format!("`{}`: the style `{style}` of {word} has no match", field.name);
                self.lose(loss::PARAMETER_STYLE, at, message);
                let Field { name, location, required, description, example, deprecated, .. } = field;
                let kind = Type::String;
                return vec![Field {
                    name,
                    location,
                    kind,
                    required,
                    description,
                    example,
                    deprecated,
                    ..Field::default()
                }];
            }
        }
        vec![field]
    }

    /// The fields that a body's or an answer's type has, required where the whole is.
    pub(super) fn fields(&mut self, schema: At<'a>, side: Side) -> Field {
        self.side = side;
        let field = self.schema(schema);
        self.side = Side::Request;
        field
    }
}

/// An object's fields as parameters of their own.
fn apart(object: Field, name: impl Fn(&str, &str) -> String) -> Vec<Field> {
    let optional = object.required != Some(Required::Yes);
    let fields = object.fields.into_iter().map(|field| {
        let name = name(&object.name, &field.name);
        let required = field.required.map(|required| if optional { Required::No } else { required });
        Field { name, required, location: Some(Location::Query), ..field }
    });
    fields.collect()
}
