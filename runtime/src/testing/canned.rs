//! A transport that answers from a list.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};

use crate::time::BoxFuture;
use crate::transport::{Phase, Transport, TransportError};

/// What a [`Canned`] transport does with a request.
#[derive(Clone, Debug)]
pub struct Answer(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Response(StatusCode, HeaderMap, Bytes),
    Fails(Phase, bool),
    Silent,
}

impl Answer {
    /// A JSON body. A status that is none counts as 500.
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self::text(status, body).header("content-type", "application/json")
    }

    /// A body of no said kind. A status that is none counts as 500.
    pub fn text(status: u16, body: impl Into<Bytes>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self(Kind::Response(status, HeaderMap::new(), body.into()))
    }

    /// The same with a header; what is no header is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Kind::Response(_, headers, _) = &mut self.0
            && let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            headers.append(name, value);
        }
        self
    }

    /// No connection comes about.
    pub fn refused() -> Self {
        Self(Kind::Fails(Phase::Connect, false))
    }

    /// The connection breaks after the request was sent.
    pub fn broken() -> Self {
        Self(Kind::Fails(Phase::Exchange, false))
    }

    /// The transport gives up waiting for an answer.
    pub fn timed_out() -> Self {
        Self(Kind::Fails(Phase::Exchange, true))
    }

    /// No answer ever comes.
    pub fn silent() -> Self {
        Self(Kind::Silent)
    }
}

/// A transport that answers from a list, one request after the other, and keeps the requests. When the list is at its
/// end, requests fail as if nothing could be connected to. Clones share list and requests.
#[derive(Clone, Default)]
pub struct Canned(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    answers: VecDeque<Answer>,
    requests: Vec<Request<Bytes>>,
}

impl Canned {
    /// A transport with these answers.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let canned = Self::default();
        canned.lock().answers.extend(answers);
        canned
    }

    /// Adds an answer at the list's end.
    pub fn push(&self, answer: Answer) {
        self.lock().answers.push_back(answer);
    }

    /// The requests sent so far.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.lock().requests.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Canned {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let mut state = self.lock();
        state.requests.push(request);
        let answer = state.answers.pop_front();
        drop(state);
        Box::pin(async move {
            match answer.map(|answer| answer.0) {
                Some(Kind::Response(status, headers, body)) => {
                    let mut response = Response::new(body);
                    *response.status_mut() = status;
                    *response.headers_mut() = headers;
                    Ok(response)
                }
                Some(Kind::Fails(Phase::Connect, _)) => Err(TransportError::connect("refused, as the test asked")),
                Some(Kind::Fails(_, true)) => Err(TransportError::exchange("silent, as the test asked").timed_out()),
                Some(Kind::Fails(_, false)) => Err(TransportError::exchange("broken, as the test asked")),
                Some(Kind::Silent) => std::future::pending().await,
                None => Err(TransportError::connect("the test's list of answers is at its end")),
            }
        })
    }
}

impl fmt::Debug for Canned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        write!(f, "Canned({} answers left, {} requests seen)", state.answers.len(), state.requests.len())
    }
}
