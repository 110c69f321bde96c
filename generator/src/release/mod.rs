//! Where a service's crate stands between two releases: its version, the last tag, the bump since, and the changelog.

#[cfg(feature = "diff")]
mod changelog;
#[cfg(feature = "diff")]
mod manifest;
mod pattern;
#[cfg(feature = "diff")]
mod standing;
#[cfg(feature = "diff")]
mod surface;
#[cfg(feature = "diff")]
mod tag;
#[cfg(test)]
mod tests;
#[cfg(feature = "diff")]
mod version;

pub use crate::project::CHANGELOG;
#[cfg(feature = "diff")]
pub use changelog::{Entry, changes, with_entry};
#[cfg(feature = "diff")]
pub use manifest::with_version;
pub use pattern::{DEFAULT_TAG, FIRST, TagPattern};
#[cfg(feature = "diff")]
pub use standing::{PUBLISHED, Release, Standing, allowances};
#[cfg(feature = "diff")]
pub use tag::Tag;
#[cfg(feature = "diff")]
pub use version::raised;
