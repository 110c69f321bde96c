//! What the tests of this crate share.

use std::path::PathBuf;

/// A folder of the recorded wire facts: the workspace's `../shared`, or what `DOCSDK_SHARED` names. Nothing, and a line
/// that says so, where it is not there.
pub(crate) fn shared(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DOCSDK_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = root.join(part);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no `{}`; set DOCSDK_SHARED", path.display());
    None
}
