//! From a service's specs to its crate.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Run, Stored};
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{self, Plan};
use crate::manifest::RuntimeSource;
use crate::render;

/// Where a crate goes and what it stands on.
#[derive(Clone, Debug)]
pub struct CrateJob {
    /// The crate's folder.
    pub folder: PathBuf,
    /// Where it takes the runtime from; a path counts from the working folder.
    pub runtime: RuntimeSource,
    /// Templates that replace docsdk's own.
    pub templates: Option<PathBuf>,
}
