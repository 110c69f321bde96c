//! `docsdk update` against a server of the tests' own.

#![expect(clippy::unwrap_used, reason = "tests")]
#![allow(clippy::panic, reason = "tests")]

mod command;
mod fetching;
mod fixture;
mod judging;
mod releasing;
mod server;
