//! A signed request as text, for `--dry-run`.

use std::fmt::Write as _;

use docsdk_runtime::Prepared;
use docsdk_runtime::encode::Query;
use serde_json::Value;

use crate::spec::{Field, Location, Operation};

/// What stands for a secret.
const MASK: &str = "***";

/// Writes a request as HTTP would have it; secrets are masked unless `secrets` says otherwise.
///
/// Secrets are the headers that the runtime marks as such (signature and tokens), and the parameters that the spec
/// gives the format `password`.
#[must_use]
pub fn show(prepared: &Prepared, operation: &Operation, secrets: bool) -> String {
    let masked: Vec<&Field> =
        if secrets { Vec::new() } else { operation.request.iter().filter(|p| is_secret(p)).collect() };
    let mut out = String::new();
    let path = prepared.uri.path();
    let query = mask_query(prepared.uri.query().unwrap_or_default(), &masked);
    let mark = if query.is_empty() { "" } else { "?" };
    let _ = writeln!(out, "{} {path}{mark}{query} HTTP/1.1", prepared.method);
    let mut headers: Vec<_> = prepared.headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let by_name = masked.iter().any(|p| p.location == Some(Location::Header) && p.name.eq_ignore_ascii_case(name.as_str()));
        let text = String::from_utf8_lossy(value.as_bytes());
        let shown = if !secrets && (value.is_sensitive() || by_name) { MASK } else { &text };
        let _ = writeln!(out, "{name}: {shown}");
    }
    let body = mask_body(prepared, &masked);
    if !body.is_empty() {
        let _ = write!(out, "\n{body}");
        if !body.ends_with('\n') {
            out.push('\n');
        }
    }
    out
}

fn is_secret(parameter: &Field) -> bool {
    parameter.format.as_deref() == Some("password")
}

fn mask_query(query: &str, masked: &[&Field]) -> String {
    if masked.is_empty() {
        return query.to_owned();
    }
    let mut out = Query::default();
    for (name, value) in Query::parse(query).pairs() {
        let secret = masked.iter().any(|p| p.name == **name);
        out.push(name.clone(), if secret { MASK.into() } else { value.clone() });
    }
    // Only unreserved characters and the mask stand in names and values, so that the text reads as it is sent.
    out.canonical().replace("%2A%2A%2A", MASK)
}

fn mask_body(prepared: &Prepared, masked: &[&Field]) -> String {
    let text = String::from_utf8_lossy(&prepared.body);
    if masked.is_empty() {
        return text.into_owned();
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(mut body)) => {
            for parameter in masked {
                if let Some(value) = body.get_mut(&parameter.name) {
                    *value = MASK.into();
                }
            }
            Value::Object(body).to_string()
        }
        Ok(_) => text.into_owned(),
        Err(_) => mask_query(&text, masked),
    }
}
