//! A pool's settings.

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::sync::Semaphore;

use super::pool::Pool;
use super::{PooledTransport, connect};
use crate::error::Error;
use crate::transport::Proxy;
use crate::transport::tls::{Base, Tls};

/// Settings of a [`PooledTransport`].
///
/// ```no_run
/// use docsdk_runtime::Config;
/// use docsdk_runtime::transport::{PooledTransport, Proxy};
///
/// let transport = PooledTransport::builder()
///     .proxy(Proxy::all("http://proxy.example:3128")?)
///     .add_root_certificates(&std::fs::read("company-ca.pem")?)?
///     .build()?;
/// let config = Config::new().transport(transport);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PooledTransportBuilder {
    connect_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    idle_timeout: Duration,
    max_idle_per_host: usize,
    max_in_flight: usize,
    max_answer: usize,
    proxy: Option<Proxy>,
    tls: Tls,
    own_tls: Option<ClientConfig>,
}

impl Default for PooledTransportBuilder {
    fn default() -> Self {
        Self {
            connect_timeout: Some(Duration::from_secs(5)),
            read_timeout: Some(Duration::from_secs(30)),
            idle_timeout: Duration::from_secs(30),
            max_idle_per_host: 512,
            max_in_flight: 512,
            max_answer: 256 << 20,
            proxy: Some(Proxy::from_env()),
            tls: Tls::default(),
            own_tls: None,
        }
    }
}

impl PooledTransportBuilder {
    /// How long a connection may take to come about, proxy and TLS included; 5 seconds by default.
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

    /// How many unused connections to one host are kept; 512 by default, as many as may be in use.
    #[must_use]
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.max_idle_per_host = connections;
        self
    }

    /// How many requests are under way at once, and with that how many connections there are at most; further ones wait
    /// their turn, which counts for the attempt's time. 512 by default, half of what systems let a process open.
    #[must_use]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// The largest answer that is read, in bytes; 256 MiB by default.
    #[must_use]
    pub fn max_answer_size(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    /// Which proxy requests go through; by default those of the environment, see [`Proxy::from_env`].
    #[must_use]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// No proxy, whatever the environment says.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxy = None;
        self
    }

    /// Trusts further certificate authorities, in PEM, besides Mozilla's.
    ///
    /// # Errors
    ///
    /// Where there is no certificate in the text.
    pub fn add_root_certificates(mut self, pem: &[u8]) -> Result<Self, Error> {
        self.tls.add_roots(pem)?;
        Ok(self)
    }

    /// Trusts the authorities that were added and no other.
    #[must_use]
    pub fn only_added_roots(mut self) -> Self {
        self.tls.trust_only(Base::Nothing);
        self
    }

    /// Trusts the operating system's certificate authorities in place of Mozilla's.
    #[cfg(feature = "native-roots")]
    #[must_use]
    pub fn native_roots(mut self) -> Self {
        self.tls.trust_only(Base::System);
        self
    }

    /// The certificate by which the client identifies itself: its chain and its private key, both in PEM.
    ///
    /// # Errors
    ///
    /// Where there is no certificate or no key in the texts.
    pub fn client_certificate(mut self, chain: &[u8], key: &[u8]) -> Result<Self, Error> {
        self.tls.identify(chain, key)?;
        Ok(self)
    }

    /// One's own TLS settings in place of all that is said of TLS here. Its ALPN protocols are replaced.
    #[must_use]
    pub fn tls(mut self, config: ClientConfig) -> Self {
        self.own_tls = Some(config);
        self
    }

    /// Makes the pool; connects nowhere yet.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn build(self) -> Result<PooledTransport, Error> {
        let tls = self.own_tls.map_or_else(|| self.tls.config(), Ok)?;
        let connector = connect::connector(tls, self.proxy.clone(), self.connect_timeout);
        Ok(PooledTransport {
            pool: Pool::new(connector, self.idle_timeout, self.max_idle_per_host),
            in_flight: Arc::new(Semaphore::new(self.max_in_flight)),
            proxy: self.proxy,
            read_timeout: self.read_timeout,
            max_answer: self.max_answer,
        })
    }
}
