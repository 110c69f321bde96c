//! Temporary keys of an agency, for a token of an OIDC provider.

use std::path::{Path, PathBuf};

use http::Method;
use serde_json::json;

use super::{Scope, iam};
use crate::credentials::ask::{Ask, failure};
use crate::credentials::{Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

/// `AssumeAgencyWithOIDC` of STS, unsigned. What is not given is read from `HUAWEICLOUD_OIDC_PROVIDER_URN`,
/// `_AGENCY_URN`, `_ID_TOKEN` or `_TOKEN_FILE`, `_SESSION_NAME`, `_DURATION_SECONDS`, `_POLICY` and `_POLICY_IDS`; a
/// token's file is read each time anew.
#[derive(Clone, Debug)]
#[must_use]
pub struct Oidc {
    surroundings: Surroundings,
    scope: Scope,
    provider: Option<String>,
    agency: Option<String>,
    token: Option<Secret>,
    token_file: Option<PathBuf>,
    endpoint: Option<String>,
}

impl Oidc {
    /// Takes all from the environment.
    pub fn from_environment(surroundings: &Surroundings, scope: Scope) -> Self {
        let surroundings = surroundings.clone();
        Self { surroundings, scope, provider: None, agency: None, token: None, token_file: None, endpoint: None }
    }

    /// Keys of an agency that trusts a provider, both by their URN.
    pub fn new(
        surroundings: &Surroundings,
        scope: Scope,
        provider_urn: impl Into<String>,
        agency_urn: impl Into<String>,
    ) -> Self {
        let mut source = Self::from_environment(surroundings, scope);
        source.provider = Some(provider_urn.into());
        source.agency = Some(agency_urn.into());
        source
    }

    /// For this token.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// For the token in a file.
    pub fn token_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.token_file = Some(path.into());
        self
    }

    /// Where STS is; by default `HUAWEICLOUD_SDK_STS_ENDPOINT`, else that of cn-north-4.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    fn id_token(&self) -> Result<Secret, Error> {
        let variable = |name: &str| self.surroundings.variable(name);
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        if let Some(path) = &self.token_file {
            return self.surroundings.read_token(path);
        }
        match (variable("HUAWEICLOUD_OIDC_ID_TOKEN"), variable("HUAWEICLOUD_OIDC_TOKEN_FILE")) {
            (Some(token), _) => Ok(Secret::from(token)),
            (None, Some(path)) => self.surroundings.read_token(Path::new(&path)),
            (None, None) => Err(failure("`HUAWEICLOUD_OIDC_ID_TOKEN` and `HUAWEICLOUD_OIDC_TOKEN_FILE` are not set")),
        }
    }

    async fn assume(&self) -> Result<Fetched, Error> {
        let variable = |name: &str| self.surroundings.variable(name);
        let given = |given: &Option<String>, name: &str| {
            given.clone().or_else(|| variable(name)).ok_or_else(|| failure(format!("`{name}` is not set")))
        };
        let provider = given(&self.provider, "HUAWEICLOUD_OIDC_PROVIDER_URN")?;
        let agency = given(&self.agency, "HUAWEICLOUD_OIDC_AGENCY_URN")?;
        let token = self.id_token()?;
        let seconds: u64 = match variable("HUAWEICLOUD_OIDC_DURATION_SECONDS") {
            None => 3_600,
            Some(text) => text.trim().parse().map_err(|_| {
                failure(format!("`HUAWEICLOUD_OIDC_DURATION_SECONDS` is `{text}`, not a number of seconds"))
            })?,
        };
        let mut body = json!({
            "provider_urn": provider,
            "agency_urn": agency,
            "agency_session_name":
                variable("HUAWEICLOUD_OIDC_SESSION_NAME").unwrap_or_else(|| "oidc-sts-session".to_owned()),
            "id_token": token.expose(),
            "duration_seconds": seconds,
        });
        if let Some(policy) = variable("HUAWEICLOUD_OIDC_POLICY") {
            body["policy"] = policy.into();
        }
        if let Some(ids) = variable("HUAWEICLOUD_OIDC_POLICY_IDS") {
            body["policy_ids"] = ids.split(',').map(str::trim).filter(|id| !id.is_empty()).collect();
        }
        let endpoint = iam::sts_endpoint(&self.surroundings, self.endpoint.as_deref());
        let ask = Ask::new(Method::POST, format!("{endpoint}/v5/agencies/assume-with-oidc"), iam::LIMIT);
        let reply = ask.json(iam::JSON, body).hide(&token).send(&self.surroundings).await?.success()?;
        let credentials = super::metadata::key(&reply)?;
        let credentials = self.scope.place_by_environment(credentials, &self.surroundings);
        Ok(Fetched::new(credentials, Renewal::HUAWEI))
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
