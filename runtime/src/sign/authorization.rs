//! The `authorization` header of both vendors.

use std::ops::Range;

use super::{Scheme, canonical};

/// What an `authorization` header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The way of signing.
    pub scheme: Scheme,
    /// Whose key.
    pub key_id: String,
    /// Day, region and service of a derived key, joined by `/`.
    pub scope: Option<String>,
    /// The signed headers, in the order given.
    pub signed_headers: Vec<String>,
    /// The signature, in hex.
    pub signature: String,
}

impl Authorization {
    /// Reads the header; nothing where it is of another kind or lacks a part.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.trim().split_once(' ')?;
        let scheme = Scheme::from_name(name)?;
        let part = |key: &str| {
            rest.split(',').find_map(|part| part.trim().strip_prefix(key)?.strip_prefix('=')).map(str::to_owned)
        };
        let (key_id, scope) = match scheme {
            Scheme::Acs3 => (part("Credential")?, None),
            Scheme::SdkHmac => (part("Access")?, None),
            Scheme::Derived => {
                let credential = part("Credential")?;
                let (id, scope) = credential.split_once('/')?;
                (id.to_owned(), Some(scope.to_owned()))
            }
        };
        let signed_headers = part("SignedHeaders")?.split(';').map(str::to_owned).collect();
        Some(Self { scheme, key_id, scope, signed_headers, signature: part("Signature")? })
    }
}

/// Appends the header to text that holds the names of the signed headers somewhere. Alibaba Cloud joins by `,`, Huawei
/// Cloud by `, `.
pub(super) fn push(
    out: &mut Vec<u8>,
    scheme: Scheme,
    id: &str,
    scope: Option<&str>,
    names: Range<usize>,
    mac: &[u8; 32],
) {
    let (key, join) = match scheme {
        Scheme::Acs3 => ("Credential", ","),
        Scheme::SdkHmac => ("Access", ", "),
        Scheme::Derived => ("Credential", ", "),
    };
    for part in [scheme.name(), " ", key, "=", id] {
        out.extend_from_slice(part.as_bytes());
    }
    if let Some(scope) = scope {
        out.push(b'/');
        out.extend_from_slice(scope.as_bytes());
    }
    out.extend_from_slice(join.as_bytes());
    out.extend_from_slice(b"SignedHeaders=");
    out.extend_from_within(names);
    out.extend_from_slice(join.as_bytes());
    out.extend_from_slice(b"Signature=");
    canonical::push_hex(out, mac);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        for (scheme, scope) in
            [(Scheme::Acs3, None), (Scheme::SdkHmac, None), (Scheme::Derived, Some("20240520/cn-north-4/rds"))]
        {
            let mut text = b"host;x-sdk-date".to_vec();
            push(&mut text, scheme, "AK", scope, 0..15, &[0xab; 32]);
            let text = String::from_utf8(text.split_off(15)).expect("text of text");
            let read = Authorization::parse(&text).expect("own text is read");
            assert_eq!(read.scheme, scheme);
            assert_eq!((read.key_id.as_str(), read.scope.as_deref()), ("AK", scope));
            assert_eq!(read.signed_headers, ["host", "x-sdk-date"]);
            assert_eq!(read.signature, "ab".repeat(32));
        }
    }

    #[test]
    fn other_headers_are_nothing() {
        for text in ["", "Bearer x", "ACS3-HMAC-SHA256", "ACS3-HMAC-SHA256 Credential=a", "acs a:b"] {
            assert_eq!(Authorization::parse(text), None, "{text}");
        }
    }
}
