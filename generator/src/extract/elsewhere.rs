//! Tables of a run's other pages, by the names links use for them: `publicip` is described where another page does.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::asked::{Asked, Question};
use crate::page::{Block, Document, Table, Text};

/// How deep lists are searched for tables.
const DEPTH: usize = 8;

/// The names of a page's tables, and those that its links use.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PageNames {
    tables: BTreeSet<String>,
    linked: BTreeSet<String>,
}

impl PageNames {
    /// The names of one page.
    pub(crate) fn from_page(document: &Document<'_>) -> Self {
        let mut names = Self::default();
        each_table(&document.blocks, 0, &mut |name, _| {
            names.tables.insert(name);
        });
        names.follow(&document.blocks);
        names
    }

    fn follow(&mut self, blocks: &[Block<'_>]) {
        for block in blocks {
            match block {
                Block::Heading { text, .. } | Block::Paragraph(text) => self.follow_text(text),
                Block::List { items, .. } => {
                    for item in items {
                        self.follow(&item.blocks);
                    }
                }
                Block::Note(blocks) => self.follow(blocks),
                Block::Table(table) => {
                    if let Some(caption) = &table.caption {
                        self.follow_text(caption);
                    }
                    for cell in table.header.iter().chain(table.rows.iter().flat_map(|row| &row.cells)) {
                        self.follow(&cell.blocks);
                    }
                }
                Block::Code { .. } => {}
            }
        }
    }

    fn follow_text(&mut self, text: &Text<'_>) {
        self.linked.extend(text.links.iter().filter_map(|link| name_of(&link.target)));
    }
}

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
    pub(crate) fn add(&mut self, number: usize, names: PageNames) {
        for name in names.tables {
            keep_first(&mut self.tables, name, number);
        }
        for name in names.linked {
            self.link(name, (number, number));
        }
    }

    /// Joins the names of two parts of a run.
    pub(crate) fn merge(&mut self, other: Self) {
        for (name, number) in other.tables {
            keep_first(&mut self.tables, name, number);
        }
        for (name, pages) in other.linking {
            self.link(name, pages);
        }
    }

    fn link(&mut self, name: String, (first, last): (usize, usize)) {
        let known = self.linking.entry(name).or_insert((first, last));
        *known = (known.0.min(first), known.1.max(last));
    }
}

/// The tables of a page, by the names that links use for them, with the page's text.
pub(crate) type PageTables = HashMap<String, (Table<'static>, Arc<str>)>;

/// Fetches the tables of a page, by its number, that some names stand for.
pub(crate) type Fetch<'r> = dyn Fn(usize, &HashMap<String, usize>) -> PageTables + Sync + 'r;

/// The tables of a run that links of other pages can lead to: only those are kept beyond their page, once a page asks.
pub(crate) struct Elsewhere<'r> {
    /// The page whose table a name stands for, of the names that links use.
    owners: HashMap<String, usize>,
    /// The tables of pages that links of other pages lead to.
    kept: HashMap<usize, OnceLock<PageTables>>,
    fetch: &'r Fetch<'r>,
}

impl fmt::Debug for Elsewhere<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elsewhere").field("owners", &self.owners).field("kept", &self.kept).finish_non_exhaustive()
    }
}

impl<'r> Elsewhere<'r> {
    /// The tables that links lead to; where two bear one name, the first counts.
    pub(crate) fn new(links: Links, fetch: &'r Fetch<'r>) -> Self {
        let Links { mut tables, linking } = links;
        tables.retain(|name, _| linking.contains_key(name));
        // A table that is reached from another page leads on to others of its own page.
        let from_afar = |(name, owner): (&String, &usize)| {
            linking.get(name).is_some_and(|(first, last)| first != owner || last != owner).then_some(*owner)
        };
        let kept = tables.iter().filter_map(from_afar).map(|owner| (owner, OnceLock::new())).collect();
        Self { owners: tables, kept, fetch }
    }

    /// What the links of one page can lead to.
    pub(crate) fn reach<'a>(&'r self, number: usize, document: &'r Document<'a>, asked: &'r Asked) -> Reach<'r, 'a> {
        let mut own = BTreeMap::new();
        each_table(&document.blocks, 0, &mut |name, table| {
            if self.owners.get(&name) == Some(&number) {
                own.entry(name).or_insert((table, document.source));
            }
        });
        Reach { elsewhere: self, own, asked }
    }

    /// The page whose table a name stands for.
    pub(crate) fn owner(&self, name: &str) -> Option<usize> {
        self.owners.get(name).copied()
    }

    fn table(&self, name: &str) -> Option<(&Table<'static>, &str)> {
        let owner = self.owner(name)?;
        let tables = self.kept.get(&owner)?.get_or_init(|| (self.fetch)(owner, &self.owners));
        let (table, source) = tables.get(name)?;
        Some((table, source))
    }
}

/// The tables that links of one page can lead to.
#[derive(Debug)]
pub(crate) struct Reach<'r, 'a> {
    elsewhere: &'r Elsewhere<'r>,
    /// Those of the page itself.
    own: BTreeMap<String, (&'r Table<'a>, &'a str)>,
    asked: &'r Asked,
}

impl<'r, 'a> Reach<'r, 'a> {
    /// The table that a link's target names, and the text of its page.
    pub(crate) fn get(&self, target: &str) -> Option<(&'r Table<'a>, &'r str)> {
        let name = name_of(target)?;
        self.asked.note(|| Question::Table(name.clone()));
        self.own.get(&name).copied().or_else(|| {
            let (table, source) = self.elsewhere.table(&name)?;
            Some((table, source))
        })
    }
}

/// The tables of a page that links lead to, by their names.
pub(crate) fn tables_of(document: &Document<'_>, number: usize, owners: &HashMap<String, usize>) -> PageTables {
    let source: Arc<str> = document.source.into();
    let mut found = HashMap::new();
    each_table(&document.blocks, 0, &mut |name, table| {
        if owners.get(&name) == Some(&number) {
            found.entry(name).or_insert_with(|| (table.to_owned_words(), Arc::clone(&source)));
        }
    });
    found
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
