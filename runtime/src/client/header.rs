//! The vendors' headers: names, and values that are always the same. Constants, since making one of either looks at each
//! of its bytes.

use http::{HeaderName, HeaderValue};

use crate::sign;

pub(super) const ACS_ACTION: HeaderName = HeaderName::from_static("x-acs-action");
pub(super) const ACS_VERSION: HeaderName = HeaderName::from_static("x-acs-version");
pub(super) const ACS_DATE: HeaderName = HeaderName::from_static("x-acs-date");
pub(super) const ACS_SIGNATURE_NONCE: HeaderName = HeaderName::from_static("x-acs-signature-nonce");
pub(super) const ACS_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-acs-content-sha256");
pub(super) const ACS_RETRY_ATTEMPTS: HeaderName = HeaderName::from_static("x-acs-retry-attempts");
pub(super) const ACS_RETRY_DELAY: HeaderName = HeaderName::from_static("x-acs-retry-delay");
pub(super) const ACS_ACCESSKEY_ID: HeaderName = HeaderName::from_static("x-acs-accesskey-id");
pub(super) const ACS_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-acs-security-token");
pub(super) const ACS_BEARER_TOKEN: HeaderName = HeaderName::from_static("x-acs-bearer-token");
pub(super) const ACS_SIGNATURE_TYPE: HeaderName = HeaderName::from_static("x-acs-signature-type");
pub(super) const SDK_DATE: HeaderName = HeaderName::from_static("x-sdk-date");
pub(super) const PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
pub(super) const DOMAIN_ID: HeaderName = HeaderName::from_static("x-domain-id");
pub(super) const SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-security-token");
pub(super) const AUTH_TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
pub(super) const SDK_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-sdk-content-sha256");

pub(super) const AGENT: HeaderValue = HeaderValue::from_static(concat!("docsdk/", env!("CARGO_PKG_VERSION")));
pub(super) const BEARER_TOKEN: HeaderValue = HeaderValue::from_static("BEARERTOKEN");
pub(super) const EMPTY_HASH: HeaderValue = HeaderValue::from_static(sign::EMPTY_HASH);
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");
pub(super) const UNSIGNED_PAYLOAD: HeaderValue = HeaderValue::from_static("UNSIGNED-PAYLOAD");
pub(super) const ZERO: HeaderValue = HeaderValue::from_static("0");
