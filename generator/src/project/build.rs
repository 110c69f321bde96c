//! A whole project: every service of a manifest, from pages to crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::crates::{self, CrateJob};
use super::pages;
use super::specs::{self, SpecJob, Specs};
use super::{Run, Stored};
use crate::cache::Cache;
use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::is_path;
use crate::files::{self, Plan};
#[cfg(feature = "lint")]
use crate::lint::{self, Looked, Proposal, Proposed, Wanted};
use crate::manifest::{self, Manifest, RuntimeSource, ServiceEntry};
use crate::spec::Service;

/// A manifest and the folder it lies in.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that the manifest's paths count from.
    pub root: PathBuf,
    /// The manifest's path as findings show it.
    pub file: String,
    /// The manifest.
    pub manifest: Manifest,
    /// The language of the crates' documentation, where it is not the one that the manifest names.
    pub language: Option<String>,
    /// What earlier runs kept of pages; without it, all are read.
    pub cache: Option<Arc<Cache>>,
}

/// What a build made of one service.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The service.
    pub service: String,
    /// How many pages were found.
    pub pages: usize,
    /// How many operations came of them.
    pub operations: usize,
    /// How many parameters those have, at the top level.
    pub parameters: usize,
    /// How many error codes are documented, those common to all operations included.
    pub errors: usize,
    /// How many findings there are.
    pub findings: usize,
    /// How many more an overlay has settled.
    pub settled: usize,
    /// How many files were written.
    pub written: usize,
    /// Whether its crate was left as it was, because of errors.
    pub crate_kept: bool,
}

/// What a build made.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// A row a service, in the manifest's order.
    pub rows: Vec<Row>,
    /// How many files were removed.
    pub removed: usize,
    /// How many pages were read, rather than known from an earlier run.
    pub pages_read: usize,
    /// What came up.
    pub run: Run,
}

impl Project {
    /// Reads a manifest: the file named, or the nearest `docsdk.toml` from the working folder upwards.
    ///
    /// # Errors
    /// What is wrong in it, or that there is none; with the texts the findings point into.
    pub fn open(path: Option<&Path>) -> Result<Self, Run> {
        let path = match path {
            Some(path) => path.to_owned(),
            None => nearest().ok_or_else(|| {
                let finding = Diagnostic::new("no-manifest", Severity::Error, manifest::FILE, "is not there, nor in any folder above");
                let help = "write one as the README shows, name one with `--manifest`, or use `docsdk extract --service … --provider … --out …`";
                Run { findings: vec![finding.help(help)], ..Run::default() }
            })?,
        };
        let file = files::display(&path);
        let bytes =
            fs::read(&path).map_err(|error| Run::only(files::failure("manifest-read", &path, "read", &error)))?;
        let source = files::utf8(&path, bytes).map_err(|finding| Run::only(*finding))?;
        let manifest = Manifest::read(&source, &file)
            .map_err(|findings| Run { findings, sources: [(file.clone(), source)].into() })?;
        let root = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(Self { root, file, manifest, language: None, cache: None })
    }

    /// The folder of a service's specs.
    pub fn specs_folder(&self, entry: &ServiceEntry) -> PathBuf {
        self.root.join(entry.specs_folder())
    }

    /// The services of the names given, all where none is.
    ///
    /// # Errors
    /// A finding about a name that is none.
    pub fn services(&self, names: &[String]) -> Result<Vec<&ServiceEntry>, Box<Diagnostic>> {
        if self.manifest.services.is_empty() {
            let finding = Diagnostic::new("no-services", Severity::Error, &self.file, "names no services");
            let help = "add a `[[service]]` with its `name` and `provider`, as the README shows";
            return Err(Box::new(finding.help(help)));
        }
        if names.is_empty() {
            return Ok(self.manifest.services.iter().collect());
        }
        names.iter().map(|name| self.manifest.service(name, &self.file)).collect()
    }

    /// How many pages the services have, for progress.
    pub fn count_pages(&self, services: &[&ServiceEntry]) -> usize {
        services.iter().map(|entry| self.spec_job(entry).0.pages.len()).sum()
    }

    /// Extracts a service's specs from its pages; writes nothing.
    pub fn extract(&self, entry: &ServiceEntry, on_page: &(dyn Fn() + Sync)) -> (Specs, usize) {
        let (job, findings) = self.spec_job(entry);
        let mut specs = specs::extract(&job, on_page);
        specs.run.findings.splice(0..0, findings);
        (specs, job.pages.len())
    }

    /// Looks at a service's pages and what its specs come to; writes nothing.
    #[cfg(feature = "lint")]
    pub fn look(&self, entry: &ServiceEntry, on_page: &(dyn Fn() + Sync)) -> Looked {
        let (job, findings) = self.spec_job(entry);
        let mut looked = lint::look(&job, on_page);
        looked.run.findings.splice(0..0, findings);
        looked
    }

