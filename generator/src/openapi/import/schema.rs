//! A schema → a field's type.

use super::draft::{Draft, either};
use super::reader::{Reader, Side};
use super::scalars;
use crate::openapi::documents::At;
use crate::openapi::extension;
use crate::openapi::loss;
use crate::openapi::node::{Node, Value};
use crate::spec::{self, Field, Type};

/// How deep fields may stand in each other; a spec's YAML nests at most 128 deep, and a field takes two levels of it.
const MAX_DEPTH: usize = 40;
/// How deep schemas may, references and parts counted.
const MAX_OPEN: usize = 64;

/// Keys that say nothing of the wire; those beyond them and the ones that are read are reported by name.
const KNOWN: &[&str] = &[
    "$ref",
    "type",
    "nullable",
    "enum",
    "const",
    "format",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "discriminator",
    "readOnly",
    "writeOnly",
    "x-enum-descriptions",
    "x-enumDescriptions",
    "multipleOf",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "not",
    "if",
    "then",
    "else",
    "patternProperties",
    "propertyNames",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
    "prefixItems",
];

/// Limits that a spec has no place for.
const LIMITS: &[&str] = &[
    "multipleOf",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "not",
    "if",
    "patternProperties",
    "propertyNames",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
];

impl<'a> Reader<'a> {
    /// The type that a schema describes, nameless.
    pub(in crate::openapi) fn schema(&mut self, at: At<'a>) -> Field {
        let draft = self.draft(at);
        if draft.nullable && self.side == Side::Request {
            self.lose(loss::NULLABLE, at, "null is left out of the values that can be sent");
        }
        let field = draft.finish(self.side == Side::Response);
        self.set(field, at)
    }

    /// A field with what extensions of a node say of it.
    pub(super) fn set(&mut self, mut field: Field, at: At<'a>) -> Field {
        let settings = extension::settings(at.node);
        if settings.is_empty() {
            return field;
        }
        let (items, fields) = (field.items.take(), std::mem::take(&mut field.fields));
        let touched = |key: &str| settings.iter().any(|(set, _)| set == key);
        let (keep_items, keep_fields) = (!touched("items"), !touched("fields"));
        match extension::set(&field, settings) {
            Ok(set) => field = set,
            Err(error) => self.lose(loss::SHAPE, at, format!("the extensions of docsdk can't be read: {error}")),
        }
        if keep_items {
            field.items = items;
        }
        if keep_fields {
            field.fields = fields;
        }
        field
    }

    fn draft(&mut self, at: At<'a>) -> Draft {
        match &at.node.value {
            Value::Map(_) => {}
            Value::Bool(allowed) => {
                if !allowed {
                    self.lose(loss::LIMIT, at, "no value at all fits the schema `false`");
                }
                return Draft::default();
            }
            _ => {
                self.map(at, "a schema");
                return Draft::default();
            }
        }
        let id = at.id();
        if self.open.contains(&id) {
            self.lose(loss::RECURSIVE, at, "the type holds itself");
            return Draft::default();
        }
        if self.open.len() >= MAX_OPEN || self.depth >= MAX_DEPTH || !self.afford() {
            self.lose(loss::TOO_LARGE, at, "the type is too large or too deep");
            return Draft::default();
        }
        self.open.push(id);
        let mut draft = self.own(at);
        if let Some(reference) = at.text("$ref") {
            let from = at.get("$ref").unwrap_or(at);
            if let Some(target) = self.documents.resolve(from, reference, &mut self.losses) {
                let target = self.draft(target);
                self.join(&mut draft, target, at);
            }
        }
        for part in at.get("allOf").into_iter().flat_map(At::items) {
            let part = self.draft(part);
            self.join(&mut draft, part, at);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(list) = at.get(key) {
                let one = self.alternatives(list, key);
                self.join(&mut draft, one, at);
            }
        }
        if let Some(discriminator) = at.get("discriminator") {
            discriminate(&mut draft, discriminator);
        }
        self.open.pop();
        if matches!(draft.field.kind, Type::Array | Type::Map) && draft.field.items.is_none() {
            draft.field.items = Some(Box::default());
        }
        draft
    }

    fn join(&mut self, draft: &mut Draft, other: Draft, at: At<'a>) {
        if !draft.and(other) {
            self.lose(loss::TYPES, at, "the parts of the type contradict each other; the first is carried");
        }
    }

