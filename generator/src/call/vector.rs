//! A recorded call, made again: `docsdk call --vector -`.
//!
//! A vector says which values a caller gave, under which names they travelled, and with which credentials, clock and
//! nonce. It names no styles, so that an array's or object's is read from what the vendor's own SDK sent.

use docsdk_runtime::encode::Query;
use docsdk_runtime::{
    Argument, CallRequest, CallResponse, ClientCore, Config, Credentials, EndpointTable, Error, Location, Protocol,
    Random, RetryPolicy, Style, SystemRandom, parse_timestamp,
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A recorded call.
#[derive(Clone, Debug, Deserialize)]
pub struct Vector {
    protocol: String,
    #[serde(default)]
    api_version: String,
    operation: String,
    #[serde(default)]
    region: Option<String>,
    credentials: Map<String, Value>,
    clock: String,
    #[serde(default)]
    nonce: Option<String>,
    api: Api,
    #[serde(default)]
    params: Map<String, Value>,
    #[serde(default)]
    wire_names: WireNames,
    #[serde(default)]
    caller_headers: Map<String, Value>,
    #[serde(default)]
    config: Option<Map<String, Value>>,
    #[serde(default)]
    derived_auth_service: Option<String>,
    expected: Expected,
}

#[derive(Clone, Debug, Deserialize)]
struct Api {
    method: String,
    pathname: String,
    #[serde(default)]
    auth_type: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct WireNames {
    query: Vec<String>,
    path: Vec<String>,
    header: Vec<String>,
    body: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Expected {
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    body: Option<String>,
}

/// The nonce of a vector, and random numbers for the rest.
#[derive(Debug)]
struct Fixed(String);

impl Random for Fixed {
    fn bytes(&self) -> [u8; 16] {
        SystemRandom.bytes()
    }

    fn nonce(&self) -> String {
        self.0.clone()
    }
}

impl Vector {
    /// The client that the vector's caller had, talking to another address.
    ///
    /// # Errors
    ///
    /// Where the clock or the address can't be read.
    pub fn client(&self, endpoint: &str) -> Result<ClientCore, Error> {
        let clock = parse_timestamp(&self.clock)
            .ok_or_else(|| Error::invalid_request(format!("the vector's clock `{}` is no instant", self.clock)))?;
        let mut config =
            Config::new().endpoint(endpoint).clock(clock).credentials(self.credentials()).retry(RetryPolicy::none());
        if let Some(region) = &self.region {
            config = config.region(region);
        }
        if let Some(nonce) = &self.nonce {
            config = config.random(Fixed(nonce.clone()));
        }
        if let Some(service) = &self.derived_auth_service {
            config = config.derived_key(service);
        }
        let without = self.config.as_ref().and_then(|c| c.get("ignore_content_type_for_get_request"));
        if without == Some(&Value::Bool(true)) {
            config = config.content_type_without_body(false);
        }
        ClientCore::new(config, &EndpointTable::new(None, None))
    }

    fn credentials(&self) -> Credentials {
        let text = |name: &str| self.credentials.get(name).and_then(Value::as_str);
        if let Some(token) = text("bearer_token") {
            return Credentials::bearer_token(token);
        }
        if self.api.auth_type.as_deref() == Some("Anonymous") {
            return Credentials::anonymous();
        }
        let id = text("access_key_id").or_else(|| text("ak")).unwrap_or_default();
        let secret = text("access_key_secret").or_else(|| text("sk")).unwrap_or_default();
        let mut credentials = Credentials::access_key(id, secret);
        if let Some(token) = text("security_token") {
            credentials = credentials.with_security_token(token);
        }
        if let Some(id) = text("project_id") {
            credentials = credentials.with_project_id(id);
        }
        if let Some(id) = text("domain_id") {
            credentials = credentials.with_domain_id(id);
        }
        credentials
    }

    /// The call.
    #[must_use]
    pub fn request(&self) -> CallRequest<'_> {
        let protocol = match self.protocol.as_str() {
            "aliyun-rpc" => Protocol::AliyunRpc,
            "aliyun-roa" => Protocol::AliyunRoa,
            "huawei-rest" => Protocol::HuaweiRest,
            _ => Protocol::RestJson,
        };
        let mut call = CallRequest::new(self.operation.as_str(), protocol, self.api_version.as_str());
        call = call.http(self.api.method.as_str(), self.api.pathname.as_str());
        call.anonymous = self.api.auth_type.as_deref() == Some("Anonymous");
        for (name, value) in &self.params {
            let location = self.location(name, protocol);
            let style = self.style(name, value, location);
            call = call.argument(Argument::new(name.as_str(), location, value.clone()).style(style));
        }
        for (name, value) in &self.caller_headers {
            call = call.header(name.as_str(), value.as_str().unwrap_or_default());
        }
        call
    }

    fn location(&self, name: &str, protocol: Protocol) -> Location {
        let stands_in = |names: &[String]| {
            names.iter().any(|n| n == name || n.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
        };
        if self.wire_names.path.iter().any(|n| n == name) {
            Location::Path
        } else if self.wire_names.header.iter().any(|n| n == name) {
            Location::Header
        } else if stands_in(&self.wire_names.body) {
            match (protocol, name) {
                (Protocol::AliyunRpc, _) => Location::Form,
                (_, "body") => Location::Payload,
                _ => Location::Body,
            }
        } else {
            Location::Query
        }
    }

    /// One pair under the bare name is JSON text or joined by commas; its first character tells.
    fn style(&self, name: &str, value: &Value, location: Location) -> Style {
        let sent = match location {
            Location::Query => self.expected.query.as_deref(),
            Location::Form => self.expected.body.as_deref(),
            _ => None,
        };
        if !(value.is_array() || value.is_object()) {
            return Style::Default;
        }
        let sent = Query::parse(sent.unwrap_or_default());
        let mut pairs = sent.pairs().iter().filter(|(n, _)| n == name);
        match (pairs.next(), pairs.next()) {
            (Some((_, text)), None) if text.starts_with(['[', '{']) => Style::Json,
            (Some((_, text)), None) if value.as_array().is_some_and(|a| a.len() > 1) && text.contains(',') => {
                Style::Comma
            }
            _ => Style::Default,
        }
    }

    /// Makes the call against another address.
    ///
    /// # Errors
    ///
    /// Where it can't be sent, or the answer is an error.
    pub async fn send(&self, endpoint: &str) -> Result<CallResponse, Error> {
        self.client(endpoint)?.call(self.request()).await
    }
}
