//! Tests of a run that reads its pages as it needs them: it comes to the same as one that holds them all.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::tables_tests::{paths, table};
use super::{Extraction, Pages, Provider, extract, extract_pages};
use crate::page::{Document, read};

/// Pages in memory, and how often they were asked for.
struct Counted<'a>(&'a [(&'a str, String)], AtomicUsize);

impl Pages for Counted<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn page(&self, number: usize) -> Option<(&str, String)> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.get(number).map(|(path, text)| (*path, text.clone()))
    }
}

fn page(name: &str, tables: &str) -> String {
    format!(
        "{name}\n======\n\nFunction\n--------\n\nIt shows things.\n\nURI\n---\n\nGET /v1/{{project_id}}/{name}\n\nResponse\n--------\n\n{tables}"
    )
}

/// An operation's answers, as paths with their types.
fn answers(extraction: &Extraction, operation: &str) -> Vec<String> {
    let found = extraction.operations.iter().find(|found| found.operation.http.path.ends_with(operation));
    found.into_iter().flat_map(|found| &found.operation.responses).flat_map(|answer| paths(&answer.fields)).collect()
}

#[test]
fn pages_read_as_needed_yield_what_documents_do() {
    let provider = Provider::named("huawei").expect("it comes with the tool");
    let of = |link: &str| format!("Array of :ref:`It <{link}>` objects");
    let (b1, b2, c2) = (of("B1"), of("b2"), of("c2"));
    let pages = [
        // To another page, whose table leads on: to its own page, and to a third.
        ("a.rst", page("alphas", &table("a1", "Response parameters", &[["far", &b1, "Far."]]))),
        (
            "b.rst",
            page("betas", &table("b0", "Response parameters", &[["near", &b2, "Near."]]))
                + &table("b1", "far", &[["mid", &b2, "Mid."], ["third", &c2, "Third."]])
                + &table("b2", "near", &[["leaf", "String", "Leaf."]])
                + &table("b3", "never linked", &[["stray", "String", "Stray."]]),
        ),
        (
            "c.rst",
            page("gammas", &table("c1", "Response parameters", &[["own", &c2, "Own."]]))
                + &table("c2", "third", &[["end", "String", "End."]])
                // A name that an earlier page has too.
                + &table("b2", "other", &[["other", "String", "Other."]]),
        ),
    ];
    let documents: Vec<Document<'_>> = pages.iter().map(|(path, text)| read(path, text)).collect();
    let whole = extract(&documents, &provider);
    let counted = Counted(&pages, AtomicUsize::new(0));
    let passing = extract_pages(&counted, &provider);
    assert_eq!(format!("{whole:#?}"), format!("{passing:#?}"));
    assert_eq!(counted.1.load(Ordering::Relaxed), 8, "each page once a pass, and the two that others link to");
    let far =
        ["far Array", "far[].mid Array", "far[].mid[].leaf String", "far[].third Array", "far[].third[].end String"];
    assert_eq!(answers(&passing, "alphas"), far);
    let own: Vec<String> = answers(&passing, "gammas").into_iter().filter(|path| path.starts_with("own")).collect();
    assert_eq!(own, ["own Array", "own[].end String"]);
}
