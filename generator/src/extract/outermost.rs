//! Parameters that a run's pages list in front of every object, and so outside of them all: where another page does not
//! say where an object ends, one of these ends it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::asked::{Asked, Question};
use super::columns;
use super::learned::{Learned, Lore};
use super::regroup::regroup;
use super::types;
use super::vocabulary::{Role, TableKind, Vocabulary};
use super::{cell, rows};
use crate::page::{Block, Document, Table};
use crate::spec::Type;

/// How many of a run's pages have a parameter outside of objects.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct OutermostNames {
    pages: BTreeMap<String, usize>,
}

impl OutermostNames {
    /// The parameters of one page.
    pub(crate) fn from_page(document: &Document<'_>, vocabulary: &Vocabulary) -> Self {
        let mut names = BTreeSet::new();
        let (nothing, asked) = (Lore::default(), Asked::default());
        for block in regroup(document, vocabulary, &Learned::new(&nothing, &asked)).iter() {
            if let Block::Table(table) = block {
                names.extend(in_front(table, vocabulary));
            }
        }
        Self { pages: names.into_iter().map(|name| (name, 1)).collect() }
    }

    /// Joins what other pages have.
    pub(crate) fn merge(&mut self, other: Self) {
        for (name, count) in other.pages {
            *self.pages.entry(name).or_default() += count;
        }
    }

    /// Whether pages have a parameter of this name outside of objects.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pages.get(name).is_some_and(|pages| *pages > 0)
    }
}

/// What one page is told of the parameters that the run's pages have outside of objects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outermost<'r> {
    names: &'r OutermostNames,
    asked: &'r Asked,
}

impl<'r> Outermost<'r> {
    /// Names whose questions are noted.
    pub(crate) fn new(names: &'r OutermostNames, asked: &'r Asked) -> Self {
        Self { names, asked }
    }

    /// Whether several pages have a parameter of this name outside of objects.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.asked.note(|| Question::Outermost(name.to_owned()));
        self.names.has(name)
    }
}

/// The names of a request's table in front of its first object or list. A name of one word, `Description`, may be
/// anyone's, and tells nothing.
fn in_front(table: &Table<'_>, vocabulary: &Vocabulary) -> Vec<String> {
    let columns = columns::of_table(table, vocabulary)
        .filter(|columns| columns.kind == TableKind::Parameters && columns.has(Role::Required));
    let Some(columns) = columns else { return Vec::new() };
    let flat = |row: &&crate::page::Row<'_>| {
        let kind = columns.cell(&row.cells, Role::Type).map(cell::line).unwrap_or_default();
        let declared = types::parse(&kind, vocabulary);
        declared.is_some_and(|declared| !matches!(declared.kind, Type::Object | Type::Array | Type::Map | Type::Any))
    };
    let names = table.rows.iter().take_while(flat).filter_map(|row| columns.cell(&row.cells, Role::Name));
    names.map(cell::line).filter(|name| rows::is_name(name) && is_compound(name)).collect()
}

/// Whether a name has several words: `ZoneId`, `zone_id`.
fn is_compound(name: &str) -> bool {
    name.contains('_') || name.chars().skip(1).any(|c| c.is_ascii_uppercase())
}
