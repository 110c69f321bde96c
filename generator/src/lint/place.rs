//! From the places that `sources.lock` and findings know to files as people name them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::finding::Place;
use crate::diagnostic::Diagnostic;
use crate::page::{Line, LineIndex, Span};
use crate::report::Sources;
use crate::spec::lock::LockedFact;

/// The files of a service's facts, by the page numbers of its lock.
pub(super) struct Files(pub(super) Vec<String>);

impl Files {
    /// Where a fact stands.
    pub(super) fn fact(&self, fact: &LockedFact, label: String) -> Place {
        self.at(fact.page, (fact.start, fact.end), label)
    }

    /// A place on the page of that number.
    pub(super) fn at(&self, page: usize, lines: (Line, Line), label: String) -> Place {
        // A fact of no place in particular stands at the first character of its page.
        let lines = (lines.0 != lines.1).then_some(lines);
        Place { file: self.0.get(page).cloned().unwrap_or_default(), lines, label }
    }
}

/// The lines of the texts that findings of extraction point into, each found once.
pub(super) struct Lines<'a> {
    sources: &'a Sources,
    known: RefCell<BTreeMap<&'a str, LineIndex<'a>>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self { sources, known: RefCell::default() }
    }

    /// Where a finding of extraction points.
    pub(super) fn of(&self, finding: &Diagnostic) -> Place {
        let label = finding.label.clone().unwrap_or_default();
        let lines = finding.span.and_then(|span| self.lines(&finding.file, span));
        Place { file: finding.file.clone(), lines, label }
    }

    /// The other places that it points to.
    pub(super) fn related(&self, finding: &Diagnostic) -> Vec<Place> {
        let related = finding.related.iter();
        related
            .map(|place| Place {
                file: place.file.clone(),
                lines: self.lines(&place.file, place.span),
                label: place.label.clone(),
            })
            .collect()
    }

    fn lines(&self, file: &str, span: Span) -> Option<(Line, Line)> {
        let (file, source) = self.sources.get_key_value(file)?;
        let mut known = self.known.borrow_mut();
        Some(known.entry(file).or_insert_with(|| LineIndex::new(source)).lines(span))
    }
}
