//! The operations of a run, those of several pages joined.

use std::collections::BTreeMap;

use super::contest::{At, Joining};
use super::group::{Page, group};
use super::placement;
use super::witness::{Rank, Witness};
use crate::diagnostic::Diagnostic;
use crate::extract::provider::Provider;
use crate::extract::run::ExtractedOperation;
use crate::spec::{Http, Operation};

/// Joins the operations that several pages describe. `language_of` tells the language of the page that an operation, by
/// its number, was read from; it is asked only where there are several.
pub(in crate::extract) fn join<'p>(
    operations: Vec<ExtractedOperation>,
    provider: &'p Provider,
    language_of: impl Fn(usize) -> &'p str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<ExtractedOperation> {
    let pages: Vec<Page<'_>> = operations.iter().map(|page| Page::new(page, provider)).collect();
    let groups = group(&pages, &language_of, diagnostics);
    let mut operations: Vec<Option<ExtractedOperation>> = operations.into_iter().map(Some).collect();
    let mut joined = Vec::with_capacity(groups.len());
    for group in groups {
        let pages: Vec<(usize, ExtractedOperation)> =
            group.into_iter().filter_map(|at| Some((at, operations.get_mut(at)?.take()?))).collect();
        if let [_] = pages.as_slice() {
            joined.extend(pages.into_iter().map(|(_, page)| page));
            continue;
        }
        let mut pages: Vec<(Rank<'p>, ExtractedOperation)> =
            pages.into_iter().map(|(at, page)| (Rank::new(&page, language_of(at), provider), page)).collect();
        pages.sort_by(|a, b| a.0.cmp(&b.0));
        let (ranks, mut pages): (Vec<Rank<'p>>, Vec<ExtractedOperation>) = pages.into_iter().unzip();
        placement::agree(&mut pages, diagnostics);
        let witnesses = pages.iter().zip(ranks).map(|(page, rank)| Witness::new(page, rank)).collect();
        let mut joining = Joining {
            witnesses,
            language: provider.language(),
            facts: Vec::new(),
            texts: BTreeMap::new(),
            diagnostics: Vec::new(),
        };
        let operation = joining.operation();
        let mut pages: Vec<String> = joining.witnesses.iter().flat_map(|witness| witness.page.pages.clone()).collect();
        pages.sort();
        diagnostics.append(&mut joining.diagnostics);
        let Joining { facts, texts, .. } = joining;
        joined.push(ExtractedOperation { operation, facts, pages, texts });
    }
    joined
}

impl<'p> Joining<'p, '_> {
    fn operation(&mut self) -> Operation {
        let all: Vec<At<'p, Operation>> = self
            .witnesses
            .iter()
            .enumerate()
            .map(|(witness, page)| At { witness, path: String::new(), node: &page.page.operation })
            .collect();
        let requests = self.whole("request", |operation| &operation.request);
        let requests: Vec<_> = requests.into_iter().map(Into::into).collect();
        Operation {
            operation: self
                .settle("", "operation", &all, |operation| Some(operation.operation.clone()))
                .unwrap_or_default(),
            summary: self.text("", "summary", &all, |operation| operation.summary.as_ref()),
            description: self.text("", "description", &all, |operation| operation.description.as_ref()),
            deprecated: self.settle("", "deprecated", &all, |operation| operation.deprecated.then_some(true)).is_some(),
            http: Http {
                method: self
                    .settle("http", "method", &within(&all), |operation| Some(operation.http.method.clone()))
                    .unwrap_or_default(),
                path: self
                    .settle("http", "path", &within(&all), |operation| Some(operation.http.path.clone()))
                    .unwrap_or_default(),
            },
            request: self.fields("request", &requests),
            responses: self.responses(),
            errors: self.errors(),
            permissions: self.permissions(),
            examples: self.examples(),
            history: self.history(),
            // Pages state none of these; people's overlays come later.
            rust_name: None,
            anonymous: false,
            pagination: None,
            waiters: Vec::new(),
            extensions: BTreeMap::new(),
        }
    }

    /// A list of each page that has some of it.
    pub(super) fn whole<T>(&self, path: &str, list: impl Fn(&Operation) -> &Vec<T>) -> Vec<At<'p, Vec<T>>>
    where
        T: 'p,
    {
        let lists = self.witnesses.iter().map(|witness| list(&witness.page.operation)).enumerate();
        let lists = lists.filter(|(_, list)| !list.is_empty());
        lists.map(|(witness, node)| At { witness, path: path.to_owned(), node }).collect()
    }

    /// The pages that something is true of.
    pub(super) fn with(&self, has: impl Fn(&Operation) -> bool) -> Vec<usize> {
        let pages = self.witnesses.iter().enumerate();
        pages.filter(|(_, witness)| has(&witness.page.operation)).map(|(number, _)| number).collect()
    }
}

/// Operations, by the path of their call.
fn within<'n>(all: &[At<'n, Operation>]) -> Vec<At<'n, Operation>> {
    all.iter().map(|at| At { path: "http".to_owned(), ..at.clone() }).collect()
}
