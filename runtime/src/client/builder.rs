//! Clients from their settings, one by one.

use std::fmt;
use std::sync::Arc;

use super::{Config, Timeouts};
use crate::credentials::CredentialsProvider;
use crate::error::Error;
use crate::retry::RetryPolicy;
use crate::transport::Transport;

/// The settings of a generated client, which [`build`](ClientBuilder::build) makes it from.
///
/// What is not set comes from the vendor's default chain of credentials and the service's table of endpoints; the region
/// is taken from nowhere (`from_env` looks for one).
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder<C> {
    config: Config,
    make: fn(Config) -> Result<C, Error>,
}

impl<C> ClientBuilder<C> {
    /// A builder without settings.
    pub fn new(make: fn(Config) -> Result<C, Error>) -> Self {
        Self { config: Config::new(), make }
    }

    fn with(self, change: impl FnOnce(Config) -> Config) -> Self {
        Self { config: change(self.config), make: self.make }
    }

    /// The region, as `cn-hangzhou`.
    pub fn region(self, region: impl Into<String>) -> Self {
        self.with(|config| config.region(region))
    }

    /// Where calls go, whatever the region: `https://host[:port]`.
    pub fn endpoint(self, endpoint: impl Into<String>) -> Self {
        self.with(|config| config.endpoint(endpoint))
    }

    /// Who is calling: [`Credentials`](crate::Credentials) or a provider of them.
    pub fn credentials(self, provider: impl CredentialsProvider + 'static) -> Self {
        self.with(|config| config.credentials(provider))
    }

    /// What sends requests; by default a pool of connections.
    pub fn transport(self, transport: impl Transport + 'static) -> Self {
        self.with(|config| config.transport(transport))
    }

    /// What sends requests, shared with other clients.
    pub fn shared_transport(self, transport: Arc<dyn Transport>) -> Self {
        self.with(|config| config.shared_transport(transport))
    }

    /// When calls are sent again.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.with(|config| config.retry(policy))
    }

    /// How long things may take.
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        self.with(|config| config.timeouts(timeouts))
    }

    /// All settings there are, in place of those so far.
    pub fn config(self, config: Config) -> Self {
        Self { config, ..self }
    }

    /// Makes the client; connects nowhere yet.
    ///
    /// # Errors
    ///
    /// Where the settings do not make a client, as when no endpoint is known for the region.
    pub fn build(self) -> Result<C, Error> {
        (self.make)(self.config)
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("config", &self.config).finish_non_exhaustive()
    }
}
