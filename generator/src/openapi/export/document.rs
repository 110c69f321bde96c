//! A whole service → a document.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::Value as Json;

use super::operation;
use crate::openapi::documents::Documents;
use crate::openapi::extension::{self, amendments};
use crate::openapi::import::{METHODS, Reader};
use crate::openapi::node::{Entry, Node};
use crate::spec::lock::{Lock, LockedFact, certainty_word};
use crate::spec::{Operation, Protocol, Service, yaml};

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported(Json);

impl Exported {
    /// The document as JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(&self.0).unwrap_or_default() + "\n"
    }

    /// The document as YAML.
    pub fn yaml(&self) -> String {
        yaml::write(&self.0)
    }
}

/// The OpenAPI 3.1 document of a service; with a lock, each operation says where its facts came from. Importing it
/// gives the same specs.
pub fn export(service: &Service, operations: &BTreeMap<String, Operation>, lock: Option<&Lock>) -> Exported {
    let keys = keys(service, operations.values());
    let all: Vec<(&String, &Operation)> = operations.iter().collect();
    let nodes: Vec<(&String, String, Node)> = all
        .into_par_iter()
        .zip(&keys)
        .map(|((name, operation), key)| {
            let method = operation.http.method.to_ascii_lowercase();
            let mut node = operation::operation(service, operation, key, &method);
            if let Some(facts) = lock.and_then(|lock| lock.operations.get(name)).filter(|facts| !facts.is_empty()) {
                let facts: Vec<Node> = facts.iter().map(source).collect();
                node.entries_mut().push(Entry::new(extension::SOURCES, facts));
            }
            (key, method, node)
        })
        .collect();
    let mut paths: Vec<Entry> = Vec::new();
    let mut places: BTreeMap<&String, usize> = BTreeMap::new();
    for (key, method, node) in nodes {
        let place = *places.entry(key).or_insert_with(|| {
            paths.push(Entry::new(key.as_str(), Vec::<Entry>::new()));
            paths.len() - 1
        });
        let Some(path) = paths.get_mut(place) else { continue };
        if METHODS.contains(&method.as_str()) {
            path.node.entries_mut().push(Entry::new(method, node));
        } else {
            if path.node.get(extension::METHODS).is_none() {
                path.node.entries_mut().push(Entry::new(extension::METHODS, Vec::<Entry>::new()));
            }
            if let Some(methods) = path.node.get_mut(extension::METHODS) {
                methods.entries_mut().push(Entry::new(method, node));
            }
        }
    }
    let mut root = head(service);
    if let Some(lock) = lock.filter(|lock| !lock.pages.is_empty()) {
        let page = |name: &str, sha256: &str| Node::from(vec![Entry::new("name", name), Entry::new("sha256", sha256)]);
        let pages: Vec<Node> = lock.pages.iter().map(|locked| page(&locked.name, &locked.sha256)).collect();
        root.entries_mut().push(Entry::new(extension::PAGES, pages));
    }
    root.entries_mut().push(Entry::new("paths", paths));
    root.entries_mut().push(Entry::new("components", vec![Entry::new("securitySchemes", schemes(service.protocol))]));
    Exported(root.json())
}

/// Everything but the paths.
fn head(service: &Service) -> Node {
    let title = service.title.as_deref().unwrap_or(&service.service);
    let version = service.api_version.as_deref().unwrap_or("unversioned");
    let mut entries = vec![
        Entry::new("openapi", "3.1.0"),
        Entry::new("info", vec![Entry::new("title", title), Entry::new("version", version)]),
    ];
    let servers = servers(service);
    if !servers.is_empty() {
        entries.push(Entry::new("servers", servers));
    }
    let asked = schemes(service.protocol)
        .into_iter()
        .map(|scheme| Node::from(vec![Entry::new(scheme.key, Vec::<Node>::new())]));
    entries.push(Entry::new("security", asked.collect::<Vec<_>>()));
    for (key, value) in service.extensions.iter().filter(|(key, _)| !key.starts_with(extension::PREFIX)) {
        entries.push(Entry::new(key.clone(), value.clone()));
    }
    let documents = Documents::of(entries.into());
    let got = documents.whole(0).map(|root| {
        let mut reader = Reader::new(&documents);
        reader.service_of(root)
    });
    let amended = got.map(|got| amendments(service, &got, &[])).unwrap_or_default();
    let mut files = documents.files;
    let mut root = files.pop().map(|file| file.root).unwrap_or_default();
    root.entries_mut().extend(amended);
    root
}

