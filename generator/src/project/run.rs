//! What a run gathers on its way: findings, and the texts they point into.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::report::Sources;

/// Findings and the texts they point into.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The findings, in the order they came up.
    pub findings: Vec<Diagnostic>,
    /// The texts, by the file names that findings use.
    pub sources: Sources,
}

impl Run {
    /// One finding that points into no text.
    pub fn only(finding: Diagnostic) -> Self {
        Self { findings: vec![finding], ..Self::default() }
    }

    /// One finding and the text it points into.
    pub fn about(finding: Diagnostic, source: String) -> Self {
        let sources = [(finding.file.clone(), source)].into();
        Self { findings: vec![finding], sources }
    }

    /// Takes in another run's findings and texts.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.sources.extend(other.sources);
    }

    /// How many findings there are of each severity.
    pub fn counts(&self) -> BTreeMap<Severity, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(finding.severity).or_default() += 1;
        }
        counts
    }

    /// Whether anything can't be used.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// The files that findings point into: a run over thousands of pages holds the texts of few of them.
    pub(super) fn needed_sources(&self) -> BTreeSet<String> {
        self.findings.iter().filter(|finding| finding.span.is_some()).map(|finding| finding.file.clone()).collect()
    }
}
