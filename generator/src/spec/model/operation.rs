//! An operation, its call, its answers and its error codes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Example, Field, History, Pagination, Permission, Waiter};

/// An operation: `specs/SERVICE/operations/NAME.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("patternProperties" = { "^x-": {} }))]
pub struct Operation {
    /// Its name, as the wire has it.
    pub operation: String,
    /// What it is called in Rust, where that is other than its name gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rust_name: Option<String>,
    /// One line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the vendor advises against it.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub deprecated: bool,
    /// Method and path.
    pub http: Http,
    /// Whether it is called without a token or signature.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub anonymous: bool,
    /// The parameters, in the page's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request: Vec<Field>,
    /// The answers, by status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<Response>,
    /// The documented error codes, in the page's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorCode>,
    /// What a caller must be allowed to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// Samples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// What the vendor changed, newest first as on the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<History>,
    /// How it pages, where that is other than its parameters and answers show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// What callers wait for, as people know it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiters: Vec<Waiter>,
    /// Keys that the format does not know, beginning with `x-`: people's, kept as they are.
    #[serde(flatten, skip_deserializing)]
    #[schemars(skip)]
    pub extensions: BTreeMap<String, serde_json::Value>,
}

/// Method and path of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Upper case.
    pub method: String,
    /// With `{placeholders}`.
    pub path: String,
}

impl Default for Http {
    fn default() -> Self {
        Self { method: "POST".to_owned(), path: "/".to_owned() }
    }
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its body's fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
}

/// A documented error code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ErrorCode {
    /// The HTTP status, where the page gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// As on the wire.
    pub code: String,
    /// What its variant is called in Rust, where that is other than the code gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rust_name: Option<String>,
    /// The message the service sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What it means and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Operation {
    /// What its Rust names are made from.
    pub fn called(&self) -> &str {
        self.rust_name.as_deref().unwrap_or(&self.operation)
    }
}

impl ErrorCode {
    /// What its variant's name is made from.
    pub fn called(&self) -> &str {
        self.rust_name.as_deref().unwrap_or(&self.code)
    }
}