    /// What a schema's own keys say, without its parts.
    fn own(&mut self, at: At<'a>) -> Draft {
        let mut draft = Draft::default();
        self.leave_out(at, "a type", KNOWN);
        for key in LIMITS {
            if let Some(limit) = at.get(key).filter(|limit| limit.node.value != Value::Bool(false)) {
                self.lose(loss::LIMIT, limit, format!("the limit `{key}` is not carried"));
            }
        }
        let node = at.node;
        self.kind(at, &mut draft);
        let field = &mut draft.field;
        field.format = at.text("format").map(str::to_owned);
        field.description = at.text("description").map(|text| text.trim().to_owned());
        field.deprecated = node.is_true("deprecated");
        field.pattern = at.text("pattern").map(str::to_owned);
        let count = |key: &str| node.get(key).and_then(scalars::count);
        field.min_length = count("minLength");
        field.max_length = count("maxLength");
        field.min_items = count("minItems");
        field.max_items = count("maxItems");
        field.default = node.get("default").and_then(scalars::text);
        let examples = node.get("examples").and_then(|list| list.items().first());
        field.example = node.get("example").or(examples).and_then(scalars::text);
        self.bounds(at, &mut draft.field);
        self.listed(at, &mut draft);
        self.members(at, &mut draft);
        draft
    }

    fn kind(&mut self, at: At<'a>, draft: &mut Draft) {
        draft.nullable = at.node.is_true("nullable");
        let Some(named) = at.get("type") else {
            draft.field.kind = scalars::implied(at.node);
            return;
        };
        let words: Vec<&str> = match &named.node.value {
            Value::Text(word) => vec![word],
            Value::List(words) => words.iter().filter_map(|word| word.as_text()).collect(),
            _ => Vec::new(),
        };
        let mut kind: Option<Type> = None;
        for word in words {
            let next = match word {
                "null" => {
                    draft.nullable = true;
                    continue;
                }
                "string" | "file" => Type::String,
                "integer" => Type::Integer,
                "number" => Type::Number,
                "boolean" => Type::Boolean,
                "object" => Type::Object,
                "array" => Type::Array,
                _ => {
                    self.lose(loss::SHAPE, named, format!("`{word}` is no type"));
                    Type::Any
                }
            };
            kind = Some(match (kind, next) {
                (None, next) => next,
                (Some(kind), next) if kind == next => kind,
                (Some(Type::Integer | Type::Number), Type::Integer | Type::Number) => Type::Number,
                _ => {
                    self.lose(loss::TYPES, named, "the value is of one of several types; any is carried");
                    Type::Any
                }
            });
        }
        draft.field.kind = kind.unwrap_or_default();
    }

