//! Which pages describe the same operation.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::extract::provider::Provider;
use crate::extract::run::ExtractedOperation;
use crate::extract::siblings::{Call, call_of};
use crate::spec::Field;

/// A page as far as grouping looks at it.
pub(super) struct Page<'p> {
    page: &'p ExtractedOperation,
    /// Its operation's name and, where names are made of titles and tell too little, its call.
    key: (&'p str, Option<Call>),
}

impl<'p> Page<'p> {
    pub(super) fn new(page: &'p ExtractedOperation, provider: &Provider) -> Self {
        let call = provider.names.from_title.then(|| call_of(&page.operation));
        Self { page, key: (&page.operation.operation, call) }
    }
}

/// The pages by operation, in the order of the first page of each.
///
/// Pages of one name (and of one call, where names are made of titles) are of one operation. Where names are made of
/// titles, pages of one call in different languages have different names: they are of one operation where each language
/// has one such page, or one whose request has the same fields. What stays open is reported.
pub(super) fn group<'l>(
    pages: &[Page<'_>],
    language_of: &impl Fn(usize) -> &'l str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<&(&str, Option<Call>), Vec<usize>> = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        groups.entry(&page.key).or_default().push(number);
    }
    let mut calls: BTreeMap<&Call, Vec<Vec<usize>>> = BTreeMap::new();
    let mut done: Vec<Vec<usize>> = Vec::new();
    for ((_, call), group) in groups {
        match call {
            Some(call) => calls.entry(call).or_default().push(group),
            None => done.push(group),
        }
    }
    for (call, groups) in calls {
        match groups.len() {
            1 => done.extend(groups),
            _ => done.extend(across_languages(call, groups, pages, language_of, diagnostics)),
        }
    }
    done.sort();
    done
}

/// Joins the groups of one call that are the same operation in different languages.
fn across_languages<'l>(
    call: &Call,
    groups: Vec<Vec<usize>>,
    pages: &[Page<'_>],
    language_of: &impl Fn(usize) -> &'l str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Vec<usize>> {
    let languages = |group: &[usize]| group.iter().map(|page| language_of(*page)).collect::<BTreeSet<&str>>();
    let spoken: BTreeSet<&str> = groups.iter().flat_map(|group| languages(group)).collect();
    if spoken.len() < 2 {
        return groups;
    }
    // A group in several languages is whole already.
    let (whole, single): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| languages(group).len() > 1);
    let (mut done, open) = paired(single, |_| (), &languages);
    let request = |group: &[usize]| {
        let mut names = BTreeSet::new();
        for page in group.iter().filter_map(|page| pages.get(*page)) {
            page.page.operation.request.iter().for_each(|field| collect(field, "", &mut names));
        }
        names
    };
    let (pairs, open) = paired(open, request, &languages);
    done.extend(pairs);
    let left: BTreeSet<&str> = open.iter().flat_map(|group| languages(group)).collect();
    if left.len() > 1 {
        for group in &open {
            let Some(page) = group.first().and_then(|page| pages.get(*page)) else { continue };
            let name = &page.page.operation.operation;
            let message = format!(
                "`{name}` may be on a page in another language too: several operations are called by {} {}",
                call.0, call.1
            );
            let file = page.page.pages.first().cloned().unwrap_or_default();
            let finding = Diagnostic::new("pages-unpaired", Severity::Advice, file, message);
            diagnostics.push(finding.help("give the operations of one language their names in the other by the service's overlay, or leave one language out"));
        }
    }
    done.extend(whole);
    done.extend(open);
    done
}

/// Joins groups of one mark where each language has no more than one of them, and leaves the others open.
fn paired<'l, M: Ord>(
    groups: Vec<Vec<usize>>,
    mark: impl Fn(&[usize]) -> M,
    languages: &impl Fn(&[usize]) -> BTreeSet<&'l str>,
) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let mut marked: BTreeMap<M, Vec<Vec<usize>>> = BTreeMap::new();
    for group in groups {
        marked.entry(mark(&group)).or_default().push(group);
    }
    let (mut done, mut open) = (Vec::new(), Vec::new());
    for groups in marked.into_values() {
        let spoken: Vec<&str> = groups.iter().flat_map(|group| languages(group)).collect();
        let each_once = spoken.iter().collect::<BTreeSet<_>>().len() == spoken.len();
        if each_once && groups.len() > 1 {
            let mut joined = groups.concat();
            joined.sort_unstable();
            done.push(joined);
        } else {
            open.extend(groups);
        }
    }
    (done, open)
}

/// The names of a field and of all within it.
fn collect(field: &Field, above: &str, names: &mut BTreeSet<String>) {
    let path = format!("{above}.{}", field.name);
    field.fields.iter().for_each(|field| collect(field, &path, names));
    field.items.iter().for_each(|items| collect(items, &path, names));
    names.insert(path);
}
