//! The canonical form of a request, and the text that is signed.

use std::borrow::Cow;
use std::ops::Range;

use http::header::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use super::Message;
use crate::encode::beginning;
use crate::encode::percent::{self, push_plain};

/// A way of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// ACS3-HMAC-SHA256, Alibaba Cloud.
    Acs3,
    /// SDK-HMAC-SHA256, Huawei Cloud.
    SdkHmac,
    /// V11-HMAC-SHA256, Huawei Cloud with a derived key.
    Derived,
}

impl Scheme {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acs3 => "ACS3-HMAC-SHA256",
            Self::SdkHmac => "SDK-HMAC-SHA256",
            Self::Derived => "V11-HMAC-SHA256",
        }
    }

    /// The scheme of a name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Acs3, Self::SdkHmac, Self::Derived].into_iter().find(|scheme| scheme.name() == name)
    }

    /// The header that dates a request.
    pub fn date_header(self) -> &'static str {
        match self {
            Self::Acs3 => "x-acs-date",
            Self::SdkHmac | Self::Derived => "x-sdk-date",
        }
    }

    /// The header that says what stands for the body's hash.
    fn hash_header(self) -> &'static str {
        match self {
            Self::Acs3 => "x-acs-content-sha256",
            Self::SdkHmac | Self::Derived => "x-sdk-content-sha256",
        }
    }
}

/// The lower-case hex SHA-256 of some bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return EMPTY_HASH.to_owned();
    }
    hex_text::<32>(&Sha256::digest(bytes).into())
}

/// Most calls have no body.
pub(crate) const EMPTY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The lower-case hex text of a hash or nonce.
pub(crate) fn hex_text<const LENGTH: usize>(bytes: &[u8; LENGTH]) -> String {
    let mut out = Vec::with_capacity(LENGTH * 2);
    push_hex(&mut out, bytes);
    percent::text(out)
}

/// Appends the lower-case hex text of a hash.
pub(super) fn push_hex<const LENGTH: usize>(out: &mut Vec<u8>, bytes: &[u8; LENGTH]) {
    // Without a table, so that the compiler does many at once.
    let digit = |half: u8| half + b'0' + u8::from(half > 9) * (b'a' - b'9' - 1);
    let pairs = bytes.map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    out.extend_from_slice(pairs.as_flattened());
}

/// A header's value as text, its ends trimmed; several values of one name sorted and joined by commas. Bytes that are no
/// UTF-8 are replaced.
pub(super) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Cow<'h, str> {
    let mut all = headers.get_all(name).iter();
    if let (Some(only), None) = (all.next(), all.next()) {
        return trimmed(only);
    }
    let mut values: Vec<_> = headers.get_all(name).iter().map(|v| String::from_utf8_lossy(v.as_bytes())).collect();
    values.sort_unstable();
    let values: Vec<_> = values.iter().map(|v| v.trim()).collect();
    Cow::Owned(values.join(","))
}

/// Appends a value as [`header`] has it, most quickly where it is ASCII, as it mostly is.
fn push_value(out: &mut Vec<u8>, value: &HeaderValue) {
    match value.as_bytes() {
        ascii if ascii.is_ascii() => push_plain(out, ascii.trim_ascii()),
        _ => out.extend_from_slice(trimmed(value).as_bytes()),
    }
}

fn trimmed(value: &HeaderValue) -> Cow<'_, str> {
    match String::from_utf8_lossy(value.as_bytes()) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// Headers sorted by name; several values of one name stand together.
pub(super) type Signed<'h> = Vec<SignedHeader<'h>>;

/// A header that is signed.
pub(super) struct SignedHeader<'h> {
    /// The name's first bytes, which mostly tell it from others, as one number.
    beginning: u64,
    pub(super) name: &'h str,
    value: &'h HeaderValue,
}

impl SignedHeader<'_> {
    fn is(&self, other: &Self) -> bool {
        self.beginning == other.beginning && self.name == other.name
    }
}

/// The headers that a client signs. Those that a proxy may rewrite are left out, though the vendors' Python SDKs sign
/// them too.
pub(super) fn signed(scheme: Scheme, headers: &HeaderMap) -> Signed<'_> {
    chosen(headers, |name| match scheme {
        Scheme::Acs3 => matches!(name, "host" | "content-type") || name.starts_with("x-acs-"),
        Scheme::SdkHmac | Scheme::Derived => {
            !matches!(
                name,
                "accept" | "accept-encoding" | "authorization" | "connection" | "content-length" | "user-agent"
            ) && name.bytes().fold(0, |found, byte| found | u8::from(byte == b'_')) == 0
        }
    })
}

/// The headers that a choice takes.
pub(super) fn chosen(headers: &HeaderMap, choice: impl Fn(&str) -> bool) -> Signed<'_> {
    let mut chosen: Signed<'_> = Vec::with_capacity(headers.len());
    let all = headers.iter().map(|(name, value)| (name.as_str(), value));
    chosen.extend(all.filter(|(name, _)| choice(name)).map(|(name, value)| SignedHeader {
        beginning: beginning(name),
        name,
        value,
    }));
    // Few, and mostly in order already.
    chosen.sort_by(|a, b| a.beginning.cmp(&b.beginning).then_with(|| a.name.cmp(b.name)));
    chosen
}

