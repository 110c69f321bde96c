//! Huawei Cloud's sources of credentials.

mod iam;
mod identity_provider;
mod lookup;
mod metadata;
mod oidc;
mod pod;
mod profile;
mod token;

pub use self::identity_provider::{EnvironmentIdentity, IdentityProvider};
pub use self::lookup::Lookup;
pub use self::metadata::Metadata;
pub use self::oidc::Oidc;
pub use self::pod::PodIdentity;
pub use self::profile::Profile;
pub use self::token::PasswordToken;

use super::{Chain, Surroundings};

/// What credentials are for, under the vendor's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Services of a region: calls name a project.
    Basic,
    /// Global services: calls name a domain.
    Global,
}

impl Scope {
    /// The section of the profile file.
    fn section(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Global => "global",
        }
    }

    /// The credentials with the project or domain given, whichever is meant.
    fn place(
        self,
        credentials: super::Credentials,
        project: Option<String>,
        domain: Option<String>,
    ) -> super::Credentials {
        match (self, project, domain) {
            (Self::Basic, Some(project), _) => credentials.with_project_id(project),
            (Self::Global, _, Some(domain)) => credentials.with_domain_id(domain),
            _ => credentials,
        }
    }

    /// The credentials with the project or domain that the environment names.
    fn place_by_environment(self, credentials: super::Credentials, surroundings: &Surroundings) -> super::Credentials {
        let variable = |name| surroundings.variable(name);
        self.place(credentials, variable("HUAWEICLOUD_SDK_PROJECT_ID"), variable("HUAWEICLOUD_SDK_DOMAIN_ID"))
    }
}

/// The vendor's default chain: OIDC at STS, environment, profile file, instance metadata, pod identity.
///
/// Where calls need a project or domain that no source names, put a [`Lookup`] around it.
pub fn default_chain(surroundings: &Surroundings, scope: Scope) -> Chain {
    Chain::new(surroundings, "Huawei Cloud")
        .then(Oidc::from_environment(surroundings, scope))
        .then(EnvironmentIdentity::new(surroundings, scope))
        .then(Profile::new(surroundings, scope))
        .then(Metadata::new(surroundings))
        .then(PodIdentity::from_environment(surroundings))
}
