//! Temporary keys of a role, for a token of an OIDC provider, as clusters mount them.

use std::path::PathBuf;

use super::sts::Session;
use crate::credentials::ask::failure;
use crate::credentials::{Fetched, Source, Surroundings};
use crate::error::Error;
use crate::time::BoxFuture;

/// `AssumeRoleWithOIDC` of STS, unsigned. The token's file is read each time anew.
#[derive(Clone, Debug)]
#[must_use]
pub struct Oidc {
    surroundings: Surroundings,
    session: Session,
    provider_arn: Option<String>,
    token_file: Option<PathBuf>,
}

impl Oidc {
    /// Takes a role for the token in a file.
    pub fn new(
        surroundings: &Surroundings,
        role_arn: impl Into<String>,
        provider_arn: impl Into<String>,
        token_file: impl Into<PathBuf>,
    ) -> Self {
        let session = Session { role_arn: Some(role_arn.into()), ..Session::default() };
        Self::of(surroundings, session, Some(provider_arn.into()), Some(token_file.into()))
    }

    /// Takes all from `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` and `ALIBABA_CLOUD_OIDC_TOKEN_FILE`.
    pub fn from_environment(surroundings: &Surroundings) -> Self {
        Self::of(surroundings, Session::default(), None, None)
    }

    pub(super) fn of(
        surroundings: &Surroundings,
        session: Session,
        provider_arn: Option<String>,
        token_file: Option<PathBuf>,
    ) -> Self {
        Self { surroundings: surroundings.clone(), session, provider_arn, token_file }
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

    /// The region whose STS is called; by default `ALIBABA_CLOUD_STS_REGION`, else the central one.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.session.region = Some(region.into());
        self
    }

    async fn assume(&self) -> Result<Fetched, Error> {
        let must = |given: Option<String>, name: &str| {
            given.or_else(|| self.surroundings.variable(name)).ok_or_else(|| failure(format!("`{name}` is not set")))
        };
        let file = match &self.token_file {
            Some(path) => path.clone(),
            None => PathBuf::from(must(None, "ALIBABA_CLOUD_OIDC_TOKEN_FILE")?),
        };
        let provider = must(self.provider_arn.clone(), "ALIBABA_CLOUD_OIDC_PROVIDER_ARN")?;
        must(self.session.role_arn.clone(), "ALIBABA_CLOUD_ROLE_ARN")?;
        let token = self.surroundings.read_token(&file)?;
        let mut query = self.session.query(&self.surroundings, "AssumeRoleWithOIDC")?;
        query.push("OIDCProviderArn", provider);
        query.push("OIDCToken", token.expose().to_owned());
        self.session.call(&self.surroundings, query, &[&token]).await
    }
}

impl Source for Oidc {
    fn name(&self) -> &'static str {
        "OIDC"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.assume())
    }
}
