//! Everything that the report shows, gathered from the pages: they are extracted once, as a build does it, and nothing is
//! written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Serialize;

use super::change::{self, ChangeEvidence};
use super::finding::{self, FindingEvidence, PlaceEvidence};
use super::service::{self, ServiceEvidence};
use super::text::{Places, Texts};
use crate::files;
use crate::lint::{self, CLASSES, Looked, Place};
use crate::manifest::ServiceEntry;
use crate::page;
use crate::project::{Project, Run, SpecJob, Specs, extract};

/// Everything that the report shows.
#[derive(Debug, Serialize)]
pub struct Evidence {
    /// The version of docsdk that read the pages.
    docsdk: &'static str,
    services: Vec<ServiceEvidence>,
    /// The rules that read facts, by their numbers.
    rules: Vec<String>,
    /// Every different line of the pages, by their numbers.
    lines: Vec<String>,
    /// The classes of the findings: what they are about and what to do.
    classes: BTreeMap<&'static str, [&'static str; 2]>,
    /// The findings, worst first.
    findings: Vec<FindingEvidence>,
    /// What changed; nothing where nobody asked.
    change: Option<ChangeEvidence>,
    /// How much there is.
    #[serde(skip)]
    pub counts: Counts,
    /// What kept files from being read.
    #[serde(skip)]
    pub run: Run,
}

/// How much a report shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Services.
    pub services: usize,
    /// Operations.
    pub operations: usize,
    /// Facts.
    pub facts: usize,
    /// Findings.
    pub findings: usize,
    /// Changes against another state of the specs.
    pub changes: usize,
}

/// A service and the texts that its facts and findings point into.
pub(super) struct Gathered {
    pub(super) job: SpecJob,
    pub(super) specs: Specs,
    /// The pages of the lock in its order, then what else findings point into.
    pub(super) sources: Vec<Source>,
}

/// A text that facts or findings point into.
pub(super) struct Source {
    /// The path as people know it.
    pub(super) file: String,
    /// Nothing where it can't be read, or no place in it is known.
    pub(super) text: Option<String>,
}

/// Gathers what is known of services: extracts them and looks at them as `docsdk lint` does; with `against`, compares
/// what the pages give with another state of the specs, as `docsdk diff --against` does.
///
/// # Errors
/// A finding where what to compare with can't be read.
pub fn gather(
    project: &Project,
    services: &[&ServiceEntry],
    against: Option<&str>,
    on_page: &(dyn Fn() + Sync),
) -> Result<Evidence, Run> {
    let mut looked = Looked::default();
    let mut gathered = Vec::new();
    for entry in services {
        let (job, findings) = project.spec_job(entry);
        let mut specs = extract(&job, on_page);
        let mut found = lint::look_over(&job, &mut specs);
        found.run.findings.splice(0..0, findings);
        let sources = sources(&job, &specs, &found);
        looked.extend(found);
        gathered.push(Gathered { job, specs, sources });
    }
    let whole = services.len() == project.manifest.services.len();
    let change = against.map(|what| change::against(what, project, &gathered, whole)).transpose()?;
    Ok(evidence(&gathered, looked, change))
}

fn evidence(gathered: &[Gathered], looked: Looked, change: Option<ChangeEvidence>) -> Evidence {
    let places: Vec<Vec<Option<Places<'_>>>> = gathered
        .iter()
        .map(|service| service.sources.iter().map(|source| source.text.as_deref().map(Places::new)).collect())
        .collect();
    let (mut lines, mut rules) = (Texts::default(), Texts::default());
    let services: Vec<ServiceEvidence> = gathered
        .iter()
        .zip(&places)
        .map(|(service, places)| service::service(service, places, (&mut lines, &mut rules)))
        .collect();
    let numbers: BTreeMap<(&str, &str), (usize, usize)> = gathered
        .iter()
        .enumerate()
        .flat_map(|(service, Gathered { specs, sources, .. })| {
            let name = specs.service.service.as_str();
            sources.iter().enumerate().map(move |(page, source)| ((name, source.file.as_str()), (service, page)))
        })
        .collect();
    let of_name: BTreeMap<&str, usize> =
        gathered.iter().enumerate().map(|(at, service)| (service.specs.service.service.as_str(), at)).collect();
    let findings = looked.findings.iter().map(|found| {
        let place = |place: &Place| {
            let (service, page) = *numbers.get(&(found.service.as_str(), place.file.as_str()))?;
            let known = places.get(service).and_then(|pages| pages.get(page)).and_then(Option::as_ref);
            let range = place.lines.and_then(|(start, end)| Some(known?.range(start, end)));
            Some(PlaceEvidence(page, range, place.label.clone()))
        };
        finding::finding(found, of_name.get(found.service.as_str()).copied().unwrap_or_default(), place)
    });
    let findings: Vec<FindingEvidence> = findings.collect();
    let used: BTreeSet<&str> = looked.findings.iter().map(|finding| finding.class.id).collect();
    let classes = CLASSES.iter().filter(|class| used.contains(class.id));
    let counts = Counts {
        services: services.len(),
        operations: gathered.iter().map(|service| service.specs.operations.len()).sum(),
        facts: services.iter().map(ServiceEvidence::count_facts).sum(),
        findings: findings.len(),
        changes: change.as_ref().map_or(0, ChangeEvidence::count),
    };
    Evidence {
        docsdk: env!("CARGO_PKG_VERSION"),
        services,
        rules: rules.into_texts(),
        lines: lines.into_texts(),
        classes: classes.map(|class| (class.id, [class.about, class.remedy])).collect(),
        findings,
        change,
        counts,
        run: looked.run,
    }
}

/// The pages of a service's lock, and the other files that findings about it point to.
fn sources(job: &SpecJob, specs: &Specs, looked: &Looked) -> Vec<Source> {
    let pages: BTreeMap<&str, (&str, &Path)> =
        job.pages.iter().map(|page| (page.name.as_str(), (page.shown.as_str(), page.path.as_path()))).collect();
    let mut sources: Vec<Source> = specs
        .lock
        .pages
        .iter()
        .map(|page| {
            if let Some((shown, path)) = pages.get(page.name.as_str()) {
                return read(shown, path);
            }
            let path = job.folder.join(&page.name);
            read(&files::display(&path), &path)
        })
        .collect();
    let mut known: BTreeSet<String> = sources.iter().map(|source| source.file.clone()).collect();
    for finding in &looked.findings {
        for place in [&finding.place].into_iter().chain(&finding.related) {
            if known.insert(place.file.clone()) {
                let text = place.lines.and_then(|_| looked.text(&place.file));
                sources.push(Source { file: place.file.clone(), text });
            }
        }
    }
    sources
}

fn read(shown: &str, path: &Path) -> Source {
    let text = fs::read(path).ok().and_then(|bytes| page::decode(shown, bytes).ok());
    Source { file: shown.to_owned(), text: text.map(|(text, _)| text) }
}
