//! docsdk compiles a vendor's API documentation pages to a Rust SDK.
//!
//! ```text
//! pages ──page──▶ Document ──extract──▶ Operation ──spec──▶ YAML ──render──▶ Rust
//! ```

mod annotation;
pub mod call;
pub mod diagnostic;
pub mod diff;
pub mod extract;
pub mod files;
pub mod lint;
pub mod manifest;
pub mod mock;
pub mod openapi;
pub mod page;
pub mod project;
pub mod provenance;
pub mod render;
pub mod report;
pub mod schema;
pub mod spec;
mod suggest;