/// Method, path, query, headers, names of the signed headers and hash of the body, a line each, with room behind for what
/// else a signature is made of; and where in it the names stand, joined by `;`.
pub(super) fn request(scheme: Scheme, message: &Message<'_>, signed: &Signed<'_>) -> (Vec<u8>, Range<usize>) {
    let headers: usize = signed.iter().map(|header| 3 * header.name.len() + header.value.len() + 4).sum();
    let mut out = Vec::with_capacity(480 + message.path.len() + message.query.len() + headers);
    out.extend_from_slice(message.method.as_bytes());
    out.push(b'\n');
    match scheme {
        Scheme::Acs3 => out.extend_from_slice(message.path.as_bytes()),
        Scheme::SdkHmac | Scheme::Derived => push_path(&mut out, message.path),
    }
    out.push(b'\n');
    out.extend_from_slice(message.query.as_bytes());
    out.push(b'\n');
    for group in signed.chunk_by(SignedHeader::is) {
        let Some(SignedHeader { name, value: first, .. }) = group.first() else { continue };
        push_plain(&mut out, name.as_bytes());
        out.push(b':');
        match group {
            [_] => push_value(&mut out, first),
            _ => out.extend_from_slice(header(message.headers, name).as_bytes()),
        }
        out.push(b'\n');
    }
    out.push(b'\n');
    let names = out.len();
    for group in signed.chunk_by(SignedHeader::is) {
        if out.len() > names {
            out.push(b';');
        }
        push_plain(&mut out, group.first().map_or("", |header| header.name).as_bytes());
    }
    let names = names..out.len();
    out.push(b'\n');
    push_hash(&mut out, scheme, message, signed);
    (out, names)
}

/// Huawei Cloud signs the path decoded as a whole, then encoded part by part, with a `/` at its end; so `%2F` in a value
/// is sent as it stands and signed as `/`.
fn push_path(out: &mut Vec<u8>, path: &str) {
    if percent::is_path(path.as_bytes()) {
        out.extend_from_slice(path.as_bytes());
        if !path.ends_with('/') {
            out.push(b'/');
        }
        return;
    }
    let decoded = percent::decode(path);
    for (at, part) in decoded.split(|byte| *byte == b'/').enumerate() {
        if at > 0 {
            out.push(b'/');
        }
        percent::push(out, part);
    }
    if decoded.last() != Some(&b'/') {
        out.push(b'/');
    }
}

/// The value of a signed header, found without being looked up in the map, which would hash its name.
fn value<'h>(signed: &Signed<'h>, name: &str) -> Option<&'h HeaderValue> {
    signed.iter().find(|header| header.name == name).map(|header| header.value)
}

fn push_hash(out: &mut Vec<u8>, scheme: Scheme, message: &Message<'_>, signed: &Signed<'_>) {
    if scheme != Scheme::Acs3 && message.body.is_empty() {
        out.extend_from_slice(EMPTY_HASH.as_bytes());
        return;
    }
    let named = value(signed, scheme.hash_header()).and_then(|value| value.to_str().ok());
    match (scheme, named) {
        // The same hash that the header holds: made once, and compared with the body by who verifies.
        (Scheme::Acs3, Some(hash)) => out.extend_from_slice(hash.as_bytes()),
        (Scheme::SdkHmac | Scheme::Derived, Some("UNSIGNED-PAYLOAD")) => {
            out.extend_from_slice(b"UNSIGNED-PAYLOAD");
        }
        _ if message.body.is_empty() => out.extend_from_slice(EMPTY_HASH.as_bytes()),
        _ => push_hex::<32>(out, &Sha256::digest(message.body).into()),
    }
}

/// Appends to a canonical request what is signed of it: the scheme's name, for Huawei Cloud the date and the scope of a
/// derived key, and the canonical request's hash.
pub(super) fn push_string_to_sign(out: &mut Vec<u8>, scheme: Scheme, signed: &Signed<'_>, scope: Option<&str>) {
    let hash: [u8; 32] = Sha256::digest(&*out).into();
    out.extend_from_slice(scheme.name().as_bytes());
    out.push(b'\n');
    if scheme != Scheme::Acs3 {
        if let Some(date) = value(signed, scheme.date_header()) {
            push_value(out, date);
        }
        out.push(b'\n');
    }
    if let Some(scope) = scope {
        out.extend_from_slice(scope.as_bytes());
        out.push(b'\n');
    }
    push_hex(out, &hash);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_hash_is_that_of_nothing() {
        assert_eq!(hex_text::<32>(&Sha256::digest([]).into()), EMPTY_HASH);
        assert_eq!(sha256_hex(b"a").len(), 64);
    }
}
