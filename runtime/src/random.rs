//! Where nonces, client tokens and jitter come from.

#[cfg(feature = "random")]
use std::cell::RefCell;
use std::fmt;
use std::time::SystemTime;

/// A source of bytes that nobody can foretell.
pub trait Random: Send + Sync + fmt::Debug {
    /// Sixteen fresh bytes.
    fn bytes(&self) -> [u8; 16];

    /// The nonce of a signature made `now`: 32 hex digits, never the same twice.
    fn nonce(&self, now: SystemTime) -> String {
        let _ = now;
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
        let mut bytes = [0; 16];
        let (first, last) = bytes.split_at_mut(8);
        first.copy_from_slice(&word());
        last.copy_from_slice(&word());
        // A process that was forked has the same pool, but never at the same moment.
        bytes.iter_mut().zip(moment(SystemTime::now())).for_each(|(byte, moment)| *byte ^= moment);
        bytes
    }

    /// The moment and a random number of 64 bits: a nonce must be new, not secret.
    fn nonce(&self, now: SystemTime) -> String {
        let mut bytes = [0; 16];
        let (first, last) = bytes.split_at_mut(8);
        first.copy_from_slice(&moment(now));
        last.copy_from_slice(&word());
        crate::sign::hex_text(&bytes)
    }
}

/// The nanoseconds since 1970, the fastest changing byte first; they begin anew in the year 2554.
#[cfg(feature = "random")]
fn moment(now: SystemTime) -> [u8; 8] {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    since.as_secs().wrapping_mul(1_000_000_000).wrapping_add(since.subsec_nanos().into()).to_le_bytes()
}

/// A random number of the thread's pool.
#[cfg(feature = "random")]
fn word() -> [u8; 8] {
    thread_local! {
        static POOL: RefCell<Vec<[u8; 8]>> = const { RefCell::new(Vec::new()) };
    }
    POOL.with_borrow_mut(|pool| {
        pool.pop().unwrap_or_else(|| {
            pool.resize(BATCH, [0; 8]);
            fill(pool.as_flattened_mut());
            pool.pop().unwrap_or_default()
        })
    })
}

/// How many numbers are asked for at a time: to ask costs as much as to sign.
#[cfg(feature = "random")]
const BATCH: usize = 128;

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
