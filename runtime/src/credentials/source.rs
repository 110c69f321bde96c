//! Where fresh credentials are fetched from, and how long they are good for.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Caching, Credentials, Surroundings};
use crate::error::Error;
use crate::time::BoxFuture;

/// A place where credentials are fetched from, each time anew. [`Caching`] makes a provider of it.
pub trait Source: Send + Sync + fmt::Debug {
    /// What it is called in errors, as `environment`.
    fn name(&self) -> &'static str;

    /// Fetches credentials.
    ///
    /// # Errors
    ///
    /// Where it has none, or they could not be fetched. The text holds no secrets.
    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>>;

    /// A provider that keeps what this gives.
    fn cached_in(self, surroundings: &Surroundings) -> Caching
    where
        Self: Sized + 'static,
    {
        Caching::new(surroundings, self)
    }
}

/// Credentials just fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The credentials.
    pub credentials: Credentials,
    /// When they are to be renewed.
    pub renewal: Renewal,
    /// Where Huawei Cloud's IAM is served, if the place said so.
    pub iam_endpoint: Option<String>,
}

impl Fetched {
    /// Credentials and their renewal.
    pub fn new(credentials: Credentials, renewal: Renewal) -> Self {
        Self { credentials, renewal, iam_endpoint: None }
    }
}

/// When credentials are renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renewal {
    /// How long before they end; half of what is left where they live no longer than this.
    pub ahead: Duration,
    /// How long after they came, however long they live.
    pub after: Option<Duration>,
    /// Whether they may be used past their end while no others can be had.
    pub past_end: bool,
}

impl Renewal {
    /// Alibaba Cloud's temporary keys: 15 minutes before they end.
    pub const ALIYUN: Self = Self::ahead(Duration::from_mins(15));
    /// Alibaba Cloud's keys from instance metadata: an hour after they came, and used past their end if need be.
    pub const ALIYUN_METADATA: Self =
        Self { ahead: Duration::from_mins(15), after: Some(Duration::from_hours(1)), past_end: true };
    /// What a command printed: 3 minutes before it ends.
    pub const COMMAND: Self = Self::ahead(Duration::from_mins(3));
    /// Huawei Cloud's temporary keys: 40 minutes before they end.
    pub const HUAWEI: Self = Self::ahead(Duration::from_mins(40));
    /// Variables and files, which may change: read anew after a minute.
    pub const LOCAL: Self = Self { ahead: Duration::ZERO, after: Some(Duration::from_mins(1)), past_end: false };
    /// What never changes.
    pub const NEVER: Self = Self { ahead: Duration::ZERO, after: None, past_end: false };

    /// So long before they end.
    pub const fn ahead(time: Duration) -> Self {
        Self { ahead: time, after: None, past_end: false }
    }
}

impl<S: Source + ?Sized> Source for Box<S> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        (**self).fetch()
    }
}

impl<S: Source + ?Sized> Source for Arc<S> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        (**self).fetch()
    }
}

/// Credentials that stay the same.
impl Source for Credentials {
    fn name(&self) -> &'static str {
        "given credentials"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(std::future::ready(Ok(Fetched::new(self.clone(), Renewal::NEVER))))
    }
}
