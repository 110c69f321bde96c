//! The transport there is by default: hyper-util's pooled client over rustls.

mod connect;
mod settings;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use tokio::sync::Semaphore;

pub use self::settings::PooledTransportBuilder;
use super::{Proxy, Transport, TransportError};
use crate::time::BoxFuture;

/// One pool of connections: HTTP/1.1 and, where offered, HTTP/2, over TLS 1.2 and 1.3.
///
/// Needs a Tokio runtime. Cheap to clone; clones share the pool.
#[derive(Clone)]
pub struct PooledTransport {
    client: Client<connect::Connector, Full<Bytes>>,
    proxy: Option<Proxy>,
    in_flight: Arc<Semaphore>,
    read_timeout: Option<Duration>,
    max_answer: usize,
}

impl PooledTransport {
    /// Settings to begin with.
    pub fn builder() -> PooledTransportBuilder {
        PooledTransportBuilder::default()
    }

    async fn exchange(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if let Some(value) = self.proxy.as_ref().and_then(|proxy| proxy.authorization(request.uri())) {
            request.headers_mut().insert(http::header::PROXY_AUTHORIZATION, value);
        }
        // Closed by nobody, so that there is a permit sooner or later.
        let _permit = self.in_flight.acquire().await;
        let response = self.unless_silent(self.client.request(request.map(Full::new))).await?;
        let response = response.map_err(|error| {
            if error.is_connect() {
                let timeout = timed_out(&error);
                let error = TransportError::connect(error);
                if timeout { error.timed_out() } else { error }
            } else {
                TransportError::exchange(error)
            }
        })?;
        let (head, mut body) = response.into_parts();
        // Most answers come in one piece, which is then taken as it is.
        let mut first: Option<Bytes> = None;
        let mut all = BytesMut::new();
        while let Some(frame) = self.unless_silent(body.frame()).await? {
            let Ok(data) = frame.map_err(TransportError::exchange)?.into_data() else { continue };
            let size = all.len() + first.as_ref().map_or(0, Bytes::len) + data.len();
            if size > self.max_answer {
                return Err(TransportError::exchange(format!("the answer is larger than {} bytes", self.max_answer)));
            }
            if first.is_none() && all.is_empty() {
                first = Some(data);
                continue;
            }
            if let Some(first) = first.take() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
        Ok(Response::from_parts(head, first.unwrap_or_else(|| all.freeze())))
    }

    async fn unless_silent<T>(&self, future: impl Future<Output = T>) -> Result<T, TransportError> {
        let Some(limit) = self.read_timeout else { return Ok(future.await) };
        tokio::time::timeout(limit, future).await.map_err(|_| {
            TransportError::exchange(format!("the service was silent for {} ms", limit.as_millis())).timed_out()
        })
    }
}

/// Whether a connection took too long, as the connector says deep in its error.
fn timed_out(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut error = Some(error);
    while let Some(inner) = error {
        if inner.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::TimedOut) {
            return true;
        }
        error = inner.source();
    }
    false
}

impl Transport for PooledTransport {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

impl fmt::Debug for PooledTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PooledTransport").field("read_timeout", &self.read_timeout).finish_non_exhaustive()
    }
}
