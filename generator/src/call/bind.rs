//! From what a person types to the arguments of a call.

use docsdk_runtime::{Argument, CallRequest, Location as WireLocation, Protocol as WireProtocol, Style as WireStyle};
use serde_json::{Map, Value};

use super::Arguments;
use crate::spec::{Field, Location, Operation, Protocol, Service, Style, Type};

/// A parameter as typed: `--Tag.1.Key env` gives `Tag.1.Key` and `env`.
pub type Given = (String, String);

/// What a person typed does not fit the operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BindError {
    /// The operation has no such parameter.
    Unknown {
        /// As typed.
        name: String,
        /// The names that come nearest.
        near: Vec<String>,
    },
    /// The text can't be read as the parameter's type.
    Unreadable {
        /// The parameter's path.
        name: String,
        /// What it should have been.
        expected: &'static str,
    },
    /// Two of the given values exclude each other.
    Twice {
        /// The parameter's path.
        name: String,
    },
}

impl std::fmt::Display for BindError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown { name, near } if near.is_empty() => write!(f, "the operation has no parameter `{name}`"),
            Self::Unknown { name, near } => {
                write!(f, "the operation has no parameter `{name}`; near it: `{}`", near.join("`, `"))
            }
            Self::Unreadable { name, expected } => write!(f, "the value of `{name}` is not {expected}"),
            Self::Twice { name } => write!(f, "`{name}` is given twice"),
        }
    }
}

impl std::error::Error for BindError {}

/// Reads typed parameters by the operation's spec. Lists may be given as JSON, by repeating the name, or by
/// number (`--Tag.1.Key env`); objects as JSON or by field (`--Config.Size 3`).
///
/// # Errors
///
/// Where a name is not the operation's, or a text is not of its parameter's type.
///
/// ```
/// use docsdk::call::bind;
/// use docsdk::spec::{Field, Operation, Type};
///
/// let port = Field { name: "Port".into(), kind: Type::Integer, ..Field::default() };
/// let operation = Operation { request: vec![port], ..Operation::default() };
/// let arguments = bind(&operation, &[("Port".into(), "3306".into())])?;
/// assert_eq!(arguments["Port"], 3306);
/// # Ok::<(), docsdk::call::BindError>(())
/// ```
pub fn bind(operation: &Operation, given: &[Given]) -> Result<Arguments, BindError> {
    let mut arguments = Arguments::new();
    for (typed, text) in given {
        let (parameter, rest) = find(operation, typed)?;
        let slot = arguments.entry(parameter.name.clone()).or_insert(Value::Null);
        place(parameter, typed, rest, text, slot)?;
    }
    Ok(arguments)
}

/// The parameter a typed name means, and what follows its own name.
fn find<'o, 't>(operation: &'o Operation, typed: &'t str) -> Result<(&'o Field, Option<&'t str>), BindError> {
    let whole = operation.request.iter().find(|p| p.name == typed).map(|p| (p, None));
    let nested = || {
        operation.request.iter().find_map(|p| Some((p, Some(typed.strip_prefix(p.name.as_str())?.strip_prefix('.')?))))
    };
    whole.or_else(nested).ok_or_else(|| BindError::Unknown { name: typed.to_owned(), near: near(operation, typed) })
}

fn near(operation: &Operation, typed: &str) -> Vec<String> {
    let folded = typed.to_ascii_lowercase().replace(['-', '_'], "");
    let mut names: Vec<(f64, &str)> = operation
        .request
        .iter()
        .map(|p| (strsim::jaro_winkler(&p.name.to_ascii_lowercase().replace(['-', '_'], ""), &folded), p.name.as_str()))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    names.sort_by(|a, b| b.0.total_cmp(&a.0));
    names.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// Puts a text where its name points, below a parameter.
fn place(field: &Field, typed: &str, rest: Option<&str>, text: &str, slot: &mut Value) -> Result<(), BindError> {
    let unknown = || BindError::Unknown { name: typed.to_owned(), near: Vec::new() };
    let Some(rest) = rest else {
        return place_here(field, typed, text, slot);
    };
    let (head, rest) = rest.split_once('.').map_or((rest, None), |(head, rest)| (head, Some(rest)));
    if field.kind == Type::Array {
        let item = field.items.as_deref().ok_or_else(unknown)?;
        let number = head.parse::<usize>().ok().filter(|n| (1..=1000).contains(n)).ok_or_else(unknown)?;
        if slot.is_null() {
            *slot = Value::Array(Vec::new());
        }
        let items = slot.as_array_mut().ok_or_else(|| BindError::Twice { name: typed.to_owned() })?;
        if items.len() < number {
            items.resize(number, Value::Null);
        }
        return items.get_mut(number - 1).map_or_else(|| Err(unknown()), |slot| place(item, typed, rest, text, slot));
    }
    let child = match field.kind {
        Type::Map => field.items.as_deref(),
        _ => field.fields.iter().find(|f| f.name == head),
    };
    let child = child.ok_or_else(unknown)?;
    if slot.is_null() {
        *slot = Value::Object(Map::new());
    }
    let object = slot.as_object_mut().ok_or_else(|| BindError::Twice { name: typed.to_owned() })?;
    place(child, typed, rest, text, object.entry(head.to_owned()).or_insert(Value::Null))
}

fn place_here(field: &Field, typed: &str, text: &str, slot: &mut Value) -> Result<(), BindError> {
    if field.kind == Type::Array && !text.trim_start().starts_with('[') {
        let item = field.items.as_deref().map_or_else(|| Ok(Value::from(text)), |item| read(item, typed, text))?;
        if slot.is_null() {
            *slot = Value::Array(Vec::new());
        }
        let items = slot.as_array_mut().ok_or_else(|| BindError::Twice { name: typed.to_owned() })?;
        items.push(item);
        return Ok(());
    }
    if !slot.is_null() {
        return Err(BindError::Twice { name: typed.to_owned() });
    }
    *slot = read(field, typed, text)?;
    Ok(())
}

fn read(field: &Field, typed: &str, text: &str) -> Result<Value, BindError> {
    let unreadable = |expected| BindError::Unreadable { name: typed.to_owned(), expected };
    let json = || serde_json::from_str::<Value>(text).ok();
    match field.kind {
        Type::String => Ok(Value::from(text)),
        Type::Any => Ok(json().unwrap_or_else(|| Value::from(text))),
        Type::Integer => text
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| text.parse::<u64>().map(Value::from))
            .map_err(|_| unreadable("a whole number")),
        Type::Number => json().filter(Value::is_number).ok_or_else(|| unreadable("a number")),
        Type::Boolean => text.parse::<bool>().map(Value::from).map_err(|_| unreadable("`true` or `false`")),
        Type::Array => json().filter(Value::is_array).ok_or_else(|| unreadable("a JSON array")),
        Type::Object | Type::Map => json().filter(Value::is_object).ok_or_else(|| unreadable("a JSON object")),
    }
}

