//! Looks at a service: extracts it as a build would, writes nothing, and gathers what a person should look at.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::class::Class;
use super::finding::{Finding, Place};
use super::place::{Files, Lines};
use super::proposal::offered;
use super::{facts, gaps};
use crate::files;
use crate::page;
use crate::project::{Run, SpecJob, Specs, extract};
use crate::report::Sources;
use crate::spec::lock::{self, LockedFact};
use crate::spec::{overlay, path};

/// What there is to look at.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// The findings, worst first.
    pub findings: Vec<Finding>,
    /// What kept files from being read: of no class, since nothing was looked at there.
    pub run: Run,
    /// Classes of which some findings can be settled by an overlay's entry that asks nobody for a value.
    pub(super) offered: BTreeSet<&'static str>,
    /// The texts that are not pages on disk, by the file names that findings use.
    texts: Sources,
    /// The pages, by the file names that findings use.
    pages: BTreeMap<String, PathBuf>,
}

impl Looked {
    /// Takes in what another service has.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.findings.sort_by(|a, b| a.order().cmp(&b.order()));
        self.run.extend(other.run);
        self.offered.extend(other.offered);
        self.texts.extend(other.texts);
        self.pages.extend(other.pages);
    }

    /// The text of a file that findings point into.
    pub fn text(&self, file: &str) -> Option<String> {
        if let Some(text) = self.texts.get(file) {
            return Some(text.clone());
        }
        let bytes = fs::read(self.pages.get(file)?).ok()?;
        page::decode(file, bytes).ok().map(|(text, _)| text)
    }
}

/// One operation and what is known of its facts.
pub(super) struct Subject<'a> {
    pub(super) service: &'a str,
    pub(super) name: &'a str,
    pub(super) tree: Value,
    pub(super) facts: &'a [LockedFact],
    pub(super) files: &'a Files,
    /// The overlay's path, between backticks.
    pub(super) overlay: &'a str,
    by_path: BTreeMap<&'a str, &'a LockedFact>,
}

impl Subject<'_> {
    /// The fact at a place of the spec.
    pub(super) fn fact(&self, path: &str) -> Option<&LockedFact> {
        self.by_path.get(path).copied()
    }

    /// Whether the facts are the service's own, not an operation's.
    pub(super) fn is_service(&self) -> bool {
        self.name == lock::SERVICE
    }

    /// What the facts are of, in a sentence.
    pub(super) fn title(&self) -> String {
        if self.is_service() { "the service".to_owned() } else { format!("`{}`", self.name) }
    }

    /// The operation's page, where no place on it is known.
    pub(super) fn somewhere(&self) -> Place {
        let page = self.fact("operation").or(self.facts.first()).map_or(usize::MAX, |fact| fact.page);
        Place {
            file: self.files.0.get(page).cloned().unwrap_or_else(|| self.overlay.replace('`', "")),
            lines: None,
            label: String::new(),
        }
    }

    /// Whether some facts stand on a page.
    fn is_on(&self, file: &str) -> bool {
        self.facts.iter().any(|fact| self.files.0.get(fact.page).is_some_and(|page| page == file))
    }

    /// The facts at whose place extraction has found a contradiction already.
    fn contested(&self, findings: &[Finding]) -> Vec<String> {
        let speaks = |finding: &&Finding| finding.place.lines.is_some() && !finding.related.is_empty();
        let places: BTreeSet<(&str, u32, u32)> = findings
            .iter()
            .filter(speaks)
            .filter_map(|finding| {
                let (start, _) = finding.place.lines?;
                Some((finding.place.file.as_str(), start.line, start.column))
            })
            .collect();
        let told = |fact: &&LockedFact| {
            let file = self.files.0.get(fact.page).map_or("", String::as_str);
            !fact.losers.is_empty() && places.contains(&(file, fact.start.line, fact.start.column))
        };
        self.facts.iter().filter(told).map(|fact| fact.path.clone()).collect()
    }

    /// Gives findings of extraction the operation they are about, and those about its spec their place on a page.
    fn adopt(&self, spec: &str, findings: &mut [Finding]) {
        for finding in findings {
            if finding.place.file == spec {
                self.name.clone_into(&mut finding.operation);
                if let Some(fact) = self.nearest(&finding.path) {
                    let label = format!("read by `{}`", fact.rule);
                    finding.place = self.files.fact(fact, label);
                    finding.rule.clone_from(&fact.rule);
                    finding.certainty = Some(fact.certainty);
                }
                continue;
            }
            let mine = finding.operation.is_empty() && !finding.path.is_empty() && self.is_on(&finding.place.file);
            let owner = finding.path.rsplit_once('.').map_or(finding.path.as_str(), |(owner, _)| owner);
            if mine && path::resolve(&self.tree, owner).rest.is_empty() {
                self.name.clone_into(&mut finding.operation);
            }
        }
    }

    /// The fact at a place of the spec, or that of what it belongs to.
    pub(super) fn nearest(&self, path: &str) -> Option<&LockedFact> {
        let mut owner = path.trim_end_matches(['[', ']', '{', '}']);
        loop {
            let keys = ["", ".type", ".name"];
            if let Some(fact) = keys.iter().find_map(|key| self.fact(&format!("{owner}{key}"))) {
                return Some(fact);
            }
            owner = owner.rsplit_once('.')?.0.trim_end_matches(['[', ']', '{', '}']);
        }
    }

    /// An overlay's entry, as advice.
    pub(super) fn entry(&self, verb: &str, path: &str, to: &str) -> String {
        format!("write in {}\n- {verb}: {}.{path}\n  to: {to}\n  reason: …", self.overlay, self.name)
    }
}

