//! Which operations of a service came, went and were renamed.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::operation::{self, Surroundings, rust_name};
use super::{collision, http};
use crate::diff::finding::{Finding, Recorder};
use crate::diff::pairing::{
    MOST_LEFTOVERS, Mean, by_likeness, name_likeness, names_dice, rust_value_name, squashed, text_likeness,
};
use crate::diff::places::FileOf;
use crate::diff::rule::{Bump, Wire};
use crate::diff::side::{Files, ParsedOperation, ServiceFiles, SideError, operation as parse};
use crate::spec::Operation;
use crate::spec::overlay::Rename;

/// With a larger share of its operations gone, a service was probably not read whole.
const MASS_SHARE: f64 = 0.3;
const MASS_LEAST: usize = 5;

/// An operation and the file it stands in.
pub(super) struct Located {
    pub(super) parsed: ParsedOperation,
    file: String,
    /// The file within its side.
    pub(super) relative: String,
}

/// The operations of a service that are not the same, byte for byte, on both sides.
pub(super) struct Changed {
    pub(super) old: BTreeMap<String, Located>,
    pub(super) new: BTreeMap<String, Located>,
    /// Names of the operations that are the same.
    same: Vec<String>,
}

impl Changed {
    /// Reads what differs; files of equal bytes are not even parsed.
    pub(super) fn read(
        (old_files, old): (&Files, &ServiceFiles<'_>),
        (new_files, new): (&Files, &ServiceFiles<'_>),
    ) -> Result<Self, SideError> {
        let is_same = |below: &str| match (old.operations.get(below), new.operations.get(below)) {
            (Some((_, old)), Some((_, new))) => old == new,
            _ => false,
        };
        let same = old.operations.keys().filter(|below| is_same(below));
        let same = same.map(|below| ServiceFiles::stem(below).to_owned()).collect();
        let read = |files: &Files, service: &ServiceFiles<'_>| {
            let changed: Vec<_> = service.operations.iter().filter(|(below, _)| !is_same(below)).collect();
            let parsed: Result<Vec<Located>, SideError> = changed
                .into_par_iter()
                .map(|(_, (path, bytes))| {
                    let file = files.display(path);
                    let parsed = parse(bytes).map_err(|message| files.fault(path, message))?;
                    Ok(Located { parsed, file, relative: (*path).to_owned() })
                })
                .collect();
            let mut named = BTreeMap::new();
            for located in parsed? {
                let name = located.parsed.operation.operation.clone();
                if let Some(other) = named.insert(name.clone(), located) {
                    let message = format!("holds the operation `{name}`, which another file of the service holds too");
                    return Err(SideError::new(other.file, message));
                }
            }
            Ok(named)
        };
        let (old, new) = rayon::join(|| read(old_files, old), || read(new_files, new));
        Ok(Self { old: old?, new: new?, same })
    }

    /// The files of the old side, as places are looked up.
    pub(super) fn old_files<'a>(&'a self, service: &ServiceFiles<'a>) -> FileOf<'a> {
        files(&self.old, service)
    }

    /// The files of the new side.
    pub(super) fn new_files<'a>(&'a self, service: &ServiceFiles<'a>) -> FileOf<'a> {
        files(&self.new, service)
    }
}

fn files<'a>(operations: &'a BTreeMap<String, Located>, service: &ServiceFiles<'a>) -> FileOf<'a> {
    let files = operations.iter().map(|(name, located)| (name.as_str(), located.relative.as_str()));
    files.chain(service.head_file.map(|file| ("", file))).collect()
}

/// What the comparison of operations needs to know of its service.
pub(super) struct Context<'a> {
    pub(super) around: Surroundings<'a>,
    /// Whether operations have a method and path of their own, and their names are not on the wire.
    pub(super) rest: bool,
    /// The file of the service's head, for what belongs to no operation.
    pub(super) file: Option<String>,
}

