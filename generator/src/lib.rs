//! docsdk compiles a vendor's API documentation pages to a Rust SDK.
//!
//! ```text
//! pages ──page──▶ Document ──extract──▶ Operation ──spec──▶ YAML ──render──▶ Rust
//! ```

pub mod call;
pub mod diagnostic;
pub mod files;
pub mod lines;
pub mod manifest;
pub mod mock;
pub mod extract;
pub mod page;
pub mod provenance;
pub mod report;
pub mod spec;
mod suggest;
