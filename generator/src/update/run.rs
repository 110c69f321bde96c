//! An update of several services: fetched one after another, written together.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clock::Clock;
use super::decide::Accepted;
use super::fetch::Fetcher;
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
use crate::spec::pages_lock::{self, PagesLock};

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
    clock: &Arc<dyn Clock>,
    progress: &dyn Progress,
) -> Result<Updated, Run> {
    // What is wrong with the manifest is told before anything else is.
    jobs(project, services)?;
    let home = Home::take(project, options)?;
    // Only who holds the lock knows what the manifest says: another run may have raised a version meanwhile.
    let opened = Project { language: project.language.clone(), ..Project::open(Some(Path::new(&project.file)))? };
    let names: Vec<String> = services.iter().map(|entry| entry.name.get_ref().clone()).collect();
    let services = opened.services(&names).map_err(|finding| Run::only(*finding))?;
    carry(&opened, &services, options, home, (clock, progress))
}

/// Fetches, prepares and writes, all else being settled.
fn carry(
    project: &Project,
    services: &[&ServiceEntry],
    options: &UpdateOptions,
    home: Home,
    (clock, progress): (&Arc<dyn Clock>, &dyn Progress),
) -> Result<Updated, Run> {
    let manifest = Path::new(&project.file);
    let manifest = fs::read_to_string(manifest).map_err(|error| failed("manifest-read", manifest, "read", &error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| failed("fetch-client", Path::new(&project.file), "fetched for", &error))?;
    let today: String = docsdk_runtime::extended_timestamp(clock.date()).chars().take(10).collect();
    let release = Release::open(project, &today).map_err(|SideError { place, message }| {
        Run::only(Diagnostic::new("release-unreadable", Severity::Error, place, message))
    })?;
    let accepted = Accepted::new(&options.accept, options.accept_removals);
    let pace = Arc::new(Pace::new(Arc::clone(clock)));
    let mut updated = Updated { dry_run: options.dry_run, ..Updated::default() };
    updated.run.findings.extend(home.recovered);
    let (mut prepared, mut stages) = (Vec::new(), Vec::new());
    for Job { entry, sources, bounds } in jobs(project, services)? {
        let fetcher = Fetcher::new(bounds, Arc::clone(clock), Arc::clone(&pace), &project.file);
        let fetcher = fetcher.map_err(|finding| Run::only(*finding))?;
        let staging = Staging::open(&home.folder, entry.name.get_ref(), clock.date())
            .map_err(|error| failed("file-write", &home.folder, "written", &error))?;
        let updating = Updating { project, entry, release: &release, accepted: &accepted, today: &today };
        let lock = pages_lock(&project.specs_folder(entry))?;
        let gathered = runtime.block_on(updating.fetch(sources, &lock, (&fetcher, &staging), clock, progress));
        prepared.push(updating.prepare(gathered, &lock, &staging));
        stages.push(staging);
    }
    write(project, prepared, manifest, &mut updated);
    unknown_pages(options, &mut updated);
    // Only now is there nothing to go on with: a crash before this point costs no second fetch.
    stages.into_iter().for_each(Staging::clear);
    Ok(updated)
}

/// A service to be updated.
struct Job<'a> {
    entry: &'a ServiceEntry,
    sources: Sources,
    bounds: Bounds,
}

/// The services that have pages on the web, and what the manifest says of those.
fn jobs<'a>(project: &Project, services: &[&'a ServiceEntry]) -> Result<Vec<Job<'a>>, Run> {
    let (mut jobs, mut findings) = (Vec::new(), Vec::new());
    for entry in services.iter().copied().filter(|entry| entry.is_fetched()) {
        let bounds = Bounds::new(&entry.fetch.over(&project.manifest.fetch), &project.file);
        match (Sources::read(entry, &project.file), bounds) {
            (Ok(sources), Ok(bounds)) => jobs.push(Job { entry, sources, bounds }),
            (sources, bounds) => {
                findings.extend(sources.err().into_iter().flatten());
                findings.extend(bounds.err().map(|finding| *finding));
            }
        }
    }
    if jobs.is_empty() && findings.is_empty() {
        let finding = Diagnostic::new("no-urls", Severity::Error, &project.file, "no service names pages on the web");
        let help = "add `urls = [\"https://…\"]` to a `[[service]]`, or an `index` that lists them";
        return Err(Run::only(finding.help(help)));
    }
    if findings.is_empty() {
        return Ok(jobs);
    }
    let source = fs::read_to_string(&project.file).unwrap_or_default();
    Err(Run { findings, sources: [(project.file.clone(), source)].into() })
}

/// Where a run keeps what it fetched.
struct Home {
    folder: PathBuf,
    /// What a run before left undone, and what became of it.
    recovered: Option<Diagnostic>,
    /// A dry run keeps it elsewhere, so that it leaves nothing behind and no other run in the way.
    _elsewhere: Option<tempfile::TempDir>,
    _lock: Option<RunLock>,
}

impl Home {
    fn take(project: &Project, options: &UpdateOptions) -> Result<Self, Run> {
        if options.dry_run {
            let elsewhere =
                tempfile::tempdir().map_err(|error| failed("file-write", &std::env::temp_dir(), "written", &error))?;
            let folder = elsewhere.path().to_owned();
            return Ok(Self { folder, recovered: None, _elsewhere: Some(elsewhere), _lock: None });
        }
        let lock = RunLock::take(&project.root).map_err(|finding| Run::only(*finding))?;
        let recovered = files::recover(&project.root).map_err(|finding| Run::only(*finding))?;
        let recovered = recovered.map(|recovered| recovered.finding(&project.root));
        Ok(Self { folder: project.root.clone(), recovered, _elsewhere: None, _lock: Some(lock) })
    }
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
    let change = |(path, difference): (PathBuf, Difference)| {
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
    let path = folder.join(pages_lock::FILE);
    match fs::read_to_string(&path) {
        Ok(source) => PagesLock::read(&source, &files::display(&path)).map_err(|finding| Run::about(*finding, source)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(PagesLock::default()),
        Err(error) => Err(failed("pages-lock", &path, "read", &error)),
    }
}

fn failed(id: &'static str, path: &Path, done: &str, error: &io::Error) -> Run {
    Run::only(files::failure(id, path, done, error))
}
