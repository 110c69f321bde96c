//! From a service's pages to its specs: read, extract, overlay, validate, write.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::facts::{self, Witness};
use super::page_texts::PageTexts;
use super::pages::{self, PageFile};
use super::{Broken, Run, broken, imported, provider, settled, stored, texts};
use crate::cache::Cache;
use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::{Coverage, Extraction};
use crate::files::{self, Plan};
use crate::openapi;
use crate::provenance::Fact;
use crate::spec::lock::{self, Lock, LockedPage};
use crate::spec::overlay::{self, Settled};
use crate::spec::texts::ServiceTexts;
use crate::spec::{Operation, Protocol, Service, path, validate, yaml};

/// A service to extract.
#[derive(Clone, Debug)]
pub struct SpecJob {
    /// What is known of the service beforehand; its protocol counts only where `protocol` is given.
    pub service: Service,
    /// The protocol, where it is not the one usual for the provider.
    pub protocol: Option<Protocol>,
    /// Its pages.
    pub pages: Vec<PageFile>,
    /// The folder of its specs.
    pub folder: PathBuf,
    /// People's corrections, where they are not in `overlay.yaml` beside the specs.
    pub overlay: Option<PathBuf>,
    /// The language of the specs' texts where pages come in several; without it, the one usual for the provider.
    pub language: Option<String>,
    /// What earlier runs kept of pages; without it, all are read.
    pub cache: Option<Arc<Cache>>,
}

/// A service, extracted.
#[derive(Clone, Debug, Default)]
pub struct Specs {
    /// `service.yaml`.
    pub service: Service,
    /// The operations, by name.
    pub operations: BTreeMap<String, Operation>,
    /// Their texts in other languages.
    pub texts: ServiceTexts,
    /// Where the facts came from.
    pub lock: Lock,
    /// What the overlay settled, in its order.
    pub settled: Vec<Settled>,
    /// How many findings the overlay settled: they are not among those that came up.
    pub findings_settled: usize,
    /// How much of each page was read, by the path that findings show it by.
    pub coverage: BTreeMap<String, Coverage>,
    /// Operations that fail validation, under a name that can be a file's.
    pub broken: Broken,
    /// Earlier specs of such operations, which stay in their place.
    pub kept: BTreeMap<String, Operation>,
    /// The files to write.
    pub plan: Plan,
    /// What came up.
    pub run: Run,
}

/// Extracts a service's specs from its pages; writes nothing.
///
/// `on_page` is called as each page was read.
pub fn extract(job: &SpecJob, on_page: &(dyn Fn() + Sync)) -> Specs {
    if job.service.provider == openapi::PROVIDER {
        job.pages.iter().for_each(|_| on_page());
        return imported::import(job, None);
    }
    let mut specs = Specs { service: job.service.clone(), ..Specs::default() };
    let provider = match provider::find(&job.service.provider) {
        Ok(provider) => provider,
        Err(run) => return Specs { run, ..specs },
    };
    provider.name().clone_into(&mut specs.service.provider);
    let provider = provider.preferring(job.language.as_deref());
    specs.service.protocol = job.protocol.unwrap_or_else(|| provider.protocol());
    if specs.service.endpoints.is_empty() {
        specs.service.endpoints = provider.endpoints().clone();
    }
    let pages = PageTexts::new(&job.pages, on_page);
    let extraction = match &job.cache {
        Some(cache) => crate::extract::extract_pages_with(&pages, &provider, cache),
        None => crate::extract::extract_pages(&pages, &provider),
    };
    specs.run.findings.extend(pages.findings());
    let facts = take(extraction, &mut specs);
    let (overlay, is_known) = match overlaid(job, &mut specs) {
        Ok(overlay) => (overlay, true),
        Err(()) => (None, false),
    };
    texts::settle(&mut specs.texts, overlay.as_ref().map_or(&[], |(_, _, settled)| settled));
    witness(&pages, overlay.as_ref(), facts, &mut specs);
    specs.settled = overlay.map(|(_, _, settled)| settled).unwrap_or_default();
    settled::settle(job, &mut specs);
    specs.run.findings.extend(pages.changes());
    check(job, &mut specs);
    // Without what people know, specs would lose it: what there is stays.
    if is_known {
        plan(job, &mut specs);
    }
    let needed = specs.run.needed_sources();
    let texts = pages.read().filter(|(_, shown, _)| needed.contains(*shown));
    let texts: Vec<_> = texts.filter_map(|(number, shown, _)| Some((shown.to_owned(), pages.text(number)?))).collect();
    specs.run.sources.retain(|file, _| needed.contains(file));
    specs.run.sources.extend(texts);
    specs
}

