//! What changed against another state of the specs: what the pages give now is the new side.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use docsdk_runtime::extended_timestamp;
use serde::Serialize;

use super::gather::Gathered;
use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::{AllowFile, Comparison, Files, Finding, Now, PagePlace, Policy, SideError, Summary, compare};
use crate::files;
use crate::project::{Project, Run};

/// The allowances of a project, as `docsdk diff` reads them.
const ALLOWANCES: &str = "docsdk-allow.yaml";

/// What changed.
#[derive(Debug, Serialize)]
pub(super) struct ChangeEvidence {
    /// What was compared with, as the person named it.
    against: String,
    /// How many there are of each verdict.
    counts: String,
    /// The bump that the changes ask for, and why.
    bump: String,
    notes: Vec<String>,
    /// What is said of each rule: a noun, its effect on the crate, what to do.
    rules: BTreeMap<&'static str, [&'static str; 3]>,
    changes: Vec<Change>,
}

/// One change under one rule.
#[derive(Debug, Serialize)]
struct Change {
    rule: &'static str,
    wire: &'static str,
    rust: &'static str,
    service: String,
    operation: String,
    path: String,
    from: Option<String>,
    facet: Option<&'static str>,
    before: Option<String>,
    after: Option<String>,
    cause: &'static str,
    /// How alike a renamed pair is.
    alike: Option<f64>,
    /// Where it stood on the old page.
    was: Option<PagePlace>,
    /// The reason of the allowance that covers it.
    allowed: Option<String>,
}

impl ChangeEvidence {
    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }
}

/// Compares what the pages of services give with what `what` names, seen from their folder; `whole` where these are all
/// services of the project, so that a service that is missing is gone.
pub(super) fn against(
    what: &str,
    project: &Project,
    services: &[Gathered],
    whole: bool,
) -> Result<ChangeEvidence, Run> {
    let mut comparison = Comparison { old: what.to_owned(), ..Comparison::default() };
    for (parent, services) in by_parent(services) {
        let found = compared(what, &parent, &services, whole).map_err(|error| Run::only(unreadable(error)))?;
        comparison.findings.extend(found.findings);
        comparison.notes.extend(found.notes);
    }
    let summary = judged(&mut comparison, project)?;
    let rules = comparison.findings.iter().map(|finding| {
        let rule = finding.rule;
        (rule.id, [rule.noun, rule.effect, rule.advice])
    });
    Ok(ChangeEvidence {
        against: what.to_owned(),
        counts: summary.counts(),
        bump: summary.proposal(4),
        rules: rules.collect(),
        changes: comparison.findings.iter().map(Change::of).collect(),
        notes: comparison.notes,
    })
}

/// The services by the folder that their folders lie in.
fn by_parent(services: &[Gathered]) -> BTreeMap<PathBuf, Vec<&Gathered>> {
    let mut by_parent: BTreeMap<PathBuf, Vec<&Gathered>> = BTreeMap::new();
    for service in services {
        let parent = service.job.folder.parent().unwrap_or(Path::new(""));
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        by_parent.entry(parent.to_owned()).or_default().push(service);
    }
    by_parent
}

fn compared(what: &str, parent: &Path, services: &[&Gathered], whole: bool) -> Result<Comparison, SideError> {
    let mut old = Files::against(what, parent)?;
    let folders: BTreeSet<String> =
        services.iter().filter_map(|service| Some(service.job.folder.file_name()?.to_string_lossy().into())).collect();
    let ours = |path: &String| path.split('/').next().is_some_and(|folder| folders.contains(folder));
    if !whole && old.contents.keys().any(ours) {
        old.contents.retain(|path, _| ours(path));
    }
    let mut contents = BTreeMap::new();
    for service in services {
        let below = |path: &Path| path.strip_prefix(parent).map(files::display).unwrap_or(files::display(path));
        let planned = service.specs.plan.files.iter().map(|(path, bytes)| (below(path), bytes.clone()));
        contents.extend(planned.filter(|(path, _)| Files::is_spec(path)));
        let overlay = service.job.folder.join("overlay.yaml");
        if let Ok(bytes) = fs::read(&overlay) {
            contents.insert(below(&overlay), bytes);
        }
    }
    let label = files::display(parent);
    let new = Files { base: label.clone(), label, contents, ..Files::default() };
    compare(&old, &new)
}

/// Applies the project's allowances, as `docsdk diff` does.
fn judged(comparison: &mut Comparison, project: &Project) -> Result<Summary, Run> {
    let path = project.root.join(ALLOWANCES);
    let wrong = |message: String| {
        let finding = Diagnostic::new("allowances", Severity::Error, files::display(&path), message);
        Run::only(finding.help("mend the file; `docsdk diff --help` says what it may hold"))
    };
    let file = match fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => AllowFile::parse(&text).map_err(wrong)?,
        Ok(_) => AllowFile::default(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => AllowFile::default(),
        Err(error) => return Err(Run::only(files::failure("allow-read", &path, "read", &error))),
    };
    let today: String = extended_timestamp(SystemTime::now()).chars().take(10).collect();
    let now = Now { today: &today, version: None };
    let verdict = Policy::default().judge(comparison, &file, now).map_err(wrong)?;
    comparison.notes.extend(verdict.complaints);
    Ok(verdict.summary)
}

fn unreadable(error: SideError) -> Diagnostic {
    Diagnostic::new("side-read", Severity::Error, error.place, error.message)
}

impl Change {
    fn of(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.id,
            wire: finding.wire.word(),
            rust: finding.rust.word(),
            service: finding.service.clone(),
            operation: finding.operation.clone(),
            path: finding.path.clone(),
            from: finding.from.clone(),
            facet: finding.facet,
            before: finding.before.clone(),
            after: finding.after.clone(),
            cause: finding.cause.word(),
            alike: finding.confidence,
            was: finding.page_before.clone(),
            allowed: finding.allowed.clone(),
        }
    }
}
