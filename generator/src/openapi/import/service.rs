//! A whole document → a service.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::reader::{Place, Reader};
use super::servers::Servers;
use crate::openapi::documents::{At, Documents, Refused};
use crate::openapi::extension;
use crate::openapi::loss;
use crate::openapi::node::Node;
use crate::project::Run;
use crate::provenance::{Certainty, Fact};
use crate::spec::{Operation, Service};

/// What is imported.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The documents; those after the first add operations.
    pub files: Vec<PathBuf>,
    /// The folder under which references may lead to other files; without it, each document's own.
    pub root: Option<PathBuf>,
    /// What is known of the service beforehand; what is empty here is as the first document has it.
    pub service: Service,
}

/// What came of documents.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The service.
    pub service: Service,
    /// The operations, by name.
    pub operations: BTreeMap<String, Operation>,
    /// Where their facts stand, by operation.
    pub facts: BTreeMap<String, Vec<Fact>>,
    /// The files that were read.
    pub files: Vec<ImportedFile>,
    /// What could not be read, and what a spec has no place for.
    pub run: Run,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedFile {
    /// Its path as findings and facts have it.
    pub shown: String,
    /// Its text.
    pub text: String,
}

/// Imports documents. What a spec has no place for is among the findings.
pub fn import(source: &Source) -> Imported {
    let mut imported = Imported { service: source.service.clone(), ..Imported::default() };
    let mut names = BTreeSet::new();
    for (index, path) in source.files.iter().enumerate() {
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        let root = source.root.as_ref().unwrap_or(&folder);
        match Documents::read(path, root) {
            Ok(documents) => one(&documents, index == 0, source, &mut names, &mut imported),
            Err(refused) => {
                let Refused { finding, text } = *refused;
                imported.run.sources.extend(text.map(|text| (finding.file.clone(), text)));
                imported.run.findings.push(finding);
            }
        }
    }
    imported
}

fn one(documents: &Documents, first: bool, source: &Source, names: &mut BTreeSet<String>, imported: &mut Imported) {
    let mut reader = Reader::new(documents);
    documents.report(&mut reader.losses);
    if let Some(root) = documents.whole(0)
        && reader.fits(root)
    {
        let servers = reader.servers(root);
        if first {
            imported.service = reader.service(root, &servers, &source.service);
        }
        let found = reader.found(root);
        if found.is_empty() {
            reader.lose(loss::NO_OPERATIONS, root, "the document has no operations");
        }
        for found in found {
            let (mut operation, places) = reader.operation(found, imported.service.protocol, &servers.folder);
            let name = free(&operation.operation, names);
            if name != operation.operation {
                let message =
                    format!("another operation is called `{}` too; this one is `{name}`", operation.operation);
                reader.lose(loss::NAME, found.at, message);
                operation.operation.clone_from(&name);
            }
            let facts = facts(documents, found.at.node, places);
            imported.facts.insert(name.clone(), facts);
            imported.operations.insert(name, operation);
        }
    }
    let findings = std::mem::take(&mut reader.losses.list);
    for loss in &findings {
        let Some(file) = documents.files.get(loss.file) else { continue };
        imported.run.findings.push(loss.finding(&file.shown, documents.pointer(loss.file, loss.span)));
    }
    let marked: BTreeSet<usize> = findings.iter().map(|loss| loss.file).collect();
    for (index, file) in documents.files.iter().enumerate() {
        if marked.contains(&index) {
            imported.run.sources.insert(file.shown.clone(), file.text.clone());
        }
        if imported.files.iter().all(|known| known.shown != file.shown) {
            imported.files.push(ImportedFile { shown: file.shown.clone(), text: file.text.clone() });
        }
    }
}

/// The name, or the name with a number where another operation has it; files may not tell large letters from small.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_u64..).map(|number| format!("{name}{number}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(&name.to_lowercase()));
    let free = free.unwrap_or_default();
    taken.insert(free.to_lowercase());
    free
}

