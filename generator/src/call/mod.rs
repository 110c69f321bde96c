//! Calling an operation straight from its spec, without generated code.

mod bind;
mod check;

pub use bind::{BindError, Given, bind, request};
pub use check::{Arguments, Fault, check};
