//! Alibaba Cloud's sources of credentials.

mod assume_role;
mod cli;
mod command;
mod metadata;
mod oidc;
mod profile;
mod rpc;
mod sign_in;
mod sts;
mod uri;

pub use self::assume_role::AssumeRole;
pub use self::cli::CliFile;
pub use self::command::Command;
pub use self::metadata::Metadata;
pub use self::oidc::Oidc;
pub use self::profile::Profile;
pub use self::sign_in::{CloudSso, OAuth};
pub use self::uri::CredentialsUri;

use super::{Chain, Environment, Surroundings, Variables};

/// The vendor's default chain: environment, OIDC, CLI file, profile file, instance metadata, credentials URI.
pub fn default_chain(surroundings: &Surroundings) -> Chain {
    Chain::new(surroundings, "Alibaba Cloud")
        .then(Variables::new(surroundings, Environment::aliyun()))
        .then(Oidc::from_environment(surroundings))
        .then(CliFile::new(surroundings))
        .then(Profile::new(surroundings))
        .then(Metadata::new(surroundings))
        .then(CredentialsUri::from_environment(surroundings))
}
