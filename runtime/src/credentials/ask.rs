//! One request for credentials, and its answer.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use serde_json::Value;
use zeroize::Zeroize;

use super::document::Document;
use super::surroundings::Surroundings;
use crate::encode::percent;
use crate::error::{Cause, Error};
use crate::secret::Secret;
use crate::sign::{self, Message};
use crate::time::within;
use crate::timestamp;

/// A request. What it hides is masked in errors, as servers and transports may repeat it.
pub(super) struct Ask {
    method: Method,
    url: String,
    headers: Vec<(&'static str, Secret)>,
    body: Bytes,
    limit: Duration,
    hidden: Vec<Secret>,
}

impl Ask {
    /// A request to an absolute address, with the time it may take.
    pub(super) fn new(method: Method, url: impl Into<String>, limit: Duration) -> Self {
        Self { method, url: url.into(), headers: Vec::new(), body: Bytes::new(), limit, hidden: Vec::new() }
    }

    /// With a header.
    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, Secret::from(value)));
        self
    }

    /// With a header that is a secret.
    pub(super) fn secret(self, name: &'static str, value: &Secret) -> Self {
        self.header(name, value.expose()).hide(value)
    }

    /// With a JSON body of the media type given.
    pub(super) fn json(mut self, kind: &'static str, body: Value) -> Self {
        self.body = Document::of(body).bytes();
        self.header(CONTENT_TYPE.as_str(), kind)
    }

    /// With a secret that stands in its address or body.
    pub(super) fn hide(mut self, secret: &Secret) -> Self {
        self.hidden.push(secret.clone());
        self
    }

    /// The request, with the headers that all have.
    fn request(&self) -> Result<Request<Bytes>, Error> {
        let uri: Uri = self
            .url
            .parse()
            .ok()
            .filter(|uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
            .ok_or_else(|| failure(format!("`{}` is no address of http or https", self.place())))?;
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        let authority = uri.authority().map(|authority| authority.as_str().rsplit('@').next().unwrap_or_default());
        let host = header(HOST.as_str(), authority.unwrap_or_default())?;
        request.headers_mut().insert(HOST, host);
        let agent = HeaderValue::from_static(concat!("docsdk/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(USER_AGENT, agent);
        for (name, value) in &self.headers {
            request.headers_mut().insert(HeaderName::from_static(name), header(name, value.expose())?);
        }
        *request.uri_mut() = uri;
        Ok(request)
    }

    /// The address without its query and without a user's name and password, for errors.
    fn place(&self) -> String {
        let url = self.url.split(['?', '#']).next().unwrap_or_default();
        let url = match url.split_once("://").map(|(scheme, rest)| (scheme, rest.split_once('@'))) {
            Some((scheme, Some((_, rest)))) => format!("{scheme}://{rest}"),
            _ => url.to_owned(),
        };
        self.mask(&url)
    }

    /// Sends it.
    pub(super) async fn send(self, surroundings: &Surroundings) -> Result<Reply, Error> {
        let request = self.request()?;
        self.exchange(surroundings, request).await
    }

    /// Signs it as Huawei Cloud does, and sends it.
    pub(super) async fn send_signed(
        self,
        surroundings: &Surroundings,
        id: &str,
        secret: &Secret,
    ) -> Result<Reply, Error> {
        let mut request = self.request()?;
        let date = header("x-sdk-date", &timestamp::basic(surroundings.now()))?;
        request.headers_mut().insert(HeaderName::from_static("x-sdk-date"), date);
        let message = Message {
            method: self.method.as_str(),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
            headers: request.headers(),
            body: &self.body,
        };
        let authorization = header("authorization", sign::sdk_hmac(&message, id, secret).authorization())?;
        request.headers_mut().insert(http::header::AUTHORIZATION, authorization);
        self.exchange(surroundings, request).await
    }

    async fn exchange(self, surroundings: &Surroundings, request: Request<Bytes>) -> Result<Reply, Error> {
        let transport = surroundings.transport_ref()?;
        let sent = transport.send(request);
        let sent = match surroundings.timer_ref() {
            Some(timer) => within(timer, Some(self.limit), sent).await,
            None => Some(sent.await),
        };
        let response = match sent {
            Some(Ok(response)) => response,
            Some(Err(error)) => {
                let mut text = format!("no answer from `{}`: {error}", self.place());
                let mut source = std::error::Error::source(&error);
                while let Some(inner) = source {
                    text.push_str(": ");
                    text.push_str(&inner.to_string());
                    source = inner.source();
                }
                return Err(failure(self.mask(&text)));
            }
            None => {
                return Err(failure(format!("no answer from `{}` within {} ms", self.place(), self.limit.as_millis())));
            }
        };
        let (head, body) = response.into_parts();
        Ok(Reply { status: head.status.as_u16(), headers: head.headers, body, ask: self })
    }

    /// The text with what is hidden masked, as it is and as an address or a text that is signed has it.
    fn mask(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.hidden.iter().filter(|secret| !secret.is_empty()) {
            let once = percent::encode(secret.expose());
            let twice = percent::encode(&once);
            for form in [twice.as_str(), once.as_str(), secret.expose()] {
                text = text.replace(form, "***");
            }
        }
        text
    }
}

fn header(name: &str, value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| failure(format!("what is to be sent as header `{name}` has a line break or control character")))?;
    value.set_sensitive(!matches!(name, "host" | "content-type" | "x-sdk-date"));
    Ok(value)
}

pub(super) fn failure(message: impl Into<String>) -> Error {
    Error::new(Cause::Credentials, message)
}

/// An answer; its body is wiped when dropped, where nobody else holds it.
pub(super) struct Reply {
    pub(super) status: u16,
    headers: HeaderMap,
    body: Bytes,
    ask: Ask,
}

impl Reply {
    /// Whether the status is 200 to 299.
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The answer where it is one of success.
    pub(super) fn success(self) -> Result<Self, Error> {
        if self.is_success() { Ok(self) } else { Err(self.refusal()) }
    }

    /// The body as a text with something in it.
    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The body as JSON.
    pub(super) fn document(&self) -> Result<Document, Error> {
        Document::parse(&self.body).ok_or_else(|| self.odd("it is no JSON"))
    }

    /// A header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
    }

    /// What the service said against the request.
    pub(super) fn refusal(&self) -> Error {
        // Masked before anything is cut, as half a secret is one too; and again once texts are read out of JSON.
        let body = self.ask.mask(&String::from_utf8_lossy(&self.body));
        let error = Error::service(self.status, self.headers.clone(), body);
        let mut text = format!("`{}` answered with status {}", self.ask.place(), self.status);
        if let Some(code) = error.code() {
            text.push_str(", ");
            text.push_str(code);
        }
        if self.text().is_some() {
            text.push_str(": ");
            text.extend(self.ask.mask(error.message()).chars().take(400));
        }
        if let Some(id) = error.request_id() {
            text.push_str(", request id ");
            text.push_str(id);
        }
        failure(self.ask.mask(&text))
    }

    /// An answer of success that is not as it should be. The problem must hold no secret.
    pub(super) fn odd(&self, problem: impl AsRef<str>) -> Error {
        failure(format!("`{}` gave an unexpected answer: {}", self.ask.place(), self.ask.mask(problem.as_ref())))
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        wipe(std::mem::take(&mut self.body));
    }
}

fn wipe(bytes: Bytes) {
    if let Ok(mut bytes) = bytes.try_into_mut() {
        bytes.zeroize();
    }
}

impl Drop for Ask {
    fn drop(&mut self) {
        self.url.zeroize();
        wipe(std::mem::take(&mut self.body));
    }
}
