//! One field: its type in Rust, its accessor or setter, its entry in the static table, its docs.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::sample::Holder;
use super::types::{Accessor, Getter, Setter, Types, With};
use super::{docs, sample};
use crate::spec::{Condition, Field, Location, Protocol, Required, Style, Type};

/// The Rust type of a value, as it stands in lists and maps.
fn element(types: &mut Types, field: &Field, name: &str, request: bool) -> TokenStream {
    match field.kind {
        Type::String if !field.values.is_empty() => {
            let name = format_ident!("{}", types.values(name, field));
            quote!(#name)
        }
        Type::String if request && is_json_text(field) => quote!(schema::JsonText),
        Type::String => match field.format.as_deref() {
            Some("date-time") => quote!(schema::Timestamp),
            Some("date") => quote!(schema::Date),
            _ => quote!(String),
        },
        Type::Integer if field.format.as_deref() == Some("int32") => quote!(i32),
        Type::Integer => quote!(i64),
        Type::Number if field.format.as_deref() == Some("float") => quote!(f32),
        Type::Number => quote!(f64),
        Type::Boolean => quote!(bool),
        Type::Object if field.fields.is_empty() => json(),
        Type::Object if request => {
            let name = format_ident!("{}", types.nested_input(field, name));
            quote!(#name)
        }
        Type::Object => {
            let name = format_ident!("{}", types.nested_answer(field, name).0);
            quote!(#name)
        }
        Type::Array | Type::Map => {
            let inner = field.items.as_deref().map_or_else(json, |items| element(types, items, name, request));
            if field.kind == Type::Array {
                quote!(Vec<#inner>)
            } else {
                quote!(std::collections::BTreeMap<String, #inner>)
            }
        }
        Type::Any => json(),
    }
}

fn json() -> TokenStream {
    quote!(docsdk_runtime::serde_json::Value)
}

/// How a field of an answer is kept, read and, in tests, written.
struct Form {
    kind: TokenStream,
    returns: TokenStream,
    read: TokenStream,
    argument: TokenStream,
    write: TokenStream,
}

impl Form {
    fn scalar(kind: &str, rust: TokenStream, number: &Literal) -> Self {
        let method = kind.to_ascii_lowercase();
        let (kind, read, write) = (format_ident!("{kind}"), format_ident!("{method}"), format_ident!("set_{method}"));
        Self {
            kind: quote!(schema::Kind::#kind),
            returns: quote!(Option<#rust>),
            read: quote!(#read(#number)),
            argument: rust,
            write: quote!(#write(#number, value)),
        }
    }
}

/// How a field of an answer is kept, read and written; and the type that it holds.
fn form(types: &mut Types, field: &Field, number: &Literal) -> (Form, Option<String>) {
    let wire = &field.name;
    let form = match field.kind {
        Type::Object if !field.fields.is_empty() => {
            let (holds, shape) = types.nested_answer(field, wire);
            let (name, shape) = (format_ident!("{holds}"), format_ident!("{shape}"));
            let form = Form {
                kind: quote!(schema::Kind::Record(&#shape)),
                returns: quote!(Option<&#name>),
                read: quote!(record(#number)),
                argument: quote!(#name),
                write: quote!(set_record(#number, value)),
            };
            return (form, Some(holds));
        }
        Type::Array => return list_form(types, field, number),
        Type::String if !field.values.is_empty() => {
            let holds = types.values(wire, field);
            let name = format_ident!("{holds}");
            let form = Form {
                kind: quote!(schema::Kind::String),
                returns: quote!(Option<#name>),
                read: quote!(string(#number).map(#name::from)),
                argument: quote!(impl Into<#name>),
                write: quote!(set_string(#number, value.into().as_str())),
            };
            return (form, Some(holds));
        }
        Type::String if plain_text(field) => Form {
            kind: quote!(schema::Kind::String),
            returns: quote!(Option<&str>),
            read: quote!(string(#number)),
            argument: quote!(impl Into<String>),
            write: quote!(set_string(#number, value)),
        },
        Type::Integer if field.format.as_deref() == Some("int32") => Form::scalar("Int32", quote!(i32), number),
        Type::Integer => Form::scalar("Int64", quote!(i64), number),
        Type::Number if field.format.as_deref() == Some("float") => Form {
            kind: quote!(schema::Kind::of::<f32>()),
            returns: quote!(Option<f32>),
            read: quote!(other(#number).copied()),
            argument: quote!(f32),
            write: quote!(set_other(#number, value)),
        },
        Type::Number => Form::scalar("Float64", quote!(f64), number),
        Type::Boolean => Form::scalar("Boolean", quote!(bool), number),
        Type::String | Type::Object | Type::Map | Type::Any => {
            let inner = element(types, field, wire, false);
            Form {
                kind: quote!(schema::Kind::of::<#inner>()),
                returns: quote!(Option<&#inner>),
                read: quote!(other(#number)),
                argument: quote!(impl Into<#inner>),
                write: quote!(set_other::<#inner>(#number, value.into())),
            }
        }
    };
    (form, None)
}

fn list_form(types: &mut Types, field: &Field, number: &Literal) -> (Form, Option<String>) {
    let wire = &field.name;
    let form = match field.items.as_deref() {
        Some(items) if items.kind == Type::Object && !items.fields.is_empty() => {
            let (holds, shape) = types.nested_answer(items, wire);
            let (name, shape) = (format_ident!("{holds}"), format_ident!("{shape}"));
            let form = Form {
                kind: quote!(schema::Kind::Records(&#shape)),
                returns: quote!(&[#name]),
                read: quote!(records(#number)),
                argument: quote!(impl IntoIterator<Item = #name>),
                write: quote!(set_records(#number, value)),
            };
            return (form, Some(holds));
        }
        Some(items) if plain_text(items) => Form {
            kind: quote!(schema::Kind::Strings),
            returns: quote!(&[String]),
            read: quote!(strings(#number)),
            argument: quote!(impl IntoIterator<Item = impl Into<String>>),
            write: quote!(set_strings(#number, value)),
        },
        items => {
            let inner = items.map_or_else(json, |items| element(types, items, wire, false));
            Form {
                kind: quote!(schema::Kind::of::<Vec<#inner>>()),
                returns: quote!(&[#inner]),
                read: quote!(list(#number)),
                argument: quote!(Vec<#inner>),
                write: quote!(set_other(#number, value)),
            }
        }
    };
    (form, None)
}

/// A field of an answer.
pub(super) fn answer_field(types: &mut Types, field: &Field, index: usize, name: String) -> Accessor {
    let wire = &field.name;
    let number = Literal::usize_unsuffixed(index);
    let (Form { kind, returns, read, argument, write }, holds) = form(types, field, &number);
    let mut table = quote!(schema::Field::new(#wire, #name, #kind));
    if is_sensitive(field) {
        table = quote!(#table.sensitive());
    }
    Accessor {
        name,
        doc: docs::attributes(&about(field, None)).to_string(),
        deprecated: field.deprecated,
        returns: returns.to_string(),
        read: quote!(self.0.#read).to_string(),
        with: With { name: String::new(), argument: argument.to_string(), write: quote!(self.0.#write;).to_string() },
        field: table.to_string(),
        holds,
    }
}

/// Whether text is JSON: its format says so, or its spec what the JSON holds.
fn is_json_text(field: &Field) -> bool {
    field.kind == Type::String && (field.format.as_deref() == Some("json") || field.json.is_some())
}

fn plain_text(field: &Field) -> bool {
    field.kind == Type::String
        && field.values.is_empty()
        && !matches!(field.format.as_deref(), Some("date-time" | "date"))
}

/// A parameter, whose setter writes to `place`.
pub(super) fn parameter(types: &mut Types, field: &Field, index: usize, name: String, place: &str) -> Setter {
    let element = element(types, field, &field.name, true);
    let getter = getter(field, index, &element, place);
    let shape = sample::shape(field).map(|shape| Told { name: types.nested_input(&shape.object, &field.name), shape });
    let (argument, method, value) = match field.kind {
        Type::String if field.style == Some(Style::Comma) => {
            (quote!(impl schema::IntoCommaText), "string", quote!(schema::IntoCommaText::into_comma_text(value)))
        }
        Type::String if !field.values.is_empty() => {
            (quote!(impl Into<#element>), "string", quote!(value.into().as_str().to_owned()))
        }
        Type::String if plain_text(field) && !is_json_text(field) => {
            (quote!(impl Into<String>), "string", quote!(value.into()))
        }
        Type::String if is_json_text(field) => (
            quote!(impl schema::IntoJsonText),
            "string",
            quote!(schema::IntoJsonText::into_json_text(value).into_string()),
        ),
        Type::String => (quote!(impl Into<#element>), "string", quote!(value.into().into_string())),
        Type::Integer if field.format.as_deref() == Some("int32") => (element, "integer", quote!(i64::from(value))),
        Type::Integer => (element, "integer", quote!(value)),
        Type::Number if field.format.as_deref() != Some("float") => (element, "number", quote!(value)),
        Type::Boolean => (element, "boolean", quote!(value)),
        Type::Object if !field.fields.is_empty() => (element, "object", quote!(value.into())),
        Type::Array => match field.items.as_deref() {
            Some(items) if items.kind == Type::Object && !items.fields.is_empty() => {
                (element, "objects", quote!(value))
            }
            Some(items) if plain_text(items) && !is_json_text(items) => (element, "strings", quote!(value)),
            _ => (element, "other", quote!(value)),
        },
        Type::Number | Type::Object | Type::Map | Type::Any => (element, "other", quote!(value)),
    };
    let number = Literal::usize_unsuffixed(index);
    let method = format_ident!("{method}");
    let place: TokenStream = if place == "self.0" { quote!(self.0) } else { quote!(self.input) };
    Setter {
        name,
        doc: docs::attributes(&about_parameter(field, types.protocol, shape.as_ref())).to_string(),
        deprecated: field.deprecated,
        argument: argument.to_string(),
        write: quote!(#place.#method(#number, #value);).to_string(),
        parameter: table_entry(field, types.protocol).to_string(),
        getter,
    }
}

/// What reads a parameter of a type back from `place`; it is named later.
fn getter(field: &Field, index: usize, element: &TokenStream, place: &str) -> Getter {
    let number = Literal::usize_unsuffixed(index);
    let place: TokenStream = if place == "self.0" { quote!(self.0) } else { quote!(self.input) };
    let objects = |field: &Field| field.kind == Type::Object && !field.fields.is_empty();
    let (returns, read) = match field.kind {
        Type::String if field.style == Some(Style::Comma) => (quote!(Option<&str>), quote!(#place.get_string(#number))),
        Type::String if plain_text(field) && !is_json_text(field) => {
            (quote!(Option<&str>), quote!(#place.get_string(#number)))
        }
        Type::String => (quote!(Option<#element>), quote!(#place.get_string(#number).map(#element::from))),
        Type::Integer if field.format.as_deref() == Some("int32") => {
            (quote!(Option<i32>), quote!(#place.get_int32(#number)))
        }
        Type::Integer => (quote!(Option<i64>), quote!(#place.get_int64(#number))),
        Type::Number if field.format.as_deref() != Some("float") => {
            (quote!(Option<f64>), quote!(#place.get_number(#number)))
        }
        Type::Boolean => (quote!(Option<bool>), quote!(#place.get_boolean(#number))),
        Type::Object if objects(field) => (quote!(Option<#element>), quote!(#place.get_object(#number).map(#element))),
        Type::Array if field.items.as_deref().is_some_and(objects) => {
            let item = element.to_string();
            let item = item.trim_start_matches("Vec").trim().trim_start_matches('<').trim_end_matches('>').trim();
            let item = format_ident!("{item}");
            let read = quote!(#place.get_objects(#number).map(|items| items.into_iter().map(#item).collect()));
            (quote!(Option<Vec<#item>>), read)
        }
        _ => {
            // What holds objects deeper down is read as it goes on the wire.
            let deep = |field: &Field| {
                let mut inner = Some(field);
                while let Some(field) = inner {
                    if objects(field) {
                        return true;
                    }
                    inner = field.items.as_deref();
                }
                false
            };
            let value = if deep(field) { json() } else { element.clone() };
            (quote!(Option<#value>), quote!(#place.get_other(#number)))
        }
    };
    Getter { name: String::new(), returns: returns.to_string(), read: read.to_string() }
}

fn table_entry(field: &Field, protocol: Protocol) -> TokenStream {
    let name = &field.name;
    let place = match field.location {
        Some(Location::Path) => format_ident!("path"),
        Some(Location::Header) => format_ident!("header"),
        Some(Location::Body) => format_ident!("body"),
        Some(Location::Form) => format_ident!("form"),
        Some(Location::Query) | None => format_ident!("query"),
    };
    let mut entry = quote!(schema::Parameter::#place(#name));
    if protocol.supplies(field) {
        entry = quote!(#entry.from_credentials());
    } else if field.required == Some(Required::Yes) && field.default.is_none() {
        entry = quote!(#entry.required());
    }
    if is_sensitive(field) {
        entry = quote!(#entry.sensitive());
    }
    if let Some(style) = field.style {
        let style = match style {
            Style::Flat => format_ident!("Flat"),
            Style::Json => format_ident!("Json"),
            Style::Comma => format_ident!("Comma"),
            Style::Repeat => format_ident!("Repeat"),
        };
        entry = quote!(#entry.style(docsdk_runtime::Style::#style));
    }
    let checks = checks(field);
    if checks.is_empty() { entry } else { quote!(#entry.checks(&[#(#checks),*])) }
}

fn checks(field: &Field) -> Vec<TokenStream> {
    let mut out = Vec::new();
    let number = |number: &serde_yaml::Number| number.to_string().parse::<f64>().ok().filter(|n| n.is_finite());
    if let Some(min) = field.min.as_ref().and_then(number) {
        out.push(quote!(schema::Check::Min(#min)));
    }
    if let Some(max) = field.max.as_ref().and_then(number) {
        out.push(quote!(schema::Check::Max(#max)));
    }
    let bounds = [
        ("MinLength", field.min_length),
        ("MaxLength", field.max_length),
        ("MinItems", field.min_items),
        ("MaxItems", field.max_items),
    ];
    for (check, bound) in bounds {
        if let Some(bound) = bound {
            let (check, bound) = (format_ident!("{check}"), Literal::u64_unsuffixed(bound));
            out.push(quote!(schema::Check::#check(#bound)));
        }
    }
    let conditions: Vec<_> = field.required_when.iter().filter_map(condition).collect();
    if !conditions.is_empty() {
        out.push(quote!(schema::Check::RequiredWhen(&[#(#conditions),*])));
    }
    out
}

fn condition(condition: &Condition) -> Option<TokenStream> {
    let parameter = &condition.parameter;
    let (equals, not_equals) = (&condition.equals, &condition.not_equals);
    let test = match condition.present {
        _ if !equals.is_empty() => quote!(schema::Test::Equals(&[#(#equals),*])),
        _ if !not_equals.is_empty() => quote!(schema::Test::NotEquals(&[#(#not_equals),*])),
        Some(true) => quote!(schema::Test::Present),
        Some(false) => quote!(schema::Test::Absent),
        None => return None,
    };
    Some(quote!(schema::Condition { parameter: #parameter, test: #test }))
}

/// Whether a value must not be shown.
pub(super) fn is_sensitive(field: &Field) -> bool {
    if field.format.as_deref() == Some("password") {
        return true;
    }
    // Nothing but text is a secret; a flag such as `EnablePassword` is none.
    if field.kind != Type::String {
        return field
            .items
            .as_deref()
            .is_some_and(|items| is_sensitive(&Field { name: field.name.clone(), ..items.clone() }));
    }
    let name: String = field.name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let harmless = ["clienttoken", "nexttoken", "pagetoken", "continuationtoken", "secretname", "secretarn", "tokenid"];
    let secret = ["password", "passwd", "secret", "token", "privatekey", "accesskey", "credential"];
    secret.iter().any(|word| name.contains(word)) && !harmless.iter().any(|word| name.contains(word))
}

/// The type of what a parameter's JSON text holds.
struct Told {
    name: String,
    shape: sample::Shape,
}

impl Told {
    /// What the parameter takes, in a sentence.
    fn sentence(&self) -> String {
        let name = &self.name;
        let taken = match self.shape.holder {
            Holder::One => format!("a [`{name}`]"),
            Holder::List => format!("a list of [`{name}`]"),
            Holder::Map => format!("a map of [`{name}`]"),
        };
        let by = if self.shape.from_sample { ", as the page's sample shows it," } else { "" };
        format!("Takes {taken}{by} or any JSON as text.")
    }
}

/// A parameter's documentation, with what its text may be made of: `told` is the type of what its JSON holds.
fn about_parameter(field: &Field, protocol: Protocol, told: Option<&Told>) -> String {
    let text = about(field, Some(protocol));
    let made_of = match told {
        Some(told) => told.sentence(),
        None if field.kind != Type::String => return text,
        None if field.style == Some(Style::Comma) => "Takes a list, which is joined by commas, or the text.".to_owned(),
        None if is_json_text(field) => "Takes a list, a map or any JSON as text.".to_owned(),
        None => return text,
    };
    format!("{text}\n\n{made_of}")
}

/// A field's documentation; of a parameter, with what a caller has to know before a call over `protocol`.
fn about(field: &Field, protocol: Option<Protocol>) -> String {
    let mut parts = vec![field.description.as_deref().map(docs::markdown).unwrap_or_default()];
    let mut facts = vec![format!("On the wire: {}", docs::code(&field.name))];
    if let Some(protocol) = protocol {
        facts.push(match field.required {
            _ if protocol.supplies(field) => "filled in where it is not set".to_owned(),
            Some(Required::Yes) => "required".to_owned(),
            Some(Required::Unknown) => "the page does not say whether it is required".to_owned(),
            Some(Required::No) | None => "optional".to_owned(),
        });
    }
    if let Some(default) = &field.default {
        facts.push(format!("default {}", docs::code(default)));
    }
    let range = |what: &str, low: Option<String>, high: Option<String>| match (low, high) {
        (Some(low), Some(high)) => Some(format!("{what}{low} to {high}")),
        (Some(low), None) => Some(format!("{what}at least {low}")),
        (None, Some(high)) => Some(format!("{what}at most {high}")),
        (None, None) => None,
    };
    let text = |number: &Option<u64>| number.as_ref().map(ToString::to_string);
    facts.extend(range("", field.min.as_ref().map(ToString::to_string), field.max.as_ref().map(ToString::to_string)));
    facts.extend(range("characters: ", text(&field.min_length), text(&field.max_length)));
    facts.extend(range("items: ", text(&field.min_items), text(&field.max_items)));
    if let Some(pattern) = &field.pattern {
        facts.push(format!("pattern {}", docs::code(pattern)));
    }
    if let Some(example) = field.example.as_deref().filter(|_| !is_sensitive(field)) {
        facts.push(format!("example {}", docs::code(example)));
    }
    if field.kind != Type::String && !field.values.is_empty() {
        let values: Vec<_> = field.values.iter().map(|value| docs::code(&value.value)).collect();
        facts.push(format!("values {}", values.join(", ")));
    }
    parts.push(format!("{}.", facts.join("; ")));
    parts.extend(field.required_when.iter().map(when));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn when(condition: &Condition) -> String {
    let list = |values: &[String]| values.iter().map(|value| docs::code(value)).collect::<Vec<_>>().join(" or ");
    let name = docs::code(&condition.parameter);
    let state = match condition.present {
        _ if !condition.equals.is_empty() => format!("is {}", list(&condition.equals)),
        _ if !condition.not_equals.is_empty() => format!("is not {}", list(&condition.not_equals)),
        Some(false) => "is left out".to_owned(),
        _ => "is given".to_owned(),
    };
    format!("Required where {name} {state}.")
}