/// The places as facts, as sure as the document says its own sources were.
fn facts(documents: &Documents, operation: &Node, places: Vec<Place>) -> Vec<Fact> {
    let told = operation.get(extension::SOURCES).map(Node::items).unwrap_or_default();
    let mut sources: BTreeMap<&str, Certainty> = BTreeMap::new();
    for source in told {
        let word = source.get("certainty").and_then(Node::as_text).unwrap_or_default();
        let certainty = serde_json::from_value(serde_json::Value::from(word)).unwrap_or(Certainty::Certain);
        if let Some(path) = source.get("fact").and_then(Node::as_text) {
            let known = sources.entry(path).or_insert(certainty);
            *known = (*known).min(certainty);
        }
    }
    let certainty = |path: &str| {
        let of_keys = sources.range(path..).take_while(|(fact, _)| fact.starts_with(path));
        let own = of_keys.filter(|(fact, _)| {
            let rest = fact.get(path.len()..).unwrap_or_default();
            rest.is_empty() || rest.strip_prefix('.').is_some_and(|key| !key.contains(['.', '[', '{']))
        });
        own.map(|(_, certainty)| *certainty).min().unwrap_or(Certainty::Certain)
    };
    let fact = |place: Place| {
        let page = documents.files.get(place.file)?.shown.clone();
        let certainty = certainty(&place.path);
        Some(Fact { path: place.path, page, span: place.span, rule: place.rule, certainty, losers: Vec::new() })
    };
    places.into_iter().filter_map(fact).collect()
}

impl<'a> Reader<'a> {
    /// Whether the document is of a version that is imported.
    fn fits(&mut self, root: At<'a>) -> bool {
        let Some(root) = self.map(root, "an OpenAPI document") else { return false };
        let version = |key: &str| root.node.get(key).and_then(Node::scalar);
        let place = root.get("openapi").or_else(|| root.get("swagger")).unwrap_or(root);
        match (version("openapi"), version("swagger")) {
            (Some(version), _) if version.starts_with("3.0") || version.starts_with("3.1") || version == "3" => true,
            (Some(version), _) => {
                self.lose(loss::VERSION, place, format!("the document is OpenAPI {version}"));
                false
            }
            (None, Some(version)) => {
                self.lose(loss::VERSION, place, format!("the document is Swagger {version}"));
                false
            }
            (None, None) => {
                self.lose(loss::VERSION, place, "the document has no key `openapi`: it is no OpenAPI document");
                false
            }
        }
    }

    /// The service as the document alone has it.
    pub(in crate::openapi) fn service_of(&mut self, root: At<'a>) -> Service {
        let servers = self.servers(root);
        self.service(root, &servers, &Service::default())
    }

    /// The service, where `known` says nothing else.
    fn service(&mut self, root: At<'a>, servers: &Servers, known: &Service) -> Service {
        let sections = ["openapi", "info", "servers", "paths", "components", "security"];
        let extensions = self.extensions(root, "the document", &sections);
        let info = root.get("info");
        if let Some(info) = info {
            self.leave_out(info, "the service", &["title", "version"]);
        }
        let said =
            |key: &str| info.and_then(|info| info.node.get(key)?.scalar()).filter(|text| !text.trim().is_empty());
        let read = Service {
            title: said("title"),
            api_version: said("version"),
            provider: crate::openapi::PROVIDER.to_owned(),
            endpoints: servers.endpoints.clone(),
            ..Service::default()
        };
        let mut service = match extension::set(&read, extension::settings(root.node)) {
            Ok(service) => service,
            Err(error) => {
                self.lose(loss::SHAPE, root, format!("the extensions of docsdk can't be read: {error}"));
                read
            }
        };
        service.extensions = extensions;
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        service.service = given(&known.service).unwrap_or(service.service);
        service.provider = given(&known.provider).unwrap_or(service.provider);
        service.title = known.title.clone().or(service.title);
        service.api_version = known.api_version.clone().or(service.api_version);
        if !known.endpoints.is_empty() {
            service.endpoints = known.endpoints.clone();
        }
        service
    }
}
