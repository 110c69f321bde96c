//! Where credentials come from: each source against recorded runs, chains, renewal, and that nothing is given away.
#![cfg(all(feature = "credentials", feature = "transport"))]
#![expect(clippy::panic, reason = "so that failures name the run")]

mod chain;
mod renewal;
mod secrecy;
mod sources;
