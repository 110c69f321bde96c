//! Signatures of both vendors, as pure functions over a request's parts: a client signs with them and a server (such as
//! a mock) verifies with the same canonical form.
//!
//! The procedures are the vendors' documented ones: ACS3-HMAC-SHA256 of Alibaba Cloud (RPC and ROA alike),
//! SDK-HMAC-SHA256 of Huawei Cloud and its variant with a derived key, V11-HMAC-SHA256.

mod authorization;
mod canonical;
mod verify;

pub use self::authorization::Authorization;
pub(crate) use self::canonical::{EMPTY_HASH, hex_text};
pub use self::canonical::{Scheme, sha256_hex};
pub use self::verify::{VerifyError, verify};

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use sha2::Sha256;

use crate::secret::Secret;

/// The parts of a request that a signature covers.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// The path as it is sent, percent-encoded.
    pub path: &'a str,
    /// The query in canonical form: see [`Query::canonical`](crate::encode::Query::canonical).
    pub query: &'a str,
    /// The headers, `host` and the date header of the scheme among them.
    pub headers: &'a HeaderMap,
    /// The body; empty where there is none.
    pub body: &'a [u8],
}

/// Where a derived key is valid: Huawei Cloud's V11-HMAC-SHA256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derivation<'a> {
    /// The region.
    pub region: &'a str,
    /// The service's short name: `rds`.
    pub service: &'a str,
}

/// A signature and what it was made of.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// The three texts one behind the other: made for every call and seldom asked for.
    text: Vec<u8>,
    string_to_sign: usize,
    authorization: usize,
}

impl Signature {
    /// The request in canonical form.
    pub fn canonical_request(&self) -> &str {
        self.part(0, self.string_to_sign)
    }

    /// The text that was signed.
    pub fn string_to_sign(&self) -> &str {
        self.part(self.string_to_sign, self.authorization)
    }

    /// The value of the `authorization` header.
    pub fn authorization(&self) -> &str {
        self.part(self.authorization, self.text.len())
    }

    /// The value of the `authorization` header, as a header takes it.
    pub(crate) fn authorization_bytes(&self) -> &[u8] {
        self.text.get(self.authorization..).unwrap_or_default()
    }

    /// Made of text alone, which is looked at only where somebody asks.
    fn part(&self, from: usize, to: usize) -> &str {
        std::str::from_utf8(self.text.get(from..to).unwrap_or_default()).unwrap_or_default()
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("canonical_request", &self.canonical_request())
            .field("string_to_sign", &self.string_to_sign())
            .field("authorization", &self.authorization())
            .finish()
    }
}

/// Signs by ACS3-HMAC-SHA256: `host`, `content-type` where present, and every `x-acs-*` header.
///
/// The headers must hold `x-acs-content-sha256`; see [`sha256_hex`].
pub fn acs3(message: &Message<'_>, access_key_id: &str, secret: &Secret) -> Signature {
    sign(Scheme::Acs3, message, access_key_id, secret, None)
}

/// Signs by SDK-HMAC-SHA256: every header but those of the transport and those with `_` in their name.
///
/// The headers must hold `x-sdk-date`.
pub fn sdk_hmac(message: &Message<'_>, access_key: &str, secret: &Secret) -> Signature {
    sign(Scheme::SdkHmac, message, access_key, secret, None)
}

/// Signs by V11-HMAC-SHA256: as [`sdk_hmac`], with a key that is valid for one day, region and service.
pub fn derived(message: &Message<'_>, access_key: &str, secret: &Secret, derivation: Derivation<'_>) -> Signature {
    sign(Scheme::Derived, message, access_key, secret, Some(derivation))
}

fn sign(
    scheme: Scheme,
    message: &Message<'_>,
    id: &str,
    secret: &Secret,
    derivation: Option<Derivation<'_>>,
) -> Signature {
    let signed = canonical::signed(scheme, message.headers);
    let scope = derivation.map(|d| {
        let day = canonical::header(message.headers, "x-sdk-date").get(..8).unwrap_or_default().to_owned();
        format!("{day}/{}/{}", d.region, d.service)
    });
    let (mut text, names) = canonical::request(scheme, message, &signed);
    let string_to_sign = text.len();
    canonical::push_string_to_sign(&mut text, scheme, &signed, scope.as_deref());
    let authorization = text.len();
    let mac = mac(scheme, id, secret, scope.as_deref(), text.get(string_to_sign..).unwrap_or_default());
    authorization::push(&mut text, scheme, id, scope.as_deref(), names, &mac);
    Signature { text, string_to_sign, authorization }
}

/// The bytes of a signature.
fn mac(scheme: Scheme, id: &str, secret: &Secret, scope: Option<&str>, text: &[u8]) -> [u8; 32] {
    match (scheme, scope) {
        (Scheme::Derived, Some(scope)) => {
            // HKDF-SHA-256 (RFC 5869) with the access key as salt; 32 bytes are its first block. The vendor's SDK uses
            // the hex text of these bytes as the key.
            let key = hmac(&hmac(id.as_bytes(), &[secret.expose().as_bytes()]), &[scope.as_bytes(), &[1]]);
            hmac(hex_text(&key).as_bytes(), &[text])
        }
        _ => secret.mac().chain_update(text).finalize().into_bytes().into(),
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