/// The call that these arguments make.
#[must_use]
pub fn request<'a>(service: &'a Service, operation: &'a Operation, arguments: &Arguments) -> CallRequest<'a> {
    let protocol = match service.protocol {
        Protocol::AliyunRpc => WireProtocol::AliyunRpc,
        Protocol::AliyunRoa => WireProtocol::AliyunRoa,
        Protocol::HuaweiRest => WireProtocol::HuaweiRest,
        Protocol::RestJson => WireProtocol::RestJson,
    };
    let version = service.api_version.as_deref().unwrap_or_default();
    let method = operation.http.method.split('|').next().unwrap_or_default().trim();
    let mut call = CallRequest::new(operation.operation.as_str(), protocol, version);
    call = call.http(method, operation.http.path.as_str());
    for parameter in &operation.request {
        if let Some(value) = arguments.get(&parameter.name) {
            let argument = Argument::new(parameter.name.as_str(), wire_location(parameter), value.clone());
            call = call.argument(argument.style(wire_style(parameter)));
        }
    }
    if let Some(token) = operation.request.iter().find(|p| is_client_token(p)) {
        call = call.client_token(token.name.as_str(), wire_location(token));
    }
    call
}

/// The parameter by which both vendors make a repeated call the same call.
fn is_client_token(parameter: &Field) -> bool {
    matches!(parameter.name.as_str(), "ClientToken" | "X-Client-Token" | "client_token")
        && parameter.kind == Type::String
}

fn wire_location(parameter: &Field) -> WireLocation {
    match parameter.location {
        Some(Location::Path) => WireLocation::Path,
        Some(Location::Header) => WireLocation::Header,
        Some(Location::Body) => WireLocation::Body,
        Some(Location::Form) => WireLocation::Form,
        Some(Location::Query) | None => WireLocation::Query,
    }
}

fn wire_style(parameter: &Field) -> WireStyle {
    match parameter.style {
        None => WireStyle::Default,
        Some(Style::Flat) => WireStyle::Flat,
        Some(Style::Json) => WireStyle::Json,
        Some(Style::Comma) => WireStyle::Comma,
        Some(Style::Repeat) => WireStyle::Repeat,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation() -> Operation {
        serde_yaml::from_str(
            "operation: X\nhttp: { method: POST, path: / }\nrequest:\n\
             - { name: Port, in: query, type: integer }\n\
             - { name: Ids, in: query, type: array, items: { type: string } }\n\
             - { name: Tag, in: query, type: array, items: { type: object, fields: [ { name: Key, type: string } ] } }\n",
        )
        .unwrap()
    }

    #[track_caller]
    fn test(given: &[(&str, &str)], expected: Result<Value, &str>) {
        let given: Vec<Given> = given.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
        let bound = bind(&operation(), &given).map(|a| serde_json::to_value(a).unwrap());
        assert_eq!(bound.map_err(|e| e.to_string()), expected.map_err(str::to_owned));
    }

    #[test]
    fn parameters_are_read_by_their_types() {
        test(&[("Port", "3306")], Ok(serde_json::json!({"Port": 3306})));
        test(&[("Ids", "a"), ("Ids", "b")], Ok(serde_json::json!({"Ids": ["a", "b"]})));
        test(&[("Ids", "[\"a\"]")], Ok(serde_json::json!({"Ids": ["a"]})));
        test(&[("Tag.2.Key", "k")], Ok(serde_json::json!({"Tag": [null, {"Key": "k"}]})));
        test(&[("Port", "x")], Err("the value of `Port` is not a whole number"));
        test(&[("Port", "1"), ("Port", "2")], Err("`Port` is given twice"));
        test(&[("port", "1")], Err("the operation has no parameter `port`; near it: `Port`"));
        test(&[("Tag.0.Key", "k")], Err("the operation has no parameter `Tag.0.Key`"));
    }
}
