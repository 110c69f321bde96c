//! The profile file of the vendor's SDKs.

use std::path::PathBuf;
use std::sync::Arc;

use super::sts::Session;
use super::{AssumeRole, Metadata, Oidc};
use crate::credentials::ask::failure;
use crate::credentials::ini::{Ini, Section};
use crate::credentials::{Credentials, Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

/// A section of the profile file: `ALIBABA_CLOUD_PROFILE`, else `default`. Read each time anew.
///
/// The file is `ALIBABA_CLOUD_CREDENTIALS_FILE`, else `~/.alibabacloud/credentials.ini` (as the vendor's Python package
/// has it), else `~/.alibabacloud/credentials` (as the others have it).
#[derive(Clone, Debug)]
#[must_use]
pub struct Profile {
    surroundings: Surroundings,
    path: Option<PathBuf>,
    section: Option<String>,
}

impl Profile {
    /// The usual file and section.
    pub fn new(surroundings: &Surroundings) -> Self {
        Self { surroundings: surroundings.clone(), path: None, section: None }
    }

    /// Another file.
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Another section.
    pub fn section(mut self, name: impl Into<String>) -> Self {
        self.section = Some(name.into());
        self
    }

    fn read(&self) -> Result<(PathBuf, Secret), Error> {
        let given = self.path.clone();
        let given = given.or_else(|| self.surroundings.variable("ALIBABA_CLOUD_CREDENTIALS_FILE").map(PathBuf::from));
        if let Some(path) = given {
            let text = self.surroundings.read(&path)?;
            return Ok((path, text));
        }
        let home = self.surroundings.machine_ref().home().ok_or_else(|| failure("there is no home directory"))?;
        let [ini, plain] = ["credentials.ini", "credentials"].map(|name| home.join(".alibabacloud").join(name));
        match (self.surroundings.read(&ini), self.surroundings.read(&plain)) {
            (Ok(text), _) => Ok((ini, text)),
            (Err(_), Ok(text)) => Ok((plain, text)),
            (Err(first), Err(second)) => Err(failure(format!("{first}; {second}"))),
        }
    }

    fn resolve(&self) -> Result<Arc<dyn Source>, Error> {
        let (path, text) = self.read()?;
        let name = self.section.clone().or_else(|| self.surroundings.variable("ALIBABA_CLOUD_PROFILE"));
        let name = name.unwrap_or_else(|| "default".to_owned());
        let ini = Ini::parse(text.expose(), true);
        let within = |problem: &str| failure(format!("file `{}`: section `[{name}]`: {problem}", path.display()));
        let section = ini.section(&name).ok_or_else(|| within("it is missing"))?;
        source(&self.surroundings, section).map_err(|error| within(error.message()))
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let mut fetched = self.resolve()?.fetch().await?;
        if fetched.renewal == Renewal::NEVER {
            fetched.renewal = Renewal::LOCAL;
        }
        Ok(fetched)
    }
}

fn source(surroundings: &Surroundings, section: &Section) -> Result<Arc<dyn Source>, Error> {
    let must = |name: &str| section.text(name).ok_or_else(|| failure(format!("`{name}` is missing")));
    let access_key = || -> Result<Credentials, Error> {
        let secret = section.secret("access_key_secret").ok_or_else(|| failure("`access_key_secret` is missing"))?;
        Ok(Credentials::access_key(must("access_key_id")?, secret.clone()))
    };
    let session = || -> Result<Session, Error> {
        let optional = |name: &str| section.text(name).map(str::to_owned);
        let (name, policy) = (optional("role_session_name"), optional("policy"));
        Ok(Session { role_arn: Some(must("role_arn")?.to_owned()), name, policy, ..Session::default() })
    };
    Ok(match must("type")? {
        "access_key" => Arc::new(access_key()?),
        "ram_role_arn" => Arc::new(AssumeRole::of(surroundings, Arc::new(access_key()?), session()?, None)),
        "oidc_role_arn" => {
            let file = section.text("oidc_token_file_path").map(PathBuf::from);
            let provider = section.text("oidc_provider_arn").map(str::to_owned);
            Arc::new(Oidc::of(surroundings, session()?, provider, file))
        }
        "ecs_ram_role" => Arc::new(Metadata::new(surroundings).role(section.text("role_name").unwrap_or_default())),
        "rsa_key_pair" => return Err(failure("type `rsa_key_pair` is not supported; use an access key or a role")),
        other => return Err(failure(format!("type `{other}` is not known"))),
    })
}

impl Source for Profile {
    fn name(&self) -> &'static str {
        "profile file"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