fn servers(service: &Service) -> Vec<Node> {
    let endpoints = &service.endpoints;
    let mut out: Vec<Node> = Vec::new();
    out.extend(endpoints.default.as_deref().map(|url| vec![Entry::new("url", url)].into()));
    if let Some(pattern) = &endpoints.regional {
        // A variable needs a default; the first region known is one that there is.
        let usual = endpoints.regions.keys().find(|region| !region.is_empty()).map_or("region", String::as_str);
        let variable = vec![
            Entry::new("default", usual),
            Entry::new("description", "The region's id; regions that have servers of their own are below."),
        ];
        let variables = vec![Entry::new("region", variable)];
        out.push(vec![Entry::new("url", pattern.as_str()), Entry::new("variables", variables)].into());
    }
    for (region, url) in &endpoints.regions {
        let description = format!("The region {region}.");
        out.push(
            vec![
                Entry::new("url", url.as_str()),
                Entry::new("description", description),
                Entry::new(extension::REGION, region.as_str()),
            ]
            .into(),
        );
    }
    out
}

/// How callers say who they are. OpenAPI has no word for signatures: they are keys in a header.
fn schemes(protocol: Protocol) -> Vec<Entry> {
    let header = |name: &str, header: &str, description: &str| {
        let scheme = vec![
            Entry::new("type", "apiKey"),
            Entry::new("in", "header"),
            Entry::new("name", header),
            Entry::new("description", description),
            Entry::new(extension::ADDED, true),
        ];
        Entry::new(name, scheme)
    };
    match protocol {
        Protocol::AliyunRpc | Protocol::AliyunRoa => {
            vec![header("signature", "Authorization", "A signature by an access key: ACS3-HMAC-SHA256.")]
        }
        Protocol::HuaweiRest => vec![
            header("signature", "Authorization", "A signature by an access key: SDK-HMAC-SHA256 or V11-HMAC-SHA256."),
            header("token", "X-Auth-Token", "A token of the vendor's identity service."),
        ],
        Protocol::RestJson => {
            vec![Entry::new("bearer", vec![Entry::new("type", "http"), Entry::new("scheme", "bearer")])]
        }
    }
}

fn source(fact: &LockedFact) -> Node {
    let lines = |start: crate::page::Line, end: crate::page::Line| {
        format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
    };
    let number = |page: usize| Json::from(page + 1);
    let mut entries = vec![
        Entry::new("fact", fact.path.as_str()),
        Entry::new("page", number(fact.page)),
        Entry::new("lines", lines(fact.start, fact.end)),
        Entry::new("rule", fact.rule.as_str()),
        Entry::new("certainty", certainty_word(fact.certainty)),
    ];
    let losers = fact.losers.iter().map(|loser| {
        Node::from(vec![
            Entry::new("page", number(loser.page)),
            Entry::new("lines", lines(loser.start, loser.end)),
            Entry::new("rule", loser.rule.as_str()),
            Entry::new("settled", loser.settled.word()),
            Entry::new("value", loser.value.as_str()),
        ])
    });
    let losers: Vec<Node> = losers.collect();
    if !losers.is_empty() {
        entries.push(Entry::new("contradicted", losers));
    }
    entries.into()
}

/// The key of each operation under `paths`. OpenAPI has one operation a method and path: those that share theirs with
/// others are told apart by a fragment, which is never sent; so are paths that differ in their placeholders' names alone.
fn keys<'o>(service: &Service, operations: impl Iterator<Item = &'o Operation> + Clone) -> Vec<String> {
    let bare = |operation: &Operation| {
        let path = operation.http.path.split(['?', '#']).next().unwrap_or_default().to_owned();
        if path.starts_with('/') { path } else { format!("/{path}") }
    };
    let mut shared: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut templates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations.clone() {
        let path = bare(operation);
        *shared.entry((shape(&path), operation.http.method.as_str())).or_default() += 1;
        templates.entry(shape(&path)).or_default().insert(path);
    }
    let key = |operation: &Operation| {
        let path = bare(operation);
        let shape = shape(&path);
        let alone = templates.get(&shape).is_none_or(|templates| templates.len() == 1)
            && shared.get(&(shape, operation.http.method.as_str())) == Some(&1);
        let fragment = service.protocol == Protocol::AliyunRpc || !alone;
        if fragment { format!("{path}#{}", operation.operation) } else { path }
    };
    operations.map(key).collect()
}

/// A path without its placeholders' names.
fn shape(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        out.push(c);
    }
    out
}
