//! Credentials from environment variables, under the names of the vendors' own SDKs.

use super::{Credentials, CredentialsProvider};
use crate::error::{Cause, Error};
use crate::time::BoxFuture;

/// Credentials from environment variables, read anew each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Environment {
    id: &'static str,
    secret: &'static str,
    token: &'static str,
    project: Option<&'static str>,
    domain: Option<&'static str>,
}

impl Environment {
    /// Alibaba Cloud: `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for temporary keys,
    /// `ALIBABA_CLOUD_SECURITY_TOKEN`.
    pub fn aliyun() -> Self {
        Self {
            id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
            secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            token: "ALIBABA_CLOUD_SECURITY_TOKEN",
            project: None,
            domain: None,
        }
    }

    /// Huawei Cloud: `HUAWEICLOUD_SDK_AK`, `HUAWEICLOUD_SDK_SK`, for temporary keys `HUAWEICLOUD_SDK_SECURITY_TOKEN`, and
    /// `HUAWEICLOUD_SDK_PROJECT_ID` or `HUAWEICLOUD_SDK_DOMAIN_ID`.
    pub fn huawei() -> Self {
        Self {
            id: "HUAWEICLOUD_SDK_AK",
            secret: "HUAWEICLOUD_SDK_SK",
            token: "HUAWEICLOUD_SDK_SECURITY_TOKEN",
            project: Some("HUAWEICLOUD_SDK_PROJECT_ID"),
            domain: Some("HUAWEICLOUD_SDK_DOMAIN_ID"),
        }
    }

    /// Reads the variables through a function, for tests and other places that hold variables.
    ///
    /// # Errors
    ///
    /// Where the id or the secret is not set or empty.
    pub fn read(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Credentials, Error> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        let must = |name: &str| {
            variable(name).ok_or_else(|| {
                Error::new(
                    Cause::Credentials,
                    format!(
                        "no credentials: set `{}` and `{}`, or give the client credentials (`{name}` is not set)",
                        self.id, self.secret
                    ),
                )
            })
        };
        let mut credentials = Credentials::access_key(must(self.id)?, must(self.secret)?);
        if let Some(token) = variable(self.token) {
            credentials = credentials.with_security_token(token);
        }
        if let Some(project) = self.project.and_then(variable) {
            credentials = credentials.with_project_id(project);
        }
        if let Some(domain) = self.domain.and_then(variable) {
            credentials = credentials.with_domain_id(domain);
        }
        Ok(credentials)
    }
}

impl CredentialsProvider for Environment {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, Error>> {
        Box::pin(std::future::ready(self.read(|name| std::env::var(name).ok())))
    }
}

/// An [`Environment`] as a source of a chain.
#[cfg(feature = "credentials")]
#[derive(Clone, Debug)]
pub struct Variables {
    environment: Environment,
    surroundings: super::Surroundings,
}

#[cfg(feature = "credentials")]
impl Variables {
    /// Reads the variables of a machine.
    pub fn new(surroundings: &super::Surroundings, environment: Environment) -> Self {
        Self { environment, surroundings: surroundings.clone() }
    }
}

#[cfg(feature = "credentials")]
impl super::Source for Variables {
    fn name(&self) -> &'static str {
        "environment"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<super::Fetched, Error>> {
        let read = self.environment.read(|name| self.surroundings.variable(name));
        let fetched = read.map(|credentials| super::Fetched::new(credentials, super::Renewal::LOCAL));
        Box::pin(std::future::ready(fetched))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::Key;

    #[test]
    fn variables_become_credentials() {
        let set = |name: &str| Some(format!("value of {name}"));
        let huawei = Environment::huawei().read(set).expect("all is set");
        assert_eq!(huawei.project_id(), Some("value of HUAWEICLOUD_SDK_PROJECT_ID"));
        let Key::AccessKey { id, secret, security_token } = huawei.key() else { panic!("an access key") };
        assert_eq!(id, "value of HUAWEICLOUD_SDK_AK");
        assert_eq!(secret.expose(), "value of HUAWEICLOUD_SDK_SK");
        assert!(security_token.is_some());
        assert!(!format!("{huawei:?}").contains("HUAWEICLOUD_SDK_SK"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let error =
            Environment::aliyun().read(|name| name.ends_with("_ID").then(|| "x".to_owned())).expect_err("no secret");
        assert_eq!(error.cause(), Cause::Credentials);
        assert!(error.to_string().contains("`ALIBABA_CLOUD_ACCESS_KEY_SECRET` is not set"), "{error}");
    }
}
