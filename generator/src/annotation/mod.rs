//! Annotations that services show beside code: what `diff` and `lint` share of them.

mod fingerprint;
pub(crate) mod github;
mod level;
pub(crate) mod sarif;

pub(crate) use fingerprint::fingerprint;
pub(crate) use level::Level;
