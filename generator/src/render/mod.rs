//! Spec → Rust: one crate a service.

mod context;
mod docs;
mod feature;
mod fields;
mod format;
mod module;
mod name;
mod package;
mod paging;
mod sample;
mod template;
mod types;
mod waiting;

pub use module::{Doubles, ModuleOptions, RenderedModule, module};
pub use name::{Scope, camel, constant, snake};
pub use package::{RenderOptions, RenderedFile, RuntimeSource, render};
pub use template::{TEMPLATES, Template};
