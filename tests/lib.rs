//! What the end-to-end tests have in common; see the `[[test]]` targets.

pub mod scorer;
