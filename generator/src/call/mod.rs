//! Calling an operation straight from its spec, without generated code.

mod bind;
mod check;
mod show;
mod vector;

pub use bind::{BindError, Given, bind, request};
pub use check::{Arguments, Fault, check};
pub use show::show;
pub use vector::Vector;
