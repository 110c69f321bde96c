//! Connections as calls have them: one of HTTP/1.1 alone, one of HTTP/2 with others.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::client::legacy::connect::Connection;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connect::Stream;
use super::silence::Silence;
use crate::transport::TransportError;

type Body = Full<Bytes>;

/// A connection that a call may use.
pub(super) enum Lease {
    /// For one call at a time.
    Own(Own),
    /// For many calls at once.
    Shared(http2::SendRequest<Body>),
}

/// A connection of HTTP/1.1. No task drives it but the one whose call has it, so that an answer wakes its caller and nobody
/// else; a call that is dropped drops its connection.
pub(super) struct Own {
    sender: http1::SendRequest<Body>,
    /// Nothing once it has ended.
    driver: Option<Pin<Box<http1::Connection<Stream, Body>>>>,
    /// Whether it ends at a proxy, which is told the whole address with each request.
    absolute: bool,
}

impl Lease {
    /// Begins to speak HTTP over a stream, in the version that was agreed on.
    pub(super) async fn over(stream: Stream) -> Result<Self, TransportError> {
        let connected = stream.connected();
        if connected.is_negotiated_h2() {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            let (sender, driver) =
                builder.timer(TokioTimer::new()).handshake(stream).await.map_err(TransportError::connect)?;
            // How it ends, the calls over it are told.
            tokio::spawn(async move { drop(driver.await) });
            return Ok(Self::Shared(sender));
        }
        let (sender, driver) = http1::handshake(stream).await.map_err(TransportError::connect)?;
        Ok(Self::Own(Own { sender, driver: Some(Box::pin(driver)), absolute: connected.is_proxied() }))
    }

    /// Polls what the connection is to bring.
    pub(super) fn progress<F: Future>(
        &mut self,
        mut future: Pin<&mut F>,
        context: &mut Context<'_>,
    ) -> Poll<F::Output> {
        let Self::Own(own) = self else { return future.poll(context) };
        // It comes from the connection alone, which is polled here: nobody needs to be woken for it.
        let mut quiet = Context::from_waker(Waker::noop());
        if let Poll::Ready(value) = future.as_mut().poll(&mut quiet) {
            return Poll::Ready(value);
        }
        own.drive(context);
        future.poll(&mut quiet)
    }
}

impl Own {
    fn drive(&mut self, context: &mut Context<'_>) {
        // Dropped when it has ended, it tells those who wait for something of it; how it ended, it told them before.
        if self.driver.as_mut().is_some_and(|driver| driver.as_mut().poll(context).is_ready()) {
            self.driver = None;
        }
    }

    /// Whether another request may be sent, now that nothing is under way.
    pub(super) fn is_free(&mut self) -> bool {
        self.drive(&mut Context::from_waker(Waker::noop()));
        self.driver.is_some() && self.sender.is_ready()
    }
}

/// A request on its way over a connection, and the answer.
pub(super) struct Exchange<'t> {
    lease: Lease,
    silence: Silence<'t>,
}

impl<'t> Exchange<'t> {
    pub(super) fn new(lease: Lease, silence: Silence<'t>) -> Self {
        Self { lease, silence }
    }

    /// Sends a request and waits for the beginning of the answer. One that could not be sent at all comes back.
    pub(super) async fn send(&mut self, mut request: Request<Body>) -> Result<Response<Incoming>, Failure> {
        let sent = match &mut self.lease {
            Lease::Own(own) => {
                if !own.absolute {
                    origin_form(request.uri_mut());
                }
                let sending = own.sender.try_send_request(request);
                self.next(sending).await
            }
            Lease::Shared(sender) => {
                let sending = sender.try_send_request(request);
                self.next(sending).await
            }
        };
        sent?.map_err(|mut refused| Failure {
            unsent: refused.take_message(),
            error: TransportError::exchange(refused.into_error()),
        })
    }

    /// The next of the answer's data; nothing at its end.
    pub(super) async fn data(&mut self, body: &mut Incoming) -> Result<Option<Bytes>, TransportError> {
        loop {
            let Some(frame) = self.next(body.frame()).await? else { return Ok(None) };
            if let Ok(data) = frame.map_err(TransportError::exchange)?.into_data() {
                return Ok(Some(data));
            }
        }
    }

    /// Waits for what the connection is to bring, unless the service is silent for too long.
    async fn next<F: Future>(&mut self, future: F) -> Result<F::Output, TransportError> {
        let mut future = pin!(future);
        poll_fn(|context| {
            if let Poll::Ready(value) = self.lease.progress(future.as_mut(), context) {
                self.silence.end();
                return Poll::Ready(Ok(value));
            }
            self.silence.poll(context).map(Err)
        })
        .await
    }

    /// The connection, when the answer is read.
    pub(super) fn end(self) -> Lease {
        self.lease
    }
}

/// Why there is no answer.
pub(super) struct Failure {
    pub(super) error: TransportError,
    /// The request, where nothing of it was sent.
    pub(super) unsent: Option<Request<Body>>,
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self { error, unsent: None }
    }
}

/// Path and query alone, as servers are told them.
fn origin_form(uri: &mut Uri) {
    let target = std::mem::take(uri).into_parts().path_and_query;
    *uri = Uri::from(target.unwrap_or_else(|| PathAndQuery::from_static("/")));
}
