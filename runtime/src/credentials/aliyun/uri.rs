//! Keys from an address that answers as instance metadata do.

use http::Method;

use super::sts::LIMIT;
use crate::credentials::ask::{Ask, Reply, failure};
use crate::credentials::{Credentials, Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

/// Keys from an address, as `ALIBABA_CLOUD_CREDENTIALS_URI` names it.
#[derive(Clone, Debug)]
pub struct CredentialsUri {
    surroundings: Surroundings,
    /// Often with a secret in its query.
    uri: Option<Secret>,
}

impl CredentialsUri {
    /// Keys from this address.
    pub fn new(surroundings: &Surroundings, uri: impl Into<Secret>) -> Self {
        Self { surroundings: surroundings.clone(), uri: Some(uri.into()) }
    }

    /// Keys from the address in `ALIBABA_CLOUD_CREDENTIALS_URI`.
    pub fn from_environment(surroundings: &Surroundings) -> Self {
        Self { surroundings: surroundings.clone(), uri: None }
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        const NAME: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";
        let uri = self.uri.clone().or_else(|| self.surroundings.variable(NAME).map(Secret::from));
        let uri = uri.ok_or_else(|| failure(format!("`{NAME}` is not set")))?;
        let ask = Ask::new(Method::GET, uri.expose(), LIMIT);
        let query = uri.expose().split_once('?').map_or("", |(_, query)| query);
        let reply = ask.hide(&Secret::from(query)).send(&self.surroundings).await?.success()?;
        let credentials = key(&reply, false)?;
        // Keys without an end may be others the next time.
        let renewal = if credentials.expires().is_some() { Renewal::ALIYUN } else { Renewal::LOCAL };
        Ok(Fetched::new(credentials, renewal))
    }
}

/// The key in an answer of metadata's form.
pub(super) fn key(reply: &Reply, temporary: bool) -> Result<Credentials, Error> {
    let mut answer = reply.document()?;
    if let Some(code) = answer.text("Code").filter(|code| *code != "Success") {
        return Err(reply.odd(format!("it says `{}`", code.chars().take(60).collect::<String>())));
    }
    answer.access_key(temporary).map_err(|problem| reply.odd(problem))
}

impl Source for CredentialsUri {
    fn name(&self) -> &'static str {
        "credentials URI"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
