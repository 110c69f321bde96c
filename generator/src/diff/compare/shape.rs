//! What a change of type and format means.

use super::side::Side;
use crate::spec::{Field, Type};

/// Shapes that differ never pair, and their insides are not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar,
    Array,
    Object,
    Map,
    Any,
}

pub(super) fn shape(field: &Field) -> Shape {
    match field.kind {
        Type::String | Type::Integer | Type::Number | Type::Boolean => Shape::Scalar,
        Type::Array => Shape::Array,
        Type::Object => Shape::Object,
        Type::Map => Shape::Map,
        Type::Any => Shape::Any,
    }
}

/// What became of a field's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TypeChange {
    /// Type and format are the same.
    None,
    /// The format says something else, and no more: the rule's name without direction.
    Format(&'static str),
    /// Another type of which one holds the values of the other: only the format is swallowed.
    Near(&'static str),
    /// Another type altogether: swallows all below.
    Far(&'static str),
}

pub(super) fn type_change(side: Side, old: &Field, new: &Field) -> TypeChange {
    if old.kind == new.kind {
        return format_change(side, old, new);
    }
    let any = shape(old) == Shape::Any || shape(new) == Shape::Any;
    let id = match (side, old.kind, new.kind) {
        (Side::Request, Type::Integer, Type::Number) | (Side::Request, _, Type::Any) => "type-widened",
        (Side::Response, Type::Number, Type::Integer) | (Side::Response, Type::Any, _) => "type-narrowed",
        _ => return TypeChange::Far("type-changed"),
    };
    if any { TypeChange::Far(id) } else { TypeChange::Near(id) }
}

fn format_change(side: Side, old: &Field, new: &Field) -> TypeChange {
    if old.format == new.format {
        return TypeChange::None;
    }
    let id = match (rust_type(side, old), rust_type(side, new)) {
        (old, new) if old == new => "format-hint-changed",
        ("i32", "i64") | ("f32", "f64") => "format-widened",
        // Every new value can be read as the old type: of a response that is a narrowing like any other.
        ("i64", "i32") | ("f64", "f32") if side == Side::Response => "type-narrowed",
        _ => "format-changed",
    };
    TypeChange::Format(id)
}

/// The Rust type of a field as far as its format decides it.
pub(super) fn rust_type(side: Side, field: &Field) -> &'static str {
    let format = field.format.as_deref().unwrap_or_default();
    match (field.kind, format) {
        (Type::String, _) if !field.values.is_empty() => "enum",
        (Type::String, "json") if side == Side::Request => "value",
        (Type::String, _) if side == Side::Request && field.json.is_some() => "value",
        (Type::String, "date-time") => "timestamp",
        (Type::String, "date") => "date",
        (Type::String, "byte") => "bytes",
        (Type::Integer, "int32") => "i32",
        (Type::Integer, _) => "i64",
        (Type::Number, "float") => "f32",
        (Type::Number, _) => "f64",
        _ => "the type alone",
    }
}

/// A type and its format as people read them: `integer (int64)`, `array of string`.
pub(super) fn type_text(field: &Field) -> String {
    let kind = match field.kind {
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Object => "object",
        Type::Any => "any",
        Type::Array | Type::Map => {
            let word = if field.kind == Type::Array { "array" } else { "map" };
            return match field.items.as_deref() {
                // One level is enough to tell two types apart, and cannot run away.
                Some(items) => format!("{word} of {}", plain_word(items.kind)),
                None => word.to_owned(),
            };
        }
    };
    match &field.format {
        Some(format) => format!("{kind} ({format})"),
        None => kind.to_owned(),
    }
}

fn plain_word(kind: Type) -> &'static str {
    match kind {
        Type::String => "string",
        Type::Integer => "integer",
        Type::Number => "number",
        Type::Boolean => "boolean",
        Type::Object => "object",
        Type::Array => "array",
        Type::Map => "map",
        Type::Any => "any",
    }
}
