//! Specs → an OpenAPI 3.1 document.

mod amend;
mod document;
mod operation;
mod schema;

pub use document::{Exported, export};
