//! A service in the report: its pages, its operations and the facts of each.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::fact::{self, FactEvidence};
use super::gather::Gathered;
use super::text::{Places, Texts};
use crate::files::{self, Difference};
use crate::page::{self, Format};
use crate::spec::lock;
use crate::spec::path;

/// A service.
#[derive(Debug, Serialize)]
pub(super) struct ServiceEvidence {
    name: String,
    title: Option<String>,
    provider: String,
    protocol: Value,
    api_version: Option<String>,
    pages: Vec<PageEvidence>,
    pub(super) operations: Vec<OperationEvidence>,
    /// The checked-in files that are not what the pages give, and in what way.
    stale: BTreeMap<String, &'static str>,
}

/// A page, or another text that facts or findings point into.
#[derive(Debug, Serialize)]
pub(super) struct PageEvidence {
    /// The path as people know it.
    file: String,
    /// Its lines, by their numbers among all lines.
    lines: Vec<usize>,
    /// Whether it is markup rather than text.
    markup: bool,
    /// The rows that some rule read, and all of its tables.
    rows: [usize; 2],
    /// The blocks that some rule read, and all.
    blocks: [usize; 2],
}

/// An operation; without a name, what all operations of the service have in common.
#[derive(Debug, Serialize)]
pub(super) struct OperationEvidence {
    name: String,
    spec: Value,
    pub(super) facts: Vec<FactEvidence>,
    /// How the checked-in file differs from what the pages give; nothing where it does not.
    checked_in: Option<&'static str>,
}

impl ServiceEvidence {
    pub(super) fn count_facts(&self) -> usize {
        self.operations.iter().map(|operation| operation.facts.len()).sum()
    }
}

/// A service as the report's file has it.
pub(super) fn service(
    Gathered { job, specs, sources }: &Gathered,
    places: &[Option<Places<'_>>],
    (lines, rules): (&mut Texts, &mut Texts),
) -> ServiceEvidence {
    let pages = sources.iter().zip(places).map(|(source, places)| {
        let coverage = specs.coverage.get(&source.file).copied().unwrap_or_default();
        let text = source.text.as_deref();
        PageEvidence {
            file: source.file.clone(),
            lines: places.as_ref().map(|places| places.numbers(lines)).unwrap_or_default(),
            markup: text.is_some_and(|text| page::format_of(&source.file, text) == Format::Html),
            rows: [coverage.rows_claimed, coverage.rows],
            blocks: [coverage.blocks_claimed, coverage.blocks],
        }
    });
    let differences = specs.plan.differences();
    let way = |path: &Path| differences.get(path).map(word);
    let service = &specs.service;
    let mut operations: Vec<OperationEvidence> = Vec::new();
    let common = specs.lock.operations.get(lock::SERVICE).map(Vec::as_slice).unwrap_or_default();
    if !common.is_empty() {
        operations.push(OperationEvidence {
            name: String::new(),
            spec: json!({ "errors": service.errors }),
            facts: fact::facts(common, places, rules),
            checked_in: way(&job.folder.join("service.yaml")),
        });
    }
    for (name, operation) in &specs.operations {
        let facts = specs.lock.operations.get(name).map(Vec::as_slice).unwrap_or_default();
        operations.push(OperationEvidence {
            name: name.clone(),
            spec: path::tree(operation),
            facts: fact::facts(facts, places, rules),
            checked_in: way(&job.folder.join("operations").join(format!("{name}.yaml"))),
        });
    }
    ServiceEvidence {
        name: service.service.clone(),
        title: service.title.clone(),
        provider: service.provider.clone(),
        protocol: json!(service.protocol),
        api_version: service.api_version.clone(),
        pages: pages.collect(),
        operations,
        stale: differences.iter().map(|(path, difference)| (files::display(path), word(difference))).collect(),
    }
}

fn word(difference: &Difference) -> &'static str {
    match difference {
        Difference::Missing => "missing",
        Difference::Changed(_) => "changed",
        Difference::Left => "left",
    }
}
