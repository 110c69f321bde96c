//! Where nonces, client tokens and jitter come from.

use std::fmt;

/// A source of bytes that nobody can foretell.
pub trait Random: Send + Sync + fmt::Debug {
    /// Sixteen fresh bytes.
    fn bytes(&self) -> [u8; 16];

    /// A signature nonce: 32 hex digits, never the same twice.
    fn nonce(&self) -> String {
        hex::encode(self.bytes())
    }

    /// A client token in the form of a version-4 UUID.
    fn token(&self) -> String {
        let mut bytes = self.bytes();
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let digits = hex::encode(bytes);
        [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
    }

    /// A fraction from 0 up to, but not including, 1.
    fn fraction(&self) -> f64 {
        let bytes = self.bytes();
        let word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        f64::from(word) / (f64::from(u32::MAX) + 1.0)
    }
}

/// The operating system's random numbers.
#[cfg(feature = "random")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

#[cfg(feature = "random")]
impl Random for SystemRandom {
    fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // The operating system refused. Nonces need to differ, not to be secret: the standard library's hash keys,
            // which are its own random numbers, do for that.
            use std::hash::{BuildHasher, Hasher};
            for half in bytes.chunks_mut(8) {
                half.copy_from_slice(&std::hash::RandomState::new().build_hasher().finish().to_le_bytes());
            }
        }
        bytes
    }
}
