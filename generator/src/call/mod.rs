//! Calling an operation straight from its spec, without generated code.

mod bind;
mod check;
mod show;

pub use bind::{BindError, Given, bind, request};
pub use check::{Arguments, Fault, check};
pub use show::show;