    /// Proposes overlay entries that settle what was found in a service's pages; writes nothing.
    #[cfg(feature = "lint")]
    pub fn propose(
        &self,
        entry: &ServiceEntry,
        on_page: &(dyn Fn() + Sync),
        wanted: &Wanted,
        said: &Proposal<'_>,
    ) -> Proposed {
        let (job, findings) = self.spec_job(entry);
        let mut proposed = lint::proposals(&job, on_page, wanted, said);
        proposed.run.findings.splice(0..0, findings);
        proposed
    }

    /// Where a service's crate goes and what it stands on.
    pub fn crate_job(&self, entry: &ServiceEntry) -> CrateJob {
        let generate = &self.manifest.generate;
        let runtime = match &generate.runtime {
            RuntimeSource::Path(path) => RuntimeSource::Path(self.root.join(path)),
            other => other.clone(),
        };
        CrateJob {
            folder: self.root.join(entry.crate_folder(generate)),
            runtime,
            templates: generate.templates.as_ref().map(|path| self.root.join(path)),
            language: self.language.clone().filter(|language| *language != entry.language()),
            version: entry.version(),
            changelog: None,
            links: None,
        }
    }

    /// Builds services: pages to specs to crates. An operation whose spec can't be used stays as it was, or is left out
    /// where it is new. Where a service has other errors, its specs are written and its crate is left as it was; the other
    /// services are built all the same.
    pub fn build(&self, services: &[&ServiceEntry], on_page: &(dyn Fn() + Sync)) -> Built {
        let mut built = Built::default();
        for entry in services {
            let (row, plan, mut run) = self.plan(entry, on_page);
            let applied = plan.apply();
            run.findings.extend(applied.findings);
            built.removed += applied.removed;
            built.rows.push(Row { written: applied.written, findings: run.findings.len(), ..row });
            built.run.extend(run);
        }
        built.pages_read = built.rows.iter().map(|row| row.pages).sum();
        if let Some(cache) = &self.cache {
            built.pages_read = built.pages_read.saturating_sub(cache.known());
            built.run.findings.extend(cache.finding());
            cache.prune();
        }
        built
    }

    /// What building a service would write.
    pub fn plan(&self, entry: &ServiceEntry, on_page: &(dyn Fn() + Sync)) -> (Row, Plan, Run) {
        let (specs, pages) = self.extract(entry, on_page);
        let mut row = Row { pages, crate_kept: true, ..row(&specs) };
        let Specs { service, mut operations, texts, broken, kept, mut plan, mut run, .. } = specs;
        if broken.is_all_of(&run) {
            let broken = broken.without(&kept);
            operations.extend(kept);
            let stored = Stored { folder: self.specs_folder(entry), service, operations, texts, broken };
            let links = Some(super::links::links(&stored.folder, &plan));
            match crates::generate(&stored, &CrateJob { links, ..self.crate_job(entry) }) {
                Ok((crate_plan, found)) => {
                    plan.extend(crate_plan);
                    run.extend(found);
                    row.crate_kept = false;
                }
                Err(failed) => run.extend(failed),
            }
        }
        (row, plan, run)
    }

    /// The service's provider; a file's path counts from the manifest's folder.
    fn provider(&self, entry: &ServiceEntry) -> String {
        let name = entry.provider.get_ref();
        if is_path(name) { files::display(&self.root.join(name)) } else { name.clone() }
    }

    /// A service's pages and what the manifest says of it; and what is wrong with its pages' places.
    pub fn spec_job(&self, entry: &ServiceEntry) -> (SpecJob, Vec<Diagnostic>) {
        let folder = self.specs_folder(entry);
        let (pages, findings) = pages::collect(&self.root, &entry.page_patterns(), &folder);
        let service = Service {
            service: entry.name.get_ref().clone(),
            title: entry.title.clone(),
            provider: self.provider(entry),
            api_version: entry.api_version.clone(),
            endpoints: entry.endpoints.clone(),
            ..Service::default()
        };
        let language = entry.language.as_ref().map(|language| language.get_ref().clone());
        (
            SpecJob {
                service,
                protocol: entry.protocol,
                pages,
                folder,
                overlay: None,
                language,
                cache: self.cache.clone(),
            },
            findings,
        )
    }
}

/// What came of a service's pages, counted.
pub fn row(specs: &Specs) -> Row {
    let operations = specs.operations.values();
    Row {
        service: specs.service.service.clone(),
        operations: specs.operations.len(),
        parameters: operations.clone().map(|operation| operation.request.len()).sum(),
        errors: operations.map(|operation| operation.errors.len()).sum::<usize>() + specs.service.errors.len(),
        findings: specs.run.findings.len(),
        settled: specs.findings_settled,
        ..Row::default()
    }
}

fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    if here.join(manifest::FILE).is_file() {
        return Some(manifest::FILE.into());
    }
    here.ancestors().skip(1).map(|folder| folder.join(manifest::FILE)).find(|path| path.is_file())
}
