//! The transport there is by default: hyper-util's pooled client over rustls.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use super::{Transport, TransportError};
use crate::error::{Cause, Error};
use crate::time::BoxFuture;

/// One pool of connections: HTTP/1.1 and, where offered, HTTP/2, over TLS 1.2 and 1.3.
///
/// Needs a Tokio runtime. Cheap to clone; clones share the pool.
#[derive(Clone)]
pub struct PooledTransport {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    read_timeout: Option<Duration>,
    max_answer: usize,
}

/// Settings of a [`PooledTransport`].
#[derive(Clone, Debug)]
pub struct PooledTransportBuilder {
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    idle_timeout: Duration,
    max_idle_per_host: usize,
    max_answer: usize,
    tls: Option<ClientConfig>,
}

impl Default for PooledTransportBuilder {
    fn default() -> Self {
        Self {
            connect_timeout: Some(Duration::from_secs(5)),
            read_timeout: Some(Duration::from_secs(30)),
            idle_timeout: Duration::from_secs(30),
            max_idle_per_host: 64,
            max_answer: 256 << 20,
            tls: None,
        }
    }
}

impl PooledTransportBuilder {
    /// How long a connection may take to come about; 5 seconds by default.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Option<Duration>) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long the service may stay silent, before its answer and within it; 30 seconds by default.
    #[must_use]
    pub fn read_timeout(mut self, limit: Option<Duration>) -> Self {
        self.read_timeout = limit;
        self
    }

    /// How long an unused connection is kept; 30 seconds by default, less than services keep theirs.
    #[must_use]
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// How many unused connections to one host are kept; 64 by default.
    #[must_use]
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.max_idle_per_host = connections;
        self
    }

    /// The largest answer that is read, in bytes; 256 MiB by default.
    #[must_use]
    pub fn max_answer_size(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    /// One's own TLS settings (own certificate authorities, client certificates) in place of Mozilla's roots. Must name no
    /// ALPN protocols.
    #[must_use]
    pub fn tls(mut self, config: ClientConfig) -> Self {
        self.tls = Some(config);
        self
    }

    /// Makes the pool; connects nowhere yet.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn build(self) -> Result<PooledTransport, Error> {
        let tls = match self.tls {
            Some(config) => config,
            None => default_tls()?,
        };
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(self.connect_timeout);
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(http);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(self.max_idle_per_host)
            .build(connector);
        Ok(PooledTransport { client, read_timeout: self.read_timeout, max_answer: self.max_answer })
    }
}

fn default_tls() -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(Cause::Config, "TLS cannot be set up").with_source(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

impl PooledTransport {
    /// Settings to begin with.
    pub fn builder() -> PooledTransportBuilder {
        PooledTransportBuilder::default()
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
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
