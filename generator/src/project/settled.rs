//! Findings about what pages leave open, which an overlay has settled.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{SpecJob, Specs};
use crate::spec::lock::{Lock, SERVICE};
use crate::spec::overlay::{Change, Settled};
use crate::spec::path::{self, below};

/// Drops the findings that an overlay has settled, and counts them.
///
/// A finding is about the operation that has facts from its page; of several, the first that has its place.
pub(super) fn settle(job: &SpecJob, specs: &mut Specs) {
    if specs.settled.is_empty() {
        return;
    }
    let changes = by_operation(&specs.settled);
    let on_pages = on_pages(job, &specs.lock);
    let mut trees: BTreeMap<&str, Value> = BTreeMap::new();
    let before = specs.run.findings.len();
    specs.run.findings.retain(|finding| {
        let (Some(about), Some(names)) = (finding.about.as_deref(), on_pages.get(finding.file.as_str())) else {
            return true;
        };
        let owner = about.rsplit_once('.').map_or(about, |(owner, _)| owner);
        for name in names {
            let Some((name, operation)) = specs.operations.get_key_value(*name) else { continue };
            if changes.get(name.as_str()).is_some_and(|changes| settles(changes, about)) {
                return false;
            }
            let tree = trees.entry(name).or_insert_with(|| path::tree(operation));
            if path::resolve(tree, owner).rest.is_empty() {
                return true;
            }
        }
        true
    });
    specs.findings_settled = before - specs.run.findings.len();
}

/// What an overlay did to each operation, by the name that it now has.
fn by_operation(settled: &[Settled]) -> BTreeMap<&str, Vec<&Change>> {
    let mut all: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for Settled { operation, change, .. } in settled {
        let before = match change {
            Change::OperationRenamed(from) => all.remove(from.as_str()).unwrap_or_default(),
            _ => Vec::new(),
        };
        let changes = all.entry(operation).or_default();
        changes.extend(before);
        changes.push(change);
    }
    all
}

/// The operations that have facts from each page, by the path that findings know it by.
fn on_pages<'a>(job: &'a SpecJob, lock: &'a Lock) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let shown: BTreeMap<&str, &str> = job.pages.iter().map(|page| (page.name.as_str(), page.shown.as_str())).collect();
    let pages: Vec<Option<&str>> = lock.pages.iter().map(|page| shown.get(page.name.as_str()).copied()).collect();
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, facts) in lock.operations.iter().filter(|(name, _)| *name != SERVICE) {
        for page in facts.iter().filter_map(|fact| *pages.get(fact.page)?) {
            all.entry(page).or_default().insert(name);
        }
    }
    all
}

/// Whether an overlay settled what pages left open at a place of what they give: it says something there or below, took it
/// out, or renamed it.
fn settles(changes: &[&Change], about: &str) -> bool {
    let mut place = about.to_owned();
    for change in changes {
        match change {
            Change::Set(path) if below(path, &place).is_some() => return true,
            Change::Removed(path) if below(&place, path).is_some() => return true,
            Change::Renamed { from, to } => match below(&place, from) {
                Some("" | ".name" | ".code") => return true,
                Some(rest) => place = format!("{to}{rest}"),
                None => {}
            },
            _ => {}
        }
    }
    false
}
