//! What a server does with a signed request.

use std::fmt;

use subtle::ConstantTimeEq;

use super::canonical::{self, Scheme, sha256_hex};
use super::{Authorization, Message, mac};
use crate::encode::percent;
use crate::secret::Secret;

/// Why a signature does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// A header that must be signed is not.
    NotSigned(String),
    /// A signed header did not arrive.
    Missing(String),
    /// The body is not the one whose hash was signed.
    Body,
    /// The signature is another one than the server's.
    Mismatch {
        /// The request in canonical form, as the server has it.
        canonical_request: String,
        /// The text that the server signed.
        string_to_sign: String,
    },
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSigned(name) => write!(f, "header `{name}` is not signed"),
            Self::Missing(name) => write!(f, "signed header `{name}` did not arrive"),
            Self::Body => f.write_str("the body is not the one whose hash was signed"),
            Self::Mismatch { string_to_sign, .. } => {
                write!(f, "the signature does not match; the server signed `{}`", string_to_sign.replace('\n', "\\n"))
            }
        }
    }
}

impl std::error::Error for VerifyError {}

/// Checks a request's signature, comparing in constant time. The message's query may be that of
/// [`Query::parse`](crate::encode::Query::parse) made canonical again.
///
/// # Errors
///
/// Where `host` or the date is not signed, or for Alibaba Cloud another header that must be; where a signed header did
/// not arrive; where the body or the signature is another one.
pub fn verify(message: &Message<'_>, authorization: &Authorization, secret: &Secret) -> Result<(), VerifyError> {
    let scheme = authorization.scheme;
    let given: Vec<String> = authorization.signed_headers.iter().map(|name| name.to_ascii_lowercase()).collect();
    let given = |name: &str| given.iter().any(|given| given == name);
    let must = match scheme {
        Scheme::Acs3 => canonical::signed(scheme, message.headers),
        Scheme::SdkHmac | Scheme::Derived => Vec::new(),
    };
    let must = must.iter().map(|header| header.name).chain(["host", scheme.date_header()]);
    if let Some(name) = must.into_iter().find(|name| !given(name)) {
        return Err(VerifyError::NotSigned(name.to_owned()));
    }
    let lost = |name: &&String| !message.headers.contains_key(name.as_str());
    if let Some(name) = authorization.signed_headers.iter().find(lost) {
        return Err(VerifyError::Missing(name.clone()));
    }
    let signed = canonical::chosen(message.headers, given);
    if scheme == Scheme::Acs3 && canonical::header(message.headers, "x-acs-content-sha256") != sha256_hex(message.body)
    {
        return Err(VerifyError::Body);
    }
    let (mut canonical_request, _) = canonical::request(scheme, message, &signed);
    let length = canonical_request.len();
    let scope = authorization.scope.as_deref();
    canonical::push_string_to_sign(&mut canonical_request, scheme, &signed, scope);
    let string_to_sign = canonical_request.split_off(length);
    let expected = canonical::hex_text(&mac(scheme, &authorization.key_id, secret, scope, &string_to_sign));
    if bool::from(expected.as_bytes().ct_eq(authorization.signature.as_bytes())) {
        Ok(())
    } else {
        let (canonical_request, string_to_sign) = (percent::text(canonical_request), percent::text(string_to_sign));
        Err(VerifyError::Mismatch { canonical_request, string_to_sign })
    }
}
