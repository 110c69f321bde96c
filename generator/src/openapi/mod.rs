//! OpenAPI documents: specs written as one, and read from one.

mod documents;
mod export;
mod extension;
mod import;
mod loss;
mod node;
#[cfg(test)]
mod tests;
mod told;

/// The provider of services whose pages are OpenAPI documents.
pub const PROVIDER: &str = "openapi";

pub use export::{Exported, export};
pub use import::{Imported, ImportedFile, Source, import};
#[cfg(feature = "lint")]
pub(crate) use loss::classes;
pub use told::is_document;
