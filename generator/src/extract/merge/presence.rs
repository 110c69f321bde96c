//! Fields, values and codes that some pages of an operation have and others lack.

use super::contest::Joining;
use crate::diagnostic::{Diagnostic, Severity};
use crate::provenance::Certainty;

/// What it means that pages lack something.
enum Absence {
    /// The pages without it are older: it was added since.
    Added,
    /// A page without it is newer: it may be gone.
    Gone,
    /// Most pages have it: the others were saved or read badly.
    Overlooked,
    /// Nothing tells which page is right.
    Open,
}

impl Joining<'_, '_> {
    /// Weighs that of the pages which were `asked` only some `have` a place, whose presence the fact at `place` tells.
    pub(super) fn weigh_absence(&mut self, place: &str, what: &str, have: &[usize], asked: &[usize]) {
        let lacking: Vec<usize> = asked.iter().copied().filter(|witness| !have.contains(witness)).collect();
        let Some(&without) = lacking.first() else { return };
        let dates =
            |pages: &[usize]| pages.iter().map(|at| self.witnesses[*at].rank.date.0.as_str()).max().unwrap_or_default();
        let (with, newest) = (dates(have), dates(&lacking));
        let absence = match () {
            () if with.is_empty() || newest.is_empty() || with == newest => match have.len() > lacking.len() {
                true => Absence::Overlooked,
                false => Absence::Open,
            },
            () if with > newest => Absence::Added,
            () => Absence::Gone,
        };
        let lowered = match absence {
            Absence::Added | Absence::Overlooked => |certainty| certainty,
            Absence::Gone => |_| Certainty::Doubtful,
            Absence::Open => |certainty| match certainty {
                Certainty::Certain => Certainty::Likely,
                Certainty::Likely | Certainty::Doubtful => Certainty::Doubtful,
            },
        };
        let page = |witness: usize| self.witnesses[witness].page.pages.first().cloned().unwrap_or_default();
        let fact = self.facts.iter_mut().rev().find(|fact| fact.path == place);
        let (file, span) = match fact {
            Some(fact) => {
                fact.certainty = lowered(fact.certainty);
                (fact.page.clone(), Some(fact.span))
            }
            None => (have.first().map(|have| page(*have)).unwrap_or_default(), None),
        };
        let (id, severity, help) = match absence {
            Absence::Added => return,
            Absence::Gone => (
                "gone-from-newer-page",
                Severity::Warning,
                "see whether the vendor still serves it; if not, remove it in the service's overlay",
            ),
            Absence::Overlooked | Absence::Open => (
                "on-some-pages-only",
                Severity::Advice,
                "see whether the page without it is out of date, or lost it when it was saved",
            ),
        };
        let operation = &self.witnesses[without].page.operation.operation;
        let message = format!("{what} of `{operation}` is not on every page of it: `{}` lacks it", page(without));
        let finding = Diagnostic::new(id, severity, file, message).help(help);
        self.diagnostics.push(match span {
            Some(span) => finding.at(span, "it stands here"),
            None => finding,
        });
    }
}
