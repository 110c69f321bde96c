//! Where the vendor's identity services are.

use std::time::Duration;

use crate::credentials::Surroundings;

/// How long a request may take.
pub(super) const LIMIT: Duration = Duration::from_secs(15);
/// The media type of requests, as the vendor's SDKs write it.
pub(super) const JSON: &str = "application/json;charset=UTF-8";

/// The regions that have an IAM of their own.
const REGIONS: &[&str] = &[
    "ae-ad-1",
    "af-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "cn-east-2",
    "cn-east-3",
    "cn-east-4",
    "cn-east-5",
    "cn-north-1",
    "cn-north-12",
    "cn-north-2",
    "cn-north-4",
    "cn-north-9",
    "cn-south-1",
    "cn-south-2",
    "cn-southwest-2",
    "eu-west-0",
    "la-north-2",
    "la-south-2",
    "me-east-1",
    "my-kualalumpur-1",
    "na-mexico-1",
    "ru-moscow-1",
    "sa-brazil-1",
    "tr-west-1",
];

/// Where IAM is: given, else `HUAWEICLOUD_SDK_IAM_ENDPOINT`, else the region's, else the central one.
pub(super) fn endpoint(surroundings: &Surroundings, given: Option<&str>, region: Option<&str>) -> String {
    let endpoint = given.map(str::to_owned).or_else(|| surroundings.variable("HUAWEICLOUD_SDK_IAM_ENDPOINT"));
    let endpoint = endpoint.unwrap_or_else(|| match region {
        Some("eu-west-101") => "https://iam.eu-west-101.myhuaweicloud.eu".to_owned(),
        Some(region) if REGIONS.contains(&region) => format!("https://iam.{region}.myhuaweicloud.com"),
        _ => "https://iam.myhuaweicloud.com".to_owned(),
    });
    whole(&endpoint)
}

/// Where STS is: given, else `HUAWEICLOUD_SDK_STS_ENDPOINT`, else that of cn-north-4.
pub(super) fn sts_endpoint(surroundings: &Surroundings, given: Option<&str>) -> String {
    let endpoint = given.map(str::to_owned).or_else(|| surroundings.variable("HUAWEICLOUD_SDK_STS_ENDPOINT"));
    whole(&endpoint.unwrap_or_else(|| "https://sts.cn-north-4.myhuaweicloud.com".to_owned()))
}

/// An address with a scheme and no slash at its end.
fn whole(endpoint: &str) -> String {
    let endpoint = endpoint.trim().trim_end_matches('/');
    if endpoint.contains("://") { endpoint.to_owned() } else { format!("https://{endpoint}") }
}
