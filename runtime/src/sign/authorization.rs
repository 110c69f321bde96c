//! The `authorization` header of both vendors.

use super::Scheme;
use super::canonical;

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

/// Alibaba Cloud joins by `,`, Huawei Cloud by `, `.
pub(super) fn write(scheme: Scheme, id: &str, scope: Option<&str>, names: &str, mac: &[u8; 32]) -> String {
    let (key, join) = match scheme {
        Scheme::Acs3 => ("Credential", ","),
        Scheme::SdkHmac => ("Access", ", "),
        Scheme::Derived => ("Credential", ", "),
    };
    let room = 128 + id.len() + scope.map_or(0, str::len) + names.len();
    let mut out = String::with_capacity(room);
    out.push_str(scheme.name());
    for part in [" ", key, "=", id] {
        out.push_str(part);
    }
    if let Some(scope) = scope {
        out.push('/');
        out.push_str(scope);
    }
    out.push_str(join);
    out.push_str("SignedHeaders=");
    for part in [names, join, "Signature="] {
        out.push_str(part);
    }
    canonical::push_hex(&mut out, mac);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back() {
        for (scheme, scope) in
            [(Scheme::Acs3, None), (Scheme::SdkHmac, None), (Scheme::Derived, Some("20240520/cn-north-4/rds"))]
        {
            let text = write(scheme, "AK", scope, "host;x-sdk-date", &[0xab; 32]);
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
