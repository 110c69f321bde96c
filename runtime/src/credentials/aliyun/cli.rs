//! The CLI's file, `~/.aliyun/config.json`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::sts::Session;
use super::{AssumeRole, CloudSso, Command, Metadata, OAuth, Oidc};
use crate::credentials::ask::failure;
use crate::credentials::document::{Document, since_epoch};
use crate::credentials::{Caching, Credentials, Fetched, Renewal, Source, Surroundings};
use crate::error::Error;
use crate::secret::Secret;
use crate::time::BoxFuture;

/// A profile of the CLI's file: `ALIBABA_CLOUD_PROFILE`, else the current one. Read each time anew, never written.
///
/// `ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true` switches it off. All modes are read; of those that need a browser
/// (`CloudSSO`, `OAuth`) what the CLI stored is used while it lasts.
#[derive(Clone, Debug)]
#[must_use]
pub struct CliFile {
    surroundings: Surroundings,
    path: Option<PathBuf>,
    profile: Option<String>,
}

impl CliFile {
    /// The usual file and profile.
    pub fn new(surroundings: &Surroundings) -> Self {
        Self { surroundings: surroundings.clone(), path: None, profile: None }
    }

    /// Another file.
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Another profile.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Some(name.into());
        self
    }

    /// The region that the profile names.
    pub fn region(&self) -> Option<String> {
        let (_, name, profiles) = self.profiles().ok()?;
        let profile = profiles.iter().find(|profile| profile.text("name") == Some(&name))?;
        profile.text("region_id").filter(|region| !region.is_empty()).map(str::to_owned)
    }

    /// The file, the name of the profile that counts, and all profiles.
    fn profiles(&self) -> Result<(PathBuf, String, Vec<Document>), Error> {
        if self.surroundings.is_true("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") {
            return Err(failure("switched off by `ALIBABA_CLOUD_CLI_PROFILE_DISABLED`"));
        }
        let path = if let Some(path) = &self.path {
            path.clone()
        } else {
            let home = self.surroundings.machine_ref().home();
            home.ok_or_else(|| failure("there is no home directory"))?.join(".aliyun").join("config.json")
        };
        let text = self.surroundings.read(&path)?;
        let mut file = Document::parse(text.expose().as_bytes()).ok_or_else(|| within(&path, "it is no JSON"))?;
        let name = self.profile.clone().or_else(|| self.surroundings.variable("ALIBABA_CLOUD_PROFILE"));
        let name = name.or_else(|| file.text("current").map(str::to_owned));
        let name = name.ok_or_else(|| within(&path, "it names no current profile"))?;
        let profiles = file.take(&["profiles"]).map(Document::elements).unwrap_or_default();
        Ok((path, name, profiles))
    }

    fn resolve(&self) -> Result<Arc<dyn Source>, Error> {
        let (path, name, mut profiles) = self.profiles()?;
        profile(&self.surroundings, &mut profiles, &name).map_err(|error| within(&path, error.message()))
    }

    async fn keys(&self) -> Result<Fetched, Error> {
        let mut fetched = self.resolve()?.fetch().await?;
        if fetched.renewal == Renewal::NEVER {
            fetched.renewal = Renewal::LOCAL;
        }
        Ok(fetched)
    }
}

fn within(path: &Path, problem: &str) -> Error {
    failure(format!("file `{}`: {problem}", path.display()))
}

/// A profile's source. Profiles are taken out as they are used, so that none can be its own base.
fn profile(surroundings: &Surroundings, profiles: &mut Vec<Document>, name: &str) -> Result<Arc<dyn Source>, Error> {
    let at = profiles.iter().position(|profile| profile.text("name") == Some(name));
    let Some(mut found) = at.map(|at| profiles.swap_remove(at)) else {
        return Err(failure(format!("it has no profile `{name}`, or profiles are each other's sources")));
    };
    let mode = found.text("mode").unwrap_or("AK").to_owned();
    let within = |error: Error| failure(format!("profile `{name}` of mode `{mode}`: {}", error.message()));
    source(surroundings, profiles, &mut found, &mode).map_err(within)
}

