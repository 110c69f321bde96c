//! IAM's tokens, which are sent as `X-Auth-Token` in place of a signature.

use http::Method;
use serde_json::json;

use super::iam;
use crate::credentials::ask::Ask;
use crate::credentials::document::instant;
use crate::credentials::{Credentials, Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

/// A user's token, by password: `POST /v3/auth/tokens`. It lives 24 hours.
#[derive(Clone, Debug)]
#[must_use]
pub struct PasswordToken {
    surroundings: Surroundings,
    domain: String,
    user: String,
    password: Secret,
    /// The region whose project is meant; without one the domain is.
    region: Option<String>,
    endpoint: Option<String>,
}

impl PasswordToken {
    /// A token of a user in an account (domain), both by their names.
    pub fn new(
        surroundings: &Surroundings,
        domain: impl Into<String>,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        Self {
            surroundings: surroundings.clone(),
            domain: domain.into(),
            user: user.into(),
            password: password.into(),
            region: None,
            endpoint: None,
        }
    }

    /// For a region's project; without one the token is for the domain.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Where IAM is; by default `HUAWEICLOUD_SDK_IAM_ENDPOINT`, else the region's.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    async fn token(&self) -> Result<Fetched, Error> {
        let endpoint = iam::endpoint(&self.surroundings, self.endpoint.as_deref(), self.region.as_deref());
        let user = json!({
            "domain": { "name": self.domain }, "name": self.user, "password": self.password.expose(),
        });
        let scope = match &self.region {
            Some(region) => json!({ "project": { "name": region } }),
            None => json!({ "domain": { "name": self.domain } }),
        };
        let identity = json!({ "methods": ["password"], "password": { "user": user } });
        let ask = Ask::new(Method::POST, format!("{endpoint}/v3/auth/tokens"), iam::LIMIT)
            .json(iam::JSON, json!({ "auth": { "identity": identity, "scope": scope } }))
            .hide(&self.password);
        let reply = ask.send(&self.surroundings).await?.success()?;
        let token = reply.header("x-subject-token").map(Secret::from);
        let token = token.ok_or_else(|| reply.odd("it has no header `X-Subject-Token`"))?;
        let mut answer = reply.document()?;
        let mut about = answer.take(&["token"]).ok_or_else(|| reply.odd("it has no `token`"))?;
        let end = about.text("expires_at").and_then(instant).ok_or_else(|| reply.odd("its token has no end"))?;
        let mut credentials = Credentials::auth_token(token).with_expiry(end);
        if let Some(id) = about.take(&["project"]).and_then(|project| project.text("id").map(str::to_owned)) {
            credentials = credentials.with_project_id(id);
        }
        if let Some(id) = about.take(&["domain"]).and_then(|domain| domain.text("id").map(str::to_owned)) {
            credentials = credentials.with_domain_id(id);
        }
        Ok(Fetched::new(credentials, Renewal::HUAWEI))
    }
}

impl Source for PasswordToken {
    fn name(&self) -> &'static str {
        "IAM token"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.token())
    }
}
