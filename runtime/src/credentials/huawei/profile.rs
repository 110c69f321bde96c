//! The profile file of the vendor's SDKs.

use std::path::PathBuf;

use super::{IdentityProvider, Scope};
use crate::credentials::ask::failure;
use crate::credentials::ini::Ini;
use crate::credentials::{Credentials, Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::time::BoxFuture;

/// A section of the profile file, `[basic]` or `[global]`. Read each time anew.
///
/// The file is `HUAWEICLOUD_SDK_CREDENTIALS_FILE`, else `~/.huaweicloud/credentials`.
#[derive(Clone, Debug)]
#[must_use]
pub struct Profile {
    surroundings: Surroundings,
    scope: Scope,
    path: Option<PathBuf>,
}

impl Profile {
    /// The usual file.
    pub fn new(surroundings: &Surroundings, scope: Scope) -> Self {
        Self { surroundings: surroundings.clone(), scope, path: None }
    }

    /// Another file.
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let path = self.path.clone();
        let path = path.or_else(|| self.surroundings.variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE").map(PathBuf::from));
        let path = if let Some(path) = path {
            path
        } else {
            let home = self.surroundings.machine_ref().home();
            home.ok_or_else(|| failure("there is no home directory"))?.join(".huaweicloud").join("credentials")
        };
        let text = self.surroundings.read(&path)?;
        let ini = Ini::parse(text.expose(), false);
        let name = self.scope.section();
        let within = |problem: &str| failure(format!("file `{}`: section `[{name}]`: {problem}", path.display()));
        let section = ini.section(name).ok_or_else(|| within("it is missing"))?;
        let own = |name: &str| section.text(name).map(str::to_owned);
        let iam_endpoint = own("iam_endpoint");
        let identity = (own("idp_id"), own("id_token_file"), own("ak"), section.secret("sk"));
        let (credentials, renewal) = match identity {
            (Some(id), Some(file), ..) => {
                let mut provider = IdentityProvider::new(&self.surroundings, id, file);
                if let Some(endpoint) = &iam_endpoint {
                    provider = provider.endpoint(endpoint);
                }
                (provider.keys().await.map_err(|error| within(error.message()))?, Renewal::HUAWEI)
            }
            (_, _, Some(id), Some(secret)) => {
                let mut credentials = Credentials::access_key(id, secret.clone());
                if let Some(token) = section.secret("security_token") {
                    credentials = credentials.with_security_token(token.clone());
                }
                (credentials, Renewal::LOCAL)
            }
            _ => return Err(within("it has neither `ak` and `sk` nor `idp_id` and `id_token_file`")),
        };
        let credentials = self.scope.place(credentials, own("project_id"), own("domain_id"));
        Ok(Fetched { iam_endpoint, ..Fetched::new(credentials, renewal) })
    }
}

impl Source for Profile {
    fn name(&self) -> &'static str {
        "profile file"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