/// Takes over what was extracted; the facts by operation.
fn take(extraction: Extraction, specs: &mut Specs) -> BTreeMap<String, Vec<Fact>> {
    let mut facts = BTreeMap::new();
    facts.insert(lock::SERVICE.to_owned(), extraction.service_facts);
    specs.run.findings.extend(extraction.diagnostics);
    specs.service.errors = extraction.service_errors;
    specs.coverage = extraction.page_coverage;
    for extracted in extraction.operations {
        let name = extracted.operation.operation.clone();
        if specs.operations.contains_key(&name) {
            let page = extracted.pages.first().cloned().unwrap_or_default();
            let message = format!("another page has an operation `{name}` too, with another call");
            let finding = Diagnostic::new("operation-twice", Severity::Warning, page, message);
            specs.run.findings.push(finding.help("leave one of the two pages out of the manifest's `pages`"));
            continue;
        }
        facts.insert(name.clone(), extracted.facts);
        for (language, texts) in extracted.texts {
            specs.texts.entry(language).or_default().insert(name.clone(), texts);
        }
        specs.operations.insert(name, extracted.operation);
    }
    facts
}

/// The text of an overlay's file; nothing where there is none.
///
/// # Errors
/// A finding where it can't be read, or is no UTF-8.
pub fn read_overlay(path: &Path) -> Result<Option<String>, Box<Diagnostic>> {
    match fs::read(path) {
        Ok(bytes) => files::utf8(path, bytes).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Box::new(files::failure("overlay-read", path, "read", &error))),
    }
}

/// Applies the service's overlay, if it has one: its text and what it settled; an error where it can't be read.
pub(super) fn overlaid(job: &SpecJob, specs: &mut Specs) -> Result<Option<Overlaid>, ()> {
    let path = job.overlay.clone().unwrap_or_else(|| job.folder.join(facts::OVERLAY));
    let shown = files::display(&path);
    let source = read_overlay(&path).map_err(|finding| specs.run.findings.push(*finding))?;
    let Some(source) = source else { return Ok(None) };
    specs.run.sources.insert(shown.clone(), source.clone());
    let overlay = overlay::read(&source, &shown).map_err(|finding| specs.run.findings.push(*finding))?;
    if overlay.overlay.is_empty() && overlay.renames.is_empty() {
        let finding = Diagnostic::new("overlay-empty", Severity::Warning, &shown, "holds no entries");
        specs.run.findings.push(finding.help("take the file away; if it held entries, take its last version back"));
    }
    let (settled, findings) = overlay::apply(&overlay, &source, &shown, &mut specs.operations);
    specs.run.findings.extend(findings);
    Ok(Some((shown, source, settled)))
}

/// An overlay's path, its text and what it settled.
type Overlaid = (String, String, Vec<Settled>);

