//! When calls are sent again and when not, on a transport that answers from a list and a clock that nobody waits for.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use docsdk_runtime::testing::{Answer, Canned, CountingRandom, ManualTime};
use docsdk_runtime::time::Timer;
use docsdk_runtime::{
    Argument, CallRequest, CallResponse, Cause, ClientCore, Config, Credentials, EndpointTable, Error, Location,
    Protocol, RetryPolicy,
};

const THROTTLED: &str = r#"{"Code":"Throttling.User","Message":"too many","RequestId":"R"}"#;

struct Bench {
    transport: Canned,
    time: ManualTime,
    config: Config,
}

impl Bench {
    fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let transport = Canned::new(answers);
        let time = ManualTime::new(UNIX_EPOCH + Duration::from_secs(1_716_193_815));
        let config = Config::new()
            .endpoint("https://rds.aliyuncs.com")
            .credentials(Credentials::access_key("AKID", "SECRETKEY").with_security_token("SECRETTOKEN"))
            .transport(transport.clone())
            .clock(time.clone())
            .timer(time.clone())
            .random(CountingRandom::default());
        Self { transport, time, config }
    }

    fn config(mut self, change: impl FnOnce(Config) -> Config) -> Self {
        self.config = change(self.config);
        self
    }

    fn call(&self, request: CallRequest<'_>) -> Result<CallResponse, Error> {
        let client = ClientCore::new(self.config.clone(), &EndpointTable::default()).expect("a client");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(client.call(request))
    }

    fn sent(&self) -> usize {
        self.transport.requests().len()
    }

    /// A header of each request.
    fn headers(&self, name: &str) -> Vec<String> {
        let text = |r: &http::Request<_>| {
            r.headers().get(name).map_or_else(String::new, |v| v.to_str().expect("text").to_owned())
        };
        self.transport.requests().iter().map(text).collect()
    }
}

fn read() -> CallRequest<'static> {
    CallRequest::new("DescribeBackups", Protocol::AliyunRpc, "2014-08-15").idempotent(true)
}

fn write() -> CallRequest<'static> {
    CallRequest::new("CreateBackup", Protocol::AliyunRpc, "2014-08-15")
}

