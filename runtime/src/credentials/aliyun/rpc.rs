//! The signature of RPC calls, version 1.0, in which the vendor's credentials packages still call STS.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::encode::{Query, percent};
use crate::secret::Secret;

/// The signature over a query: base64 of HMAC-SHA-1, keyed with the secret and `&`, over method, path and sorted query,
/// each encoded once more. Spaces count as `%20`; the vendor's Python package signs `+`, which the service refuses.
pub(super) fn signature(method: &str, query: Query<'_>, secret: &Secret) -> String {
    let text = Secret::from(format!("{method}&%2F&{}", percent::encode(&query.canonical())));
    let key = Secret::from(format!("{}&", secret.expose()));
    let mut mac = Hmac::<Sha1>::new_from_slice(key.expose().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(text.expose().as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
