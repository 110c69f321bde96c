//! An update of several services: fetched one after another, written together.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::clock::Clock;
use super::decide::Accepted;
use super::fetch::Fetcher;
use super::lock::{self, PagesLock};
use super::outcome::{Change, FileChange, Updated};
use super::pace::Pace;
use super::service::{Prepared, Progress, Updating};
use super::settings::Bounds;
use super::staging::Staging;
use super::wanted::Sources;
use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::SideError;
use crate::files::{self, Difference, Plan, RunLock};
use crate::manifest::ServiceEntry;
use crate::project::{Project, Run};
use crate::release::{self, Release};

/// What a person asked for.
#[derive(Clone, Debug, Default)]
pub struct UpdateOptions {
    /// Pages to take although they are suspicious: their files, with `*`, or their URLs.
    pub accept: Vec<String>,
    /// Whether pages and operations may go, however many.
    pub accept_removals: bool,
    /// Whether to show what would be done, and to write nothing.
    pub dry_run: bool,
}

/// Fetches the pages of services, and carries what changed to proposed releases: all files of it, or none.
///
/// # Errors
/// What is wrong with the manifest, or keeps the update from beginning.
pub fn update(
    project: &Project,
    services: &[&ServiceEntry],
    options: &UpdateOptions,
    clock: Arc<dyn Clock>,
    progress: &dyn Progress,
) -> Result<Updated, Run> {
    let fetched: Vec<&ServiceEntry> = services.iter().copied().filter(|entry| entry.is_fetched()).collect();
    if fetched.is_empty() {
        let message = "no service names pages on the web";
        let finding = Diagnostic::new("no-urls", Severity::Error, &project.file, message);
        return Err(Run::only(
            finding.help("add `urls = [\"https://…\"]` to a `[[service]]`, or an `index` that lists them"),
        ));
    }
    let manifest = fs::read_to_string(&project.file)
        .map_err(|error| Run::only(files::failure("manifest-read", Path::new(&project.file), "read", &error)))?;
    let about =
        |findings: Vec<Diagnostic>| Run { findings, sources: [(project.file.clone(), manifest.clone())].into() };
    let mut updated = Updated { dry_run: options.dry_run, ..Updated::default() };
    // A dry run stages elsewhere, so that it leaves nothing behind and no other run in the way.
    let elsewhere = match options.dry_run {
        true => Some(tempfile::tempdir().map_err(|error| Run::only(unstaged(&std::env::temp_dir(), &error)))?),
        false => None,
    };
    let _lock = match &elsewhere {
        Some(_) => None,
        None => {
            let lock = RunLock::take(&project.root).map_err(|finding| Run::only(*finding))?;
            let recovered = files::recover(&project.root).map_err(|finding| Run::only(*finding))?;
            updated.run.findings.extend(recovered.map(|recovered| recovered.finding(&project.root)));
            Some(lock)
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Run::only(unstaged(Path::new(&project.file), &error)))?;
    let today: String = docsdk_runtime::extended_timestamp(clock.date()).chars().take(10).collect();
    let release = Release::open(project, &today).map_err(|SideError { place, message }| {
        Run::only(Diagnostic::new("release-unreadable", Severity::Error, place, message))
    })?;
    let accepted = Accepted::new(&options.accept, options.accept_removals);
    let pace = Arc::new(Pace::new(Arc::clone(&clock)));
    let home = elsewhere.as_ref().map_or(project.root.as_path(), tempfile::TempDir::path);
    let mut ready = Vec::new();
    for entry in fetched {
        let sources = Sources::read(entry, &project.file).map_err(about)?;
        let bounds = Bounds::new(&entry.fetch.over(&project.manifest.fetch), &project.file);
        let bounds = bounds.map_err(|finding| Run::only(*finding))?;
        ready.push((entry, sources, bounds));
    }
    let (mut prepared, mut staged) = (Vec::new(), Vec::new());
    for (entry, sources, bounds) in ready {
        let fetcher = Fetcher::new(bounds, Arc::clone(&clock), Arc::clone(&pace), &project.file);
        let fetcher = fetcher.map_err(|finding| Run::only(*finding))?;
        let staging = Staging::open(home, entry.name.get_ref(), clock.date())
            .map_err(|error| Run::only(unstaged(home, &error)))?;
        let updating = Updating { project, entry, release: &release, accepted: &accepted, today: &today };
        let lock = pages_lock(&project.specs_folder(entry))?;
        let harvested = runtime.block_on(updating.fetch(sources, &lock, (&fetcher, &staging), &clock, progress));
        prepared.push(updating.prepare(harvested, &lock, &staging));
        staged.push(staging);
    }
    write(project, prepared, manifest, &mut updated);
    unknown_pages(options, &mut updated);
    // Only now is there nothing to go on with: a crash before this point costs no second fetch.
    staged.into_iter().for_each(Staging::clear);
    Ok(updated)
}

/// Writes what is to be written, unless it is only to be shown.
fn write(project: &Project, prepared: Vec<Prepared>, mut manifest: String, updated: &mut Updated) {
    let mut whole = Plan::default();
    for service in prepared {
        let Prepared { row, plan, version, run } = service;
        updated.run.extend(run);
        if let Some(version) = version {
            match release::with_version(&manifest, &project.file, &row.service, &version) {
                Ok(text) => manifest = text,
                Err(finding) => updated.run.findings.push(*finding),
            }
            whole.files.insert(project.file.clone().into(), manifest.clone().into_bytes());
        }
        whole.extend(plan);
        updated.services.push(row);
    }
    let change = |(path, difference): (std::path::PathBuf, Difference)| {
        let change = match difference {
            Difference::Missing => Change::Added,
            Difference::Changed(_) => Change::Changed,
            Difference::Left => Change::Removed,
        };
        FileChange { file: files::display(&path), change }
    };
    updated.files = whole.differences().into_iter().map(change).collect();
    if !updated.dry_run {
        let findings = whole.commit(&project.root).findings;
        if !findings.is_empty() {
            updated.files.clear();
        }
        updated.run.findings.extend(findings);
    }
}

/// Tells of names that people accept and that no page has.
fn unknown_pages(options: &UpdateOptions, updated: &mut Updated) {
    let pages = || updated.services.iter().flat_map(|service| &service.pages);
    let unknown = options.accept.iter().filter(|name| {
        let accepted = Accepted::new(std::slice::from_ref(name), false);
        !pages().any(|page| accepted.page(&page.url, page.file.as_deref().unwrap_or_default()))
    });
    let findings = unknown.map(|name| {
        let message = format!("`--accept {name}` is the name of no page");
        let finding = Diagnostic::new("accept-unknown", Severity::Error, "--accept", message);
        finding.help("name a page by its file under `pages`, or by its URL, as the table shows them")
    });
    let findings: Vec<Diagnostic> = findings.collect();
    updated.run.findings.extend(findings);
}

fn pages_lock(folder: &Path) -> Result<PagesLock, Run> {
    let path = folder.join(lock::FILE);
    let source = match fs::read_to_string(&path) {
        Ok(source) => source,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(PagesLock::default()),
        Err(error) => return Err(Run::only(files::failure("pages-lock", &path, "read", &error))),
    };
    PagesLock::read(&source, &files::display(&path)).map_err(|finding| Run::about(*finding, source))
}

fn unstaged(folder: &Path, error: &io::Error) -> Diagnostic {
    files::failure("file-write", folder, "written", error)
}