fn witness(pages: &PageTexts<'_>, overlay: Option<&Overlaid>, facts: BTreeMap<String, Vec<Fact>>, specs: &mut Specs) {
    let (numbers, mut witnesses): (Vec<usize>, Vec<Witness<'_>>) =
        pages.read().map(|(number, shown, locked)| (number, Witness { shown, locked })).unzip();
    let mut settled: &[Settled] = &[];
    let mut overlay_text = "";
    if let Some((shown, source, settlements)) = overlay.filter(|(_, _, settled)| !settled.is_empty()) {
        let locked = LockedPage { name: facts::OVERLAY.to_owned(), sha256: pages::hash(source.as_bytes()) };
        witnesses.push(Witness { shown, locked });
        (settled, overlay_text) = (settlements, source);
    }
    // The overlay comes last, after the pages.
    let text = |at: usize| match numbers.get(at) {
        Some(number) => pages.text(*number).map(Cow::Owned),
        None => Some(Cow::Borrowed(overlay_text)),
    };
    specs.lock = facts::lock(&witnesses, &text, facts, settled, &specs.operations);
}

/// Validates what came out; operations whose name is no file name are left out.
pub(super) fn check(job: &SpecJob, specs: &mut Specs) {
    let Specs { service, operations, texts, run, broken, .. } = specs;
    let shown = files::display(&job.folder.join("service.yaml"));
    let source = yaml::write(service);
    run.findings.extend(validate::service(service).into_iter().map(|issue| stored::finding(issue, &source, &shown)));
    run.sources.insert(shown, source);
    operations.retain(|name, operation| {
        let issues = validate::operation(operation);
        let fit = issues.iter().all(|issue| issue.id != "operation-name");
        if !issues.is_empty() {
            let shown = files::display(&job.folder.join("operations").join(format!("{name}.yaml")));
            let source = yaml::write(operation);
            let tree = path::tree(operation);
            if fit {
                broken.add(name, issues.len());
            }
            run.findings.extend(issues.into_iter().map(|issue| {
                let about = path::of_steps(&tree, &issue.place);
                stored::finding(issue, &source, &shown).about(about)
            }));
            run.sources.insert(shown, source);
        }
        fit
    });
    for texts in texts.values_mut() {
        texts.retain(|name, _| operations.contains_key(name));
    }
}

pub(super) fn plan(job: &SpecJob, specs: &mut Specs) {
    let lock_path = job.folder.join("sources.lock");
    let before = match fs::read(&lock_path).map(|bytes| files::utf8(&lock_path, bytes)) {
        Ok(Err(finding)) => {
            specs.run.findings.push(Diagnostic { severity: Severity::Warning, ..*finding });
            Lock::default()
        }
        Ok(Ok(source)) => lock::read(&source, &files::display(&lock_path)).unwrap_or_else(|finding| {
            specs.run.sources.insert(finding.file.clone(), source);
            specs.run.findings.push(Diagnostic { severity: Severity::Warning, ..*finding });
            Lock::default()
        }),
        Err(_) => Lock::default(),
    };
    let plan = &mut specs.plan;
    plan.files.insert(job.folder.join("service.yaml"), yaml::write(&specs.service).into_bytes());
    plan.files.insert(lock_path, lock::write(&specs.lock).into_bytes());
    let path_of = |name: &str| job.folder.join("operations").join(format!("{name}.yaml"));
    for (name, operation) in &specs.operations {
        let path = path_of(name);
        if specs.broken.has(name)
            && before.operations.contains_key(name)
            && let Some(earlier) = stored::sound(&path)
        {
            specs.run.findings.push(broken::kept(&path, name));
            specs.kept.insert(name.clone(), earlier);
            continue;
        }
        let contents = yaml::write(operation).into_bytes();
        let theirs = !before.operations.contains_key(name) && fs::read(&path).is_ok_and(|bytes| bytes != contents);
        if theirs {
            let message = "is there already, and no `sources.lock` says that docsdk wrote it";
            let finding = Diagnostic::new("file-not-ours", Severity::Error, files::display(&path), message);
            let help = "move the file away; what it knows better than the pages belongs into `overlay.yaml`";
            specs.run.findings.push(finding.help(help));
            continue;
        }
        plan.files.insert(path, contents);
    }
    let stays =
        |path: &Path| path.file_stem().and_then(|name| name.to_str()).is_some_and(|name| specs.kept.contains_key(name));
    plan.files.extend(texts::files(&job.folder, &specs.texts).into_iter().filter(|(path, _)| !stays(path)));
    // Broken operations stop no other; where anything else could not be read, what it held is not known to be gone.
    if specs.broken.is_all_of(&specs.run) {
        let gone =
            before.operations.keys().filter(|name| *name != lock::SERVICE && !specs.operations.contains_key(*name));
        plan.stale.extend(gone.map(|name| path_of(name)).filter(|path| path.exists()));
        let ours = |path: &PathBuf| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            before.operations.contains_key(name.as_ref()) && !plan.files.contains_key(path) && !stays(path)
        };
        let texts: Vec<PathBuf> = texts::found(&job.folder).into_iter().filter(ours).collect();
        plan.stale.extend(texts);
    }
}
