//! What a finding is recognised by from run to run.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// A short hash of what makes a finding: neither lines nor words of the report, which may change.
pub(crate) fn fingerprint(parts: &[Option<&str>]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps neighbours apart, and a missing part from an empty one.
        hash.update(part.map_or(u64::MAX, |part| part.len() as u64).to_le_bytes());
        hash.update(part.unwrap_or_default());
    }
    hash.finalize().iter().take(6).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
