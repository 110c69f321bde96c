//! Where credentials come from: each source against recorded runs, chains, renewal, and that nothing is given away.
#![cfg(all(feature = "credentials", feature = "transport"))]

mod chain;
mod renewal;
mod secrecy;
mod sources;
