//! A run: every page of a service at once.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::asked::{Asked, Oracle};
use super::elsewhere::{Elsewhere, Reach, tables_of};
use super::kept::Kept;
use super::learned::Learned;
use super::lessons::{Lessons, PageLessons};
use super::merge;
use super::outermost::Outermost;
use super::page::{self, PageResult};
use super::pages::{Documents, Pages, Passing, Remembered};
use super::provider::Provider;
use super::shapes::Shapes;
use crate::cache::Cache;
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
    pub(crate) learned: &'r Learned<'r>,
    pub(crate) outermost: &'r Outermost<'r>,
    /// What all samples of the run show.
    pub(crate) shapes: &'r Shapes<'r>,
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

/// As [`extract_pages`], of which a cache keeps what each page taught and yielded: only pages that it does not know, or that
/// would now be told otherwise by the others, are read. The result is the same.
#[must_use]
pub fn extract_pages_with(pages: &dyn Pages, provider: &Provider, cache: &Cache) -> Extraction {
    extract_from(&Remembered(Kept::new(pages, provider, cache)), provider)
}

fn extract_from<D: Documents + ?Sized>(documents: &D, provider: &Provider) -> Extraction {
    let mut lessons = learn(documents, provider);
    let shapes = lessons.take_shapes();
    let Lessons { lore, outermost, links, .. } = lessons;
    let lore = lore.settled();
    let fetch = |number: usize, owners: &HashMap<String, usize>| {
        documents.with(number, |document| tables_of(document, number, owners)).unwrap_or_default()
    };
    let elsewhere = Elsewhere::new(links, &fetch);
    let hash_of = |number| documents.kept()?.key(number);
    let oracle = Oracle { lore: &lore, outermost: &outermost, shapes: &shapes, elsewhere: &elsewhere, page: &hash_of };
    let read = |number| {
        if let Some(known) = documents.kept().and_then(|kept| kept.page(number, &oracle)) {
            return Some(known);
        }
        documents.with(number, |document| {
            let asked = if documents.kept().is_some() { Asked::noting() } else { Asked::default() };
            let result = {
                let reach = elsewhere.reach(number, document, &asked);
                let run = Run {
                    learned: &Learned::new(&lore, &asked),
                    outermost: &Outermost::new(&outermost, &asked),
                    shapes: &Shapes::new(&shapes, &asked),
                    reach: &reach,
                };
                page::read(document, provider, run)
            };
            if let Some(kept) = documents.kept() {
                kept.keep_page(number, asked.into_questions(), &oracle, &result);
            }
            result
        })
    };
    let pages: Vec<Option<PageResult>> = (0..documents.count()).into_par_iter().map(read).collect();
    joined(pages, provider)
}

/// Joins what the pages yield.
fn joined(pages: Vec<Option<PageResult>>, provider: &Provider) -> Extraction {
    let mut extraction = Extraction::default();
    let mut languages: Vec<String> = Vec::new();
    for page in pages.into_iter().flatten() {
        languages.extend(page.operation.as_ref().map(|_| page.language));
        extraction.coverage.add(&page.coverage);
        extraction.page_coverage.insert(page.path, page.coverage);
        extraction.diagnostics.extend(page.diagnostics);
        extraction.service_errors.extend(page.service_errors);
        extraction.service_facts.extend(page.service_facts);
        extraction.operations.extend(page.operation);
    }
    if provider.names.from_title {
        super::siblings::tell_apart(&mut extraction.operations);
    }
    let language_of = |at: usize| languages.get(at).map_or("", String::as_str);
    extraction.operations = merge::join(extraction.operations, provider, language_of, &mut extraction.diagnostics);
    extraction
}

/// How many pages are learned from before what they teach is joined.
const PAGES: usize = 256;

/// The first pass: what all pages teach.
fn learn<D: Documents + ?Sized>(documents: &D, provider: &Provider) -> Lessons {
    let learn = |mut lessons: Lessons, number: usize| {
        let known = documents.kept().and_then(|kept| kept.lessons(number));
        let page = known.or_else(|| {
            let page = documents.with(number, |document| PageLessons::from_page(document, provider))?;
            if let Some(kept) = documents.kept() {
                kept.keep_lessons(number, &page);
            }
            Some(page)
        });
        if let Some(page) = page {
            lessons.add(number, page);
        }
        lessons
    };
    let mut all = Lessons::default();
    for start in (0..documents.count()).step_by(PAGES) {
        let end = documents.count().min(start + PAGES);
        let parts: Vec<Lessons> = (start..end).into_par_iter().fold(Lessons::default, learn).collect();
        for part in parts {
            all.merge(part);
        }
    }
    all
}