/// Compares all operations of a service.
pub(super) fn compare(context: &Context<'_>, changed: &Changed) -> (Vec<Finding>, Vec<String>) {
    let mut recorder = Recorder::new(context.around.service, "");
    let (mut findings, mut notes) = (Vec::new(), Vec::new());
    let mut left: Vec<&str> = changed.old.keys().map(String::as_str).collect();
    let mut come: Vec<&str> = changed.new.keys().map(String::as_str).collect();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    left.retain(|name| {
        let kept = come.iter().position(|new| new == name).map(|index| come.remove(index));
        pairs.extend(kept.map(|new| (*name, new)));
        kept.is_none()
    });
    let renamed = renamed(context, changed, &mut left, &mut come, &mut recorder);
    let total = changed.same.len() + changed.old.len();
    if left.len() >= MASS_LEAST && share(left.len(), total) > MASS_SHARE {
        let entry = recorder.add("suspicious-mass-removal", "");
        entry.before(Some(format!("{total} operations"))).after(Some(format!("{} gone", left.len())));
    }
    let names =
        |of: &BTreeMap<String, Located>| -> Vec<String> { changed.same.iter().chain(of.keys()).cloned().collect() };
    let (was, is) = (names(&changed.old), names(&changed.new));
    collision::compare(
        &mut recorder,
        rust_value_name,
        was.iter().map(String::as_str),
        is.iter().map(|name| {
            let parsed = changed.new.get(name).map(|located| &located.parsed.operation);
            (name.as_str(), parsed.map_or(name.as_str(), Operation::called))
        }),
        |_| String::new(),
    );
    for finding in recorder.findings_mut().iter_mut().filter(|finding| finding.rule.id == "rust-name-collision") {
        // The clash is told at the operation that came.
        let name = finding.after.as_deref().and_then(|after| after.split(" (").next()).unwrap_or_default();
        finding.operation = name.to_owned();
    }
    let (own, own_notes) = recorder.finish();
    findings.extend(own.into_iter().map(|finding| Finding { file: context.file.clone(), ..finding }));
    notes.extend(own_notes);
    findings.extend(
        left.iter()
            .map(|name| gone(context, changed, name))
            .chain(come.iter().map(|name| new(context, changed, name)))
            .flatten(),
    );
    pairs.extend(renamed.iter().map(|pair| (pair.0, pair.1)));
    for pair in &renamed {
        findings.extend(rename(context, changed, pair));
    }
    let compared: Vec<_> = pairs
        .par_iter()
        .filter_map(|(old, new)| {
            let (old, new) = (changed.old.get(*old)?, changed.new.get(*new)?);
            let (mut findings, notes) = operation::compare(&context.around, &old.parsed, &new.parsed);
            for finding in &mut findings {
                finding.file = Some(new.file.clone());
            }
            Some((findings, notes))
        })
        .collect();
    for (more, more_notes) in compared {
        findings.extend(more);
        notes.extend(more_notes);
    }
    (findings, notes)
}

type Pair<'c> = (&'c str, &'c str, f64);

/// Takes the renamed ones out of what is left over.
fn renamed<'c>(
    context: &Context<'_>,
    changed: &'c Changed,
    left: &mut Vec<&'c str>,
    come: &mut Vec<&'c str>,
    recorder: &mut Recorder<'_>,
) -> Vec<Pair<'c>> {
    let settled: Vec<&Rename> = context.around.renames.iter().filter(|rename| rename.operation.is_none()).collect();
    let mut pairs = Vec::new();
    left.retain(|old| {
        let wanted = settled.iter().find(|rename| rename.from == **old).map(|rename| rename.target());
        let found = match wanted {
            Some(target) => come.iter().position(|new| Some(*new) == target),
            None => come.iter().position(|new| squashed(new) == squashed(old)),
        };
        pairs.extend(found.map(|index| (*old, come.remove(index), 1.0)));
        found.is_none()
    });
    let bounded = left.len().max(come.len()) > MOST_LEFTOVERS;
    if bounded {
        recorder
            .note(format!("`{}`: too many operations changed to look for renames by likeness", context.around.service));
    }
    let of = |side: &'c BTreeMap<String, Located>, name: &str| side.get(name).map(|located| &located.parsed.operation);
    let result = by_likeness(left, come, |i, j| {
        let (old, new) = (of(&changed.old, left.get(i)?)?, of(&changed.new, come.get(j)?)?);
        if settled.iter().any(|rename| rename.from == old.operation && rename.target().is_none()) {
            return None;
        }
        if bounded {
            return (old.description.is_some() && old.description == new.description).then_some(1.0);
        }
        likeness(context.rest, old, new)
    });
    for &(i, j, score) in &result.candidates {
        if let (Some(old), Some(new)) = (left.get(i), come.get(j)) {
            let entry = recorder.add("rename-candidate", "").confidence(score);
            entry.before(Some(*old)).after(Some(*new)).from(old).operation(new);
        }
    }
    for &(i, j, score) in &result.renamed {
        if let (Some(old), Some(new)) = (left.get(i), come.get(j)) {
            pairs.push((*old, *new, score));
        }
    }
    left.retain(|name| pairs.iter().all(|pair| pair.0 != *name));
    come.retain(|name| pairs.iter().all(|pair| pair.1 != *name));
    pairs
}

