//! Reports, one format a file.

mod json;

pub use json::json;
