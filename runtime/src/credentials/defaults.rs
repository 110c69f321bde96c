//! What a client takes from its surroundings where its settings say nothing.

use super::huawei::{self, Lookup, Scope};
use super::{Caching, Surroundings, aliyun};
use crate::call::Protocol;

/// Who calls by default: the vendor's chain, kept, and renewed ahead of its end.
///
/// At Huawei Cloud calls concern a region's project, which is looked up where no source names it; those of a `global`
/// service concern a domain. Nobody where the protocol has no vendor.
pub fn provider(
    surroundings: &Surroundings,
    protocol: Protocol,
    region: Option<&str>,
    global: bool,
) -> Option<Caching> {
    match (protocol, region) {
        (Protocol::AliyunRpc | Protocol::AliyunRoa, _) => Some(aliyun::default_chain(surroundings).cached()),
        (Protocol::HuaweiRest, _) if global => {
            let chain = huawei::default_chain(surroundings, Scope::Global);
            Some(Lookup::domain(surroundings, chain).cached())
        }
        (Protocol::HuaweiRest, Some(region)) => {
            let chain = huawei::default_chain(surroundings, Scope::Basic);
            Some(Lookup::project(surroundings, chain, region).cached())
        }
        (Protocol::HuaweiRest, None) => Some(huawei::default_chain(surroundings, Scope::Basic).cached()),
        (Protocol::RestJson, _) => None,
    }
}

/// The region that the surroundings name: a variable, else the profile of the vendor's CLI.
pub fn region(surroundings: &Surroundings, protocol: Protocol) -> Option<String> {
    let variable = |names: &[&str]| names.iter().find_map(|name| surroundings.variable(name));
    match protocol {
        Protocol::AliyunRpc | Protocol::AliyunRoa => variable(&["ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION"])
            .or_else(|| aliyun::CliFile::new(surroundings).region()),
        Protocol::HuaweiRest => variable(&["HUAWEICLOUD_SDK_REGION"]),
        Protocol::RestJson => None,
    }
}
