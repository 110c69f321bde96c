//! From a service's pages to its specs: read, extract, overlay, validate, write.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::facts::{self, Witness};
use super::page_texts::PageTexts;
use super::pages::{self, PageFile};
use super::{Run, provider, stored, texts};
use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::{Coverage, Extraction};
use crate::files::{self, Plan};
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
    /// How much of each page was read, by the path that findings show it by.
    pub coverage: BTreeMap<String, Coverage>,
    /// The files to write.
    pub plan: Plan,
    /// What came up.
    pub run: Run,
}

/// Extracts a service's specs from its pages; writes nothing.
///
/// `on_page` is called as each page was read.
pub fn extract(job: &SpecJob, on_page: &(dyn Fn() + Sync)) -> Specs {
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
    let extraction = crate::extract::extract_pages(&pages, &provider);
    specs.run.findings.extend(pages.findings());
    let facts = take(extraction, &mut specs);
    let overlay_path = job.overlay.clone().unwrap_or_else(|| job.folder.join(facts::OVERLAY));
    let overlay = overlaid(&overlay_path, &mut specs);
    texts::settle(&mut specs.texts, overlay.as_ref().map_or(&[], |(_, _, settled)| settled));
    witness(&pages, overlay.as_ref(), facts, &mut specs);
    specs.run.findings.extend(pages.changes());
    check(&job.folder, &mut specs);
    plan(&job.folder, &mut specs);
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

/// Applies the service's overlay, if it has one: its text and what it settled.
pub(super) fn overlaid(path: &Path, specs: &mut Specs) -> Option<(String, String, Vec<Settled>)> {
    let shown = files::display(path);
    let source = match fs::read_to_string(path) {
        Ok(source) => source,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            specs.run.findings.push(files::failure("overlay-read", path, "read", &error));
            return None;
        }
    };
    let settled = match overlay::read(&source, &shown) {
        Ok(overlay) => {
            let (settled, findings) = overlay::apply(&overlay, &source, &shown, &mut specs.operations);
            specs.run.findings.extend(findings);
            settled
        }
        Err(finding) => {
            specs.run.findings.push(*finding);
            Vec::new()
        }
    };
    specs.run.sources.insert(shown.clone(), source.clone());
    Some((shown, source, settled))
}

fn witness(
    pages: &PageTexts<'_>,
    overlay: Option<&(String, String, Vec<Settled>)>,
    facts: BTreeMap<String, Vec<Fact>>,
    specs: &mut Specs,
) {
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
pub(super) fn check(folder: &Path, specs: &mut Specs) {
    let Specs { service, operations, texts, run, .. } = specs;
    let shown = files::display(&folder.join("service.yaml"));
    let source = yaml::write(service);
    run.findings.extend(validate::service(service).into_iter().map(|issue| stored::finding(issue, &source, &shown)));
    run.sources.insert(shown, source);
    operations.retain(|name, operation| {
        let issues = validate::operation(operation);
        let fit = issues.iter().all(|issue| issue.id != "operation-name");
        if !issues.is_empty() {
            let shown = files::display(&folder.join("operations").join(format!("{name}.yaml")));
            let source = yaml::write(operation);
            let tree = path::tree(operation);
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

pub(super) fn plan(folder: &Path, specs: &mut Specs) {
    let lock_path = folder.join("sources.lock");
    let before = match fs::read_to_string(&lock_path) {
        Ok(source) => lock::read(&source, &files::display(&lock_path)).unwrap_or_else(|finding| {
            specs.run.sources.insert(finding.file.clone(), source);
            specs.run.findings.push(Diagnostic { severity: Severity::Warning, ..*finding });
            Lock::default()
        }),
        Err(_) => Lock::default(),
    };
    let plan = &mut specs.plan;
    plan.files.insert(folder.join("service.yaml"), yaml::write(&specs.service).into_bytes());
    plan.files.insert(lock_path, lock::write(&specs.lock).into_bytes());
    let path_of = |name: &str| folder.join("operations").join(format!("{name}.yaml"));
    for (name, operation) in &specs.operations {
        let (path, contents) = (path_of(name), yaml::write(operation).into_bytes());
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
    plan.files.extend(texts::files(folder, &specs.texts));
    // Where something could not be read, what it held is not known to be gone.
    if !specs.run.has_errors() {
        let gone =
            before.operations.keys().filter(|name| *name != lock::SERVICE && !specs.operations.contains_key(*name));
        plan.stale.extend(gone.map(|name| path_of(name)).filter(|path| path.exists()));
        let ours = |path: &PathBuf| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            before.operations.contains_key(name.as_ref()) && !plan.files.contains_key(path)
        };
        let texts: Vec<PathBuf> = texts::found(folder).into_iter().filter(ours).collect();
        plan.stale.extend(texts);
    }
}
