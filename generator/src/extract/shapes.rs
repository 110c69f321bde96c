//! What all samples of a run show of objects by their names: a page whose own samples leave `Tags` empty can learn from
//! another page what is in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::asked::{Asked, Question};
use super::draft::Draft;
use super::witness::{self, object_of, sole_entry};
use crate::page::{Block, Document};

/// How deep samples and lists are walked.
const DEPTH: usize = 24;
/// How many rows below a container are held against a shape.
const ROWS: usize = 64;
/// On how many pages a shape must look the same to count as complete.
const ENOUGH: usize = 3;

/// What is known of the objects of one name.
#[derive(Debug, Serialize, Deserialize)]
struct Shape {
    /// All that is shown of them.
    whole: Json,
    /// How many pages show them.
    pages: usize,
    /// The names that every page shows.
    common: Vec<String>,
}

/// The objects that a run's samples show, by name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct SampleShapes {
    by_name: BTreeMap<String, Shape>,
}

impl SampleShapes {
    /// Reads the samples of one page.
    pub(crate) fn from_page(document: &Document<'_>) -> Self {
        let mut samples = Vec::new();
        collect(&document.blocks, 0, &mut samples);
        let mut shapes = Self::default();
        if let Some(all) = witness::merged(samples.iter()) {
            shapes.add(&all, 0);
        }
        shapes
    }

    /// Joins what two pages show.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        for (name, shape) in other.by_name {
            match self.by_name.get_mut(&name) {
                Some(known) => {
                    let both = [&known.whole, &shape.whole];
                    if let Some(whole) = witness::merged(both.into_iter()) {
                        known.whole = whole;
                    }
                    known.pages += shape.pages;
                    known.common.retain(|name| shape.common.contains(name));
                }
                None => {
                    self.by_name.insert(name, shape);
                }
            }
        }
        self
    }

    fn add(&mut self, value: &Json, depth: usize) {
        let Some(entries) = object_of(value).filter(|_| depth < DEPTH) else { return };
        for (name, inner) in entries {
            let Some(items) = fields_of(inner) else { continue };
            let names = items.keys().cloned().collect();
            // Within one page the outermost counts.
            self.by_name.entry(name.clone()).or_insert(Shape { whole: inner.clone(), pages: 1, common: names });
            self.add(inner, depth + 1);
        }
    }

    /// What is known of the objects of a name, as far as answers depend on it.
    pub(crate) fn print(&self, name: &str) -> String {
        let Some(Shape { whole, pages, common }) = self.by_name.get(name) else { return String::new() };
        format!("{} {} {whole}", *pages >= ENOUGH, common.join(" "))
    }
}

/// What one page is told of the run's samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shapes<'r> {
    all: &'r SampleShapes,
    asked: &'r Asked,
}

impl<'r> Shapes<'r> {
    /// Shapes whose questions are noted.
    pub(crate) fn new(all: &'r SampleShapes, asked: &'r Asked) -> Self {
        Self { all, asked }
    }

    /// What other pages show of a container, if the rows after it are its fields by most of their names.
    pub(crate) fn of(&self, name: &str, rows: &[Draft]) -> Option<&'r Json> {
        let shape = self.shape(name)?;
        let fields = fields_of(&shape.whole)?;
        let near = rows.get(..rows.len().min(ROWS))?;
        let known = fields.keys().filter(|key| near.iter().any(|row| row.field.name == **key)).count();
        (shape.common.len() * 2 >= fields.len() && known * 2 > fields.len()).then_some(&shape.whole)
    }

    /// Whether so many pages show the same of an object that a name they do not show is hardly one of its own.
    pub(crate) fn rules_out(&self, container: &str, name: &str) -> bool {
        self.shape(container).is_some_and(|shape| {
            shape.pages >= ENOUGH
                && fields_of(&shape.whole)
                    .is_some_and(|fields| fields.len() == shape.common.len() && !fields.contains_key(name))
        })
    }

    fn shape(&self, name: &str) -> Option<&'r Shape> {
        self.asked.note(|| Question::Shape(name.to_owned()));
        self.all.by_name.get(name)
    }
}

/// The fields of an object, or of the items that it does nothing but hold.
fn fields_of(value: &Json) -> Option<&Map<String, Json>> {
    let items = sole_entry(value).map_or(value, |(_, inner)| inner);
    object_of(items).or_else(|| object_of(value)).filter(|fields| fields.values().any(|field| !field.is_null()))
}

fn collect(blocks: &[Block<'_>], depth: usize, samples: &mut Vec<Json>) {
    for block in blocks {
        match block {
            Block::Code { text, .. } => samples.extend(witness::read(text)),
            Block::List { items, .. } if depth < DEPTH => {
                for item in items {
                    collect(&item.blocks, depth + 1, samples);
                }
            }
            Block::Note(inner) if depth < DEPTH => collect(inner, depth + 1, samples),
            _ => {}
        }
    }
}
