//! A service: its head, `service.yaml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ErrorCode;

/// A service: `specs/SERVICE/service.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("patternProperties" = { "^x-": {} }))]
pub struct Service {
    /// The folder's name and the generated crate's, in kebab case.
    pub service: String,
    /// The vendor's name of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Which vendor conventions apply (`aliyun`, `huawei`).
    pub provider: String,
    /// The API's version, as the wire has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// How calls are put on the wire.
    pub protocol: Protocol,
    /// Where it is served.
    #[serde(default, skip_serializing_if = "Endpoints::is_empty")]
    pub endpoints: Endpoints,
    /// Codes common to every operation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorCode>,
    /// Keys that the format does not know, beginning with `x-`: people's, kept as they are.
    #[serde(flatten, skip_deserializing)]
    #[schemars(skip)]
    pub extensions: BTreeMap<String, serde_json::Value>,
}

/// How calls are put on the wire and signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Protocol {
    /// Alibaba Cloud RPC: the operation's name in a header, parameters flattened into the query.
    AliyunRpc,
    /// Alibaba Cloud ROA: resource paths, JSON bodies.
    AliyunRoa,
    /// Huawei Cloud REST.
    HuaweiRest,
    /// Plain JSON over HTTP.
    #[default]
    RestJson,
}

/// Where a service is served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// Used where nothing else applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// A pattern with `{region}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regional: Option<String>,
    /// Regions that the pattern is wrong for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub regions: BTreeMap<String, String>,
}

impl Endpoints {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.default.is_none() && self.regional.is_none() && self.regions.is_empty()
    }
}
