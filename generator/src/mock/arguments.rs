//! The values a request gives, read back from the wire by the operation's parameters.

use std::collections::{BTreeMap, BTreeSet};

use docsdk_runtime::encode::Query;
use serde_json::{Map, Value};

use super::{Incoming, Refusal};
use crate::call::Arguments;
use crate::spec::{Field, Location, Operation, Protocol, Service, Style, Type};

/// Query pairs that belong to the protocol, not to an operation.
const PROTOCOL_QUERY: &[&str] = &["Format", "SignatureType"];

/// Reads every argument; a name the operation does not have is refused, since a mock is there to find mistakes.
pub(super) fn read(
    request: &Incoming,
    service: &Service,
    operation: &Operation,
    path_arguments: &BTreeMap<String, String>,
) -> Result<Arguments, Refusal> {
    let query = Pairs::new(&Query::parse(&request.query));
    let form = Pairs::new(&form(request));
    let body = json_body(request, operation)?;
    let mut arguments = Arguments::new();
    for parameter in &operation.request {
        let name = parameter.name.as_str();
        let value = match parameter.location {
            Some(Location::Path) => path_arguments.get(name).map(|v| scalar(parameter.kind, v)),
            Some(Location::Header) => request.header(&name.to_ascii_lowercase()).map(|v| scalar(parameter.kind, v)),
            Some(Location::Body) => body.get(name).cloned(),
            Some(Location::Form) => form.gather(parameter, name, service.protocol),
            Some(Location::Query) | None => query.gather(parameter, name, service.protocol),
        };
        if let Some(value) = value {
            arguments.insert(name.to_owned(), value);
        }
    }
    let known = |name: &str| operation.request.iter().any(|p| p.name == name);
    let unknown =
        query.unread().chain(form.unread()).map(str::to_owned).find(|name| !PROTOCOL_QUERY.contains(&name.as_str()));
    let unknown = unknown.or_else(|| body.keys().find(|name| !known(name)).cloned());
    match unknown {
        Some(name) => Err(Refusal::new(400, "InvalidParameter", format!("the operation has no parameter `{name}`"))),
        None => Ok(arguments),
    }
}

fn form(request: &Incoming) -> Query<'static> {
    let is_form = request
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    if is_form { Query::parse(&String::from_utf8_lossy(&request.body)) } else { Query::default() }
}

fn json_body(request: &Incoming, operation: &Operation) -> Result<Map<String, Value>, Refusal> {
    let wanted = operation.request.iter().any(|p| p.location == Some(Location::Body));
    if !wanted || request.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(Refusal::new(400, "InvalidParameter", "the body is not a JSON object")),
        Err(error) => Err(Refusal::new(400, "InvalidParameter", format!("the body is not JSON: {error}"))),
    }
}

/// A value of the query, the path or a header, as its type would stand in JSON; text where it does not fit.
fn scalar(kind: Type, text: &str) -> Value {
    let parsed = match kind {
        Type::Integer => text.parse::<i64>().ok().map(Value::from),
        Type::Number => text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number),
        Type::Boolean => text.parse::<bool>().ok().map(Value::Bool),
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Pairs of a query or form, and which of them a parameter has claimed.
struct Pairs {
    values: BTreeMap<String, Vec<String>>,
    read: std::cell::RefCell<BTreeSet<String>>,
}

impl Pairs {
    fn new(query: &Query<'_>) -> Self {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in query.pairs() {
            values.entry(name.clone().into_owned()).or_default().push(value.clone().into_owned());
        }
        Self { values, read: std::cell::RefCell::default() }
    }

    fn unread(&self) -> impl Iterator<Item = &str> {
        let read = self.read.borrow().clone();
        self.values.keys().filter(move |name| !read.contains(*name)).map(String::as_str)
    }

    fn one(&self, name: &str) -> Option<&str> {
        let value = self.values.get(name)?.first()?;
        self.read.borrow_mut().insert(name.to_owned());
        Some(value)
    }

    fn all(&self, name: &str) -> Option<&[String]> {
        let values = self.values.get(name)?;
        self.read.borrow_mut().insert(name.to_owned());
        Some(values)
    }

    fn any_below(&self, name: &str) -> bool {
        let prefix = format!("{name}.");
        self.values.range(prefix.clone()..).next().is_some_and(|(key, _)| key.starts_with(&prefix))
    }

    /// The value of a field whose wire name is `name`, unflattened.
    fn gather(&self, field: &Field, name: &str, protocol: Protocol) -> Option<Value> {
        let flat_by_default = matches!(protocol, Protocol::AliyunRpc | Protocol::AliyunRoa);
        let style = field.style.unwrap_or(if flat_by_default { Style::Flat } else { Style::Repeat });
        match (field.kind, style) {
            (Type::Array | Type::Object | Type::Map, Style::Json) => {
                let text = self.one(name)?;
                Some(serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())))
            }
            (Type::Array, Style::Comma) => {
                let item = field.items.as_deref().map_or(Type::String, |item| item.kind);
                Some(self.one(name)?.split(',').map(|text| scalar(item, text)).collect())
            }
            (Type::Array, Style::Repeat) => {
                let item = field.items.as_deref().map_or(Type::String, |item| item.kind);
                Some(self.all(name)?.iter().map(|text| scalar(item, text)).collect())
            }
            (Type::Array, Style::Flat) => self.gather_array(field, name, protocol),
            (Type::Object, _) if !field.fields.is_empty() => self.gather_object(field, name, protocol),
            (kind, _) => self.one(name).map(|text| scalar(kind, text)),
        }
    }

    fn gather_array(&self, field: &Field, name: &str, protocol: Protocol) -> Option<Value> {
        let item = field.items.as_deref()?;
        let items: Vec<Value> = (1..=self.values.len())
            .map(|n| format!("{name}.{n}"))
            .take_while(|name| self.values.contains_key(name) || self.any_below(name))
            .map(|name| self.gather(item, &name, protocol).unwrap_or(Value::Null))
            .collect();
        (!items.is_empty()).then_some(Value::Array(items))
    }

    fn gather_object(&self, field: &Field, name: &str, protocol: Protocol) -> Option<Value> {
        let fields: Map<String, Value> = field
            .fields
            .iter()
            .filter_map(|f| Some((f.name.clone(), self.gather(f, &format!("{name}.{}", f.name), protocol)?)))
            .collect();
        (!fields.is_empty()).then_some(Value::Object(fields))
    }
}
