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
#[cfg(feature = "diff")]
mod type_names;
mod types;
mod waiting;

pub use module::{Doubles, ModuleOptions, RenderedModule, module};
pub use name::{Scope, camel, constant, snake};
pub use package::{RenderOptions, RenderedFile, RuntimeSource, render};
pub use template::{TEMPLATES, Template};
#[cfg(feature = "diff")]
pub(crate) use type_names::type_names;
#[cfg(feature = "diff")]
pub(crate) use types::{accessor_names, setter_names, variant_names};