fn source(
    surroundings: &Surroundings,
    profiles: &mut Vec<Document>,
    profile: &mut Document,
    mode: &str,
) -> Result<Arc<dyn Source>, Error> {
    Ok(match mode {
        "AK" => Arc::new(access_key(profile)?),
        "StsToken" => Arc::new(access_key(profile)?.with_security_token(secret(profile, "sts_token")?)),
        "RamRoleArn" => {
            let base = Arc::new(access_key(profile)?);
            Arc::new(AssumeRole::of(surroundings, base, session(profile)?, optional(profile, "external_id")))
        }
        "ChainableRamRoleArn" => {
            let base = self::profile(surroundings, profiles, text(profile, "source_profile")?)?;
            let base = Arc::new(Caching::new(surroundings, base));
            Arc::new(AssumeRole::of(surroundings, base, session(profile)?, optional(profile, "external_id")))
        }
        "EcsRamRole" => {
            Arc::new(Metadata::new(surroundings).role(optional(profile, "ram_role_name").unwrap_or_default()))
        }
        "OIDC" => {
            let mut session = session(profile)?;
            session.name = optional(profile, "role_session_name").or(session.name);
            let provider = Some(text(profile, "oidc_provider_arn")?.to_owned());
            Arc::new(Oidc::of(surroundings, session, provider, Some(text(profile, "oidc_token_file")?.into())))
        }
        "CloudSSO" => {
            let end = end(profile, "cloud_sso_access_token_expire");
            let token = secret(profile, "access_token")?;
            let url = text(profile, "cloud_sso_sign_in_url")?;
            let account = text(profile, "cloud_sso_account_id")?;
            let access = text(profile, "cloud_sso_access_config")?;
            Arc::new(CloudSso::new(surroundings, url, account, access, token, end))
        }
        "OAuth" => return oauth(surroundings, profile),
        "External" => Arc::new(Command::new(surroundings, secret(profile, "process_command")?)),
        _ => return Err(failure("this mode is not known")),
    })
}

/// The keys that the CLI stored while they last, then those that its token is exchanged for. The token is not renewed,
/// as that would end the one in the file.
fn oauth(surroundings: &Surroundings, profile: &mut Document) -> Result<Arc<dyn Source>, Error> {
    let kept = end(profile, "sts_expiration");
    if kept > surroundings.now()
        && let Ok(credentials) = access_key(profile)
    {
        let token = secret(profile, "sts_token")?;
        return Ok(Arc::new(Stored(credentials.with_security_token(token).with_expiry(kept))));
    }
    let end = end(profile, "oauth_access_token_expire");
    let token = secret(profile, "oauth_access_token")?;
    let site = profile.text("oauth_site_type").unwrap_or("CN");
    Ok(Arc::new(OAuth::new(surroundings, site, token, end)?))
}

/// Keys with an end that somebody else renews.
#[derive(Debug)]
struct Stored(Credentials);

impl Source for Stored {
    fn name(&self) -> &'static str {
        "stored keys"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(std::future::ready(Ok(Fetched::new(self.0.clone(), Renewal::ahead(Duration::ZERO)))))
    }
}

fn access_key(profile: &mut Document) -> Result<Credentials, Error> {
    let id = text(profile, "access_key_id")?.to_owned();
    Ok(Credentials::access_key(id, secret(profile, "access_key_secret")?))
}

fn session(profile: &Document) -> Result<Session, Error> {
    let seconds = profile.number("expired_seconds").and_then(|seconds| u64::try_from(seconds).ok());
    Ok(Session {
        role_arn: Some(text(profile, "ram_role_arn")?.to_owned()),
        name: optional(profile, "ram_session_name"),
        // The CLI writes 0 where nothing was said.
        seconds: seconds.filter(|&seconds| seconds > 0),
        policy: optional(profile, "policy"),
        region: optional(profile, "sts_region"),
        vpc: profile.flag("enable_vpc"),
    })
}

fn end(profile: &Document, name: &str) -> SystemTime {
    profile.number(name).and_then(since_epoch).unwrap_or(SystemTime::UNIX_EPOCH)
}

fn text<'a>(profile: &'a Document, name: &str) -> Result<&'a str, Error> {
    profile.text(name).ok_or_else(|| failure(format!("`{name}` is missing")))
}

fn secret(profile: &mut Document, name: &str) -> Result<Secret, Error> {
    profile.secret(&[name]).ok_or_else(|| failure(format!("`{name}` is missing")))
}

fn optional(profile: &Document, name: &str) -> Option<String> {
    profile.text(name).map(str::to_owned)
}

impl Source for CliFile {
    fn name(&self) -> &'static str {
        "CLI file"
    }

    fn fetch(&self) -> BoxFuture<'_, Result<Fetched, Error>> {
        Box::pin(self.keys())
    }
}
