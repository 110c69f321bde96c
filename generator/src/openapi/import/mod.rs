//! OpenAPI documents → specs.

mod bodies;
mod draft;
mod operations;
mod parameters;
mod reader;
mod scalars;
mod schema;
mod security;
mod servers;
mod service;

pub(super) use operations::{Found, METHODS};
pub(super) use reader::Reader;
pub use service::{Imported, ImportedFile, Source, import};
