//! Wire vectors: calls written down as JSON together with what a vendor's own SDK sent for them.

use std::time::SystemTime;

use serde_json::Value;

use crate::call::{Argument, CallRequest, Location, Protocol, Style};
use crate::client::Config;
use crate::credentials::Credentials;
use crate::encode::{Query, percent};
use crate::error::Error;
use crate::random::Random;
use crate::timestamp;

/// A call with the credentials, clock and nonce that it was recorded with.
///
/// The JSON has `protocol`, `operation`, `api_version`, `region`, `endpoint`, `credentials`, `clock`, `nonce`, `api`
/// (`method`, `pathname`), `params`, `path_params`, `wire_names` (which of them went where), and optionally
/// `caller_headers`, `config`, `derived_auth_service`. What only the sent request shows is read from `expected`: whether
/// an array travelled as JSON text or joined by commas, and the body's content type.
#[derive(Clone, Debug)]
pub struct Vector(Value);

impl Vector {
    /// Reads a vector.
    ///
    /// # Errors
    ///
    /// Where the text is no JSON object with an operation.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| Error::invalid_request(format!("the vector is no JSON: {error}")).with_source(error))?;
        if value.get("operation").and_then(Value::as_str).is_none() {
            return Err(Error::invalid_request("the vector is no JSON object with an `operation`"));
        }
        Ok(Self(value))
    }

    /// The JSON it was read from.
    pub fn json(&self) -> &Value {
        &self.0
    }

    /// The text at a path of names; empty where there is none.
    pub fn text(&self, path: &[&str]) -> &str {
        path.iter().try_fold(&self.0, |value, name| value.get(*name)).and_then(Value::as_str).unwrap_or_default()
    }

    /// Settings with its endpoint, credentials, clock and nonce.
    pub fn config(&self) -> Config {
        let mut config = Config::new().region(self.text(&["region"])).credentials(self.credentials());
        config = config.endpoint(format!("https://{}", self.text(&["endpoint"])));
        config = config.clock(timestamp::parse(self.text(&["clock"])).unwrap_or(SystemTime::UNIX_EPOCH));
        config = config.random(FixedNonce(self.text(&["nonce"]).to_owned()));
        if let Some(service) = self.0.get("derived_auth_service").and_then(Value::as_str) {
            config = config.derived_key(service);
        }
        let bare_get = self.0.pointer("/config/ignore_content_type_for_get_request").and_then(Value::as_bool);
        config.content_type_without_body(bare_get != Some(true))
    }

    /// Its credentials.
    pub fn credentials(&self) -> Credentials {
        let text = |name: &str| Some(self.text(&["credentials", name])).filter(|text| !text.is_empty());
        if self.0.pointer("/credentials/sign").and_then(Value::as_bool) == Some(false) {
            return Credentials::anonymous();
        }
        let mut credentials = match (text("bearer_token"), text("auth_token")) {
            (Some(token), _) => Credentials::bearer_token(token),
            (None, Some(token)) => Credentials::auth_token(token),
            (None, None) => {
                let id = text("access_key_id").or_else(|| text("ak")).unwrap_or_default();
                let secret = text("access_key_secret").or_else(|| text("sk")).unwrap_or_default();
                Credentials::access_key(id, secret)
            }
        };
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
    pub fn request(&self) -> CallRequest<'_> {
        let protocol = match self.text(&["protocol"]) {
            "aliyun-rpc" => Protocol::AliyunRpc,
            "aliyun-roa" => Protocol::AliyunRoa,
            "huawei-rest" => Protocol::HuaweiRest,
            _ => Protocol::RestJson,
        };
        let mut request = CallRequest::new(self.text(&["operation"]), protocol, self.text(&["api_version"]));
        let params = self.0.get("params").and_then(Value::as_object);
        let (path, mut arguments) = self.path();
        request = request.http(self.text(&["api", "method"]), path);
        arguments.extend(params.into_iter().flatten().map(|(name, value)| self.argument(protocol, name, value)));
        request.arguments = arguments;
        if let Some(headers) = self.0.get("caller_headers").and_then(Value::as_object) {
            for (name, value) in headers {
                request = request.header(name, value.as_str().unwrap_or_default());
            }
        }
        let kind = self.text(&["expected", "headers", "content-type"]);
        if protocol == Protocol::HuaweiRest && !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        request
    }

    /// The path as a template, and the arguments in it; recorded paths are filled in already.
    fn path(&self) -> (String, Vec<Argument<'_>>) {
        let values = self.0.get("path_params").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut values = values.iter().filter_map(Value::as_str).peekable();
        let mut arguments = Vec::new();
        let parts: Vec<String> = self
            .text(&["api", "pathname"])
            .split('/')
            .map(|part| match values.next_if(|value| percent::encode(value) == part) {
                Some(value) => {
                    let name = format!("p{}", arguments.len());
                    let template = format!("{{{name}}}");
                    arguments.push(Argument::new(name, Location::Path, value));
                    template
                }
                None => part.to_owned(),
            })
            .collect();
        (parts.join("/"), arguments)
    }

    fn argument<'a>(&'a self, protocol: Protocol, name: &'a str, value: &Value) -> Argument<'a> {
        let went = |place: &str| {
            let names = self.0.pointer(&format!("/wire_names/{place}")).and_then(Value::as_array);
            names.is_some_and(|names| names.iter().filter_map(Value::as_str).any(|wire| wire == name))
        };
        let location = match () {
            () if went("path") => Location::Path,
            () if went("header") => Location::Header,
            () if went("body") && protocol == Protocol::AliyunRpc => Location::Form,
            () if went("body") && name == "body" => Location::Payload,
            () if went("body") => Location::Body,
            () => Location::Query,
        };
        let structured = value.is_array() || value.is_object();
        let aliyun = protocol != Protocol::HuaweiRest;
        let whole = structured && aliyun && (went("query") || went("body"));
        let style = match location {
            Location::Query | Location::Form if whole => self.style(name, location),
            _ => Style::Default,
        };
        Argument::new(name, location, value.clone()).style(style)
    }

    /// How an array or object that travelled as one value was written.
    fn style(&self, name: &str, location: Location) -> Style {
        let sent = self.text(&["expected", if location == Location::Form { "body" } else { "query" }]);
        let sent = Query::parse(sent);
        let value = sent.pairs().iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_ref());
        match value {
            Some(value) if !value.starts_with(['[', '{']) => Style::Comma,
            _ => Style::Json,
        }
    }
}

/// The vector's nonce, each time.
#[derive(Debug)]
struct FixedNonce(String);

impl Random for FixedNonce {
    fn bytes(&self) -> [u8; 16] {
        [0; 16]
    }

    fn nonce(&self, _: SystemTime) -> String {
        self.0.clone()
    }
}
