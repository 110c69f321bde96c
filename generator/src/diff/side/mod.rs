//! One side of a comparison: the specs of a folder, of a file, or of a git revision.

mod archive;
mod error;
mod files;
mod git;
mod layout;
mod normal;
mod outline;
mod parse;
mod renames;
mod repository;

pub use error::SideError;
pub use files::Files;
pub(crate) use files::Pick;
pub(crate) use git::{against, history, last_change};
pub(crate) use layout::{ServiceFiles, services};
pub(crate) use outline::Outline;
pub(crate) use parse::{Endpoints, Head, ParsedOperation, head, operation};
pub(crate) use renames::renames;
pub(crate) use repository::Repository;
