//! Fields, values and codes that some pages of an operation have and others lack.

use super::contest::{At, Joining};
use crate::diagnostic::{Diagnostic, Severity};
use crate::provenance::{Certainty, Loser, Settlement};
use crate::spec::Field;

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

/// The pages that were asked and lack what others have.
fn without(have: &[usize], asked: &[usize]) -> Vec<usize> {
    asked.iter().copied().filter(|witness| !have.contains(witness)).collect()
}

impl Joining<'_, '_> {
    fn absence(&self, have: &[usize], lacking: &[usize]) -> Absence {
        let date =
            |pages: &[usize]| pages.iter().map(|at| self.witnesses[*at].rank.date.0.as_str()).max().unwrap_or_default();
        let (with, newest) = (date(have), date(lacking));
        let unknown = with.is_empty() || newest.is_empty() || with == newest;
        match () {
            () if unknown && have.len() > lacking.len() => Absence::Overlooked,
            () if unknown => Absence::Open,
            () if with > newest => Absence::Added,
            () => Absence::Gone,
        }
    }

    /// Whether the pages that lack a field outvote those that have it: more of them are of the same date, or no fewer
    /// where those that have it tell no more than its name.
    pub(super) fn is_outvoted(&self, have: &[usize], asked: &[usize], bare: bool) -> bool {
        let date = |at: &usize| self.witnesses[*at].rank.date.0.as_str();
        let newest = have.iter().map(date).max();
        let lacking = without(have, asked);
        let alike = lacking.iter().filter(|at| Some(date(at)) == newest).count();
        alike > have.len() || (bare && lacking.len() >= have.len())
    }

    /// Leaves out a field that pages outvoted; `path` is what holds it.
    pub(super) fn leave_out(&mut self, path: &str, name: &str, of: &[At<'_, Field>]) {
        let mut stated = of.iter().filter_map(|at| self.witnesses[at.witness].nearest(&at.path));
        let Some(fact) = stated.next() else { return };
        let (page, span, rule) = (fact.page.clone(), fact.span, fact.rule);
        let message = format!("`{name}` in `{path}` was left out: more pages lack it, or none says what it is");
        let finding = Diagnostic::new("left-out", Severity::Advice, page.clone(), message);
        let help = "add it in the service's overlay if the vendor serves it";
        self.diagnostics.push(finding.about(format!("{path}.{name}")).at(span, "it stands here").help(help));
        let holder = path.trim_end_matches(['[', ']', '{', '}']);
        if let Some(fact) = self.facts.iter_mut().rev().find(|fact| fact.path.strip_suffix(".type") == Some(holder)) {
            fact.losers.push(Loser { page, span, rule, settled: Settlement::Majority, value: name.to_owned() });
        }
    }

    /// Weighs that of the pages which were `asked` only some `have` a place, whose presence the fact at `place` tells.
    pub(super) fn weigh_absence(&mut self, place: &str, what: &str, have: &[usize], asked: &[usize]) {
        let lacking = without(have, asked);
        let Some(&one) = lacking.first() else { return };
        let absence = self.absence(have, &lacking);
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
        let operation = &self.witnesses[one].page.operation.operation;
        let message = format!("{what} of `{operation}` is not on every page of it: `{}` lacks it", page(one));
        let finding = Diagnostic::new(id, severity, file, message).about(place).help(help);
        self.diagnostics.push(match span {
            Some(span) => finding.at(span, "it stands here"),
            None => finding,
        });
    }
}
