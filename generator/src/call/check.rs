//! Whether arguments keep to what the page says of them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::spec::{Condition, Field, Operation, Protocol, Required, Type};

/// Values by parameter name, as they would stand in JSON.
pub type Arguments = BTreeMap<String, Value>;

/// An argument that the operation does not take, or one that it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A parameter is not given and has to be.
    Missing {
        /// Its path: `Tag[0].Key`.
        path: String,
        /// The other parameter that makes it so, if the page names one.
        because_of: Option<String>,
    },
    /// A value is not one that the page allows.
    Invalid {
        /// The parameter's path.
        path: String,
        /// What is wrong with it.
        what: String,
    },
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing { path, because_of: None } => write!(f, "the parameter `{path}` is required"),
            Self::Missing { path, because_of: Some(other) } => {
                write!(f, "the parameter `{path}` is required, because of `{other}`")
            }
            Self::Invalid { path, what } => write!(f, "the parameter `{path}` {what}"),
        }
    }
}

impl std::error::Error for Fault {}

/// Checks every argument against the spec and gives the first fault, as services do.
///
/// # Errors
///
/// The first argument that is missing, or that its page does not allow.
pub fn check(protocol: Protocol, operation: &Operation, arguments: &Arguments) -> Result<(), Fault> {
    for parameter in &operation.request {
        match arguments.get(&parameter.name) {
            Some(value) => check_value(parameter, &parameter.name, value)?,
            None if protocol.supplies(parameter) => {}
            None if parameter.required == Some(Required::Yes) => {
                return Err(missing(&parameter.name, None));
            }
            None => {
                if let Some(condition) = parameter.required_when.iter().find(|c| holds(c, operation, arguments)) {
                    return Err(missing(&parameter.name, Some(&condition.parameter)));
                }
            }
        }
    }
    Ok(())
}

fn missing(path: &str, because_of: Option<&str>) -> Fault {
    Fault::Missing { path: path.to_owned(), because_of: because_of.map(str::to_owned) }
}

fn invalid(path: &str, what: impl std::fmt::Display) -> Fault {
    Fault::Invalid { path: path.to_owned(), what: what.to_string() }
}

fn holds(condition: &Condition, operation: &Operation, arguments: &Arguments) -> bool {
    let given = arguments.get(&condition.parameter).map(text);
    let default = || operation.request.iter().find(|p| p.name == condition.parameter)?.default.clone();
    if let Some(present) = condition.present {
        return given.is_some() == present;
    }
    let Some(value) = given.or_else(default) else { return false };
    let in_equals = condition.equals.is_empty() || condition.equals.contains(&value);
    let not_excluded = !condition.not_equals.contains(&value);
    (!condition.equals.is_empty() || !condition.not_equals.is_empty()) && in_equals && not_excluded
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn check_value(field: &Field, path: &str, value: &Value) -> Result<(), Fault> {
    if value.is_null() {
        return Ok(());
    }
    check_type(field, path, value)?;
    check_listed(field, path, value)?;
    check_bounds(field, path, value)?;
    match value {
        Value::Array(items) => {
            let Some(item) = field.items.as_deref() else { return Ok(()) };
            items.iter().enumerate().try_for_each(|(n, value)| check_value(item, &format!("{path}[{n}]"), value))
        }
        Value::Object(object) => field.fields.iter().try_for_each(|f| {
            let path = format!("{path}.{}", f.name);
            match object.get(&f.name) {
                Some(value) => check_value(f, &path, value),
                None if f.required == Some(Required::Yes) => Err(missing(&path, None)),
                None => Ok(()),
            }
        }),
        _ => Ok(()),
    }
}

fn check_type(field: &Field, path: &str, value: &Value) -> Result<(), Fault> {
    let fits = match field.kind {
        Type::String => value.is_string(),
        Type::Integer => value.is_i64() || value.is_u64(),
        Type::Number => value.is_number(),
        Type::Boolean => value.is_boolean(),
        Type::Array => value.is_array(),
        Type::Object | Type::Map => value.is_object(),
        Type::Any => true,
    };
    let is_json = field.format.as_deref() != Some("json")
        || value.as_str().is_none_or(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
    match (fits, is_json) {
        (false, _) => Err(invalid(path, format_args!("is not of type {}", type_name(field.kind)))),
        (true, false) => Err(invalid(path, "is not JSON text")),
        (true, true) => Ok(()),
    }
}

fn type_name(kind: Type) -> &'static str {
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

fn check_listed(field: &Field, path: &str, value: &Value) -> Result<(), Fault> {
    if field.values.is_empty() || value.is_array() || value.is_object() {
        return Ok(());
    }
    let value = text(value);
    if field.values.iter().any(|listed| listed.value == value) {
        return Ok(());
    }
    let listed: Vec<&str> = field.values.iter().map(|v| v.value.as_str()).collect();
    Err(invalid(path, format_args!("is `{value}`, not one of {}", listed.join(", "))))
}

fn check_bounds(field: &Field, path: &str, value: &Value) -> Result<(), Fault> {
    if let Some(number) = value.as_f64() {
        let min = field.min.as_ref().and_then(serde_yaml::Number::as_f64);
        let max = field.max.as_ref().and_then(serde_yaml::Number::as_f64);
        if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
            return Err(invalid(path, "is out of range"));
        }
    }
    let (length, min, max, unit) = match value {
        Value::String(text) => (text.chars().count(), field.min_length, field.max_length, "characters"),
        Value::Array(items) => (items.len(), field.min_items, field.max_items, "items"),
        _ => return Ok(()),
    };
    let length = length as u64;
    if min.is_some_and(|min| length < min) || max.is_some_and(|max| length > max) {
        return Err(invalid(path, format_args!("has {length} {unit}, which the page does not allow")));
    }
    Ok(())
}
