//! Which findings are to be settled, and the entries that settle them.

use std::collections::BTreeSet;

use super::class::Class;
use super::finding::Finding;
use super::look::look_over;
use super::proposal::{Proposal, Wanting, propose};
use crate::project::{Run, SpecJob, extract};
use crate::spec::overlay::Entry;
use crate::spec::path::below;

/// Which findings are to be settled: those of all that is given.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of an operation.
    pub operation: Option<String>,
    /// At a place of its spec or below; or of a parameter or field of that name.
    pub path: Option<String>,
    /// Of some classes; of all where none is named.
    pub classes: Vec<&'static Class>,
    /// With that fingerprint, as `docsdk lint --format json` gives it.
    pub fingerprint: Option<String>,
}

impl Wanted {
    fn means(&self, finding: &Finding) -> bool {
        let named = |path: &str| finding.path.split(['.', '[', '{', ']', '}']).any(|part| part == path);
        self.operation.as_ref().is_none_or(|name| *name == finding.operation)
            && self.path.as_ref().is_none_or(|path| below(&finding.path, path).is_some() || named(path))
            && (self.classes.is_empty() || self.classes.contains(&finding.class))
            && self.fingerprint.as_ref().is_none_or(|print| *print == finding.fingerprint())
    }
}

/// Entries that settle findings.
#[derive(Clone, Debug, Default)]
pub struct Proposed {
    /// The entries, in the order of the findings.
    pub entries: Vec<Entry>,
    /// The findings that no entry was found for, and what is wanting.
    pub wanting: Vec<(Finding, Wanting)>,
    /// What kept files from being read.
    pub run: Run,
}

/// Looks at a service's pages and proposes entries that settle what is wanted; writes nothing.
///
/// `on_page` is called as each page was read.
pub fn proposals(job: &SpecJob, on_page: &(dyn Fn() + Sync), wanted: &Wanted, said: &Proposal<'_>) -> Proposed {
    let mut specs = extract(job, on_page);
    let looked = look_over(job, &mut specs);
    let mut proposed = Proposed::default();
    // Findings may be about one place: one entry settles them.
    let mut places: BTreeSet<String> = BTreeSet::new();
    for finding in looked.findings.iter().filter(|finding| wanted.means(finding)) {
        match propose(&looked, &specs, finding, said) {
            Ok(entries) => proposed.entries.extend(entries.into_iter().filter(|entry| {
                let place = entry.verb().map(|(_, paths)| paths.concat()).unwrap_or_default();
                let item = entry.value.as_ref().map(ToString::to_string).unwrap_or_default();
                places.insert(place + &item)
            })),
            Err(wanting) => proposed.wanting.push((finding.clone(), wanting)),
        }
    }
    proposed.run = looked.run;
    proposed
}