    fn bounds(&mut self, at: At<'a>, field: &mut Field) {
        for (key, exclusive, step) in [("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)] {
            let mut bound = at.node.get(key).and_then(scalars::number);
            let beyond = at.get(exclusive);
            let strict = match beyond.map(|beyond| &beyond.node.value) {
                Some(Value::Bool(strict)) => *strict,
                Some(Value::Number(..)) => {
                    bound = beyond.and_then(|beyond| scalars::number(beyond.node));
                    true
                }
                _ => false,
            };
            let whole = bound.as_ref().and_then(serde_yaml::Number::as_i64);
            match (strict, field.kind, whole, beyond) {
                (true, Type::Integer, Some(number), _) => bound = Some(number.saturating_add(step).into()),
                (true, _, _, Some(beyond)) => {
                    self.lose(loss::LIMIT, beyond, "the bound itself is allowed where it should not be");
                }
                _ => {}
            }
            if step > 0 { field.min = bound } else { field.max = bound }
        }
    }

    /// The values that `enum` and `const` list.
    fn listed(&mut self, at: At<'a>, draft: &mut Draft) {
        let constant = at.node.get("const").map(std::slice::from_ref);
        let Some(nodes) = constant.or_else(|| at.node.get("enum").map(Node::items)) else { return };
        let told = at.node.get("x-enum-descriptions").or_else(|| at.node.get("x-enumDescriptions"));
        for (index, node) in nodes.iter().enumerate() {
            let Some(value) = node.scalar() else {
                match node.value {
                    Value::Null => draft.nullable = true,
                    _ => self.lose(loss::LIMIT, at, "a list or map among the listed values is left out"),
                }
                continue;
            };
            if value.is_empty() || draft.field.values.iter().any(|known| known.value == value) {
                self.lose(loss::LIMIT, at, format!("the listed value `{value}` is empty or there twice, and left out"));
                continue;
            }
            let description = match told.map(|told| &told.value) {
                Some(Value::List(texts)) => texts.get(index).and_then(|text| text.as_text()),
                Some(Value::Map(_)) => told.and_then(|told| told.get(&value)?.as_text()),
                _ => None,
            };
            // A constant's own words are those of its value.
            let own = constant.and_then(|_| at.text("description").or_else(|| at.text("title")));
            let description = description.or(own).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            draft.field.values.push(spec::Value { value, description, ..spec::Value::default() });
        }
    }

    /// Properties, items, and what maps hold.
    fn members(&mut self, at: At<'a>, draft: &mut Draft) {
        let required = at.node.get("required").map(Node::items).unwrap_or_default();
        draft.required.extend(required.iter().filter_map(|name| name.as_text()).map(str::to_owned));
        if let Some(properties) = at.get("properties").and_then(|properties| self.map(properties, "properties")) {
            for (name, property) in properties.entries() {
                self.property(name, property, draft);
            }
        }
        let extra = at.get("additionalProperties").filter(|extra| extra.node.value != Value::Bool(false));
        let holds = matches!(draft.field.kind, Type::Object | Type::Any);
        if let Some(extra) = extra.filter(|_| holds && draft.field.fields.is_empty()) {
            draft.field.kind = Type::Map;
            draft.field.items = Some(Box::new(self.under("{}", |reader| reader.schema(extra))));
        } else if let Some(extra) = extra.filter(|extra| matches!(extra.node.value, Value::Map(_))) {
            self.lose(loss::LIMIT, extra, "keys beyond the named ones are left out");
        }
        if let Some(items) = at.get("items").filter(|_| draft.field.kind == Type::Array) {
            draft.field.items = Some(Box::new(self.under("[]", |reader| reader.schema(items))));
        }
        if let Some(tuple) = at.get("prefixItems") {
            self.lose(loss::TYPES, tuple, "items of several types by position are carried as any");
            draft.field.items = Some(Box::default());
        }
    }

    fn property(&mut self, name: &str, at: At<'a>, draft: &mut Draft) {
        let target = self.follow(at).unwrap_or(at);
        let unsent = match self.side {
            Side::Request => "readOnly",
            Side::Response => "writeOnly",
        };
        if at.node.is_true(unsent) || target.node.is_true(unsent) {
            return;
        }
        if name.trim().is_empty() {
            self.lose(loss::SHAPE, at, "a property without a name is left out");
            return;
        }
        let field = self.under(name, |reader| {
            reader.fact("", at, "openapi-property");
            reader.schema(at)
        });
        if at.node.get(&extension::name("required")).is_some() {
            draft.settled.insert(name.to_owned());
        }
        draft.field.fields.push(Field { name: name.to_owned(), ..field });
    }

    /// One type for a value that is of one of several.
    fn alternatives(&mut self, list: At<'a>, key: &str) -> Draft {
        let mut nullable = false;
        let mut drafts = Vec::new();
        for part in list.items() {
            if part.text("type") == Some("null") {
                nullable = true;
                continue;
            }
            let mut draft = self.draft(part);
            // A listed value's words are its own, not the type's.
            if draft.field.values.len() == 1 {
                draft.field.description = None;
            }
            nullable |= draft.nullable;
            drafts.push(draft);
        }
        let count = drafts.len();
        let mut drafts = drafts.into_iter();
        let Some(mut one) = drafts.next() else { return Draft { nullable, ..Draft::default() } };
        let mut whole = true;
        if count > 1 {
            one.field.description = None;
        }
        for other in drafts {
            one.required = one.required.intersection(&other.required).cloned().collect();
            one.settled.extend(other.settled);
            whole &= either(&mut one.field, Field { description: None, ..other.field });
        }
        if !whole {
            let word = one.field.kind.word();
            self.lose(
                loss::ALTERNATIVES,
                list,
                format!("`{key}` of {count} alternatives is carried as one type, {word}"),
            );
        }
        one.nullable = nullable;
        one
    }
}

/// The values of the property that tells alternatives apart.
fn discriminate(draft: &mut Draft, at: At<'_>) {
    let Some(name) = at.text("propertyName") else { return };
    let Some(field) = draft.field.fields.iter_mut().find(|field| field.name == name) else { return };
    let mapping = at.get("mapping").map(|mapping| mapping.node.entries()).unwrap_or_default();
    if field.kind == Type::String && field.values.is_empty() {
        let values = mapping.iter().map(|entry| spec::Value { value: entry.key.clone(), ..spec::Value::default() });
        field.values = values.filter(|value| !value.value.is_empty()).collect();
    }
}
