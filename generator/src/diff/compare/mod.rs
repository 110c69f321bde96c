//! Two sides to findings: each file compares one concept.

mod collision;
mod comparison;
mod condition;
mod errors;
mod facts;
mod history;
mod http;
#[cfg(test)]
mod keys_tests;
mod members;
mod operation;
mod operations;
mod order;
mod paging;
mod permissions;
mod responses;
mod rust_names;
mod service;
mod shape;
mod side;
#[cfg(test)]
mod tests;
mod text;
mod values;

pub use comparison::{Comparison, compare};
