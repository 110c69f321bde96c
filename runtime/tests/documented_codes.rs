//! What an operation's documented codes change about sending a call again.

use std::time::{Duration, UNIX_EPOCH};

use docsdk_runtime::input::{Handle, Input, PendingCall};
use docsdk_runtime::record::Record;
use docsdk_runtime::schema::{Field, Kind, Operation, Parameter, Retry, Service, Shape};
use docsdk_runtime::testing::{Answer, Canned, CountingRandom, ManualTime};
use docsdk_runtime::{Config, Credentials, ErrorKind, OperationError, Protocol, RetryPolicy};

#[derive(Clone)]
#[repr(transparent)]
struct Done(Record);
docsdk_runtime::answer!(Done, DONE);
static DONE: Shape = Shape::new("Done", &[Field::new("RequestId", "request_id", Kind::String)]);

#[derive(Clone, Copy, Debug, PartialEq)]
enum ChangeErrorKind {
    Busy,
    Slow,
    Unknown,
}

impl ErrorKind for ChangeErrorKind {
    const CODES: &'static [(&'static str, Self)] = &[("Busy", Self::Busy), ("Slow", Self::Slow)];
    const UNKNOWN: Self = Self::Unknown;
    const RETRIES: &'static [(&'static str, Retry)] =
        &[("Busy", Retry::Conflict), ("Slow", Retry::Throttling), ("Down", Retry::Transient)];
}

static SERVICE: Service = Service::new("things", "aliyun", Protocol::AliyunRpc, "2024-01-01");
static PARAMETERS: &[Parameter] = &[Parameter::query("ClientToken")];
static READ: Operation =
    Operation::new(&SERVICE, "Describe", "POST", "/", PARAMETERS).idempotent().retries(ChangeErrorKind::RETRIES);
static WRITE: Operation = Operation::new(&SERVICE, "Change", "POST", "/", PARAMETERS).retries(ChangeErrorKind::RETRIES);
static TOKEN: Operation =
    Operation::new(&SERVICE, "Create", "POST", "/", PARAMETERS).client_token(0).retries(ChangeErrorKind::RETRIES);
static SILENT: Operation = Operation::new(&SERVICE, "Describe", "POST", "/", PARAMETERS).idempotent();

type Outcome = Result<Done, OperationError<ChangeErrorKind>>;

/// Makes a call that is refused with a code and a status of the caller's fault, and then answered.
fn call(operation: &'static Operation, code: &str, policy: RetryPolicy) -> (Outcome, Vec<String>) {
    let refused = Answer::json(400, format!(r#"{{"Code": "{code}", "Message": "no", "RequestId": "r"}}"#));
    let (transport, time) =
        (Canned::new([refused, Answer::json(200, "{}")]), ManualTime::new(UNIX_EPOCH + Duration::from_secs(1)));
    let config = Config::new()
        .endpoint("https://things.test")
        .credentials(Credentials::access_key("id", "secret"))
        .transport(transport.clone())
        .clock(time.clone())
        .timer(time)
        .random(CountingRandom::default())
        .retry(policy);
    let handle = Handle::new(&SERVICE, config).expect("a client");
    let pending: PendingCall<Done, ChangeErrorKind> = handle.call(operation, Input::new("Call", PARAMETERS));
    let outcome = tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(pending);
    let queries = transport.requests().into_iter().map(|request| request.uri().query().unwrap_or_default().to_owned());
    (outcome, queries.collect())
}

#[test]
fn a_documented_code_is_tried_again_where_that_does_no_harm() {
    for code in ["Busy", "Slow", "Down"] {
        let (outcome, sent) = call(&READ, code, RetryPolicy::default());
        assert!(outcome.is_ok() && sent.len() == 2, "{code}");
        let (outcome, sent) = call(&WRITE, code, RetryPolicy::default());
        let error = outcome.expect_err("refused");
        assert!(error.is_retryable() && sent.len() == 1, "{code}: the caller may, we may not");
        assert_eq!(error.is_throttling(), code == "Slow");
        let (outcome, sent) = call(&SILENT, code, RetryPolicy::default());
        assert!(!outcome.expect_err("refused").is_retryable() && sent.len() == 1, "{code}: not documented here");
    }
    let (outcome, sent) = call(&READ, "InvalidParameter", RetryPolicy::default());
    assert!(!outcome.expect_err("refused").is_retryable() && sent.len() == 1);
}

#[test]
fn what_was_refused_before_it_was_done_may_be_sent_again_on_request() {
    let policy = || RetryPolicy::default().with_throttled_writes(true);
    for (code, times) in [("Busy", 2), ("Slow", 2), ("Down", 1)] {
        assert_eq!(call(&WRITE, code, policy()).1.len(), times, "{code}");
    }
}

#[test]
fn a_client_token_is_filled_in_and_kept() {
    let (outcome, sent) = call(&TOKEN, "Busy", RetryPolicy::default());
    assert!(outcome.is_ok());
    let [first, second] = sent.as_slice() else { panic!("two attempts: {sent:?}") };
    assert!(first.starts_with("ClientToken=") && first.len() > "ClientToken=".len(), "{first}");
    assert_eq!(first, second);
}
