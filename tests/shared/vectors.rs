//! Every recorded vector: the signature byte for byte, the request in decoded meaning.
//!
//! The five reference vectors stand in `fixtures/`; the others are read from `../shared` where it is there.

use std::path::Path;

use docsdk_runtime::encode::Query;
use docsdk_runtime::http::{HeaderMap, HeaderName, HeaderValue};
use docsdk_runtime::sign::{self, Authorization, Message, Signature};
use docsdk_runtime::testing::{Canned, Vector};
use docsdk_runtime::{Argument, ClientCore, EndpointTable, Location, Prepared, Secret};
use serde_json::Value;

/// Older signatures, which the vendors' current SDKs no longer make.
const LEGACY: &[&str] = &["rpc-legacy", "roa-legacy", "v1-"];

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/tests/fixtures/vectors")
}

/// The vectors of a folder, sorted by name.
fn read(folder: &Path) -> Vec<(String, Vector)> {
    let mut vectors: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            (path.file_stem().expect("a name").to_string_lossy().into_owned(), Vector::parse(&text).expect("a vector"))
        })
        .filter(|(name, _)| !LEGACY.iter().any(|legacy| name.starts_with(legacy)))
        .collect();
    vectors.sort_by(|a, b| a.0.cmp(&b.0));
    vectors
}

