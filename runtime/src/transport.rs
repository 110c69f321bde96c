//! How requests reach the service: a small trait, so that callers can bring their own client or none at all.

#[cfg(feature = "transport")]
mod pooled;
#[cfg(feature = "transport")]
mod proxy;
#[cfg(feature = "reqwest")]
mod reqwest;
#[cfg(feature = "transport")]
mod tls;

use std::fmt;

use bytes::Bytes;
use http::{Request, Response};

#[cfg(feature = "transport")]
pub use self::pooled::{PooledTransport, PooledTransportBuilder};
#[cfg(feature = "transport")]
pub use self::proxy::Proxy;
#[cfg(feature = "reqwest")]
pub use self::reqwest::ReqwestTransport;
use crate::time::BoxFuture;

/// Sends one request and brings its whole answer.
///
/// It follows no redirects and repeats nothing; both would send a signature where it does not belong.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends a request, which has an absolute address and all its headers but `content-length`.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;
}

/// How far a request got before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// No connection came about: nothing of the request was sent.
    Connect,
    /// Something of the request may have been sent.
    Exchange,
}

/// Why no answer came.
#[derive(Debug)]
pub struct TransportError {
    phase: Phase,
    timeout: bool,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl TransportError {
    /// No connection came about: nothing of the request was sent.
    pub fn connect(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { phase: Phase::Connect, timeout: false, source: source.into() }
    }

    /// The exchange broke off: the service may have the request.
    pub fn exchange(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { phase: Phase::Exchange, timeout: false, source: source.into() }
    }

    /// The same, because it took too long.
    #[must_use]
    pub fn timed_out(mut self) -> Self {
        self.timeout = true;
        self
    }

    /// How far the request got.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether it took too long.
    pub fn is_timeout(&self) -> bool {
        self.timeout
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.source()
    }
}
