//! The types of one operation's module, named once each.

use std::collections::BTreeMap;

use serde::Serialize;

use super::docs;
use super::fields::{answer_field, parameter};
use super::name::{Scope, camel, constant, snake};
use crate::spec::{Field, Protocol, Value};

/// What a module's types may not be called: the prelude's names, and what its template imports.
const RESERVED_TYPES: &[&str] = &[
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "From",
    "Handle",
    "Input",
    "Into",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "PendingCall",
    "Record",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Unknown",
    "Vec",
];
const RESERVED_ACCESSORS: &[&str] = &["clone", "decode", "encode", "eq", "fmt", "from_json", "ne", "to_owned"];
const RESERVED_SETTERS: &[&str] =
    &["clone", "default", "fmt", "into_items", "into_pages", "new", "send", "to_json", "to_owned", "wait_until"];

/// The types found so far, in the order of the page.
#[derive(Debug)]
pub(super) struct Types {
    /// How the service is called: it decides what a caller need not give.
    pub(super) protocol: Protocol,
    pub(super) scope: Scope,
    statics: Scope,
    /// The names that the spec gives types, kept free for them.
    kept: BTreeMap<String, String>,
    /// The types whose names the spec gives, by whether they are of the request: their names and statics.
    shared: BTreeMap<(bool, String), (String, String)>,
    pub(super) answers: Vec<Answer>,
    pub(super) inputs: Vec<Object>,
    pub(super) enums: Vec<Enum>,
}

/// A type of the answer, as its template takes it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Answer {
    pub(super) name: String,
    pub(super) constant: String,
    pub(super) doc: String,
    pub(super) fields: Vec<Accessor>,
}

/// A field of an answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Accessor {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) deprecated: bool,
    pub(super) returns: String,
    pub(super) read: String,
    pub(super) with: With,
    pub(super) field: String,
    /// The answer type that it holds, one or a list of them, or the enum of its listed values.
    #[serde(skip)]
    pub(super) holds: Option<String>,
}

/// What gives a field of an answer its value, in crates with the feature `testing`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct With {
    pub(super) name: String,
    pub(super) argument: String,
    pub(super) write: String,
}

/// An object of the request, or the request itself.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Object {
    pub(super) name: String,
    pub(super) constant: String,
    pub(super) doc: String,
    pub(super) parameters: Vec<Setter>,
}

/// A parameter.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Setter {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) deprecated: bool,
    pub(super) argument: String,
    pub(super) write: String,
    pub(super) parameter: String,
    /// What reads the parameter back, in crates with the feature `testing`.
    pub(super) getter: Getter,
}

/// What reads a parameter back.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Getter {
    pub(super) name: String,
    pub(super) returns: String,
    pub(super) read: String,
}

/// An enum of listed values.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) variants: Vec<Variant>,
    #[serde(skip)]
    wire: Vec<String>,
    /// What the name was made from, and whether the spec gives it.
    #[serde(skip)]
    base: String,
    #[serde(skip)]
    given: bool,
}

/// A value, or an error code.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Variant {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) deprecated: bool,
    pub(super) wire: String,
    /// The wire's text as a Rust literal.
    pub(super) literal: String,
}

impl Variant {
    /// A variant for a text of the wire.
    pub(super) fn new(name: String, doc: String, deprecated: bool, wire: &str) -> Self {
        let literal = proc_macro2::Literal::string(wire).to_string();
        Self { name, doc, deprecated, wire: wire.to_owned(), literal }
    }
}

impl Types {
    /// A module in which some names are the template's own.
    pub(super) fn new(protocol: Protocol, own: &[&str]) -> Self {
        Self {
            protocol,
            scope: Scope::reserving(RESERVED_TYPES.iter().chain(own).copied()),
            statics: Scope::reserving(["OPERATION", "PAGING", "PARAMETERS", "STATUS"]),
            answers: Vec::new(),
            inputs: Vec::new(),
            enums: Vec::new(),
            kept: BTreeMap::new(),
            shared: BTreeMap::new(),
        }
    }

