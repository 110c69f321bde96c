//! The transport there is by default: a pool of hyper's connections over rustls.

mod connect;
mod connection;
mod pool;
mod settings;
mod silence;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use tokio::sync::Semaphore;

use self::connection::{Exchange, Failure};
use self::pool::{Origin, Pool};
pub use self::settings::PooledTransportBuilder;
use self::silence::Silence;
use super::{Proxy, Transport, TransportError};
use crate::time::BoxFuture;

/// One pool of connections: HTTP/1.1 and, where offered, HTTP/2, over TLS 1.2 and 1.3.
///
/// Needs a Tokio runtime. Cheap to clone; clones share the pool.
#[derive(Clone)]
pub struct PooledTransport {
    pool: Pool,
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
            request.headers_mut().insert(PROXY_AUTHORIZATION, value);
        }
        let Some(origin) = Origin::of(request.uri()) else {
            return Err(TransportError::connect("the request's address is not absolute"));
        };
        if !request.headers().contains_key(HOST) {
            let host = HeaderValue::try_from(origin.host()).map_err(TransportError::connect)?;
            request.headers_mut().insert(HOST, host);
        }
        // Closed by nobody, so that there is a permit sooner or later.
        let _permit = self.in_flight.acquire().await;
        let mut request = request.map(Full::new);
        loop {
            let (lease, used) = match self.pool.used(&origin) {
                Some(lease) => (lease, true),
                // In a box, as it is seldom needed and would make every call's future many times as large.
                None => (Box::pin(self.pool.connect(&origin)).await?, false),
            };
            let timer = pin!(None);
            let mut exchange = Exchange::new(lease, Silence::new(self.read_timeout, timer));
            match exchange.send(request).await {
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    let body = self.read(&mut exchange, body).await?;
                    self.pool.keep(origin, exchange.end());
                    return Ok(Response::from_parts(head, body));
                }
                // The service closed it while nobody used it, and knows nothing of the request.
                Err(Failure { unsent: Some(mut unsent), .. }) if used => {
                    let address = std::mem::take(unsent.uri_mut());
                    *unsent.uri_mut() = origin.address(address).map_err(TransportError::exchange)?;
                    request = unsent;
                }
                Err(failure) => return Err(failure.error),
            }
        }
    }

    async fn read(&self, exchange: &mut Exchange<'_>, mut body: Incoming) -> Result<Bytes, TransportError> {
        let too_large = || TransportError::exchange(format!("the answer is larger than {} bytes", self.max_answer));
        // Most answers come in one piece, which is then taken as it is.
        let Some(first) = exchange.data(&mut body).await? else { return Ok(Bytes::new()) };
        if first.len() > self.max_answer {
            return Err(too_large());
        }
        let Some(second) = exchange.data(&mut body).await? else { return Ok(first) };
        // What is still announced is given room at once, within reason: it may never come.
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX).min(MOST_AT_ONCE);
        let mut all = BytesMut::with_capacity(first.len() + second.len() + announced);
        all.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(data) = next {
            if all.len() + data.len() > self.max_answer {
                return Err(too_large());
            }
            all.extend_from_slice(&data);
            next = exchange.data(&mut body).await?;
        }
        Ok(all.freeze())
    }
}

/// How much room is made for an answer that is only announced.
const MOST_AT_ONCE: usize = 1 << 20;

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
