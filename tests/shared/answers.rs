//! Every recorded error answer: what the caller gets of it.

use docsdk_runtime::testing::{Answer, Canned};
use docsdk_runtime::{
    CallRequest, CallResponse, Cause, ClientCore, Config, Credentials, EndpointTable, Error, Protocol, RetryPolicy,
};
use serde_json::Value;

fn answer(response: &Value) -> Answer {
    if response.get("drop").is_some() {
        return Answer::broken();
    }
    if response.get("delay_ms").is_some() {
        return Answer::timed_out();
    }
    let status = response["status"].as_u64().and_then(|s| u16::try_from(s).ok()).expect("a status");
    let mut answer = Answer::text(status, response["body"].as_str().expect("a body").to_owned());
    for (name, value) in response.get("headers").and_then(Value::as_object).into_iter().flatten() {
        answer = answer.header(name, value.as_str().expect("text"));
    }
    answer
}

fn call(protocol: Protocol, answer: Answer) -> Result<CallResponse, Error> {
    let config = Config::new()
        .endpoint("https://rds.example.com")
        .credentials(Credentials::access_key("id", "secret").with_project_id("p"))
        .retry(RetryPolicy::none())
        .transport(Canned::new([answer]));
    let client = ClientCore::new(config, &EndpointTable::default()).expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(client.call(CallRequest::new("CreateBackup", protocol, "2014-08-15")))
}

/// What the official SDK told of an answer, where that was the service's own and not made up by the SDK.
fn told<'a>(case: &'a Value, names: &[&str]) -> Option<&'a str> {
    let body = case["response"]["body"].as_str().unwrap_or_default();
    let told = names.iter().find_map(|name| case["caller_gets"].get(*name)).and_then(Value::as_str)?;
    (!told.is_empty() && body.contains(&format!("\"{told}\""))).then_some(told)
}

#[track_caller]
fn check(case: &Value) {
    let name = format!("{} {}", case["sdk"], case["name"]);
    let protocol = match case["sdk"].as_str() {
        Some("huawei") => Protocol::HuaweiRest,
        Some("alibaba-roa") => Protocol::AliyunRoa,
        _ => Protocol::AliyunRpc,
    };
    let response = &case["response"];
    let error = match call(protocol, answer(response)) {
        Ok(answer) => {
            assert_eq!(Some(u64::from(answer.status)), response["status"].as_u64(), "{name}");
            assert_eq!(Some(answer.body.as_ref()), response["body"].as_str().map(str::as_bytes), "{name}");
            assert!(answer.status < 300, "{name}");
            return;
        }
        Err(error) => error,
    };
    assert!(!error.to_string().contains('\n'), "{name}: {error}");
    if response.get("drop").is_some() {
        assert_eq!((error.cause(), error.is_retryable()), (Cause::Transport, true), "{name}");
        return;
    }
    if response.get("delay_ms").is_some() {
        assert!(error.is_timeout() && error.is_retryable(), "{name}");
        return;
    }
    let (status, body) = (response["status"].as_u64(), response["body"].as_str().unwrap_or_default());
    assert_eq!(error.cause(), Cause::Service, "{name}");
    assert_eq!(error.status().map(u64::from), status, "{name}");
    assert_eq!(error.raw_body().map(AsRef::as_ref), Some(body.as_bytes()), "{name}");
    if let Some(code) = told(case, &["code", "error_code"]) {
        assert_eq!(error.code(), Some(code), "{name}");
        assert!(error.to_string().starts_with(code), "{name}: {error}");
    }
    if let Some(message) = told(case, &["error_msg"]) {
        assert_eq!(error.message(), message, "{name}");
    }
    if body.contains("D6E068C3-25BC-455A-85FE-45F0B22ECB1F") {
        assert_eq!(error.request_id(), Some("D6E068C3-25BC-455A-85FE-45F0B22ECB1F"), "{name}");
        assert!(error.to_string().contains("D6E068C3-25BC-455A-85FE-45F0B22ECB1F"), "{name}: {error}");
    }
    assert_eq!(error.recommend_link().is_some(), body.contains("\"Recommend\""), "{name}");
    assert_eq!(
        error.access_denied_detail().is_some(),
        body.contains("AccessDeniedDetail") || body.contains("encoded_auth"),
        "{name}"
    );
    let throttled = body.contains("Throttling") || body.contains("ServiceUnavailable") || status == Some(429);
    assert_eq!(error.is_throttling(), throttled, "{name}");
    assert_eq!(error.is_retryable(), throttled || status >= Some(500), "{name}");
}

#[test]
#[cfg_attr(not(shared), ignore = "the shared material is not there; set DOCSDK_SHARED")]
fn recorded_answers_lose_nothing() {
    let path = crate::shared("wire/errors.json");
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON");
    assert!(cases.len() >= 66, "{}", cases.len());
    for case in &cases {
        check(case);
    }
}

#[track_caller]
fn failure(protocol: Protocol, answer: Answer) -> Error {
    call(protocol, answer).expect_err("must fail")
}

#[test]
fn answers_of_status_200_may_be_errors() {
    let body = r#"{"Success":false,"ErrCode":"Param.NotFound","ErrMessage":"x","HttpStatusCode":400,"RequestId":"R"}"#;
    let error = failure(Protocol::AliyunRpc, Answer::json(200, body));
    assert_eq!((error.status(), error.code(), error.request_id()), (Some(200), Some("Param.NotFound"), Some("R")));
    let error = failure(Protocol::AliyunRpc, Answer::json(200, r#"{"Code":"403","Message":"x","RequestId":"R"}"#));
    assert_eq!((error.code(), error.message()), (Some("403"), "x"));
    let whole = r#"{"Success":true,"Code":"200","Message":"successful","RequestId":"R"}"#;
    assert!(call(Protocol::AliyunRpc, Answer::json(200, whole)).is_ok());
}

#[test]
fn one_line_names_code_message_and_request_id() {
    let body = r#"{"Code":"InvalidX","Message":"The\nX is bad.","RequestId":"R-1","Recommend":"https://h/q"}"#;
    let error = failure(Protocol::AliyunRpc, Answer::json(404, body));
    assert_eq!(error.to_string(), "InvalidX: The X is bad. (status 404, request id R-1)");
    assert_eq!(error.message(), "The\nX is bad.");
    assert_eq!(error.recommend_link(), Some("https://h/q"));
    assert!(format!("{error:#}").ends_with(body));
    let page = "<html><head><title>503 Service Temporarily Unavailable</title></head></html>";
    let error = failure(Protocol::HuaweiRest, Answer::text(503, page).header("x-request-id", "R-2"));
    assert_eq!(
        error.to_string(),
        "error without a code: 503 Service Temporarily Unavailable (status 503, request id R-2)"
    );
    let error = failure(Protocol::HuaweiRest, Answer::text(500, ""));
    assert_eq!(error.to_string(), "error without a code (status 500, no request id)");
}
