//! Tables of a run's other pages, by the names links use for them: `publicip` is described where another page does.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::pages::Documents;
use crate::page::{Block, Document, Table, Text};

/// How deep lists are searched for tables.
const DEPTH: usize = 8;

/// The names of a run's tables, and those that its links use.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// The first page that has a table of the name.
    tables: HashMap<String, usize>,
    /// The first and the last page that have a link to the name.
    linking: HashMap<String, (usize, usize)>,
}

impl Links {
    /// Takes in the names of one page.
    pub(crate) fn add(&mut self, number: usize, document: &Document<'_>) {
        each_table(&document.blocks, 0, &mut |name, _| keep_first(&mut self.tables, name, number));
        self.follow(number, &document.blocks);
    }

    /// Joins the names of two parts of a run.
    pub(crate) fn merge(&mut self, other: Self) {
        for (name, number) in other.tables {
            keep_first(&mut self.tables, name, number);
        }
        for (name, (first, last)) in other.linking {
            let known = self.linking.entry(name).or_insert((first, last));
            *known = (known.0.min(first), known.1.max(last));
        }
    }

    fn follow(&mut self, number: usize, blocks: &[Block<'_>]) {
        for block in blocks {
            match block {
                Block::Heading { text, .. } | Block::Paragraph(text) => self.follow_text(number, text),
                Block::List { items, .. } => {
                    for item in items {
                        self.follow(number, &item.blocks);
                    }
                }
                Block::Note(blocks) => self.follow(number, blocks),
                Block::Table(table) => {
                    if let Some(caption) = &table.caption {
                        self.follow_text(number, caption);
                    }
                    for cell in table.header.iter().chain(table.rows.iter().flat_map(|row| &row.cells)) {
                        self.follow(number, &cell.blocks);
                    }
                }
                Block::Code { .. } => {}
            }
        }
    }

    fn follow_text(&mut self, number: usize, text: &Text<'_>) {
        for name in text.links.iter().filter_map(|link| name_of(&link.target)) {
            let known = self.linking.entry(name).or_insert((number, number));
            *known = (known.0.min(number), known.1.max(number));
        }
    }
}

/// The tables of a run that links of other pages can lead to: only those are kept beyond their page.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    /// The page whose table a name stands for, of the names that links use.
    owners: HashMap<String, usize>,
    kept: HashMap<String, (Table<'static>, Arc<str>)>,
}

impl Elsewhere {
    /// Fetches the tables that links lead to; where two bear one name, the first counts.
    pub(crate) fn fetch<D: Documents + ?Sized>(links: Links, documents: &D) -> Self {
        let Links { mut tables, linking } = links;
        tables.retain(|name, _| linking.contains_key(name));
        // A table that is reached from another page leads on to others of its own page.
        let from_afar = |(name, owner): (&String, &usize)| {
            linking.get(name).is_some_and(|(first, last)| first != owner || last != owner).then_some(*owner)
        };
        let sought: BTreeSet<usize> = tables.iter().filter_map(from_afar).collect();
        let fetched: Vec<_> = sought
            .into_par_iter()
            .filter_map(|number| documents.with(number, |document| copies(document, number, &tables)))
            .collect();
        Self { kept: fetched.into_iter().flatten().collect(), owners: tables }
    }

    /// What the links of one page can lead to.
    pub(crate) fn reach<'r, 'a>(&'r self, number: usize, document: &'r Document<'a>) -> Reach<'r, 'a> {
        let mut own = BTreeMap::new();
        each_table(&document.blocks, 0, &mut |name, table| {
            if self.owners.get(&name) == Some(&number) {
                own.entry(name).or_insert((table, document.source));
            }
        });
        Reach { elsewhere: self, own }
    }
}

/// The tables that links of one page can lead to.
#[derive(Debug)]
pub(crate) struct Reach<'r, 'a> {
    elsewhere: &'r Elsewhere,
    /// Those of the page itself.
    own: BTreeMap<String, (&'r Table<'a>, &'a str)>,
}

impl<'r, 'a> Reach<'r, 'a> {
    /// The table that a link's target names, and the text of its page.
    pub(crate) fn get(&self, target: &str) -> Option<(&'r Table<'a>, &'r str)> {
        let name = name_of(target)?;
        self.own.get(&name).copied().or_else(|| {
            let (table, source) = self.elsewhere.kept.get(&name)?;
            Some((table, &**source))
        })
    }
}

/// The tables of a page that links lead to, by their names.
fn copies(
    document: &Document<'_>,
    number: usize,
    owners: &HashMap<String, usize>,
) -> Vec<(String, (Table<'static>, Arc<str>))> {
    let source: Arc<str> = document.source.into();
    let mut found = BTreeMap::new();
    each_table(&document.blocks, 0, &mut |name, table| {
        if owners.get(&name) == Some(&number) {
            found.entry(name).or_insert_with(|| (table.to_owned_words(), Arc::clone(&source)));
        }
    });
    found.into_iter().collect()
}

/// Where a link leads: what follows the `#`, or the whole of it; case does not count.
fn name_of(target: &str) -> Option<String> {
    Some(target.rsplit('#').next()?.to_lowercase())
}

fn keep_first(tables: &mut HashMap<String, usize>, name: String, number: usize) {
    tables.entry(name).and_modify(|first| *first = number.min(*first)).or_insert(number);
}

fn each_table<'r, 'a>(blocks: &'r [Block<'a>], depth: usize, found: &mut impl FnMut(String, &'r Table<'a>)) {
    for block in blocks {
        match block {
            Block::Table(table) => {
                for anchor in &table.anchors {
                    found(anchor.to_lowercase(), table);
                }
            }
            Block::List { items, .. } if depth < DEPTH => {
                for item in items {
                    each_table(&item.blocks, depth + 1, found);
                }
            }
            _ => {}
        }
    }
}
