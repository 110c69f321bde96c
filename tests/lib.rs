//! End-to-end tests over the generated crates; see the `[[test]]` targets.
