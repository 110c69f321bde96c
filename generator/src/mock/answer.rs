//! What the mock answers.

use serde_json::{Map, Value, json};

use super::{Incoming, Refusal};
use crate::spec::{ErrorCode, Field, Operation, Response, Service, Type};

/// A request with this header is answered by the documented error it names (`CODE` or `CODE@STATUS`).
pub const ERROR_HEADER: &str = "x-mock-error";

/// The request id of every answer that the page gives none for.
const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![
                ("content-type".into(), "application/json;charset=utf-8".into()),
                ("x-acs-request-id".into(), REQUEST_ID.into()),
                ("x-request-id".into(), REQUEST_ID.into()),
            ],
            body: body.to_string().into_bytes(),
        }
    }
}

/// The answer where no operation has the request's name or path.
pub(super) fn unknown_operation(request: &Incoming) -> Answer {
    if let Some(action) = request.header("x-acs-action") {
        let message = format!("the specs have no operation `{action}` of that version and method");
        return refusal("aliyun", &Refusal::new(404, "InvalidAction.NotFound", message));
    }
    let message = format!("the specs have no operation at `{} {}`", request.method, request.path);
    refusal("", &Refusal::new(404, "APIGW.0101", message))
}

/// A refusal in the vendor's form.
pub(super) fn refusal(provider: &str, refusal: &Refusal) -> Answer {
    Answer::json(refusal.status, &error_body(provider, &refusal.code, &refusal.message))
}

fn error_body(provider: &str, code: &str, message: &str) -> Value {
    if provider == "aliyun" {
        json!({ "RequestId": REQUEST_ID, "HostId": "mock", "Code": code, "Message": message,
                "Recommend": format!("https://next.api.aliyun.com/troubleshoot?q={code}") })
    } else {
        json!({ "error_code": code, "error_msg": message, "request_id": REQUEST_ID })
    }
}

/// A documented error of the operation or its service; one that no page documents is said to be the caller's mistake.
pub(super) fn documented_error(service: &Service, operation: &Operation, wanted: &str) -> Answer {
    let (code, status) = match wanted.rsplit_once('@') {
        Some((code, status)) => (code, status.parse::<u16>().ok()),
        None => (wanted, None),
    };
    let fits = |error: &&ErrorCode| error.code == code && (status.is_none() || error.status == status);
    let Some(error) = operation.errors.iter().chain(&service.errors).find(fits) else {
        let message = format!("no page documents the error `{wanted}` for `{}`", operation.operation);
        return refusal(&service.provider, &Refusal::new(400, "InvalidMockError", message));
    };
    let message = error.message.as_deref().unwrap_or_default();
    Answer::json(error.status.unwrap_or(400), &error_body(&service.provider, code, message))
}

/// The page's sample answer, or one made of the fields' sample values.
pub(super) fn success(operation: &Operation) -> Answer {
    let response = operation.responses.iter().find(|response| (200..300).contains(&response.status));
    let status = response.map_or(200, |response| response.status);
    let sample = operation
        .examples
        .iter()
        .filter(|example| example.status.is_none_or(|status| (200..300).contains(&status)))
        .filter_map(|example| serde_json::from_str::<Value>(example.response.as_deref()?).ok())
        .find(Value::is_object);
    let body = sample.unwrap_or_else(|| response.map_or_else(|| json!({}), made_up));
    Answer::json(status, &body)
}

fn made_up(response: &Response) -> Value {
    Value::Object(made_up_fields(&response.fields))
}

fn made_up_fields(fields: &[Field]) -> Map<String, Value> {
    fields.iter().map(|field| (field.name.clone(), made_up_value(field))).collect()
}

fn made_up_value(field: &Field) -> Value {
    let sample = field.example.as_deref().or(field.default.as_deref());
    let sample = sample.or_else(|| field.values.first().map(|listed| listed.value.as_str()));
    match field.kind {
        Type::String => Value::from(sample.unwrap_or("string")),
        Type::Integer => Value::from(sample.and_then(|text| text.parse::<i64>().ok()).unwrap_or(1)),
        Type::Number => Value::from(sample.and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.5)),
        Type::Boolean => Value::from(sample.and_then(|text| text.parse::<bool>().ok()).unwrap_or(true)),
        Type::Object => Value::Object(made_up_fields(&field.fields)),
        Type::Array => Value::Array(field.items.iter().map(|item| made_up_value(item)).collect()),
        Type::Map => {
            let value = field.items.as_deref().map_or(Value::Null, made_up_value);
            json!({ "key": value })
        }
        Type::Any => Value::Null,
    }
}
