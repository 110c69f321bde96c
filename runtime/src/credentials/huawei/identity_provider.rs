//! Temporary keys for a token of an identity provider that IAM knows; and the environment, which names keys or these.

use std::path::PathBuf;

use http::Method;
use serde_json::json;

use super::{Scope, iam};
use crate::credentials::ask::{Ask, failure};
use crate::credentials::{Credentials, Environment, Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

/// Two calls of IAM: an id token for an unscoped token, and that for temporary keys. The file is read each time anew.
#[derive(Clone, Debug)]
#[must_use]
pub struct IdentityProvider {
    surroundings: Surroundings,
    provider: String,
    token_file: PathBuf,
    endpoint: Option<String>,
    region: Option<String>,
}

impl IdentityProvider {
    /// Keys for the token in a file, of the provider with this id.
    pub fn new(surroundings: &Surroundings, provider_id: impl Into<String>, token_file: impl Into<PathBuf>) -> Self {
        let (provider, token_file) = (provider_id.into(), token_file.into());
        Self { surroundings: surroundings.clone(), provider, token_file, endpoint: None, region: None }
    }

    /// The region whose IAM is called.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Where IAM is; by default `HUAWEICLOUD_SDK_IAM_ENDPOINT`, else the region's.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    pub(super) async fn keys(&self) -> Result<Credentials, Error> {
        let endpoint = iam::endpoint(&self.surroundings, self.endpoint.as_deref(), self.region.as_deref());
        let id_token = self.surroundings.read_token(&self.token_file)?;
        let body = json!({ "auth": { "id_token": { "id": id_token.expose() } } });
        let ask = Ask::new(Method::POST, format!("{endpoint}/v3.0/OS-AUTH/id-token/tokens"), iam::LIMIT)
            .header("x-idp-id", &self.provider)
            .json(iam::JSON, body)
            .hide(&id_token);
        let reply = ask.send(&self.surroundings).await?.success()?;
        let token = reply.header("x-subject-token").map(Secret::from);
        let token = token.ok_or_else(|| reply.odd("it has no header `X-Subject-Token`"))?;
        let identity = json!({ "methods": ["token"], "token": { "id": token.expose(), "duration_seconds": 21_600 } });
        let ask = Ask::new(Method::POST, format!("{endpoint}/v3.0/OS-CREDENTIAL/securitytokens"), iam::LIMIT)
            .json(iam::JSON, json!({ "auth": { "identity": identity } }))
            .hide(&token);
        super::metadata::key(&ask.send(&self.surroundings).await?.success()?)
    }
}

impl Source for IdentityProvider {
    fn name(&self) -> &'static str {
        "identity provider"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(async { Ok(Fetched::new(self.keys().await?, Renewal::HUAWEI)) })
    }
}

/// The environment: an identity provider's id and token file (`HUAWEICLOUD_SDK_IDP_ID`,
/// `HUAWEICLOUD_SDK_ID_TOKEN_FILE`) or keys (see [`Environment::huawei`]), and the project or domain.
#[derive(Clone, Debug)]
pub struct EnvironmentIdentity {
    surroundings: Surroundings,
    scope: Scope,
}

impl EnvironmentIdentity {
    /// What a machine's environment names.
    pub fn new(surroundings: &Surroundings, scope: Scope) -> Self {
        Self { surroundings: surroundings.clone(), scope }
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let variable = |name: &str| self.surroundings.variable(name);
        let provider = (variable("HUAWEICLOUD_SDK_IDP_ID"), variable("HUAWEICLOUD_SDK_ID_TOKEN_FILE"));
        if let (Some(id), Some(file)) = provider {
            let credentials = IdentityProvider::new(&self.surroundings, id, file).keys().await?;
            let credentials = self.scope.place_by_environment(credentials, &self.surroundings);
            return Ok(Fetched::new(credentials, Renewal::HUAWEI));
        }
        let other = match self.scope {
            Scope::Basic => "HUAWEICLOUD_SDK_DOMAIN_ID",
            Scope::Global => "HUAWEICLOUD_SDK_PROJECT_ID",
        };
        let read = Environment::huawei().read(|name| variable(name).filter(|_| name != other));
        let credentials = read.map_err(|error| failure(error.message().to_owned()))?;
        Ok(Fetched::new(credentials, Renewal::LOCAL))
    }
}

impl Source for EnvironmentIdentity {
    fn name(&self) -> &'static str {
        "environment"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
