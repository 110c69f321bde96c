//! Spans: one a call, one an attempt, under OpenTelemetry's names. Arguments and headers are in none of them.

#[cfg(feature = "tracing")]
mod on {
    use std::future::Future;
    use std::time::Duration;

    use tracing::field::Empty;
    use tracing::{Instrument, Span};

    use crate::call::{CallRequest, CallResponse, Protocol};
    use crate::endpoint::Endpoint;
    use crate::error::{Cause, Error};

    pub(in crate::client) fn call(request: &CallRequest<'_>, endpoint: &Endpoint) -> Span {
        let system = match request.protocol {
            Protocol::AliyunRpc => "aliyun-rpc",
            Protocol::AliyunRoa => "aliyun-roa",
            Protocol::HuaweiRest => "huawei-rest",
            Protocol::RestJson => "rest-json",
        };
        tracing::info_span!(
            "call",
            otel.name = &*request.operation,
            otel.kind = "client",
            rpc.system = system,
            rpc.method = &*request.operation,
            server.address = endpoint.host(),
            http.request.method = &*request.method,
            http.response.status_code = Empty,
            error.type = Empty,
            otel.status_code = Empty,
            request_id = Empty,
        )
    }

    pub(in crate::client) fn attempt(number: u32) -> Span {
        tracing::debug_span!(
            "attempt",
            http.request.resend_count = number - 1,
            http.response.status_code = Empty,
            error.type = Empty,
            otel.status_code = Empty,
            request_id = Empty,
        )
    }

    /// Notes in the span that is open how a call or an attempt ended.
    pub(in crate::client) fn outcome(outcome: Result<&CallResponse, &Error>) {
        let span = Span::current();
        let (status, request_id) = match outcome {
            Ok(answer) => (Some(answer.status), answer.request_id.as_deref()),
            Err(error) => {
                span.record("error.type", kind(error)).record("otel.status_code", "ERROR");
                (error.status(), error.request_id())
            }
        };
        if let Some(status) = status {
            span.record("http.response.status_code", status);
        }
        if let Some(id) = request_id {
            span.record("request_id", id);
        }
    }

    /// The service's code, else what kind of trouble it was.
    fn kind(error: &Error) -> &str {
        error.code().unwrap_or(match error.cause() {
            Cause::Config => "config",
            Cause::Request => "request",
            Cause::Credentials => "credentials",
            Cause::Endpoint => "endpoint",
            Cause::Connect => "connect",
            Cause::Transport => "transport",
            Cause::Timeout => "timeout",
            Cause::Service => "service",
            Cause::Decode => "decode",
            Cause::State => "state",
        })
    }

    pub(in crate::client) fn retry(error: &Error, wait: Duration) {
        tracing::debug!(
            error.type = kind(error),
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            "sending again"
        );
    }

    pub(in crate::client) fn within<F: Future>(span: Span, future: F) -> impl Future<Output = F::Output> {
        future.instrument(span)
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::future::Future;
    use std::time::Duration;

    use crate::call::{CallRequest, CallResponse};
    use crate::endpoint::Endpoint;
    use crate::error::Error;

    pub(in crate::client) struct NoSpan;

    pub(in crate::client) fn call(_: &CallRequest<'_>, _: &Endpoint) -> NoSpan {
        NoSpan
    }

    pub(in crate::client) fn attempt(_: u32) -> NoSpan {
        NoSpan
    }

    pub(in crate::client) fn outcome(_: Result<&CallResponse, &Error>) {}

    pub(in crate::client) fn retry(_: &Error, _: Duration) {}

    pub(in crate::client) fn within<F: Future>(_: NoSpan, future: F) -> F {
        future
    }
}

#[cfg(not(feature = "tracing"))]
pub(super) use off::{attempt, call, outcome, retry, within};
#[cfg(feature = "tracing")]
pub(super) use on::{attempt, call, outcome, retry, within};
