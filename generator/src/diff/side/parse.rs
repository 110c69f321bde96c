//! Reads a service's head and an operation from YAML bytes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml::Value;

use super::normal::{Extensions, Node, OPERATION, SERVICE, normalise, scalar_text};
use crate::spec::{ErrorCode, Operation};

/// A `service.yaml`, as far as the differ compares it; words stay words, so that unknown ones can be named.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Head {
    pub(crate) service: String,
    pub(crate) title: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) api_version: Option<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) endpoints: Endpoints,
    pub(crate) errors: Vec<ErrorCode>,
    #[serde(skip)]
    pub(crate) extensions: Extensions,
}

impl Head {
    /// Whether the protocol gives operations a method and path of their own, so that names are not on the wire.
    pub(crate) fn is_rest(&self) -> bool {
        !self.protocol.as_deref().unwrap_or_default().contains("rpc")
    }
}

/// Where a service is served.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Endpoints {
    pub(crate) default: Option<String>,
    pub(crate) regional: Option<String>,
    pub(crate) regions: BTreeMap<String, String>,
}

/// An operation and the keys that the format does not know.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ParsedOperation {
    pub(crate) operation: Operation,
    pub(crate) extensions: Extensions,
}

/// Reads a `service.yaml`.
pub(crate) fn head(bytes: &[u8]) -> Result<Head, String> {
    let (mut value, extensions) = normal(bytes, &SERVICE, "service")?;
    if let Some(Value::Mapping(regions)) = value.get_mut("endpoints").and_then(|endpoints| endpoints.get_mut("regions"))
    {
        for (_, host) in regions.iter_mut() {
            *host = scalar_text(host).map_or_else(|| std::mem::take(host), Value::String);
        }
    }
    let head: Head = serde_yaml::from_value(value).map_err(|error| format!("is no service.yaml: {error}"))?;
    Ok(Head { extensions, ..head })
}

/// Reads an operation's file.
pub(crate) fn operation(bytes: &[u8]) -> Result<ParsedOperation, String> {
    let (value, extensions) = normal(bytes, &OPERATION, "")?;
    let operation: Operation = serde_yaml::from_value(value).map_err(|error| format!("is no operation: {error}"))?;
    if operation.operation.is_empty() {
        return Err("names no operation: the key `operation` is empty".to_owned());
    }
    Ok(ParsedOperation { operation, extensions })
}

fn normal(bytes: &[u8], node: &Node, path: &str) -> Result<(Value, Extensions), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("is not UTF-8: {error}"))?;
    let mut value: Value = serde_yaml::from_str(text).map_err(|error| format!("is broken YAML: {error}"))?;
    if !value.is_mapping() {
        return Err("is not a mapping of keys, as a spec is".to_owned());
    }
    let mut extensions = Extensions::new();
    normalise(&mut value, node, path, &mut extensions);
    Ok((value, extensions))
}

#[cfg(test)]
mod tests {
    use super::{head, operation};

    #[test]
    fn keeps_unknown_keys_apart() {
        let text = "operation: A\nhttp: {method: GET, path: /}\nx-owner: me\nrequest:\n- {name: B, type: array, default: 5, \
                    items: {type: string, x-a: [1], values: [1, {value: 2, x-b: c}]}}\n";
        let parsed = operation(text.as_bytes()).unwrap();
        let keys: Vec<_> = parsed.extensions.iter().map(|(key, value)| format!("{key} {value}")).collect();
        assert_eq!(keys, ["request.B[].x-a [1]", "request.B[]=2.x-b \"c\"", "x-owner \"me\""]);
        assert_eq!(parsed.operation.request[0].default.as_deref(), Some("5"));
    }

    #[test]
    fn says_what_is_wrong() {
        assert!(operation(b"a: [").unwrap_err().contains("broken YAML"));
        assert!(operation(b"operation: A\nhttp: 3\n").unwrap_err().contains("no operation"));
        assert!(operation(b"[]").unwrap_err().contains("not a mapping"));
        assert!(operation(b"operation: A\noperation: B\n").unwrap_err().contains("duplicate"));
        assert!(head(b"\xff").unwrap_err().contains("UTF-8"));
    }
}
