//! What pages teach about each other, page by page and of a whole run.

use serde::{Deserialize, Serialize};

use super::elsewhere::{Links, PageNames};
use super::learned::Lore;
use super::outermost::OutermostNames;
use super::provider::Provider;
use super::shapes::SampleShapes;
use crate::page::Document;

/// What one page teaches.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct PageLessons {
    lore: Lore,
    outermost: OutermostNames,
    names: PageNames,
    /// Only where one table holds a whole message do rows need samples to be nested.
    shapes: Option<SampleShapes>,
}

impl PageLessons {
    /// What a page teaches.
    pub(crate) fn from_page(document: &Document<'_>, provider: &Provider) -> Self {
        let mut lore = Lore::default();
        lore.add(document, &provider.vocabulary);
        Self {
            lore,
            outermost: OutermostNames::from_page(document, &provider.vocabulary),
            names: PageNames::from_page(document),
            shapes: provider.dotted_names.then(|| SampleShapes::from_page(document)),
        }
    }
}

/// What some pages of a run teach.
#[derive(Debug, Default)]
pub(crate) struct Lessons {
    pub(crate) lore: Lore,
    pub(crate) outermost: OutermostNames,
    pub(crate) links: Links,
    /// In the order of the pages: it matters where samples contradict each other.
    shapes: Vec<SampleShapes>,
}

impl Lessons {
    /// Takes in one page.
    pub(crate) fn add(&mut self, number: usize, page: PageLessons) {
        let PageLessons { lore, outermost, names, shapes } = page;
        self.lore.merge(lore);
        self.outermost.merge(outermost);
        self.links.add(number, names);
        self.shapes.extend(shapes);
    }

    /// Takes in later pages.
    pub(crate) fn merge(&mut self, other: Self) {
        let Self { lore, outermost, links, shapes } = other;
        self.lore.merge(lore);
        self.outermost.merge(outermost);
        self.links.merge(links);
        self.shapes.extend(shapes);
        self.shapes =
            vec![std::mem::take(&mut self.shapes).into_iter().fold(SampleShapes::default(), SampleShapes::merge)];
    }

    /// What all samples show.
    pub(crate) fn take_shapes(&mut self) -> SampleShapes {
        std::mem::take(&mut self.shapes).into_iter().fold(SampleShapes::default(), SampleShapes::merge)
    }
}
