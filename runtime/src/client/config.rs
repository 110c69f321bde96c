//! A client's settings.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::credentials::CredentialsProvider;
use crate::error::Error;
use crate::random::Random;
use crate::retry::RetryPolicy;
use crate::time::{Clock, SystemClock, Timer};
use crate::transport::Transport;

/// How long things may take.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// A connection coming about; 5 seconds. Of the transport made by default only.
    pub connect: Option<Duration>,
    /// The service's silence; 30 seconds. Of the transport made by default only.
    pub read: Option<Duration>,
    /// One attempt, from sending to the answer's end; 60 seconds.
    pub attempt: Option<Duration>,
    /// The whole call with all its attempts and waits; 120 seconds.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = |n| Some(Duration::from_secs(n));
        Self { connect: seconds(5), read: seconds(30), attempt: seconds(60), total: seconds(120) }
    }
}

/// A client's settings. Each has a default but the region, which some services do without.
///
/// ```
/// use docsdk_runtime::{Config, Credentials, RetryPolicy};
///
/// let config = Config::new()
///     .region("cn-hangzhou")
///     .credentials(Credentials::access_key("id", "secret"))
///     .retry(RetryPolicy::none());
/// assert!(!format!("{config:?}").contains("secret\""));
/// ```
#[derive(Clone)]
#[must_use]
pub struct Config {
    pub(super) region: Option<String>,
    pub(super) endpoint: Option<String>,
    pub(super) network: Option<String>,
    pub(super) credentials: Option<Arc<dyn CredentialsProvider>>,
    pub(super) retry: RetryPolicy,
    pub(super) timeouts: Timeouts,
    pub(super) user_agent: Option<String>,
    pub(super) content_type_without_body: bool,
    pub(super) derived_service: Option<String>,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    timer: Option<Arc<dyn Timer>>,
    random: Option<Arc<dyn Random>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            region: None,
            endpoint: None,
            network: None,
            credentials: None,
            retry: RetryPolicy::default(),
            timeouts: Timeouts::default(),
            user_agent: None,
            content_type_without_body: true,
            derived_service: None,
            transport: None,
            clock: None,
            timer: None,
            random: None,
        }
    }
}

impl Config {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The region, as `cn-hangzhou`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Where calls go, whatever the region: `https://host[:port]`.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Alibaba Cloud's kind of network, as `vpc`: changes the endpoint's host where a pattern gives it.
    pub fn network(mut self, network: impl Into<String>) -> Self {
        self.network = Some(network.into());
        self
    }

    /// Who is calling: [`Credentials`](crate::Credentials) or a provider of them. By default the vendor's chain of
    /// sources in generated clients, else its environment variables.
    pub fn credentials(mut self, provider: impl CredentialsProvider + 'static) -> Self {
        self.credentials = Some(Arc::new(provider));
        self
    }

    /// Whether the settings say who is calling.
    #[cfg(feature = "credentials")]
    pub(crate) fn has_credentials(&self) -> bool {
        self.credentials.is_some()
    }

    /// The region.
    #[cfg(feature = "credentials")]
    pub(crate) fn region_ref(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Who is calling, from a provider that others use too.
    pub fn shared_credentials(mut self, provider: Arc<dyn CredentialsProvider>) -> Self {
        self.credentials = Some(provider);
        self
    }

    /// When calls are sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How long things may take.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How long a connection may take to come about.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.timeouts.connect = Some(limit);
        self
    }

    /// How long the service may stay silent.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.timeouts.read = Some(limit);
        self
    }

    /// How long one attempt may take.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.timeouts.attempt = Some(limit);
        self
    }

    /// How long a call may take with all its attempts and waits.
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.timeouts.total = Some(limit);
        self
    }

    /// What is added to the `user-agent` header.
    pub fn user_agent(mut self, extra: impl Into<String>) -> Self {
        self.user_agent = Some(extra.into());
        self
    }

    /// Whether Huawei Cloud's calls name a content type even without a body, as the vendor's SDKs do; true by default.
    pub fn content_type_without_body(mut self, send: bool) -> Self {
        self.content_type_without_body = send;
        self
    }

    /// Signs Huawei Cloud's calls with a key derived for one day, the region and this service (`rds`).
    pub fn derived_key(mut self, service: impl Into<String>) -> Self {
        self.derived_service = Some(service.into());
        self
    }

    /// What sends requests; by default a pool of connections for each client.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// What sends requests, shared with other clients.
    pub fn shared_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// What dates signatures.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// What time-outs and waits go by.
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// Where nonces, client tokens and jitter come from.
    pub fn random(mut self, random: impl Random + 'static) -> Self {
        self.random = Some(Arc::new(random));
        self
    }
}

/// The parts that a client takes from its settings.
pub(super) struct Parts {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) random: Arc<dyn Random>,
}

impl Config {
    /// The parts, those made that were not given.
    pub(super) fn parts(&self) -> Result<Parts, Error> {
        Ok(Parts {
            transport: self.transport.clone().map_or_else(|| default_transport(&self.timeouts), Ok)?,
            clock: self.clock.clone().unwrap_or_else(|| Arc::new(SystemClock)),
            timer: self.timer.clone().map_or_else(default_timer, Ok)?,
            random: self.random.clone().map_or_else(default_random, Ok)?,
        })
    }
}

#[cfg(not(all(feature = "transport", feature = "random")))]
/// An error before anything was sent, for a part that a feature would have brought.
fn lacking(part: &str, feature: &str) -> Error {
    Error::new(
        crate::error::Cause::Config,
        format!("no {part}: give the client one, or enable the feature `{feature}`"),
    )
}

#[cfg(feature = "transport")]
fn default_transport(timeouts: &Timeouts) -> Result<Arc<dyn Transport>, Error> {
    let builder = crate::transport::PooledTransport::builder();
    let transport = builder.connect_timeout(timeouts.connect).read_timeout(timeouts.read).build()?;
    Ok(Arc::new(transport))
}

#[cfg(not(feature = "transport"))]
fn default_transport(_: &Timeouts) -> Result<Arc<dyn Transport>, Error> {
    Err(lacking("transport", "transport"))
}

#[cfg(feature = "transport")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature there is no timer")]
fn default_timer() -> Result<Arc<dyn Timer>, Error> {
    Ok(Arc::new(crate::time::TokioTimer::default()))
}

#[cfg(not(feature = "transport"))]
fn default_timer() -> Result<Arc<dyn Timer>, Error> {
    Err(lacking("timer", "transport"))
}

#[cfg(feature = "random")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature there is no source")]
fn default_random() -> Result<Arc<dyn Random>, Error> {
    Ok(Arc::new(crate::random::SystemRandom))
}

#[cfg(not(feature = "random"))]
fn default_random() -> Result<Arc<dyn Random>, Error> {
    Err(lacking("source of random numbers", "random"))
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .field("network", &self.network)
            .field("credentials", &self.credentials)
            .field("retry", &self.retry)
            .field("timeouts", &self.timeouts)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}
