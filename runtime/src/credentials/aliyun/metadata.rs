//! Keys that an instance has of its own role.

use std::time::Duration;

use http::Method;

use crate::credentials::ask::{Ask, Reply, failure};
use crate::credentials::{Fetched, Renewal, Source, Surroundings};
use crate::encode::percent;
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

const HOST: &str = "http://100.100.100.200";
const KEYS: &str = "/latest/meta-data/ram/security-credentials/";
/// Connecting and reading together, as the vendor's packages wait.
const LIMIT: Duration = Duration::from_secs(2);

/// Instance metadata: version 2 with a token, else version 1, unless that is switched off.
///
/// Reads `ALIBABA_CLOUD_ECS_METADATA` (the role's name), `ALIBABA_CLOUD_IMDSV1_DISABLED` and
/// `ALIBABA_CLOUD_ECS_METADATA_DISABLED`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Metadata {
    surroundings: Surroundings,
    role: Option<String>,
    v2_only: bool,
}

impl Metadata {
    /// The keys of the instance's role, whatever its name.
    pub fn new(surroundings: &Surroundings) -> Self {
        Self { surroundings: surroundings.clone(), role: None, v2_only: false }
    }

    /// With the role's name, which then is not asked for.
    pub fn role(mut self, name: impl Into<String>) -> Self {
        self.role = Some(name.into()).filter(|name: &String| !name.is_empty());
        self
    }

    /// Without version 1.
    pub fn v2_only(mut self) -> Self {
        self.v2_only = true;
        self
    }

    /// A token of version 2; nothing where there is only version 1.
    async fn token(&self) -> Result<Option<Secret>, Error> {
        let ask = Ask::new(Method::PUT, format!("{HOST}/latest/api/token"), LIMIT)
            .header("x-aliyun-ecs-metadata-token-ttl-seconds", "21600");
        let error = match ask.send(&self.surroundings).await {
            Ok(reply) if reply.is_success() => match reply.text() {
                Some(token) => return Ok(Some(Secret::from(token))),
                None => reply.odd("it is empty, not a token"),
            },
            Ok(reply) => reply.refusal(),
            Err(error) => error,
        };
        if self.v2_only || self.surroundings.is_true("ALIBABA_CLOUD_IMDSV1_DISABLED") {
            return Err(error);
        }
        Ok(None)
    }

    /// One answer. Each has a token of its own, as the vendor's packages do it: it need not be kept.
    async fn get(&self, name: &str) -> Result<Reply, Error> {
        let token = self.token().await?;
        let mut ask = Ask::new(Method::GET, format!("{HOST}{KEYS}{}", percent::encode(name)), LIMIT);
        if let Some(token) = &token {
            ask = ask.secret("x-aliyun-ecs-metadata-token", token);
        }
        ask.send(&self.surroundings).await?.success()
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        if self.surroundings.is_true("ALIBABA_CLOUD_ECS_METADATA_DISABLED") {
            return Err(failure("switched off by `ALIBABA_CLOUD_ECS_METADATA_DISABLED`"));
        }
        let role = self.role.clone().or_else(|| self.surroundings.variable("ALIBABA_CLOUD_ECS_METADATA"));
        let role = if let Some(role) = role {
            role
        } else {
            let reply = self.get("").await?;
            let name = reply.text().and_then(|text| text.lines().next());
            name.ok_or_else(|| reply.odd("the instance has no role"))?.trim().to_owned()
        };
        let reply = self.get(&role).await?;
        let credentials = super::uri::key(&reply, true)?;
        Ok(Fetched::new(credentials, Renewal::ALIYUN_METADATA))
    }
}

impl Source for Metadata {
    fn name(&self) -> &'static str {
        "instance metadata"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
