//! Tables of a run's other pages, by the names links use for them: `publicip` is described where another page does.

use std::collections::BTreeMap;

use crate::page::{Block, Document, Table};

/// The tables of a run that links can lead to.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere<'r, 'a> {
    tables: BTreeMap<String, (&'r Table<'a>, &'a str)>,
}

impl<'r, 'a> Elsewhere<'r, 'a> {
    /// Collects the tables of all pages; where two bear one name, the first counts.
    pub(crate) fn new(documents: &'r [Document<'a>]) -> Self {
        let mut found = Self::default();
        for document in documents {
            found.add(&document.blocks, document.source, 0);
        }
        found
    }

    fn add(&mut self, blocks: &'r [Block<'a>], source: &'a str, depth: usize) {
        for block in blocks {
            match block {
                Block::Table(table) => {
                    for anchor in &table.anchors {
                        self.tables.entry(anchor.to_lowercase()).or_insert((table, source));
                    }
                }
                Block::List { items, .. } if depth < 8 => {
                    for item in items {
                        self.add(&item.blocks, source, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// The table that a link's target names, and the text of its page.
    pub(crate) fn get(&self, target: &str) -> Option<(&'r Table<'a>, &'a str)> {
        self.tables.get(&target.rsplit('#').next()?.to_lowercase()).copied()
    }
}
