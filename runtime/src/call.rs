//! A call described apart from any generated code, and the answer to it.

use std::borrow::Cow;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

/// How calls are put on the wire and signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// Alibaba Cloud RPC: the operation's name in a header, parameters flattened into the query.
    AliyunRpc,
    /// Alibaba Cloud ROA: resource paths, JSON bodies.
    AliyunRoa,
    /// Huawei Cloud REST.
    HuaweiRest,
    /// Plain JSON over HTTP, with a bearer token or nothing.
    RestJson,
}

/// Where an argument travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Location {
    /// After `?`.
    Query,
    /// In the path, in place of `{name}`.
    Path,
    /// A header.
    Header,
    /// A key of the JSON body.
    Body,
    /// A key of a form body.
    Form,
    /// The whole body: a string as it stands, anything else as JSON.
    Payload,
}

/// How an array or object travels in a query, form or header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// What the protocol does where nothing is said: [`Flat`](Style::Flat) for Alibaba Cloud, [`Repeat`](Style::Repeat)
    /// elsewhere.
    #[default]
    Default,
    /// `Name.1=…&Name.2=…`, `Name.Field=…`.
    Flat,
    /// One value of compact JSON text.
    Json,
    /// One value, items joined by commas.
    Comma,
    /// The name repeated.
    Repeat,
}

/// One argument of a call.
#[derive(Clone, PartialEq)]
pub struct Argument<'a> {
    /// Exactly as on the wire.
    pub name: Cow<'a, str>,
    /// Where it travels.
    pub location: Location,
    /// How it is written there.
    pub style: Style,
    /// Its value; null is the same as no argument.
    pub value: Value,
}

impl<'a> Argument<'a> {
    /// An argument in the protocol's own style.
    pub fn new(name: impl Into<Cow<'a, str>>, location: Location, value: impl Into<Value>) -> Self {
        Self { name: name.into(), location, style: Style::Default, value: value.into() }
    }

    /// The same argument, written in another style.
    #[must_use]
    pub fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }
}

/// Values may be passwords, so only the name, place and kind are shown.
impl std::fmt::Debug for Argument<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        write!(f, "{} ({kind} in {:?})", self.name, self.location)
    }
}

/// The parameter that makes a repeated call the same call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenParameter<'a> {
    /// Its name on the wire: `ClientToken`, `X-Client-Token`.
    pub name: Cow<'a, str>,
    /// Where it travels.
    pub location: Location,
}

/// A call: an operation and its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRequest<'a> {
    /// The operation's name.
    pub operation: Cow<'a, str>,
    /// How it goes on the wire.
    pub protocol: Protocol,
    /// The API's version, as the wire has it; empty where the protocol has none.
    pub api_version: Cow<'a, str>,
    /// The HTTP method, upper case.
    pub method: Cow<'a, str>,
    /// The path, with `{placeholders}`.
    pub path: Cow<'a, str>,
    /// The arguments, in any order.
    pub arguments: Vec<Argument<'a>>,
    /// Headers beyond the arguments; a `content-type` here replaces the protocol's.
    pub headers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// The parameter to fill in with a fresh token where the caller gave none; it makes the call idempotent.
    pub client_token: Option<TokenParameter<'a>>,
    /// Whether it may be sent without any credentials.
    pub anonymous: bool,
    /// What documented error codes say of sending it again.
    pub retries: &'a [(&'a str, crate::schema::Retry)],
}

impl<'a> CallRequest<'a> {
    /// A call without arguments: `POST /`, not idempotent. `GET`, `HEAD`, `PUT`, `DELETE` and `OPTIONS` set with
    /// [`http`](CallRequest::http) make it idempotent except under Alibaba Cloud's RPC, where the method says nothing.
    pub fn new(operation: impl Into<Cow<'a, str>>, protocol: Protocol, api_version: impl Into<Cow<'a, str>>) -> Self {
        Self {
            operation: operation.into(),
            protocol,
            api_version: api_version.into(),
            method: Cow::Borrowed("POST"),
            path: Cow::Borrowed("/"),
            arguments: Vec::new(),
            headers: Vec::new(),
            idempotent: false,
            client_token: None,
            anonymous: false,
            retries: &[],
        }
    }

    /// Sets method and path.
    #[must_use]
    pub fn http(mut self, method: impl Into<Cow<'a, str>>, path: impl Into<Cow<'a, str>>) -> Self {
        self.method = method.into();
        self.path = path.into();
        self.idempotent = self.protocol != Protocol::AliyunRpc
            && matches!(&*self.method, "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS");
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(mut self, argument: Argument<'a>) -> Self {
        self.arguments.push(argument);
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Says whether sending it twice does no more than sending it once.
    #[must_use]
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Names the parameter that makes a repeated call the same call.
    #[must_use]
    pub fn client_token(mut self, name: impl Into<Cow<'a, str>>, location: Location) -> Self {
        self.client_token = Some(TokenParameter { name: name.into(), location });
        self
    }
}

/// A successful answer, its body unread.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallResponse {
    /// The HTTP status, 200 to 299.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
    /// The id by which the vendor finds the call, from the body or a header.
    pub request_id: Option<String>,
}

impl CallResponse {
    /// An answer, for tests and mocks; the request id is read from body and headers.
    pub fn new(status: u16, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let request_id = crate::error::request_id(&headers, &body);
        Self { status, headers, body, request_id }
    }
}
