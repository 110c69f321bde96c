//! Keys that an instance has of its agency.

use std::time::Duration;

use http::Method;

use crate::credentials::ask::{Ask, Reply};
use crate::credentials::{Credentials, Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

const HOST: &str = "http://169.254.169.254";
const LIMIT: Duration = Duration::from_secs(3);

/// Instance metadata: version 2 with a token, or version 1 where there is no other.
#[derive(Clone, Debug)]
pub struct Metadata(Surroundings);

impl Metadata {
    /// The keys of the instance's agency.
    pub fn new(surroundings: &Surroundings) -> Self {
        Self(surroundings.clone())
    }

    /// A token of version 2; nothing where there is only version 1.
    async fn token(&self) -> Result<Option<Secret>, Error> {
        let ask = Ask::new(Method::PUT, format!("{HOST}/meta-data/latest/api/token"), LIMIT)
            .header("x-metadata-token-ttl-seconds", "21600");
        let reply = ask.send(&self.0).await?;
        if matches!(reply.status, 404 | 405 | 503) {
            return Ok(None);
        }
        let reply = reply.success()?;
        let token = reply.text().map(Secret::from);
        token.ok_or_else(|| reply.odd("it is empty, not a token")).map(Some)
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let mut ask = Ask::new(Method::GET, format!("{HOST}/openstack/latest/securitykey"), LIMIT);
        if let Some(token) = self.token().await? {
            ask = ask.secret("x-metadata-token", &token);
        }
        let reply = ask.send(&self.0).await?.success()?;
        Ok(Fetched::new(key(&reply)?, Renewal::HUAWEI))
    }
}

/// The temporary key in an answer: the vendor's services have it in `credential` or `credentials`.
pub(super) fn key(reply: &Reply) -> Result<Credentials, Error> {
    let mut answer = reply.document()?;
    let mut key = answer.take(&["credential", "credentials"]).unwrap_or(answer);
    key.access_key(true).map_err(|problem| reply.odd(problem))
}

impl Source for Metadata {
    fn name(&self) -> &'static str {
        "instance metadata"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
