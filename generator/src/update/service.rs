//! One service's update: from its pages on the web to the files of a proposed release.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use semver::Version;
use url::Url;

use super::clock::Clock;
use super::decide::{Accepted, Bench, Decision};
use super::fetch::Fetcher;
use super::gather::{Gathered, Gathering, Outcome};
use super::outcome::{PageState, Proposal, ServiceUpdate};
use super::staging::Staging;
use super::wanted::{Sources, Wanted};
use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::{Bump, Files, Finding, SideError, Summary};
use crate::files::{self, Plan};
use crate::manifest::ServiceEntry;
use crate::project::{
    Broken, CrateJob, PageFile, Project, Run, SpecJob, Specs, Stored, extract, find_provider, generate, links,
};
use crate::release::{self, CHANGELOG, Entry, Release};
use crate::spec::pages_lock::{self, PagesLock};

/// What a service is updated with.
pub(crate) struct Updating<'a> {
    pub(crate) project: &'a Project,
    pub(crate) entry: &'a ServiceEntry,
    pub(crate) release: &'a Release<'a>,
    pub(crate) accepted: &'a Accepted,
    pub(crate) today: &'a str,
}

/// Tells how far a run is.
pub trait Progress: Sync {
    /// A service begins, with so many pages.
    fn begin(&self, service: &str, pages: usize);
    /// A page is done.
    fn page(&self, url: &str);
}

/// A service, ready to be written.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    pub(crate) row: ServiceUpdate,
    pub(crate) plan: Plan,
    /// The version that the manifest is to have.
    pub(crate) version: Option<Version>,
    pub(crate) run: Run,
}

/// What the web gave.
pub(crate) struct Harvested {
    pages: Vec<Gathered>,
    /// Whether all indexes could be read.
    listed: bool,
    findings: Vec<Diagnostic>,
    resumed: usize,
}

