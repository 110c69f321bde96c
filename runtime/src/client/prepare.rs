//! From a call to a signed request.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::config::Config;
use super::header;
use crate::call::{CallRequest, Protocol};
use crate::credentials::{Credentials, Key};
use crate::encode::{Encoded, encode};
use crate::endpoint::Endpoint;
use crate::error::{Cause, Error};
use crate::random::Random;
use crate::secret::Secret;
use crate::sign::{self, Message, Signature};
use crate::timestamp;

/// A request, ready to be sent.
///
/// When shown, it gives method and address without the query, since parameters may be passwords.
#[derive(Clone)]
#[non_exhaustive]
pub struct Prepared {
    /// The method.
    pub method: Method,
    /// The address.
    pub uri: Uri,
    /// The headers; those with secrets are marked as sensitive.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// What was signed; nothing for tokens and anonymous calls.
    pub signature: Option<Signature>,
}

impl Prepared {
    /// The request for a [`Transport`](crate::transport::Transport).
    pub fn into_request(self) -> http::Request<Bytes> {
        let mut request = http::Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.uri;
        *request.headers_mut() = self.headers;
        request
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.uri.host().unwrap_or_default();
        write!(f, "Prepared({} {host}{}, {} bytes)", self.method, self.uri.path(), self.body.len())
    }
}

/// What a request depends on beside the call.
pub(super) struct Setting<'a> {
    pub(super) config: &'a Config,
    pub(super) endpoint: &'a Endpoint,
    pub(super) date: SystemTime,
    pub(super) random: &'a dyn Random,
    /// Counted from 1.
    pub(super) attempt: u32,
    /// The wait before this attempt.
    pub(super) waited: Duration,
}

/// Builds and signs a request.
pub(super) fn prepare(
    request: &CallRequest<'_>,
    credentials: &Credentials,
    setting: &Setting<'_>,
) -> Result<Prepared, Error> {
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| Error::invalid_request(format!("`{}` is no HTTP method", request.method)))?;
    let mut encoded = encode(request, credentials.project_id(), credentials.domain_id())?;
    let mut headers = std::mem::take(&mut encoded.headers);
    let given = Given::new(&headers, &encoded);
    common_headers(&mut headers, &method, &encoded, &given, setting);
    match request.protocol {
        Protocol::AliyunRpc | Protocol::AliyunRoa => {
            aliyun_headers(&mut headers, request, credentials, &mut encoded, setting)?;
        }
        Protocol::HuaweiRest => huawei_headers(&mut headers, credentials, &given, setting)?,
        Protocol::RestJson => rest_headers(&mut headers, credentials)?,
    }
    let Encoded { path, query, body, .. } = encoded;
    let target = if query.is_empty() { path } else { query.behind(path) };
    let unfit = |error| Error::invalid_request(format!("path `{}` cannot be sent: {error}", request.path));
    // Its bytes are looked at here once, and known to be text from here on.
    let target = PathAndQuery::from_maybe_shared(Bytes::from(target)).map_err(|error| unfit(error.into()))?;
    let (path, query) = (target.path(), target.query().unwrap_or_default());
    let message = Message { method: method.as_str(), path, query, headers: &headers, body: &body };
    let signature = if given.is_authorized { None } else { sign(request.protocol, &message, credentials, setting) };
    if let Some(signature) = &signature {
        headers.insert(AUTHORIZATION, sensitive(signature.authorization_bytes())?);
    }
    let uri = setting.endpoint.uri(target).map_err(unfit)?;
    Ok(Prepared { method, uri, headers, body, signature })
}

/// What the arguments and the caller's headers settle.
struct Given {
    /// The request is authorized already, and not signed.
    is_authorized: bool,
    has_content_type: bool,
    /// The body is of a type whose hash Huawei Cloud has signed; so it is where no type is named.
    is_json: bool,
}

impl Given {
    fn new(headers: &HeaderMap, encoded: &Encoded<'_>) -> Self {
        // They are few: to look at each costs less than to have one found.
        let find = |wanted: HeaderName| headers.iter().find(|(name, _)| **name == wanted).map(|(_, value)| value);
        let own = find(CONTENT_TYPE);
        let kind = own.map_or(encoded.content_type, |kind| kind.to_str().ok());
        let json = |kind: &str| kind.starts_with("application/json") || kind.starts_with("application/bson");
        Self {
            is_authorized: find(AUTHORIZATION).is_some(),
            has_content_type: own.is_some(),
            is_json: kind.is_none_or(json),
        }
    }
}

