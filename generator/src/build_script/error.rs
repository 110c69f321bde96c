//! Why a build script made no module.

use std::fmt;

use super::lines;
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::Run;
use crate::report::Sources;

/// Why no module was made: what was found, each with its place.
///
/// `Display` gives a line a finding, as compilers do: `pages/a.md:12:3: …`.
#[derive(Clone, Debug)]
pub struct BuildError {
    kind: BuildErrorKind,
    run: Box<Run>,
}

/// What kept a build script from its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BuildErrorKind {
    /// Not run by cargo, and no folder named for the output.
    Environment,
    /// The manifest can't be read, or names what is not there.
    Manifest,
    /// Pages, their provider or their overlay.
    Pages,
    /// Specs.
    Specs,
    /// Templates, or what they render.
    Templates,
    /// The output can't be written.
    Output,
}

impl BuildError {
    pub(super) fn new(kind: BuildErrorKind, run: Run) -> Self {
        Self { kind, run: Box::new(run) }
    }

    /// What kept the build script from its work.
    #[must_use]
    pub fn kind(&self) -> BuildErrorKind {
        self.kind
    }

    /// What was found: errors, and the warnings and advice beside them.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        &self.run.findings
    }

    /// The texts that the findings point into, by the file names that they use.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.run.sources
    }

    pub(super) fn run(&self) -> &Run {
        &self.run
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.findings().iter().filter(|finding| finding.severity == Severity::Error);
        for (number, finding) in errors.enumerate() {
            let line = if number == 0 { "" } else { "\n" };
            write!(f, "{line}{}", lines::one(finding, self.sources()))?;
        }
        Ok(())
    }
}

impl std::error::Error for BuildError {}
