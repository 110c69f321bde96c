//! What a page yields, as a cache keeps it.

use std::collections::{BTreeMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::asked::Question;
use super::page::PageResult;
use super::run::{Coverage, ExtractedOperation};
use crate::diagnostic::{Diagnostic, Related, Severity};
use crate::page::Span;
use crate::provenance::{Certainty, Fact, Loser, Settlement};
use crate::spec::{ErrorCode, Operation};

/// What a page yields, and the questions whose answers it depends on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredPage {
    pub(super) questions: Vec<Question>,
    pub(super) answers: [u8; 32],
    language: String,
    operation: Option<StoredOperation>,
    service_errors: Vec<ErrorCode>,
    service_facts: Vec<StoredFact>,
    diagnostics: Vec<StoredDiagnostic>,
    coverage: [usize; 6],
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredOperation {
    operation: Operation,
    facts: Vec<StoredFact>,
    pages: Vec<String>,
    texts: BTreeMap<String, BTreeMap<String, String>>,
}

/// Path, page (none where it is the page itself), place, rule, certainty, losers.
#[derive(Debug, Serialize, Deserialize)]
struct StoredFact(String, Option<String>, Place, String, Certainty, Vec<StoredLoser>);

/// Page, place, rule, the settlement's number, value.
#[derive(Debug, Serialize, Deserialize)]
struct StoredLoser(Option<String>, Place, String, usize, String);

#[derive(Debug, Serialize, Deserialize)]
struct StoredDiagnostic {
    id: String,
    /// 0 advice, 1 warning, 2 error.
    severity: u8,
    message: String,
    file: String,
    span: Option<Place>,
    label: Option<String>,
    related: Vec<(String, Place, String)>,
    help: Option<String>,
    about: Option<String>,
}

type Place = (u32, u32);

impl StoredPage {
    pub(super) fn new(questions: Vec<Question>, answers: [u8; 32], own: &str, result: &PageResult) -> Self {
        let PageResult { path: _, language, operation, service_errors, service_facts, diagnostics, coverage } = result;
        let Coverage { pages, operations, rows, rows_claimed, blocks, blocks_claimed } = coverage;
        let operation =
            operation.as_ref().map(|ExtractedOperation { operation, facts, pages, texts }| StoredOperation {
                operation: operation.clone(),
                facts: facts.iter().map(|fact| StoredFact::new(fact, own)).collect(),
                pages: pages.clone(),
                texts: texts.clone(),
            });
        Self {
            questions,
            answers,
            language: language.clone(),
            operation,
            service_errors: service_errors.clone(),
            service_facts: service_facts.iter().map(|fact| StoredFact::new(fact, own)).collect(),
            diagnostics: diagnostics.iter().map(StoredDiagnostic::new).collect(),
            coverage: [*pages, *operations, *rows, *rows_claimed, *blocks, *blocks_claimed],
        }
    }

    pub(super) fn into_result(self, own: &str) -> PageResult {
        let [pages, operations, rows, rows_claimed, blocks, blocks_claimed] = self.coverage;
        let facts = |facts: Vec<StoredFact>| facts.into_iter().map(|fact| fact.into_fact(own)).collect();
        PageResult {
            path: own.to_owned(),
            language: self.language,
            operation: self.operation.map(|stored| ExtractedOperation {
                operation: stored.operation,
                facts: facts(stored.facts),
                pages: stored.pages,
                texts: stored.texts,
            }),
            service_errors: self.service_errors,
            service_facts: facts(self.service_facts),
            diagnostics: self.diagnostics.into_iter().map(StoredDiagnostic::into_diagnostic).collect(),
            coverage: Coverage { pages, operations, rows, rows_claimed, blocks, blocks_claimed },
        }
    }
}

impl StoredFact {
    fn new(fact: &Fact, own: &str) -> Self {
        let Fact { path, page, span, rule, certainty, losers } = fact;
        let losers = losers.iter().map(|Loser { page, span, rule, settled, value }| {
            let settled = Settlement::ALL.iter().position(|known| known == settled).unwrap_or_default();
            StoredLoser(other(page, own), place(*span), (*rule).to_owned(), settled, value.clone())
        });
        Self(path.clone(), other(page, own), place(*span), (*rule).to_owned(), *certainty, losers.collect())
    }

    fn into_fact(self, own: &str) -> Fact {
        let Self(path, page, span, rule, certainty, losers) = self;
        let page_of = |page: Option<String>| page.unwrap_or_else(|| own.to_owned());
        let losers = losers.into_iter().filter_map(|StoredLoser(page, span, rule, settled, value)| {
            let settled = *Settlement::ALL.get(settled)?;
            Some(Loser { page: page_of(page), span: span_of(span), rule: lasting(&rule), settled, value })
        });
        let losers = losers.collect();
        Fact { path, page: page_of(page), span: span_of(span), rule: lasting(&rule), certainty, losers }
    }
}

impl StoredDiagnostic {
    fn new(finding: &Diagnostic) -> Self {
        let Diagnostic { id, severity, message, file, span, label, related, help, about } = finding;
        let related = related.iter().map(|Related { file, span, label }| (file.clone(), place(*span), label.clone()));
        Self {
            id: (*id).to_owned(),
            severity: match severity {
                Severity::Advice => 0,
                Severity::Warning => 1,
                Severity::Error => 2,
            },
            message: message.clone(),
            file: file.clone(),
            span: span.map(place),
            label: label.clone(),
            related: related.collect(),
            help: help.clone(),
            about: about.clone(),
        }
    }

    fn into_diagnostic(self) -> Diagnostic {
        let related = self.related.into_iter().map(|(file, span, label)| Related { file, span: span_of(span), label });
        Diagnostic {
            id: lasting(&self.id),
            severity: match self.severity {
                0 => Severity::Advice,
                1 => Severity::Warning,
                _ => Severity::Error,
            },
            message: self.message,
            file: self.file,
            span: self.span.map(span_of),
            label: self.label,
            related: related.collect(),
            help: self.help,
            about: self.about,
        }
    }
}

fn other(page: &str, own: &str) -> Option<String> {
    (page != own).then(|| page.to_owned())
}

fn place(span: Span) -> Place {
    (span.start, span.end)
}

fn span_of((start, end): Place) -> Span {
    Span { start, end }
}

/// A rule's name for as long as the program runs. There are as many as the program has: an entry whose bytes are not those
/// that docsdk wrote is not read.
fn lasting(name: &str) -> &'static str {
    static NAMES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let known: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(known);
    known
}
