//! A run: every page of a service at once.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::elsewhere::Elsewhere;
use super::learned::Learned;
use super::merge;
use super::outermost::Outermost;
use super::page::{self, PageResult};
use super::provider::Provider;
use super::shapes::Shapes;
use crate::diagnostic::Diagnostic;
use crate::page::Document;
use crate::provenance::Fact;
use crate::spec::{ErrorCode, Operation};

/// What a run's pages yield.
#[derive(Clone, Debug, Default)]
pub struct Extraction {
    /// Codes of pages that list nothing else: the service's own, common to its operations.
    pub service_errors: Vec<ErrorCode>,
    /// Where the service's codes stand; paths begin with `errors.`.
    pub service_facts: Vec<Fact>,
    /// The operations, in the order of the documents; pages of one operation are joined.
    pub operations: Vec<ExtractedOperation>,
    /// What was read with doubt or not at all, in the order of the documents.
    pub diagnostics: Vec<Diagnostic>,
    /// How much of the pages was read.
    pub coverage: Coverage,
}

/// An operation and where its facts stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExtractedOperation {
    /// The operation.
    pub operation: Operation,
    /// A fact each value of it.
    pub facts: Vec<Fact>,
    /// The pages it was read from.
    pub pages: Vec<String>,
    /// Its texts in other languages than its own, by language and by their place in the spec.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
}

/// How much of the pages some rule has read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Pages given.
    pub pages: usize,
    /// Pages that yielded an operation.
    pub operations: usize,
    /// Table rows, headers left out.
    pub rows: usize,
    /// Rows that a rule read.
    pub rows_claimed: usize,
    /// Blocks of the pages.
    pub blocks: usize,
    /// Blocks that a rule read, or knows to hold nothing of the operation.
    pub blocks_claimed: usize,
}

/// What a run's pages tell of each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'r, 'a> {
    pub(crate) learned: &'r Learned,
    pub(crate) outermost: &'r Outermost,
    /// What all samples of the run show.
    pub(crate) shapes: &'r Shapes,
    /// The tables of the run's other pages.
    pub(crate) elsewhere: &'r Elsewhere<'r, 'a>,
}

impl Coverage {
    fn add(&mut self, other: &Self) {
        self.pages += other.pages;
        self.operations += other.operations;
        self.rows += other.rows;
        self.rows_claimed += other.rows_claimed;
        self.blocks += other.blocks;
        self.blocks_claimed += other.blocks_claimed;
    }
}

/// Reads the operations of some documents, in two passes: what they teach about each other, then each by itself. Then
/// joins what several pages say of one operation.
///
/// The result does not depend on the number of threads, and on the documents' order only in its own order.
#[must_use]
pub fn extract(documents: &[Document<'_>], provider: &Provider) -> Extraction {
    let learned = documents
        .par_iter()
        .map(|document| Learned::from_page(document, &provider.vocabulary))
        .reduce(Learned::default, Learned::merge)
        .settled();
    let outermost = documents
        .par_iter()
        .map(|document| Outermost::from_page(document, &provider.vocabulary))
        .reduce(Outermost::default, Outermost::merge);
    // Only where one table holds a whole message do rows need samples to be nested.
    let shapes: Vec<Shapes> = documents.par_iter().filter(|_| provider.dotted_names).map(Shapes::from_page).collect();
    let shapes = shapes.into_iter().fold(Shapes::default(), Shapes::merge);
    let elsewhere = Elsewhere::new(documents);
    let run = Run { learned: &learned, outermost: &outermost, shapes: &shapes, elsewhere: &elsewhere };
    let pages: Vec<PageResult> = documents.par_iter().map(|document| page::read(document, provider, run)).collect();
    let mut extraction = Extraction::default();
    let mut documents_of = Vec::new();
    for (document, page) in documents.iter().zip(pages) {
        documents_of.extend(page.operation.as_ref().map(|_| document));
        extraction.coverage.add(&page.coverage);
        extraction.diagnostics.extend(page.diagnostics);
        extraction.service_errors.extend(page.service_errors);
        extraction.service_facts.extend(page.service_facts);
        extraction.operations.extend(page.operation);
    }
    if provider.names.from_title {
        super::siblings::tell_apart(&mut extraction.operations);
    }
    let language_of =
        |at: usize| documents_of.get(at).map_or("", |document: &&Document<'_>| provider.languages.of(document));
    extraction.operations = merge::join(extraction.operations, provider, language_of, &mut extraction.diagnostics);
    extraction
}
