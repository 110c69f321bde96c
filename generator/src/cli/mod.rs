//! The command line: one file a command, each of them thin over the library.

mod args;
mod build;
mod call;
mod check;
mod completions;
mod diff;
mod explain;
mod export;
mod extract;
mod generate;
mod import;
mod lint;
mod man;
mod mock;
mod output;
mod overlay;
mod release;
mod report;
mod templates;
#[cfg(feature = "fetch")]
mod update;
mod watch;

pub use args::{command, run, run_under_cargo};
