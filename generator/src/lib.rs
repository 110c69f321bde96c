//! docsdk compiles a vendor's API documentation pages to a Rust SDK.
//!
//! ```text
//! pages ──page──▶ Document ──extract──▶ Operation ──spec──▶ YAML ──render──▶ Rust
//! ```

pub mod call;
pub mod diagnostic;
pub mod diff;
pub mod mock;
pub mod page;
pub mod provenance;
pub mod spec;