fn prepare(vector: &Vector, body: Option<&str>) -> Prepared {
    let client =
        ClientCore::new(vector.config().transport(Canned::default()), &EndpointTable::default()).expect("a client");
    let mut request = vector.request();
    if let Some(body) = body {
        request.arguments.retain(|a| !matches!(a.location, Location::Body | Location::Payload));
        request.arguments.push(Argument::new("body", Location::Payload, body));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(client.prepare(&request)).expect("a request")
}

/// Canonical request, text to sign and header.
fn minimal(vector: &Vector) -> Option<[String; 3]> {
    vector.json().pointer("/expected/minimal").filter(|v| v.is_object())?;
    let part = |name| vector.text(&["expected", "minimal", name]).to_owned();
    Some(["canonical_request", "string_to_sign", "authorization"].map(part))
}

/// The same vector as the Python SDK saw it: keys sorted in what becomes JSON text, booleans written as it writes them
/// where that is a known quirk. Neither changes the meaning of the call; both change the bytes.
fn as_recorded(vector: &Vector) -> Vector {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                let mut names: Vec<_> = fields.keys().collect();
                names.sort();
                Value::Object(names.into_iter().map(|name| (name.clone(), sorted(&fields[name]))).collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    let mut json = vector.json().clone();
    let quirk = json.pointer("/quirks/0").and_then(Value::as_str).is_some_and(|q| q.starts_with("python-bool"));
    let params = json["params"].as_object_mut().expect("params are an object");
    for value in params.values_mut() {
        let new = match &*value {
            Value::Bool(true) if quirk => Value::from("True"),
            Value::Bool(false) if quirk => Value::from("False"),
            other => sorted(other),
        };
        *value = new;
    }
    Vector::parse(&json.to_string()).expect("still a vector")
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        Query::parse(query).pairs().iter().map(|(n, v)| (n.clone().into_owned(), v.clone().into_owned())).collect();
    pairs.sort();
    pairs
}

#[track_caller]
fn assert_signature(name: &str, found: &Signature, expected: &[String; 3]) {
    let found = [found.canonical_request(), found.string_to_sign(), found.authorization()];
    assert_eq!(found.as_slice(), expected, "{name}");
}

/// A call from its arguments to its signature.
fn check_call(name: &str, vector: &Vector) {
    let recorded = as_recorded(vector);
    let mut prepared = prepare(&recorded, None);
    let body = recorded.text(&["expected", "body"]);
    if prepared.body != body.as_bytes() {
        // White space and the order of keys are free in JSON; signed are the bytes, so these are then taken as recorded.
        let own = json(&String::from_utf8_lossy(&prepared.body));
        assert_eq!(own, json(body), "{name}: body");
        assert!(own.is_some(), "{name}: body `{body}`");
        prepared = prepare(&recorded, Some(body));
    }
    assert_eq!(prepared.method.as_str(), recorded.text(&["expected", "method"]), "{name}");
    assert_eq!(prepared.uri.path(), recorded.text(&["expected", "path"]), "{name}");
    let query = prepared.uri.query().unwrap_or_default();
    assert_eq!(pairs(query), pairs(recorded.text(&["expected", "query"])), "{name}");
    assert!(!query.contains('+'), "{name}: a sent space is `%20`");
    let anonymous = recorded.text(&["expected", "scheme"]) == "anonymous";
    let headers = recorded.json()["expected"]["headers"].as_object().expect("headers");
    for (header, value) in headers {
        // An anonymous call took the SDK through its older code, with the headers of the older signature.
        if anonymous && matches!(header.as_str(), "date" | "x-acs-signature-method" | "x-acs-signature-version") {
            continue;
        }
        let sent = prepared.headers.get(header).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        assert_eq!(sent.as_deref(), value.as_str(), "{name}: header {header}");
    }
    match (&prepared.signature, minimal(vector)) {
        (Some(found), Some(expected)) => {
            assert_signature(name, found, &expected);
            verify(name, vector, &prepared);
        }
        (None, None) => {}
        (found, expected) => assert_eq!(found.as_ref(), expected.as_ref(), "{name}"),
    }
}

/// What a server does: reads the query back, makes it canonical and checks the signature.
fn verify(name: &str, vector: &Vector, prepared: &Prepared) {
    let query = Query::parse(prepared.uri.query().unwrap_or_default()).canonical();
    let message = Message {
        method: prepared.method.as_str(),
        path: prepared.uri.path(),
        query: &query,
        headers: &prepared.headers,
        body: &prepared.body,
    };
    let authorization = prepared.headers["authorization"].to_str().expect("text");
    let authorization = Authorization::parse(authorization).expect("an authorization of ours");
    let secret = ["access_key_secret", "sk"].map(|n| vector.text(&["credentials", n])).concat();
    assert_eq!(sign::verify(&message, &authorization, &Secret::new(secret.clone())), Ok(()), "{name}");
    assert!(sign::verify(&message, &authorization, &Secret::new(secret + "x")).is_err(), "{name}");
    let other = Message { body: b"other", ..message };
    assert!(sign::verify(&other, &authorization, &Secret::new("x")).is_err(), "{name}");
}

/// The signature alone, over the recorded request.
fn check_signature(name: &str, vector: &Vector) {
    let Some(expected) = minimal(vector) else { return };
    let mut headers = HeaderMap::new();
    for (name, value) in vector.json()["expected"]["headers"].as_object().expect("headers") {
        let name: HeaderName = name.parse().expect("a name");
        let value = value.as_str().expect("text");
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    let query = Query::parse(vector.text(&["expected", "query"])).canonical();
    let message = Message {
        method: vector.text(&["expected", "method"]),
        path: vector.text(&["expected", "path"]),
        query: &query,
        headers: &headers,
        body: vector.text(&["expected", "body"]).as_bytes(),
    };
    let id = ["access_key_id", "ak"].map(|n| vector.text(&["credentials", n])).concat();
    let secret = Secret::new(["access_key_secret", "sk"].map(|n| vector.text(&["credentials", n])).concat());
    let found = match vector.text(&["expected", "scheme"]) {
        "ACS3-HMAC-SHA256" => sign::acs3(&message, &id, &secret),
        "SDK-HMAC-SHA256" => sign::sdk_hmac(&message, &id, &secret),
        "V11-HMAC-SHA256" => {
            let (region, service) = (vector.text(&["region"]), vector.text(&["derived_auth_service"]));
            sign::derived(&message, &id, &secret, sign::Derivation { region, service })
        }
        other => return assert_eq!(other, "a scheme that signs", "{name}"),
    };
    assert_signature(name, &found, &expected);
}

fn check_all(folder: &Path, at_least: usize) {
    let vectors = read(folder);
    assert!(vectors.len() >= at_least, "{} vectors", vectors.len());
    for (name, vector) in &vectors {
        check_signature(name, vector);
        check_call(name, vector);
    }
    println!("{} vectors agree", vectors.len());
}

#[test]
fn reference_vectors_come_out_byte_for_byte() {
    check_all(&fixtures(), 5);
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn recorded_vectors_come_out_byte_for_byte() {
    check_all(&crate::shared("wire/vectors"), 80);
}
