//! Reads reStructuredText as documentation generators write it.
//!
//! No maintained crate reads grid tables with places in the source; this reader knows the parts that API pages use.

mod blocks;
mod csv;
mod inline;
mod lines;
mod list;
mod table;

use self::blocks::Reader;
use super::{Document, Format};

/// Reads a page of reStructuredText.
pub(super) fn read_rst<'a>(path: &str, source: &'a str) -> Document<'a> {
    let lines = lines::of_source(source);
    let blocks = Reader::new(source).blocks(&lines, 0);
    Document { path: path.to_owned(), source, format: Format::Rst, blocks }
}
