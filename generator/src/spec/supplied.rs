//! Parameters that a caller need not give.

use super::{Field, Location, Protocol};

impl Protocol {
    /// Whether the runtime fills a parameter in, from the credentials or while signing, so that a page's «required»
    /// asks nothing of the caller. The names are the vendors': Huawei Cloud's pages list the token header and the
    /// project's id with every operation, Alibaba Cloud's ROA pages some headers of the signature.
    #[must_use]
    pub fn supplies(self, parameter: &Field) -> bool {
        let name = parameter.name.as_str();
        let is = |names: &[&str]| names.iter().any(|supplied| supplied.eq_ignore_ascii_case(name));
        match (parameter.location, self) {
            (Some(Location::Path), Self::HuaweiRest) => matches!(name, "project_id" | "domain_id"),
            (Some(Location::Header), _) if is(&["Host", "Date", "Authorization", "Content-Type", "Content-Length"]) => {
                true
            }
            (Some(Location::Header), Self::HuaweiRest) => {
                is(&["X-Auth-Token", "X-Sdk-Date", "X-Project-Id", "X-Domain-Id"])
            }
            (Some(Location::Header), Self::AliyunRoa | Self::AliyunRpc) => {
                name.to_ascii_lowercase().starts_with("x-acs-")
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_and_signature_are_the_runtimes() {
        let field = |name: &str, location| Field { name: name.into(), location: Some(location), ..Field::default() };
        let token = field("X-Auth-Token", Location::Header);
        assert!(Protocol::HuaweiRest.supplies(&token));
        assert!(!Protocol::RestJson.supplies(&token));
        assert!(Protocol::HuaweiRest.supplies(&field("project_id", Location::Path)));
        assert!(!Protocol::HuaweiRest.supplies(&field("project_id", Location::Query)));
        assert!(!Protocol::HuaweiRest.supplies(&field("instance_id", Location::Path)));
        assert!(!Protocol::HuaweiRest.supplies(&field("X-Language", Location::Header)));
    }
}
