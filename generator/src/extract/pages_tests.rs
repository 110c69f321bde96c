//! Tests of a run that reads its pages as it needs them: it comes to the same as one that holds them all.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::tables_tests::{paths, table};
use super::{Extraction, Pages, Provider, extract, extract_pages, extract_pages_with};
use crate::cache::Cache;
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

    fn path(&self, number: usize) -> Option<&str> {
        self.0.get(number).map(|(path, _)| *path)
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

/// Every page known of a run, another run with other pages: the same as without a cache, and the count of pages read.
#[track_caller]
fn again(cache: &Cache, pages: &[(&str, String)], provider: &Provider, read: usize) -> Extraction {
    let before = cache.known();
    let counted = Counted(pages, AtomicUsize::new(0));
    let found = extract_pages_with(&counted, provider, cache);
    let documents: Vec<Document<'_>> = pages.iter().map(|(path, text)| self::read(path, text)).collect();
    assert_eq!(format!("{found:#?}"), format!("{:#?}", extract(&documents, provider)));
    assert_eq!(pages.len() - (cache.known() - before), read, "pages read");
    found
}

#[test]
fn only_pages_that_a_change_concerns_are_read_again() {
    let provider = Provider::named("huawei").expect("it comes with the tool");
    let of = |link: &str| format!("Array of :ref:`It <{link}>` objects");
    let far = |leaf: &str| page("betas", &table("b1", "far", &[[leaf, "String", "Leaf."]]));
    let mut pages = [
        ("a.rst", page("alphas", &table("a1", "Response parameters", &[["far", &of("b1"), "Far."]]))),
        ("b.rst", far("leaf")),
        ("c.rst", page("gammas", &table("c1", "Response parameters", &[["own", "String", "Own."]]))),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::at(folder.path());
    again(&cache, &pages, &provider, 3);
    again(&cache, &pages, &provider, 0);
    // A word more on a page is that page's alone.
    pages[2].1 = pages[2].1.replace("It shows things.", "It shows many things.");
    again(&cache, &pages, &provider, 1);
    // The table that a link of another page leads to.
    pages[1].1 = far("other");
    let found = again(&cache, &pages, &provider, 2);
    assert_eq!(answers(&found, "alphas"), ["far Array", "far[].other String"]);
    // As it was: what was kept of those pages then is known still, but what the first was told is not.
    pages[1].1 = far("leaf");
    again(&cache, &pages, &provider, 1);
    // The pages' numbers are no part of it; a page in front that has the link's name is.
    let stray = page("zeros", &table("b1", "stray", &[["stray", "String", "Stray."]]));
    let more: Vec<(&str, String)> = std::iter::once(("0.rst", stray)).chain(pages.clone()).collect();
    let found = again(&cache, &more, &provider, 2);
    assert_eq!(answers(&found, "alphas"), ["far Array", "far[].stray String"]);
    // Half-written entries are none.
    for entry in walkdir::WalkDir::new(folder.path()).into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            let bytes = std::fs::read(entry.path()).expect("an entry");
            std::fs::write(entry.path(), &bytes[..bytes.len() / 2]).expect("half of it");
        }
    }
    again(&cache, &pages, &provider, 3);
}
