//! A call's attempts: one after the other until one succeeds, none more would help, or time is over.

use std::borrow::Cow;
use std::time::Duration;

use super::{Inner, trace};
use crate::call::{CallRequest, CallResponse, Protocol};
use crate::error::{Cause, Class, Error, failed};
use crate::time::{Timer, within};
use crate::transport::{Phase, TransportError};

/// Why an attempt brought nothing.
enum Failure {
    /// What it came to.
    Told(Error),
    /// The whole call's time was over.
    Late,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Told(error)
    }
}

/// When a call began, and how long it may take. There is no timer of its own: whatever is waited for ends with the call's
/// time.
struct Span<'a> {
    timer: &'a dyn Timer,
    start: Duration,
    limit: Option<Duration>,
}

impl Span<'_> {
    fn passed(&self) -> Duration {
        self.timer.elapsed().saturating_sub(self.start)
    }

    fn left(&self) -> Option<Duration> {
        self.limit.map(|limit| limit.saturating_sub(self.passed()))
    }

    fn late(&self, attempts: u32, last: Option<Error>) -> Error {
        let limit = self.limit.unwrap_or_default().as_millis();
        let mut error = Error::new(Cause::Timeout, format!("no answer within {limit} ms, the limit of a whole call"));
        if let Some(last) = last {
            error = error.with_source(last);
        }
        error.with_attempts(attempts)
    }
}

pub(super) async fn run(inner: &Inner, request: CallRequest<'_>) -> Result<CallResponse, Error> {
    let request = inner.with_token(Cow::Owned(request));
    let outcome = repeat(inner, &request).await;
    trace::outcome(outcome.as_ref());
    outcome
}

async fn repeat(inner: &Inner, request: &CallRequest<'_>) -> Result<CallResponse, Error> {
    let policy = &inner.config.retry;
    let span = Span { timer: &*inner.timer, start: inner.timer.elapsed(), limit: inner.config.timeouts.total };
    let mut waited = Duration::ZERO;
    let mut last = None;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let attempted = async {
            let outcome = once(inner, request, attempt, waited, &span).await;
            match &outcome {
                Ok(response) => trace::outcome(Ok(response)),
                Err(Failure::Told(error)) => trace::outcome(Err(error)),
                Err(Failure::Late) => {}
            }
            outcome
        };
        let error = match trace::within(trace::attempt(attempt), attempted).await {
            Ok(response) => {
                inner.budget.earn();
                return Ok(response);
            }
            Err(Failure::Late) => return Err(span.late(attempt, last)),
            Err(Failure::Told(error)) => error.with_attempts(attempt),
        };
        if attempt >= policy.max_attempts || !policy.allows(&error, request.idempotent) || !inner.budget.spend() {
            return Err(error);
        }
        if error.class() == Class::Clock {
            inner.learn_time(&error);
        }
        waited = policy.delay(attempt + 1, error.wait_from(inner.now()), inner.random.fraction());
        // Where the wait alone would pass the deadline, the error that is known says more than a time-out.
        if span.left().is_some_and(|left| waited >= left) {
            return Err(error);
        }
        trace::retry(&error, waited);
        last = Some(error);
        if !waited.is_zero() {
            inner.timer.sleep(waited).await;
        }
    }
}

async fn once(
    inner: &Inner,
    request: &CallRequest<'_>,
    attempt: u32,
    waited: Duration,
    span: &Span<'_>,
) -> Result<CallResponse, Failure> {
    let credentials = match inner.credentials_at_hand(request) {
        Some(credentials) => credentials,
        None => within(span.timer, span.left(), inner.credentials(request)).await.ok_or(Failure::Late)??,
    };
    let prepared = inner.prepare(request, &credentials, attempt, waited)?;
    let (limit, left) = (inner.config.timeouts.attempt, span.left());
    let sooner = limit.into_iter().chain(left).min();
    let response = match within(span.timer, sooner, inner.transport.send(prepared.into_request())).await {
        Some(Ok(response)) => response,
        Some(Err(error)) => return Err(broken(error).into()),
        None if left.is_some_and(|left| limit.is_none_or(|limit| left <= limit)) => return Err(Failure::Late),
        None => {
            let limit = limit.unwrap_or_default().as_millis();
            let message = format!("no answer within {limit} ms, the limit of an attempt");
            return Err(Error::new(Cause::Timeout, message).into());
        }
    };
    let (head, body) = response.into_parts();
    let status = head.status.as_u16();
    let aliyun = matches!(request.protocol, Protocol::AliyunRpc | Protocol::AliyunRoa);
    if head.status.is_success() && !(aliyun && failed(&body)) {
        return Ok(CallResponse::new(status, head.headers, body));
    }
    let error = Error::service(status, head.headers, body).documented(request.retries);
    if error.class() == Class::Token {
        inner.refused(&credentials);
    }
    Err(error.into())
}

fn broken(error: TransportError) -> Error {
    let (cause, message) = match (error.phase(), error.is_timeout()) {
        (Phase::Connect, true) => (Cause::Connect, "no connection in time"),
        (Phase::Connect, false) => (Cause::Connect, "no connection"),
        (Phase::Exchange, true) => (Cause::Timeout, "no answer in time"),
        (Phase::Exchange, false) => (Cause::Transport, "the connection broke before the answer was whole"),
    };
    Error::new(cause, message).with_source(error)
}
