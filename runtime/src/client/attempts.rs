//! A call's attempts: one after the other until one succeeds, none more would help, or time is over.

use std::borrow::Cow;
use std::time::Duration;

use super::{Inner, trace};
use crate::call::{CallRequest, CallResponse, Protocol};
use crate::error::{Cause, Class, Error, failed};
use crate::time::within;
use crate::transport::{Phase, TransportError};

/// What is known of a call while it runs, so that a deadline can tell it.
#[derive(Default)]
struct Progress {
    attempts: u32,
    last: Option<Error>,
}

pub(super) async fn run(inner: &Inner, request: CallRequest<'_>) -> Result<CallResponse, Error> {
    let request = inner.with_token(Cow::Owned(request));
    let total = inner.config.timeouts.total;
    let mut progress = Progress::default();
    let outcome = within(&*inner.timer, total, repeat(inner, &request, &mut progress)).await;
    let outcome = outcome.unwrap_or_else(|| {
        let limit = total.unwrap_or_default().as_millis();
        let mut error = Error::new(Cause::Timeout, format!("no answer within {limit} ms, the limit of a whole call"));
        if let Some(last) = progress.last {
            error = error.with_source(last);
        }
        Err(error.with_attempts(progress.attempts))
    });
    trace::outcome(outcome.as_ref());
    outcome
}

async fn repeat(inner: &Inner, request: &CallRequest<'_>, progress: &mut Progress) -> Result<CallResponse, Error> {
    let start = inner.timer.elapsed();
    let policy = &inner.config.retry;
    let mut waited = Duration::ZERO;
    loop {
        progress.attempts += 1;
        let attempt = progress.attempts;
        let attempted = async {
            let outcome = once(inner, request, attempt, waited).await;
            trace::outcome(outcome.as_ref());
            outcome
        };
        let error = match trace::within(trace::attempt(attempt), attempted).await {
            Ok(response) => {
                inner.budget.earn();
                return Ok(response);
            }
            Err(error) => error.with_attempts(attempt),
        };
        if attempt >= policy.max_attempts || !policy.allows(&error, request.idempotent) || !inner.budget.spend() {
            return Err(error);
        }
        if error.class() == Class::Clock {
            inner.learn_time(&error);
        }
        waited = policy.delay(attempt + 1, error.wait_from(inner.now()), inner.random.fraction());
        // Where the wait alone would pass the deadline, the error that is known says more than a time-out.
        let passed = inner.timer.elapsed().saturating_sub(start);
        if inner.config.timeouts.total.is_some_and(|total| passed + waited >= total) {
            return Err(error);
        }
        trace::retry(&error, waited);
        progress.last = Some(error);
        if !waited.is_zero() {
            inner.timer.sleep(waited).await;
        }
    }
}

async fn once(inner: &Inner, request: &CallRequest<'_>, attempt: u32, waited: Duration) -> Result<CallResponse, Error> {
    let credentials = inner.credentials(request).await?;
    let prepared = inner.prepare(request, &credentials, attempt, waited)?;
    let limit = inner.config.timeouts.attempt;
    let answer = within(&*inner.timer, limit, inner.transport.send(prepared.into_request())).await;
    let response = match answer {
        Some(Ok(response)) => response,
        Some(Err(error)) => return Err(broken(error)),
        None => {
            let limit = limit.unwrap_or_default().as_millis();
            return Err(Error::new(Cause::Timeout, format!("no answer within {limit} ms, the limit of an attempt")));
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
    Err(error)
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
