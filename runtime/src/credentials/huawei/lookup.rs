//! The project or domain of an access key, asked of IAM.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;

use super::iam;
use crate::credentials::ask::{Ask, Reply, failure};
use crate::credentials::document::Document;
use crate::credentials::{Caching, Fetched, Key, Source, Surroundings};
use crate::encode::percent;
use crate::error::Error;
use crate::time::BoxFuture;

/// How many answers are kept; temporary keys come and go.
const KEPT: usize = 8;

/// Another source's credentials, with the id of a region's project or of the domain where they have none yet. What IAM
/// answered is kept for each access key.
#[derive(Debug)]
#[must_use]
pub struct Lookup {
    surroundings: Surroundings,
    source: Arc<dyn Source>,
    /// The region whose project is meant; without one the domain is.
    region: Option<String>,
    endpoint: Option<String>,
    /// Key's id and what IAM answered, the newest at the end.
    kept: Mutex<VecDeque<(String, String)>>,
}

impl Lookup {
    /// With a region's project: `GET /v3/projects?name=REGION`.
    pub fn project(surroundings: &Surroundings, source: impl Source + 'static, region: impl Into<String>) -> Self {
        Self::of(surroundings, Arc::new(source), Some(region.into()))
    }

    /// With the domain: `GET /v3/auth/domains`.
    pub fn domain(surroundings: &Surroundings, source: impl Source + 'static) -> Self {
        Self::of(surroundings, Arc::new(source), None)
    }

    fn of(surroundings: &Surroundings, source: Arc<dyn Source>, region: Option<String>) -> Self {
        Self { surroundings: surroundings.clone(), source, region, endpoint: None, kept: Mutex::default() }
    }

    /// Where IAM is; by default where the source says, else `HUAWEICLOUD_SDK_IAM_ENDPOINT`, else the region's.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// A provider that keeps what this gives.
    pub fn cached(self) -> Caching {
        let surroundings = self.surroundings.clone();
        Caching::new(&surroundings, self)
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let mut fetched = self.source.fetch().await?;
        let credentials = fetched.credentials.clone();
        let named = if self.region.is_some() { credentials.project_id() } else { credentials.domain_id() };
        let Key::AccessKey { id, .. } = credentials.key() else { return Ok(fetched) };
        if named.is_some() {
            return Ok(fetched);
        }
        let known = self.lock().iter().find(|(key, _)| key == id).map(|(_, found)| found.clone());
        let found = if let Some(found) = known {
            found
        } else {
            let found = self.ask(&fetched).await?;
            let mut kept = self.lock();
            if kept.len() >= KEPT {
                kept.pop_front();
            }
            kept.push_back((id.clone(), found.clone()));
            found
        };
        fetched.credentials =
            if self.region.is_some() { credentials.with_project_id(found) } else { credentials.with_domain_id(found) };
        Ok(fetched)
    }

    async fn ask(&self, fetched: &Fetched) -> Result<String, Error> {
        let Key::AccessKey { id, secret, security_token } = fetched.credentials.key() else {
            return Err(failure("a project is looked up with an access key"));
        };
        let given = self.endpoint.as_deref().or(fetched.iam_endpoint.as_deref());
        let endpoint = iam::endpoint(&self.surroundings, given, self.region.as_deref());
        let path = match &self.region {
            Some(region) => format!("/v3/projects?name={}", percent::encode(region)),
            None => "/v3/auth/domains".to_owned(),
        };
        let mut ask = Ask::new(Method::GET, format!("{endpoint}{path}"), iam::LIMIT);
        if let Some(token) = security_token {
            ask = ask.secret("x-security-token", token);
        }
        let reply = ask.send_signed(&self.surroundings, id, secret).await?.success()?;
        self.only(&reply)
    }

    /// The id of the one project or domain in an answer.
    fn only(&self, reply: &Reply) -> Result<String, Error> {
        let member = if self.region.is_some() { "projects" } else { "domains" };
        let mut answer = reply.document()?;
        let all = answer.take(&[member]).map(Document::elements).unwrap_or_default();
        let of = self.region.as_deref().map_or_else(|| "the key".to_owned(), |region| format!("region `{region}`"));
        match all.as_slice() {
            [one] => one.text("id").map(str::to_owned).ok_or_else(|| reply.odd("an entry has no `id`")),
            [] => Err(reply.odd(format!("there are no {member} of {of}; give the credentials an id"))),
            several => Err(reply.odd(format!(
                "there are {} {member} of {of}; give the credentials the id of the one that is meant",
                several.len()
            ))),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(String, String)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Lookup {
    fn name(&self) -> &'static str {
        self.source.name()
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
