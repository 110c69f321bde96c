//! Temporary keys of a role, for whoever may take it.

use std::sync::Arc;

use super::rpc;
use super::sts::Session;
use crate::credentials::ask::failure;
use crate::credentials::{CredentialsProvider, Fetched, Key, Source, Surroundings};
use crate::error::Error;
use crate::time::BoxFuture;

/// `AssumeRole` of STS. Roles are chained by giving one as the base of the next.
///
/// ```
/// use docsdk_runtime::Credentials;
/// use docsdk_runtime::credentials::{Source as _, Surroundings, aliyun::AssumeRole};
///
/// let surroundings = Surroundings::new();
/// let first = AssumeRole::new(&surroundings, Credentials::access_key("id", "secret"), "acs:ram::1:role/first");
/// let second = AssumeRole::new(&surroundings, first.cached_in(&surroundings), "acs:ram::2:role/second")
///     .session_name("reports")
///     .seconds(900);
/// assert_eq!(second.name(), "assumed role");
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct AssumeRole {
    surroundings: Surroundings,
    base: Arc<dyn CredentialsProvider>,
    session: Session,
    external_id: Option<String>,
}

impl AssumeRole {
    /// Takes a role with the credentials of another provider.
    pub fn new(
        surroundings: &Surroundings,
        base: impl CredentialsProvider + 'static,
        role_arn: impl Into<String>,
    ) -> Self {
        let session = Session { role_arn: Some(role_arn.into()), ..Session::default() };
        Self::of(surroundings, Arc::new(base), session, None)
    }

    pub(super) fn of(
        surroundings: &Surroundings,
        base: Arc<dyn CredentialsProvider>,
        session: Session,
        external_id: Option<String>,
    ) -> Self {
        Self { surroundings: surroundings.clone(), base, session, external_id }
    }

    /// The session's name; by default `ALIBABA_CLOUD_ROLE_SESSION_NAME`, else one with the time.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.session.name = Some(name.into());
        self
    }

    /// How long the keys live: 3,600 seconds by default, 900 at least.
    pub fn seconds(mut self, seconds: u64) -> Self {
        self.session.seconds = Some(seconds);
        self
    }

    /// A policy, as JSON, that narrows the role's rights.
    pub fn policy(mut self, policy: impl Into<String>) -> Self {
        self.session.policy = Some(policy.into());
        self
    }

    /// The external id that the role's trust asks for.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    /// The region whose STS is called; by default `ALIBABA_CLOUD_STS_REGION`, else the central one.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.session.region = Some(region.into());
        self
    }

    /// Whether STS is called inside the region's private network; by default `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED`.
    pub fn vpc(mut self, vpc: bool) -> Self {
        self.session.vpc = Some(vpc);
        self
    }

    async fn assume(&self) -> Result<Fetched, Error> {
        let base = self.base.credentials().await?;
        let Key::AccessKey { id, secret, security_token } = base.key() else {
            return Err(failure("a role is taken with an access key, and the base has none"));
        };
        let mut query = self.session.query(&self.surroundings, "AssumeRole")?;
        query.push("SignatureMethod", "HMAC-SHA1");
        query.push("SignatureVersion", "1.0");
        query.push("SignatureNonce", self.surroundings.nonce()?);
        query.push("AccessKeyId", id.clone());
        if let Some(external_id) = &self.external_id {
            query.push("ExternalId", external_id.clone());
        }
        if let Some(token) = security_token {
            query.push("SecurityToken", token.expose().to_owned());
        }
        query.push("Signature", rpc::signature("GET", query.clone(), secret));
        self.session
            .call(&self.surroundings, query, security_token.as_slice().iter().collect::<Vec<_>>().as_slice())
            .await
    }
}

impl Source for AssumeRole {
    fn name(&self) -> &'static str {
        "assumed role"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.assume())
    }
}
