//! Where credentials come from: each source against recorded runs, chains, renewal, and that nothing is given away.
#![cfg(all(feature = "credentials", feature = "transport"))]

mod chain;
#[path = "../common/mod.rs"]
mod common;
mod recorded;
mod renewal;
mod secrecy;
mod sources;
