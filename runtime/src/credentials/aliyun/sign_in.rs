//! Keys for tokens that somebody got by signing in with a browser. Signing in itself is the CLI's business.

use std::time::SystemTime;

use http::{Method, Uri};
use serde_json::json;

use super::sts::LIMIT;
use crate::credentials::ask::{Ask, Reply, failure};
use crate::credentials::document::Document;
use crate::credentials::{Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

/// Keys from `CloudSSO`, for a token that the CLI keeps.
#[derive(Clone, Debug)]
pub struct CloudSso {
    surroundings: Surroundings,
    sign_in_url: String,
    account: String,
    access_configuration: String,
    token: Token,
}

/// Keys from OAuth, for a token that the CLI keeps.
#[derive(Clone, Debug)]
pub struct OAuth {
    surroundings: Surroundings,
    site: String,
    token: Token,
}

#[derive(Clone, Debug)]
struct Token {
    text: Secret,
    end: SystemTime,
}

impl CloudSso {
    /// Keys of an account and access configuration, for a token with its end.
    pub fn new(
        surroundings: &Surroundings,
        sign_in_url: impl Into<String>,
        account: impl Into<String>,
        access_configuration: impl Into<String>,
        token: impl Into<Secret>,
        end: SystemTime,
    ) -> Self {
        Self {
            surroundings: surroundings.clone(),
            sign_in_url: sign_in_url.into(),
            account: account.into(),
            access_configuration: access_configuration.into(),
            token: Token { text: token.into(), end },
        }
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let body = json!({ "AccountId": self.account, "AccessConfigurationId": self.access_configuration });
        let url = at(&self.sign_in_url, "/cloud-credentials")?;
        let ask = Ask::new(Method::POST, url, LIMIT).header("accept", "application/json");
        let reply = self.token.send(&self.surroundings, ask.json("application/json", body), "CloudSSO").await?;
        let mut answer = reply.document()?;
        let key = answer.take(&["CloudCredential"]).ok_or_else(|| reply.odd("it has no `CloudCredential`"))?;
        fetched(&reply, key)
    }
}

impl OAuth {
    /// Keys for a token with its end, from a site: `CN` or `INTL`.
    ///
    /// # Errors
    ///
    /// Where the site is another.
    pub fn new(
        surroundings: &Surroundings,
        site: &str,
        token: impl Into<Secret>,
        end: SystemTime,
    ) -> Result<Self, Error> {
        let site = match site.trim().to_ascii_uppercase().as_str() {
            "CN" => "https://oauth.aliyun.com",
            "INTL" => "https://oauth.alibabacloud.com",
            _ => return Err(failure(format!("`{site}` is no OAuth site; there are `CN` and `INTL`"))),
        };
        let token = Token { text: token.into(), end };
        Ok(Self { surroundings: surroundings.clone(), site: site.to_owned(), token })
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let ask =
            Ask::new(Method::POST, at(&self.site, "/v1/exchange")?, LIMIT).header("content-type", "application/json");
        let reply = self.token.send(&self.surroundings, ask, "OAuth").await?;
        fetched(&reply, reply.document()?)
    }
}

fn fetched(reply: &Reply, mut key: Document) -> Result<Fetched, Error> {
    let credentials = key.access_key(true).map_err(|problem| reply.odd(problem))?;
    Ok(Fetched::new(credentials, Renewal::ALIYUN))
}

/// Another path at the same place.
fn at(url: &str, path: &str) -> Result<String, Error> {
    let uri: Option<Uri> = url.parse().ok();
    let place = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?)));
    let (scheme, authority) = place.ok_or_else(|| failure(format!("`{url}` is no address to sign in at")))?;
    Ok(format!("{scheme}://{authority}{path}"))
}

impl Token {
    async fn send(&self, surroundings: &Surroundings, ask: Ask, mode: &str) -> Result<Reply, Error> {
        if surroundings.now() >= self.end {
            return Err(failure(format!("the sign-in has ended; sign in again with `aliyun configure --mode {mode}`")));
        }
        let bearer = Secret::from(format!("Bearer {}", self.text.expose()));
        ask.secret("authorization", &bearer).hide(&self.text).send(surroundings).await?.success()
    }
}

impl Source for CloudSso {
    fn name(&self) -> &'static str {
        "CloudSSO"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}

impl Source for OAuth {
    fn name(&self) -> &'static str {
        "OAuth"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
