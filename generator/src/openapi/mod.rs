//! OpenAPI documents: specs written as one, and read from one.

mod documents;
mod export;
mod extension;
mod import;
mod loss;
mod node;
#[cfg(test)]
mod tests;

pub use export::{Exported, export};
pub use import::{Imported, ImportedFile, Source, import};
