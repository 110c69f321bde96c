//! Keys that a cluster gives its pods.

use std::path::PathBuf;

use http::Method;
use serde_json::json;

use super::iam;
use crate::credentials::ask::{Ask, failure};
use crate::credentials::{Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::time::BoxFuture;

/// Pod identity: an address of the cluster that gives keys for the token in a file, read each time anew.
#[derive(Clone, Debug)]
pub struct PodIdentity {
    surroundings: Surroundings,
    given: Option<(String, PathBuf)>,
}

impl PodIdentity {
    /// Keys from an address, for the token in a file.
    pub fn new(surroundings: &Surroundings, uri: impl Into<String>, token_file: impl Into<PathBuf>) -> Self {
        Self { surroundings: surroundings.clone(), given: Some((uri.into(), token_file.into())) }
    }

    /// Takes both from `HC_CONTAINER_CREDENTIALS_FULL_URI` and `HC_CONTAINER_AUTHORIZATION_TOKEN_FILE`.
    pub fn from_environment(surroundings: &Surroundings) -> Self {
        Self { surroundings: surroundings.clone(), given: None }
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let must = |name: &str| self.surroundings.variable(name).ok_or_else(|| failure(format!("`{name}` is not set")));
        let (uri, file) = if let Some(given) = &self.given {
            given.clone()
        } else {
            let uri = must("HC_CONTAINER_CREDENTIALS_FULL_URI")?;
            (uri, PathBuf::from(must("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE")?))
        };
        let token = self.surroundings.read_token(&file)?;
        let ask = Ask::new(Method::POST, uri, iam::LIMIT).secret("authorization", &token);
        let reply = ask.json("application/json", json!({})).send(&self.surroundings).await?.success()?;
        Ok(Fetched::new(super::metadata::key(&reply)?, Renewal::HUAWEI))
    }
}

impl Source for PodIdentity {
    fn name(&self) -> &'static str {
        "pod identity"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