    /// Keeps the names free that a spec gives the types of fields: others of the same name are numbered, whoever comes first.
    pub(super) fn keep<'a>(&mut self, fields: impl IntoIterator<Item = &'a Field>) {
        for field in fields {
            if let Some(given) = field.rust_type.as_ref().filter(|given| !self.kept.contains_key(*given)) {
                let name = camel(given);
                let name = if RESERVED_TYPES.contains(&name.as_str()) { format!("{name}Data") } else { name };
                let name = self.scope.claim(&name);
                self.kept.insert(given.clone(), name);
            }
            let inner = field.items.as_deref().into_iter().chain(field.json.as_deref()).chain(&field.fields);
            self.keep(inner);
        }
    }

    /// A type of the answer with what is nested in it; it stands before what it holds.
    pub(super) fn answer(&mut self, name: &str, about: &str, fields: &[Field]) -> (String, String) {
        let constant = self.statics.claim(&constant(name));
        let place = self.answers.len();
        let doc = docs::attributes(about).to_string();
        self.answers.push(Answer { name: name.to_owned(), constant: constant.clone(), doc, fields: Vec::new() });
        let mut scope = Scope::reserving(RESERVED_ACCESSORS.iter().copied());
        let names = claim_fields(&mut scope, fields);
        let numbered = fields.iter().zip(names).enumerate();
        let mut accessors: Vec<_> =
            numbered.map(|(index, (field, name))| answer_field(self, field, index, name)).collect();
        for accessor in &mut accessors {
            accessor.with.name = scope.claim(&format!("with_{}", accessor.name.trim_matches('_')));
        }
        if let Some(answer) = self.answers.get_mut(place) {
            answer.fields = accessors;
        }
        (name.to_owned(), constant)
    }

    /// An object nested in the answer.
    pub(super) fn nested_answer(&mut self, field: &Field, within: &str) -> (String, String) {
        if let Some(known) = self.shared.get(&(false, field.rust_type.clone().unwrap_or_default())) {
            return known.clone();
        }
        let name = self.type_name(field.rust_type.as_deref(), within, "");
        let made = self.answer(&name, &format!("What an answer holds under {}.", docs::code(within)), &field.fields);
        if let Some(shared) = &field.rust_type {
            self.shared.insert((false, shared.clone()), made.clone());
        }
        made
    }

    /// An object nested in the request.
    pub(super) fn nested_input(&mut self, field: &Field, within: &str) -> String {
        if let Some((known, _)) = self.shared.get(&(true, field.rust_type.clone().unwrap_or_default())) {
            return known.clone();
        }
        let name = self.type_name(field.rust_type.as_deref(), within, "Input");
        let constant = self.statics.claim(&constant(&name));
        if let Some(shared) = &field.rust_type {
            self.shared.insert((true, shared.clone()), (name.clone(), constant.clone()));
        }
        let about = format!("A value for {}.", docs::code(within));
        let place = self.inputs.len();
        let doc = docs::attributes(&about).to_string();
        self.inputs.push(Object { name: name.clone(), constant, doc, parameters: Vec::new() });
        let parameters = self.parameters(&field.fields, "self.0");
        if let Some(input) = self.inputs.get_mut(place) {
            input.parameters = parameters;
        }
        name
    }

    /// The setters of parameters, which write to `place`.
    pub(super) fn parameters(&mut self, fields: &[Field], place: &str) -> Vec<Setter> {
        let mut scope = Scope::reserving(RESERVED_SETTERS.iter().copied());
        let names = claim_fields(&mut scope, fields);
        let numbered = fields.iter().zip(names).enumerate();
        let mut setters: Vec<_> =
            numbered.map(|(index, (field, name))| parameter(self, field, index, name, place)).collect();
        for setter in &mut setters {
            setter.getter.name = scope.claim(&format!("get_{}", setter.name.trim_matches('_')));
        }
        setters
    }

    /// The enum of a field's listed values; two fields of one name and the same values share it, and those whose spec
    /// names the same type.
    pub(super) fn values(&mut self, name: &str, field: &Field) -> String {
        let (given, values) = (field.rust_type.as_deref(), &field.values);
        let base = (given.is_some(), given.unwrap_or(name));
        let wire: Vec<String> = values.iter().map(|value| value.value.clone()).collect();
        let same = |known: &&Enum| (known.given, known.base.as_str()) == base && (known.given || known.wire == wire);
        if let Some(known) = self.enums.iter().find(same) {
            return known.name.clone();
        }
        let claimed = self.type_name(given, name, "");
        let names = variant_names(values);
        let mut variants: Vec<Variant> = Vec::new();
        for (value, name) in values.iter().zip(names) {
            if variants.iter().any(|known| known.wire == value.value) {
                continue;
            }
            let mut text = docs::code(&value.value);
            if let Some(description) = &value.description {
                text = format!("{text}: {}", docs::markdown(description));
            }
            let doc = docs::attributes(&text).to_string();
            variants.push(Variant::new(name, doc, value.deprecated, &value.value));
        }
        let doc = docs::attributes(&format!("The values of {}.", docs::code(name))).to_string();
        let (given, base) = (base.0, base.1.to_owned());
        self.enums.push(Enum { name: claimed.clone(), doc, variants, wire, base, given });
        claimed
    }

    /// The name of an operation's builder.
    pub(super) fn builder_name(wire: &str) -> String {
        let name = camel(wire);
        if RESERVED_TYPES.contains(&name.as_str()) { format!("{name}Call") } else { name }
    }

    /// The name that the spec gives a type, else one made from its name on the wire.
    pub(super) fn type_name(&mut self, given: Option<&str>, wire: &str, suffix: &str) -> String {
        if let Some(kept) = given.and_then(|given| self.kept.remove(given)) {
            return kept;
        }
        let name = format!("{}{suffix}", camel(wire));
        if RESERVED_TYPES.contains(&name.as_str()) {
            return self.scope.claim(&format!("{name}Data"));
        }
        self.scope.claim(&name)
    }
}

