//! A run: every page of a service at once.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use rayon::prelude::*;

use super::elsewhere::{Elsewhere, Links, Reach};
use super::learned::Learned;
use super::merge;
use super::outermost::Outermost;
use super::page::{self, PageResult};
use super::pages::{Documents, Pages, Passing};
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
    /// How much of each page was read, by the document's path.
    pub page_coverage: BTreeMap<String, Coverage>,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The tables that the page's links can lead to.
    pub(crate) reach: &'r Reach<'r, 'a>,
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
    extract_from(documents, provider)
}

/// As [`extract`], of pages that are read when they are needed, once a pass: beside what it yields, a run holds the pages
/// under way, the words that they teach, and the tables that links of other pages lead to.
#[must_use]
pub fn extract_pages(pages: &(impl Pages + ?Sized), provider: &Provider) -> Extraction {
    extract_from(&Passing(pages), provider)
}

fn extract_from<D: Documents + ?Sized>(documents: &D, provider: &Provider) -> Extraction {
    let Lessons { learned, outermost, links, shapes } = learn(documents, provider);
    let learned = learned.settled();
    let elsewhere = Elsewhere::fetch(links, documents);
    let read = |number| {
        documents.with(number, |document| {
            let reach = elsewhere.reach(number, document);
            let run = Run { learned: &learned, outermost: &outermost, shapes: &shapes, reach: &reach };
            (document.path.clone(), page::read(document, provider, run))
        })
    };
    let pages: Vec<Option<(String, PageResult)>> = (0..documents.count()).into_par_iter().map(read).collect();
    let mut extraction = Extraction::default();
    let mut numbers = Vec::new();
    for (number, page) in pages.into_iter().enumerate() {
        let Some((path, page)) = page else { continue };
        numbers.extend(page.operation.as_ref().map(|_| (number, OnceCell::new())));
        extraction.coverage.add(&page.coverage);
        extraction.page_coverage.insert(path, page.coverage);
        extraction.diagnostics.extend(page.diagnostics);
        extraction.service_errors.extend(page.service_errors);
        extraction.service_facts.extend(page.service_facts);
        extraction.operations.extend(page.operation);
    }
    if provider.names.from_title {
        super::siblings::tell_apart(&mut extraction.operations);
    }
    let language_of = |at: usize| -> &str {
        let Some((number, language)) = numbers.get(at) else { return "" };
        language.get_or_init(|| documents.with(*number, |document| provider.languages.of(document)).unwrap_or_default())
    };
    extraction.operations = merge::join(extraction.operations, provider, language_of, &mut extraction.diagnostics);
    extraction
}

/// How many pages are learned from before what they teach is joined.
const PAGES: usize = 256;

/// What some of the pages teach.
#[derive(Debug, Default)]
struct Lessons<S> {
    learned: Learned,
    outermost: Outermost,
    links: Links,
    shapes: S,
}

/// The first pass: what all pages teach.
fn learn<D: Documents + ?Sized>(documents: &D, provider: &Provider) -> Lessons<Shapes> {
    let learn = |mut lessons: Lessons<Vec<Shapes>>, number: usize| {
        documents.with(number, |document| {
            lessons.learned.add(document, &provider.vocabulary);
            lessons.outermost.merge(Outermost::from_page(document, &provider.vocabulary));
            lessons.links.add(number, document);
            // Only where one table holds a whole message do rows need samples to be nested.
            lessons.shapes.extend(provider.dotted_names.then(|| Shapes::from_page(document)));
        });
        lessons
    };
    let mut all: Lessons<Shapes> = Lessons::default();
    for start in (0..documents.count()).step_by(PAGES) {
        let end = documents.count().min(start + PAGES);
        let parts: Vec<Lessons<Vec<Shapes>>> = (start..end).into_par_iter().fold(Lessons::default, learn).collect();
        for part in parts {
            all.learned.merge(part.learned);
            all.outermost.merge(part.outermost);
            all.links.merge(part.links);
            // One by one in the order of the pages, which matters where samples contradict each other.
            all.shapes = part.shapes.into_iter().fold(all.shapes, Shapes::merge);
        }
    }
    all
}
