//! Where the vendor's pages of operations stand on the web.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::files::Plan;
use crate::spec::lock::{self, Lock};
use crate::spec::pages_lock::{self, PagesLock};

/// Most pages of one operation that are named.
const MOST: usize = 4;

/// The pages of each operation of a service, as far as they were fetched: those that say most of it first. `plan` holds
/// what is about to be written over what is there.
///
/// Locks that can't be read name no pages; whoever reads them for their own sake says so.
pub(crate) fn links(folder: &Path, plan: &Plan) -> BTreeMap<String, Vec<String>> {
    let text = |name: &str| {
        let path = folder.join(name);
        let bytes = plan.files.get(&path).cloned().or_else(|| fs::read(&path).ok())?;
        String::from_utf8(bytes).ok()
    };
    let pages = text(pages_lock::FILE).and_then(|text| PagesLock::read(&text, pages_lock::FILE).ok());
    let Some(pages) = pages else { return BTreeMap::new() };
    let facts = text("sources.lock").and_then(|text| lock::read(&text, "sources.lock").ok());
    facts.map_or_else(BTreeMap::new, |facts| of_operations(&facts, &pages))
}

fn of_operations(facts: &Lock, pages: &PagesLock) -> BTreeMap<String, Vec<String>> {
    let kept = pages.pages.values().filter_map(|page| Some((format!("pages/{}", page.file.as_ref()?), &page.url)));
    let urls: BTreeMap<String, &String> = kept.collect();
    let links = facts.operations.iter().map(|(operation, facts_of_it)| {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for fact in facts_of_it {
            *counts.entry(fact.page).or_default() += 1;
        }
        let mut counts: Vec<(usize, usize)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let url = |(page, _): (usize, usize)| urls.get(&facts.pages.get(page)?.name).map(|url| (*url).clone());
        (operation.clone(), counts.into_iter().filter_map(url).take(MOST).collect())
    });
    links.filter(|(_, urls): &(String, Vec<String>)| !urls.is_empty()).collect()
}
