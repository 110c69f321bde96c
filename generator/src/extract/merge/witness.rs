//! A page of an operation that has several: what it says, and how much its word counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::extract::provider::Provider;
use crate::extract::run::ExtractedOperation;
use crate::provenance::Fact;

/// What decides, in this order, between pages that are equally certain and equally many.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank<'l> {
    /// The place of its language among the provider's.
    pub(super) language: usize,
    /// The last date of its change history, its digits alone; empty where it tells none.
    pub(super) date: Reverse<String>,
    /// How many facts it tells.
    pub(super) facts: Reverse<usize>,
    path: String,
    /// The language's name, which its place stands for.
    pub(super) language_name: &'l str,
}

impl<'l> Rank<'l> {
    pub(super) fn new(page: &ExtractedOperation, language: &'l str, provider: &Provider) -> Self {
        let digits = |date: &str| date.chars().filter(char::is_ascii_digit).collect::<String>();
        Self {
            language: provider.languages().position(|known| known == language).unwrap_or(usize::MAX),
            date: Reverse(page.operation.history.iter().map(|entry| digits(&entry.date)).max().unwrap_or_default()),
            facts: Reverse(page.facts.len()),
            path: page.pages.first().cloned().unwrap_or_default(),
            language_name: language,
        }
    }
}

/// A page that speaks of an operation.
pub(super) struct Witness<'p, 'l> {
    pub(super) page: &'p ExtractedOperation,
    pub(super) rank: Rank<'l>,
    /// Its facts by path.
    facts: BTreeMap<&'p str, &'p Fact>,
}

impl<'p, 'l> Witness<'p, 'l> {
    pub(super) fn new(page: &'p ExtractedOperation, rank: Rank<'l>) -> Self {
        let mut facts = BTreeMap::new();
        for fact in &page.facts {
            facts.entry(fact.path.as_str()).or_insert(fact);
        }
        Self { page, rank, facts }
    }

    /// The fact of a place.
    pub(super) fn fact(&self, path: &str) -> Option<&'p Fact> {
        self.facts.get(path).copied()
    }

    /// The fact of a place, or of the nearest place above it that has one: its name's, where the place is a field.
    pub(super) fn nearest(&self, path: &str) -> Option<&'p Fact> {
        let mut place = path;
        loop {
            let named =
                || ["name", "code", "status", "action"].iter().find_map(|key| self.fact(&format!("{place}.{key}")));
            if let Some(fact) = self.fact(place).or_else(named) {
                return Some(fact);
            }
            place = &place[..place.rfind(['.', '[', '{'])?];
        }
    }

    /// The facts at and below a place.
    pub(super) fn below<'w>(&'w self, path: &'w str) -> impl Iterator<Item = &'p Fact> + 'w {
        let inside = move |fact: &&'p Fact| {
            fact.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']))
        };
        self.facts.range(path..).take_while(move |(key, _)| key.starts_with(path)).map(|(_, fact)| *fact).filter(inside)
    }
}
