//! Where and how the vendor's Security Token Service is called.

use std::time::{Duration, UNIX_EPOCH};

use http::Method;

use crate::credentials::ask::{Ask, failure};
use crate::credentials::{Fetched, Renewal, Surroundings};
use crate::encode::Query;
use crate::error::Error;
use crate::secret::Secret;
use crate::timestamp;

/// Connecting and reading together, as the vendor's packages wait.
pub(super) const LIMIT: Duration = Duration::from_secs(15);

/// The part of a request for temporary keys that all have.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    pub(super) role_arn: Option<String>,
    pub(super) name: Option<String>,
    pub(super) seconds: Option<u64>,
    pub(super) policy: Option<String>,
    pub(super) region: Option<String>,
    pub(super) vpc: Option<bool>,
}

impl Session {
    /// The pairs of a call, the signature's apart.
    pub(super) fn query(&self, surroundings: &Surroundings, action: &str) -> Result<Query<'static>, Error> {
        let role = self.role_arn.clone().or_else(|| surroundings.variable("ALIBABA_CLOUD_ROLE_ARN"));
        let role = role.ok_or_else(|| failure("no role: give `role_arn` or set `ALIBABA_CLOUD_ROLE_ARN`"))?;
        let seconds = self.seconds.unwrap_or(3_600);
        if seconds < 900 {
            return Err(failure(format!("a session of {seconds} s is too short; the service gives 900 s at least")));
        }
        let now = surroundings.now();
        let name = self.name.clone().or_else(|| surroundings.variable("ALIBABA_CLOUD_ROLE_SESSION_NAME"));
        let name = name.unwrap_or_else(|| {
            format!("docsdk-{}", now.duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_secs()))
        });
        let mut query = Query::default();
        for (name, value) in [
            ("Action", action.to_owned()),
            ("Format", "JSON".to_owned()),
            ("Version", "2015-04-01".to_owned()),
            ("DurationSeconds", seconds.to_string()),
            ("RoleArn", role),
            ("RoleSessionName", name),
            ("Timestamp", timestamp::extended(now)),
        ] {
            query.push(name, value);
        }
        if let Some(policy) = &self.policy {
            query.push("Policy", policy.clone());
        }
        Ok(query)
    }

    /// Where the service is: central without a region.
    fn host(&self, surroundings: &Surroundings) -> Result<String, Error> {
        let region = self.region.clone().or_else(|| surroundings.variable("ALIBABA_CLOUD_STS_REGION"));
        let Some(region) = region else { return Ok("sts.aliyuncs.com".to_owned()) };
        if region.is_empty() || !region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(failure(format!("`{region}` is no name of a region (letters, digits and hyphens)")));
        }
        let vpc = self.vpc.unwrap_or_else(|| surroundings.is_true("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"));
        Ok(format!("{}.{region}.aliyuncs.com", if vpc { "sts-vpc" } else { "sts" }))
    }

    /// Calls the service; the secrets stand in the query.
    pub(super) async fn call(
        &self,
        surroundings: &Surroundings,
        query: Query<'static>,
        secrets: &[&Secret],
    ) -> Result<Fetched, Error> {
        let url = format!("https://{}/?{}", self.host(surroundings)?, query.canonical());
        let mut ask = Ask::new(Method::GET, url, LIMIT).header("accept", "application/json");
        for secret in secrets {
            ask = ask.hide(secret);
        }
        let reply = ask.send(surroundings).await?.success()?;
        let mut answer = reply.document()?;
        let mut key = answer.take(&["Credentials"]).ok_or_else(|| reply.odd("it has no `Credentials`"))?;
        let credentials = key.access_key(true).map_err(|problem| reply.odd(problem))?;
        Ok(Fetched::new(credentials, Renewal::ALIYUN))
    }
}