impl Updating<'_> {
    /// Fetches a service's pages.
    pub(crate) async fn fetch(
        &self,
        sources: Sources,
        lock: &PagesLock,
        (fetcher, staging): (&Fetcher, &Staging),
        clock: &Arc<dyn Clock>,
        progress: &dyn Progress,
    ) -> Harvested {
        let Sources { mut pages, indexes } = sources;
        let (mut findings, mut listed) = (Vec::new(), true);
        let mut seen: BTreeSet<Url> = pages.iter().map(|page| page.url.clone()).collect();
        let add = |url: Url, pages: &mut Vec<Wanted>, seen: &mut BTreeSet<Url>| {
            if seen.insert(url.clone()) {
                pages.push(Wanted { url, file: None, listed: true });
            }
        };
        for index in &indexes {
            match index.expand(fetcher).await {
                Ok(found) if found.is_empty() => {
                    listed = false;
                    let finding = Diagnostic::new(
                        "index-empty",
                        Severity::Error,
                        index.url.as_str(),
                        "lists no page that its patterns fit",
                    );
                    findings.push(finding.help("see whether it is a list still, and whether `links` fits its URLs"));
                }
                Ok(found) => found.into_iter().for_each(|url| add(url, &mut pages, &mut seen)),
                Err(finding) => {
                    listed = false;
                    findings.push(*finding);
                }
            }
        }
        if !listed {
            // What they listed before is looked after all the same.
            let known = lock.pages.keys().filter_map(|url| Url::parse(url).ok());
            known.for_each(|url| add(url, &mut pages, &mut seen));
        }
        progress.begin(self.entry.name.get_ref(), pages.len());
        let folder = self.folder().join("pages");
        let on_page = |url: &str| progress.page(url);
        let gathering = Gathering { fetcher, staging, clock: clock.as_ref(), pages: &folder, on_page: &on_page };
        let (pages, resumed) = gathering.gather(pages, lock).await;
        Harvested { pages, listed, findings, resumed }
    }

    /// What is to be written of what was fetched.
    pub(crate) fn prepare(&self, harvested: Harvested, lock: &PagesLock, staging: &Staging) -> Prepared {
        let mut prepared = Prepared::default();
        self.entry.name.get_ref().clone_into(&mut prepared.row.service);
        prepared.row.resumed = harvested.resumed;
        prepared.run.findings = harvested.findings;
        if let Err(failed) = self.fill(&harvested.pages, harvested.listed, (lock, staging), &mut prepared) {
            prepared.run.extend(failed);
            prepared.plan = Plan::default();
            prepared.version = None;
            prepared.row.refused = true;
        }
        prepared
    }

    fn fill(
        &self,
        pages: &[Gathered],
        listed: bool,
        (lock, staging): (&PagesLock, &Staging),
        prepared: &mut Prepared,
    ) -> Result<(), Run> {
        let (job, _) = self.project.spec_job(self.entry);
        // Made for pages to be judged by alone: where none came, nothing waits for it.
        let came = pages.iter().any(|page| matches!(page.outcome, Outcome::Page(_)));
        let provider = came.then(|| find_provider(&job.service.provider)).transpose()?;
        let provider = provider.map(|provider| provider.preferring(job.language.as_deref()));
        let folder = self.folder();
        let home = folder.join("pages");
        let operations = operations(&folder);
        let bench = Bench {
            provider: provider.as_ref(),
            staging,
            pages: &home,
            operations: &operations,
            accepted: self.accepted,
        };
        let decision = bench.decide(pages, lock, listed);
        let Decision { rows, taken, removed, lock: after, findings, refused } = decision;
        prepared.run.findings.extend(findings);
        prepared.row.pages = rows;
        if refused {
            prepared.row.refused = true;
            return Ok(());
        }
        self.nothing_fetched(prepared);
        if after == *lock && taken.is_empty() && removed.is_empty() {
            return Ok(());
        }
        if after != *lock {
            // The crate's documentation leads to the pages that the lock names.
            prepared.plan.files.insert(folder.join(pages_lock::FILE), after.write().into_bytes());
        }
        let mut files = job.pages.clone();
        files.retain(|page| !removed.iter().any(|file| page.path == plain(&home.join(file))));
        for (file, staged) in &taken {
            let path = plain(&home.join(file));
            files.retain(|page| page.path != path);
            let name = files::display(path.strip_prefix(&folder).unwrap_or(&path));
            files.push(PageFile { name, shown: files::display(&path), path: staged.clone() });
            let bytes =
                fs::read(staged).map_err(|error| Run::only(files::failure("page-read", staged, "read", &error)))?;
            prepared.plan.files.insert(path, bytes);
        }
        files.sort();
        prepared.plan.stale.extend(removed.iter().map(|file| home.join(file)));
        let specs = extract(&SpecJob { pages: files, ..job }, &|| {});
        self.release(specs, prepared)
    }

    /// From specs to the crate of the release that their changes ask for.
    fn release(&self, specs: Specs, prepared: &mut Prepared) -> Result<(), Run> {
        let folder = self.folder();
        let Specs { service, operations, texts, plan, run, .. } = specs;
        if run.has_errors() {
            let message = "what the new pages give has errors: nothing of the service was changed";
            let finding = Diagnostic::new("update-refused", Severity::Error, files::display(&folder), message);
            let mut run = run;
            run.findings.push(finding.help("settle what is said above, mostly in `overlay.yaml`, and run again"));
            return Err(run);
        }
        prepared.run.extend(run);
        prepared.plan.extend(plan);
        let before = Files::read(&folder).map_err(unreadable)?;
        let after = Files::planned(&folder, &prepared.plan).map_err(unreadable)?;
        let version = self.entry.version();
        let mut job = self.project.crate_job(self.entry);
        let first = !before.contents.keys().any(|file| file.starts_with("operations/"));
        let (findings, summary) = self.release.changes(&before, &after, &version).map_err(unreadable)?;
        if !first {
            self.suspicious(&findings, &folder)?;
        }
        let due = if first {
            Some(Due { next: version.clone(), released: None, changes: "First release.\n".to_owned() })
        } else {
            self.due(&findings, &summary, &after)?
        };
        if let Some(Due { next, released, changes }) = due {
            let path = folder.join(CHANGELOG);
            let old = match fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
                Err(error) => return Err(Run::only(files::failure("changelog-read", &path, "read", &error))),
            };
            let entry = Entry { version: &next, date: self.today, released: released.as_ref(), changes: &changes };
            let text = release::with_entry(&old, &entry);
            prepared.plan.files.insert(path, text.clone().into_bytes());
            prepared.row.release = Some(Proposal {
                from: version.to_string(),
                to: next.to_string(),
                released: released.map(|version| version.to_string()),
                bump: summary.bump.filter(|_| !first).map_or("none", Bump::word).to_owned(),
                reasons: if first { Vec::new() } else { summary.reasons },
                changes: if first { changes } else { release::changes(&findings) },
            });
            job = CrateJob { version: next.clone(), changelog: Some(text), ..job };
            prepared.version = (next != version).then_some(next);
        }
        let job = CrateJob { links: Some(links(&folder, &prepared.plan)), ..job };
        let (crate_plan, found) =
            generate(&Stored { folder, service, operations, texts, broken: Broken::default() }, &job)?;
        if found.has_errors() {
            return Err(found);
        }
        prepared.run.extend(found);
        prepared.plan.extend(crate_plan);
        Ok(())
    }

    /// The release that the changes ask for: since the last one where tags tell, and otherwise since the specs at hand.
    fn due(&self, findings: &[Finding], summary: &Summary, after: &Files) -> Result<Option<Due>, Run> {
        let Some(bump) = summary.bump else { return Ok(None) };
        let standing = self.release.standing(self.entry, after).map_err(unreadable)?;
        Ok(Some(match standing.last {
            Some(tag) => {
                Due { next: standing.next, released: Some(tag.version), changes: release::changes(&standing.findings) }
            }
            None => Due {
                next: release::raised(&standing.version, bump),
                released: None,
                changes: release::changes(findings),
            },
        }))
    }

    /// Refuses what looks like pages that could not be read, across all of them.
    fn suspicious(&self, findings: &[Finding], folder: &Path) -> Result<(), Run> {
        let lost = findings.iter().find(|it| it.rule.stops_regeneration() && it.allowed.is_none());
        let Some(lost) = lost.filter(|_| !self.accepted.removals) else { return Ok(()) };
        let message = format!("{}: nothing of the service was changed", lost.text());
        let finding = Diagnostic::new("mass-removal", Severity::Error, files::display(folder), message);
        Err(Run::only(finding.help("if they are gone for good, add `--accept-removals`")))
    }

    /// Says so where not one page could be had.
    fn nothing_fetched(&self, prepared: &mut Prepared) {
        let rows = &prepared.row.pages;
        if !rows.is_empty() && rows.iter().all(|page| page.state == PageState::Failed) {
            let message = format!("not one page of `{}` could be fetched", self.entry.name.get_ref());
            let finding = Diagnostic::new("fetch-failed", Severity::Error, &self.project.file, message);
            prepared.run.findings.push(finding.help("see whether the network, and a proxy if you need one, are there"));
        }
    }

    fn folder(&self) -> PathBuf {
        self.project.specs_folder(self.entry)
    }
}

/// A release that is due.
struct Due {
    next: Version,
    released: Option<Version>,
    changes: String,
}

/// The operations that a folder of specs has files of.
fn operations(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder.join("operations")).into_iter().flatten().filter_map(Result::ok);
    let stem = |path: PathBuf| Some(path.file_stem()?.to_string_lossy().into_owned());
    entries.filter_map(|entry| stem(entry.path())).collect()
}

/// A path as the list of a service's pages has it.
fn plain(path: &Path) -> PathBuf {
    path.components().collect()
}

fn unreadable(error: SideError) -> Run {
    let finding = Diagnostic::new("release-unreadable", Severity::Error, error.place, error.message);
    Run::only(finding.help("specs and their last release have to be readable, for changes to be told"))
}