/// Looks at a service's pages and what its specs come to.
///
/// `on_page` is called as each page was read.
pub fn look(job: &SpecJob, on_page: &(dyn Fn() + Sync)) -> Looked {
    look_over(job, &mut extract(job, on_page))
}

/// Looks at what was extracted; takes what came up out of it.
pub(crate) fn look_over(job: &SpecJob, specs: &mut Specs) -> Looked {
    let run = std::mem::take(&mut specs.run);
    let Specs { service, operations, lock, .. } = &*specs;
    let overlay_file = format!("`{}`", files::display(&job.folder.join("overlay.yaml")));
    let mut looked = extracted(&service.service, run);
    let shown: BTreeMap<&str, &str> = job.pages.iter().map(|page| (page.name.as_str(), page.shown.as_str())).collect();
    let file = |name: &str| shown.get(name).map_or_else(|| files::display(&job.folder.join(name)), ToString::to_string);
    let files = Files(lock.pages.iter().map(|page| file(&page.name)).collect());
    for (name, operation) in operations {
        let facts = lock.operations.get(name).map(Vec::as_slice).unwrap_or_default();
        let subject = Subject {
            service: &service.service,
            name,
            tree: path::tree(operation),
            facts,
            files: &files,
            overlay: &overlay_file,
            by_path: facts.iter().map(|fact| (fact.path.as_str(), fact)).collect(),
        };
        let spec = files::display(&job.folder.join("operations").join(format!("{name}.yaml")));
        subject.adopt(&spec, &mut looked.findings);
        let gaps = gaps::findings(&subject, operation);
        let mut told: BTreeSet<String> = gaps.iter().map(|finding| finding.path.clone()).collect();
        // A type that is not known, or that an overlay sets, and the word that was not known for one are the same thing.
        let set = facts.iter().filter(|fact| fact.rule == overlay::RULE).map(|fact| fact.path.as_str());
        let types = told.iter().map(String::as_str).chain(set).filter_map(|path| path.strip_suffix(".type"));
        let words: Vec<String> = types.map(|field| format!("{field}.declared_type")).collect();
        told.extend(words);
        told.extend(subject.contested(&looked.findings));
        looked.findings.extend(gaps);
        looked.findings.extend(facts::findings(&subject, &told));
    }
    if let Some(facts) = lock.operations.get(lock::SERVICE) {
        let subject = Subject {
            service: &service.service,
            name: lock::SERVICE,
            tree: Value::Null,
            facts,
            files: &files,
            overlay: &overlay_file,
            by_path: BTreeMap::new(),
        };
        looked.findings.extend(facts::findings(&subject, &BTreeSet::new()));
    }
    looked.findings.sort_by(|a, b| a.order().cmp(&b.order()));
    looked.offered = offered(&looked.findings, specs);
    looked.pages = job.pages.iter().map(|page| (page.shown.clone(), page.path.clone())).collect();
    looked
}

/// The findings of extraction: those of a class to look at, the others as they are.
fn extracted(service: &str, run: Run) -> Looked {
    let mut looked = Looked::default();
    let lines = Lines::new(&run.sources);
    for finding in run.findings {
        // Nothing is written: what stands in the way of writing does not matter.
        if ["file-not-ours", "operation-kept"].contains(&finding.id) {
            continue;
        }
        let Some(class) = Class::find(finding.id) else {
            looked.run.findings.push(finding);
            continue;
        };
        let mut found = Finding::new(class, service, "", "", lines.of(&finding));
        found.path = finding.about.clone().unwrap_or_default();
        found.severity = finding.severity;
        found.related = lines.related(&finding);
        found.message = finding.message;
        if let Some(help) = finding.help.filter(|help| !help.is_empty()) {
            found.help = help;
        }
        looked.findings.push(found);
    }
    let needed = |file: &String| looked.run.findings.iter().any(|finding| finding.file == *file);
    looked.run.sources =
        run.sources.iter().filter(|(file, _)| needed(file)).map(|(f, t)| (f.clone(), t.clone())).collect();
    looked.texts = run.sources;
    looked
}
