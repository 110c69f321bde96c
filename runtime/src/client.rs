//! The client under every generated one.

mod attempts;
mod builder;
mod config;
mod header;
mod prepare;
mod trace;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

pub use self::builder::ClientBuilder;
use self::config::Parts;
pub use self::config::{Config, Timeouts};
pub use self::prepare::Prepared;
use self::prepare::{Setting, prepare};
use crate::call::{CallRequest, CallResponse, Protocol};
use crate::credentials::{Credentials, CredentialsProvider, Environment};
use crate::endpoint::{Endpoint, EndpointTable};
use crate::error::Error;
use crate::random::Random;
use crate::retry::Budget;
use crate::time::{Clock, Timer};
use crate::transport::Transport;

/// Signs calls, sends them, and sends them again where that helps and does no harm.
///
/// Cheap to clone; clones share connections and settings.
#[derive(Clone)]
pub struct ClientCore(Arc<Inner>);

struct Inner {
    config: Config,
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    random: Arc<dyn Random>,
    budget: Budget,
    /// Seconds by which the service's clock is ahead, as a refused date showed.
    skew: AtomicI64,
}

impl ClientCore {
    /// A client for a service; connects nowhere yet.
    ///
    /// # Errors
    ///
    /// Where no endpoint is found for the region, or, without the features `transport` and `random`, the parts that they
    /// bring are not given.
    pub fn new(config: Config, endpoints: &EndpointTable) -> Result<Self, Error> {
        let endpoint = match &config.endpoint {
            Some(endpoint) => Endpoint::parse(endpoint)?,
            None => endpoints.resolve(config.region.as_deref(), config.network.as_deref())?,
        };
        let Parts { transport, clock, timer, random } = config.parts()?;
        let budget = Budget::new(config.retry.budget);
        Ok(Self(Arc::new(Inner { config, endpoint, transport, clock, timer, random, budget, skew: AtomicI64::new(0) })))
    }

    /// Where calls go.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// The settings it was made with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// What waits go by.
    pub(crate) fn timer(&self) -> &dyn Timer {
        &*self.0.timer
    }

    /// Makes a call and brings the answer of a service that did what was asked.
    ///
    /// # Errors
    ///
    /// Where nothing could be sent, no answer came in time, or the answer is an error; see [`Cause`](crate::Cause).
    pub async fn call(&self, request: CallRequest<'_>) -> Result<CallResponse, Error> {
        let span = trace::call(&request, &self.0.endpoint);
        trace::within(span, attempts::run(&self.0, request)).await
    }

    /// Builds and signs a call without sending it.
    ///
    /// # Errors
    ///
    /// Where it could not be sent.
    pub async fn prepare(&self, request: &CallRequest<'_>) -> Result<Prepared, Error> {
        let request = self.0.with_token(Cow::Borrowed(request));
        let credentials = match self.0.credentials_at_hand(&request) {
            Some(credentials) => credentials,
            None => self.0.credentials(&request).await?,
        };
        self.0.prepare(&request, &credentials, 1, Duration::ZERO)
    }
}

impl Inner {
    /// Fills the client token in where the call has a place for one and the caller gave none.
    fn with_token<'r, 'a>(&self, request: Cow<'r, CallRequest<'a>>) -> Cow<'r, CallRequest<'a>> {
        if request.client_token.is_none() {
            return request;
        }
        let mut request = request.into_owned();
        let Some(token) = request.client_token.take() else { return Cow::Owned(request) };
        request.idempotent = true;
        let same = |name: &str| match token.location {
            crate::Location::Header => name.eq_ignore_ascii_case(&token.name),
            _ => name == token.name,
        };
        let empty = |value: &serde_json::Value| value.is_null() || value.as_str() == Some("");
        request.arguments.retain(|a| !(same(&a.name) && empty(&a.value)));
        if !request.arguments.iter().any(|a| same(&a.name)) {
            request.arguments.push(crate::Argument::new(token.name, token.location, self.random.token()));
        }
        Cow::Owned(request)
    }

    /// The credentials of a call, where they need not be waited for.
    fn credentials_at_hand(&self, request: &CallRequest<'_>) -> Option<Credentials> {
        match &self.config.credentials {
            Some(provider) => provider.at_hand(),
            None if request.anonymous || request.protocol == Protocol::RestJson => Some(Credentials::anonymous()),
            None => None,
        }
    }

    async fn credentials(&self, request: &CallRequest<'_>) -> Result<Credentials, Error> {
        match (&self.config.credentials, request.protocol) {
            (Some(provider), _) => provider.credentials().await,
            (None, Protocol::AliyunRpc | Protocol::AliyunRoa) => Environment::aliyun().credentials().await,
            (None, Protocol::HuaweiRest) => Environment::huawei().credentials().await,
            (None, Protocol::RestJson) => Ok(Credentials::anonymous()),
        }
    }

    fn prepare(
        &self,
        request: &CallRequest<'_>,
        credentials: &Credentials,
        attempt: u32,
        waited: Duration,
    ) -> Result<Prepared, Error> {
        let setting = Setting {
            config: &self.config,
            endpoint: &self.endpoint,
            date: self.now(),
            random: &*self.random,
            attempt,
            waited,
        };
        prepare(request, credentials, &setting)
    }

    /// The service's time, as far as it is known.
    fn now(&self) -> SystemTime {
        let (now, skew) = (self.clock.now(), self.skew.load(Ordering::Relaxed));
        let by = Duration::from_secs(skew.unsigned_abs());
        let shifted = if skew < 0 { now.checked_sub(by) } else { now.checked_add(by) };
        shifted.unwrap_or(now)
    }

    /// Takes the service's time over from an answer that refused ours.
    fn learn_time(&self, error: &Error) {
        let date =
            error.headers().and_then(|headers| headers.get(http::header::DATE)).and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
        let now = self.clock.now();
        let skew = match date.duration_since(now) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap_or(0),
            Err(behind) => i64::try_from(behind.duration().as_secs()).map_or(0, |seconds| -seconds),
        };
        self.skew.store(skew, Ordering::Relaxed);
    }

    /// Tells the provider that its credentials were refused as expired.
    fn refused(&self, credentials: &Credentials) {
        if let Some(provider) = &self.config.credentials {
            provider.refused(credentials);
        }
    }
}

impl fmt::Debug for ClientCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCore").field("endpoint", &self.0.endpoint).field("config", &self.0.config).finish()
    }
}
