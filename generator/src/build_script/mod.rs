//! SDKs made by a crate's own build script: specs or pages in, a module in `OUT_DIR`.

mod build;
mod error;
mod lines;
mod source;
#[cfg(test)]
mod tests;

pub use build::{Build, Generated, Module};
pub use error::{BuildError, BuildErrorKind};