fn likeness(rest: bool, old: &Operation, new: &Operation) -> Option<f64> {
    let names = |operation: &Operation| operation.request.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    let outputs = |operation: &Operation| {
        operation.responses.iter().flat_map(|response| &response.fields).map(|field| field.name.clone()).collect()
    };
    let overlap = |old: &Vec<String>, new: &Vec<String>| {
        names_dice(old.iter().map(String::as_str), new.iter().map(String::as_str))
    };
    let (was, is): (Vec<String>, Vec<String>) = (outputs(old), outputs(new));
    let line = if http::line(&old.http) == http::line(&new.http) { 1.0 } else { 0.0 };
    Mean::default()
        .part(0.35, rest.then_some(line))
        .part(0.25, Some(name_likeness(&old.operation, &new.operation)))
        .part(0.20, overlap(&names(old), &names(new)))
        .part(0.10, overlap(&was, &is))
        .part(0.10, text_likeness(old.summary.as_deref(), new.summary.as_deref()))
        .value()
}

fn single(context: &Context<'_>, id: &str, located: &Located) -> Vec<Finding> {
    let mut recorder = Recorder::new(context.around.service, &located.parsed.operation.operation);
    recorder.add(id, "");
    let findings = recorder.finish().0;
    findings.into_iter().map(|finding| Finding { file: Some(located.file.clone()), ..finding }).collect()
}

fn gone(context: &Context<'_>, changed: &Changed, name: &str) -> Vec<Finding> {
    let Some(located) = changed.old.get(name) else { return Vec::new() };
    let announced = located.parsed.operation.deprecated;
    let id = if announced { "operation-removed-after-deprecation" } else { "operation-removed" };
    single(context, id, located)
}

fn new(context: &Context<'_>, changed: &Changed, name: &str) -> Vec<Finding> {
    changed.new.get(name).map_or_else(Vec::new, |located| single(context, "operation-added", located))
}

fn rename(context: &Context<'_>, changed: &Changed, &(old, new, score): &Pair<'_>) -> Vec<Finding> {
    let Some(located) = changed.new.get(new) else { return Vec::new() };
    let mut recorder = Recorder::new(context.around.service, new);
    let entry = recorder.add("operation-renamed", "").from(old).before(Some(old)).after(Some(new)).confidence(score);
    let entry = if context.rest { entry.wire(Wire::Info) } else { entry };
    let is = &located.parsed.operation;
    let was = changed.old.get(old).map(|located| &located.parsed.operation);
    // A name that people keep is no rename for the crate.
    if was.is_some_and(|was| (&was.rust_name, &is.rust_name) != (&None, &None) && rust_name(was) == rust_name(is)) {
        entry.rust(Bump::Patch);
    }
    let findings = recorder.finish().0;
    findings.into_iter().map(|finding| Finding { file: Some(located.file.clone()), ..finding }).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of operations are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// The codes that moved between operations and the service: to the service, and from it.
pub(super) fn moved_errors(
    changed: &Changed,
    common_old: &BTreeSet<&str>,
    common_new: &BTreeSet<&str>,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut widened, mut narrowed) = (BTreeSet::new(), BTreeSet::new());
    for (name, old) in &changed.old {
        let Some(new) = changed.new.get(name) else { continue };
        let codes = |located: &'_ Located| -> BTreeSet<String> {
            located.parsed.operation.errors.iter().map(|error| error.code.clone()).collect()
        };
        let (was, is) = (codes(old), codes(new));
        let to = was.difference(&is).filter(|code| common_new.contains(&***code) && !common_old.contains(&***code));
        widened.extend(to.cloned());
        let from = is.difference(&was).filter(|code| common_old.contains(&***code) && !common_new.contains(&***code));
        narrowed.extend(from.cloned());
    }
    (widened, narrowed)
}
