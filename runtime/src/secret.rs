//! Text that must not be seen.

use std::fmt;
use std::sync::OnceLock;

use hmac::{Hmac, KeyInit};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A secret: shown as `***` and wiped from memory when dropped.
#[derive(Clone, Default)]
pub struct Secret {
    text: Zeroizing<String>,
    /// The secret as the beginning of an HMAC, from the first signature on: half of that HMAC's work.
    mac: OnceLock<Box<Hmac<Sha256>>>,
}

impl Secret {
    /// Keeps a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Zeroizing::new(text.into()), mac: OnceLock::new() }
    }

    /// The secret itself: for signing, never for showing.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// An HMAC with the secret as its key, nothing in it yet.
    pub(crate) fn mac(&self) -> Hmac<Sha256> {
        let key = || Hmac::new_from_slice(self.text.as_bytes()).expect("HMAC takes keys of any length");
        Hmac::clone(self.mac.get_or_init(|| Box::new(key())))
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
