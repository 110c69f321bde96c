//! Where a service's crate stands between two releases: its version, the last tag, the bump since, and the changelog.

mod changelog;
mod manifest;
mod standing;
mod tag;
#[cfg(test)]
mod tests;
mod version;

pub use changelog::{Entry, FILE as CHANGELOG, changes, with_entry};
pub use manifest::with_version;
pub use standing::{Release, Standing, allowances};
pub use tag::{DEFAULT_TAG, Tag, TagPattern};
pub use version::{FIRST, raised};
