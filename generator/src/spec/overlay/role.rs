//! What a place of a spec is: it says which keys it can hold, and what a wildcard finds in it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde_json::Value;

use crate::spec::place::Step;
use crate::spec::{Condition, ErrorCode, Field, Operation, Response, path};

/// What a place of an operation's spec is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Operation,
    Response,
    Field,
    ErrorCode,
    /// A listed value.
    Listed,
    Condition,
    /// A list of such.
    Fields,
    Responses,
    ErrorCodes,
    AllListed,
    Conditions,
    /// Anything else: wildcards pass it by.
    Other,
}

use Role::{AllListed, Conditions, ErrorCodes, Fields, Listed, Other, Responses};

impl Role {
    /// What steps from here lead to.
    pub(super) fn after(self, steps: &[Step]) -> Self {
        steps.iter().fold(self, |role, step| match (role, step) {
            (Fields, Step::Index(_)) => Self::Field,
            (Responses, Step::Index(_)) => Self::Response,
            (ErrorCodes, Step::Index(_)) => Self::ErrorCode,
            (AllListed, Step::Index(_)) => Listed,
            (Conditions, Step::Index(_)) => Self::Condition,
            (Self::Operation, Step::Key(key)) => match key.as_str() {
                "request" => Fields,
                "responses" => Responses,
                "errors" => ErrorCodes,
                _ => Other,
            },
            (Self::Field | Self::Response, Step::Key(key)) => match key.as_str() {
                "fields" => Fields,
                "items" | "json" => Self::Field,
                "values" => AllListed,
                "required_when" => Conditions,
                _ => Other,
            },
            _ => Other,
        })
    }

    /// The keys that a place can hold; none are known of others.
    pub(super) fn keys(self) -> Option<&'static BTreeSet<String>> {
        static KEYS: LazyLock<[BTreeSet<String>; 6]> = LazyLock::new(|| {
            [
                keys::<Operation>(),
                keys::<Response>(),
                keys::<Field>(),
                keys::<ErrorCode>(),
                keys::<crate::spec::Value>(),
                keys::<Condition>(),
            ]
        });
        let [operation, response, field, error, listed, condition] = &*KEYS;
        match self {
            Self::Operation => Some(operation),
            Self::Response => Some(response),
            Self::Field => Some(field),
            Self::ErrorCode => Some(error),
            Listed => Some(listed),
            Self::Condition => Some(condition),
            Fields | Responses | ErrorCodes | AllListed | Conditions | Other => None,
        }
    }

    /// The key that holds the name of such a place.
    pub(super) fn name_key(self) -> Option<&'static str> {
        match self {
            Self::Operation => Some("operation"),
            Self::Field => Some("name"),
            Self::ErrorCode => Some("code"),
            Listed => Some("value"),
            _ => None,
        }
    }

    /// What has a name below a place, for `*`: the name, the steps to it and the value there.
    pub(super) fn children(self, node: &Value) -> Vec<(String, Vec<Step>, &Value)> {
        match (self, node) {
            (Self::Operation, Value::Object(map)) => {
                let lists = ["request", "responses", "errors"].into_iter();
                lists.filter_map(|key| Some((key.to_owned(), vec![Step::Key(key.to_owned())], map.get(key)?))).collect()
            }
            (Self::Field | Self::Response, _) => {
                let fields = node.get("fields").and_then(Value::as_array).into_iter().flatten();
                let below = |index| vec![Step::Key("fields".to_owned()), Step::Index(index)];
                fields.enumerate().map(|(index, field)| (name(field, index), below(index), field)).collect()
            }
            (Fields | Responses | ErrorCodes | AllListed | Conditions, Value::Array(list)) => {
                let entries = list.iter().enumerate();
                entries.map(|(index, entry)| (name(entry, index), vec![Step::Index(index)], entry)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What stands below a place without a name of its own, for `**`: items, and what JSON text holds.
    pub(super) fn insides(self, node: &Value) -> Vec<(Vec<Step>, &Value)> {
        let inner = ["items", "json"].into_iter().filter(|_| self == Self::Field);
        inner.filter_map(|key| Some((vec![Step::Key(key.to_owned())], node.get(key)?))).collect()
    }
}

fn name(entry: &Value, index: usize) -> String {
    path::names(entry, index).into_iter().next().unwrap_or_default()
}

fn keys<T: JsonSchema>() -> BTreeSet<String> {
    let schema = schemars::schema_for!(T);
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flat_map(serde_json::Map::keys).cloned().collect()
}
