//! Where nonces, client tokens and jitter come from.

#[cfg(feature = "random")]
use std::cell::RefCell;
use std::fmt;
#[cfg(feature = "random")]
use std::time::SystemTime;

/// A source of bytes that nobody can foretell.
pub trait Random: Send + Sync + fmt::Debug {
    /// Sixteen fresh bytes.
    fn bytes(&self) -> [u8; 16];

    /// A signature nonce: 32 hex digits, never the same twice.
    fn nonce(&self) -> String {
        crate::sign::hex_text(&self.bytes())
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

/// The operating system's random numbers, asked for several at a time.
#[cfg(feature = "random")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

#[cfg(feature = "random")]
impl Random for SystemRandom {
    fn bytes(&self) -> [u8; 16] {
        thread_local! {
            static POOL: RefCell<Vec<[u8; 16]>> = const { RefCell::new(Vec::new()) };
        }
        let mut bytes = POOL.with_borrow_mut(|pool| {
            if pool.is_empty() {
                pool.resize(BATCH, [0; 16]);
                fill(pool.as_flattened_mut());
            }
            pool.pop().unwrap_or_default()
        });
        // A process that was forked has the same pool, but never at the same moment.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_nanos());
        for (byte, moment) in bytes.iter_mut().zip(now.to_le_bytes()) {
            *byte ^= moment;
        }
        bytes
    }
}

/// How many values are asked for at a time: to ask costs as much as to sign.
#[cfg(feature = "random")]
const BATCH: usize = 32;

#[cfg(feature = "random")]
fn fill(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        // The operating system refused. Nonces need to differ, not to be secret: the standard library's hash keys, which
        // are its own random numbers, do for that.
        use std::hash::{BuildHasher, Hasher};
        for part in bytes.chunks_mut(8) {
            let hash = std::hash::RandomState::new().build_hasher().finish().to_le_bytes();
            part.iter_mut().zip(hash).for_each(|(byte, random)| *byte = random);
        }
    }
}
