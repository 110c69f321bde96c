//! docsdk compiles a vendor's API documentation pages to a Rust SDK.
//!
//! ```text
//! pages ──page──▶ Document ──extract──▶ Operation ──spec──▶ YAML ──render──▶ Rust
//! ```

#[cfg(feature = "cli")]
extern crate self as docsdk;

#[cfg(any(feature = "diff", feature = "lint"))]
mod annotation;
mod build_script;
pub mod cache;
#[cfg(feature = "call")]
pub mod call;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod diagnostic;
#[cfg(feature = "diff")]
pub mod diff;
#[cfg(feature = "evidence")]
pub mod evidence;
pub mod extract;
pub mod files;
#[cfg(feature = "lint")]
pub mod lint;
pub mod manifest;
mod merge_mark;
#[cfg(feature = "mock")]
pub mod mock;
pub mod openapi;
pub mod page;
pub mod project;
pub mod provenance;
pub mod release;
pub mod render;
pub mod report;
pub mod schema;
pub mod spec;
mod suggest;
#[cfg(feature = "fetch")]
pub mod update;

pub use build_script::{Build, BuildError, BuildErrorKind, Generated, Module};
pub use render::Doubles;
