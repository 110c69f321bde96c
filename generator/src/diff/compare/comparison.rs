//! Two sides, compared.

use std::collections::BTreeSet;

use super::operation::Surroundings;
use super::operations::{self, Changed, Context};
use super::service;
use crate::diff::finding::{Finding, Recorder, SpecPlace};
use crate::diff::side::{Files, Head, ServiceFiles, SideError, renames, services};
use crate::diff::{cause, places};
use crate::spec::lock::{self, Lock};

/// Two services are one under a new name where so many of their operations' names are the same.
const SAME_SERVICE: f64 = 0.7;

/// What two sides differ in.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// How the person named the old side.
    pub old: String,
    /// How the person named the new side.
    pub new: String,
    /// The findings, worst first.
    pub findings: Vec<Finding>,
    /// What the comparison itself has to say: where it had to be coarse.
    pub notes: Vec<String>,
}

/// Compares two sides.
///
/// # Errors
///
/// When a spec of either side cannot be read; the error names the file.
pub fn compare(old: &Files, new: &Files) -> Result<Comparison, SideError> {
    let mut result = Comparison { old: old.label.clone(), new: new.label.clone(), ..Comparison::default() };
    result.notes.extend(old.notes.iter().chain(&new.notes).cloned());
    let (mut old_services, mut new_services) = (services(old)?, services(new)?);
    let mut pairs = Vec::new();
    let kept: Vec<String> = old_services.keys().filter(|name| new_services.contains_key(*name)).cloned().collect();
    for name in kept {
        if let (Some(was), Some(is)) = (old_services.remove(&name), new_services.remove(&name)) {
            pairs.push((was, is, false));
        }
    }
    let left: Vec<String> = old_services.keys().cloned().collect();
    for name in left {
        let Some(found) = old_services.get(&name).and_then(|was| renamed(was, &new_services)) else { continue };
        if let (Some(was), Some(is)) = (old_services.remove(&name), new_services.remove(&found)) {
            pairs.push((was, is, true));
        }
    }
    for (services, id, files) in [(&old_services, "service-removed", old), (&new_services, "service-added", new)] {
        for service in services.values() {
            let mut recorder = Recorder::new(&service.name, "");
            recorder.add(id, "");
            // What was made of pages lies in no file.
            let file = service.head_file.filter(|_| !files.from_pages).map(|file| files.display(file));
            let place = file.clone().map(|file| SpecPlace { file, line: 1, column: 1 });
            let (old, new) = if id == "service-removed" { (place, None) } else { (None, place) };
            let of = |it| Finding { file: file.clone(), spec_before: old.clone(), spec_after: new.clone(), ..it };
            result.findings.extend(recorder.finish().0.into_iter().map(of));
        }
    }
    for (was, is, renamed) in &pairs {
        compare_service(&mut result, (old, was), (new, is), *renamed)?;
    }
    result.findings.sort_by_cached_key(Finding::rank);
    result.notes.sort();
    Ok(result)
}

/// The new service that has the same operations, where there is one.
fn renamed(old: &ServiceFiles<'_>, new: &std::collections::BTreeMap<String, ServiceFiles<'_>>) -> Option<String> {
    let names = |service: &ServiceFiles<'_>| -> BTreeSet<String> {
        service.operations.keys().map(|file| ServiceFiles::stem(file).to_owned()).collect()
    };
    let was = names(old);
    let mut best: Option<(f64, &String)> = None;
    for (name, service) in new {
        let is = names(service);
        let share = share(was.intersection(&is).count(), was.len().max(is.len()));
        if share >= SAME_SERVICE && best.is_none_or(|(most, _)| share > most) {
            best = Some((share, name));
        }
    }
    best.map(|(_, name)| name.clone())
}

fn compare_service(
    result: &mut Comparison,
    old: (&Files, &ServiceFiles<'_>),
    new: (&Files, &ServiceFiles<'_>),
    renamed: bool,
) -> Result<(), SideError> {
    let (before, after) = (old.1, new.1);
    let changed = Changed::read(old, new)?;
    let settled = match after.overlay {
        Some((path, bytes)) => renames(bytes).map_err(|message| new.0.fault(path, message))?,
        None => Vec::new(),
    };
    let (widened, narrowed) = operations::moved_errors(&changed, &codes(&before.head), &codes(&after.head));
    let moved: BTreeSet<String> = widened.union(&narrowed).cloned().collect();
    let file = after.head_file.or(before.head_file).map(|file| new.0.display(file));
    let mut recorder = Recorder::new(&after.name, "");
    if renamed {
        let entry = recorder.add("service-renamed", "").from(&before.name);
        entry.before(Some(&*before.name)).after(Some(&*after.name));
    }
    // A file of one operation says nothing of its service.
    if !old.0.single && !new.0.single {
        service::compare(&mut recorder, &before.head, &after.head, (&widened, &narrowed));
    }
    let (own, notes) = recorder.finish();
    let mut all: Vec<Finding> = own.into_iter().map(|finding| Finding { file: file.clone(), ..finding }).collect();
    result.notes.extend(notes);
    let around = Surroundings { service: &after.name, moved_errors: &moved, renames: &settled };
    let (findings, notes) = operations::compare(&Context { around, rest: after.head.is_rest(), file }, &changed);
    all.extend(findings);
    result.notes.extend(notes);
    if !all.is_empty() {
        cause::mark(&mut all, &lock(old)?, &lock(new)?);
        let (was, is) = (changed.old_files(before), changed.new_files(after));
        places::mark(&mut all, (old.0, &was), (new.0, &is));
    }
    result.findings.extend(all);
    Ok(())
}

/// A side's lock; without one, nothing is known of causes.
fn lock((files, service): (&Files, &ServiceFiles<'_>)) -> Result<Lock, SideError> {
    let Some((path, bytes)) = service.lock else { return Ok(Lock::default()) };
    let text = std::str::from_utf8(bytes).map_err(|error| files.fault(path, format!("is not UTF-8: {error}")))?;
    lock::read(text, &files.display(path)).map_err(|finding| files.fault(path, finding.message))
}

fn codes(head: &Head) -> BTreeSet<&str> {
    head.errors.iter().map(|error| &*error.code).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of operations are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