fn common_headers(
    headers: &mut HeaderMap,
    method: &Method,
    encoded: &Encoded<'_>,
    given: &Given,
    setting: &Setting<'_>,
) {
    if let Some(kind) = encoded.content_type
        && (!encoded.body.is_empty() || setting.config.content_type_without_body)
        && !given.has_content_type
    {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    headers.insert(HOST, setting.endpoint.host_value());
    headers.entry(ACCEPT).or_insert(header::JSON);
    if encoded.body.is_empty() && matches!(*method, Method::POST | Method::PUT | Method::PATCH) {
        headers.insert(CONTENT_LENGTH, header::ZERO);
    }
    let with_extra =
        |extra: &String| HeaderValue::from_str(&format!("docsdk/{} {extra}", env!("CARGO_PKG_VERSION"))).ok();
    headers.insert(USER_AGENT, setting.config.user_agent.as_ref().and_then(with_extra).unwrap_or(header::AGENT));
}

fn aliyun_headers(
    headers: &mut HeaderMap,
    request: &CallRequest<'_>,
    credentials: &Credentials,
    encoded: &mut Encoded<'_>,
    setting: &Setting<'_>,
) -> Result<(), Error> {
    let hash = if encoded.body.is_empty() { header::EMPTY_HASH } else { owned(sign::sha256_hex(&encoded.body))? };
    // In the order in which they are signed.
    headers.insert(header::ACS_ACTION, text(&request.operation)?);
    headers.insert(header::ACS_CONTENT_SHA256, hash);
    headers.insert(header::ACS_DATE, owned(timestamp::extended(setting.date))?);
    headers.insert(header::ACS_SIGNATURE_NONCE, owned(setting.random.nonce(setting.date))?);
    headers.insert(header::ACS_VERSION, text(&request.api_version)?);
    if setting.attempt > 1 {
        headers.insert(header::ACS_RETRY_ATTEMPTS, HeaderValue::from(setting.attempt - 1));
        let waited = u64::try_from(setting.waited.as_millis()).unwrap_or(u64::MAX);
        headers.insert(header::ACS_RETRY_DELAY, HeaderValue::from(waited));
    }
    match credentials.key() {
        Key::AccessKey { id, security_token, .. } => {
            if let Some(token) = security_token {
                headers.insert(header::ACS_ACCESSKEY_ID, text(id)?);
                headers.insert(header::ACS_SECURITY_TOKEN, sensitive(token.expose())?);
            }
        }
        Key::Bearer(token) => {
            headers.insert(header::ACS_BEARER_TOKEN, sensitive(token.expose())?);
            if request.protocol == Protocol::AliyunRpc {
                encoded.query.push("SignatureType", "BEARERTOKEN");
            } else {
                headers.insert(header::ACS_SIGNATURE_TYPE, header::BEARER_TOKEN);
            }
        }
        Key::Anonymous => {
            if request.protocol == Protocol::AliyunRpc {
                encoded.query.push("Format", "json");
            }
        }
        Key::AuthToken(_) => return Err(unfit("an `X-Auth-Token`", "Alibaba Cloud")),
    }
    Ok(())
}

fn huawei_headers(
    headers: &mut HeaderMap,
    credentials: &Credentials,
    given: &Given,
    setting: &Setting<'_>,
) -> Result<(), Error> {
    headers.insert(header::SDK_DATE, owned(timestamp::basic(setting.date))?);
    match (credentials.project_id(), credentials.domain_id()) {
        (Some(project), _) => headers.insert(header::PROJECT_ID, text(project)?),
        (None, Some(domain)) => headers.insert(header::DOMAIN_ID, text(domain)?),
        (None, None) => None,
    };
    match credentials.key() {
        Key::AccessKey { security_token, .. } => {
            if let Some(token) = security_token {
                headers.insert(header::SECURITY_TOKEN, sensitive(token.expose())?);
            }
        }
        Key::AuthToken(token) => {
            headers.insert(header::AUTH_TOKEN, sensitive(token.expose())?);
        }
        Key::Anonymous => {}
        Key::Bearer(_) => return Err(unfit("a bearer token", "Huawei Cloud")),
    }
    if !given.is_json {
        headers.insert(header::SDK_CONTENT_SHA256, header::UNSIGNED_PAYLOAD);
    }
    Ok(())
}

fn rest_headers(headers: &mut HeaderMap, credentials: &Credentials) -> Result<(), Error> {
    match credentials.key() {
        Key::Bearer(token) => {
            let value = Secret::new(format!("Bearer {}", token.expose()));
            headers.insert(AUTHORIZATION, sensitive(value.expose())?);
            Ok(())
        }
        Key::AuthToken(token) => {
            headers.insert(header::AUTH_TOKEN, sensitive(token.expose())?);
            Ok(())
        }
        Key::Anonymous => Ok(()),
        Key::AccessKey { .. } => Err(unfit("an access key", "a plain REST service")),
    }
}

/// Signs where there is a key.
fn sign(
    protocol: Protocol,
    message: &Message<'_>,
    credentials: &Credentials,
    setting: &Setting<'_>,
) -> Option<Signature> {
    let Key::AccessKey { id, secret, .. } = credentials.key() else { return None };
    match protocol {
        Protocol::AliyunRpc | Protocol::AliyunRoa => Some(sign::acs3(message, id, secret)),
        Protocol::HuaweiRest => match (&setting.config.derived_service, &setting.config.region) {
            (Some(service), Some(region)) => {
                Some(sign::derived(message, id, secret, sign::Derivation { region, service }))
            }
            _ => Some(sign::sdk_hmac(message, id, secret)),
        },
        Protocol::RestJson => None,
    }
}

fn unfit(kind: &str, vendor: &str) -> Error {
    Error::new(Cause::Credentials, format!("calls to {vendor} cannot be made with {kind}"))
}

/// Takes the text over without copying it.
fn owned(value: String) -> Result<HeaderValue, Error> {
    HeaderValue::from_maybe_shared(Bytes::from(value)).map_err(|_| bad_value())
}

fn text(value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(value).map_err(|_| bad_value())
}

fn bad_value() -> Error {
    Error::invalid_request("a header value (operation, version, id or host) has a line break or control character")
}

fn sensitive(value: impl AsRef<[u8]>) -> Result<HeaderValue, Error> {
    let unfit = || Error::new(Cause::Credentials, "a token or key id has a line break or control character");
    // Beyond ASCII a header has no agreed meaning.
    let text = Some(value.as_ref()).filter(|value| value.is_ascii()).ok_or_else(unfit)?;
    let mut value = HeaderValue::from_bytes(text).map_err(|_| unfit())?;
    value.set_sensitive(true);
    Ok(value)
}
