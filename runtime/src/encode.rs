//! How arguments go on the wire.

mod flatten;
mod json;
mod path;
pub mod percent;
mod query;

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

pub use self::query::Query;
pub(crate) use self::query::beginning;
use crate::call::{Argument, CallRequest, Location, Protocol, Style};
use crate::error::Error;

/// A call's arguments, placed and encoded, nothing signed yet.
#[derive(Debug)]
pub struct Encoded<'a> {
    /// The path as it is sent.
    pub path: Vec<u8>,
    /// The query's pairs.
    pub query: Query<'a>,
    /// The arguments that are headers, then the caller's headers.
    pub headers: HeaderMap,
    /// What the body is, where the protocol says so and no header did.
    pub content_type: Option<&'static str>,
    /// The body; empty where there is none.
    pub body: Bytes,
}

/// Places and encodes a call's arguments. `project_id` and `domain_id` fill the path's placeholders of these names where
/// no argument does.
///
/// # Errors
///
/// A path value that is missing or empty, a name or value that no header can hold, arguments for both a form and a JSON
/// body.
pub fn encode<'a>(
    request: &'a CallRequest<'_>,
    project_id: Option<&'a str>,
    domain_id: Option<&'a str>,
) -> Result<Encoded<'a>, Error> {
    let arguments = request.arguments.as_slice();
    // One pair an argument, but for arrays and objects; one more may follow for the kind of credentials.
    let mut query = match arguments.iter().filter(|a| a.location == Location::Query).count() {
        0 => Query::default(),
        pairs => Query::with_capacity(pairs + 1),
    };
    // With room for those that every call has.
    let mut headers = HeaderMap::with_capacity(12);
    for argument in arguments {
        match argument.location {
            Location::Query => {
                flatten::push(&mut query, &argument.name, &argument.value, style(request.protocol, argument.style));
            }
            // In every style, text is one value as it stands.
            Location::Header if let Value::String(text) = &argument.value => {
                header(&mut headers, &argument.name, text)?;
            }
            Location::Header => {
                let style = if argument.style == Style::Json { Style::Json } else { Style::Comma };
                let mut one = Query::default();
                flatten::push(&mut one, &argument.name, &argument.value, style);
                for (name, value) in one.pairs() {
                    header(&mut headers, name, value)?;
                }
            }
            Location::Path | Location::Body | Location::Form | Location::Payload => {}
        }
    }
    let path = path::fill(&request.path, query.room(), |name| {
        let given = arguments.iter().find(|a| a.location == Location::Path && a.name == name);
        match (given, name) {
            (Some(argument), _) => flatten::text(&argument.value),
            (None, "project_id") => project_id.map(Cow::Borrowed),
            (None, "domain_id") => domain_id.map(Cow::Borrowed),
            (None, _) => None,
        }
    })?;
    for (name, value) in &request.headers {
        header(&mut headers, name, value)?;
    }
    let (body, content_type) = body(request)?;
    Ok(Encoded { path, query, headers, content_type, body })
}

fn style(protocol: Protocol, style: Style) -> Style {
    match (style, protocol) {
        (Style::Default, Protocol::AliyunRpc | Protocol::AliyunRoa) => Style::Flat,
        (Style::Default, Protocol::HuaweiRest | Protocol::RestJson) => Style::Repeat,
        (style, _) => style,
    }
}

/// Names that the transport or the signature sets.
const RESERVED: &[HeaderName] = &[HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION];

fn header(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), Error> {
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::invalid_request(format!("`{name}` is no name of a header")))?;
    if RESERVED.contains(&parsed) {
        return Err(Error::invalid_request(format!("header `{name}` is set by the transport, not by callers")));
    }
    let value = HeaderValue::from_bytes(value.trim().as_bytes()).map_err(|_| {
        Error::invalid_request(format!("header `{name}` has a value with a line break or control character"))
    })?;
    headers.append(parsed, value);
    Ok(())
}

fn body(request: &CallRequest<'_>) -> Result<(Bytes, Option<&'static str>), Error> {
    let json_type = match request.protocol {
        Protocol::AliyunRpc | Protocol::AliyunRoa => "application/json; charset=utf-8",
        Protocol::HuaweiRest | Protocol::RestJson => "application/json",
    };
    // Huawei Cloud's SDK names the type even where there is no body.
    let none = (request.protocol == Protocol::HuaweiRest).then_some(json_type);
    let given = |location| move |a: &&Argument<'_>| a.location == location && !a.value.is_null();
    let payload = request.arguments.iter().find(given(Location::Payload));
    let mut fields = request.arguments.iter().filter(given(Location::Body)).peekable();
    let mut form = request.arguments.iter().filter(given(Location::Form)).peekable();
    match (payload, fields.peek().is_some(), form.peek().is_some()) {
        (None, false, false) => Ok((Bytes::new(), none)),
        (Some(argument), false, false) => Ok((Bytes::from(json_body(&argument.value)), Some(json_type))),
        (None, true, false) => {
            let mut out = Vec::with_capacity(256);
            out.push(b'{');
            for (at, argument) in fields.enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                json::push_text(&mut out, &argument.name);
                out.push(b':');
                json::push(&mut out, &argument.value);
            }
            out.push(b'}');
            Ok((Bytes::from(out), Some(json_type)))
        }
        (None, false, true) => {
            let mut pairs = Query::default();
            for argument in form {
                flatten::push(&mut pairs, &argument.name, &argument.value, style(request.protocol, argument.style));
            }
            if pairs.is_empty() {
                return Ok((Bytes::new(), none));
            }
            Ok((Bytes::from(pairs.form()), Some("application/x-www-form-urlencoded")))
        }
        _ => Err(Error::invalid_request(format!(
            "`{}` has arguments for more than one kind of body (JSON fields, form fields, whole body)",
            request.operation
        ))),
    }
}

fn json_body(value: &Value) -> Vec<u8> {
    if let Value::String(text) = value {
        return text.clone().into_bytes();
    }
    let mut out = Vec::with_capacity(256);
    json::push(&mut out, value);
    out
}