/// The names of a request's setters.
#[cfg(feature = "diff")]
pub(crate) fn setter_names(fields: &[Field]) -> Vec<String> {
    claim_fields(&mut Scope::reserving(RESERVED_SETTERS.iter().copied()), fields)
}

/// The names of an answer's accessors.
#[cfg(feature = "diff")]
pub(crate) fn accessor_names(fields: &[Field]) -> Vec<String> {
    claim_fields(&mut Scope::reserving(RESERVED_ACCESSORS.iter().copied()), fields)
}

/// The names of listed values' variants.
pub(crate) fn variant_names(values: &[Value]) -> Vec<String> {
    let names = values.iter().map(|value| (value.rust_name.as_deref(), variant(value)));
    claim_all(&mut Scope::reserving(["Unknown"]), names)
}

fn claim_fields(scope: &mut Scope, fields: &[Field]) -> Vec<String> {
    claim_all(scope, fields.iter().map(|field| (field.rust_name.as_deref(), snake(field.called()))))
}

/// Names of one scope, each once: those that the spec gives are claimed before those made from the wire's, whatever their
/// order.
fn claim_all<'a>(scope: &mut Scope, names: impl Iterator<Item = (Option<&'a str>, String)>) -> Vec<String> {
    let names: Vec<_> = names.collect();
    let mut claimed: Vec<String> = Vec::new();
    claimed.resize(names.len(), String::new());
    for given in [true, false] {
        for ((_, name), slot) in names.iter().zip(&mut claimed).filter(|((known, _), _)| known.is_some() == given) {
            *slot = scope.claim(name);
        }
    }
    claimed
}

/// What a value's variant is called where nothing else is.
fn variant(value: &Value) -> String {
    let bare = camel(value.called());
    let number = value.called().starts_with(|c: char| c.is_ascii_digit());
    if number { format!("Value{}", bare.trim_start_matches('N')) } else { bare }
}
