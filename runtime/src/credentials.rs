//! Who is calling.
//!
//! [`Credentials`] are plain values; a [`CredentialsProvider`] is asked for them before every attempt. With the feature
//! `credentials`, each place where the vendors' SDKs look for credentials is a [`Source`], and a [`Caching`] provider
//! keeps what a source gave and renews it ahead of its end. [`aliyun::default_chain`] and [`huawei::default_chain`] look
//! in the vendors' documented order.
//!
//! ```
//! # #[cfg(feature = "credentials")]
//! # {
//! use docsdk_runtime::Config;
//! use docsdk_runtime::credentials::{Surroundings, aliyun};
//!
//! let surroundings = Surroundings::new();
//! let config = Config::new().credentials(aliyun::default_chain(&surroundings).cached());
//! # }
//! ```

#[cfg(feature = "credentials")]
pub mod aliyun;
#[cfg(feature = "credentials")]
mod ask;
#[cfg(feature = "credentials")]
mod caching;
#[cfg(feature = "credentials")]
mod chain;
#[cfg(feature = "credentials")]
pub(crate) mod defaults;
#[cfg(feature = "credentials")]
mod document;
mod environment;
#[cfg(feature = "credentials")]
pub mod huawei;
#[cfg(feature = "credentials")]
mod ini;
#[cfg(feature = "credentials")]
mod machine;
#[cfg(feature = "credentials")]
mod source;
#[cfg(feature = "credentials")]
mod surroundings;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

#[cfg(feature = "credentials")]
pub use self::caching::Caching;
#[cfg(feature = "credentials")]
pub use self::chain::Chain;
#[cfg(feature = "credentials")]
pub use self::defaults::{provider as default_provider, region as default_region};
pub use self::environment::Environment;
#[cfg(feature = "credentials")]
pub use self::environment::Variables;
#[cfg(feature = "credentials")]
pub use self::machine::{GivenMachine, Machine, SystemMachine};
#[cfg(feature = "credentials")]
pub use self::source::{Fetched, Renewal, Source};
#[cfg(feature = "credentials")]
pub use self::surroundings::Surroundings;
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

/// What a call is signed with, and for Huawei Cloud the project or domain it concerns.
///
/// Cheap to clone; secrets are masked when shown and wiped when dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials(Arc<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    key: Key,
    project_id: Option<String>,
    domain_id: Option<String>,
    expires: Option<SystemTime>,
}

/// The kinds of credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Key {
    /// An access key, temporary where it has a security token.
    AccessKey {
        /// The key's id; no secret.
        id: String,
        /// The key itself.
        secret: Secret,
        /// The token of a temporary key.
        security_token: Option<Secret>,
    },
    /// A token sent as it is: `x-acs-bearer-token` at Alibaba Cloud, `Authorization: Bearer` elsewhere.
    Bearer(Secret),
    /// Huawei Cloud's IAM token: `X-Auth-Token`.
    AuthToken(Secret),
    /// Nobody: the call is not signed.
    Anonymous,
}

impl Credentials {
    /// An access key.
    pub fn access_key(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::of(Key::AccessKey { id: id.into(), secret: secret.into(), security_token: None })
    }

    /// A bearer token.
    pub fn bearer_token(token: impl Into<Secret>) -> Self {
        Self::of(Key::Bearer(token.into()))
    }

    /// An IAM token of Huawei Cloud, sent as `X-Auth-Token` in place of a signature.
    pub fn auth_token(token: impl Into<Secret>) -> Self {
        Self::of(Key::AuthToken(token.into()))
    }

    /// Nobody: calls are not signed.
    pub fn anonymous() -> Self {
        Self::of(Key::Anonymous)
    }

    fn of(key: Key) -> Self {
        Self(Arc::new(Inner { key, project_id: None, domain_id: None, expires: None }))
    }

    /// With the security token of a temporary access key; other kinds have none.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<Secret>) -> Self {
        if let Key::AccessKey { security_token, .. } = &mut Arc::make_mut(&mut self.0).key {
            *security_token = Some(token.into());
        }
        self
    }

    /// With Huawei Cloud's project: `{project_id}` in paths and `X-Project-Id`.
    #[must_use]
    pub fn with_project_id(mut self, id: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).project_id = Some(id.into());
        self
    }

    /// With Huawei Cloud's domain, for global services: `{domain_id}` in paths and, without a project, `X-Domain-Id`.
    #[must_use]
    pub fn with_domain_id(mut self, id: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).domain_id = Some(id.into());
        self
    }

    /// With the moment at which they end.
    #[must_use]
    pub fn with_expiry(mut self, expires: SystemTime) -> Self {
        Arc::make_mut(&mut self.0).expires = Some(expires);
        self
    }

    /// What is signed with.
    pub fn key(&self) -> &Key {
        &self.0.key
    }

    /// Huawei Cloud's project.
    pub fn project_id(&self) -> Option<&str> {
        self.0.project_id.as_deref()
    }

    /// Huawei Cloud's domain.
    pub fn domain_id(&self) -> Option<&str> {
        self.0.domain_id.as_deref()
    }

    /// When they end.
    pub fn expires(&self) -> Option<SystemTime> {
        self.0.expires
    }
}

/// Where credentials come from: asked before every attempt, so it should keep what it has.
pub trait CredentialsProvider: Send + Sync + fmt::Debug {
    /// The credentials now.
    ///
    /// # Errors
    ///
    /// Where there are none, or none could be fetched; [`Cause::Credentials`](crate::Cause::Credentials).
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, Error>>;

    /// The credentials now, where nothing has to be waited for; asked first, since it costs a call less.
    fn at_hand(&self) -> Option<Credentials> {
        None
    }

    /// Is told that a service refused these as expired, so that the next ones be fresh.
    fn refused(&self, credentials: &Credentials) {
        let _ = credentials;
    }
}

/// Credentials that stay the same.
impl CredentialsProvider for Credentials {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, Error>> {
        let credentials = self.clone();
        Box::pin(std::future::ready(Ok(credentials)))
    }

    fn at_hand(&self) -> Option<Credentials> {
        Some(self.clone())
    }
}
