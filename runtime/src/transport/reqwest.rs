//! The caller's own reqwest client as the transport.

use std::fmt;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};

use super::{Transport, TransportError};
use crate::time::BoxFuture;

/// Sends through a [`reqwest::Client`] that the caller has set up.
///
/// Give it a client that follows no redirects (`redirect(reqwest::redirect::Policy::none())`): a signature holds for the
/// address it was made for.
///
/// ```
/// use docsdk_runtime::Config;
/// use docsdk_runtime::transport::ReqwestTransport;
///
/// # fn config(client: reqwest::Client) -> Config {
/// Config::new().transport(ReqwestTransport::new(client))
/// # }
/// ```
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
    max_answer: usize,
}

impl ReqwestTransport {
    /// Sends through this client; reads answers of up to 256 MiB.
    #[must_use]
    pub fn new(client: reqwest::Client) -> Self {
        Self { client, max_answer: 256 << 20 }
    }

    /// The largest answer that is read, in bytes.
    #[must_use]
    pub fn max_answer_size(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(|error| TransportError::connect(bare(error)))?;
        let mut answer = self.client.execute(request).await.map_err(told)?;
        let mut body = BytesMut::new();
        while let Some(part) = answer.chunk().await.map_err(told)? {
            if body.len() + part.len() > self.max_answer {
                return Err(TransportError::exchange(format!("the answer is larger than {} bytes", self.max_answer)));
            }
            body.extend_from_slice(&part);
        }
        let mut response = Response::new(body.freeze());
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

/// The error without the address, whose query may hold what is not to be logged.
fn bare(error: reqwest::Error) -> reqwest::Error {
    error.without_url()
}

fn told(error: reqwest::Error) -> TransportError {
    let (connect, timeout) = (error.is_connect(), error.is_timeout());
    let error = bare(error);
    let error = if connect { TransportError::connect(error) } else { TransportError::exchange(error) };
    if timeout { error.timed_out() } else { error }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}