fn fine() -> Answer {
    Answer::json(200, r#"{"RequestId":"R-9"}"#)
}

fn all_differ(values: &[String]) -> bool {
    let mut sorted = values.to_vec();
    sorted.sort();
    sorted.dedup();
    sorted.len() == values.len()
}

#[test]
fn throttled_reads_are_sent_again_with_fresh_signatures() {
    let bench = Bench::new([Answer::json(400, THROTTLED), Answer::json(503, THROTTLED), fine()]);
    let answer = bench.call(read()).expect("the third succeeds");
    assert_eq!(answer.request_id.as_deref(), Some("R-9"));
    for name in ["authorization", "x-acs-signature-nonce"] {
        assert!(all_differ(&bench.headers(name)), "{name}: {:?}", bench.headers(name));
    }
    // Half a second, then a second and a half after the first.
    assert_eq!(bench.headers("x-acs-date"), ["2024-05-20T08:30:15Z", "2024-05-20T08:30:15Z", "2024-05-20T08:30:16Z"]);
    assert_eq!(bench.headers("x-acs-retry-attempts"), ["", "1", "2"]);
    assert_eq!(bench.time.slept(), [Duration::from_millis(500), Duration::from_secs(1)]);
}

#[test]
fn the_service_says_how_long_to_wait() {
    let throttled = |name, value| Answer::json(429, THROTTLED).header(name, value);
    let bench = Bench::new([throttled("retry-after", "7"), throttled("x-acs-retry-after", "50"), fine()]);
    bench.call(read()).expect("succeeds");
    let slept = bench.time.slept();
    assert!(slept[0] >= Duration::from_secs(7) && slept[0] < Duration::from_secs(8), "{slept:?}");
    assert!(slept[1] >= Duration::from_millis(50) && slept[1] < Duration::from_millis(60), "{slept:?}");
}

#[test]
fn what_is_not_idempotent_is_never_sent_twice() {
    for answer in [
        Answer::json(429, THROTTLED),
        Answer::json(500, r#"{"Code":"InternalError"}"#),
        Answer::text(502, "<html>"),
        Answer::broken(),
        Answer::timed_out(),
        Answer::silent(),
    ] {
        let bench = Bench::new([answer.clone(), fine()]);
        let error = bench.call(write()).expect_err("must not be repeated");
        assert_eq!(bench.sent(), 1, "{answer:?}");
        assert_eq!(error.attempts(), 1);
        assert!(error.is_retryable(), "{error}");
    }
}

#[test]
fn what_never_left_is_sent_again_whatever_it_is() {
    let bench = Bench::new([Answer::refused(), Answer::refused(), fine()]);
    bench.call(write()).expect("the third connects");
    assert_eq!(bench.sent(), 3);
}

#[test]
fn throttled_writes_are_sent_again_where_asked() {
    let bench = Bench::new([Answer::json(429, THROTTLED), fine()])
        .config(|c| c.retry(RetryPolicy::default().with_throttled_writes(true)));
    bench.call(write()).expect("the second succeeds");
    assert_eq!(bench.sent(), 2);
}

#[test]
fn a_client_token_is_filled_in_and_kept() {
    let bench = Bench::new([Answer::broken(), Answer::json(503, THROTTLED), fine()]);
    bench.call(write().client_token("ClientToken", Location::Query)).expect("the third succeeds");
    let queries: Vec<_> = bench.transport.requests().iter().map(|r| r.uri().query().map(str::to_owned)).collect();
    assert_eq!(queries.len(), 3);
    assert!(queries.iter().all(|q| *q == queries[0]), "{queries:?}");
    let token = queries[0].as_deref().and_then(|q| q.strip_prefix("ClientToken=")).expect("a token");
    assert_eq!((token.len(), token.as_bytes()[14]), (36, b'4'), "{token}");
    assert!(all_differ(&bench.headers("x-acs-signature-nonce")));
}

#[test]
fn the_callers_own_token_stays() {
    for (given, kept) in [("mine", true), ("", false)] {
        let bench = Bench::new([fine()]);
        let request = write()
            .argument(Argument::new("ClientToken", Location::Query, given))
            .client_token("ClientToken", Location::Query);
        bench.call(request).expect("succeeds");
        let requests = bench.transport.requests();
        assert_eq!(requests[0].uri().query() == Some("ClientToken=mine"), kept);
        assert_eq!(requests[0].uri().query().map(|q| q.matches("ClientToken").count()), Some(1));
    }
}

#[test]
fn other_errors_are_not_sent_again() {
    let bench = Bench::new([Answer::json(404, r#"{"Code":"InvalidX.NotFound"}"#), fine()]);
    let error = bench.call(read()).expect_err("stays an error");
    assert_eq!((bench.sent(), error.code()), (1, Some("InvalidX.NotFound")));
    assert!(!error.is_retryable());
}

#[test]
fn attempts_end() {
    let bench = Bench::new((0..9).map(|_| Answer::json(503, THROTTLED)));
    let error = bench.call(read()).expect_err("never succeeds");
    assert_eq!((bench.sent(), error.attempts(), error.code()), (3, 3, Some("Throttling.User")));
}

#[test]
fn a_burst_of_failures_spends_the_budget() {
    let mut policy = RetryPolicy::default();
    policy.budget = 1;
    let bench = Bench::new((0..9).map(|_| Answer::broken())).config(|c| c.retry(policy));
    bench.call(read()).expect_err("fails");
    assert_eq!(bench.sent(), 2);
}

#[test]
fn nothing_outlives_the_deadline() {
    // An attempt's limit of 60 s twice, then the call's limit of 120 s in the third.
    let bench = Bench::new((0..9).map(|_| Answer::silent()));
    let start = bench.time.elapsed();
    let error = bench.call(read()).expect_err("no answer");
    let passed = bench.time.elapsed().saturating_sub(start);
    assert!(error.is_timeout());
    assert!(passed <= Duration::from_mins(2), "{passed:?}");
    // A wait that would pass the deadline is not begun; the error that is known says more.
    let bench = Bench::new([Answer::json(429, THROTTLED).header("retry-after", "3600"), fine()]);
    let error = bench.call(read()).expect_err("too long a wait");
    assert_eq!((error.code(), bench.sent(), bench.time.slept().len()), (Some("Throttling.User"), 1, 0));
}

#[test]
fn a_wrong_clock_is_set_by_the_services() {
    let refused = Answer::json(400, r#"{"Code":"InvalidTimeStamp.Expired","Message":"m"}"#)
        .header("date", "Mon, 20 May 2024 10:30:15 GMT");
    let bench = Bench::new([refused, fine()]);
    bench.call(write()).expect("the second has the right date");
    let dates = bench.headers("x-acs-date");
    assert_eq!(dates[0], "2024-05-20T08:30:15Z");
    assert!(dates[1].starts_with("2024-05-20T10:30:1"), "{dates:?}");
}

#[test]
fn a_missing_path_value_sends_nothing() {
    let bench = Bench::new([fine()]);
    let request = CallRequest::new("DeleteCluster", Protocol::AliyunRoa, "2015-12-15")
        .http("DELETE", "/clusters/{ClusterId}")
        .argument(Argument::new("ClusterId", Location::Path, ""));
    let error = bench.call(request).expect_err("refused");
    assert_eq!((error.cause(), bench.sent()), (Cause::Request, 0));
    assert!(error.to_string().contains("`ClusterId`"), "{error}");
}

#[test]
fn a_line_break_in_a_header_sends_nothing() {
    for (name, value) in [("X-Language", "en\r\nX-Evil: 1"), ("x y", "v"), ("host", "evil"), ("Content-Length", "9")] {
        let bench = Bench::new([fine()]);
        let error = bench.call(read().header(name, value)).expect_err("refused");
        assert_eq!((error.cause(), bench.sent()), (Cause::Request, 0), "{name}");
    }
}

#[test]
fn secrets_are_shown_nowhere() {
    let bench = Bench::new([Answer::json(403, r#"{"Code":"NoPermission"}"#), fine()]);
    let client = ClientCore::new(bench.config.clone(), &EndpointTable::default()).expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let password = || write().argument(Argument::new("AccountPassword", Location::Query, "SECRETPASSWORD"));
    let prepared = runtime.block_on(client.prepare(&password())).expect("a request");
    let error = runtime.block_on(client.call(password())).expect_err("denied");
    let config = &bench.config;
    let shown = format!(
        "{client:?} {config:?} {prepared:?} {:?} {error} {error:#} {error:?} {:?}",
        prepared.headers,
        password()
    );
    assert!(!shown.contains("SECRET"), "{shown}");
    assert!(shown.contains("AKID"), "the key's id is no secret, and helps: {shown}");
    for bad in ["SECRET\nTOKEN", "SECRET\u{0}"] {
        let bench =
            Bench::new([fine()]).config(|c| c.credentials(Credentials::access_key("id", "k").with_security_token(bad)));
        let error = bench.call(read()).expect_err("no header");
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
}

#[test]
fn huaweis_token_replaces_the_signature() {
    let bench = Bench::new([fine()]).config(|c| c.credentials(Credentials::auth_token("TOKEN").with_project_id("p1")));
    let request =
        CallRequest::new("ListInstances", Protocol::HuaweiRest, "v3").http("GET", "/v3/{project_id}/instances");
    bench.call(request).expect("succeeds");
    assert_eq!(bench.headers("x-auth-token"), ["TOKEN"]);
    assert_eq!(bench.headers("x-project-id"), ["p1"]);
    assert_eq!(bench.headers("authorization"), [""]);
    assert_eq!(bench.transport.requests()[0].uri().path(), "/v3/p1/instances");
}

#[test]
fn clients_are_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    fn sent<T: Send>(_: T) {}
    shared::<ClientCore>();
    shared::<Config>();
    let bench = Bench::new([]);
    let client = ClientCore::new(bench.config.clone(), &EndpointTable::default()).expect("a client");
    sent(client.call(read()));
    assert!(SystemTime::now() > UNIX_EPOCH);
}
