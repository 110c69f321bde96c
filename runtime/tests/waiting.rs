//! Waiting until an answer is as wanted, on a clock that nobody waits for.

use std::time::{Duration, UNIX_EPOCH};

use docsdk_runtime::input::{Handle, Input};
use docsdk_runtime::record::Record;
use docsdk_runtime::schema::{Field, Kind, Operation, Parameter, Service, Shape, Status};
use docsdk_runtime::testing::{Answer, Canned, CountingRandom, ManualTime};
use docsdk_runtime::wait::Waiter;
use docsdk_runtime::{Cause, Config, Credentials, ErrorKind, OperationError, Protocol, RetryPolicy};

#[derive(Clone)]
#[repr(transparent)]
struct Job(Record);
docsdk_runtime::answer!(Job, JOB);
static JOB: Shape = Shape::new(
    "Job",
    &[Field::new("Status", "status", Kind::String), Field::new("Parts", "parts", Kind::Records(&PART))],
);
static PART: Shape = Shape::new("Part", &[Field::new("State", "state", Kind::String)]);

static SERVICE: Service = Service::new("jobs", "aliyun", Protocol::AliyunRpc, "2024-01-01");
static PARAMETERS: &[Parameter] = &[Parameter::query("JobId")];
static OPERATION: Operation = Operation::new(&SERVICE, "DescribeJob", "POST", "/", PARAMETERS).idempotent();
static STATUS: Status = Status::new(&[0], &["Failed"]);
static STATES: Status = Status::new(&[0], &["Failed"]).of_each(&[1]);

#[derive(Clone, Copy, Debug, PartialEq)]
enum JobErrorKind {
    Gone,
    Unknown,
}

impl ErrorKind for JobErrorKind {
    const CODES: &'static [(&'static str, Self)] = &[("Job.Gone", Self::Gone)];
    const UNKNOWN: Self = Self::Unknown;
}

fn job(status: &str) -> Answer {
    Answer::json(200, format!(r#"{{"Status": "{status}"}}"#))
}

fn parts(states: &str) -> Answer {
    let parts: Vec<_> = states.split_whitespace().map(|state| format!(r#"{{"State": "{state}"}}"#)).collect();
    Answer::json(200, format!(r#"{{"Parts": [{}]}}"#, parts.join(",")))
}

struct Outcome {
    result: Result<Job, OperationError<JobErrorKind>>,
    slept: Vec<u64>,
    sent: usize,
}

fn run(answers: Vec<Answer>, wait: impl FnOnce(Handle, Input) -> Waiter<Job, JobErrorKind>) -> Outcome {
    let (transport, time) = (Canned::new(answers), ManualTime::new(UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
    let config = Config::new()
        .endpoint("https://jobs.test")
        .credentials(Credentials::access_key("id", "secret"))
        .transport(transport.clone())
        .clock(time.clone())
        .timer(time.clone())
        .random(CountingRandom::default())
        .retry(RetryPolicy::none());
    let handle = Handle::new(&SERVICE, config).expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let result = runtime.block_on(async { wait(handle, Input::new("DescribeJob", PARAMETERS)).await });
    let slept = time.slept().iter().map(Duration::as_secs).collect();
    Outcome { result, slept, sent: transport.requests().len() }
}

fn for_done(handle: &Handle, input: Input) -> Waiter<Job, JobErrorKind> {
    handle.wait_for(&OPERATION, input, &STATUS, ["Done"])
}

#[test]
fn asks_until_the_state_is_there() {
    let answers = vec![job("New"), job("Running"), job("Done"), job("New")];
    let outcome = run(answers, |handle, input| for_done(&handle, input));
    assert_eq!(outcome.result.expect("done").0.string(0), Some("Done"));
    assert_eq!((outcome.slept, outcome.sent), (vec![5, 5], 3));
}

#[test]
fn asks_until_the_caller_is_content() {
    let answers = vec![job("New"), job("Half"), job("Done")];
    let mut seen = 0;
    let outcome = run(answers, |handle, input| {
        let wanted = move |job: &Job| {
            seen += 1;
            seen == 2 && job.0.string(0) == Some("Half")
        };
        handle.wait_until(&OPERATION, input, wanted).interval(Duration::from_secs(30))
    });
    assert_eq!(outcome.result.expect("half").0.string(0), Some("Half"));
    assert_eq!(outcome.slept, [30]);
}

#[test]
fn a_state_of_failure_ends_it_unless_it_is_wanted() {
    let failed = run(vec![job("New"), job("Failed")], |handle, input| for_done(&handle, input)).result;
    let error = failed.expect_err("it failed");
    assert_eq!((error.cause(), error.message()), (Cause::State, "DescribeJob: came to the state `Failed`"));
    assert!(!error.is_retryable());
    let wanted = run(vec![job("Failed")], |handle, input| handle.wait_for(&OPERATION, input, &STATUS, ["Failed"]));
    assert!(wanted.result.is_ok());
    let answers = vec![job("Failed"), job("Stuck")];
    let other = run(answers, |handle, input| for_done(&handle, input).failing_on(["Stuck"])).result;
    assert_eq!(other.expect_err("stuck").message(), "DescribeJob: came to the state `Stuck`");
}

#[test]
fn of_a_list_all_must_be_there() {
    let wait = |handle: Handle, input| handle.wait_for(&OPERATION, input, &STATES, ["Done", "Skipped"]);
    let outcome = run(vec![parts(""), parts("Done New"), parts("Done Skipped")], wait);
    assert_eq!((outcome.result.is_ok(), outcome.sent), (true, 3));
    let outcome = run(vec![parts("Done New"), parts("Failed New")], wait);
    assert_eq!(outcome.result.expect_err("one failed").cause(), Cause::State);
}

#[test]
fn the_deadline_ends_it_and_tells_the_last_state() {
    let answers = (0..20).map(|_| job("Running")).collect();
    let outcome = run(answers, |handle, input| for_done(&handle, input).deadline(Duration::from_secs(12)));
    let error = outcome.result.expect_err("too long");
    assert_eq!(error.cause(), Cause::Timeout);
    assert_eq!(error.message(), "DescribeJob: not as wanted within 12 s; the last state was `Running`");
    assert_eq!(outcome.sent, 3);
    // Also where a call itself never ends.
    let outcome =
        run(vec![Answer::silent()], |handle, input| for_done(&handle, input).deadline(Duration::from_secs(7)));
    assert_eq!(outcome.result.expect_err("silent").message(), "DescribeJob: not as wanted within 7 s; no answer came");
}

#[test]
fn errors_that_may_pass_do_not_end_it_and_others_do() {
    let busy = Answer::json(503, r#"{"Code": "ServiceUnavailable", "Message": "busy"}"#);
    let gone = Answer::json(404, r#"{"Code": "Job.Gone", "Message": "gone"}"#);
    let answers = vec![busy, Answer::refused(), job("Running"), gone, job("Done")];
    let outcome = run(answers, |handle, input| for_done(&handle, input));
    assert_eq!(*outcome.result.expect_err("gone").kind(), JobErrorKind::Gone);
    assert_eq!((outcome.slept.len(), outcome.sent), (3, 4));
}
